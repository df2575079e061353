"""`when` and `read` as a script meets them: JSON lines, outcomes in words, exit codes."""

import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.cli import main
from monitor.sources.dates import clamp, parse_when
from tests.worlds.feeds import FeedWorld

NOW = "2026-11-22T12:00:00+08:00"
# Every row of the table of dates that sources really send, as seen at NOW in Shanghai.
TABLE = [
    ("刚刚", "2026-11-22T04:00:00Z"),
    ("3分钟前", "2026-11-22T03:57:00Z"),
    ("半小时前", "2026-11-22T03:30:00Z"),
    ("2小时前", "2026-11-22T02:00:00Z"),
    ("今天 10:05", "2026-11-22T02:05:00Z"),
    ("昨天 10:05", "2026-11-21T02:05:00Z"),
    ("前天", "2026-11-19T16:00:00Z"),
    ("周三", "2026-11-17T16:00:00Z"),
    ("11月22日 10:05", "2026-11-22T02:05:00Z"),
    ("11-22 10:05", "2026-11-22T02:05:00Z"),
    ("12月31日 23:59", "2025-12-31T15:59:00Z"),
    ("2026年11月22日 10:05", "2026-11-22T02:05:00Z"),
    ("2026/11/22 10:05:00", "2026-11-22T02:05:00Z"),
    ("2026-11-22 10:05:00", "2026-11-22T02:05:00Z"),
    ("22 Nov 2026 10:05 CST", "2026-11-22T02:05:00Z"),
    ("Sun, 22 Nov 2026 10:05:00 GMT+8", "2026-11-22T02:05:00Z"),
    ("1795314300", "2026-11-22T02:25:00Z"),
    (1795314300, "2026-11-22T02:25:00Z"),
    ("1795314300000", "2026-11-22T02:25:00Z"),
    ("20261122T031500Z", "2026-11-22T03:15:00Z"),
    ("Sun Nov 22 10:05:00 +0800 2026", "2026-11-22T02:05:00Z"),
    (46348.42, "2026-11-22T02:04:48Z"),
    ("上午10:05", "2026-11-22T02:05:00Z"),
    ("晚上8点", "2026-11-21T12:00:00Z"),
    ("2099-01-01 00:00:00", None),
    ("0001-01-01T00:00:00Z", None),
    ("Invalid Date", None),
    ("", None),
]


@pytest.fixture
def ask(monkeypatch, capsys):
    """ask(words, stdin) -> (exit code, lines out, lines of complaint)."""

    def asked(words: list[str], stdin: bytes = b"") -> tuple[int, list[str], list[str]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(words)
        out, err = capsys.readouterr()
        return code, out.splitlines(), err.splitlines()

    return asked


def test_when_reads_every_form_of_the_table(ask):
    lines = "\n".join(json.dumps({"raw": raw, "tz": "Asia/Shanghai", "now": NOW}) for raw, _ in TABLE)
    code, out, err = ask(["when"], lines.encode())
    assert [json.loads(line)["utc"] for line in out] == [utc for _, utc in TABLE]
    assert (code, err) == (0, [])


def test_when_takes_the_zone_of_the_source(ask):
    raw = {"raw": "22 Nov 2026 10:05 CST", "tz": "America/Chicago", "now": "2026-11-23T00:00:00Z"}
    assert ask(["when"], json.dumps(raw).encode())[1] == ['{"utc": "2026-11-22T16:05:00Z"}']


def test_when_says_which_line_it_could_not_read_and_answers_the_others(ask):
    lines = [
        "[1]",
        json.dumps({"raw": "刚刚", "now": NOW}),
        "{",
        '{"raw": "x", "tz": "Mars/X"}',
        '{"raw":"x","now":"2026"}',
    ]
    code, out, err = ask(["when"], "\n".join(lines).encode())
    assert code == 2
    assert [json.loads(line)["utc"] for line in out] == [None, "2026-11-22T04:00:00Z", None, None, None]
    assert [line.partition(":")[0] for line in err] == ["line 1", "line 3", "line 4", "line 5"]
    assert "'Mars/X' is no zone" in err[2]


DATES = st.one_of(st.text(max_size=40), st.integers(0, 10**16).map(str), st.datetimes().map(str))


@given(DATES, st.integers(1_136_073_600, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_no_date_is_ever_read_as_later_than_ten_minutes_from_now(raw, now):
    read = clamp(parse_when(raw, now=now, zone=ZoneInfo("Asia/Shanghai")), now)
    assert read is None or datetime(2005, 1, 1, tzinfo=UTC) <= read <= now + timedelta(minutes=10)


FEED = '<rss version="2.0"><channel><item><guid>a:1</guid><title>星禾</title></item></channel></rss>'.encode()
ENTITIES = b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss/>"
LOGIN = "<html><title>登录</title><input type=password></html>".encode()


def test_read_takes_a_file_standard_input_or_an_address(ask, tmp_path):
    (tmp_path / "feed.xml").write_bytes(FEED)
    for words, stdin in ((["read", str(tmp_path / "feed.xml"), "--json"], b""), (["read", "-"], FEED)):
        code, out, err = ask(words, stdin)
        assert (code, err) == (0, [])
        (mention,) = map(json.loads, out)
        assert (mention["ext_id"], mention["title"], mention["published_at"]) == ("a:1", "星禾", None)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (LOGIN, "blocked"),
        (b"", "malformed"),
        (b'{"a": 1}', "malformed"),
        (ENTITIES, "malformed"),
    ],
)
def test_what_is_no_feed_is_one_line_with_its_outcome(ask, tmp_path, body, outcome):
    (tmp_path / "feed.xml").write_bytes(body)
    code, out, err = ask(["read", str(tmp_path / "feed.xml")])
    assert (code, out, len(err)) == (2, [], 1)
    assert err[0].endswith(f"(outcome {outcome})")


def test_an_empty_feed_is_a_finding_and_an_inside_address_is_refused(ask, tmp_path):
    (tmp_path / "feed.xml").write_bytes(b"<rss version='2.0'><channel><title>t</title></channel></rss>")
    said = ["goldenhour: it was read and is right, but holds no mention now"]
    assert ask(["read", str(tmp_path / "feed.xml")]) == (1, [], said)
    with FeedWorld() as web:
        code, _, err = ask(["read", web.put("/feed", FEED)])
        assert (code, web.requests) == (2, [])
    assert err[0].endswith("(outcome blocked)")


@pytest.mark.parametrize("words", [["read"], ["read", "/no/such/feed.xml"], ["read", "\x00"]])
def test_a_place_that_cannot_be_read_is_said(ask, words):
    code, out, err = ask(words)
    assert (code, out, len(err)) == (2, [], 1)
    assert "feed" in err[0]
