"""What Weibo calls a post or a comment, in every shape it comes in, and what it becomes."""

import json
import string
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import InputError
from monitor.sources.weibo.ids import bid_of, mid_of, permalink
from monitor.sources.weibo.shapes import count_of, weibo_mentions_of
from store.nouns import RawMention

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SOURCE = '<a href="http://weibo.com" rel="nofollow">新浪微博</a>'
USER = {
    "id": 1404376560, "idstr": "1404376560", "screen_name": "赵小茶", "name": "赵小茶", "location": "北京 朝阳区",
    "followers_count": 1204, "friends_count": 447, "verified": False, "verified_type": -1, "verified_reason": "",
}  # fmt: skip
POST = {
    "created_at": "Sun Nov 22 11:05:12 +0800 2026", "id": 5234567890123456, "idstr": "5234567890123456",
    "mid": "5234567890123456", "text": "星禾茶饮喝出<b>异物</b>，客服推脱[怒] #星禾茶饮# http://t.cn/A6xxxx",
    "isLongText": False, "source": SOURCE, "truncated": False, "geo": None, "reposts_count": 128,
    "comments_count": 456, "attitudes_count": 2031, "annotations": [], "user": USER,
}  # fmt: skip
MENTION = RawMention(
    ext_id="5234567890123456",
    url="https://weibo.com/1404376560/" + bid_of("5234567890123456"),
    text="星禾茶饮喝出异物，客服推脱[怒] #星禾茶饮# http://t.cn/A6xxxx",
    author="赵小茶",
    handle="1404376560",
    followers=1204,
    verified=False,
    published_at=datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC),
    raw_date="Sun Nov 22 11:05:12 +0800 2026",
    likes=2031,
    comments=456,
    reposts=128,
    platform="weibo",
    klass="post",
    raw_excerpt="星禾茶饮喝出<b>异物</b>，客服推脱[怒] #星禾茶饮# http://t.cn/A6xxxx",
)
STUB = {
    "created_at": "Sun Nov 22 11:06:00 +0800 2026", "id": 5234567890124000, "idstr": "5234567890124000",
    "mid": "5234567890124000", "text": "抱歉，此微博已被作者删除。",
}  # fmt: skip
REPOST = POST | {
    "id": 5234567890123999, "idstr": "5234567890123999", "mid": "5234567890123999", "text": "转发微博",
    "reposts_count": 0, "comments_count": 0, "attitudes_count": 0, "retweeted_status": POST,
}  # fmt: skip
COMMENT = {
    "created_at": "Sun Nov 22 11:20:25 +0800 2026", "id": 5234570000000001, "mid": "5234570000000001",
    "text": "我的也是，<a href='/n/星禾茶饮'>@星禾茶饮</a> 不理人", "source": SOURCE, "user": USER, "status": POST,
}  # fmt: skip


def read(*posts, **more) -> tuple[RawMention, ...]:
    return weibo_mentions_of({"statuses": list(posts), "total_number": 1873, **more}, now=NOW)


def one(**changes) -> RawMention:
    (found,) = read(POST | changes)
    return found


def test_a_post_becomes_a_mention():
    assert read(POST) == (MENTION,)


def test_an_object_and_a_bare_array_are_the_same():
    assert weibo_mentions_of([POST, STUB, REPOST], now=NOW) == read(POST, STUB, REPOST)


def test_deleted_posts_are_left_out_however_they_are_told():
    unmarked = {name: value for name, value in STUB.items() if name != "deleted"}
    marked = POST | {"deleted": "1"}
    assert read(STUB | {"deleted": "1"}, unmarked, marked, POST | {"deleted": 1}, POST | {"deleted": True}) == ()


def test_who_says_sorry_in_a_post_of_their_own_is_heard():
    assert one(text="抱歉，此微博我想重发：星禾茶饮").text == "抱歉，此微博我想重发：星禾茶饮"


def test_a_repost_keeps_its_own_words_and_carries_those_of_the_original():
    (found,) = read(REPOST)
    assert (found.text, found.repost_of, found.reposts) == (f"转发微博 【原微博】{MENTION.text}", MENTION.ext_id, 0)


@pytest.mark.parametrize(
    ("original", "text", "repost_of"),
    [
        (POST | {"user": None}, f"转发微博 【原微博】{MENTION.text}", MENTION.ext_id),
        (STUB, "转发微博", "5234567890124000"),
        (POST | {"deleted": "1"}, "转发微博", MENTION.ext_id),
        (POST | {"text": ""}, "转发微博", MENTION.ext_id),
        ({}, "转发微博", ""),
        (None, "转发微博", ""),
    ],
)
def test_an_original_that_is_not_whole(original, text, repost_of):
    (found,) = read(REPOST | {"retweeted_status": original})
    assert (found.text, found.repost_of) == (text, repost_of)


