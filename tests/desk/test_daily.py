"""The daily page comes once a day, whatever was restarted, and says what the day brought."""

from dataclasses import replace
from functools import partial

import pytest

from store import agenda, journal, mentions, pages, sources, volumes
from store.agenda import Job
from store.nouns import Health, Level, Page, PageStatus, RawMention, SourceState, Spike, Try
from tests.desk.watch import SECOND, Watch, given, opened


@pytest.fixture
def watch(store, ids):
    return partial(opened, store, ids)


def told(day: str, *, duty: str = "chen") -> list[tuple[str, str, str]]:
    everybody = (("kim", "email"), (duty, "email"), ("ops", "email"), ("ops", "webhook"))
    return sorted((day, *one) for one in everybody)


def test_once_a_day_the_person_on_duty_and_ops_get_it_over_every_way(watch):
    found = watch().at("14 09:00")
    assert found.daily() == told("12 09:30") + told("13 09:30")


def test_restarts_before_at_and_after_make_no_second_one(watch):
    found = watch().at("12 09:29").start().at("12 09:30").start().at("12 09:31").start()
    found.at("12 18:00").start().at("13 09:00")
    assert found.daily() == told("12 09:30")


def test_a_process_that_ends_in_the_middle_neither_loses_nor_doubles_it(watch):
    found = watch().down_until("12 09:30")
    with found.store.transaction() as tx:
        assert agenda.claim(tx, found.clock(), 5, 15 * SECOND, found.ids)
    found.start().at("12 09:31")
    assert found.daily() == told("12 09:30")


def test_somebody_new_in_the_afternoon_waits_for_tomorrows(watch):
    found = watch().at("12 09:31")
    lead = next(one for one in found.settings.team.person if one.id == "wang")
    people = (*found.settings.team.person, lead.model_copy(update={"id": "new", "roles": ("ops",)}))
    team = found.settings.team.model_copy(update={"person": people})
    found.settings = found.settings.model_copy(update={"team": team})
    found.start()
    with found.store.transaction() as tx:
        agenda.promise(tx, Job.DAILY, "check", found.clock())
    found.at("12 12:00")
    assert found.daily() == told("12 09:30")
    assert [person for _, person, _ in found.at("13 09:31").daily()].count("new") == 1


@pytest.mark.parametrize(("until", "came"), [("12 15:29", "12 15:29"), ("12 15:31", ""), ("13 09:29", "")])
def test_what_was_missed_while_down_comes_once_when_it_is_less_than_six_hours_late(watch, until, came):
    found = watch().at("12 09:10").down_until(until).start().at("13 09:25" if until < "13" else until)
    assert found.daily() == (told(came) if came else [])
    assert found.at("13 09:31").daily() == (told(came) if came else []) + told("13 09:30")


def test_a_first_start_after_the_moment_waits_for_the_next_day(watch):
    assert watch("12 10:00").at("13 09:29").daily() == []


def test_it_can_be_switched_off_and_check_says_what_that_means(watch):
    found = watch(daily="").at("14 12:00")
    assert (found.daily(), found.waiting()) == ([], {})
    (line,) = [one for one in found.settings.service.watching.unwise() if "daily" in one]
    assert line == "service.toml: watching.daily: is off, so a calling that is broken shows only in a crisis"


def test_switching_it_off_ends_what_was_promised(watch):
    found = watch().at("12 09:31")
    found.settings = given(daily="")
    found.start().at("14 12:00")
    assert (found.daily(), found.waiting()) == (told("12 09:30"), {})


@pytest.mark.parametrize("said", ["24:00", "9.30", "09:60", "half past nine"])
def test_a_moment_that_is_none_is_refused(said):
    with pytest.raises(ValueError, match="a quoted local time"):
        type(given().service.watching)(daily=said)


def test_its_figures_are_those_of_the_last_day(watch):
    found = watch("11 09:31")
    spikes(found, ("a", Level.BLUE, 12), ("b", Level.BLUE, 40), ("c", Level.NONE, 9), ("d", Level.BLUE, 21))
    spikes(found, ("e", Level.ORANGE, 99))
    raws = [RawMention(ext_id=str(n), text="星禾茶饮", platform="weibo") for n in range(7)]
    with found.store.transaction() as tx:
        mentions.save(tx, "weibo-keyword", raws, found.clock(), found.ids)
    found.at("12 09:20")
    with found.store.transaction() as tx:
        state = SourceState("city-news", Health.BLIND, "network", "", found.clock(), None, None, 9, None, "", "", 1, 1)
        sources.keep(tx, state)
        sources.keep(
            tx, SourceState("weibo-keyword", Health.OK, "ok", "", found.clock(), None, None, 0, None, "", "", 1, 1)
        )
    one_failed(found)
    found.at("12 09:30")
    assert found.body("ops") == [
        "每日自检：没有收到这条，就是呼叫坏了。收到了，不用做任何事。",
        "",
        "过去 24 小时：",
        "- 读到提及 7 条",
        "- 状态不好的来源 1 个：city-news",
        "- 黄色以下的突增 4 次（不建事件），最大的：",
        "  · 星禾茶饮：b 40 条",
        "  · 星禾茶饮：d 21 条",
        "  · 星禾茶饮：a 12 条",
        "- 新建事件 0 个",
        "- 呼叫送达 1 条，未送达 1 条",
    ]
    assert "  - 星禾茶饮: 40 posts in 30 min, usually about 4" in found.body("kim")
    with found.store.reading() as tx:
        (entry,) = journal.entries(tx, "service")
    assert (entry.what, entry.detail) == ("daily_check", {"people": ["chen", "ops", "kim"], "pages": 4})


def spikes(found: Watch, *told: tuple[str, Level, int]) -> None:
    now = found.clock() + SECOND
    with found.store.transaction() as tx:
        for name, level, count in told:
            why = f"星禾茶饮：{name} {count} 条"
            volumes.save_spike(tx, Spike(name, "xinghe", now, "volume", count, 4.0, 30, 3, why, level, (), "", "", now))


def one_failed(found: Watch) -> None:
    """One page went, one never did."""
    with found.store.transaction() as tx:
        page = Page(
            "1" * 32, "", "li", "email", "li@xinghe.example", "test", "s", "b", "", Level.BLUE, "t1",
            PageStatus.WAITING, found.clock(),
        )  # fmt: skip
        for n, status in enumerate((PageStatus.ACCEPTED, PageStatus.FAILED)):
            one = replace(page, id=f"{n}" * 32, idempotency=f"t{n}")
            pages.add(tx, one)
            pages.note_try(tx, one, Try(one.id, found.clock(), status == PageStatus.ACCEPTED, "250", "", 9), status)
