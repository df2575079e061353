"""What is pushed to us: only who can sign is heard, once, and told 202 when it is in the store."""

import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial

import anyio
import httpx
import pytest
from sqlalchemy import event, func, select

from config.clock import new_id
from config.watch import ImportSource, InboundSource
from desk.web import build_app
from monitor.imports.batches import MAX_BYTES
from monitor.pushed import signature_of
from store import agenda, journal, migrations, sources
from store.database import Store
from store.nouns import Health, SavedSource
from store.tables import mentions, pushes
from tests.desk.house import SITE, House, Inside

SECRET = "a-shared-secret-of-the-vendor"
# printf '%s.%s' 1773295200 '[{"id":…}]' | openssl dgst -sha256 -hmac …
OPENSSL = "d63127f3b7702909c49259b2beeb32c8d2a99268009a9e8fe0d1a0f86eb13f78"
SECOND = timedelta(seconds=1)
VENDOR = InboundSource(id="vendor", platform="vendor", secret_env="VENDOR_SECRET", per_minute=300)
SLOW = InboundSource(id="slow", platform="vendor", secret_env="VENDOR_SECRET", per_minute=3)
OLD_WAY = InboundSource(id="old-way", platform="vendor", secret_env="VENDOR_SECRET", bearer=True)
WEIBO = InboundSource(id="weibo-push", platform="weibo", secret_env="VENDOR_SECRET", preset="weibo")
HEIMAO = InboundSource(id="heimao", platform="heimao", secret_env="VENDOR_SECRET", preset="heimao")
OWN_MAP = InboundSource.model_validate(
    {
        "id": "own-map",
        "platform": "forum",
        "secret_env": "VENDOR_SECRET",
        "spec": {"items": "payload.rows", "map": {"ext_id": "no", "text": "said", "author": "who"}},
    }
)
NO_SECRET = InboundSource(id="no-secret", platform="vendor", secret_env="NOBODY_SET_THIS")
BATCH = {
    "batch_id": "b-1",
    "items": [
        {
            "id": "v-1000001",
            "platform": "微博",
            "media_type": "社交",
            "title": "",
            "content": "星禾茶饮的杯子里喝出一片塑料，店员让我自己扔掉",
            "author": "张三丰收",
            "author_id": "1404376560",
            "fans": "1.2万",
            "url": "https://weibo.example/1404376560/Ox1",
            "publish_time": "2026-03-12 13:05:12",
            "sentiment": "负面",
            "repost": "128",
            "comment": "456",
            "like": "2,031",
            "read": "10万+",
            "ip_location": "北京",
        }
    ],
}


class Gate:
    """A house that is pushed to, and a sender who knows the secret."""

    def __init__(self, house: House) -> None:
        self.house, self.clock, self.store = house, house.clock, house.store
        watch = house.room.settings.watch
        kinds = (VENDOR, SLOW, OLD_WAY, WEIBO, HEIMAO, OWN_MAP, NO_SECRET, ImportSource(id="files", platform="news"))
        settings = house.room.settings.model_copy(
            update={"watch": watch.model_copy(update={"source": (*watch.source, *kinds)})}
        )
        secret = {"VENDOR_SECRET": SECRET}.get
        self.room = replace(house.room, settings=settings, secret=lambda name: secret(name) or "")
        self.app = build_app(self.room)
        self.http = httpx.Client(transport=Inside(self.app), base_url=SITE)

    def signed(self, body: bytes, *, ago: timedelta = timedelta(), secret: str = SECRET) -> dict[str, str]:
        stamp = str(int((self.clock() - ago).timestamp()))
        return {
            "X-GoldenHour-Timestamp": stamp,
            "X-GoldenHour-Signature": f"sha256={signature_of(secret, stamp, body)}",
            "Content-Type": "application/json",
        }

    def push(self, said, source: str = "vendor", *, ago: timedelta = timedelta(), **headers: str) -> httpx.Response:
        body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        given = self.signed(body, ago=ago) | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(f"/inbound/{source}", content=body, headers=given)

    def later(self, span: timedelta = SECOND) -> None:
        self.clock.forward(self.clock() + span)

    def rows(self):
        with self.store.reading() as tx:
            return tx.execute(select(mentions).order_by(mentions.c.ext_id)).all()

    def count(self, table=mentions) -> int:
        with self.store.reading() as tx:
            return tx.execute(select(func.count()).select_from(table)).scalar_one()

    def state(self, source: str = "vendor"):
        with self.store.reading() as tx:
            return sources.state(tx, source)

    def writes(self) -> list[str]:
        """Every statement that changes something, from now on."""
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_):
            if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA")):
                seen.append(statement)

        event.listen(self.store.engine, "before_cursor_execute", note)
        return seen


