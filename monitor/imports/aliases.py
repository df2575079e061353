"""Which of our fields a column or key is, by the names vendors, platforms and people really give it (pure)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

# Field → names, the surest first: where a row fills several of them, the first that says something counts.
# `id` is the sender's own number of a thing, `ext_id` the platform's; `media` is a platform or a newspaper.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "ext_id": ("ext_id", "mid", "weibo_id", "note_id", "aweme_id", "bvid", "tweet_id", "post_id", "微博id", "帖子id"),
    "id": ("id", "文章id", "信息id", "数据id", "唯一标识", "编号", "uuid", "guid", "doc_id", "article_id", "msg_id"),
    "title": ("title", "标题", "文章标题", "帖子标题", "新闻标题", "投诉标题", "主题", "headline", "题目"),
    "text": (
        *("text", "content", "正文", "内容", "全文", "文章内容", "帖子内容", "微博内容", "评论内容", "投诉内容"),
        *("正文内容", "文章正文", "原文内容", "原文", "文本", "body", "message", "content_text", "desc", "微博正文"),
    ),
    "summary": ("summary", "摘要", "内容摘要", "文章摘要", "简介", "abstract", "description", "excerpt"),
    "author": (
        *("author", "作者", "昵称", "用户昵称", "作者昵称", "用户名", "用户名称", "发布者", "发布人", "博主", "账号"),
        *("账号名称", "发帖人", "评论者", "投诉人", "nickname", "screen_name", "author_name", "username", "user_name"),
        *("user_nickname", "作者名称", "作者姓名", "用户"),
    ),
    "handle": ("handle", "author_id", "作者id", "用户id", "账号id", "user_id", "uid", "openid"),
    "followers": (
        *("followers", "fans", "粉丝数", "粉丝", "粉丝量", "作者粉丝数", "粉丝数量", "followers_count", "fans_count"),
        *("follower_count", "author_followers"),
    ),
    "platform": ("platform", "平台", "平台名称", "所属平台", "发布平台", "渠道"),
    "media": (
        *("media", "媒体", "来源", "媒体名称", "信息来源", "文章来源", "来源媒体", "来源网站", "站点", "站点名称"),
        *("网站", "网站名称", "信源", "source", "site", "source_name", "site_name"),
    ),
    "klass": ("klass", "kind", "media_type", "媒体类型", "信息类型", "内容类型", "文章类型", "来源类型", "载体"),
    "published_at": (
        *("published_at", "发布时间", "发表时间", "发帖时间", "发布日期", "评论时间", "投诉时间", "时间", "日期"),
        *("publish_time", "published", "pub_time", "pubdate", "publish_date", "create_time", "created_at"),
        *("created_time", "create_date_time", "post_time", "datetime", "date", "time", "timestamp", "原文时间"),
    ),
    "url": (
        *("url", "链接", "原文链接", "原文地址", "原文url", "网址", "文章链接", "链接地址", "信息链接", "微博链接"),
        *("地址", "link", "permalink", "note_url", "aweme_url", "content_url", "source_url", "href"),
    ),
    "likes": (
        *("likes", "点赞数", "点赞", "点赞量", "点赞数量", "获赞数", "赞", "like", "liked_count", "like_count"),
        *("likes_count", "attitudes_count", "digg_count", "voteup_count", "thumbs"),
    ),
    "comments": (
        *("comments", "评论数", "评论", "评论量", "评论数量", "回复数", "回复量", "跟帖数", "comment", "comment_count"),
        *("comments_count", "num_comments", "reply_count", "replies"),
    ),
    "reposts": (
        *("reposts", "转发数", "转发", "转发量", "转发数量", "分享数", "分享", "分享量", "repost", "share", "shares"),
        *("share_count", "shared_count", "reposts_count", "repost_count", "retweet_count", "forward_count"),
    ),
    "views": (
        *(
            "views",
            "阅读数",
            "阅读量",
            "阅读",
            "浏览数",
            "浏览量",
            "播放数",
            "播放量",
            "点击数",
            "点击量",
            "read",
            "reads",
        ),
        *("view", "view_count", "read_count", "play_count", "read_num"),
    ),
    "points": ("points", "score"),
    "rank": ("rank", "排名", "名次"),
    "region": (
        *("region", "地域", "地区", "ip属地", "ip归属地", "属地", "发布地", "发布地区", "省份", "所在地"),
        *("ip_location", "location", "province"),
    ),
    "status": ("status", "处理状态", "投诉状态", "状态", "投诉进度"),
    "parent_ext_id": ("parent_ext_id", "parent_id", "in_reply_to_id"),
    "repost_of": ("repost_of",),
    "lang": ("lang", "language", "语言", "语种"),
    "verified": ("verified", "是否认证", "认证", "认证状态"),
    "bot": ("bot",),
    "truncated": ("truncated",),
}
FIELDS: Final = tuple(ALIASES)

PLATFORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "weibo": ("微博", "新浪微博", "sina_weibo", "wb", "weibo.com"),
    "wechat": ("微信", "微信公众号", "公众号", "微信公号", "weixin", "wx"),
    "douyin": ("抖音", "抖音短视频", "dy"),
    "xiaohongshu": ("小红书", "xhs", "red", "rednote"),
    "zhihu": ("知乎",),
    "toutiao": ("今日头条", "头条", "头条号"),
    "bilibili": ("b站", "哔哩哔哩", "bili"),
    "kuaishou": ("快手", "ks"),
    "tieba": ("百度贴吧", "贴吧"),
    "douban": ("豆瓣",),
    "heimao": ("黑猫投诉", "黑猫", "新浪黑猫", "黑猫投诉平台"),
    "12315": ("全国12315平台", "12315平台"),
    "video_account": ("视频号", "微信视频号"),
    "xueqiu": ("雪球",),
    "hupu": ("虎扑",),
    "maimai": ("脉脉",),
    "news": ("新闻", "网媒", "网络媒体", "新闻网站", "网站", "新闻客户端", "客户端", "app", "报刊", "纸媒", "电视"),
    "forum": ("论坛", "社区", "bbs"),
    "blog": ("博客",),
    "x": ("twitter", "推特"),
    "facebook": ("脸书",),
    "youtube": ("油管",),
}
KLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "post": ("帖子", "微博", "社交", "论坛", "问答", "博客", "贴吧", "博文", "笔记", "normal", "动态"),
    "comment": ("评论", "回复", "跟帖", "弹幕"),
    "complaint": ("投诉", "投诉平台"),
    "review": ("点评", "评价", "应用评价", "店铺评价"),
    "article": (
        "文章",
        "新闻",
        "网媒",
        "网站",
        "纸媒",
        "报刊",
        "公众号",
        "微信",
        "微信公众号",
        "新闻网站",
        "自媒体",
        "资讯",
    ),
    "video": ("视频", "短视频", "直播"),
    "hotlist": ("热搜", "热榜"),
}
_BRACKETS: Final = re.compile(r"[(\[（【].*?[)\]）】]")
_JOINTS: Final = re.compile(r"[\s_\-*:：.·/\ufeff]+")


def fold_name(name: str) -> str:
    """A header without what people vary: case, width, blanks, underscores, remarks in brackets."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return _JOINTS.sub("", _BRACKETS.sub("", text) or text)


