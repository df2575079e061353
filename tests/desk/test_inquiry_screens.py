"""The screens of people who wrote to us: who waits and how long still, one tap per answer, no stranger's words act."""

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from desk.screens.times import Times
from desk.words import WORDS
from store import agenda, inquiries, journal
from tests.desk.house import MINUTE, ZONE, hidden

HOUR = 60 * MINUTE
POISON = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' onmouseover=alert(3) {{ 7*7 }} @所有人\r\nX: y\u202e"


def local(house, ago: timedelta = timedelta()) -> str:
    return Times(ZoneInfo(ZONE), house.clock(), "zh").field(house.clock() - ago)


def notes(house, browser, ago: timedelta = timedelta(), **fields):
    given = {
        "kind": "complaint",
        "brand": "xinghe",
        "title": "喝完拉肚子，要求退款",
        "url": "",
        "received": local(house, ago),
    }
    return browser.post("/inquiries", **(given | {"once": house.ids()} | fields))


def kept(house):
    with house.store.reading() as tx:
        return inquiries.listed(tx)


def cards(html: str) -> list[str]:
    """Each waiting card as its plain words."""
    found = re.findall(r'<article class="card inquiry">(.*?)</article>', html, re.DOTALL)
    return [plain(re.sub(r"<form.*?</form>", "", one, flags=re.DOTALL)) for one in found]