@pytest.fixture
def gate(house) -> Gate:
    return Gate(house)


def posts(*numbers: int) -> list[dict]:
    return [{"id": f"v-{n:07d}", "text": f"星禾茶饮第 {n} 条：排队一小时，做出来是凉的"} for n in numbers]


def said(accepted: int = 0, duplicate: int = 0, edited: int = 0, rejected=()) -> dict:
    return {"accepted": accepted, "duplicate": duplicate, "edited": edited, "rejected": list(rejected)}


def test_a_signed_batch_in_a_vendors_own_words_is_taken_field_by_field(gate):
    told = gate.push(BATCH)
    assert (told.status_code, told.json()) == (202, said(accepted=1))
    (row,) = gate.rows()
    assert (row.platform, row.ext_id, row.klass, row.source) == ("weibo", "vendor#v-1000001", "post", "vendor")
    assert (row.followers, row.reposts, row.comments, row.likes, row.views) == (12000, 128, 456, 2031, 100000)
    assert (row.published_at.isoformat(), row.region) == ("2026-03-12T05:05:12+00:00", "北京")
    assert (row.author[0], "三" in row.author) == ("张", False)
    assert "张三丰收" not in row.raw_excerpt
    state = gate.state()
    assert (state.health, state.outcome, state.last_success_at) == (Health.OK, "ok", gate.clock())
    assert (state.read_count, state.mention_count, state.last_item_at) == (1, 1, row.published_at)
    with gate.store.reading() as tx:
        assert "judge:pending" in agenda.waiting(tx)
        assert sources.hours(tx, "vendor", gate.clock() - timedelta(hours=2)) == [(gate.clock(), 1)]


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({"X-GoldenHour-Signature": "sha256=" + "0" * 64}, "does not fit"),
        ({"X-GoldenHour-Signature": "sha256=abc"}, "64 hex digits"),
        ({"X-GoldenHour-Signature": ""}, "is missing"),
        ({"X-GoldenHour-Timestamp": "yesterday"}, "seconds since 1970"),
        ({"X-GoldenHour-Timestamp": "1"}, "does not fit"),
        ({"X-GoldenHour-Signature": "", "Authorization": f"Bearer {SECRET}"}, "signed requests only"),
    ],
)
def test_who_cannot_sign_is_told_why_and_costs_no_write(gate, headers, word):
    body = json.dumps(BATCH).encode()
    writes = gate.writes()
    told = gate.http.post("/inbound/vendor", content=body, headers=gate.signed(body) | headers)
    assert (told.status_code, list(told.json())) == (401, ["error"])
    assert word in told.json()["error"]
    assert (writes, gate.count(), gate.state().read_count) == ([], 0, 0)


def test_the_signature_is_what_openssl_makes_of_it():
    body = '[{"id":"v-1000001","text":"喝出异物"}]'.encode()
    assert signature_of(SECRET, "1773295200", body) == OPENSSL


def test_a_signature_with_another_secret_or_over_another_body_is_refused(gate):
    body = json.dumps(BATCH).encode()
    for headers, sent in ((gate.signed(body, secret="guessed"), body), (gate.signed(body), body + b" ")):
        assert gate.http.post("/inbound/vendor", content=sent, headers=headers).status_code == 401
    assert gate.count() == 0


@pytest.mark.parametrize(("ago", "status"), [(301, 401), (360, 401), (-301, 401), (300, 202), (-300, 202), (0, 202)])
def test_a_time_more_than_five_minutes_off_to_either_side_is_refused_and_named(gate, ago, status):
    told = gate.push(BATCH, ago=ago * SECOND)
    assert told.status_code == status
    if status == 401:
        side = "behind" if ago > 0 else "ahead of"
        said_so = f"X-GoldenHour-Timestamp: is {abs(ago)} s {side} our clock (2026-03-12T06:00:00Z)"
        assert told.json()["error"].startswith(said_so)
    assert gate.count() == (1 if status == 202 else 0)


