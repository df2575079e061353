"""The fast reader against feedparser, its reference: the same entries or none at all, whatever the document."""

from datetime import UTC, datetime
from pathlib import Path
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from bench.feeds import COUNT, SIZE, feeds
from bench.parsing import agreement
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.entries import NAMESPACE, Entry, mentions_of
from monitor.sources.feeds.fastfeed import read_fast
from monitor.sources.feeds.prolog import read_prolog
from monitor.sources.feeds.xmlfeed import read_slowly
from store.nouns import RawMention

FEEDS = Path(__file__).parent / "feeds"
URL = "https://place.example/feed"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
# What these hold only feedparser knows how to read, or they are not well-formed.
LEFT_TO_FEEDPARSER = {
    "atom_base.xml", "bare_ampersands.xml", "control_characters.xml", "cut_off.xml", "media_and_scripts.xml",
    "rss090.rdf", "rss091_doctype.xml",
}  # fmt: skip
SPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/" '
    f'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:gh="{NAMESPACE}" xmlns:x="urn:x" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)
RSS = f'<rss version="2.0" {SPACES}><channel>{{}}</channel></rss>'
ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>{{}}</feed>'
RDF = f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {SPACES}>{{}}</rdf:RDF>'


def said(entries: tuple[Entry, ...]) -> tuple[RawMention, ...]:
    return mentions_of(entries, now=NOW, zone=SHANGHAI)


def fast(document: str) -> tuple[RawMention, ...] | None:
    try:
        rough = read_fast(document.encode(), url=URL, max_entries=1000)
    except ExpatError:
        return None
    return None if rough is None else said(rough.entries)


def slow(document: str) -> tuple[RawMention, ...]:
    return said(read_slowly(document.encode(), url=URL, max_entries=1000).entries)


@pytest.mark.parametrize("name", sorted(file.name for file in FEEDS.glob("*.[xr]*")))
def test_every_shape_is_read_as_feedparser_reads_it_or_left_to_it(name: str) -> None:
    text = decode((FEEDS / name).read_bytes(), None).strip("\ufeff\x00 \t\r\n")
    document = text[max(0, text.find("<?xml")) :]
    document = document[read_prolog(document).start :]
    found = fast(document)
    assert (found is None) == (name in LEFT_TO_FEEDPARSER)
    assert found is None or found == slow(document)


