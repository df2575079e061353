"""`check --sample` says what every field of a map became; `read --preset` tries a place from the shell."""

import json

import pytest

from config.load import SHIPPED
from desk.cli import main
from tests.worlds.feeds import FeedWorld

STORY = {"objectID": "7", "title": "Xinghe &amp; worm", "url": None, "author": "pat", "created_at_i": 1741747200,
         "points": 0, "num_comments": None, "_tags": ["story"]}  # fmt: skip


@pytest.fixture
def sample(tmp_path):
    def written(document, name: str = "sample.json"):
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_good_sample_shows_every_field_and_is_fine(capsys, sample):
    code, out, _ = run(capsys, "check", "--preset", "hn", "--sample", sample({"hits": [STORY]}))
    assert code == 0
    assert out.splitlines() == [
        "ext_id         objectID  →  7  →  7",
        "url            url || 'https://news.ycombinator.com/item?id={objectID}'"
        "  →  https://news.ycombinator.com/item?id=7  →  https://news.ycombinator.com/item?id=7",
        "title          title || story_title -> html_text  →  Xinghe &amp; worm  →  Xinghe & worm",
        "text           comment_text || story_text -> html_text  →  nothing  →  nothing",
        "author         author  →  pat  →  pat",
        "handle         author  →  pat  →  pat",
        "published_at   created_at_i -> epoch_s  →  1741747200  →  2025-03-12T02:40:00+00:00",
        "points         points  →  0  →  0",
        "comments       num_comments  →  nothing  →  nothing",
        "parent_ext_id  parent_id  →  nothing  →  nothing",
        "klass          _tags[?@ == 'comment'] | [0]  →  nothing  →  nothing",
        "hn: 1 item(s), 1 mention(s), 0 left out on purpose",
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"hits": [STORY | {"title": ""}]}, "item 1 has neither title nor text"),
        ({"hits": [STORY | {"created_at_i": "soon"}]},
         "map.published_at: no item has a date that can be read, as in 'soon'; the time it is first seen will count"),
        ({"hits": [STORY | {"objectID": None}]}, "map.ext_id: 'objectID' finds nothing in any item"),
        ({"hits": [STORY, STORY | {"title": "b"}]}, "map.ext_id: 2 items share the id '7'; each needs its own"),
        ({"results": []}, "the items path 'hits' hits nothing; the answer has the keys results"),
    ],
)  # fmt: skip
def test_what_is_missing_is_a_finding(capsys, sample, document, said):
    code, out, _ = run(capsys, "check", "--preset", "hn", "--sample", sample(document))
    assert (code, [line for line in out.splitlines() if line.startswith("finding")]) == (1, [f"finding: {said}"])


def test_an_answer_that_is_an_error_is_told_as_one(capsys, sample):
    path = sample({"code": -352, "data": {"v_voucher": "x"}})
    code, out, _ = run(capsys, "check", "--preset", "bilibili", "--sample", path)
    assert (code, out) == (1, "finding: an error rule takes this answer for blocked\n")


def test_lines_of_json_are_a_sample_too(capsys, sample):
    rows = [{"note_id": str(number), "desc": "喝到虫子", "time": 1741747200000} for number in range(3)]
    path = sample("\n".join(json.dumps(row) for row in rows), "notes.jsonl")
    code, out, _ = run(capsys, "check", "--preset", "mediacrawler", "--sample", path)
    assert (code, out.splitlines()[-1]) == (0, "mediacrawler: 3 item(s), 3 mention(s), 0 left out on purpose")