def test_the_same_request_again_changes_nothing_and_hears_the_first_answer(gate):
    body = json.dumps(posts(1, 2)).encode()
    headers = gate.signed(body)
    send = partial(gate.http.post, "/inbound/vendor", content=body, headers=headers)
    assert send().json() == said(accepted=2)
    before = (gate.rows(), gate.state())
    gate.later(timedelta(minutes=4))
    again = send()
    assert (again.status_code, again.json()) == (202, said(accepted=2) | {"replay": True})
    assert (gate.rows(), gate.state()) == before


def test_one_request_that_comes_twice_in_the_same_moment_is_kept_once(gate):
    body, waiting = json.dumps(posts(1)).encode(), threading.Semaphore(0)
    headers = gate.signed(body)

    def note(_connection, _cursor, statement, *_):
        if statement == "BEGIN IMMEDIATE":
            waiting.release()

    with ThreadPoolExecutor(2) as pool:
        with gate.store.transaction():
            # Nobody can write yet: both have looked for the signature and found it new.
            event.listen(gate.store.engine, "before_cursor_execute", note)
            told = [pool.submit(gate.http.post, "/inbound/vendor", content=body, headers=headers) for _ in range(2)]
            assert all(waiting.acquire(timeout=30) for _ in range(2))
        answers = sorted((one.result().json() for one in told), key=len)
    assert answers == [said(accepted=1), said(accepted=1) | {"replay": True}]
    assert (gate.count(), gate.state().read_count) == (1, 1)


@pytest.mark.realserver
def test_on_postgres_too_many_at_once_are_kept_once_each(servers, clock):
    with closing(Store(servers.new_database())) as store:
        _many_at_once(store, clock)


def _many_at_once(store: Store, clock) -> None:
    migrations.migrate(store)
    gate = Gate(House(store, clock, new_id))
    bodies = [json.dumps(posts(n, n + 1)).encode() for n in range(0, 12, 2)]
    with ThreadPoolExecutor(8) as pool:
        told = [
            pool.submit(gate.http.post, "/inbound/vendor", content=body, headers=gate.signed(body))
            for body in bodies * 4
        ]
        answers = [one.result() for one in told]
    assert {one.status_code for one in answers} == {202}
    assert sorted("replay" in one.json() for one in answers) == [False] * 6 + [True] * 18
    assert (gate.count(), gate.state().health) == (12, Health.OK)


def test_a_replay_is_known_as_long_as_its_time_is_good_and_old_signatures_are_forgotten(gate):
    body = json.dumps(posts(1)).encode()
    headers = gate.signed(body, ago=-300 * SECOND)
    send = partial(gate.http.post, "/inbound/vendor", content=body, headers=headers)
    assert send().status_code == 202
    gate.later(timedelta(seconds=599))
    gate.push(posts(2))
    assert send().json() == said(accepted=1) | {"replay": True}
    gate.later(timedelta(minutes=16))
    gate.push(posts(3))
    assert send().status_code == 401
    assert gate.count(pushes) == 1


def test_a_day_sent_a_second_time_is_all_duplicates_and_an_edit_is_told_as_one(gate):
    assert gate.push({"items": posts(*range(1, 501))}).json() == said(accepted=500)
    gate.later()
    assert gate.push({"items": posts(*range(1, 501))}).json() == said(duplicate=500)
    gate.later()
    changed = [posts(1)[0] | {"text": "星禾茶饮第 1 条：刚才写错了，是另一家店"}, *posts(2, 501)]
    assert gate.push(changed).json() == said(accepted=1, duplicate=1, edited=1)
    assert gate.count() == 501
    assert gate.state().mention_count == 501


def test_one_bad_row_of_five_hundred_costs_only_itself(gate):
    rows = posts(*range(500))
    rows[137] = {"id": "v-0000137", "text": " ", "title": None}
    told = gate.push({"items": rows})
    refusal = {"index": 137, "reason": "has no words: neither a title nor a text"}
    assert (told.status_code, told.json()) == (202, said(accepted=499, rejected=[refusal]))
    assert (gate.state().health, gate.state().note) == (Health.OK, "pushed: 1 of 500 items rejected")


