"""Looks past declarations and comments to the first element of a document, in one pass and without parsing it."""

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\s+([\w:-]{1,40})", re.IGNORECASE)
# To the ">" or "[" that stands in no quotes.
_UP_TO_END: Final = re.compile(r"""(?:[^<>"'\[]++|"[^"]*+"|'[^']*+')*+""")
_HTML_ROOTS: Final = frozenset(
    "html head body meta title script style link div p h1 h2 table form center".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the content: the name a DOCTYPE gives, whether it defines anything, and the root element.

    `start` is where the document begins once an XML declaration is left out; names are lower case, "" when absent.
    """

    start: int
    doctype: str
    defines: bool
    root: str

    @property
    def is_html(self) -> bool:
        return self.doctype == "html" or self.root in _HTML_ROOTS


def read_prolog(text: str) -> Prolog:
    """The prolog of a document; every part is skipped once, so a hostile one costs no more than its length."""
    at, start, doctype, defines = _skip_space(text, 0), 0, "", False
    while True:
        if text.startswith("<?", at):
            end = _behind(text, "?>", at)
            start = end if text.startswith("<?xml", at) else start
        elif text.startswith("<!--", at):
            end = _behind(text, "-->", at + 4)
        elif named := _DOCTYPE.match(text, at):
            doctype = named[1].lower()
            end, inside = _doctype_end(text, named.end())
            defines = defines or inside
        else:
            break
        at = _skip_space(text, end)
    root = _NAME.match(text, at)
    return Prolog(start, doctype, defines, root[1].lower() if root else "")


def _doctype_end(text: str, at: int) -> tuple[int, bool]:
    """Where a DOCTYPE ends and whether it has an inner part, which is where entities are defined."""
    quoted = _UP_TO_END.match(text, at)
    end = quoted.end() if quoted else at
    if not text.startswith("[", end):
        return min(end + 1, len(text)), False
    return _behind(text, "]", end), True


def _behind(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return found + len(mark) if found != -1 else len(text)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n\ufeff\u00a0\u200b\x00>":
        at += 1
    return at
