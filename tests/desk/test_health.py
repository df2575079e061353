"""/health tells a monitor the truth: well, blind, stuck, unanswered or without a store; /watching tells people."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import text

from store import agenda, endpoints, incidents, pages, workers
from store.agenda import Job
from store.nouns import Health, Level, PageStatus, Paging, Try, Worker
from tests.alerts.crew import page

SECOND = timedelta(seconds=1)
OR_NONE = "，有失败，或者超过一天没有发。 去看"
WELL = {
    "ok": True,
    "store": "ok",
    "agenda_lag_s": 0.0,
    "oldest_page_s": None,
    "workers": 0,
    "beat_age_s": 0.2,
    "dead": 0,
    "sources": {"city-news": "ok", "weibo-keyword": "ok"},
    "drift_s": 0.0,
    "exhausted": [],
    "dead_endpoints": 0,
}


def health(house):
    answer = house.browser().get("/health")
    return answer.status_code, answer.json()


def bad(**changes):
    return 503, WELL | {"ok": False} | changes


def test_all_is_well(house):
    assert health(house) == (200, WELL)


def test_a_blind_source_is_503(house):
    house.hears("weibo-keyword", Health.BLIND, house.clock())
    assert health(house) == bad(sources={"city-news": "ok", "weibo-keyword": "blind"})


def test_sources_nobody_reads_any_more_are_503(house):
    house.clock.forward(house.clock() + timedelta(minutes=11))
    assert health(house) == bad(sources={"city-news": "stalled", "weibo-keyword": "stalled"})


def test_work_that_waits_too_long_is_503(house):
    with house.store.transaction() as tx:
        agenda.promise(tx, Job.PAGE, "p1", house.clock() - 61 * SECOND)
    assert health(house) == bad(agenda_lag_s=61.0)


def test_a_runner_that_does_not_beat_is_503(house):
    house.beat_age_s = 31.0
    assert health(house) == bad(beat_age_s=31.0)


def test_a_job_that_died_is_told_but_the_watcher_still_works(house):
    with house.store.transaction() as tx:
        agenda.promise(tx, Job.PAGE, "p1", house.clock())
        (task,) = agenda.claim(tx, house.clock(), 1, timedelta(seconds=15), house.ids)
        agenda.fail(tx, task, "refused", house.clock(), permanent=True)
    assert health(house) == (200, WELL | {"dead": 1})


@pytest.mark.parametrize(("age", "ok"), [(120, True), (121, False)])
def test_a_page_that_waits_for_more_than_two_minutes_is_503(house, age, ok):
    with house.store.transaction() as tx:
        for n, seconds in enumerate((age, 5)):
            one = page(id=f"{n}" * 32, idempotency=f"{n}", created_at=house.clock() - seconds * SECOND)
            pages.add(tx, one)
            agenda.release_all(tx)
        tx.execute(text("DELETE FROM agenda"))
    assert health(house) == ((200, WELL | {"oldest_page_s": 120.0}) if ok else bad(oldest_page_s=121.0))


def seen(house, name, ago, drift=0.0):
    with house.store.transaction() as tx:
        workers.seen(tx, Worker(name, "threads", house.clock() - ago * SECOND, drift))


def test_nobody_at_work_is_503_once_somebody_was(house):
    seen(house, "a", 59)
    assert health(house) == (200, WELL | {"workers": 1})
    house.clock.forward(house.clock() + 2 * SECOND)
    assert health(house) == bad()


def test_the_largest_drift_of_the_living_is_told_with_its_sign(house):
    seen(house, "a", 1, 0.3)
    seen(house, "b", 1, -7200.0)
    seen(house, "c", 99, 9000.0)
    assert health(house) == (200, WELL | {"workers": 2, "drift_s": -7200.0})


def exhaust(house):
    incident = house.opens()
    with house.store.transaction() as tx:
        incidents.change(tx, incident, paging=Paging.EXHAUSTED)
        tx.execute(text("DELETE FROM agenda"))
    return incident


def test_an_incident_nobody_answers_is_loud_until_it_is_over(house):
    incident = exhaust(house)
    assert health(house) == bad(exhausted=[1])
    with house.store.transaction() as tx:
        incidents.change(tx, incidents.get(tx, incident.id), paging=Paging.ACKED)
    assert health(house) == (200, WELL)


def bury(house):
    with house.store.transaction() as tx:
        state = endpoints.lock(tx, "email", "li@xinghe.example")
        endpoints.bury(tx, state.key, house.clock())


def test_a_dead_address_is_told_but_others_carry_on(house):
    bury(house)
    assert health(house) == (200, WELL | {"dead_endpoints": 1})


def test_a_store_that_is_away_is_503_and_a_clear_screen_without_internals(house):
    browser = house.signed_in("li")
    with house.store.engine.begin() as tx:
        tx.execute(text("ALTER TABLE agenda RENAME TO gone"))
        tx.execute(text("ALTER TABLE sessions RENAME TO gone_too"))
    unseen = dict.fromkeys(WELL) | {"ok": False, "store": "away", "beat_age_s": 0.2, "sources": {}, "exhausted": []}
    assert health(house) == (503, unseen)
    for path in ("/incidents", "/watching"):
        screen = browser.get(path)
        assert screen.status_code == 503
        assert "数据库没有应答" in screen.text
        assert "sqlite" not in screen.text.lower()
        assert "no such table" not in screen.text


def lines(house, lang="zh", person="li"):
    """The headline and the lines of /watching, tags taken out."""
    browser = house.signed_in(person)
    if lang == "en":
        browser.get("/language?to=en&back=/watching")
    html = browser.get("/watching").text
    main = html[html.index("<h1>") : html.index("</main>")]
    plain = [re.sub(r"<[^>]+>", " ", one) for one in re.findall(r"<h1>.*?</h1>|<li>.*?</li>", main, re.S)]
    return [" ".join(unescape(one).split()) for one in plain]


def test_people_read_that_they_may_believe_the_silence(house):
    seen(house, "a", 1)
    head, *found = lines(house)
    assert head == "现在的安静可以相信"
    assert found == [
        "外部心跳 · 请留意 没有设置：服务整个停掉时，外面没有人会知道（service.toml: watching.heartbeat_url）。",
        "每日自检 · 未知 还没有发过，下一次 09:30",
        "无人应答的事件 · 正常 没有",
        "心跳 · 正常 0 秒前看过待办",
        "在岗进程 · 正常 1 个，60 秒内都报到过",
        "待办 · 正常 按时，最多拖 0 秒",
        "等待投递的呼叫 · 正常 没有等太久的",
        "来源 · 正常 2 个都听得到",
        "放弃的任务 · 正常 没有",
        "失效的呼叫地址 · 正常 没有",
        "时钟 · 正常 与系统时钟一致",
    ]


def test_people_read_what_is_wrong_worst_first_and_where_to_look(house):
    exhaust(house)
    house.hears("weibo-keyword", Health.BLIND, house.clock())
    seen(house, "a", 1, 7200.0)
    bury(house)
    head, *found = lines(house, "en")
    assert head == "Do not believe the silence"
    assert found[:4] == [
        "Incidents nobody answers · wrong #1: everybody was called and nobody took it. Phone them now. Look",
        "Sources · wrong Not heard: weibo-keyword. No mentions does not mean that nobody speaks. Look",
        "Dead addresses · note 1 refused again and again; these people are called another way Look",
        "Clock · note The machine's clock is 2 h off; timers go by the service's own time. Check time synchronisation.",
    ]


def daily_pages(house, *statuses, ago=timedelta(hours=1)):
    at = house.clock() - ago
    with house.store.transaction() as tx:
        for n, status in enumerate(statuses):
            turn = f"{at.astimezone(house.room.zone):%Y-%m-%d}"
            one = page(id=f"{n}" * 32, reason="daily", incident="", idempotency=f"daily:{turn}:p{n}", created_at=at)
            pages.add(tx, replace(one, level=Level.BLUE))
            pages.note_try(tx, one, Try(one.id, at, status == PageStatus.ACCEPTED, "250", "", 9), status)
        tx.execute(text("DELETE FROM agenda"))


@pytest.mark.parametrize(
    ("statuses", "ago", "said"),
    [
        ((PageStatus.ACCEPTED, PageStatus.UNVERIFIED), 1, "每日自检 · 正常 2/2 条已送达"),
        ((PageStatus.ACCEPTED, PageStatus.WAITING), 1, "每日自检 · 正常 1/2 条已送达"),
        (
            (PageStatus.ACCEPTED, PageStatus.FAILED),
            1,
            f"每日自检 · 不正常 最近一次送达 1/2 条{OR_NONE}",
        ),
        ((PageStatus.ACCEPTED,), 25, f"每日自检 · 不正常 最近一次送达 1/1 条{OR_NONE}"),
    ],
)
def test_people_read_whether_the_daily_page_arrived(house, statuses, ago, said):
    daily_pages(house, *statuses, ago=timedelta(hours=ago))
    assert said in lines(house)


def test_the_screen_is_for_people_who_are_signed_in(house):
    assert house.browser().get("/watching").headers["location"] == "/sign-in?next=%2Fwatching"
