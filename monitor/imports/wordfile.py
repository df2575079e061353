"""Reads TrendRadar's frequency_words.txt: each group as a brand's words, and a warning for what has no equal (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_SECTIONS: Final = ("GLOBAL_FILTER", "WORD_GROUPS")
_REGEX: Final = re.compile(r"/(.+)/[a-z]*")
# A pattern that only lists words is a list of words.
_PLAIN_CHOICE: Final = re.compile(r"[\w\u4e00-\u9fff ·.'&-]+(?:\|[\w\u4e00-\u9fff ·.'&-]+)*")
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
            self.warnings.append((number, f"{word}: regular expressions are not supported; write the words it means"))


def blocks_of(groups: Sequence[Group]) -> Iterator[str]:
    """Each group as a [[brand]] table for watch.toml, with ids that differ."""
    taken: set[str] = set()
    for number, group in enumerate(groups, 1):
        slug = _SLUG.sub("-", group.name.lower()).strip("-")[:34] if group.name.isascii() else ""
        name = slug if slug and slug not in taken else f"{slug or 'group'}-{number}"
        taken.add(name)
        yield _block(group, name)


def _block(group: Group, name: str) -> str:
    rows = [
        "[[brand]]",
        f"id = {quoted(name)}",
        f"name = {quoted(group.name)}",
        f"any = {_list(group.any)}",
        f"all = {_list(group.all)}",
        f"none = {_list(group.none)}",
    ]
    return "\n".join(rows) + "\n"


def quoted(text: str) -> str:
    """A TOML string."""
    kept = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(char):04x}" if ord(char) < 32 or ord(char) == 127 else char for char in kept) + '"'


def _list(words: list[str]) -> str:
    return "[" + ", ".join(quoted(word) for word in words) + "]"
