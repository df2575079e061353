"""What was answered 202 is there, whatever happens to the process in the same instant."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from config.clock import utc_now
from monitor.imports.batches import MAX_BYTES
from monitor.pushed import signature_of
from tests.desk.test_commands import Place, answer_of
from tests.worlds.servers import free_port

SECRET = "a-shared-secret-of-the-vendor"
SOURCE = '[[source]]\nid = "vendor"\nkind = "inbound"\nplatform = "vendor"\nsecret_env = "VENDOR_SECRET"\n[thresholds]'
ITEMS = 500


@pytest.fixture
def served(tmp_path, monkeypatch, capsys):
    """A real `serve` on a port of its own, with one source that is pushed to."""
    place, port = Place(tmp_path, monkeypatch, capsys), free_port()
    place.edit("service.toml", "port = 8080", f"port = {port}")
    place.edit("watch.toml", "[thresholds]", SOURCE)
    place.env["VENDOR_SECRET"] = SECRET
    process = place.start("serve")
    try:
        answer_of(f"http://127.0.0.1:{port}/health", process)
        yield place, process, f"http://127.0.0.1:{port}/inbound/vendor"
    finally:
        process.kill()
        process.communicate()


def signed(body: bytes) -> dict[str, str]:
    stamp = str(int(utc_now().timestamp()))
    return {
        "X-GoldenHour-Timestamp": stamp,
        "X-GoldenHour-Signature": f"sha256={signature_of(SECRET, stamp, body)}",
        "Content-Type": "application/json",
    }


def copied(database: Path, to: Path) -> Path:
    """What lies on the disk at this moment, as the next start would find it."""
    to.mkdir()
    for path in database.parent.glob(f"{database.name}*"):
        shutil.copy(path, to / path.name)
    return to / database.name


def test_all_mentions_of_a_202_are_there_after_a_kill_in_the_same_instant(served, tmp_path):
    place, process, url = served
    items = [{"id": f"v-{n:07d}", "text": f"星禾茶饮第 {n} 条：喝出异物"} for n in range(ITEMS)]
    body = json.dumps({"batch_id": "b-1", "items": items}).encode()
    told = httpx.post(url, content=body, headers=signed(body), timeout=30)
    process.kill()
    assert (told.status_code, told.json()) == (202, {"accepted": ITEMS, "duplicate": 0, "edited": 0, "rejected": []})
    process.wait()
    with closing(sqlite3.connect(copied(place.database, tmp_path / "copy"))) as raw:
        assert raw.execute("SELECT count(*) FROM mentions WHERE source = 'vendor'").fetchone() == (ITEMS,)
        assert raw.execute("SELECT count(*) FROM agenda WHERE job = 'judge'").fetchone() == (1,)
        # The signature and the sender's own key.
        assert raw.execute("SELECT count(*) FROM pushes").fetchone() == (2,)


def test_ten_megabytes_over_a_real_connection_are_answered_and_the_next_request_is_served(served):
    _, process, url = served
    with httpx.Client(timeout=timedelta(seconds=30).total_seconds()) as http:
        big = b" " * (10 * 1024 * 1024)
        told = http.post(url, content=big, headers=signed(big))
        assert (told.status_code, f"{MAX_BYTES:,}" in told.json()["error"]) == (413, True)
        told = http.post(url, content=(big[:65_536] for _ in range(160)), headers=signed(b""))
        assert told.status_code == 413
        body = b'[{"text": "\xe6\x98\x9f\xe7\xa6\xbe\xe8\x8c\xb6\xe9\xa5\xae"}]'
        assert http.post(url, content=body, headers={}).status_code == 401
        assert http.post(url, content=body, headers=signed(body)).json()["accepted"] == 1
    assert process.poll() is None