def test_a_batch_without_one_usable_item_is_422_and_three_of_them_make_the_source_blind(gate):
    told = gate.push({"items": [{"id": 5.23457e15, "text": "喝出异物"}, {"nothing": 1}, "words"]})
    reasons = [one["reason"] for one in told.json()["rejected"]]
    assert (told.status_code, told.json()["error"]) == (422, "no item of the batch could be used")
    assert [reason.split(":")[0] for reason in reasons] == ["id", "has no words", "is not an object with fields"]
    assert (gate.state().health, gate.state().outcome) == (Health.DEGRADED, "malformed")
    for _ in range(2):
        gate.later()
        gate.push([{"nothing": 1}])
    assert gate.state().health == Health.BLIND
    gate.later()
    gate.push(posts(1))
    assert gate.state().health == Health.OK
    with gate.store.reading() as tx:
        assert "alarm:vendor" in agenda.waiting(tx)
        changes = [one.detail["to"] for one in journal.entries(tx, "source:vendor")]
    assert changes == ["degraded", "blind", "ok"]


@pytest.mark.parametrize(
    ("body", "kind", "accepted"),
    [
        (json.dumps(posts(1)[0]).encode(), "application/json", 1),
        (json.dumps(posts(1, 2)).encode(), "application/json; charset=utf-8", 2),
        (b"\xef\xbb\xbf" + json.dumps({"items": posts(1, 2)}, indent=1).encode(), "", 2),
        (json.dumps({"items": posts(1, 2)}, ensure_ascii=False).encode("gb18030"), "application/json; charset=GBK", 2),
        (b"\n".join(json.dumps(one).encode() for one in posts(1, 2, 3)) + b"\n\n", "application/x-ndjson", 3),
        (b"\r\n".join(json.dumps(one).encode() for one in posts(1, 2, 3)), "application/json", 3),
        (json.dumps({"items": posts(1, 2)}).encode(), "application/x-ndjson", 2),
        (b'{"items": []}', "application/json", 0),
    ],
)
def test_an_object_a_list_an_envelope_or_lines_are_all_read(gate, body, kind, accepted):
    told = gate.push(body, Content_Type=kind)
    assert (told.status_code, told.json()) == (202, said(accepted=accepted))


def test_of_lines_the_broken_one_is_told_by_its_index(gate):
    lines = [posts(1)[0], None, posts(3)[0], {"id": "v-0000004"}]
    body = b"\n".join(json.dumps(one).encode() if one else b'{"id": "v-2", "text"' for one in lines)
    told = gate.push(body, Content_Type="application/x-ndjson")
    broken, wordless = told.json()["rejected"]
    assert (told.status_code, told.json()["accepted"], broken["index"], wordless["index"]) == (202, 2, 1, 3)
    assert broken["reason"].startswith("is not JSON (line 1, column ")