def plain(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def at(house, clock: str) -> None:
    house.clock.forward(datetime.fromisoformat(f"2026-{clock}").replace(tzinfo=ZoneInfo(ZONE)))


def test_an_empty_room_says_so_and_teaches_how_it_fills(house):
    html = house.signed_in("li").get("/inquiries").text
    assert "没有人在等我们回复" in html
    assert "时限从对方写来的时候算起" in html
    assert '<button class="main">记下，开始计时</button>' in html


def test_who_waits_longest_over_stands_first_with_words_and_minutes(house):
    browser = house.signed_in("li")
    assert notes(house, browser, title="退款").headers["location"] == "/inquiries?done=noted"
    notes(house, browser, kind="message", title="几点开门", brand="")
    notes(house, browser, 65 * MINUTE, kind="complaint", title="拉肚子")
    html = browser.get("/inquiries?done=noted").text
    assert "已记下，时限从来件时间算起" in html
    assert "3 件在等我们回复" in html
    assert "1 件已超时，排在最前面" in html
    assert cards(html) == [
        "#3 · 投诉 · 星禾茶饮 · 李值班 负责 拉肚子 来件 3月12日 12:55 1 小时前 "
        "确认收到 应在 13:55 前 已超时 5 分钟 初步方案 应在 3月13日 12:55 前 还剩 22 小时 55 分钟",
        "#2 · 即时消息 · 李值班 负责 几点开门 来件 3月12日 14:00 刚刚 回复 应在 14:10 前 还剩 10 分钟（工作时间）",
        "#1 · 投诉 · 星禾茶饮 · 李值班 负责 退款 来件 3月12日 14:00 刚刚 "
        "确认收到 应在 15:00 前 还剩 1 小时 初步方案 应在 3月13日 14:00 前 还剩 24 小时",
    ]
    assert html.count('class="main"') == 1


def test_working_time_is_named_and_stands_still_at_the_weekend(house):
    at(house, "03-13 17:30")
    browser = house.signed_in("li")
    notes(house, browser, kind="email", title="合作询问")
    assert "确认收到 应在 3月16日 10:30 前 还剩 2 小时（工作时间）" in cards(browser.get("/inquiries").text)[0]
    at(house, "03-14 12:00")
    assert (
        "确认收到 应在 3月16日 10:30 前 还剩 1 小时 30 分钟（工作时间） 现在不是工作时间，停着不计"
        in cards(house.signed_in("li").get("/inquiries").text)[0]
    )


def test_one_tap_answers_one_stage_and_the_last_one_closes_it(house):
    browser = house.signed_in("li")
    notes(house, browser)
    house.clock.forward(house.clock() + 5 * MINUTE)
    answer = browser.post("/inquiries/1/answer", on="/inquiries", stage="确认收到", back="list")
    assert answer.headers["location"] == "/inquiries?done=answered"
    assert "确认收到 应在 15:00 前 14:05 已答复 初步方案" in cards(browser.get("/inquiries").text)[0]
    house.clock.forward(house.clock() + 10 * MINUTE)
    browser.post("/inquiries/1/answer", on="/inquiries", stage="初步方案", back="list")
    html = browser.get("/inquiries").text
    assert "没有人在等我们回复" in html
    assert "投诉 · 确认收到 14:05 已答复 · 初步方案 14:15 已答复" in plain(html)


def test_every_stage_that_waits_has_its_own_button(house):
    browser = house.signed_in("li")
    notes(house, browser)
    html = browser.get("/inquiries").text
    assert re.findall(r'action="(/inquiries/\d+/answer)".*?name="stage" value="(.*?)"', html) == [
        ("/inquiries/1/answer", "确认收到"),
        ("/inquiries/1/answer", "初步方案"),
    ]
    assert html.count('aria-label="已答复：确认收到（#1）"') == 1


def test_one_inquiry_tells_its_whole_story(house):
    browser = house.signed_in("li")
    notes(house, browser, 70 * MINUTE, url="https://complaint.example/77")
    browser.post("/inquiries/1/answer", on="/inquiries/1", stage="确认收到", back="one")
    assert browser.post("/inquiries/1/hand-over", on="/inquiries/1", to="wang", back="one").status_code == 303
    closed = browser.post("/inquiries/1/close", on="/inquiries/1", why="同一人重复投诉", back="one")
    assert closed.headers["location"] == "/inquiries/1?done=closed"
    html = browser.get("/inquiries/1").text
    assert (
        '<a href="https://complaint.example/77" rel="noopener noreferrer nofollow" target="_blank">打开原件</a>' in html
    )
    assert "确认收到 应在 13:50 前 14:00 答复，超时 初步方案 应在 3月13日 12:50 前 没有答复" in plain(html)
    assert [plain(one).partition(" ")[2].partition(" ")[2] for one in re.findall(r"<li><time.*?</li>", html)] == [
        "李值班 结束 · 同一人重复投诉",
        "李值班 转给 · 王总监",
        "李值班 已答复 · 确认收到 · 超时",
        "系统 超时 · 确认收到 · 记下时就已超时",
        "李值班 记下来件",
    ]
    assert "<form" not in html.partition("<main")[2]


def test_an_answer_that_was_given_earlier_can_be_noted_with_its_time(house):
    browser = house.signed_in("li")
    notes(house, browser, 30 * MINUTE)
    asked = {"stage": "确认收到", "back": "one"}
    assert (
        browser.post("/inquiries/1/answer", on="/inquiries/1", at=local(house, 31 * MINUTE), **asked).status_code == 400
    )
    assert kept(house)[0].answered == {}
    assert (
        browser.post("/inquiries/1/answer", on="/inquiries/1", at=local(house, 10 * MINUTE), **asked).status_code == 303
    )
    assert "确认收到 应在 14:30 前 13:50 已答复" in plain(browser.get("/inquiries/1").text)


def test_the_field_knows_no_seconds_and_that_is_no_fault(house):
    house.clock.forward(house.clock() + timedelta(seconds=30))
    browser = house.signed_in("li")
    notes(house, browser, received=f"{house.clock().astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M:%S}")
    answer = browser.post("/inquiries/1/answer", on="/inquiries/1", stage="确认收到", at=local(house))
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"received": "昨天"},
        {"received": ""},
        {"received": "0001-01-01T00:00"},
        {"received": "2026-03-12T14:01"},
        {"received": "2026-02-10T13:59"},
        {"kind": "fax"},
        {"brand": "nemo"},
        {"title": " "},
        {"title": "长" * 201},
        {"url": "javascript:alert(1)"},
    ],
)
def test_what_cannot_be_used_is_a_clear_refusal_and_nothing_is_kept(house, fields):
    answer = notes(house, house.signed_in("li"), **fields)
    assert answer.status_code == 400
    assert "现在能做什么" in answer.text
    assert kept(house) == []


def test_a_double_tap_notes_one_inquiry(house):
    browser = house.signed_in("li")
    once = hidden(browser.get("/inquiries").text, "once")
    assert len(once) == 32
    for _ in range(2):
        assert notes(house, browser, once=once).status_code == 303
    assert [one.id for one in kept(house)] == [once]


def test_who_may_only_look_sees_everything_and_changes_nothing(house):
    notes(house, house.signed_in("li"))
    before = kept(house)
    viewer = house.signed_in("kan")
    for path in ("/inquiries", "/inquiries/1"):
        html = viewer.get(path).text
        assert "喝完拉肚子" in html
        assert "<form" not in html.partition("<main")[2]
    posts = {"answer": {"stage": "确认收到"}, "close": {"why": "x"}, "hand-over": {"to": "kan"}}
    for path, fields in posts.items():
        assert viewer.post(f"/inquiries/1/{path}", on="/", **fields).status_code == 403
    assert viewer.post("/inquiries", on="/", kind="complaint", title="x", received=local(house)).status_code == 403
    assert kept(house) == before