@pytest.fixture
def folder(tmp_path):
    """Settings with one source that has a field map of its own."""
    for name in ("service.toml", "team.toml", "calendar.toml"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    watch = '[[source]]\nid = "vendor"\nkind = "json"\nplatform = "weibo"\n[source.spec]\nitems = "rows"\n'
    watch += '[source.spec.request]\nurl = "https://vendor.example"\n[source.spec.map]\next_id = "id"\ntext = "words"\n'
    watch += 'published_at = "at"\n[[source]]\nid = "feed"\nplatform = "news"\nurl = "https://n.example"\n'
    (tmp_path / "watch.toml").write_text(watch)
    return str(tmp_path)


def test_the_map_of_a_source_of_the_settings(capsys, sample, folder):
    path = sample({"rows": [{"id": 1, "words": "喝到虫子", "at": "2025-03-12 14:00"}]})
    code, out, _ = run(capsys, "check", "--config", folder, "--source", "vendor", "--sample", path)
    assert (code, out.splitlines()) == (0, [
        "ext_id        id  →  1  →  1",
        "text          words  →  喝到虫子  →  喝到虫子",
        "published_at  at  →  2025-03-12 14:00  →  2025-03-12T06:00:00+00:00",
        "vendor: 1 item(s), 1 mention(s), 0 left out on purpose",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--source", "feed"], "--source feed: has no field map; allowed: vendor"),
        (["--source", "none"], "--source none: has no field map; allowed: vendor"),
        ([], "--sample needs --preset NAME or --source ID, one of them"),
        (["--preset", "hn", "--source", "vendor"], "--sample needs --preset NAME or --source ID, one of them"),
    ],
)
def test_what_cannot_be_tried_is_said_in_one_line(capsys, sample, folder, words, said):
    code, _, err = run(capsys, "check", "--config", folder, "--sample", sample({}), *words)
    assert (code, err) == (2, f"goldenhour: {said}\n")


def test_a_sample_that_is_no_json(capsys, sample):
    code, _, err = run(capsys, "check", "--preset", "hn", "--sample", sample("<html><title>登录</title>"))
    assert code == 2
    assert "a web page titled “登录” instead of JSON: a login wall" in err


@pytest.fixture
def web(folder, tmp_path):
    with FeedWorld() as world:
        service = (tmp_path / "service.toml").read_text(encoding="utf-8")
        assert "allow = []" in service
        (tmp_path / "service.toml").write_text(
            service.replace("allow = []", f'allow = ["127.0.0.1:{world.port}"]', 1), encoding="utf-8"
        )
        yield world


def test_read_tries_a_preset_from_the_shell(capsys, folder, web):
    url = web.put("/hn", json.dumps({"hits": [STORY], "nbPages": 1}), "application/json")
    words = ("read", "--config", folder, "--preset", "hn", "--url", url, "query=星禾", "--json")
    code, out, err = run(capsys, *words)
    (row,) = map(json.loads, out.splitlines())
    assert (code, err) == (0, "")
    assert (row["ext_id"], row["title"], row["platform"], row["points"]) == ("7", "Xinghe & worm", "hackernews", 0)
    assert "query=%E6%98%9F%E7%A6%BE" in web.requests[0].path


def test_read_takes_the_key_from_the_environment_and_never_shows_it(capsys, folder, web, monkeypatch):
    monkeypatch.setenv("MY_KEY", "s3cret-of-mine")
    body = {"status": "error", "code": "apiKeyInvalid", "message": "s3cret-of-mine is no key"}
    url = web.put("/news", json.dumps(body), "application/json", 401)
    words = ("read", "--config", folder, "--preset", "newsapi", "--url", url, "--secret", "MY_KEY", "query=x")
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err == "goldenhour: 127.0.0.1: its code says 'apiKeyInvalid' (auth_failed)\n"
    assert web.requests[0].headers["x-api-key"] == "s3cret-of-mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--preset", "hm", "query=x"], "preset: there is no 'hm'; allowed: "),
        (["--preset", "hn"], "query=WORDS: is missing; it is what is searched for"),
        (["--preset", "hn", "星禾"], "'星禾': with --preset only name=value is allowed, as in query=星禾"),
        (["--preset", "hn", "query=x", "quer=x"], "source: values.quer: the request has no {quer}; allowed: "),
        (["--preset", "heimao"], "source: it is only a shape of what is pushed or imported; "),
        (["--preset", "newsapi", "query=x"], "newsapi.org: NEWSAPI_KEY is not in the environment"),
        ([], "one http(s) address or file of a feed is needed, or --preset NAME"),
    ],
)
def test_what_read_cannot_try_is_said_in_one_line(capsys, folder, monkeypatch, words, said):
    monkeypatch.delenv("NEWSAPI_KEY", raising=False)
    code, out, err = run(capsys, "read", "--config", folder, *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"goldenhour: {said}")
    assert err.count("\n") == 1
