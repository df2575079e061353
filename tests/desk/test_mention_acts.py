"""What people do with a mention: each act with its whole effect, for those who may, and undone by its opposite."""

import hashlib
import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from store import authors, evidence, heard, incidents, journal, lookup, mentions, volumes
from store.agenda import Job
from store.nouns import Author, Level
from tests.desk.house import MINUTE, POSTS, SITE

HASH = "c" * 64
REAL = Author(HASH, "weibo", "南京小雨的真名", "uid-998877", None)


@pytest.fixture
def calm(house) -> str:
    """Id of a mention nobody is alarmed about: the cat that passes by."""
    judged = house.heard(POSTS, house.clock() - 20 * MINUTE)
    return next(one.mention.id for one in judged if not one.score.crisis)


@pytest.fixture
def grave(house, calm) -> str:
    with house.store.reading() as tx:
        return lookup.newest(tx, lookup.Filter(words=("上吐下泻",)), 1)[0][0].judged.mention.id


def entries(house, mention: str):
    with house.store.reading() as tx:
        return [(one.who, one.what, one.why, one.detail) for one in journal.entries(tx, f"mention:{mention}")]


def counted(house) -> tuple[int, int, int]:
    with house.store.reading() as tx:
        found = volumes.total(tx, "xinghe", house.clock() - timedelta(days=1), house.clock() + timedelta(hours=1))
        fine = volumes.between(tx, "xinghe", house.clock() - timedelta(days=1), house.clock() + timedelta(hours=1))
    assert sum(one.mentions for one in fine) == found.mentions
    assert sum(one.negative for one in fine) == found.negative
    return found.mentions, found.negative, found.crisis


def promised(house) -> set[str]:
    with house.store.reading() as tx:
        return {f"{one.job}:{one.key}" for one in tx.exec_driver_sql("SELECT job, key FROM agenda")}


def act(browser, mention: str, deed: str, **fields):
    return browser.post(f"/mentions/{mention}/{deed}", on=f"/mentions/{mention}", **fields)


def corrects(browser, mention: str, what: str, why: str = ""):
    return act(browser, mention, "correct", brand="xinghe", what=what, why=why)


def test_evidence_is_kept_with_a_hash_anybody_can_check(house, grave):
    browser = house.signed_in("zhou")
    assert act(browser, grave, "evidence", why="律师函").headers["location"] == f"/mentions/{grave}?done=kept#evidence"
    house.clock.forward(house.clock() + MINUTE)
    act(browser, grave, "evidence")
    html = browser.get(f"/mentions/{grave}?done=kept").text
    assert "已留证" in html
    shown = re.findall(r"<code>([0-9a-f]{64})</code>", html)
    links = re.findall(r'href="(/mentions/\w+/evidence/\w+)" download', html)
    files = [browser.get(link).content for link in links]
    assert [hashlib.sha256(one).hexdigest() for one in files] == shown
    assert [json.loads(one)["captured_at"] for one in files] == ["2026-03-12T06:01:00Z", "2026-03-12T06:00:00Z"]
    assert json.loads(files[0])["text"] == POSTS[0][3]
    with house.store.reading() as tx:
        second, first = evidence.of_mention(tx, grave)
    assert entries(house, grave) == [
        ("zhou", "evidence_kept", "律师函", {"snapshot": first.id, "sha256": shown[1]}),
        ("zhou", "evidence_kept", "", {"snapshot": second.id, "sha256": shown[0]}),
    ]


def test_a_crisis_nobody_saw_is_said_to_be_one_and_the_detector_looks_again(house, calm):
    assert counted(house) == (6, 5, 5)
    browser = house.signed_in("li")
    assert corrects(browser, calm, "crisis", "门店也打来了").headers["location"] == f"/mentions/{calm}?done=corrected"
    assert counted(house) == (6, 6, 6)
    assert "watch:xinghe" in promised(house)
    assert corrects(browser, calm, "crisis").headers["location"] == f"/mentions/{calm}?done=same"
    assert counted(house) == (6, 6, 6)
    html = browser.get(f"/mentions/{calm}").text
    assert re.search(r"<b>李值班</b> 是危机 · <span class=\"journal-why\">门店也打来了</span>", html)
    assert 'value="not_crisis">不是危机</button>' in html
    with house.store.reading() as tx:
        said = evidence.corrections_of(tx, calm)
    assert [(one.brand, one.who, one.what, one.why) for one in said] == [("xinghe", "li", "crisis", "门店也打来了")]
    assert entries(house, calm) == [
        ("li", "mention_corrected", "门店也打来了", {"brand": "xinghe", "to": "crisis", "mention": calm})
    ]


