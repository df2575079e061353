"""MediaCrawler's files are known by their keys: whatever platform they are of, posts and comments."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.imports.crawler import is_crawler
from monitor.imports.rows import Rules, mention_of
from monitor.imports.shapes import shape_of

RULES = Rules("crawl", "social", "", ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
NOTE = {
    "note_id": "5234567890123456", "content": "星禾茶饮喝出塑料", "create_time": 1795314300, "liked_count": "38",
    "comments_count": "1.2万", "shared_count": "0", "note_url": "https://m.weibo.cn/detail/5234567890123456",
    "nickname": "南**雨", "creator_hash": "9f86d081884c7d65", "ip_location": "江苏", "last_modify_ts": 1795314400000,
    "avatar": "https://img.example/face.jpg", "profile_url": "https://weibo.example/u/140",
}  # fmt: skip


def test_a_note_is_read_with_its_platform_told_by_its_address():
    found = mention_of(NOTE, RULES)
    assert (found.platform, found.ext_id, found.klass) == ("weibo", "5234567890123456", "")
    assert (found.text, found.author, found.handle) == ("星禾茶饮喝出塑料", "南**雨", "9f86d081884c7d65")
    assert (found.likes, found.comments, found.reposts) == (38, 12_000, 0)
    assert found.published_at == datetime(2026, 11, 22, 2, 25, tzinfo=UTC)
    assert "face.jpg" not in found.raw_excerpt
    assert "weibo.example/u/140" not in found.raw_excerpt


@pytest.mark.parametrize(
    ("row", "platform", "ext_id", "klass", "parent"),
    [
        ({"note_id": "65a1", "title": "避雷星禾", "desc": "避雷星禾，喝出塑料", "time": 1795314300000,
          "note_url": "https://www.xiaohongshu.com/explore/65a1?xsec_token=t"}, "xiaohongshu", "65a1", "", ""),
        ({"aweme_id": "7300", "desc": "喝出塑料", "aweme_url": "https://www.douyin.com/video/7300"},
         "douyin", "7300", "video", ""),
        ({"video_id": "99", "title": "测评星禾", "video_danmaku": "3", "video_url": "https://www.bilibili.com/video/av99"},
         "bilibili", "99", "video", ""),
        ({"content_id": "12", "content_text": "怎么看星禾", "content_url": "https://www.zhihu.com/question/1/answer/12"},
         "zhihu", "12", "", ""),
        ({"comment_id": "c1", "note_id": "65a1", "content": "我也是", "parent_comment_id": 0},
         "social", "c1", "comment", "65a1"),
        ({"comment_id": "c2", "note_id": "65a1", "content": "同上", "parent_comment_id": "0"},
         "social", "c2", "comment", "65a1"),
        ({"comment_id": "c3", "aweme_id": "7300", "content": "真的吗", "parent_comment_id": "c1"},
         "douyin", "c3", "comment", "c1"),
    ],
)  # fmt: skip
def test_posts_videos_and_comments_of_every_platform(row, platform, ext_id, klass, parent):
    found = mention_of(row | {"last_modify_ts": 1}, RULES)
    assert (found.platform, found.ext_id, found.klass, found.parent_ext_id) == (platform, ext_id, klass, parent)


def test_the_beginning_of_a_text_is_no_title():
    row = {"note_id": "65a1", "title": "避雷星禾", "desc": "避雷星禾，喝出塑料", "source_keyword": "星禾"}
    assert (mention_of(row, RULES).title, mention_of(row, RULES).text) == ("", "避雷星禾，喝出塑料")


def test_other_peoples_note_ids_are_not_taken_for_that_program():
    assert is_crawler(NOTE)
    assert not is_crawler({"note_id": "1", "content": "有话"})
    named = shape_of("mediacrawler", None).read([{"note_id": "1", "content": "有话"}], RULES)
    assert [(one.ext_id, one.text) for one in named.mentions] == [("1", "有话")]


def test_a_row_without_words_is_refused():
    read = shape_of("", None).read([json.loads(json.dumps(NOTE | {"content": ""}))], RULES)
    assert (read.mentions, [index for index, _ in read.rejected]) == ((), [0])