LATE = "<item><title>t</title></item>"
ODD = {
    "markup in a title": RSS.format("<item><title>a<b>x</b>c</title></item>"),
    "words between elements": RSS.format("<item>junk<title>a</title>more<guid>1</guid></item>"),
    "a title inside something unknown": RSS.format("<item><x:w><title>in</title></x:w><guid>1</guid></item>"),
    "two titles": RSS.format("<item><title>one</title><title>two</title></item>"),
    "an empty title and a full one": RSS.format("<item><title/><title>two</title></item>"),
    "two links": RSS.format("<item><title>t</title><link>https://a.example/1</link><link/></item>"),
    "a permalink before an empty link": RSS.format(
        "<item><title>t</title><guid>https://a.example/g</guid><link></link></item>"
    ),
    "an enclosure and a permalink": RSS.format(
        '<item><title>t</title><enclosure url="https://a.example/1.mp3"/><guid>story/7</guid></item>'
    ),
    "a guid that is no permalink": RSS.format(
        '<item><title>t</title><guid isPermaLink="false">https://a.example/7</guid></item>'
    ),
    "three slashes": RSS.format("<item><title>t</title><link>http:///a.example/1</link></item>"),
    "a link escaped twice": RSS.format("<item><title>t</title><link>https://a.example/?a=1&amp;amp;b=2</link></item>"),
    "base64": RSS.format('<item><title mode="base64">5piT</title></item>'),
    "a type nobody knows": RSS.format('<item><title type="application/x">5piT</title></item>'),
    "a base of its own": ATOM.format('<entry xml:base="https://b.example/"><title>t</title><link href="1"/></entry>'),
    "a base on the root": '<rss xml:base="https://b.example/"><channel><item><title>t</title><link>1</link></item>'
    "</channel></rss>",
    "Atom in XHTML": ATOM.format(
        '<entry><title>t</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a<p>b</p></div></content>'
        "</entry>"
    ),
    "two authors": RSS.format("<item><title>t</title><author>a</author><dc:creator>b</dc:creator></item>"),
    "a mail address": RSS.format("<item><title>t</title><author>mo@a.example (Mo)</author></item>"),
    "a mail address behind": RSS.format("<item><title>t</title><author>Mo mo@a.example</author></item>"),
    "a person": ATOM.format(
        "<entry><title>t</title><author><name>Mo</name><email>m@a.example</email><uri>u</uri></author></entry>"
    ),
    "a person without a name": ATOM.format(
        "<entry><title>t</title><author><email>m@a.example</email></author></entry>"
    ),
    "two persons": ATOM.format(
        "<entry><title>t</title><author><name>A</name></author><author><name>B</name></author></entry>"
    ),
    "an author who is only words": ATOM.format("<entry><title>t</title><author>Mo</author></entry>"),
    "a source with a title": ATOM.format("<entry><id>1</id><source><title>theirs</title></source></entry>"),
    "links of all kinds": ATOM.format(
        '<link href="https://home.example/"/><entry><title>t</title><link rel="self" href="/s"/>'
        '<link rel="alternate" type="application/json" href="/j"/><link rel="enclosure" href="/e"/><id>i/1</id></entry>'
    ),
    "a prefix that is not what it looks like": (
        '<rss xmlns:dc="urn:other"><channel><item><dc:creator>Mo</dc:creator><title>t</title></item></channel></rss>'
    ),
    "a namespace in capitals": (
        '<rss xmlns:d="HTTP://PURL.ORG/DC/ELEMENTS/1.1/"><channel><item><d:creator>Mo</d:creator><title>t</title></item>'
        "</channel></rss>"
    ),
    "another default inside": RSS.format('<item><title xmlns="urn:other">t</title></item>'),
    "capital letters": RSS.format("<item><TITLE>t</TITLE><Link>https://a.example/1</Link></item>"),
    "a picture with a link": RSS.format(
        "<link>https://home.example/a/</link><image><title>i</title><url>u</url><link>https://other.example/</link>"
        "</image><item><title>t</title><link>7</link></item>"
    ),
    "a box with a link": RSS.format(
        "<link>https://home.example/a/</link><textInput><link>https://other.example/</link></textInput>"
        "<item><title>t</title><link>7</link></item>"
    ),
    "the link of the feed behind its items": RSS.format(
        "<item><title>t</title><link>7</link></item><link>https://home.example/a/</link>"
    ),
    "only an id for the feed": ATOM.format(
        "<id>https://home.example/a/</id><entry><title>t</title><link href='7'/></entry>"
    ),
    "items outside of the channel": f"<rss><channel><title>c</title></channel>{LATE}</rss>",
    "an entry in a channel": RSS.format("<atom:entry><atom:title>t</atom:title></atom:entry>"),
    "RSS 1.0 with a list": RDF.format(
        '<channel rdf:about="https://h.example/"><title>c</title><link>https://h.example/a/</link><items><rdf:Seq>'
        '<rdf:li rdf:resource="u"/></rdf:Seq></items></channel>'
        '<item rdf:about="u:1"><title>t</title><link>7</link></item>'
    ),
    "about and a guid": RDF.format('<item rdf:about="u:1"><title>t</title><dc:identifier>x</dc:identifier></item>'),
    "UTF-8 read as Latin-1": RSS.format(f"<item><title>{'手机'.encode().decode('latin-1')}</title></item>"),
    "Windows letters as numbers": RSS.format("<item><title>a &#147;b&#148; &#8230; &#233;</title></item>"),
    "our own words": RSS.format(
        "<item><title>t</title><gh:platform>weilan</gh:platform><gh:likes>7</gh:likes><slash:comments>3</slash:comments>"
        "<gh:author>Mo</gh:author></item>"
    ),
    "our own words with attributes": RSS.format('<item><title>t</title><gh:likes unit="x">7</gh:likes></item>'),
    "our own words in a language": RSS.format(
        '<item><gh:author xml:lang="en">Mo</gh:author><title>words</title></item>'
    ),
    "our prefix in capitals": (
        f'<rss xmlns:GH="{NAMESPACE}"><channel><item><title>t</title><GH:likes>7</GH:likes></item></channel></rss>'
    ),
    "all dates": RSS.format(
        "<item><title>t</title><dc:date>2026-11-22</dc:date><dcterms:created>2026-11-21</dcterms:created></item>"
    ),
    "a bridge's date": RSS.format(
        "<generator>RSSHub</generator><item><title>t</title><atom:updated>2026-11-22T01:00:00Z</atom:updated></item>"
    ),
    "a podcast": RSS.format(
        "<item><title>t</title><itunes:author>Mo</itunes:author><itunes:summary>long words</itunes:summary>"
        "<description>d</description></item>"
    ),
    "a video": ATOM.format(
        "<entry><title>t</title><media:group><media:title>m</media:title><media:description>d</media:description>"
        "</media:group></entry>"
    ),
    "comments and instructions": RSS.format(
        "<item><title>a<!-- x -->b<?y z?>c<![CDATA[<d>]]></title><!-- <title>no</title> --></item>"
    ),
    "a link beside the channel of RSS 1.0": RDF.format(
        "<link>https://a.example/1</link><item><link> t </link><title>words</title></item>"
    ),
    "a title inside the feed's link": ATOM.format(
        "<link>https://a.example/1<title></title></link><entry><id> t </id><title>words</title></entry>"
    ),
    "nothing": RSS.format(""),
    "a channel with attributes": '<rss><channel lastmod="2026-11-22" href="https://h.example/"><item><title>t</title>'
    "<link>7</link></item></channel></rss>",
}


