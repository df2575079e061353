"""The escalation as people read it: who is called when, by the rota as it is now, and what happens at the end."""

import re
from datetime import timedelta
from functools import partial

import pytest

from alerts import escalation
from alerts.escalation import Policy
from config.team import Endpoint, FirstHour, Profile, Specialist
from desk.screens.policy import Call, Rehearsal, rehearse
from desk.words import WORDS
from store import endpoints, journal
from store.endpoints import key_of
from tests.desk.house import MINUTE
from tests.desk.test_people import ROTAS, part, swap, with_rota, words

ROOM = "https://open.feishu.example/hook/9f1c-secret-path"


@pytest.fixture
def crewed(house):
    ways = (Endpoint(channel="email", address="chen@xinghe.example"), Endpoint(channel="feishu", address=ROOM))
    third = Endpoint(channel="twilio_sms", address="+8613800005678")
    return with_rota(house, chen={"endpoint": (*ways, third)})


def ladder(html):
    """(moment, what happens) of each line of the dry run."""
    found = html[html.index('class="ladder"') :].partition("</ol>")[0]
    rows = re.findall(r"<li><b>([^<]+)</b>(.*?)</li>", found, re.DOTALL)
    return [(at, words(what).strip()) for at, what in rows]


def test_the_dry_run_says_who_is_called_when_if_a_red_incident_opened_now(crewed):
    html = crewed.signed_in("kan").get("/policy").text
    assert ladder(html) == [
        ("14:00", "立刻 · 值班 陈备班 邮件 c…@xinghe.example + 飞书 open.feishu.example"),
        ("14:05", "+5 分钟 · 备班 李值班 邮件 l…@xinghe.example"),
        ("14:10", "+10 分钟 · 负责人 王总监 邮件 w…@xinghe.example"),
        (
            "14:15",
            "+15 分钟 · 值班组 + 高层 李值班 邮件 l…@xinghe.example"
            " 陈备班 邮件 c…@xinghe.example + 飞书 open.feishu.example 赵发言人 邮件 z…@xinghe.example",
        ),
        ("14:30", "从头再来一遍（第 2 遍，共 3 遍）"),
        ("15:00", "从头再来一遍（第 3 遍，共 3 遍）"),
        ("15:30", "无人应答：同时呼叫小组所有人，所有屏幕上大声显示。"),
    ]
    assert "secret-path" not in html
    assert "首次公开回应自事发起 60 分钟内" in html


def test_the_dry_run_follows_a_swap_an_absence_and_a_dead_address(crewed):
    wang = crewed.signed_in("wang")
    wang.post("/people/overrides", on="/people", **swap(person="zhou"))
    away = {"person": "li", "since": "", "until": "2026-03-13T00:00", "reason": "病假"}
    wang.post("/people/absences", on="/people", **away)
    with crewed.store.transaction() as tx:
        endpoints.note_failure(tx, "email", "zhou@xinghe.example", crewed.clock(), "550")
        endpoints.bury(tx, key_of("email", "zhou@xinghe.example"), crewed.clock())
    rows = ladder(wang.get("/policy").text)
    assert rows[0] == ("14:00", "立刻 · 值班 周法务 邮件 z…@xinghe.example （已失效）")
    assert rows[1][1].startswith("+5 分钟 · 备班 陈备班")
    assert "李值班" not in rows[3][1]


def test_a_step_that_reaches_nobody_is_said_and_the_next_one_comes_at_once(house):
    with_rota(house, ROTAS[:1], wang={"endpoint": ()}, chen={"endpoint": ()}, li={"endpoint": ()})
    rows = ladder(house.signed_in("li").get("/policy").text)
    assert rows == [
        ("14:00", "立刻 · 值班 叫不到人，立即走下一步"),
        ("14:00", "立刻 · 备班 · 上一步没有叫到人，提前 叫不到人，立即走下一步"),
        ("14:00", "立刻 · 负责人 · 上一步没有叫到人，提前 叫不到人，立即走下一步"),
        ("14:00", "立刻 · 值班组 + 高层 · 上一步没有叫到人，提前 赵发言人 邮件 z…@xinghe.example"),
        ("14:15", "从头再来一遍（第 2 遍，共 3 遍）"),
        ("14:30", "从头再来一遍（第 3 遍，共 3 遍）"),
        ("14:45", "无人应答：同时呼叫小组所有人，所有屏幕上大声显示。"),
    ]


