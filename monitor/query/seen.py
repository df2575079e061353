"""What a query may look at of a mention, and the forms in which hosts, tags and languages are compared."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from monitor.folding import fold
from store.nouns import Mention

_TOPICS = (re.compile(r"#([^#\n]{1,60})#"), re.compile(r"#(\w[\w-]{0,59})"))
_HOST = re.compile(r"[^\s/?#@:]+")


class Seen(Struct, frozen=True, gc=False):
    """A mention as queries see it; None is unknown."""

    title: str = ""
    body: str = ""
    author: str = ""
    site: str = ""
    url: str = ""
    platform: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    followers: float | None = None
    rank: float | None = None


def seen(mention: Mention, names: Mapping[str, str] = MappingProxyType({})) -> Seen:
    """A stored mention; its tags are the #topics# of its words. `names`: author_hash -> who is behind the mask."""
    return Seen(
        title=mention.title,
        body=mention.text,
        author=names.get(mention.author_hash, mention.author),
        url=mention.url,
        platform=mention.platform,
        lang=mention.lang,
        followers=mention.followers,
        rank=mention.rank,
    )


def host_of(address: str) -> str:
    """The host of an address or a bare host: small, without www., port and last full stop; "" when there is none."""
    text = address.strip().lower()
    try:
        found = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    host = found.rstrip(".").removeprefix("www.")
    if not _HOST.fullmatch(host):
        return ""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def same_form(text: str) -> str:
    """How names of platforms and the like are compared."""
    return fold(text).text.strip()


def tag_form(text: str) -> str:
    return same_form(text.strip().strip("#＃"))


def lang_form(text: str) -> str:
    return text.strip().lower().replace("_", "-")


def topics_of(texts: Iterable[str]) -> set[str]:
    """The #topics# and #hashtags of folded texts."""
    return {form for text in texts for one in _TOPICS for word in one.findall(text) if (form := tag_form(word))}


def address_forms(url: str) -> tuple[str, ...]:
    """An address as it is written and as it is read (%E6%98%9F → 星), folded."""
    plain = fold(url).text
    read = fold(unquote(url)).text
    return (plain,) if plain == read else (plain, read)
