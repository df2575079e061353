"""What feedparser is too slow for is cut, before an entry where there is one, and it is said."""

import pytest

from monitor.sources.feeds.fastcut import mendable, shortened
from monitor.sources.feeds.xmlfeed import parse_xmlfeed

ITEM = "<item><title>t{}</title></item>"


def rss(*inner: str) -> str:
    return f"<rss><channel>{''.join(inner)}</channel></rss>"


def test_a_document_within_all_limits_is_handed_on_as_it_is():
    document = rss(*(ITEM.format(number) for number in range(3)))
    assert shortened(document, 3) == (document, 0, "")


@pytest.mark.parametrize(
    ("before", "entry", "after"),
    [
        ("<rss><channel>", ITEM, "</channel></rss>"),
        ("<feed>", "<entry><title>t{}</title></entry>", "</feed>"),
        ("<rdf:RDF><channel/>", '<rss:item about="{}"/>', "</rdf:RDF>"),
    ],
)
def test_entries_beyond_the_limit_are_counted_and_what_stays_is_whole(before, entry, after):
    entries = [entry.format(number) for number in range(5)]
    document = before + "".join(entries) + after
    assert shortened(document, 2) == (before + "".join(entries[:2]) + after, 3, "")


def test_what_only_looks_like_an_entry_is_none():
    document = rss("<!-- <items/> -->", "<item><title><![CDATA[<item><item>]]></title></item>", "<itemize/>")
    assert shortened(document, 1) == (document, 0, "")


@pytest.mark.parametrize(
    "load",
    ["<a/>" * 50_000, "<a " + " ".join(f'b{n}="c"' for n in range(70)) + "/>",
     "".join(f'<a{n}:b xmlns:a{n}="u"/>' for n in range(200))],
    ids=["tags", "attributes", "prefixes"],
)  # fmt: skip
def test_a_load_too_heavy_is_cut_away_with_the_entry_it_is_in(load):
    light = ITEM.format(1) + ITEM.format(2)
    document = rss(light, f"<item><title>heavy</title>{load}</item>", ITEM.format(3))
    said = f"only the first {document.index('<item><title>heavy'):,} of {len(document):,} characters were read"
    assert shortened(document, 1000) == (rss(light), 0, said)


def test_a_long_document_is_cut_behind_a_whole_entry():
    document = rss(ITEM.format("x" * 1_600_000), ITEM.format(2), ITEM.format(3))
    left, skipped, said = shortened(document, 1000)
    assert (left, skipped, bool(said)) == (rss(ITEM.format("x" * 1_600_000)), 0, True)


def test_more_references_than_can_be_mended_are_left_out():
    document = rss(ITEM.format("&x " * 150_001))
    left, said = mendable(document)
    assert (left.count("&"), document.startswith(left), said.startswith("only the first ")) == (150_000, True, True)


def test_a_cut_feed_is_a_broken_one_and_keeps_what_came_before():
    rough = parse_xmlfeed(rss(ITEM.format(1), ITEM.format(2), "<item>" + "<a/>" * 50_000), url="", max_entries=9)
    assert [entry.title for entry in rough.entries] == ["t1", "t2"]
    assert rough.fault.startswith("only the first 74 of 200,")
