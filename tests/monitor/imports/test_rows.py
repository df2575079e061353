"""Rows in everybody's words: each becomes the right mention, or is refused with the reason a person needs."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from config.errors import InputError
from monitor.imports.aliases import field_of, klass_of, plan_of, platform_of
from monitor.imports.cells import count_of, when_of, words_of, yes_of
from monitor.imports.rows import Rules, mention_of, read_items
from store.nouns import RawMention

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
RULES = Rules("file", "news", "", ZONE, NOW)
VENDOR = {
    "id": "v-1000001", "platform": "微博", "media_type": "社交", "title": "", "content": "星禾茶饮喝出塑料",
    "author": "张三", "author_id": "1404376560", "fans": "1.2万", "url": "https://weibo.example/140/Ox1",
    "publish_time": "2026-11-22 11:05:12", "sentiment": "负面", "repost": "128", "comment": "456", "like": "2,031",
    "read": "10万+", "ip_location": "北京",
}  # fmt: skip


def test_a_vendors_row_is_read_whole():
    found = mention_of(VENDOR, RULES)
    assert found == RawMention(
        ext_id="file#v-1000001", url="https://weibo.example/140/Ox1", text="星禾茶饮喝出塑料", author="张三",
        handle="1404376560", followers=12_000, published_at=datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC),
        raw_date="2026-11-22 11:05:12", likes=2031, comments=456, reposts=128, views=100_000, platform="weibo",
        klass="post", region="北京", raw_excerpt=found.raw_excerpt,
    )  # fmt: skip
    assert "张三" not in found.raw_excerpt
    assert "1404376560" not in found.raw_excerpt
    assert "负面" not in found.raw_excerpt


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("title", "标题 文章标题 Title ＴＩＴＬＥ 标题："),
        ("text", "正文 内容 content 全文 评论内容 微博正文 正文(全文)"),
        ("summary", "摘要 内容摘要"),
        ("author", "作者 昵称 发布者 nickname screenName user_nickname"),
        ("platform", "平台 所属平台"),
        ("media", "媒体 来源 媒体名称 网站名称 source"),
        ("published_at", "发布时间 时间 发布时间(北京时间) publish_time publishTime create_time"),
        ("url", "链接 原文链接 URL 网址 link note_url"),
        ("reposts", "转发数 转发量 分享数"),
        ("comments", "评论数 评论量 回复数"),
        ("likes", "点赞数 点赞量 liked_count"),
        ("views", "阅读数 阅读量 播放量 浏览量"),
        ("followers", "粉丝数 粉丝量 fans"),
        ("region", "地域 IP属地 IP归属地 ip_location"),
        ("klass", "媒体类型 信息类型"),
        ("", "序号 情感 倾向性 备注 星禾"),
    ],
)
def test_headers_are_known_by_their_many_names(field, names):
    assert {name: field_of(name) for name in names.split()} == dict.fromkeys(names.split(), field)


def test_of_two_columns_for_one_field_the_surer_one_is_asked_first_and_a_persons_word_before_all():
    assert plan_of(("内容", "正文", "desc"))["text"] == ("正文", "内容", "desc")
    said = plan_of(("内容", "帖文"), (("text", "帖文"), ("title", "内容")))
    assert said == {"text": ("帖文",), "title": ("内容",)}
    assert mention_of({"正文": " ", "内容": "有话"}, RULES).text == "有话"


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("1.2万", 12_000), ("10万+", 100_000), ("2,031", 2031), ("1亿", 100_000_000), ("999+", 999), (7, 7), (7.0, 7),
        ("0", 0), ("-", None), ("", None), (None, None), (True, None), ("很多", None), ("-3", None), ({}, None),
    ],
)  # fmt: skip
def test_counts_are_read_as_people_write_them_and_what_is_unknown_is_no_zero(cell, count):
    assert count_of(cell) == count


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026/11/22 10:05", "2026-11-22T02:05:00+00:00"),
        ("2026年11月22日 10:05", "2026-11-22T02:05:00+00:00"),
        ("46348.42", "2026-11-22T02:04:48+00:00"),
        (46348.42, "2026-11-22T02:04:48+00:00"),
        (1795314300, "2026-11-22T02:25:00+00:00"),
        ("1795314300000", "2026-11-22T02:25:00+00:00"),
        (datetime(2026, 11, 22, 10, 5, tzinfo=UTC).replace(tzinfo=None), "2026-11-22T02:05:00+00:00"),
        (date(2026, 11, 21), "2026-11-20T16:00:00+00:00"),
        ("3分钟前", "2026-11-22T03:57:00+00:00"),
        ("2099-01-01", None),
        ("明天吧", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_of_tables_and_workbooks(cell, utc):
    when, _, _ = when_of(cell, now=NOW, zone=ZONE)
    assert (when and when.isoformat()) == utc


def test_a_day_without_a_time_is_marked_as_an_estimate():
    cells = ("2026-11-21", date(2026, 11, 21), "2026-11-21 08:00")
    assert [when_of(cell, now=NOW, zone=ZONE)[2] for cell in cells] == [True, True, False]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "5.23457E+15", "text": "有话"}, "id: the number was rounded by a spreadsheet (5.23457E+15)"),
        ({"mid": "5.2e15", "text": "有话", "url": "https://a.example/1"}, "id: the number was rounded"),
        ({"id": 5.23457e15, "text": "有话"}, "id: the number was rounded by a spreadsheet"),
        ({"id": "x" * 201, "text": "有话"}, "id: has 201 characters; 200 are allowed"),
        ({"标题": "", "内容": None, "链接": "https://a.example/1"}, "has no words: neither a title nor a text"),
        ({}, "has no words"),
        ("words", "is not an object with fields"),
        (None, "is not an object with fields"),
        ([1, 2], "is not an object with fields"),
    ],
)
def test_a_row_that_cannot_be_a_mention_says_why(row, reason):
    with pytest.raises(InputError) as caught:
        mention_of(row, RULES)
    assert str(caught.value).startswith(reason)


def test_a_rounded_author_id_is_left_out_but_costs_nobody_the_row():
    found = mention_of({"text": "有话", "用户id": "1.40438E+09", "作者": "王五"}, RULES)
    assert (found.handle, found.author) == ("", "王五")


def test_ids_line_numbers_addresses_and_words_name_a_row_in_that_order():
    def named(**row):
        return mention_of({"text": "有话"} | row, RULES).ext_id

    assert named(mid="5234567890123456", id="v-1") == "5234567890123456"
    assert named(id="v-1") == "file#v-1"
    assert named(id=1234567) == "file#1234567"
    # Every day's table begins with 1: that is no name.
    assert named(id="1", url="https://a.example/1") == named(id="2", url="https://a.example/1")
    assert named(id="1", url="https://a.example/1") != named(id="1", url="https://a.example/2")
    assert named(id="1") == named(id="2")
    assert named(author="甲") != named(author="乙")
    assert {len(named(url="https://a.example/" + "x" * 1500)), len(named())} == {44, 45}


@pytest.mark.parametrize(
    ("row", "platform", "author"),
    [
        ({"平台": "新浪微博"}, "weibo", ""),
        ({"平台": "小红书", "来源": "抖音"}, "xiaohongshu", ""),
        ({"平台": "某地论坛"}, "某地论坛", ""),
        ({"来源": "今日头条", "作者": "甲"}, "toutiao", "甲"),
        ({"来源": "城市晚报"}, "news", "城市晚报"),
        ({"来源": "城市晚报", "作者": "记者甲"}, "news", "记者甲"),
        ({"媒体类型": "微博"}, "weibo", ""),
        ({"媒体类型": "论坛"}, "news", ""),
        ({}, "news", ""),
    ],
)
def test_a_platform_is_known_by_its_many_names_and_a_newspaper_is_none(row, platform, author):
    found = mention_of({"text": "有话"} | row, RULES)
    assert (found.platform, found.author) == (platform, author)


def test_kinds_platforms_and_yes_or_no_are_words_of_a_list():
    assert [klass_of(word) for word in ("短视频", "评论", "投诉", "新闻", "Post", "怪")] == [
        "video", "comment", "complaint", "article", "post", "",
    ]  # fmt: skip
    assert [platform_of(word) for word in ("B站", "XHS", "公众号", "推特", "weibo", "")] == [
        "bilibili", "xiaohongshu", "wechat", "x", "weibo", "",
    ]  # fmt: skip
    assert [yes_of(cell) for cell in ("是", "0", True, False, "", "也许")] == [True, False, True, False, None, None]


def test_a_summary_stands_in_for_a_missing_text_and_says_that_there_is_more():
    found = mention_of({"标题": "星禾茶饮被约谈", "摘要": "监管部门今日……"}, RULES)
    assert (found.title, found.text, found.truncated) == ("星禾茶饮被约谈", "监管部门今日……", True)
    assert not mention_of({"正文": "全在这里", "摘要": "全在"}, RULES).truncated


def test_markup_scripts_and_wild_addresses_do_not_come_in():
    found = mention_of(
        {"标题": "<b>星禾</b><script>x</script>", "内容": "a&amp;b\x00\n c", "链接": "javascript:alert(1)"}, RULES
    )
    assert (found.title, found.text, found.url) == ("星禾", "a&b c", "")
    assert words_of("价格<100元") == "价格<100元"
    assert words_of(["a"]) == words_of({"a": 1}) == words_of(None) == ""


def test_a_batch_gives_every_row_its_own_fate():
    read = read_items([{"text": "一"}, {"text": ""}, {"text": "三"}, 4], RULES)
    assert [one.text for one in read.mentions] == ["一", "三"]
    assert [index for index, _ in read.rejected] == [1, 3]
