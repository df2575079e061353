"""`watch`: a working watch.toml for the public sources that need no account, and what it does not cover."""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from config.errors import InputError
from desk.commands import say
from desk.coverage import PLATFORMS
from desk.words import LANGS, word
from monitor.folding import CJK

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CJK: Final = re.compile(f"[{CJK}]")
# A search engine counts the words of a query; more than these go into a second source.
_PER_QUERY: Final = 8
_LONGEST_WORD: Final = 80
# GDELT refuses shorter ones and, quoted, everything below five characters.
_GDELT_LEAST: Final = 4
_GDELT_LEAST_QUOTED: Final = 5
EDITIONS: Final = {
    "zh": {"hl": "zh-CN", "gl": "CN", "ceid": "CN:zh-Hans"},
    "en": {"hl": "en-US", "gl": "US", "ceid": "US:en"},
}
MARKETS: Final = {"zh": "zh-CN", "en": "en-US"}
MASTODON: Final = "https://mastodon.social"
COVERED: Final = frozenset({"news", "hackernews", "mastodon"})
# Platform → the kinds (and presets) of source in the settings that carry its lawful road, the best first.
ROADS: Final = {
    "weibo": "weibo · inbound", "wechat": "inbound · feed (wewe-rss, RSSHub) · json wechat_comments",
    "douyin": "json douyin_search · inbound", "xiaohongshu": "inbound · import", "zhihu": "inbound · feed (RSSHub)",
    "bilibili": "inbound · feed (RSSHub)", "toutiao": "inbound", "baidu": "feed (RSSHub) · inbound",
    "heimao": "import · inbound", "12315": "import", "appstore": "json appstore_reviews", "x": "x",
    "bluesky": "bluesky", "reddit": "json reddit", "youtube": "json youtube", "telegram": "feed (RSSHub)",
}  # fmt: skip
SAID: Final = {
    "made": ("# 由 ./goldenhour watch 写成：{brand}", "# Written by ./goldenhour watch: {brand}"),
    "only": (
        "# 只含不需要账号的公开来源。改完运行 ./goldenhour check。没有写的项用默认值。",
        "# Only public sources that need no account. Edit, then run ./goldenhour check. What is left out is default.",
    ),
    "any": ("出现任意一个就是我们", "one of these makes it ours"),
    "none": ("出现就不是我们", "one of these and it is not ours"),
    "aliases": ("别名、错写、产品名", "other names, misspellings, products"),
    "ambiguous": ("有歧义的词，旁边要有语境词才算", "words that need a context word beside them"),
    "company": ("声明落款的法定全称", "legal name that signs statements"),
    "not": ("没有覆盖的平台，和各自合法的办法：", "What is NOT covered, and the lawful road of each:"),
    "wrote": ("已写 {out}：{n} 个公开来源。", "Wrote {out}: {n} public sources."),
    "next": (
        "下一步：用它换掉设置文件夹里的 watch.toml（默认 config/），补上 company，运行 ./goldenhour check。",
        "Next: put it in place of watch.toml in the settings folder (config/), add company, run ./goldenhour check.",
    ),
    "wall": (
        "注意：这些网站从中国大陆的网络多半打不开；打不开会显示为中断，不会显示为没有声音。",
        "Note: few of these sites are reached from mainland China; what is not shows as broken, never as silence.",
    ),
    "edges": (
        "注意：新闻搜索只给标题和摘要；Mastodon 只听 mastodon.social 的话题标签，不听没有标签的帖子。",
        "Note: news searches give title and summary only; of Mastodon only tags on mastodon.social are heard.",
    ),
    "latin": (
        "注意：没有写 GDELT 和 Hacker News：它们只搜拉丁字母的词（GDELT 搜英文译文）。用 --also 加英文名。",
        "Note: GDELT and Hacker News are left out: they search Latin words only. Add a Latin name with --also.",
    ),
    "short": (
        "注意：{words} 太短，容易混进别的事。请在 ambiguous 和 context 里写清楚。",
        "Note: {words} is short and brings in other things. Fill in ambiguous and context.",
    ),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: the brand's words, all of them clean, the brand's own name first in `words`."""

    id: str
    words: tuple[str, ...]
    none: tuple[str, ...] = ()
    company: str = ""

    @property
    def latin(self) -> tuple[str, ...]:
        return tuple(one for one in self.words if not _CJK.search(one))


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("brand", help="the name people say")
    parser.add_argument("--also", action="append", default=[], metavar="WORD", help="another name; may be repeated")
    parser.add_argument("--none", action="append", default=[], metavar="WORD", help="a word that rules it out")
    parser.add_argument("--id", default="", help="short name in links and rows, a-z 0-9 _ -")
    parser.add_argument("--company", default="", help="legal name that signs statements")
    parser.add_argument("--out", type=Path, default=Path("watch.toml"), help="file to write (default: ./watch.toml)")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--print", action="store_true", help="write the settings to standard output instead")
    parser.add_argument("--lang", choices=LANGS, default="zh", help="language of comments and notes (default: zh)")


def run(args: argparse.Namespace) -> int:
    """Writes the file, then says what it covers and what not; InputError when nothing can be written."""
    wish = wish_of(args)
    text, sources = settings_text(wish, args.lang), _sources(wish)
    notes = [*_notes(wish, args.lang), "", *missing(args.lang)]
    if args.print:
        say(text.rstrip("\n"))
        sys.stderr.write("\n".join(notes) + "\n")
        return 0
    _write(args.out, text, force=args.force)
    said = [_said("wrote", args.lang, out=args.out, n=len(sources)), *(f"  {one['id']}" for one in sources)]
    for line in [*said, _said("next", args.lang), *notes]:
        say(line)
    return 0


def wish_of(args: argparse.Namespace) -> Wish:
    """The words as they will be searched for; InputError names the one that cannot be."""
    words = tuple(dict.fromkeys(_clean(one) for one in (args.brand, *args.also)))
    none = tuple(dict.fromkeys(_clean(one) for one in args.none))
    if clash := sorted(set(words) & set(none)):
        raise InputError(f"watch: {clash[0]!r} is both ours and ruled out; --none takes other words than the brand's")
    name = args.id or _slug(words)
    if not _ID.fullmatch(name):
        raise InputError(f"watch: --id {name!r}: 1 to 40 characters of a-z 0-9 _ -, the first a letter or digit")
    if not args.company.isprintable():
        raise InputError("watch: --company: one line of printable characters")
    return Wish(name, words, none, args.company.strip())


def settings_text(wish: Wish, lang: str) -> str:
    """The whole watch.toml, with what is not covered as comments at its end."""
    lines = [_said("made", lang, brand=wish.words[0]), _said("only", lang), "", "[[brand]]"]
    lines += [f"id = {_toml(wish.id)}", f"name = {_toml(wish.words[0])}"]
    lines += [f"company = {_toml(wish.company)}  # {_said('company', lang)}"]
    found = {"any": wish.words[:1], "aliases": wish.words[1:], "none": wish.none, "ambiguous": ()}
    lines += [f"{key} = {_toml(list(words))}  # {_said(key, lang)}" for key, words in found.items()]
    lines.append("context = []")
    for source in _sources(wish):
        lines += ["", "[[source]]", *(f"{key} = {_toml(value)}" for key, value in source.items())]
    return "\n".join([*lines, "", *(f"# {line}".rstrip() for line in missing(lang)), ""])


def missing(lang: str) -> list[str]:
    """Every platform the written file does not hear, with its lawful road and the kind of source for it."""
    rows = [one for one in PLATFORMS if one not in COVERED]
    roads = [f"{word(f'plat_{one}', lang)}：{word(f'cover_via_{one}', lang)} [{ROADS[one]}]" for one in rows]
    return [_said("not", lang), *(f"  {road if lang == 'zh' else road.replace('：', ': ')}" for road in roads)]


def _sources(wish: Wish) -> list[dict[str, object]]:
    """The tables of the sources, in the order they are written. News is short: the brand is matched by words."""
    found = []
    for n, words in enumerate(_batches(wish.words), 1):
        tail = f"-{n}" if n > 1 else ""
        query = " OR ".join(f'"{one}"' for one in words)
        for lang, edition in EDITIONS.items():
            asked = urlencode({"q": f"{query} when:1h", **edition})
            url = f"https://news.google.com/rss/search?{asked}"
            found.append(_news(f"{wish.id}-google-{lang}{tail}", "5m", "1m", kind="feed", url=url))
        for lang, market in MARKETS.items():
            url = f"https://www.bing.com/news/search?{urlencode({'q': query, 'format': 'rss', 'setmkt': market})}"
            found.append(_news(f"{wish.id}-bing-{lang}{tail}", "10m", "2m", kind="feed", url=url))
    return found + _of_latin(wish) + _of_tags(wish)


def _news(name: str, calm: str, hot: str, **more: object) -> dict[str, object]:
    return {"id": name, "platform": "news", "klass": "article", "interval": calm, "hot_interval": hot, **more}


def _of_latin(wish: Wish) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for n, terms in enumerate(_batches([term for one in wish.latin if (term := _gdelt(one))]), 1):
        # GDELT refuses parentheses around one term and an OR without them.
        # No filter: news of every language, not only what was written in Chinese.
        values = {"query": f"({' OR '.join(terms)})" if len(terms) > 1 else terms[0], "filter": ""}
        name = f"{wish.id}-gdelt" + (f"-{n}" if n > 1 else "")
        found.append(_news(name, "15m", "5m", kind="json", preset="gdelt", values=values))
    for n, one in enumerate(wish.latin, 1):
        name = f"{wish.id}-hn" + (f"-{n}" if n > 1 else "")
        shared = {"id": name, "kind": "json", "platform": "hackernews", "preset": "hn"}
        found.append({**shared, "interval": "5m", "hot_interval": "1m", "values": {"query": f'"{one}"'}})
    return found


def _of_tags(wish: Wish) -> list[dict[str, object]]:
    tags = list({tag.casefold(): tag for one in wish.words if (tag := _tag(one))}.values())
    shared = {"id": f"{wish.id}-mastodon", "kind": "mastodon", "platform": "mastodon", "base_url": MASTODON}
    return [{**shared, "tags": tags, "interval": "3m", "hot_interval": "30s"}] if tags else []


def _gdelt(term: str) -> str:
    """The word as GDELT takes it: plain when it is one plain word, else quoted; "" when it is too short for it."""
    if term.isalnum():
        return term if len(term) >= _GDELT_LEAST else ""
    return f'"{term}"' if len(term) >= _GDELT_LEAST_QUOTED else ""


def _tag(term: str) -> str:
    """The word as a hashtag, without what none may hold; "" when only digits are left."""
    tag = re.sub(r"\W", "", term)
    return tag if not tag.strip("_").isdecimal() and tag.strip("_") else ""


def _clean(text: str) -> str:
    """The word on one line without quotes, which no search engine lets stand inside quotes."""
    found = " ".join(re.sub(r'["“”„«»「」『』]', " ", text).split())
    if not found or not found.isprintable() or len(found) > _LONGEST_WORD:
        raise InputError(f"watch: {text[:40]!r}: 1 to {_LONGEST_WORD} printable characters that are not only quotes")
    return found


def _slug(words: Iterable[str]) -> str:
    made = (re.sub(r"[^a-z0-9]+", "-", one.lower()).strip("-")[:40].strip("-") for one in words if one.isascii())
    return next(filter(None, made), "brand")


def _batches(words: Sequence[str]) -> list[Sequence[str]]:
    return [words[at : at + _PER_QUERY] for at in range(0, len(words), _PER_QUERY)]


def _notes(wish: Wish, lang: str) -> list[str]:
    short = [one for one in wish.words if len(one) <= (2 if _CJK.search(one) else 3)]
    notes = [_said("short", lang, words=", ".join(short))] if short else []
    return [*notes, *([] if wish.latin else [_said("latin", lang)]), _said("edges", lang), _said("wall", lang)]


def _toml(value: object) -> str:
    """Printable strings and lists of them are written alike in JSON and TOML; a table is not."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _said(key: str, lang: str, **values: object) -> str:
    return SAID[key][LANGS.index(lang)].format(**values)


def _write(out: Path, text: str, *, force: bool) -> None:
    try:
        with out.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(f"{out}: is there already; --force writes over it, --out names another file") from error
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); --out names another file") from error
