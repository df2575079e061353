"""`import` and `words` as a person or a script meets them: resumable, honest about every refused row, safe to open."""

import csv
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import tomllib
from contextlib import closing
from datetime import timedelta

import pytest

from config.clock import rest
from tests.desk.test_commands import Place, Ran, answer_of
from tests.worlds.servers import free_port

SOURCES = """[[source]]
id = "files"
kind = "import"
platform = "weibo"

[[source]]
id = "told"
kind = "import"
platform = "forum"
columns = {text = "帖文"}

[[source]]
id = "feed"
platform = "weibo"
url = "https://rsshub.example/weibo"

[thresholds]"""
HEADER = "标题,内容,文章ID,点赞数\n"


@pytest.fixture
def place(tmp_path, monkeypatch, capsys):
    made = Place(tmp_path, monkeypatch, capsys)
    made.edit("watch.toml", "[thresholds]", SOURCES)
    return made


def asked(place: Place, query: str) -> list[tuple]:
    with closing(sqlite3.connect(place.database)) as raw:
        return raw.execute(query).fetchall()


def rows(numbers) -> str:
    return HEADER + "".join(f"标题{n},星禾茶饮第 {n} 条：喝出异物,v-{n:07d},{n}\n" for n in numbers)


def refused(path: str) -> list[list[str]]:
    with open(f"{path}.rejected.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_file_is_taken_once_and_a_second_time_changes_nothing(place):
    path = place.file("export.csv", rows(range(3)))
    assert place.run("import", path, "--source", "files") == Ran(
        0, ["export.csv: 3 rows: 3 new, 0 known, 0 rejected"], []
    )
    again = place.inside("import", path, "--source", "files")
    assert (again.code, again.complained) == (0, [])
    assert again.said[0].startswith("export.csv was imported already on 20")
    assert again.said[0].endswith(" UTC; nothing was changed (--again reads it anew)")
    anew = place.inside("import", path, "--source", "files", "--again")
    assert anew == Ran(0, ["export.csv: 3 rows: 0 new, 3 known, 0 rejected"], [])
    assert asked(place, "SELECT source, platform, count(*) FROM mentions") == [("files", "weibo", 3)]
    assert asked(place, "SELECT health, mention_count FROM source_states") == [("ok", 3)]
    assert asked(place, "SELECT job FROM agenda") == [("judge",)]


def test_refused_rows_are_told_with_their_lines_and_written_beside_without_formulas(place):
    cells = ["=cmd|' /C calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "gut", "a=b"]
    header = ",".join(["内容", "文章ID", *(f"c{n}" for n in range(len(cells)))])
    bad = ",".join(["=1+1", "5.23457E+15", *(f'"{cell}"' for cell in cells)])
    path = place.file("export.csv", f"{header}\n好的一行,v-0000001\n{bad}\n,,\n,v-2,x\n")
    found = place.inside("import", path, "--source", "files")
    assert (found.code, found.complained) == (1, [])
    assert found.said == [
        "line 3: id: the number was rounded by a spreadsheet (5.23457E+15); export ids as text",
        "line 5: has no words: neither a title nor a text",
        "export.csv: 3 rows: 1 new, 0 known, 2 rejected",
        f"rejected rows: {path}.rejected.csv",
    ]
    head, first, second = refused(path)
    assert head[:4] == ["line", "reason", "内容", "文章ID"]
    neutral = ["'=1+1", "5.23457E+15", "'=cmd|' /C calc'!A1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "' =1", "gut", "a=b"]
    assert first == ["3", found.said[0].removeprefix("line 3: "), *neutral]
    assert second[:2] == ["5", "has no words: neither a title nor a text"]
    assert stat.S_IMODE(os.stat(f"{path}.rejected.csv").st_mode) == 0o600


def test_json_prints_each_refusal_and_the_result(place):
    path = place.file("a.jsonl", '{"id": "v-1000001", "text": "有话"}\nnot json\n{"id": "v-1000002"}\n')
    found = place.inside("import", path, "--source", "files", "--json")
    said = [json.loads(line) for line in found.said]
    assert (found.code, found.complained) == (1, [])
    assert [one["line"] for one in said[:-1]] == [2, 3]
    assert said[-1] == {
        "source": "files", "name": "a.jsonl", "rows": 3, "accepted": 1, "known": 0, "rejected": 2, "dropped": 0,
        "rejected_rows": f"{path}.rejected.csv",
    }  # fmt: skip
    again = json.loads(place.inside("import", path, "--source", "files", "--json").said[0])
    assert (again["already"], again["rows"], again["rejected"]) == (True, 3, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--source", "nowhere"], "--source: 'nowhere' is not known; import sources: files, told (or name a new one"),
        (["--source", "feed"], "--source: 'feed' is a feed source; import sources: files, told"),
        (["--source", "Bad Id", "--platform", "weibo"], "id: string should match pattern"),
        (["--source", "files", "--preset", "nobody"], "preset: there is no 'nobody'; allowed: "),
        (
            ["--source", "files", "--columns", "words=内容"],
            "--columns: 'words=内容' is not FIELD=HEADER; fields: ext_id, id",
        ),
        (
            ["--source", "files", "--columns", "text=没有这列"],
            "--columns: text=没有这列: no column is called so; columns: 标题",
        ),
    ],
)
def test_words_that_do_not_fit_are_one_clear_line(place, words, said):
    path = place.file("export.csv", rows(range(1)))
    found = place.inside("import", path, *words)
    assert (found.code, found.said, len(found.complained)) == (2, [], 1)
    assert found.complained[0].startswith(f"goldenhour: {said}")


@pytest.mark.parametrize(
    ("name", "text"), [("gone.csv", None), ("empty.csv", ""), ("a.csv", "甲,乙\n1,2\n"), ("a.json", "{")]
)
def test_a_file_that_cannot_be_used_is_exit_2_and_leaves_no_trace(place, name, text):
    path = place.file(name, text) if text is not None else str(place.root / name)
    found = place.inside("import", path, "--source", "files")
    assert (found.code, found.said, len(found.complained)) == (2, [], 1)
    assert name in found.complained[0]
    assert not place.database.exists() or asked(place, "SELECT count(*) FROM imports") == [(0,)]


def test_a_source_nobody_wrote_down_is_made_by_naming_its_platform(place):
    path = place.file("export.csv", rows(range(2)))
    assert place.inside("import", path, "--source", "once", "--platform", "xiaohongshu").code == 0
    assert asked(place, "SELECT DISTINCT source, platform FROM mentions") == [("once", "xiaohongshu")]


def test_columns_are_named_by_hand_or_by_the_settings_and_either_way_round(place):
    path = place.file("a.csv", "甲,帖文,乙\n1,第一句话,https://a.example/1\n")
    assert place.inside("import", path, "--source", "told", "--columns", "url=乙").code == 0
    assert place.inside("import", path, "--source", "files", "--columns", "帖文=text", "title=甲").code == 0
    assert asked(place, "SELECT source, title, text, url FROM mentions ORDER BY source") == [
        ("files", "1", "第一句话", ""),
        ("told", "", "第一句话", "https://a.example/1"),
    ]


def test_lines_in_two_charsets_are_a_note_not_a_fault(place):
    path = place.root / "a.csv"
    path.write_bytes("内容\n第一句话\n".encode() + "第二句话\n".encode("gb18030"))
    found = place.inside("import", str(path), "--source", "files")
    assert (found.code, found.said[0]) == (0, "note: lines in another charset than the first: 3 (gb18030)")
    assert asked(place, "SELECT count(*) FROM mentions WHERE text LIKE '第_句话'") == [(2,)]


def killed_in_the_middle(place: Place, path: str, at_least: int) -> int:
    """Start the import and kill it when so many rows are committed; returns how many were."""
    process = place.start("import", path, "--source", "files")
    try:
        for _ in range(2000):
            done = asked(place, "SELECT rows FROM imports") if place.database.exists() else []
            if process.poll() is not None or (done and done[0][0] >= at_least):
                break
            rest(timedelta(milliseconds=5), threading.Event())
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    return asked(place, "SELECT rows FROM imports")[0][0]


def test_a_killed_import_goes_on_where_it_stopped_and_reports_all_refused_rows(place):
    count = 5_000
    lines = rows(range(count)).splitlines(keepends=True)
    lines[10], lines[-10] = ",,v-bad1,\n", ",,v-bad2,\n"
    path = place.file("big.csv", "".join(lines))
    place.inside("migrate")
    done = killed_in_the_middle(place, path, 1000)
    assert (done % 500, 1000 <= done < count) == (0, True)
    assert asked(place, "SELECT count(*) FROM mentions") == [(done - 1,)]
    # Nothing of what was committed is touched again.
    before = asked(place, "SELECT id, last_seen_at, metrics_at FROM mentions ORDER BY id")
    found = place.run("import", path, "--source", "files")
    assert found.code == 1
    assert f"big.csv: {count} rows: {count - 2} new, 0 known, 2 rejected" in found.said
    assert [row[0] for row in refused(path)] == ["line", "11", str(count - 8)]
    assert asked(place, "SELECT count(*) FROM mentions") == [(count - 2,)]
    assert asked(place, "SELECT rows, accepted, rejected, done_at IS NOT NULL FROM imports") == [
        (count, count - 2, 2, 1)
    ]
    after = dict.fromkeys(asked(place, "SELECT id, last_seen_at, metrics_at FROM mentions"))
    assert all(row in after for row in before)


def test_a_store_that_is_being_served_takes_an_import_from_beside(place):
    port = free_port()
    place.edit("service.toml", "port = 8080", f"port = {port}")
    process = place.start("serve")
    try:
        answer_of(f"http://127.0.0.1:{port}/health", process)
        path = place.file("export.csv", rows(range(600)))
        found = place.run("import", path, "--source", "files")
        assert found == Ran(0, ["export.csv: 600 rows: 600 new, 0 known, 0 rejected"], [])
    finally:
        process.kill()
        process.communicate()


def test_on_a_terminal_a_bar_shows_how_far_it_is_and_the_output_stays_clean(place):
    path = place.file("export.csv", rows(range(700)))
    ours, theirs = os.openpty()
    given = [sys.executable, "-m", "desk", "import", "--config", str(place.config), path, "--source", "files"]
    done = subprocess.run(given, cwd=place.root, env=place.env, stdout=subprocess.PIPE, stderr=theirs, check=False)
    os.close(theirs)
    seen = os.read(ours, 10_000).decode()
    os.close(ours)
    assert (done.returncode, done.stdout.decode()) == (0, "export.csv: 700 rows: 700 new, 0 known, 0 rejected\n")
    first, second, last = seen.split("\r")[1:]
    assert "500 rows: 500 new, 0 known, 0 rejected" in first
    assert second.startswith(f"[{'#' * 24}] 100% 700 rows: 700 new")
    assert last == "\x1b[K"


WORDS = "星禾茶饮\n+喝\n!星禾村\n@5\n\n/a.*b/\nXinghe Tea\n"


def test_a_word_file_is_printed_as_toml_and_its_losses_beside(place):
    path = place.file("frequency_words.txt", WORDS)
    found = place.run("words", path, config=False)
    simple, expert = tomllib.loads("\n".join(found.said))["brand"]
    # What is lost is said, and a pattern is none of it: its group becomes an expert query.
    assert (found.code, simple["any"], expert["query"]) == (1, ["星禾茶饮"], '(/a.*b/ OR "Xinghe Tea")')
    assert [line.split(": ")[0] for line in found.complained] == ["frequency_words.txt", "frequency_words.txt:4"]
    assert place.inside("words", place.file("plain.txt", "星禾茶饮\n"), config=False).code == 0
    for path, word in (
        (place.file("none.txt", "# 没有\n"), "holds no group"),
        (str(place.root / "gone"), "cannot be read"),
    ):
        empty = place.inside("words", path, config=False)
        assert (empty.code, empty.said, word in empty.complained[0]) == (2, [], True)