def test_a_comment_stands_below_its_post():
    (found,) = weibo_mentions_of({"comments": [COMMENT], "total_number": 7}, now=NOW)
    assert found == RawMention(
        ext_id="5234570000000001",
        url=MENTION.url,
        text="我的也是，@星禾茶饮 不理人",
        author="赵小茶",
        handle="1404376560",
        followers=1204,
        verified=False,
        published_at=datetime(2026, 11, 22, 3, 20, 25, tzinfo=UTC),
        raw_date="Sun Nov 22 11:20:25 +0800 2026",
        platform="weibo",
        klass="comment",
        parent_ext_id=MENTION.ext_id,
        raw_excerpt=COMMENT["text"],
    )


def test_a_comment_whose_post_is_gone_is_heard():
    (found,) = weibo_mentions_of({"comments": [COMMENT | {"status": None}]}, now=NOW)
    assert (found.klass, found.parent_ext_id) == ("comment", "")
    assert found.url == "https://weibo.com/1404376560/" + bid_of("5234570000000001")


def test_a_post_without_a_user_has_the_mobile_address():
    found = one(user=None)
    assert (found.author, found.handle, found.followers, found.verified) == ("", "", None, None)
    assert found.url == "https://m.weibo.cn/status/5234567890123456"


@pytest.mark.parametrize(
    "pics", [[], [{"url": "https://example/1.jpg"}], {"0": {"url": "https://example/1.jpg"}}, None]
)
def test_pictures_may_be_a_list_or_an_object(pics):
    assert one(pics=pics, pic_urls=pics) == MENTION


@pytest.mark.parametrize(
    ("changes", "text", "truncated"),
    [
        ({"isLongText": True, "text": "星禾茶饮的事要从头说起...全文"}, "星禾茶饮的事要从头说起…", True),
        ({"text": "星禾茶饮…<a href='/status/1'>全文</a>"}, "星禾茶饮…", True),
        ({"truncated": True, "text": "星禾茶饮"}, "星禾茶饮", True),
        ({"isLongText": True, "longText": {"longTextContent": "星禾茶饮，全部"}}, "星禾茶饮，全部", False),
        ({"isLongText": True, "longText": None, "text": "星禾"}, "星禾", True),
        ({"text": "请看全文"}, "请看全文", False),
    ],
)
def test_what_was_cut_is_said_to_be_cut(changes, text, truncated):
    found = one(**changes)
    assert (found.text, found.truncated) == (text, truncated)


def test_a_repost_of_a_long_post_is_cut_too():
    (found,) = read(REPOST | {"retweeted_status": POST | {"isLongText": True}})
    assert found.truncated


@pytest.mark.parametrize(
    ("changes", "ext_id"),
    [
        ({"idstr": "1", "mid": "2", "id": 3}, "1"),
        ({"idstr": "", "mid": "2", "id": 3}, "2"),
        ({"idstr": None, "mid": None, "id": 3}, "3"),
        ({"idstr": "x", "mid": None, "id": "4"}, "4"),
    ],
)
def test_the_number_as_text_is_trusted_first(changes, ext_id):
    assert one(**changes).ext_id == ext_id


def test_what_has_no_number_is_no_post():
    assert read(POST | {"idstr": None, "mid": "x", "id": 1.5}, {"id": True, "text": "x"}) == ()


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (1204, 1204), ("38", 38), ("1,204", 1204), ("12.3万", 123_000), ("1万+", 10_000), ("100万+", 1_000_000),
        ("1.2亿", 120_000_000), (0, 0), ("0", 0), (None, None), ("", None), ("赞", None), (True, None), (-1, None),
        ("1.2.3", None), ([], None), ("万", None), (12.5, None),
    ],
)  # fmt: skip
def test_counts(value, count):
    assert count_of(value) == count
    assert one(user=USER | {"followers_count": value}).followers == count


@pytest.mark.parametrize(
    ("told", "verified"),
    [
        ({"verified": False, "verified_type": -1}, False),
        ({"verified": True, "verified_type": 0}, True),
        ({"verified_type": 3}, True),
        ({"verified": False, "verified_type": 2}, True),
        ({"verified": False, "verified_type": 220}, False),
        ({"verified": True}, True),
        ({}, None),
        ({"verified_type": []}, False),
    ],
)
def test_who_is_verified(told, verified):
    user = {"id": 1, "screen_name": "赵小茶", **told}
    assert one(user=user).verified is verified


@pytest.mark.parametrize(
    ("told", "region"),
    [("发布于 北京", "北京"), ("来自 浙江", "浙江"), ("海外", "海外"), ("", ""), (None, ""), ({"x": 1}, "")],
)
def test_where_it_was_posted(told, region):
    assert one(region_name=told).region == region


@pytest.mark.parametrize("visible", [1, 3, 4])
def test_what_was_not_said_in_public_is_left_out(visible):
    assert read(POST | {"visible": {"type": visible, "list_id": 0}}) == ()
    assert read(POST | {"visible": {"type": 0, "list_id": 0}}) == (MENTION,)


