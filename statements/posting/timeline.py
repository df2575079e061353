"""The public timeline of a crisis as one self-contained page (pure): every published version, newest first."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from statements.writing import moments
from statements.writing.marks import neutral
from store.nouns import Draft, Promise, Publication

LANGS = ("zh", "en")
_KIND = {
    "holding": ("声明", "Statement"),
    "short": ("首次说明", "First statement"),
    "update": ("进展", "Update"),
    "correction": ("更正", "Correction"),
    "apology": ("致歉与补救", "Apology and remedy"),
    "closing": ("结束说明", "Closing statement"),
}
_PLATFORM = {
    "weibo": "微博 Weibo",
    "wechat": "微信公众号 WeChat",
    "xiaohongshu": "小红书 Xiaohongshu",
    "douyin": "抖音 Douyin",
    "x": "X",
    "press": "媒体通稿 Press",
    "site": "官网 Website",
}
STYLE = Markup("""
:root{color-scheme:light dark;--ink:#1a1d21;--paper:#fff;--quiet:#667085;--line:#e4e7ec;--accent:#0b57d0}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#14171a;--quiet:#98a2b3;--line:#2b3036;--accent:#8ab4f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;
font:17px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:720px;margin:0 auto;padding:24px 16px 40px}
h1,h2,h3{line-height:1.3;font-weight:600}h1{font-size:28px;margin:0 0 8px}h2{font-size:21px;margin:0 0 4px}
h3{font-size:17px;margin:16px 0 4px}
.quiet{color:var(--quiet);font-size:15px}a{color:var(--accent);display:inline-block;padding:10px 0}
.card{border:1px solid var(--line);border-radius:6px;padding:16px;margin:16px 0}
article{border-top:1px solid var(--line);padding:24px 0}
.text{white-space:pre-wrap;margin:8px 0;max-width:70ch}
.mark{font-weight:600;border:1px solid currentColor;border-radius:6px;padding:0 8px}
s{color:var(--quiet)}
""")
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# What a browser may do with the page: use its own style, and nothing else.
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class TimelineInput:
    """What the public may see: names, contacts, every record of a post with its text, open promises of an update.

    `watermark`: printed at the top and in the title, "" for the real world.
    """

    brand: str
    company: str
    phone: str
    email: str
    records: tuple[Publication, ...]
    standing: tuple[Publication, ...]
    drafts: tuple[Draft, ...]
    promises: tuple[Promise, ...]
    zone: ZoneInfo
    now: datetime
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One published version of a text: its twin in the other language stands beside it."""

    at: datetime
    kind: str
    texts: tuple[Draft, ...]
    posts: tuple[Publication, ...]
    mended: tuple[Publication, ...]
    replaced: bool


def entries(given: TimelineInput) -> tuple[Entry, ...]:
    """Published versions, newest first. A correction is an entry of its own; nothing published ever leaves the page."""
    posted = {one.id: [post for post in given.standing if post.draft == one.id] for one in given.drafts}
    mended = {
        one.id: [post for post in given.records if post.draft == one.id and post.supersedes] for one in given.drafts
    }
    shown = [one for one in given.drafts if posted[one.id] and one.kind not in ("qa", "internal", "frontline")]
    groups: dict[tuple[str, int], list[Draft]] = {}
    newest = {(one.kind, one.lang): one.version for one in sorted(shown, key=lambda one: one.version)}
    for kind, ranked in _ranked(shown):
        for place, one in ranked:
            groups.setdefault((kind, place), []).append(one)
    made = []
    for (kind, _), texts in groups.items():
        texts.sort(key=lambda one: LANGS.index(one.lang) if one.lang in LANGS else len(LANGS))
        posts = sorted((post for one in texts for post in posted[one.id]), key=lambda one: one.published_at)
        made.append(
            Entry(
                at=posts[0].published_at,
                kind=kind,
                texts=tuple(texts),
                posts=tuple(posts),
                mended=tuple(post for one in texts for post in mended[one.id]),
                replaced=all(newest[one.kind, one.lang] > one.version for one in texts),
            )
        )
    return tuple(sorted(made, key=lambda one: one.at, reverse=True))


def page_of(given: TimelineInput) -> str:
    """The whole page: both languages, no script, nothing it would have to fetch; everything from outside is escaped."""
    found = entries(given)
    title = f"{given.brand} · 情况说明 Statement log"
    body = Markup("").join([_top(given), *(_entry(one, given) for one in found), _none() if not found else ""])
    return str(
        Markup(
            '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
        ).format(policy=POLICY, title=_said(given.watermark + title), style=STYLE, body=body)
    )