@pytest.mark.parametrize("document", ODD.values(), ids=list(ODD))
def test_odd_documents_are_read_as_feedparser_reads_them_or_left_to_it(document: str) -> None:
    found = fast(document)
    assert found is None or found == slow(document)


WORDS = st.sampled_from(
    ["", " t ", "星河手机", "a &amp; b", "&lt;b&gt;x&lt;/b&gt;", "<![CDATA[<p>x</p>]]>", "caf\u00e9", "&#233;",
     "&#x93;", "https://a.example/1", "7", "/x?a=1&amp;b=2", "a@b.example", "Mo (mo@b.example)", "2026-11-22",
     "\u00e9\u00a9"]
)  # fmt: skip
SPELLED = """
    title link guid description author pubDate category comments enclosure source dc:creator dc:date dc:subject
    dc:title atom:link atom:id atom:updated atom:title atom:summary atom:content atom:author content:encoded
    slash:comments gh:likes gh:author x:y media:title media:content itunes:author itunes:summary dcterms:issued
    summary id image
"""
NAMES = st.sampled_from(SPELLED.split())
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["type", "isPermaLink", "href", "rel", "url", "domain", "xml:lang", "xml:base", "term"]),
    st.sampled_from(["html", "text/html", "xhtml", "false", "true", "https://a.example/2", "alternate", "self", "x"]),
    max_size=2,
)


@st.composite
def leaf(draw, name: str) -> str:
    """An element, seldom with attributes, more seldom with another inside."""
    attributes = draw(ATTRIBUTES) if draw(st.integers(0, 7)) == 0 else {}
    inner = draw(WORDS) + (draw(NAMES.flatmap(leaf)) if draw(st.integers(0, 30)) == 0 else "")
    return f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in attributes.items())}>{inner}</{name}>"


@st.composite
def entries(draw, name: str) -> str:
    """An entry with words; twins of an element are rare."""
    names = draw(st.lists(NAMES, max_size=6, unique=draw(st.integers(0, 5)) > 0))
    inner = [draw(leaf(one)) for one in names if one != "title"] + ["<title>words</title>"]
    return f"<{name}>{''.join(draw(st.permutations(inner)))}</{name}>"


@settings(max_examples=400)
@given(st.data())
def test_whatever_an_entry_holds_the_two_never_disagree(data) -> None:
    shape, name = data.draw(st.sampled_from([(RSS, "item"), (ATOM, "entry"), (RDF, "item")]))
    head = data.draw(st.lists(st.sampled_from(["link", "generator", "title", "x:y"]).flatmap(leaf), max_size=1))
    document = shape.format("".join(head + data.draw(st.lists(entries(name), min_size=1, max_size=3))))
    found = fast(document)
    assert found is None or found == slow(document)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_words_come_through_as_through_feedparser(title: str, body: str) -> None:
    document = RSS.format(f"<item><title>{escape(title)}</title><description>{escape(body)}</description></item>")
    try:
        found = fast(document)
    except UnicodeEncodeError:
        return
    assert found is None or found == slow(document)


@pytest.mark.parametrize("shape", feeds())
def test_the_feeds_that_are_measured_are_read_fast_and_right(shape: str) -> None:
    body = feeds()[shape]
    text = decode(body, None)
    found = fast(text[read_prolog(text).start :])
    assert found is not None
    assert (len(found), abs(len(body) - SIZE) < SIZE // 20) == (COUNT, True)
    assert found == slow(text[read_prolog(text).start :])
    assert agreement(body) == (COUNT * 3, COUNT * 3)


def test_entries_beyond_the_limit_are_counted_and_not_kept() -> None:
    rough = read_fast(RSS.format(LATE * 5).encode(), url=URL, max_entries=2)
    assert rough is not None
    assert ([entry.title for entry in rough.entries], rough.skipped) == (["t", "t"], 3)
    assert [structs.replace(one, ext_id="") for one in said(rough.entries)] == [RawMention("", title="t")]
