"""The first hour as stories: facts go in by the feeds, time passes, and the whole outcome is looked at."""

from datetime import datetime, timedelta

from store.nouns import ClockState, IncidentStatus, Level, PageStatus, Paging
from tests.worlds.company import NOON, told

MINUTE = timedelta(minutes=1)
HURT = "星禾茶饮南京门店的奶茶喝出金属丝，孩子在医院检查，有视频"
CRISIS = [
    told(5, HURT, author="柚子妈妈"),
    told(6, "转：" + HURT, author="路人甲"),
    told(7, "星禾奶茶我上周也喝出铁丝，店员说正常", author="路人乙", platform="xiaohongshu"),
    told(8, "Found metal wire in my 星禾茶饮 milk tea, my kid is in the hospital", author="joe", platform="x"),
]
CALM = [told(minute, "星禾奶茶今天半价，味道不错", author=f"茶友{minute}") for minute in range(0, 5)]


def test_from_feed_bytes_to_the_review_sheet(company):
    house = company([*CALM, *CRISIS], scorer="snownlp")
    house.forward(180, people=True)
    found = house.report()
    (incident,) = found["incidents"]
    assert house.people.refused == []
    assert found["mentions"] == len(CALM) + len(CRISIS)
    assert found["journal_ok"]
    assert incident["t0"] == "2026-03-12T06:05:00+00:00"
    assert incident["category"] == "food_safety"
    assert incident["levels"][0]["level"] in ("orange", "red")
    opened = incident["opened_at"]
    assert "2026-03-12T06:05:00" <= opened <= "2026-03-12T06:10:00"
    first = [page for page in incident["pages"] if page["at"] == opened]
    assert {(page["channel"], page["status"]) for page in first} == {("email", "accepted"), ("webhook", "accepted")}
    a_minute_later = (datetime.fromisoformat(opened) + MINUTE).isoformat()
    made = {(draft["kind"], draft["lang"]) for draft in incident["drafts"] if draft["at"] <= a_minute_later}
    assert made == {(kind, lang) for kind in ("holding", "short", "qa") for lang in ("zh", "en")}
    assert [moment[11:16] for moment in incident["clock"]["reminders"]] == ["06:20", "06:35"]
    assert incident["clock"]["state"] == "met"
    assert incident["clock"]["breached_at"] is None
    assert {one["platform"] for one in incident["publications"]} == {"weibo", "x"}
    assert "| 回应后第 1 小时 | 0 | — |" in house.review_sheet()
    assert incident["status"] == "resolved"
    assert {letter.to for letter in house.stage.mailbox.letters()} >= {"chen@xinghe.example"}
    assert {one["channel"] for one in incident["pages"]} == {"email", "webhook"}