@pytest.mark.parametrize(
    ("body", "headers", "status", "word"),
    [
        (b"a=1", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "application/json"),
        (b"{}", {"Content_Encoding": "br"}, 415, "gzip is"),
        (b"{}", {"Content_Type": "application/json; charset=latin-1"}, 415, "utf-8 and gb18030"),
        (b"{}", {"Content_Encoding": "gzip"}, 422, "no gzip"),
        (gzip.compress(json.dumps(posts(1)).encode())[:-9], {"Content_Encoding": "gzip"}, 422, "ends too early"),
        (gzip.compress(b" " * (MAX_BYTES + 1)), {"Content_Encoding": "gzip"}, 413, "too large"),
        (b"", {}, 422, "empty"),
        (b"null", {}, 422, "null"),
        (b"3", {}, 422, "neither an object nor a list"),
        (b'{"items": [', {}, 422, "not JSON (line 1, column 12"),
        (b"[" * 100_000, {}, 422, "nested too deep"),
        (b"[" + b"9" * 5000 + b"]", {}, 422, "number too long"),
        ('["星禾"]'.encode("gbk"), {}, 422, "not utf-8"),
        (json.dumps([{}] * 5001).encode(), {}, 413, "5001 items; 5000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(gate, body, headers, status, word):
    told = gate.push(body, **headers)
    assert (told.status_code, word in told.json()["error"]) == (status, True), told.json()
    assert gate.count() == 0


def test_five_thousand_items_are_taken_packed(gate):
    body = gzip.compress(json.dumps({"items": posts(*range(5000))}).encode())
    told = gate.push(body, Content_Encoding="gzip")
    assert (told.status_code, told.json()) == (202, said(accepted=5000))


def test_ten_megabytes_are_refused_while_they_come_and_never_held(gate):
    told = gate.push(b" " * (10 * 1024 * 1024))
    assert (told.status_code, gate.count(pushes)) == (413, 0)
    assert "5,242,880 bytes" in told.json()["error"]
    status, taken = streamed(gate, pieces=160, size=65_536)
    assert status == 413
    assert taken * 65_536 <= MAX_BYTES + 65_536


def streamed(gate: Gate, pieces: int, size: int) -> tuple[int, int]:
    """(status, how many pieces were asked for) of a signed body that comes without its length."""
    answers, asked = [], 0

    async def receive():
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b" " * size, "more_body": asked < pieces}

    async def send(message):
        answers.append(message)

    anyio.run(gate.app, scope_of(gate.signed(b"")), receive, send)
    return answers[0]["status"], asked


def scope_of(headers: dict[str, str]) -> dict:
    """A request of ASGI itself, for what an HTTP client would hide."""
    given = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/inbound/vendor", "headers": given, "query_string": b""}
    return scope | {"http_version": "1.1", "scheme": "http", "server": ("desk.test", 80), "root_path": ""}


def test_the_answer_leaves_only_after_the_commit(gate):
    body = json.dumps(posts(1, 2, 3)).encode()
    seen = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            seen.append((message["status"], gate.count(), gate.count(pushes)))

    anyio.run(gate.app, scope_of(gate.signed(body)), receive, send)
    assert seen == [(202, 3, 1)]


def test_four_hundred_requests_in_a_minute_are_three_hundred_taken_and_the_rest_told_to_wait(gate):
    told = []
    for n in range(400):
        told.append(gate.push(posts(n)))
        if n % 8 == 7 and n < 399:
            gate.later()
    assert [one.status_code for one in told] == [202] * 300 + [429] * 100
    assert (gate.count(), gate.count(pushes)) == (300, 300)
    assert told[-1].json() == {"error": "300 requests in a minute are taken"}
    # The first of them leaves the minute then.
    wait = int(told[-1].headers["Retry-After"])
    gate.later((wait - 1) * SECOND)
    assert gate.push(posts(400)).status_code == 429
    gate.later()
    assert gate.push(posts(400)).status_code == 202


def test_repeats_of_one_request_are_limited_too_but_never_lock_out_its_sender(gate):
    body = json.dumps(posts(1)).encode()
    send = partial(gate.http.post, "/inbound/slow", content=body, headers=gate.signed(body))
    told = [send().status_code for _ in range(6)]
    assert told == [202] * 4 + [429] * 2
    gate.later()
    assert gate.push(posts(2), "slow").json() == said(accepted=1)


def test_a_flood_without_a_signature_leaves_the_honest_sender_his_minute(gate):
    for _ in range(400):
        assert gate.http.post("/inbound/vendor", content=b"[]").status_code == 401
    assert gate.push(posts(1)).status_code == 202


def test_one_senders_flood_is_not_anothers(gate):
    assert [gate.push(posts(n), "slow").status_code for n in range(5)] == [202] * 3 + [429] * 2
    assert gate.push(posts(9)).status_code == 202


def test_the_secret_itself_is_enough_only_where_the_source_says_so(gate):
    body = json.dumps(posts(1)).encode()
    send = partial(gate.http.post, "/inbound/old-way", content=body)
    wrong = send(headers={"Authorization": "Bearer guessed"})
    assert (wrong.status_code, "is not this source's secret" in wrong.json()["error"]) == (401, True)
    assert send(headers={"Authorization": f"Bearer {SECRET}"}).json() == said(accepted=1)
    assert send(headers={"Authorization": f"bearer {SECRET}"}).json() == said(duplicate=1)


def test_an_idempotency_key_gives_the_first_answer_again_for_a_day_and_serves_one_body_only(gate):
    assert gate.push(posts(1), Idempotency_Key="k-1").json() == said(accepted=1)
    gate.later(timedelta(hours=23))
    assert gate.push(posts(1), Idempotency_Key="k-1").json() == said(accepted=1) | {"replay": True}
    gate.later()
    other = gate.push(posts(2), Idempotency_Key="k-1")
    assert (other.status_code, other.json()["error"]) == (422, "Idempotency-Key: was used for another body")
    assert gate.push(posts(2), "own-map", Idempotency_Key="k-1").status_code == 422
    gate.later(timedelta(hours=2))
    gate.push(posts(3))
    assert gate.push(posts(1), Idempotency_Key="k-1").json() == said(duplicate=1)
    assert gate.push(posts(1), Idempotency_Key="k" * 201).status_code == 422


def test_a_batch_id_counts_only_with_the_same_body_because_some_senders_use_the_day(gate):
    first, more = ({"batch_id": "2026-03-12", "items": posts(*which)} for which in ((1,), (1, 2)))
    assert gate.push(first).json() == said(accepted=1)
    gate.later()
    assert gate.push(first).json() == said(accepted=1) | {"replay": True}
    gate.later()
    assert gate.push(more).json() == said(accepted=1, duplicate=1)


@pytest.mark.parametrize("source", ["nowhere", "weibo-keyword", "files", "%00", "星禾", "x" * 300])
def test_what_is_no_inbound_source_is_404_in_json(gate, source):
    told = gate.push(posts(1), source)
    assert (told.status_code, told.json()) == (404, {"error": "there is no such source"})


def test_a_source_without_a_secret_asks_for_patience_and_believes_nobody(gate):
    body = json.dumps(posts(1)).encode()
    told = gate.http.post("/inbound/no-secret", content=body, headers=gate.signed(body, secret=""))
    assert (told.status_code, told.headers["Retry-After"], gate.count()) == (503, "60", 0)


def test_a_source_that_is_switched_off_takes_nothing_and_says_so_to_its_sender_only(gate):
    with gate.store.transaction() as tx:
        sources.save(tx, SavedSource("vendor", {}, False, "ops", gate.clock()))
    told = gate.push(posts(1))
    assert (told.status_code, told.json()["error"]) == (404, "this source is switched off; nothing was taken")
    assert gate.http.post("/inbound/vendor", content=b"[]").status_code == 401
    assert gate.count() == 0


def test_a_source_added_on_screen_is_pushed_to_as_well(gate):
    spec = {"kind": "inbound", "platform": "forum", "secret_env": "VENDOR_SECRET"}
    with gate.store.transaction() as tx:
        sources.save(tx, SavedSource("added", spec, True, "ops", gate.clock()))
    assert gate.push(posts(1), "added").json() == said(accepted=1)


def test_weibos_own_messages_are_read_posts_and_comments(gate):
    user = {"idstr": "140", "screen_name": "李四喜", "followers_count": 7}
    post = {"idstr": "5234567890123456", "text": "星禾茶饮喝出异物", "created_at": "Thu Mar 12 13:05:12 +0800 2026"}
    status = {"id": "1", "text": {"type": "status", "event": "add", "status": post | {"user": user}}}
    deleted = post | {"idstr": "5234567890123457", "deleted": "1"}
    gone = {"id": "2", "text": {"type": "status", "event": "add", "status": deleted}}
    told = gate.push([status, gone, {"hello": 1}], "weibo-push")
    assert told.status_code == 202
    assert told.json() == said(1, rejected=[{"index": 2, "reason": "holds no Weibo post or comment"}]) | {"dropped": 1}
    (row,) = gate.rows()
    assert (row.platform, row.ext_id, row.followers) == ("weibo", "5234567890123456", 7)


def test_a_preset_and_an_own_map_are_laid_over_what_is_pushed(gate):
    main = {"sn": "17380000001", "title": "<span>星禾茶饮</span>拒不退款", "timestamp": "1773291912", "status": 4}
    lists = {"result": {"status": {"code": 0}, "data": {"lists": [{"author": {"title": "匿名"}, "main": main}]}}}
    assert gate.push(lists, "heimao").json() == said(accepted=1)
    wrapped = f"try{{jQuery1({json.dumps(lists)});}}catch(e){{}};".encode()
    assert gate.push(wrapped, "heimao", Content_Type="application/javascript").json() == said(duplicate=1)
    rows = {"payload": {"rows": [{"no": 7, "said": "星禾茶饮又涨价了", "who": "王五"}, {"no": 8}]}}
    told = gate.push(rows, "own-map")
    assert (told.status_code, told.json()["accepted"], told.json()["rejected"][0]["index"]) == (202, 1, 1)
    lost = gate.push({"Payload": {}}, "own-map")
    assert (lost.status_code, "hits nothing" in lost.json()["error"]) == (422, True)
    assert sorted((row.platform, row.ext_id, row.klass) for row in gate.rows()) == [
        ("forum", "7", "post"),
        ("heimao", "17380000001", "complaint"),
    ]


def test_a_store_that_is_away_is_no_loss_the_sender_is_asked_to_come_again(gate):
    gate.store.close()
    gate.store.path.rename(gate.store.path.with_suffix(".away"))
    told = gate.push(posts(1))
    assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
    assert told.json() == {"error": "not ready; nothing was taken"}
