"""Quiet on purpose: people set, see and end silences and campaigns, within their limits and roles."""

from datetime import timedelta

import pytest

from store import incidents, journal, spells
from store.nouns import Level, Paging, Spell, Window
from tests.desk.house import MINUTE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENCE = {"brand": "xinghe", "category": "", "level": "yellow", "hours": "4", "since": "", "reason": "门店停电检修"}
CAMPAIGN = {
    "brand": "xinghe",
    "name": "秋季新品",
    "factor": "3",
    "since": "2026-03-13T09:00",
    "until": "2026-03-15T21:00",
    "reason": "十城同时上市",
}
POISON = "<script>alert(1)</script>\"' onmouseover=alert(3) {{ 7*7 }}"


def kept(house):
    with house.store.reading() as tx:
        now = house.clock()
        return [one for kind in Window for one in spells.between(tx, kind, now - 30 * DAY, now + 100 * DAY)]


def told(house, spell):
    with house.store.reading() as tx:
        return [(one.who, one.what, one.why) for one in journal.entries(tx, f"spell:{spell.id}")]


def test_a_silence_is_set_seen_by_everybody_and_ended(house):
    li, now = house.signed_in("li"), house.clock()
    assert "现在没有静默" in li.get("/silences").text
    answer = li.post("/silences/silence", on="/silences", **SILENCE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/silences?done=silence")
    (made,) = kept(house)
    assert made == Spell(
        made.id, Window.SILENCE, now, now + 4 * HOUR, "li", "门店停电检修", now, brand="xinghe", level=Level.YELLOW
    )
    house.clock.forward(now + 90 * MINUTE)
    seen = house.signed_in("kan").get("/silences").text
    assert "还剩 2 小时" in seen
    assert "门店停电检修" in seen
    assert "李值班 设于 3月12日 14:00" in seen
    assert "全部话题" in seen
    assert "/end" not in seen
    chen = house.signed_in("chen")
    ended = chen.post(f"/spells/{made.id}/end", on="/silences")
    assert (ended.status_code, ended.headers["location"]) == (303, "/silences?done=ended")
    after = chen.get("/silences?done=ended").text
    assert "已结束。" in after
    assert "现在没有静默" in after
    assert "陈备班 提前结束于 3月12日 15:30" in after
    assert told(house, made) == [("li", "silence_set", "门店停电检修"), ("chen", "spell_ended", "")]
    assert chen.post(f"/spells/{made.id}/end", on="/silences").status_code == 409


def test_a_campaign_is_planned_ahead_and_says_that_it_mutes_nothing(house):
    wang, now = house.signed_in("wang"), house.clock()
    assert wang.post("/silences/campaign", on="/silences", **CAMPAIGN).status_code == 303
    (made,) = kept(house)
    since, until = now + 19 * HOUR, now + 79 * HOUR
    assert made == Spell(
        made.id, Window.CAMPAIGN, since, until, "wang", "秋季新品\n十城同时上市", now, brand="xinghe", factor=3.0
    )
    html = wang.get("/silences").text
    planned = html[html.index("还没开始") :]
    assert "3月13日 09:00 开始" in planned
    assert "声量门槛 3 倍" in planned
    assert "<b>秋季新品</b> · 十城同时上市" in planned
    assert "活动只提高声量门槛，不静音" in html
    house.clock.forward(since + MINUTE)
    again = house.signed_in("wang").get("/silences").text
    assert "还剩 2 天" in again
    assert "还没开始" not in again


@pytest.mark.parametrize(
    ("person", "changes", "status"),
    [
        ("li", {"brand": ""}, 400),
        ("li", {"brand": "all"}, 400),
        ("li", {"category": "weather"}, 400),
        ("li", {"level": "none"}, 400),
        ("li", {"level": "purple"}, 400),
        ("li", {"hours": "25"}, 400),
        ("li", {"reason": "检修"}, 400),
        ("li", {"since": "2026-03-12T13:00"}, 400),
        ("li", {"since": "2026-03-27T13:00"}, 400),
        ("li", {"since": "明天"}, 400),
        ("li", {"level": "orange"}, 403),
        ("ops", {"level": "red"}, 403),
        ("kan", {}, 403),
        ("zhao", {}, 403),
        ("zhou", {}, 403),
    ],
)
def test_what_a_silence_may_not_be_changes_nothing(house, person, changes, status):
    browser = house.signed_in(person)
    before = house.all_states()
    answer = browser.post("/silences/silence", on="/silences", **SILENCE | changes)
    assert (answer.status_code, kept(house), house.all_states()) == (status, [], before)


@pytest.mark.parametrize(
    ("person", "changes", "status"),
    [
        ("li", {"factor": "9"}, 400),
        ("li", {"factor": "nan"}, 400),
        ("li", {"name": ""}, 400),
        ("li", {"until": ""}, 400),
        ("li", {"until": "2026-03-28T09:00"}, 400),
        ("li", {"until": "2026-03-13T09:00"}, 400),
        ("kan", {}, 403),
    ],
)
def test_what_a_campaign_may_not_be_changes_nothing(house, person, changes, status):
    answer = house.signed_in(person).post("/silences/campaign", on="/silences", **CAMPAIGN | changes)
    assert (answer.status_code, kept(house)) == (status, [])


def test_only_a_lead_is_offered_and_may_hold_back_red(house):
    assert '<option value="red">' not in house.signed_in("li").get("/silences").text
    wang = house.signed_in("wang")
    assert '<option value="red">' in wang.get("/silences").text
    assert wang.post("/silences/silence", on="/silences", **SILENCE | {"level": "red"}).status_code == 303
    assert [one.level for one in kept(house)] == [Level.RED]
    assert "红 严重" in wang.get("/silences").text


def test_a_silence_names_what_it_holds_back_and_what_stands_beside_a_graver_incident(house):
    graver = house.opens()
    wang = house.signed_in("wang")
    wang.post("/silences/silence", on="/silences", **SILENCE)
    (made,) = kept(house)
    with house.store.transaction() as tx:
        for number, topic, hushed in ((2, "service", f"silence:{made.id}"), (3, "labour", f"incident:{graver.id}")):
            low = {"category": topic, "key": f"xinghe:{topic}", "title": f"排队太久 {topic}", "level": Level.YELLOW}
            fields = {name: getattr(graver, name) for name in graver.__dataclass_fields__}
            one = type(graver)(**fields | low | {"id": house.ids(), "number": number})
            assert incidents.add(tx, one)
            incidents.change(tx, one, paging=Paging.SILENCED, hushed=hushed)
    html = wang.get("/silences").text
    active = html[html.index("正拦住：") : html.index("</article>")]
    assert "#2 排队太久 service" in active
    assert "#3" not in active
    beside = html[html.index("因同品牌更高等级的事件而不呼叫") :]
    assert "#3 排队太久 labour</a>" in beside
    assert "让位于 #1" in beside


def test_what_was_never_there_cannot_be_ended_and_others_absences_not_by_duty(house):
    li = house.signed_in("li")
    assert li.post("/spells/nothing/end", on="/silences").status_code == 409
    away = Spell(
        "a" * 32, Window.ABSENCE, house.clock(), house.clock() + DAY, "zhao", "休假", house.clock(), person="zhao"
    )
    with house.store.transaction() as tx:
        spells.add(tx, away)
    assert li.post(f"/spells/{away.id}/end", on="/silences").status_code == 403
    assert kept(house) == [away]


def test_what_people_write_is_inert_and_forms_need_their_token(house):
    wang = house.signed_in("wang")
    wang.post("/silences/silence", on="/silences", **SILENCE | {"reason": POISON})
    wang.post("/silences/campaign", on="/silences", **CAMPAIGN | {"name": POISON[:40], "reason": POISON})
    for lang in ("zh", "en"):
        wang.http.cookies.set("lang", lang)
        html = wang.get("/silences").text
        assert "<script>alert" not in html
        assert '" onmouseover' not in html
        assert " 49 " not in html
        assert "alert(1)" in html
    assert len(kept(house)) == 2
    assert wang.http.post("/silences/silence", data=SILENCE).status_code == 403
    assert wang.http.post(f"/spells/{kept(house)[0].id}/end", data={}).status_code == 403
    assert len([one for one in kept(house) if one.ended_at is None]) == 2


def test_the_english_screen_is_english(house):
    wang = house.signed_in("wang")
    wang.post("/silences/silence", on="/silences", **SILENCE | {"reason": "planned work"})
    wang.http.cookies.set("lang", "en")
    html = wang.get("/silences").text
    assert "3 h left" not in html
    assert "4 h left" in html
    assert "set by 王总监, 12 Mar 14:00" in html
    assert "A silence holds back calls only" in html