def _ranked(shown: Sequence[Draft]) -> Iterator[tuple[str, list[tuple[int, Draft]]]]:
    """Kind → its published versions, numbered in each language from the first: twins carry the same number."""
    for kind in dict.fromkeys(one.kind for one in shown):
        ranked = []
        for lang in dict.fromkeys(one.lang for one in shown):
            mine = sorted((one for one in shown if (one.kind, one.lang) == (kind, lang)), key=lambda one: one.version)
            ranked += list(enumerate(mine))
        yield kind, ranked


def _top(given: TimelineInput) -> Markup:
    waits = [one for one in given.promises if one.kind == "update" and one.open and one.due_at > given.now]
    due = min((one.due_at for one in waits), default=None)
    nxt = (
        _both(*(moments.full(due, given.zone.key, lang) for lang in LANGS)) if due else _both("待定", "to be announced")
    )
    mark = Markup('<p class="mark">{}</p>').format(_said(given.watermark)) if given.watermark else ""
    return Markup(
        "{mark}<h1>{brand}</h1><p>{company}</p>"
        '<section class="card"><h2>下一次更新 · Next update</h2>{next}'
        "<h3>联系我们 · Contact</h3><p>{phone}<br>{email}</p>"
        '<p class="quiet">更正会作为新的一条列出，已发布的内容不会删除或改动。<br>'
        "Corrections are listed as new entries; nothing published is deleted or changed.</p></section>"
    ).format(
        mark=mark, brand=_said(given.brand), company=_said(given.company), next=nxt, phone=_said(given.phone),
        email=_said(given.email),
    )  # fmt: skip


def _entry(one: Entry, given: TimelineInput) -> Markup:
    zh, en = _KIND.get(one.kind, _KIND["holding"])
    when = _both(*(moments.full(one.at, given.zone.key, lang) for lang in LANGS))
    marks = [Markup('<span class="mark">更正 · Correction</span>')] if one.kind == "correction" else []
    marks += (
        [Markup('<span class="quiet">已有更新的版本 · a newer version follows above</span>')] if one.replaced else []
    )
    texts = Markup("").join(
        Markup('<h3>{}</h3><div class="text" lang="{}">{}</div>').format(
            "中文" if text.lang == "zh" else "English", "zh-CN" if text.lang == "zh" else "en", _words(text.body)
        )
        for text in one.texts
    )
    return Markup("<article><h2>{} · {}</h2>{}<p>{}</p>{}{}{}</article>").format(
        zh, en, when, Markup(" ").join(marks), texts, _posts(one.posts, given), _mended(one, given)
    )


def _posts(posts: Iterable[Publication], given: TimelineInput) -> Markup:
    rows = Markup("").join(
        Markup("<li>{} · {} · {}</li>").format(
            _platform(one), moments.full(one.published_at, given.zone.key, "zh", with_zone=False), _link(one.url)
        )
        for one in posts
    )
    return Markup('<p class="quiet">发布于 · Posted on</p><ul>{}</ul>').format(rows)


def _mended(one: Entry, given: TimelineInput) -> Markup:
    """What a record said before stays readable, struck through, with what it was put right to."""
    former = {record.id: record for record in given.records}
    rows = []
    for record in one.mended:
        before = former.get(record.supersedes or "")
        if before:
            at = moments.full(before.published_at, given.zone.key, "zh", with_zone=False)
            said = Markup("<s>{} · {}</s>").format(_platform(before), at)
            rows.append(Markup("<li>{}</li>").format(said))
    if not rows:
        return Markup("")
    return Markup('<p class="quiet">更正过的发布记录 · corrected records</p><ul>{}</ul>').format(Markup("").join(rows))


def _link(url: str) -> Markup:
    try:
        safe = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        safe = False
    if not safe:
        return Markup("{}").format(_said(url))
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(_said(url), _said(url))


def _none() -> Markup:
    return Markup('<p class="quiet">还没有发布内容。<br>Nothing has been published yet.</p>')


def _both(zh: str, en: str) -> Markup:
    return Markup('<p>{}<br><span class="quiet">{}</span></p>').format(zh, en)


def _platform(record: Publication) -> str:
    return _PLATFORM.get(record.platform, _said(record.platform))


def _said(text: str) -> str:
    return neutral(text, keep_braces=True)


def _words(text: str) -> str:
    return neutral(text, keep_lines=True)
