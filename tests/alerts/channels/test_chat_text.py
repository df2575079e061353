"""Strangers' words in a chat room: nothing in them acts, the link stands in the button only, cuts come late."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.chat_text import escaped, longest, plain, title, told
from tests.alerts.crew import page
from tests.worlds.gateways.dingtalk import HOSTILE, bare, linked

# Pieces that could be put together to something that acts.
pieces = st.sampled_from([*HOSTILE, *"@[](){}$&#;.:/-_\\ \n\r\u200b\u202e．", "http", "://", "www", "com", "64", "1"])
wild = st.lists(st.one_of(pieces, st.characters()), max_size=14).map("".join)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@所有人 ＠all", "﹫所有人 ﹫all"),
        ('<at user_id="all">', '‹at user＿id="all"›'),
        ("[x](http://evil.example)", "［x］(http:／／evil．example)"),
        ("![x](a.png)", "!［x］(a．png)"),
        ("# 一\n## 二 #3", "＃ 一\n＃＃ 二 #3"),
        ("{{7*7}}", "｛｛7＊7｝｝"),
        ("&lt;at&gt; A & B", "＆lt;at＆gt; A & B"),
        ("一\r\n二\r三\x00四\x1b", "一\n二 三 四"),
        ("3.5 倍, 1.2.3, 10.0.0.1", "3.5 倍, 1.2.3, 10．0．0．1"),
        ("www.163.com", "www．163．com"),
        ("    码\n\t码", "码\n码"),
        ("坏\ud83d字 倒\u202e写", "坏字 倒写"),
        ("- 14:00 weibo「住院」", "- 14:00 weibo「住院」"),
    ],
)
def test_known_tricks(text, found):
    assert escaped(text) == found


@given(wild)
def test_nothing_acts_and_doing_it_again_changes_nothing(text):
    found, words = escaped(text), plain(text)
    assert linked(found) == bare(words) == []
    assert plain(words) == words
    assert not set("@＠<>[]`*_~|\\\r") & set(found)
    assert escaped(found) == found
    assert plain(found) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("事件\n打开并接手：\nL\n\n最早：\n- 一", "事件\n\n最早：\n- 一"),
        ("事件\nOpen and take it: L\n一", "事件\n一"),
        ("事件 L 之后", "事件  之后"),
        ("L", ""),
        ("没有\n", "没有"),
        ("第一：\n第二：", "第一：\n第二："),
    ],
)
def test_the_link_stands_in_the_button_and_nowhere_else(body, found):
    where = "https://gh.example/ack/abc"
    assert told(page(body=body.replace("L", where))) == found


@given(st.text(max_size=60), st.integers(0, 80))
def test_a_text_is_cut_as_late_as_possible(text, limit):
    found = longest(text, lambda part: len(part.encode()) <= limit)
    assert len(found.encode()) <= limit
    if found != text:
        assert limit < 3 if not found else text.startswith(found.removesuffix("…"))
        assert len((text[: len(found)] + "…").encode()) > limit or not found


@given(wild, st.integers(20, 300))
def test_a_title_is_one_line_that_keeps_both_ends(text, limit):
    found = title(page(subject=f"【红】{text}剩40分"), limit)
    assert len(found.encode()) <= limit
    assert len(found.splitlines()) == 1
    assert found.startswith("【")
    assert found.endswith("分")
