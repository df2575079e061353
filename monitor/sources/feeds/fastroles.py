"""What the elements and attributes of ordinary feeds mean to feedparser; whatever is not listed is not ordinary."""

from collections.abc import Iterable, Mapping
from typing import Final

from monitor.sources.feeds.entries import NAMESPACE


class Unsure(Exception):
    """The document holds something that only feedparser reads as feedparser does."""


ATOM: Final = "http://www.w3.org/2005/Atom"
RSS1: Final = "http://purl.org/rss/1.0/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ABOUT: Final = f"{RDF} about"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_SLASH: Final = "http://purl.org/rss/1.0/modules/slash/"
_MEDIA: Final = ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss")
_ITUNES: Final = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_WFW: Final = "http://wellformedweb.org/CommentAPI/"

# Root element -> where its entries stand and what they are called.
ROOTS: Final = {"rss": (2, "item"), f"{ATOM} feed": (1, f"{ATOM} entry"), f"{RDF} RDF": (1, f"{RSS1} item")}
CHANNELS: Final = frozenset({"channel", f"{RSS1} channel"})

# Roles are the fields of an entry; besides: nothing of interest, a link beside the
# entry's own, an Atom link, an id that is no address, and before our own words.
IGNORED: Final = ""
LINKED: Final = "linked"
HREF: Final = "href"
PRIVATE: Final = "private"
OWN: Final = "own "


def _table(namespaces: Iterable[str], roles: Mapping[str, str]) -> dict[str, str]:
    """The same words under several namespaces; a key may hold several words."""
    return {
        f"{namespace} {word}".strip(): role
        for namespace in namespaces
        for words, role in roles.items()
        for word in words.split()
    }


ROLES: Final = {
    **_table(("", RSS1), {"title": "title", "link": "link", "description": "summary"}),
    **_table(("",), {"guid": "id", "pubDate": "published", "author": "author"}),
    **_table(("",), {"category comments source": IGNORED, "enclosure": LINKED}),
    **_table((ATOM,), {"title": "title", "id": "id", "summary": "summary", "content": "content", "author": "author"}),
    **_table((ATOM,), {"published": "published", "updated": "updated", "link": HREF}),
    **_table((ATOM,), {"category contributor rights": IGNORED}),
    **_table((_CONTENT,), {"encoded": "content"}),
    **_table((_DC,), {"creator": "author", "date": "updated"}),
    **_table((_DC,), {"subject publisher language rights identifier format type source relation": IGNORED}),
    **_table((_DCTERMS,), {"created": "created", "issued": "published", "modified": "updated"}),
    **_table((_SLASH,), {"comments": "comments", "department hit_parade section": IGNORED}),
    **_table(_MEDIA, {"content thumbnail credit": IGNORED}),
    **_table((_ITUNES,), {"author": "author"}),
    **_table((_ITUNES,), {"duration explicit image episode season episodeType subtitle keywords title": IGNORED}),
    **_table((_WFW,), {"commentRss comment": IGNORED}),
}
PEOPLE: Final = frozenset({"author", "contributor", f"{ATOM} author", f"{ATOM} contributor"})
PERSON_PARTS: Final = {
    **_table(("", ATOM), {"name": "name", "email": "email", "uri": "uri"}),
}
# What else stands in these namespaces, or under prefixes spelled like theirs, may mean something to feedparser.
_KNOWN_PREFIXES: Final = frozenset(
    "admin cc content creativecommons dc dcterms feedburner georss gml itunes media psc rdf slash thr xhtml xml".split()  # noqa: SIM905
)
_READ_NAMESPACES: Final = (
    "purl.org", "w3.org", "yahoo.com/mrss", "itunes.com", "userland.com", "creativecommons", "harvard.edu",
    "georss.org", "opengis.net", "podlove.org", "example.com", "feedburner", "webns.net", "web.resource.org",
    "netscape.com", "uri/of/echo", "wellformedweb.org",
)  # fmt: skip

_PLAIN_TYPES: Final = frozenset({"text", "html", "text/html", "text/plain"})
_PAGES: Final = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})
_LANG: Final = f"{_XML} lang"
_TEXT_WORDS: Final = frozenset({"type", _LANG})
_LINK_WORDS: Final = frozenset({"href", "rel", "type", "title", "hreflang", "length", _LANG})
_NOTHING: Final = frozenset[str]()
# Attributes that change nothing on an element of this role.
_USUAL: Final = {
    "title": _TEXT_WORDS,
    "summary": _TEXT_WORDS,
    "content": _TEXT_WORDS,
    IGNORED: frozenset({"term", "scheme", "label", "domain", "url"}),
}
# With any other attribute these are no longer texts to feedparser, or texts of another kind.
_STRICT: Final = frozenset({"link", "comments", "title", "summary", "content"})


def clash(prefixes: Mapping[str | None, str]) -> bool:
    """Whether a prefix that means something to feedparser stands for something else here."""
    return any(
        (prefix or "").lower() in _KNOWN_PREFIXES and not any(word in uri.lower() for word in _READ_NAMESPACES)
        for prefix, uri in prefixes.items()
    )


def role_of(name: str, prefixes: Mapping[str | None, str]) -> str:
    """What an element of an entry is; Unsure for one that feedparser knows and this table does not."""
    role = ROLES.get(name)
    if role is not None:
        return role
    namespace, _, local = name.rpartition(" ")
    if namespace == NAMESPACE:
        return OWN + local.lower()
    spelled = {(prefix or "").lower() for prefix, uri in prefixes.items() if uri == namespace}
    if not namespace or "" in spelled or spelled & _KNOWN_PREFIXES:
        raise Unsure
    if any(word in namespace.lower() for word in _READ_NAMESPACES):
        raise Unsure
    return IGNORED


def check(role: str, attributes: Mapping[str, str]) -> None:
    """Unsure when an attribute changes how the element is to be read."""
    usual = _USUAL.get(role, _NOTHING)
    if attributes.keys() <= usual and attributes.get("type", "text").lower() in _PLAIN_TYPES:
        return
    for key in attributes:
        # A base of its own moves every relative link behind it; our own words with attributes feedparser does not know.
        if key.lower().endswith("base") or role.startswith(OWN) or (key != _LANG and role in _STRICT):
            raise Unsure


def href_of(attributes: Mapping[str, str]) -> str:
    """Where an Atom link leads when it is the page itself, "" for its other kinds."""
    get = attributes.get
    if "href" not in attributes or not attributes.keys() <= _LINK_WORDS:
        raise Unsure
    page = get("type", "text/html").lower() in _PAGES and get("rel", "alternate").lower() == "alternate"
    return attributes["href"] if page else ""


def is_permalink(attributes: Mapping[str, str]) -> bool:
    """Whether a guid may stand for the link."""
    return {key.lower(): value for key, value in attributes.items()}.get("ispermalink", "true") == "true"
