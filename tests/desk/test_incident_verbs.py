"""The verbs of an incident as people press them: level, contained, merged, split, opened by hand, calls let go."""

import pytest

from store import incidents, journal, pages
from store.nouns import IncidentStatus, Level, PageStatus, Paging
from tests.alerts.crew import page
from tests.desk.house import MINUTE

ON = "/incidents/1"


def numbers(house) -> list[int]:
    with house.store.reading() as tx:
        return sorted(one.number for one in incidents.listed(tx, open_only=False))


def change(house, **fields) -> None:
    with house.store.transaction() as tx:
        incidents.change(tx, house.incident(), **fields)


def test_red_is_lowered_by_two_people_and_the_screen_says_who_waits_for_whom(house):
    house.opens()
    lead, chen = house.signed_in("wang"), house.signed_in("chen")
    lead.post(f"{ON}/level", on=ON, level="yellow", why="没有人受伤")
    assert house.incident().level == Level.RED
    assert "王总监 提议下调到“黄”，等另一个人确认。" in chen.get(ON).text
    assert '<option value="yellow" selected>' in chen.get(ON).text
    chen.post(f"{ON}/level", on=ON, level="yellow", why="同意")
    assert house.incident().level == Level.YELLOW
    assert "等另一个人确认" not in chen.get(ON).text


def test_contained_then_resolved_then_reviewed_then_nothing_more_to_do(house):
    house.opens()
    lead = house.signed_in("wang")
    lead.post(f"{ON}/contain", on=ON, why="已控制")
    assert house.incident().status == IncidentStatus.CONTAINED
    assert f'action="{ON}/contain"' not in lead.get(ON).text
    change(house, clock="met")
    # What must be on record first: tests/desk/test_publication_screens.py.
    for part, fields in {
        "root_cause": {"code": "unknown", "text": "送检结果两周后才有"},
        "remedy": {"code": "none_needed", "text": "没有人受伤"},
        "waived": {"text": "误会一场，无需复盘"},
    }.items():
        lead.post(f"{ON}/review/notes", on=f"{ON}/review", part=part, **fields)
    lead.post(f"{ON}/resolve", on=ON, why="回落")
    lead.post(f"{ON}/reviewed", on=ON, why="教训三条")
    assert house.incident().status == IncidentStatus.REVIEWED
    assert 'class="acts"' not in lead.get(ON).text


def test_two_incidents_become_one_and_one_becomes_two(house):
    house.opens()
    lead = house.signed_in("wang")
    answer = lead.post(
        "/incidents/new",
        brand="xinghe",
        level="yellow",
        title="门店排队吵架",
        why="店长电话",
        category="",
        t0="2026-03-12T13:30",
    )
    assert answer.headers["location"] == "/incidents/2"
    assert house.incident(2).level == Level.YELLOW
    answer = lead.post("/incidents/2/merge", on="/incidents/2", into="1", why="同一件事")
    assert answer.headers["location"] == ON
    link = house.room.links.make(house.incident(2).id, "chen", house.clock()).removeprefix("http://desk.test")
    assert "#1 " in house.browser().get(link).text
    house.browser().http.post(link, data={"act": "take"})
    assert (house.incident(1).owner, house.incident(1).paging) == ("chen", Paging.ACKED)
    html = lead.get("/incidents/2").text
    assert "已并入" in html and f'href="{ON}"' in html
    answer = lead.post(f"{ON}/split", on=ON, word="官方", title="路人评论", category="", why="无关")
    assert answer.status_code == 303, answer.text
    assert numbers(house) == [1, 2, 3]


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("level", {"level": "purple", "why": "x"}, "请从列表中选择"),
        ("level", {"level": "yellow", "why": ""}, "需要写明理由"),
        ("merge", {"into": "99", "why": "x"}, "没有这个事件"),
        ("merge", {"into": "9" * 30, "why": "x"}, "没有这个事件"),
        ("split", {"word": "不存在的词", "title": "t", "why": "x"}, "没有出现"),
        ("split", {"word": "", "title": "t", "why": "x"}, "共有的词"),
        ("give-back", {}, "不在你手上"),
        ("let-go", {}, "没有被暂缓的呼叫"),
        ("reviewed", {"why": "x"}, "不能这样改"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(house, path, fields, said):
    house.opens()
    before = house.all_states()
    answer = house.signed_in("wang").post(f"{ON}/{path}", on=ON, **fields)
    assert answer.status_code in (400, 409)
    assert said in answer.text
    assert house.all_states() == before


@pytest.mark.parametrize("path", ["level", "contain", "merge", "split", "reopen", "let-go", "give-back", "reviewed"])
def test_who_only_looks_changes_nothing(house, path):
    house.opens()
    before = house.all_states()
    viewer = house.signed_in("kan")
    assert viewer.post(f"{ON}/{path}", on=ON, level="yellow", why="x", into="1").status_code == 403
    assert viewer.get("/incidents/new").status_code == 403
    assert house.all_states() == before


def test_giving_back_calls_again(house):
    house.opens()
    li = house.signed_in("li")
    li.post(f"{ON}/take", on=ON)
    assert f'action="{ON}/give-back"' in li.get(ON).text
    li.post(f"{ON}/give-back", on=ON)
    assert (house.incident().paging, house.incident().owner) == (Paging.PAGING, "")


def test_calls_held_after_a_restore_are_let_go_by_a_person(house):
    house.opens()
    change(house, paging=Paging.SILENCED, hushed="restored", paging_since=None)
    li = house.signed_in("li")
    html = li.get(ON).text
    assert "呼叫等人决定" in html
    li.post(f"{ON}/let-go", on=ON)
    assert house.incident().paging == Paging.PAGING


def test_nobody_answers_is_red_on_every_screen_until_somebody_does(house):
    house.opens()
    change(house, paging=Paging.EXHAUSTED, paging_since=None)
    li = house.signed_in("li")
    for path in ("/", "/deliveries", "/sources", ON):
        assert 'class="alarm" role="alert"' in li.get(path).text
    li.post(f"{ON}/take", on=ON)
    assert 'class="alarm"' not in li.get("/").text


@pytest.fixture
def held(house):
    """Two pages from before a restore."""
    found = house.opens()
    with house.store.transaction() as tx:
        for name in ("a", "b"):
            pages.add(tx, page(id=name * 32, incident=found.id, idempotency=name, created_at=house.clock() - MINUTE))
        assert pages.hold(tx, house.clock()) == 2
    return house


def test_a_person_decides_about_each_held_call(held):
    li = held.signed_in("li")
    assert "2 条旧呼叫等人决定" in li.get("/deliveries").text
    assert li.post(f"/pages/{'a' * 32}/send", on="/deliveries").status_code == 303
    assert li.post(f"/pages/{'b' * 32}/drop", on="/deliveries").status_code == 303
    with held.store.reading() as tx:
        assert [pages.get(tx, name * 32).status for name in ("a", "b")] == [PageStatus.WAITING, PageStatus.DROPPED]
        told = [one.what for one in journal.entries(tx, incidents.subject(held.incident().id))]
    assert told[-2:] == ["page_sent_after_all", "page_dropped"]
    assert li.post(f"/pages/{'a' * 32}/drop", on="/deliveries").status_code == 409
    assert li.post(f"/pages/{'a' * 32}/burn", on="/deliveries").status_code == 404
    assert held.signed_in("kan").post(f"/pages/{'b' * 32}/send", on="/deliveries").status_code == 403