def test_strangers_and_forms_without_their_token_are_turned_away(house):
    browser = house.signed_in("li")
    notes(house, browser)
    before = kept(house)
    for path in ("/inquiries", "/inquiries/1/answer", "/inquiries/1/close", "/inquiries/1/hand-over"):
        fields = {"stage": "确认收到", "why": "x", "to": "wang"}
        assert browser.http.post(path, data={**fields, "csrf": "x"}).status_code == 403
        assert house.browser().http.post(path, data=fields).status_code == 403
    assert house.browser().get("/inquiries").headers["location"] == "/sign-in?next=%2Finquiries"
    assert kept(house) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_strangers_write_is_inert_on_every_screen(house, lang):
    browser = house.signed_in("li")
    notes(house, browser, title=POISON, url='https://x.example/?a="><script>alert(4)</script>')
    notes(house, browser, title=POISON, url="https://x.example/?a='onclick='alert(5)")
    browser.post("/inquiries/2/close", on="/inquiries/2", why=POISON)
    browser.http.cookies.set("lang", lang)
    for path in ("/inquiries", "/inquiries/1", "/inquiries/2", "/inquiries?done=<script>alert(6)"):
        html = browser.get(path).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert '" onmouseover' not in html
        assert "'onclick='" not in html
        assert " 49 " not in html
        assert not set("\u202e") & set(html.partition("<h2>日志")[0].partition("<h2>Journal")[0])


def test_an_address_that_leads_elsewhere_is_no_link(house):
    browser = house.signed_in("li")
    notes(house, browser)
    with house.store.transaction() as tx:
        inquiries.change(tx, kept(house)[0].id, url="javascript:alert(1)")
    assert "javascript:" not in browser.get("/inquiries/1").text


@pytest.mark.parametrize("path", ["/inquiries/7", "/inquiries/99999999999999", "/inquiries/x"])
def test_what_does_not_exist_is_a_clear_screen(house, path):
    answer = house.signed_in("li").get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_a_closed_one_cannot_be_changed_any_more(house):
    browser = house.signed_in("li")
    notes(house, browser)
    browser.post("/inquiries/1/close", on="/inquiries/1", why="重复")
    before = kept(house)
    for path, fields in {"answer": {"stage": "确认收到"}, "close": {"why": "x"}, "hand-over": {"to": "wang"}}.items():
        assert browser.post(f"/inquiries/1/{path}", on="/inquiries", **fields).status_code == 409
    assert kept(house) == before


def test_the_brand_switch_shows_its_own_and_those_of_no_brand(house):
    browser = house.signed_in("li")
    notes(house, browser, title="有品牌")
    notes(house, browser, title="没有品牌", brand="")
    with house.store.transaction() as tx:
        inquiries.change(tx, kept(house)[0].id, brand="other")
    browser.http.cookies.set("brand", "xinghe")
    assert [one.partition("负责 ")[2].partition(" ")[0] for one in cards(browser.get("/inquiries").text)] == [
        "没有品牌"
    ]


def test_english_screens_use_no_chinese_words_of_ours(house):
    browser = house.signed_in("ops")
    browser.get("/language?to=en&back=/")
    notes(house, browser, title="Refund", ago=65 * MINUTE)
    browser.post("/inquiries/1/answer", on="/inquiries/1", stage="确认收到")
    for path in ("/inquiries", "/inquiries/1"):
        left = set(re.findall(r"[一-鿿]+", plain(browser.get(path).text)))
        given = {"中文", "孙运维", "星禾茶饮", "投诉", "电子邮件", "即时消息", "售后", "确认收到", "初步方案"}
        assert left - given - {"李值班", "陈备班", "王总监", "赵发言人", "周法务"} == set()


def test_a_note_promises_its_first_look_and_stands_in_the_journal(house):
    browser = house.signed_in("li")
    notes(house, browser)
    (made,) = kept(house)
    with house.store.reading() as tx:
        assert agenda.waiting(tx) == {f"inquiry:{made.id}": house.clock() + 45 * MINUTE}
        assert [(one.who, one.what, one.why) for one in journal.entries(tx, f"inquiry:{made.id}")] == [
            ("li", "inquiry_noted", "喝完拉肚子，要求退款")
        ]


def test_every_deed_of_the_room_has_its_word():
    deeds = ("noted", "warned", "breached", "called", "answered", "closed", "handed_over")
    assert {f"inq_deed_{one}" for one in deeds} - set(WORDS) == set()
