"""The screen of the thresholds: tried on the past, saved with a reason, gone back from, never lost by an error."""

import re

import pytest

from config.watch import Thresholds
from monitor import tuning
from store import incidents, journal, versions
from store.nouns import IncidentStatus
from tests.desk.house import MINUTE


@pytest.fixture
def lived(house):
    """Six ordinary days, then two voices on two platforms tell of the same trouble: one fewer than calls."""
    for step in range(0, 6 * 24, 2):
        house.clock.forward(house.clock() + 120 * MINUTE)
        calm = [("weibo", f"路人{step}-{n}", "", f"星禾茶饮今天排队{step}", "", -n) for n in range(3)]
        house.heard(calm, house.clock() - MINUTE)
    house.clock.forward(house.clock() + 30 * MINUTE)
    house.heard([*calm, *TROUBLE], house.clock() - MINUTE)
    house.clock.forward(house.clock() + 30 * MINUTE)
    return house


TROUBLE = (
    ("weibo", "南京小雨", "", "星禾茶饮喝完就拉肚子", "拉肚子", -2),
    ("news", "城市晚报", "", "有顾客称喝星禾茶饮后拉肚子", "拉肚子", -1),
)
MORE = {"preset": "own", "cluster_authors": "2"}


def number(html, name="base"):
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def form(house, **more):
    """The form as it stands, with what a person types."""
    html = house.signed_in("ops").get("/thresholds").text
    values = {key: str(value) for key, value in tuning.body_of(Thresholds()).items()}
    return {"base": number(html), "preset": "balanced", "days": "30", "budget": "", "do": "try"} | values | more


def saved(house):
    with house.store.reading() as tx:
        return list(reversed(versions.history(tx, tuning.KIND)))


def counted(house):
    with house.store.reading() as tx:
        return tuning.in_force(tx, house.room.settings.watch.thresholds)


def test_trying_shows_what_is_gained_and_changes_nothing(lived):
    ops = lived.signed_in("ops")
    html = ops.post("/thresholds", **form(lived, **MORE)).text
    assert "呼叫 0 次 → 1 次" in html
    assert "新增 1" in html
    assert "减少 0" in html
    assert "2 位作者说的是同一类风险（拉肚子）" in html
    first = re.search(r'href="/mentions/([0-9a-f]{32})"', html)[1]
    assert ops.get(f"/mentions/{first}").status_code == 200
    assert '<svg class="chart"' in html
    assert html.count('class="page-mark"') == 1
    assert saved(lived) == []
    assert counted(lived).number == 0


def test_what_was_tried_is_saved_with_reason_and_figures_and_signed_by_a_second_person(lived):
    ops = lived.signed_in("ops")
    tried = form(lived, **MORE)
    assert ops.post("/thresholds", **tried | {"do": "save", "reason": "短"}).status_code == 400
    assert saved(lived) == []
    done = ops.post("/thresholds", **tried | {"do": "save", "reason": "新品期间宁可多叫"})
    assert (done.status_code, done.headers["location"]) == (303, "/thresholds?done=saved")
    (made,) = saved(lived)
    assert (made.number, made.author, made.reason) == (1, "ops", "新品期间宁可多叫")
    assert made.body["cluster_authors"] == 2
    (figures,) = made.figures["brands"]
    assert (figures["brand"], figures["pages"], figures["gained"], figures["lost"]) == ("xinghe", [0, 1], 1, 0)
    assert counted(lived).thresholds == Thresholds(cluster_authors=2)
    html = ops.get("/thresholds?done=saved").text
    assert f"阈值 {made.sha256[:6]}" in html
    assert "新品期间宁可多叫" in html
    assert "还没有第二人复核" in html
    assert ops.post("/thresholds/sign", on="/thresholds", number="1").status_code == 409
    wang = lived.signed_in("wang")
    assert wang.post("/thresholds/sign", on="/thresholds", number="1").status_code == 303
    assert "王总监 已复核" in wang.get("/thresholds").text
    with lived.store.reading() as tx:
        assert [(one.who, one.what) for one in journal.entries(tx, "thresholds")] == [
            ("ops", "thresholds_saved"),
            ("wang", "thresholds_signed"),
        ]


def test_going_back_is_a_new_version_with_the_old_body(lived):
    ops = lived.signed_in("ops")
    for preset in ("cautious", "quiet"):
        answer = ops.post("/thresholds", **form(lived, preset=preset, do="save", reason=f"改成{preset}档"))
        assert answer.status_code == 303
    back = ops.post("/thresholds/back", on="/thresholds", base="2", to="1", reason="太安静了，退回")
    assert (back.status_code, back.headers["location"]) == (303, "/thresholds?done=back")
    first, _, third = saved(lived)
    assert (third.number, third.body, third.sha256, third.reason) == (3, first.body, first.sha256, "太安静了，退回")
    assert counted(lived).thresholds == tuning.preset("cautious", Thresholds())
    assert ops.post("/thresholds/back", on="/thresholds", base="3", to="0", reason="退回设置文件").status_code == 303
    assert counted(lived).thresholds == Thresholds()


