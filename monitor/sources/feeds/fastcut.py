"""Cuts a document down to what feedparser, which is slow, can read in two seconds, and closes it again."""

import re
from itertools import islice
from typing import Final

# feedparser takes about 30 µs per tag, and reads what is broken twice.
_MOST_TAGS: Final = 40_000
_LONGEST: Final = 1_500_000
_MOST_REFERENCES: Final = 150_000
_MOST_PREFIXES: Final = 100
_STEP: Final = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?:[\w.-]{1,30}:)?(item|entry)(?=[\s>/])|<", re.DOTALL)
_ENTRY: Final = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry)(?=[\s>/])")
# A tag with sixty attributes; feedparser looks at every one for every one.
_OVERFULL: Final = re.compile(r"<[^<>=]*+(?:=[^<>=]*+){60}")
_PREFIX: Final = re.compile(r"\sxmlns:([\w.-]{1,60})\s*=")
_REFERENCE: Final = re.compile("&")
_ROOT: Final = re.compile(r"<((?:[\w.-]{1,30}:)?(rss|feed|rdf))(?=[\s>/])", re.IGNORECASE)


def shortened(document: str, max_entries: int) -> tuple[str, int, str]:
    """`document` as far as it can be read, how many entries beyond `max_entries` were left out, and what else was.

    The cut is made before an entry where there is one, so that a well-formed document stays one.
    """
    end = min(_overfull(document), _over_prefixed(document))
    entries = tags = last = 0
    for step in _STEP.finditer(document):
        if document.startswith("<!", step.start()):
            continue
        tags += 1
        if step[1]:
            if entries == max_entries:
                return _closed(document, step.start()), len(_ENTRY.findall(document, step.start())), ""
            if entries and step.start() > _LONGEST:
                end = step.start()
            entries += 1
            last = step.start()
        if tags > _MOST_TAGS or step.start() >= end:
            cut = last if entries > 1 else step.start()
            return _closed(document, cut), 0, _only(cut, document)
    # Nobody reads an entry to its end that is longer than all others together may be.
    cut = min(len(document), last + _LONGEST)
    return (document, 0, "") if cut == len(document) else (_closed(document, cut), 0, _only(cut, document))


def mendable(document: str) -> tuple[str, str]:
    """`document` as far as its references can be read, and what was left out."""
    if document.count("&") <= _MOST_REFERENCES:
        return document, ""
    cut = next(islice(_REFERENCE.finditer(document), _MOST_REFERENCES, None)).start()
    return document[:cut], _only(cut, document)


def _only(cut: int, document: str) -> str:
    return f"only the first {cut:,} of {len(document):,} characters were read"


def _overfull(document: str) -> int:
    found = _OVERFULL.search(document)
    return found.start() if found else len(document)


def _over_prefixed(document: str) -> int:
    """Where one prefix too many is declared: feedparser looks at all of them for every tag."""
    prefixes: set[str] = set()
    for found in _PREFIX.finditer(document):
        prefixes.add(found[1])
        if len(prefixes) > _MOST_PREFIXES:
            return found.start()
    return len(document)


def _closed(document: str, cut: int) -> str:
    root = _ROOT.search(document[:10_000])
    if root is None:
        return document[:cut]
    channel = "</channel>" if root[2].lower() == "rss" else ""
    return f"{document[:cut]}{channel}</{root[1]}>"
