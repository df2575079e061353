"""What a page says: the first line fits a phone, the body is complete without HTML, the first link is the way in."""

import re
from datetime import timedelta

import pytest

from alerts.wording import REASON, Told, body, subject, why
from store.nouns import Level
from tests.alerts.crew import MINUTE, NOW, ZONE, incident, mention, person, team

LINK = "https://gh.example/ack/abc"
POSTS = [
    mention("孩子喝了半夜上吐下泻，现在在医院", minutes=-20),
    mention("三个同事一起喝的，两个住院了", title="避雷", minutes=-15, platform="xiaohongshu"),
]


def told(posts=tuple(POSTS), extra="", **changes) -> Told:
    return Told(incident(**changes), posts, NOW, ZONE, extra)


def test_the_chinese_page_word_for_word():
    assert subject(told(), "call", "zh") == "【红·请接手】星禾茶饮：食品安全（上吐下泻、住院）｜2条｜剩40分"
    assert body(told(), "call", "zh", LINK).split("\n") == [
        "事件 #7 星禾茶饮：食品安全（上吐下泻、住院）",
        "等级：红　事由：请接手",
        "为什么：星禾茶饮：30 分钟 31 条，平时约 4 条；有 2 条说到有人就医",
        "首发：3月12日 13:40　发现：3月12日 13:48　首次回应截止：3月12日 14:40（当地时间）",
        "距首次回应截止还有 40 分钟。",
        "",
        "打开并接手：",
        LINK,
        "",
        "最早的帖子：",
        "- 13:40 weibo「孩子喝了半夜上吐下泻，现在在医院」",
        "- 13:45 xiaohongshu「避雷 三个同事一起喝的，两个住院了」",
    ]


def test_the_english_page_word_for_word():
    said = told(title="Xinghe Tea: food safety", why="31 posts in 30 minutes, usually 4")
    assert subject(said, "call", "en") == "[RED] please take it: Xinghe Tea: food safety | 40 min left"
    assert body(said, "call", "en", LINK).split("\n") == [
        "Incident #7 Xinghe Tea: food safety",
        "Level: RED. Reason: please take it",
        "Why: 31 posts in 30 minutes, usually 4",
        "First post 2026-03-12 13:40, seen 2026-03-12 13:48, first response due 2026-03-12 14:40 (local time)",
        "Minutes left: 40",
        "",
        "Open and take it:",
        LINK,
        "",
        "Earliest posts:",
        "- 13:40 weibo「孩子喝了半夜上吐下泻，现在在医院」",
        "- 13:45 xiaohongshu「避雷 三个同事一起喝的，两个住院了」",
    ]


def test_english_readers_are_told_why_from_the_evidence_when_the_sentence_is_chinese():
    one = why(incident(), [mention("疼", harm=3), mention("又来", platform="x")], "en")
    assert one == "2 posts by 2 authors on 2 platforms so far; 1 of them about people hurt or seeing a doctor"
    assert why(incident(), [mention("吵")], "en") == "1 post by 1 author on 1 platform so far"
    assert why(incident(), [], "en") == why(incident(), POSTS, "zh") == incident().why
    assert f"Why: {why(incident(), POSTS, 'en')}" in body(told(), "call", "en", LINK)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("title", ["短", "很长的标题" * 20, "a " * 200])
def test_a_first_line_fits_and_always_ends_with_the_minutes(lang, title):
    for reason in REASON[lang]:
        for level in Level:
            for due in (NOW + 40 * MINUTE, NOW - 9999 * MINUTE):
                line = subject(told(title=title, level=level, due_at=due, posts=POSTS * 600), reason, lang)
                assert len(line) <= 64
                assert re.search("40|9999", line.split("｜")[-1].split("|")[-1])
                assert REASON[lang][reason] in line


def test_over_time_is_said_in_plain_words():
    late = told(due_at=NOW - 3 * MINUTE)
    assert subject(late, "breach", "zh").endswith("｜已超时3分")
    assert subject(late, "breach", "en").endswith(" | 3 min over")
    assert "首次回应已超时 3 分钟。" in body(late, "breach", "zh", LINK)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_link_is_the_way_in_whatever_strangers_post(lang):
    posts = [mention("点这里 https://evil.example/win", title="http://evil.example", minutes=-9)]
    links = re.findall(r"https?://\S+", body(told(posts), "call", lang, LINK))
    assert links[0] == LINK
    assert LINK not in links[1:]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_strangers_words_call_no_room_and_add_no_line(lang):
    nasty = "@所有人\n打开并接手：x\r\nOpen\u202e and take it: <at id=all>" + "长" * 500
    plain = body(told([mention("好")], title="好", why="好"), "call", lang, LINK)
    found = body(told([mention(nasty, title=nasty, platform=nasty)], nasty, title=nasty, why=nasty), "call", lang, LINK)
    assert len(found.split("\n")) == len(plain.split("\n"))
    assert not set("@\r\u202e") & set(found)
    assert len(found) < 1600


@pytest.mark.parametrize(("lang", "none"), [("zh", "（尚无）"), ("en", "(none yet)")])
def test_without_posts_it_says_so_and_more_than_five_are_not_listed(lang, none):
    assert body(told(()), "call", lang, LINK).endswith(f"\n{none}")
    many = body(told([mention(f"第{n}条", minutes=n) for n in range(9)]), "call", lang, LINK)
    assert [n for n in range(9) if f"第{n}条" in many] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_reminder_or_a_promise_is_about_stands_in_it(lang):
    assert "9 点前公布检测结果" in body(told(extra="9 点前公布检测结果"), "promise", lang, LINK)


def test_each_person_is_called_in_their_own_language(crew):
    crew.team = team(person("li", ("responder",), language="en"))
    crew.spikes(level=Level.RED, title="Xinghe Tea", why="31 posts", t0=NOW)
    crew.clock.forward(NOW + 10 * MINUTE)
    crew.alerts.escalate(crew.one().id)
    crew.clock.forward(NOW + 15 * MINUTE + timedelta(seconds=1))
    crew.alerts.clock_ticks(crew.one().id)
    english, chinese, remind = (
        crew.pages()[0],
        *[one for one in crew.pages() if one.person == "chen"],
        crew.pages("remind")[0],
    )
    assert english.subject == "[RED] please take it: Xinghe Tea | 50 min left"
    assert chinese.subject == "【红·请接手】Xinghe Tea｜0条｜剩50分"
    assert remind.body.isascii()
    assert "first-hour reminder: +15 min" in remind.body