def test_of_two_who_save_at_once_the_second_is_told_and_loses_nothing(lived):
    ops, wang = lived.signed_in("ops"), lived.signed_in("wang")
    mine, theirs = form(lived, preset="cautious"), form(lived, preset="quiet")
    assert ops.post("/thresholds", **mine | {"do": "save", "reason": "我先来的"}).status_code == 303
    late = wang.post("/thresholds", **theirs | {"do": "save", "reason": "我也要改"})
    assert late.status_code == 409
    assert "孙运维 在" in late.text
    assert "保存了版本 1" in late.text
    assert 'value="我也要改"' in late.text
    assert re.search(r'value="quiet" checked', late.text)
    assert [one.author for one in saved(lived)] == ["ops"]
    again = wang.post("/thresholds", **theirs | {"do": "save", "reason": "我也要改", "base": number(late.text)})
    assert again.status_code == 303
    assert [one.author for one in saved(lived)] == ["ops", "wang"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("rarity", "9", "罕见度：1 到 6。（写的是“9”）"),
        ("voices", "一", "最少条数：2 或更多。（写的是“一”）"),
        ("cooldown", "明天", "冷却期：时长，例如 60m、24h。（写的是“明天”）"),
        ("negative", "nan", "负面占比：0.05 到 1。（写的是“nan”）"),
        ("budget", "-3", "每个品牌每周最多呼叫几次：0 到 100。（写的是“-3”）"),
        ("rarity", "<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_a_bad_value_says_what_is_allowed_and_nothing_typed_is_lost(lived, field, value, said):
    ops = lived.signed_in("ops")
    answer = ops.post("/thresholds", **form(lived, preset="own", burn="3.3") | {field: value})
    assert answer.status_code == 400
    assert said in answer.text
    assert "什么都没有改动" in answer.text
    assert 'name="burn" value="3.3"' in answer.text
    assert "<script>alert" not in answer.text
    assert saved(lived) == []


def test_a_budget_chooses_the_rarity_from_the_own_history_and_says_why(lived):
    ops = lived.signed_in("ops")
    loose = form(lived, **MORE, budget="50")
    html = ops.post("/thresholds", **loose).text
    assert "罕见度取最低的 2" in html
    assert 'name="rarity" value="2.0"' in html
    none = ops.post("/thresholds", **loose | {"budget": "0"}).text
    assert "每周 0 次做不到：罕见度取到最高 5" in none


@pytest.mark.parametrize(("person", "status"), [("ops", 303), ("wang", 303), ("li", 403), ("kan", 403), ("zhou", 403)])
def test_who_may_save(lived, person, status):
    browser = lived.signed_in(person)
    fields = form(lived, preset="quiet", do="save", reason="换一档试试")
    assert browser.post("/thresholds", on="/silences", **fields).status_code == status
    assert len(saved(lived)) == (status == 303)
    html = browser.get("/thresholds").text
    assert ("试一试" in html) == (status == 303)


def test_a_form_without_its_token_changes_nothing(lived):
    ops = lived.signed_in("ops")
    answer = ops.http.post("/thresholds", data={**form(lived, preset="quiet", do="save", reason="换一档试试")})
    assert (answer.status_code, saved(lived)) == (403, [])


def test_before_anything_is_stored_there_is_nothing_to_try_it_on(house):
    html = house.signed_in("ops").post("/thresholds", **form(house, preset="quiet")).text
    assert "还没有存下的提及" in html


def test_the_ledger_counts_true_false_and_missed(house):
    house.opens()
    ops = house.signed_in("ops")
    html = ops.get("/thresholds/ledger").text
    assert "值得 0 次，误报 0 次，漏报 0 次" in html
    assert "有人受伤" in html
    assert "李值班</b> 1 次" in html
    wang = house.signed_in("wang")
    tip = {
        "brand": "xinghe",
        "category": "",
        "level": "yellow",
        "title": "门店打架",
        "t0": "",
        "why": "店长来电",
    }
    assert wang.post("/incidents/new", **tip).status_code == 303
    with house.store.transaction() as tx:
        incidents.change(tx, incidents.by_number(tx, 1), status=IncidentStatus.FALSE_ALARM)
    html = ops.get("/thresholds/ledger").text
    assert "值得 0 次，误报 1 次，漏报 1 次" in html
    assert "0 %" in html
    assert re.search(r'href="/incidents/2">#2 门店打架</a> <span class="beside">[^<]* · 王总监', html)
