"""The presets that are only shapes: bilibili, heimao and mediacrawler, as files and pushes bring them."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from config.errors import SourceError
from config.presets import load_preset
from monitor.sources.described.errors import rule_for
from monitor.sources.described.mapping import map_items
from monitor.sources.described.text import parse_json
from tests.monitor.json.conftest import NOW, heard

AT = datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC)


def mapped(preset: str, document, platform: str = ""):
    return map_items(load_preset(preset), document, zone=ZoneInfo("Asia/Shanghai"), now=NOW, platform=platform)


CLIP = {
    "type": "video", "aid": 113000000000001, "bvid": "BV1xx411c7mD", "author": "UP主甲", "mid": 22,
    "title": '<em class="keyword">星禾奶茶</em>翻车实测', "description": "喝出\n虫子", "play": 123456, "like": 3300,
    "review": 0, "pubdate": 1795316712, "duration": "12:5", "arcurl": "http://www.bilibili.com/video/av113000000000001",
}  # fmt: skip


def test_bilibili():
    found = mapped("bilibili", {"code": 0, "data": {"result": [CLIP, {"type": "user", "mid": 3}]}})
    assert found.mentions == (
        heard(
            CLIP, ext_id="BV1xx411c7mD", url="https://www.bilibili.com/video/BV1xx411c7mD", title="星禾奶茶翻车实测",
            text="喝出 虫子", author="UP主甲", handle="22", published_at=AT, raw_date="1795316712", platform="bilibili",
            klass="video", views=123456, likes=3300, comments=0,
        ),
    )  # fmt: skip
    assert (found.rejected, found.dropped) == ((), 1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"code": -352, "message": "-352", "data": {"v_voucher": "voucher_x"}}, "blocked"),
        ({"code": -412, "message": "request was banned"}, "blocked"),
        ({"code": 0, "data": {"v_voucher": "voucher_x"}}, "blocked"),
        ({"code": -799, "message": "too often"}, "rate_limited"),
        ({"code": -1}, "server_error"),
    ],
)
def test_refusals_of_bilibili_are_no_empty_list(answer, outcome):
    rule = rule_for(load_preset("bilibili"), json.dumps(answer), answer)
    assert rule and rule.outcome == outcome


COMPLAINT = {
    "author": {"uid": "5000000001", "title": "匿名", "wb_profile": ""},
    "main": {
        "sn": "17380000001", "title": "<span>星禾奶茶</span>喝出虫子拒不退款", "summary": "上周在门店购买…",
        "timestamp": "1795316712", "status": 4, "url": "//tousu.sina.com.cn/complaint/view/17380000001/",
    },
}  # fmt: skip


@pytest.mark.parametrize("wrap", ["{}", "try{{jQuery1112_16({});}}catch(e){{}};", "cb_1({})", "/**/a.b[0]( {} );"])
def test_heimao(wrap):
    """Who hides his name is nobody in particular, and the state of a complaint is said in words."""
    body = json.dumps({"result": {"status": {"code": 0}, "data": {"lists": [COMPLAINT]}}}, ensure_ascii=False)
    document = parse_json(wrap.format(body), jsonp=True).document
    assert mapped("heimao", document).mentions == (
        heard(
            COMPLAINT, ext_id="17380000001", url="https://tousu.sina.com.cn/complaint/view/17380000001/",
            title="星禾奶茶喝出虫子拒不退款", text="上周在门店购买…", handle="5000000001", published_at=AT,
            raw_date="1795316712", platform="heimao", klass="complaint", status="处理中",
        ),
    )  # fmt: skip


def test_mediacrawler_of_several_platforms():
    note = {
        "note_id": "66f0", "type": "normal", "title": "星禾奶茶踩雷", "desc": "喝到虫子[哭惹R]", "time": 1795316712000,
        "nickname": "小**", "creator_hash": "ab12", "liked_count": "1.2万", "comment_count": "10万+",
        "share_count": "-", "ip_location": "IP属地：江苏", "note_url": "https://www.xiaohongshu.com/explore/66f0",
    }  # fmt: skip
    clip = {
        "aweme_id": "74", "title": "", "desc": "星禾翻车", "create_time": 1795316712, "nickname": "茶",
        "user_id": "9", "liked_count": "0", "aweme_url": "https://www.douyin.com/video/74", "platform": "dy",
    }  # fmt: skip
    remark = {
        "comment_id": "c1", "note_id": "66f0", "content": "我也是", "create_time": 1795316712000, "nickname": "路",
        "user_id": "8", "like_count": 3, "sub_comment_count": "0", "parent_comment_id": 0,
    }  # fmt: skip
    found = mapped("mediacrawler", [note, clip, remark])
    assert found.mentions == (
        heard(
            note, ext_id="66f0", url="https://www.xiaohongshu.com/explore/66f0", title="星禾奶茶踩雷",
            text="喝到虫子[哭惹R]", author="小**", handle="ab12", published_at=AT, raw_date="1795316712000",
            platform="xiaohongshu", likes=12_000, comments=100_000, region="江苏",
        ),
        heard(
            clip, ext_id="74", url="https://www.douyin.com/video/74", text="星禾翻车", author="茶", handle="9",
            published_at=AT, raw_date="1795316712", platform="douyin", klass="video", likes=0,
        ),
        heard(
            remark, ext_id="c1", text="我也是", author="路", handle="8", published_at=AT, raw_date="1795316712000",
            platform="xiaohongshu", klass="comment", likes=3, comments=0, parent_ext_id="66f0",
        ),
    )  # fmt: skip


def test_a_login_page_is_no_list_of_complaints():
    with pytest.raises(SourceError) as caught:
        parse_json("<html><title>登录</title></html>", jsonp=True)
    assert str(caught.value) == "a web page titled “登录” instead of JSON: a login wall"