def test_a_correction_is_undone_by_its_opposite(house, calm, grave):
    browser = house.signed_in("li")
    for mention, words in (
        (calm, ("crisis", "not_crisis")),
        (grave, ("not_negative", "not_crisis", "negative", "crisis")),
    ):
        before = [one.judged.score for one in _found(house, mention)]
        for what in words:
            corrects(browser, mention, what)
        assert [one.judged.score for one in _found(house, mention)] == before
    assert counted(house) == (6, 5, 5)


def _found(house, mention):
    with house.store.reading() as tx:
        return lookup.of_mention(tx, mention)


@pytest.fixture
def evidenced(house) -> str:
    """Id of the mention with 住院, which is evidence of incident 1."""
    house.opens()
    with house.store.reading() as tx:
        return lookup.newest(tx, lookup.Filter(words=("住院",)), 1)[0][0].judged.mention.id


def test_what_is_not_us_leaves_list_and_volume_and_comes_back_from_its_own_list(house, evidenced):
    browser = house.signed_in("li")
    assert counted(house) == (6, 5, 5)
    corrects(browser, evidenced, "not_us", "说的是别家")
    assert counted(house) == (5, 4, 4)
    assert "没有提及包含“住院”" in browser.get("/mentions?q=住院").text
    with house.store.reading() as tx:
        told = [(one.who, one.what, one.why) for one in journal.entries(tx, incidents.subject(house.incident().id))]
    assert told[-1] == ("li", "mention_not_us", "说的是别家")
    html = browser.get("/mentions?state=not_us").text
    assert f'href="/mentions/{evidenced}"' in html
    assert "标错了，打开后改回" in html
    assert "人工升警</a>" not in browser.get(f"/mentions/{evidenced}").text
    corrects(browser, evidenced, "ours")
    assert counted(house) == (6, 5, 5)
    assert "住院" in browser.get("/mentions?q=住院").text
    assert [what for _, what, _, _ in entries(house, evidenced)] == ["mention_not_us", "mention_ours"]


def test_what_is_not_us_is_no_evidence_of_an_incident_until_it_is_ours_again(house, evidenced):
    browser = house.signed_in("li")
    shown = []
    for what in ("not_us", "ours"):
        corrects(browser, evidenced, what)
        with house.store.reading() as tx:
            shown.append(len(mentions.of_incident(tx, house.incident().id, "xinghe")))
    assert shown == [5, 6]


def test_an_alarm_raised_from_a_mention_has_it_as_first_evidence_and_its_time(house, calm):
    browser = house.signed_in("li")
    found = re.search(r'href="(/incidents/new\?[^"]+)"', browser.get(f"/mentions/{calm}").text)
    path = unescape(found[1])
    assert parse_qs(urlsplit(path).query) == {
        "brand": ["xinghe"],
        "title": ["星禾茶饮这次怎么说？官方出来回应一下"],
        "t0": ["2026-03-12T13:48"],
        "mention": [calm],
    }
    form = browser.get(path).text
    for filled in (f'name="mention" value="{calm}"', 'value="星禾茶饮这次怎么说', 'name="t0" value="2026-03-12T13:48"'):
        assert filled in form
    answer = browser.post(
        "/incidents/new",
        on=path,
        mention=calm,
        brand="xinghe",
        title="官方被点名",
        level="orange",
        category="",
        t0="2026-03-12T13:48",
        why="记者在问",
    )
    assert answer.headers["location"] == "/incidents/1"
    opened = house.incident()
    assert (opened.level, opened.t0) == (Level.ORANGE, house.clock() - 12 * MINUTE)
    with house.store.reading() as tx:
        assert [one.mention.id for one in mentions.of_incident(tx, opened.id, "xinghe")] == [calm]
    assert entries(house, calm) == [("li", "mention_raised", "记者在问", {"incident": 1})]
    assert "官方出来回应一下" in browser.get("/incidents/1").text
    assert "escalate" in {one.partition(":")[0] for one in promised(house)}


