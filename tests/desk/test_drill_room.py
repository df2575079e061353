"""Drills on screen: opened apart from crises, marked everywhere, suspended by a real crisis, scored at the end."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from config.drills import DrillSettings
from desk.drill.crew import crew_of
from desk.drill.hall import Hall
from store import drills, incidents, journal, pages, texts
from store.nouns import DrillState, Level
from tests.desk.house import House

MARK = "【演练】"


class Seconds:
    """A stopwatch that goes on when it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hall(house) -> Hall:
    """The hall of the house, turned by hand."""
    found = house.app.state.hall
    found.steady, found.threaded = Seconds(), False
    yield found
    found.close()


def opened(house: House, person: str = "wang", **fields):
    browser = house.signed_in(person)
    given = {"scenario": "food_safety", "kind": "full", "speed": "1"} | fields
    return browser, browser.post("/drills", **given)


def minutes(hall: Hall, n: float) -> None:
    """Real minutes pass, turn by turn."""
    for _ in range(int(n * 2)):
        hall.steady.now += 30
        hall.turn()


def the_drill(house: House, number: int = 1):
    with house.store.reading() as tx:
        return drills.by_number(tx, number)


def test_only_lead_ops_and_admin_open_a_drill(house, hall):
    for person in ("li", "zhou", "kan", "zhao"):
        browser, answer = opened(house, person)
        assert answer.status_code == 403
        assert "开始这场演练" not in browser.get("/drills").text
    assert hall.live is None
    browser, answer = opened(house, "ops")
    assert (answer.status_code, answer.headers["location"]) == (303, "/drills/1")
    assert the_drill(house).state is DrillState.RUNNING
    with house.store.reading() as tx:
        told = [one.what for one in journal.entries(tx, drills.subject(the_drill(house).id))]
    assert told == ["drill_started"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scenario": "flood"}, "请从列表中选择"),
        ({"speed": "11"}, "1 到 10 倍"),
        ({"speed": "-1"}, "1 到 10 倍"),
        ({"kind": "war"}, "请选择演练方式"),
        ({"seat_zhao": "nobody"}, "没有这样的角色安排"),
    ],
)
def test_a_wrong_form_opens_nothing(house, hall, fields, said):
    _, answer = opened(house, **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert hall.live is None
    assert the_drill(house) is None


def test_a_drill_has_its_own_store_its_own_inbox_and_leaves_the_real_house_alone(house, hall):
    browser, _ = opened(house)
    minutes(hall, 3)
    assert hall.live.stage.store.path != house.store.path
    with house.store.reading() as tx:
        assert incidents.listed(tx, open_only=False) == []
        assert pages.newest(tx) == []
    with hall.live.stage.store.reading() as tx:
        (incident,) = incidents.listed(tx, open_only=True)
    assert incident.title.startswith(MARK)
    room = browser.get("/drills/1").text
    assert "14:08" in room, "virtual time, not real time"
    assert "一截金属丝" in room
    letters = hall.live.stage.mailbox.letters()
    assert letters
    assert all(one.subject.startswith("【演练】[DRILL]") for one in letters)


def test_every_screen_of_the_drill_is_marked_and_its_addresses_stay_inside(house, hall):
    browser, _ = opened(house)
    minutes(hall, 3)
    for path in ("", "incidents", "incidents/1", "incidents/1/facts", "incidents/1/texts/holding/zh", "deliveries",
                 "mentions", "people", "incidents/99"):  # fmt: skip
        answer = browser.get(f"/drill/{path}")
        assert "<title>【演练】[DRILL]" in answer.text, path
        assert 'class="drill-mark"' in answer.text, path
        assert "虚拟时间" in answer.text, path
        for href in re.findall(r'(?:href|action)="(/[^"]*)"', answer.text):
            assert href.startswith(("/drill/", "/static/", "/drills")), (path, href)
    draft = browser.get("/drill/incidents/1/texts/holding/zh").text
    assert draft.count(MARK) > 2, "the text itself is marked, not only its screen"


def test_people_work_in_the_drill_as_themselves_without_signing_in_again(house, hall):
    opened(house)
    minutes(hall, 3)
    li = house.signed_in("li")
    link = next(
        found[0] for one in hall.live.stage.mailbox.letters() if (found := re.search(r"/drill/ack/\S+", one.body))
    )
    screen = li.http.get(link).text
    assert MARK in screen
    fact = {"slot": "done", "zh": "门店已停售", "en": "", "status": "unverified", "scope": "public"}
    answer = li.post("/drill/incidents/1/facts", **fact)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/drill/incidents/1/facts")
    with hall.live.stage.store.reading() as tx:
        (incident,) = incidents.listed(tx, open_only=True)
        entries = journal.entries(tx, incidents.subject(incident.id))
    assert [one.who for one in entries if one.what == "fact_added"] == ["li"]


def test_a_stranger_does_not_enter_and_without_a_drill_there_is_nothing(house, hall):
    assert house.signed_in("li").get("/drill/").headers["location"] == "/drills"
    opened(house)
    answer = house.browser().get("/drill/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/drill/")
    for path in ("/drill/drills", "/drill/api/incidents", "/drill/inbound/drill", "/drill/metrics"):
        assert house.signed_in("li").get(path).headers["location"] == "/drills"


def test_roles_are_swapped_and_the_reporter_speaks_up(house, hall):
    opened(house, seat_zhao="reporter", seat_wang="zhao", seat_zhou="observer")
    minutes(hall, 3)
    zhao, wang = house.signed_in("zhao"), house.signed_in("wang")
    assert "你演：记者" in zhao.get("/drills/1").text
    assert "赵发言人" in wang.get("/drill/").text, "the lead sits in the spokesperson's seat"
    answer = zhao.post("/drills/1/say", words="异物从哪里来？")
    assert answer.status_code == 303
    with hall.live.stage.store.reading() as tx:
        told = [one.why for one in journal.entries(tx, "drill") if one.what == "drill_inject"]
    assert "云杉茶坊：异物从哪里来？" in told
    assert wang.post("/drills/1/say", words="我也问一句").status_code == 409
    assert zhao.post("/drills/1/say", words="打 138 1234 5678").status_code == 400
    assert (
        zhao.post("/drill/incidents/1/facts", slot="done", zh="x", status="unknown", scope="public").status_code == 403
    )
    assert house.signed_in("zhou").post("/drills/1/note", words="14:08 没有人看备班").status_code == 303


def test_posting_is_simulated_with_no_address_of_the_real_web(house, hall):
    opened(house)
    minutes(hall, 3)
    crew = crew_of(hall.live.stage, hall.live.stage.scenario)
    while hall.live.clock() < hall.live.story.begins + timedelta(minutes=30):
        minutes(hall, 0.5)
        crew.act(hall.live.clock())
    zhao = house.signed_in("zhao")
    place = "/drill/incidents/1/texts/holding/zh"
    screens = [zhao.get(path).text for path in (place, "/drill/incidents/1/publication")]
    form = next(one for one in screens if "【演练】模拟发布</button>" in one)
    assert ">记录发布</button>" not in form
    assert 'placeholder="https://drill.invalid/post"' in form
    with hall.live.stage.store.reading() as tx:
        (incident,) = incidents.listed(tx, open_only=True)
        draft = texts.latest(tx, incident.id, "holding", "zh")
    moment = hall.live.clock().astimezone(house.room.zone).strftime("%Y-%m-%dT%H:%M")
    fields = {"draft": draft.id, "platform": "weibo", "published_at": moment}
    refused = zhao.post(f"{place}/publish", on="/drill/incidents/1/facts", url="https://weibo.com/1/2", **fields)
    assert refused.status_code == 400
    assert "不真的发布" in refused.text
    assert hall.live.story.released_at() is None
    done = zhao.post(f"{place}/publish", on="/drill/incidents/1/facts", url="https://weibo.invalid/1/2", **fields)
    assert done.status_code == 303
    assert hall.live.story.released_at() is not None


def test_a_real_crisis_suspends_the_drill_within_one_beat_and_everybody_is_told(house, hall):
    browser, _ = opened(house)
    minutes(hall, 3)
    before, letters = hall.live.clock(), len(hall.live.stage.mailbox.letters())
    house.opens(level=Level.ORANGE)
    hall.turn()
    assert the_drill(house).state is DrillState.SUSPENDED
    minutes(hall, 10)
    assert hall.live.clock() == before, "virtual time stands still"
    told = hall.live.stage.mailbox.letters()[letters:]
    assert {one.to for one in told} >= {"li", "wang", "zhao"}
    assert all("暂停" in one.subject and "真实" in one.body or "real crisis" in one.body for one in told)
    for path in ("/drills/1", "/drill/incidents/1"):
        screen = browser.get(path).text
        assert "已暂停" in screen, path
        assert "#1" in screen, path
    li = house.signed_in("li")
    assert li.post("/drill/incidents/1/facts", slot="done", zh="x", status="unknown", scope="public").status_code == 409
    with house.store.reading() as tx:
        notes = journal.entries(tx, drills.subject(the_drill(house).id))
    assert [(one.who, one.what) for one in notes] == [("wang", "drill_started"), ("system", "drill_suspended")]


def test_a_yellow_incident_leaves_the_drill_alone(house, hall):
    opened(house)
    house.opens(level=Level.YELLOW)
    minutes(hall, 2)
    assert the_drill(house).state is DrillState.RUNNING


def test_a_suspended_drill_goes_on_or_ends_by_a_persons_word_only(house, hall):
    browser, _ = opened(house)
    minutes(hall, 3)
    house.opens(level=Level.RED)
    hall.turn()
    refused = browser.post("/drills/1/resume")
    assert refused.status_code == 409
    assert "真实危机进行中：事件 #1" in refused.text
    assert house.signed_in("li").post("/drills/1/resume", despite="yes").status_code == 403
    assert browser.post("/drills/1/resume", despite="yes").status_code == 303
    minutes(hall, 8)
    assert the_drill(house).state is DrillState.RUNNING
    assert browser.post("/drills/1/end").status_code == 303
    ended = the_drill(house)
    assert ended.state is DrillState.ENDED
    assert ended.ended_by == "wang"
    assert ended.sheet["score"] == ended.score


def test_no_drill_is_opened_while_a_real_crisis_is_open(house, hall):
    house.opens(level=Level.RED)
    _, answer = opened(house)
    assert answer.status_code == 409
    assert "真实危机进行中" in answer.text
    assert hall.live is None
    assert the_drill(house) is None


def test_anybody_may_suspend_and_one_drill_is_open_at_a_time(house, hall):
    browser, _ = opened(house)
    assert browser.post("/drills", on="/incidents", scenario="rumour", kind="full", speed="1").status_code == 409
    assert house.signed_in("kan").post("/drills/1/suspend").status_code == 303
    assert the_drill(house).state is DrillState.SUSPENDED
    assert house.signed_in("kan").post("/drills/1/end").status_code == 403


def test_time_runs_up_to_ten_times_as_fast(house, hall):
    browser, _ = opened(house, speed="10")
    begins = hall.live.clock()
    minutes(hall, 1)
    assert hall.live.clock() - begins == timedelta(minutes=10)
    assert browser.post("/drills/1/pace", speed="2").status_code == 303
    minutes(hall, 1)
    assert hall.live.clock() - begins == timedelta(minutes=12)
    assert browser.post("/drills/1/pace", speed="11").status_code == 400


def test_the_end_brings_the_sheet_the_trend_and_the_next_proposal(house, hall):
    browser, _ = opened(house, scenario="service_outage", speed="10")
    minutes(hall, 18.5)
    assert hall.live is None, "it ended by itself"
    ended = the_drill(house)
    assert (ended.state, ended.ended_by) == (DrillState.ENDED, "system")
    screen = browser.get("/drills/1").text
    assert MARK in screen
    assert "一条建议" in screen
    assert "没有人接手" in screen
    file = browser.get("/drills/1/sheet.md")
    assert "DRILL" in file.headers["content-disposition"]
    assert "演练" in file.text.splitlines()[0]
    assert browser.post("/drills/1/note", words="下周先练呼叫").status_code == 303
    assert "下周先练呼叫" in browser.get("/drills/1").text
    library = browser.get("/drills").text
    assert "上次最弱" in library
    opened(house)
    browser.post("/drills/2/end")
    assert "不计分" in browser.get("/drills/2").text, "nothing was due yet"
    opened(house, speed="10")
    minutes(hall, 3)
    browser.post("/drills/3/end")
    assert "<svg" in browser.get("/drills").text, "two scores make a trend"


def test_a_page_out_looks_at_taking_it_only(house, hall):
    browser, _ = opened(house, kind="page_out")
    minutes(hall, 8)
    browser.post("/drills/1/end")
    assert [one["name"] for one in the_drill(house).sheet["objectives"]] == ["ack"]


def test_a_drill_left_open_by_a_stopped_process_has_ended(house, hall):
    browser, _ = opened(house)
    later = Hall(house.room, lambda room: house.app, hall.steady, threaded=False)
    later.tidy(house.clock())
    assert the_drill(house).state is DrillState.ENDED
    assert "服务重启过" in browser.get("/drills").text or the_drill(house).why == "the service was restarted"


def test_who_opted_in_by_a_setting_is_reached_for_real_and_nobody_else(house, hall):
    given = house.room.settings
    service = given.service.model_copy(update={"drill": DrillSettings(opted_in=("li:email",))})
    hall.room = replace(house.room, settings=given.model_copy(update={"service": service}))
    opened(house)
    assert hall.live.stage.edge.opted_in == {("email", "li@xinghe.example")}
    found = {one.address for person in hall.live.stage.settings.team.person for one in person.endpoint}
    assert {one for one in found if not one.endswith("@drill.invalid")} == {"li@xinghe.example"}
