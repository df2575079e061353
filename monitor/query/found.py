"""What was found in one mention, worked out when first asked for and shared by all queries of one finder."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from monitor.query.boundaries import Addresses
from monitor.query.finder import Finder, Text
from monitor.query.seen import Seen, address_forms, host_of, lang_form, same_form, tag_form, topics_of
from monitor.query.tree import Part

AT_ONCE: Final = 500


class Found:
    """What one finder found in one mention; queries that share the finder share it.

    `title` and `body` are the mention's own, as the finder has read them.
    """

    def __init__(self, finder: Finder, seen: Seen, title: Text, body: Text) -> None:
        self.finder, self.seen, self.title, self.body = finder, seen, title, body
        self.in_title, self.in_body = finder.find(self.title), finder.find(self.body)
        self.words = self.in_title | self.in_body if self.in_title else self.in_body

    @cached_property
    def author(self) -> Text:
        return self.finder.read(self.seen.author)[0]

    @cached_property
    def in_author(self) -> set[int]:
        return self.finder.find(self.author)

    @cached_property
    def host(self) -> set[str]:
        return {host for host in (host_of(self.seen.site), host_of(self.seen.url)) if host}

    @cached_property
    def platform(self) -> set[str]:
        return {same_form(self.seen.platform)}

    @cached_property
    def lang(self) -> set[str]:
        """zh-hans-cn is also zh-hans and zh."""
        parts = lang_form(self.seen.lang).split("-")
        return {"-".join(parts[:size]) for size in range(1, len(parts) + 1)}

    @cached_property
    def tags(self) -> set[str]:
        return {tag_form(tag) for tag in self.seen.tags} | topics_of((self.title.plain, self.body.plain))

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The mention's own address and those its words name."""
        said = (text.plain for text in (self.title, self.body))
        named = (text[start:end] for text in said for start, end in Addresses(text).spans)
        return tuple(form for address in (self.seen.url, *named) for form in address_forms(address))

    def ids(self, part: Part) -> set[int]:
        """The numbers of the words that stand in that part."""
        if part == Part.TITLE:
            return self.in_title
        if part == Part.BODY:
            return self.in_body
        return self.in_author if part == Part.AUTHOR else self.words

    def text(self, part: Part) -> Text:
        """The text of one part; BOTH is none."""
        return {Part.TITLE: self.title, Part.BODY: self.body}.get(part) or self.author

    def texts(self, part: Part) -> tuple[Text, ...]:
        """The texts in which words of that part are sought."""
        return (self.title, self.body) if part == Part.BOTH else (self.text(part),)


def found_in(finder: Finder, mentions: Iterable[Seen]) -> Iterator[Found]:
    """What the finder found in each of the mentions; they are read by hundreds, which costs half of one by one."""
    left = iter(mentions)
    while some := list(islice(left, AT_ONCE)):
        read = finder.read(*(one.title for one in some), *(one.body for one in some))
        for one, title, body in zip(some, read, read[len(some) :], strict=False):
            yield Found(finder, one, title, body)