def test_when_nobody_can_be_reached_at_all_it_is_over_at_once(crewed):
    policy = Policy(((0 * MINUTE, ("duty",)), (5 * MINUTE, ("lead",))), 2, 15 * MINUTE, 20 * MINUTE)
    now = crewed.clock()
    found = rehearse(policy, now, lambda duty, at: [])
    assert [(one.at, one.walk, one.early) for one in found.calls] == [
        (now, 1, False),
        (now, 1, True),
        (now, 2, True),
        (now, 2, True),
    ]
    people = crewed.room.settings.team.person[:1]
    whole = rehearse(policy, now, lambda duty, at: people)
    call = partial(Call, people=people, early=False)
    assert whole == Rehearsal(
        (
            call(now, 1, ("duty",)),
            call(now + 5 * MINUTE, 1, ("lead",)),
            call(now + 20 * MINUTE, 2, ("duty",)),
            call(now + 25 * MINUTE, 2, ("lead",)),
        ),
        exhausted_at=now + 40 * MINUTE,
    )
    assert [one.at for one in whole.calls] == [escalation.moment(policy, now, step) for step in range(4)]


def test_people_are_those_of_the_moment_of_the_call_not_of_now(crewed):
    """Over a hand-over at nine the later steps call the next one."""
    crewed.clock.forward(crewed.clock() + timedelta(days=3, hours=18, minutes=52))
    rows = ladder(crewed.signed_in("li").get("/policy").text)
    assert [rows[0][0], rows[2][0]] == ["08:52", "09:02"]
    assert rows[0][1].startswith("立刻 · 值班 陈备班")
    assert rows[1][1].startswith("+5 分钟 · 备班 李值班")
    crewed.clock.forward(crewed.clock() + 4 * MINUTE)
    assert ladder(crewed.signed_in("li").get("/policy").text)[1][1].startswith("+5 分钟 · 备班 陈备班")


def test_the_rules_stand_there_as_sentences_with_the_key_to_change(crewed):
    html = crewed.signed_in("li").get("/policy").text
    steps = part(html, "谁、什么时候</h2>")
    assert "立刻 值班 现在：陈备班 +5 分钟 备班 现在：李值班 +10 分钟 负责人 现在：王总监" in steps
    assert "值班组 现在：李值班、陈备班 + 高层 现在：赵发言人" in steps
    assert "隔 15 分钟再走一遍，共 3 遍 cycles cycle" in steps
    assert "停止呼叫；20 分钟没有动作，从头重新呼叫 ack_expires" in steps
    hour = part(html, "首响承诺</h2>")
    assert "自事发 60 分钟内首次公开回应" in hour
    assert "第 15 / 30 / 45 / 50 / 55 分钟 reminders" in hour
    assert "所有类别同一个承诺" in hour
    assert "食品安全 未指定" in hour
    assert "config/team.toml" in html
    assert "<form" not in html[html.index("<main") :]


def test_a_shorter_promise_and_who_else_is_called_are_told_by_category(crewed):
    team = crewed.room.settings.team
    escalated = team.escalation.model_copy(
        update={"specialists": (Specialist(role="food_safety_lead", call=("lead",)), Specialist(role="ciso", call=()))}
    )
    profile = Profile(categories=("food_safety",), levels=("red",), promise=30 * MINUTE, reminders=(10 * MINUTE,))
    with_rota(crewed, rules={"escalation": escalated, "first_hour": FirstHour(profile=(profile,))})
    hour = part(crewed.signed_in("li").get("/policy").text, "首响承诺</h2>")
    name = crewed.room.taxonomy.name("food_safety", "zh")
    assert f"{name} 红 严重 30 分钟内回应，第 10 分钟提醒" in hour
    assert "橙 30 分钟内回应" not in hour
    assert f"{name} 食品安全 现在： 王总监 · 供应链 未指定 · 法务 现在： 周法务" in hour
    assert "信息安全 不呼叫" in hour


def test_every_role_the_taxonomy_calls_for_has_a_name(house):
    roles = {role for one in house.room.taxonomy.categories for role in one.page}
    assert {role for role in roles if not {f"policy_role_{role}", f"people_duty_{role}"} & set(WORDS)} == set()


def test_looking_changes_nothing_and_speaks_english(crewed):
    before = crewed.all_states()
    li = crewed.signed_in("li")
    li.http.cookies.set("lang", "en")
    html = li.get("/policy").text
    left = set(re.findall(r"[一-鿿]+", words(html))) - {"中文", "星禾茶饮"}
    assert left <= {one.name for one in crewed.room.settings.team.person}
    assert crewed.all_states() == before
    with crewed.store.reading() as tx:
        assert journal.count(tx) == before[1]
