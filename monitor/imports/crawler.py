"""Rows in the shape MediaCrawler writes: told by their keys, then read by the preset of that name (pure).

The files are people's own; nothing of that program is here. Its licence is for non-commercial use.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

PRESET: Final = "mediacrawler"
_IDS: Final = ("comment_id", "note_id", "aweme_id", "video_id", "content_id")
# One of these beside an id: other people's tables have note ids too.
_MARKS: Final = ("last_modify_ts", "source_keyword", "creator_hash")
_URLS: Final = ("note_url", "aweme_url", "content_url", "video_url")
# Who somebody is beside their name and id, which nobody here has a use for.
_PERSONAL: Final = frozenset(
    ("avatar", "gender", "profile_url", "short_user_id", "user_unique_id", "user_signature", "sex", "sign")
)
_HOSTS: Final = {
    "xiaohongshu.com": "xiaohongshu",
    "weibo.cn": "weibo",
    "weibo.com": "weibo",
    "douyin.com": "douyin",
    "bilibili.com": "bilibili",
    "kuaishou.com": "kuaishou",
    "zhihu.com": "zhihu",
    "tieba.baidu.com": "tieba",
}
_TELLING: Final = {
    "aweme_id": "douyin",
    "video_danmaku": "bilibili",
    "viewd_count": "kuaishou",
    "content_id": "zhihu",
    "tieba_name": "tieba",
    "xsec_token": "xiaohongshu",
}


def is_crawler(row: Mapping[str, object]) -> bool:
    """Whether a row has that program's keys."""
    return any(name in row for name in _IDS) and any(name in row for name in _MARKS)


def prepared(row: Mapping[str, object]) -> dict[str, object]:
    """The row as the preset reads it: its platform told, its 0 for "no parent" gone, what is only personal left out."""
    found = {name: value for name, value in row.items() if name not in _PERSONAL}
    if str(found.get("parent_comment_id")) in ("0", "None", ""):
        found.pop("parent_comment_id", None)
    if not found.get("platform") and (platform := _platform(found)):
        found["platform"] = platform
    # The beginning of a text is no title.
    if found.get("title") and str(found.get("desc") or "").startswith(str(found["title"])):
        found.pop("title")
    return found


def _platform(row: Mapping[str, object]) -> str:
    address = next((str(row[name]) for name in _URLS if row.get(name)), "")
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    known = next((ours for end, ours in _HOSTS.items() if host == end or host.endswith(f".{end}")), "")
    return known or next((ours for name, ours in _TELLING.items() if name in row), "")