def test_nobody_answers_the_walk_is_walked_three_times_then_it_is_loud(company):
    house = company(CRISIS[:1])
    house.forward(110)
    incident = house.incident()
    assert incident.paging == Paging.EXHAUSTED
    assert incident.clock == ClockState.BREACHED
    assert incident.breached_at == NOON + 65 * MINUTE
    calls = [page for page in house.pages() if page.reason == "call"]
    since = incident.detected_at
    at = sorted({(page.created_at - since) // MINUTE for page in calls})
    assert at == [0, 5, 10, 15, 30, 35, 40, 45, 60, 65, 70, 75]
    # Legal is called too: the category asks for it.
    assert {page.person for page in calls} == {"li", "chen", "wang", "zhao", "zhou"}
    loud = [page for page in house.pages() if page.reason == "exhausted"]
    assert {page.person for page in loud} == {"li", "chen", "wang", "zhao", "zhou", "ops"}
    assert {(page.created_at - since) // MINUTE for page in loud} == {90}
    assert {page.status for page in house.pages()} == {PageStatus.ACCEPTED}
    reminders = [page.created_at for page in house.pages() if page.reason == "remind" and page.channel == "email"]
    assert [(at - NOON) // MINUTE for at in sorted(set(reminders))][:5] == [20, 35, 50, 55, 60]


def test_taking_it_stops_the_calls_but_not_the_clock_and_silence_calls_again(company):
    house = company(CRISIS[:1])
    house.forward(11)
    house.take("li")
    house.forward(29)
    assert {page.step for page in house.pages() if page.reason == "call"} == {0}
    assert house.incident().clock == ClockState.RUNNING
    house.forward(33)
    incident = house.incident()
    assert incident.paging == Paging.ACK_EXPIRED
    assert "ack_expired" in house.journal()
    assert len([page for page in house.pages() if page.reason == "call"]) > 2


def test_a_dead_mail_server_loses_nothing_and_the_other_channel_carries_on(company):
    house = company(CRISIS[:1])
    house.stage.mailbox.refuse = True
    house.forward(12)
    by_channel = {page.channel: page for page in house.pages() if page.reason == "call"}
    assert by_channel["webhook"].status == PageStatus.ACCEPTED
    assert by_channel["email"].status == PageStatus.WAITING
    assert by_channel["email"].code == "451"
    house.stage.mailbox.refuse = False
    house.forward(16)
    accepted = [page for page in house.pages() if page.reason == "call" and page.step == 0]
    assert {page.status for page in accepted} == {PageStatus.ACCEPTED}
    keys = [letter.key for letter in house.stage.mailbox.letters()]
    assert sorted(keys) == sorted(set(keys))


def test_a_night_of_downtime_collapses_reminders_and_keeps_the_breach_at_its_time(company):
    house = company(CRISIS[:1])
    house.forward(7)
    house.take("li")
    before = len([page for page in house.pages() if page.reason == "remind"])
    house.sleep_until(70)
    house.forward(70)
    incident = house.incident()
    assert incident.breached_at == NOON + 65 * MINUTE
    reminders = [page for page in house.pages() if page.reason in ("remind", "breach") and page.person == "li"]
    assert before == 0
    assert {page.reason for page in reminders} == {"breach"}


def test_a_happy_crowd_calls_nobody(company):
    house = company([told(m / 4, f"星禾奶茶新品太好喝了，推荐第{m}杯", author=f"茶友{m}") for m in range(60)])
    house.forward(60)
    assert house.incidents() == []
    assert house.stage.mailbox.letters() == []


def test_rumour_words_and_slang_call_nobody(company):
    house = company(
        [
            told(1, "星禾奶茶好吃到爆炸，喝完直接升天", author="a"),
            told(2, "网传星禾奶茶要涨价，真的假的", author="b"),
            told(3, "星禾奶茶这个联名杯太上头了，中毒太深", author="c"),
            told(4, "星禾村的樱花开了，喝着茶看", author="d"),
        ]
    )
    house.forward(30)
    assert house.incidents() == []


def test_followers_join_the_incident_and_a_rise_calls_again_once(company):
    more = [
        told(20 + n / 2, f"星禾奶茶喝出金属丝，孩子送医院了，店里要求删帖，有录音{n}", author=f"转发{n}", platform=p)
        for n, p in enumerate(("weibo", "douyin", "xiaohongshu", "news", "zhihu", "weibo") * 2)
    ]
    house = company([*CRISIS[:1], *more])
    house.forward(8)
    house.take("li")
    house.forward(29)
    incident = house.incident()
    assert incident.level == Level.RED
    assert house.journal().count("level_raised") == 1
    assert house.journal().count("incident_opened") == 1
    again = [page for page in house.pages() if page.reason == "call" and page.created_at > NOON + 15 * MINUTE]
    assert again
    assert incident.status == IncidentStatus.OPEN


def test_hostile_words_travel_as_words(company):
    nasty = HURT + "<script>alert(1)</script> {{ 7*7 }} {% for x in y %} @所有人 \u202e" + "长" * 100_000
    house = company([told(5, nasty, author="<b>坏人</b>")])
    house.forward(12)
    (kept,) = house.mentions()
    assert "<script>" not in kept.mention.text
    assert len(kept.mention.text) <= 20_000
    letter = house.stage.mailbox.letters()[0]
    assert "@所有人" not in letter.body
    assert "\u202e" not in letter.body
    assert len(letter.subject) <= 64
    assert house.report()["incidents"][0]["drafts"]


def test_one_voice_with_a_grave_word_is_yellow_and_others_make_it_orange(company):
    leak = "星禾茶饮会员数据泄露，暗网有人在卖，截图为证"
    house = company(
        [told(5, leak, author="安全小白")]
        + [told(20 + n, f"星禾奶茶信息泄露了吧，刚接到诈骗电话{n}", author=f"顾客{n}") for n in range(4)]
    )
    house.forward(12)
    incident = house.incident()
    assert (incident.level, incident.clock, incident.category) == (Level.YELLOW, ClockState.NONE, "data_breach")
    # Legal hears of the legal clock of a leak at once; the calls are another matter.
    first = [page for page in house.pages() if page.reason == "call"]
    assert {(page.created_at - incident.detected_at) // MINUTE for page in first if page.step == 0} == {1}
    assert {page.channel for page in first} == {"email"}
    house.forward(30)
    incident = house.incident()
    assert (incident.level, incident.clock) == (Level.ORANGE, ClockState.RUNNING)
    assert (incident.t0, incident.due_at) == (NOON + 5 * MINUTE, NOON + 65 * MINUTE)