def _turned(table: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for ours, names in table.items():
        for place, name in enumerate((ours, *names)):
            found.setdefault(fold_name(name), (ours, place))
    return found


_FIELD_OF: Final = _turned(ALIASES)
_PLATFORM_OF: Final = _turned(PLATFORMS)
_KLASS_OF: Final = _turned(KLASSES)


def field_of(name: str) -> str:
    """Our field behind a header or key; "" when nobody knows it."""
    return _FIELD_OF.get(fold_name(name), ("", 0))[0]


def platform_of(word: str) -> str:
    """Our name of a platform people write in many ways; "" when it is none we know."""
    return _PLATFORM_OF.get(fold_name(word), ("", 0))[0]


def klass_of(word: str) -> str:
    """post, comment, complaint, …; "" when the word says nothing of the kind."""
    return _KLASS_OF.get(fold_name(word), ("", 0))[0]


@lru_cache(maxsize=512)
def plan_of(names: tuple[str, ...], said: tuple[tuple[str, str], ...] = ()) -> dict[str, tuple[str, ...]]:
    """Field → the names of this row that fill it, the surest first.

    `said` are (field, name) somebody fixed by hand: they go before everything, and their names fill nothing else.
    """
    folded = {fold_name(name): name for name in reversed(names)}
    fixed = {field: folded[fold_name(name)] for field, name in said if fold_name(name) in folded}
    places: dict[str, list[tuple[int, str]]] = {}
    for key, name in folded.items():
        ours, place = _FIELD_OF.get(key, ("", 0))
        if ours and name not in fixed.values():
            places.setdefault(ours, []).append((place, name))
    plan = {ours: tuple(name for _, name in sorted(found)) for ours, found in places.items()}
    return plan | {ours: (name, *plan.get(ours, ())) for ours, name in fixed.items()}


def known_names(names: Iterable[str], said: tuple[tuple[str, str], ...] = ()) -> int:
    """How many of our fields this row of names fills: what tells a header from a line of data."""
    return len(plan_of(tuple(names), said))
