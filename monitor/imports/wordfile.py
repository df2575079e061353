"""Reads TrendRadar's frequency_words.txt: each group as a brand's words, and a warning for what has no equal (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.query.faults import QueryError
from monitor.query.parser import parse as parse_query

_SECTIONS: Final = ("GLOBAL_FILTER", "WORD_GROUPS")
_REGEX: Final = re.compile(r"/(.+)/[a-z]*")
# A pattern that only lists words is a list of words.
_PLAIN_CHOICE: Final = re.compile(r"[\w\u4e00-\u9fff ·'&-]+(?:\|[\w\u4e00-\u9fff ·'&-]+)*")
# A slash inside a pattern that is not escaped.
_SLASH: Final = re.compile(r"(?<!\\)/")
# What means something inside the quotes of a query.
_MEANT: Final = re.compile(r'[\\"“”„*?]')
_LATIN: Final = re.compile(r"[A-Za-z0-9]+")
_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Group:
    """One group of words; `name` is what the file calls it, else its first word."""

    line: int
    name: str = ""
    any: list[str] = field(default_factory=list)
    all: list[str] = field(default_factory=list)
    none: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WordFile:
    """The groups in order, and (line, what somebody must know of it)."""

    groups: tuple[Group, ...]
    warnings: tuple[tuple[int, str], ...]


def parse(text: str) -> WordFile:
    """Every group with its words; a word of the global filter is a `none` of each of them."""
    reading = _Reading()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        reading.line(number, line.strip())
    return reading.result()


class _Reading:
    """Line after line; a blank one ends a group."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.filters: list[str] = []
        self.warnings: list[tuple[int, str]] = []
        self.in_filter = False
        self.open: Group | None = None

    def line(self, number: int, line: str) -> None:
        if not line:
            self.open = None
        elif line.startswith("#"):
            return
        elif line.startswith("[") and line.endswith("]"):
            self._head(number, line[1:-1].strip())
        elif self.in_filter:
            self._filter(number, line)
        else:
            self._word(number, line)

    def result(self) -> WordFile:
        groups = [group for group in self.groups if group.any or group.all]
        for group in self.groups:
            if group not in groups:
                self.warnings.append((group.line, "the group has no word that could be found; it is left out"))
        if any(group.none for group in groups) and len(groups) > 1:
            self.warnings.append((0, "TrendRadar applies every !word to all groups; here it stands in its own only"))
        for group in groups:
            group.name = group.name or (group.any or group.all)[0]
            group.none += [word for word in self.filters if word not in group.none]
        latin = [word for group in groups for word in group.any + group.all if _LATIN.fullmatch(word)]
        if latin:
            said = ", ".join(latin[:5])
            self.warnings.append((0, f"Latin words are found as whole words here, not inside others: {said}"))
        return WordFile(tuple(groups), tuple(sorted(self.warnings)))

    def _head(self, number: int, name: str) -> None:
        if name.upper() in _SECTIONS:
            self.in_filter, self.open = name.upper() == "GLOBAL_FILTER", None
        elif self.in_filter:
            self.warnings.append((number, f"[{name}] names no group inside the global filter; ignored"))
        else:
            self._group(number).name = name

    def _filter(self, number: int, line: str) -> None:
        if line[0] in "!+@":
            self.warnings.append((number, f"{line}: means nothing in the global filter; ignored"))
            return
        self.filters += [word for word in self._plain(number, line) if word not in self.filters]

    def _word(self, number: int, line: str) -> None:
        group = self._group(number)
        if line.startswith("@"):
            self.warnings.append((number, f"{line}: a limit of shown items has no equal here: everything is counted"))
            return
        words = {"+": group.all, "!": group.none}.get(line[0], group.any)
        found = list(self._plain(number, line.lstrip("+!").strip()))
        if line[0] == "+" and len(found) > 1:
            self.warnings.append((number, f"{line}: one of several words that must stand there has no equal here"))
            return
        words += [word for word in found if word not in words]

    def _group(self, number: int) -> Group:
        if self.open is None:
            self.open = Group(number)
            self.groups.append(self.open)
        return self.open

    def _plain(self, number: int, text: str) -> Iterator[str]:
        """The words a line names; the name it is shown by is not one of them."""
        word, _, shown = (part.strip() for part in text.partition("=>"))
        pattern = _REGEX.fullmatch(word)
        if shown and (pattern is None or _PLAIN_CHOICE.fullmatch(pattern[1])):
            self.warnings.append((number, f"=> {shown}: words have no other name here; {word} is kept"))
        if pattern is None:
            yield from [word] if word else []
        elif _PLAIN_CHOICE.fullmatch(pattern[1]):
            yield from (one.strip() for one in pattern[1].split("|") if one.strip())
        else:
            yield from self._pattern(number, word, pattern[1])

    def _pattern(self, number: int, word: str, inside: str) -> Iterator[str]:
        """A pattern as queries write it; case never matters here, so other flags than i have no equal."""
        written = "/" + _SLASH.sub(r"\/", inside) + "/"
        try:
            parse_query(written)
        except QueryError as fault:
            self.warnings.append((number, f"{word}: {fault.say('en')}; write the words it means"))
        else:
            yield written


def blocks_of(groups: Sequence[Group]) -> Iterator[str]:
    """Each group as a [[brand]] table for watch.toml, with ids that differ."""
    taken: set[str] = set()
    for number, group in enumerate(groups, 1):
        slug = _SLUG.sub("-", group.name.lower()).strip("-")[:34] if group.name.isascii() else ""
        name = slug if slug and slug not in taken else f"{slug or 'group'}-{number}"
        taken.add(name)
        yield _block(group, name)


def _block(group: Group, name: str) -> str:
    rows = ["[[brand]]", f"id = {quoted(name)}", f"name = {quoted(group.name)}"]
    if any(map(_is_pattern, (*group.any, *group.all, *group.none))):
        # Lists hold words, so a group with a pattern becomes an expert query.
        rows += [
            f"query = {quoted(_query(group))}",
            f"none = {_list([one for one in group.none if not _is_pattern(one)])}",
        ]
    else:
        rows += [f"any = {_list(group.any)}", f"all = {_list(group.all)}", f"none = {_list(group.none)}"]
    return "\n".join(rows) + "\n"


def _query(group: Group) -> str:
    wanted = " OR ".join(map(_leaf, group.any))
    parts = [*([f"({wanted})"] if wanted else []), *map(_leaf, group.all)]
    return " AND ".join([*parts, *(f"NOT {one}" for one in group.none if _is_pattern(one))])


def _leaf(word: str) -> str:
    """A word as it is, in quotes; a pattern is one already."""
    if _is_pattern(word):
        return word
    return '"' + _MEANT.sub(lambda found: "\\" + found[0], word) + '"'


def _is_pattern(word: str) -> bool:
    return _REGEX.fullmatch(word) is not None


def quoted(text: str) -> str:
    """A TOML string."""
    kept = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(char):04x}" if ord(char) < 32 or ord(char) == 127 else char for char in kept) + '"'


def _list(words: list[str]) -> str:
    return "[" + ", ".join(quoted(word) for word in words) + "]"
