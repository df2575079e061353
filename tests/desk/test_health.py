"""/health tells a monitor the truth: well, blind, stuck or without a store; and nothing it should not tell."""

from datetime import timedelta

from sqlalchemy import text

from store import agenda
from store.agenda import Job
from store.nouns import Health

WELL = {
    "ok": True,
    "store": "ok",
    "agenda_lag_s": 0.0,
    "dead": 0,
    "sources": {"city-news": "ok", "weibo-keyword": "ok"},
    "beat_age_s": 0.2,
}


def health(house):
    answer = house.browser().get("/health")
    return answer.status_code, answer.json()


def test_all_is_well(house):
    assert health(house) == (200, WELL)


def test_a_blind_source_is_503(house):
    house.hears("weibo-keyword", Health.BLIND, house.clock())
    assert health(house) == (503, WELL | {"ok": False, "sources": {"city-news": "ok", "weibo-keyword": "blind"}})


def test_sources_nobody_reads_any_more_are_503(house):
    house.clock.forward(house.clock() + timedelta(minutes=11))
    assert health(house) == (503, WELL | {"ok": False, "sources": {"city-news": "stalled", "weibo-keyword": "stalled"}})


def test_work_that_waits_too_long_is_503(house):
    with house.store.transaction() as tx:
        agenda.promise(tx, Job.PAGE, "p1", house.clock() - timedelta(seconds=61))
    assert health(house) == (503, WELL | {"ok": False, "agenda_lag_s": 61.0})


def test_a_runner_that_does_not_beat_is_503(house):
    house.beat_age_s = 31.0
    assert health(house) == (503, WELL | {"ok": False, "beat_age_s": 31.0})


def test_a_job_that_died_is_told_but_the_watcher_still_works(house):
    with house.store.transaction() as tx:
        agenda.promise(tx, Job.PAGE, "p1", house.clock())
        (task,) = agenda.claim(tx, house.clock(), 1, timedelta(seconds=15), house.ids)
        agenda.fail(tx, task, "refused", house.clock(), permanent=True)
    assert health(house) == (200, WELL | {"dead": 1})


def test_a_store_that_is_away_is_503_and_a_clear_screen_without_internals(house):
    browser = house.signed_in("li")
    with house.store.engine.begin() as tx:
        tx.execute(text("ALTER TABLE agenda RENAME TO gone"))
        tx.execute(text("ALTER TABLE sessions RENAME TO gone_too"))
    away = {"ok": False, "store": "away", "agenda_lag_s": None, "dead": None, "sources": {}, "beat_age_s": 0.2}
    assert health(house) == (503, away)
    screen = browser.get("/incidents")
    assert screen.status_code == 503
    assert "数据库没有应答" in screen.text
    assert "sqlite" not in screen.text.lower()
    assert "no such table" not in screen.text