@pytest.mark.parametrize(
    ("raw", "when", "estimated"),
    [
        ("Sun Nov 22 11:05:12 +0800 2026", datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC), False),
        ("3分钟前", datetime(2026, 11, 22, 3, 57, tzinfo=UTC), False),
        ("昨天 10:05", datetime(2026, 11, 21, 2, 5, tzinfo=UTC), False),
        ("11-21", datetime(2026, 11, 20, 16, 0, tzinfo=UTC), True),
        ("Sun Nov 22 11:05:12 +0800 2099", None, False),
        ("", None, False),
        (None, None, False),
        ({}, None, False),
    ],
)
def test_dates(raw, when, estimated):
    found = one(created_at=raw)
    assert (found.published_at, found.date_estimated) == (when, estimated)
    assert found.raw_date == (raw or "")


def test_a_date_without_a_zone_is_of_the_zone_of_the_source():
    document = {"statuses": [POST | {"created_at": "2026-11-22 10:05:00"}]}
    (tokyo,) = weibo_mentions_of(document, now=NOW, zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo.published_at == datetime(2026, 11, 22, 1, 5, tzinfo=UTC)


# Pushed and forwarded shapes


def test_messages_of_the_push_service():
    messages = [
        {"id": 1404160103598340, "text": {"type": "status", "event": "add", "status": POST}},
        {"id": 1404160103598341, "text": {"type": "comment", "event": "add", "comment": COMMENT}},
        {"id": 1404160103598342, "text": {"type": "status", "event": "delete", "status": REPOST}},
        {"id": 1404160103598343, "text": {"type": "status", "event": "add", "status": REPOST}},
    ]
    found = weibo_mentions_of(messages, now=NOW)
    assert [(mention.ext_id, mention.klass) for mention in found] == [
        (POST["mid"], "post"), (COMMENT["mid"], "comment"), (REPOST["mid"], "post"),
    ]  # fmt: skip
    assert weibo_mentions_of(messages[0], now=NOW) == found[:1]
    assert weibo_mentions_of(messages[1]["text"] | {"status": POST}, now=NOW) == found[1:2]


def test_bare_comments_and_posts_are_told_apart():
    found = weibo_mentions_of([COMMENT, POST], now=NOW)
    assert [mention.klass for mention in found] == ["comment", "post"]


def test_cards_of_the_mobile_pages():
    mblog = {
        "created_at": "5分钟前", "id": "5234567890123456", "mid": "5234567890123456", "bid": "x",
        "text": "<a href='/n/星禾'>#星禾茶饮#</a>凉了<span class=\"url-icon\"><img alt=\"[怒]\" src=x></span>",
        "isLongText": False, "user": {"id": 1404376560, "screen_name": "赵小茶", "followers_count": "12.3万"},
        "reposts_count": 3, "comments_count": "1.2万", "attitudes_count": "1万+", "region_name": "发布于 上海",
    }  # fmt: skip
    cards = [{"card_type": 9, "mblog": mblog}, {"card_type": 11, "card_group": [{"mblog": mblog}, None, {}]}, {}, 7]
    (found,) = weibo_mentions_of({"ok": 1, "data": {"cards": cards}}, now=NOW)
    assert (found.text, found.followers, found.comments, found.likes, found.region) == (
        "#星禾茶饮#凉了[怒]", 123_000, 12_000, 10_000, "上海",
    )  # fmt: skip
    assert found.published_at == datetime(2026, 11, 22, 3, 55, tzinfo=UTC)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [*POST, "deleted", "retweeted_status", "region_name", "visible", "longText", "status", "pics", "text"]


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(FIELDS), JUNK), st.dictionaries(st.sampled_from([*USER]), JUNK))
def test_no_junk_in_any_field_breaks_the_reading(changes, user):
    document = {"statuses": [POST | {"user": USER | user} | changes], "comments": [COMMENT | changes]}
    for mention in weibo_mentions_of(document, now=NOW):
        json.dumps(mention.text)


@given(JUNK)
def test_what_has_none_of_the_shapes_gives_no_mentions(junk):
    assert weibo_mentions_of(junk, now=NOW) == ()


# Addresses


def test_the_known_pair_of_number_and_short_name():
    assert bid_of("4607741009594608") == "K3fnuEfZK"
    assert mid_of("K3fnuEfZK") == "4607741009594608"
    assert permalink("1404376560", "4607741009594608") == "https://weibo.com/1404376560/K3fnuEfZK"


@given(st.integers(0, 10**20))
def test_every_number_comes_back_from_its_short_name(number):
    assert mid_of(bid_of(str(number))) == str(number)


@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=12))
def test_every_short_name_comes_back_or_is_refused(bid):
    try:
        mid = mid_of(bid)
    except InputError:
        return
    assert bid_of(mid) == (bid.lstrip("0") or "0")


@pytest.mark.parametrize("mid", ["", "-1", "12a", "１２", "9" * 31])
def test_what_is_no_number_has_no_address(mid):
    with pytest.raises(InputError):
        bid_of(mid)
    assert permalink("1", mid) == ""


@pytest.mark.parametrize("bid", ["", "K3fnu EfZK", "K3-", "ZZZZ", "a" * 31])
def test_what_is_no_short_name_is_refused(bid):
    with pytest.raises(InputError):
        mid_of(bid)