def test_an_alarm_from_a_mention_that_is_not_there_opens_nothing(house, calm):
    given = {"brand": "xinghe", "title": "题", "level": "red", "category": "", "t0": "", "why": "因为"}
    answer = house.signed_in("li").post("/incidents/new", mention="nobody", **given)
    assert answer.status_code == 404
    assert house.all_states()[0] == []


def test_who_wrote_it_is_shown_once_with_a_reason_and_noted(house, grave):
    with house.store.transaction() as tx:
        heard.change(tx, grave, {"author_hash": HASH, "author": "南*雨"})
        authors.keep(tx, [Author(**{**_fields(REAL), "seen_at": house.clock()})])
    for person in ("wang", "zhou", "ops"):
        browser = house.signed_in(person)
        assert REAL.name not in browser.get(f"/mentions/{grave}").text
        html = act(browser, grave, "author", why="起草律师函").text
        assert REAL.name in html
        assert REAL.handle in html
        assert REAL.name not in browser.get(f"/mentions/{grave}").text
    assert entries(house, grave) == [
        (person, "author_shown", "起草律师函", {"kept": True}) for person in ("wang", "zhou", "ops")
    ]


def _fields(author: Author) -> dict:
    return {name: getattr(author, name) for name in Author.__dataclass_fields__}


def test_a_name_that_is_no_longer_kept_is_said_to_be_gone_and_the_look_is_noted_too(house, grave):
    with house.store.transaction() as tx:
        heard.change(tx, grave, {"author_hash": HASH})
    html = act(house.signed_in("zhou"), grave, "author", why="起草律师函").text
    assert "没有保存名字" in html
    assert entries(house, grave) == [("zhou", "author_shown", "起草律师函", {"kept": False})]


def test_looking_without_a_reason_or_without_the_role_shows_and_notes_nothing(house, grave):
    answer = act(house.signed_in("zhou"), grave, "author", why="  ")
    assert answer.status_code == 400
    assert "需要写明理由" in answer.text
    for person in ("li", "kan", "zhao"):
        browser = house.signed_in(person)
        assert 'action="/mentions/' not in re.search(r'id="author".*', browser.get(f"/mentions/{grave}").text, re.S)[0]
        assert act(browser, grave, "author", why="好奇").status_code == 403
    assert entries(house, grave) == []


@pytest.mark.parametrize(
    ("person", "refused"),
    [("kan", {"evidence", "correct"}), ("zhao", {"correct"}), ("zhou", {"correct"}), ("li", set()), ("ops", set())],
)
def test_each_act_takes_its_role(house, calm, person, refused):
    browser = house.signed_in(person)
    screen = browser.get(f"/mentions/{calm}").text
    for what in ("evidence", "correct"):
        assert (f'action="/mentions/{calm}/{what}"' in screen) == (what not in refused)
        answer = act(browser, calm, what, brand="xinghe", what="crisis")
        assert answer.status_code == (403 if what in refused else 303)
    assert len(entries(house, calm)) == 2 - len(refused)


def test_a_form_without_its_token_changes_nothing(house, calm):
    browser = house.signed_in("wang")
    for what in ("evidence", "correct", "author"):
        answer = browser.http.post(
            f"{SITE}/mentions/{calm}/{what}", data={"brand": "xinghe", "what": "crisis", "why": "x"}
        )
        assert answer.status_code == 403
    assert entries(house, calm) == []
    assert counted(house) == (6, 5, 5)


def test_wrong_words_and_wrong_mentions_are_refused(house, calm):
    browser = house.signed_in("li")
    assert corrects(browser, calm, "delete").status_code == 400
    assert act(browser, calm, "correct", brand="other", what="crisis").status_code == 404
    for what in ("evidence", "correct"):
        fields = {"brand": "xinghe", "what": "crisis"}
        assert browser.post(f"/mentions/nobody/{what}", on=f"/mentions/{calm}", **fields).status_code == 404
    boss = house.signed_in("wang")
    assert boss.post("/mentions/nobody/author", on=f"/mentions/{calm}", why="x").status_code == 404
    assert house.all_states()[1] == 0


def test_the_watch_is_promised_only_where_there_is_more_to_be_alarmed_about(house, grave):
    browser = house.signed_in("li")
    corrects(browser, grave, "not_crisis")
    corrects(browser, grave, "not_us")
    assert f"{Job.WATCH}:xinghe" not in promised(house)
    corrects(browser, grave, "ours")
    assert f"{Job.WATCH}:xinghe" in promised(house)
