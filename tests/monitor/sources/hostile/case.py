"""One hostile document with what must come of it, and the few words such documents are made of."""

from collections.abc import Callable
from dataclasses import dataclass

from store.nouns import Outcome

HAN = "青禾酸奶喝出异物，客服一直推脱"
HEAD = "<channel><title>Forum</title><link>https://place.example/</link>"


@dataclass(frozen=True)
class Case:
    """A document and its right reading.

    `made` is the document or what makes it: bytes, or text that becomes UTF-8. `titles` are the titles, or how many
    mentions there are. `dates` are ISO moments in UTC or None, `urls` and `texts` those of all mentions; where these
    are None they are not what the case is about. `degraded`: entries may be missing. `garbled`: no reading could make
    sense of all its bytes.
    """

    name: str
    made: bytes | str | Callable[[], bytes | str]
    outcome: Outcome = Outcome.OK
    titles: tuple[str, ...] | int = 0
    served: str = "application/xml"
    dates: tuple[str | None, ...] | None = None
    urls: tuple[str, ...] | None = None
    texts: tuple[str, ...] | None = None
    degraded: bool = False
    garbled: bool = False
    zone: str = "Asia/Shanghai"

    def body(self) -> bytes:
        made = self.made() if callable(self.made) else self.made
        return made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made


def refused(name: str, made: bytes | str | Callable[[], bytes | str], outcome: Outcome, **more: str) -> Case:
    return Case(name, made, outcome, **more)  # type: ignore[arg-type]


def item(title: str = "", link: str = "", more: str = "") -> str:
    """An item of RSS; what is "" is left out."""
    inside = f"<title>{title}</title>" * bool(title) + f"<link>{link}</link>" * bool(link) + more
    return f"<item>{inside}</item>"


def rss(*items: str, declared: str = "", spaces: str = "", prolog: str = "") -> str:
    """RSS 2.0; `declared` is the charset its XML declaration names, `prolog` stands before the root."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return f'{declaration}{prolog}<rss version="2.0"{spaces}>{HEAD}{"".join(items)}</channel></rss>'


def atom(*entries: str, root: str = "") -> str:
    spaces = f'xmlns="http://www.w3.org/2005/Atom"{root}'
    return f"<feed {spaces}><title>Forum</title><id>urn:f</id>{''.join(entries)}</feed>"
