"""What readers note in English, as a Chinese screen says it, and the causes that outcomes alone do not tell (pure)."""

import re
from typing import Final

# What a note says of the cause → the words src_what_…, src_why_… and src_act_… of it.
_CAUSES: Final = (
    (re.compile(r"leads to an inside address"), "inside"),
    (re.compile(r"nothing to (?:search for|read)\b"), "wordless"),
    (re.compile(r"\bno token in \w+|is not in the environment|[A-Z][A-Z0-9_]{2,} is not set\b"), "nokey"),
)
_QUIET: Final = re.compile(r"quieter than ever\b")
_HOST: Final = re.compile(r"([\w.-]+(?::\d+)?|\[[0-9a-fA-F:.]+\](?::\d+)?): (.+)", re.DOTALL)
# Notes are joined by "; ", but some have one inside.
_PARTS: Final = re.compile(r"; (?!the rest is read|it asks to wait|allowed )")
# A sentence that stands here nowhere is shown as it is.
_ZH: Final[tuple[tuple[str, str], ...]] = (
    (
        r"quieter than ever: nothing new in (\d+) hours, usually at least (\d+)",
        r"比平时安静：\1 小时没有新内容，平时至少 \2 条",
    ),
    (r"answered (\d{3}) \(\w+\); allowed is 200.*?; it asks to wait '([^']*)'", r"回答 \1，要求等待 \2"),
    (r"answered (\d{3}) \(\w+\); allowed is 200[^:]*: (.*)", r"回答 \1：\2"),
    (r"answered (\d{3}) \(\w+\); allowed is 200.*", r"回答 \1"),
    (r"an HTML page titled “(.*)”, not a feed: a login wall", r"回来的是登录页《\1》，不是内容"),
    (r"an HTML page titled “(.*)”, not a feed: a captcha wall", r"回来的是验证码页《\1》，不是内容"),
    (r"an HTML page titled “(.*)”, not a feed", r"回来的是网页《\1》，不是 feed"),
    (r"an HTML page without a title, not a feed: a \w+ wall", "回来的是登录或验证页，不是内容"),
    (r"an HTML page without a title, not a feed", "回来的是网页，不是 feed"),
    (r"an empty answer; allowed are .*", "回来的是空的"),
    (r"a document that defines entities of its own.*", "文档自带实体声明，没有 feed 需要它，已拒绝"),
    (r"a document that begins with (.*), not a feed", r"回来的不是 feed，开头是 \1"),
    (r"an error answer instead of a feed: (.*)", r"对方给的是报错：\1"),
    (r"(\d+) entries beyond (\d+) were left out", r"一次超过 \2 条，后面 \1 条没有读"),
    (r"(\d+) characters before the feed", r"feed 前面有 \1 个多余的字符"),
    (r"the document has ([\d,]+) bytes; allowed are ([\d,]+)", r"内容有 \1 字节，最多读 \2 字节"),
    (r"the answer is too large; allowed are ([\d,]+) bytes", r"内容太大，最多读 \1 字节"),
    (r"the packed answer is broken", "压缩的内容损坏"),
    (r"the answer is packed as '(.*)'; allowed are .*", r"压缩方式 \1 读不了"),
    (r"the name does not resolve", "域名解析不了"),
    (r"the name has no address", "域名没有地址"),
    (r"more than (\d+) redirects; .*", r"跳转超过 \1 次"),
    (r"(\S+) redirects from https to http; .*", r"\1 从 https 跳到 http，不跟"),
    (r"no complete answer within ([\d.]+) s", r"\1 秒内没有答完"),
    (r"the connection was refused or TLS was not accepted", "连接被拒绝，或证书不被接受"),
    (r"the answer is not proper HTTP", "回答不是正常的 HTTP"),
    (r"the connection broke", "连接中断"),
    (r"port (\d+) leads to an inside address; .*", r"端口 \1 通向内网地址"),
    (r"the account must wait", "这个账号要等一会儿"),
    (r"no token in (\w+)", r"环境变量 \1 里没有令牌"),
    (r"(\w+) is not set: its file cannot be read", r"环境变量 \1 指的文件读不了"),
    (r"(\w+) is not (?:in the environment|set)\b.*", r"环境变量 \1 没有设置"),
    (r"nothing to (?:search for|read)\b.*", "没有可搜索的词：来源和品牌都没有写"),
    (r"(\d+) pages are allowed in one read; the rest is read next time", r"一次最多翻 \1 页，其余下次再读"),
    (r"stopped at the most pages of one read; the rest is read next time", "一次翻页到了上限，其余下次再读"),
    (r"the cap of (\d+) pages was hit", r"翻页到了上限 \1 页"),
    (r"its JSON was broken and has been repaired", "内容有损坏，已经修好再读"),
    (r"(\d+) items beyond (\d+) were left out", r"一次超过 \2 条，后面 \1 条没有读"),
    (r"its only page is full \((\d+) items\)", r"只有一页而且满了（\1 条），可能还有"),
    (r"(\d+) items were left out: (.*)", r"有 \1 条读不了：\2"),
    (r"its (\S+) says '(.*)' \(\w+\)", r"对方的 \1 说：\2"),
    (r"it answered with an error \(\w+\)", "对方回答了一个错误"),
    (r"a web page titled “(.*)” instead of JSON: a login wall", r"回来的是登录页《\1》，不是内容"),
    (r"a web page titled “(.*)” instead of JSON: a captcha wall", r"回来的是验证码页《\1》，不是内容"),
    (r"a web page titled “(.*)” instead of JSON", r"回来的是网页《\1》，不是内容"),
    (r"a web page instead of JSON.*", "回来的是网页，不是内容"),
    (r"an answer that begins with (.*), not JSON", r"回来的不是 JSON，开头是 \1"),
    (r"counts are unknown: (.*)", r"计数没有读到：\1"),
    (r"(\d+) posts in (\d+) minutes, usual ([\d.]+)", r"\2 分钟 \1 条，平时 \3 条"),
    (r"(\d+) posts read", r"读了 \1 条"),
    (r"followers are unknown: (.*)", r"粉丝数没有读到：\1"),
    (r"posts older than 7 days .*", "超过 7 天的帖子已经读不到"),
    (r"not (?:read|searched), more than (\d+) words: (.*)", r"词超过 \1 个，没有搜：\2"),
    (r"weibo (\d+) at (\S+): the hourly limit .*", r"微博 \1（\2）：本小时的次数用完"),
    (r"weibo (\d+) at (\S+): the token [^:]*: put a fresh one into (\w+).*", r"微博 \1（\2）：令牌失效，换新的写进 \3"),
    (r"weibo (\d+) at (\S+): the app lacks .*", r"微博 \1（\2）：应用没有这个接口的权限"),
    (r"the account asks once in ([\d.]+) s", r"这个账号 \1 秒才问一次"),
    (r"(\d+) of (\d+) requests of this hour are used", r"本小时已用 \1 次，上限 \2 次"),
    (r"(\d+) of (\d+) of the day are used", r"今天已用 \1，上限 \2"),
    (r"([\d.]+) of ([\d.]+) US\$ of the day are spent", r"今天已花 US$\1，上限 US$\2"),
)


def cause_of(note: str) -> str:
    """inside, wordless or nokey when the note says so, else ""."""
    return next((name for pattern, name in _CAUSES if pattern.search(note)), "")


def is_quiet(note: str) -> bool:
    """Whether the note says that a source gives less than it always does."""
    return bool(_QUIET.match(note))


def tell_note(note: str, lang: str) -> str:
    """A reader's note in the reader's language; several notes are joined by "; " and told one by one."""
    if lang != "zh" or not note:
        return note
    return _told(note) or "；".join(_told(part) or part for part in _PARTS.split(note))


def _told(note: str) -> str:
    for pattern, zh in _ZH:
        if re.fullmatch(pattern, note, re.DOTALL):
            return re.sub(pattern, zh, note, count=1, flags=re.DOTALL)
    hosted = _HOST.fullmatch(note)
    inner = _told(hosted[2]) if hosted else ""
    return f"{hosted[1]}：{inner}" if hosted and inner else ""
