"""The little Markdown our own review sheets use, as safe HTML: every character is escaped before a tag is added."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_HEADING = re.compile(r"(#{1,4}) +(.*)")
_ITEM = re.compile(r"[-*] +(.*)")
_NUMBERED = re.compile(r"\d+[.)] +(.*)")
_RULE = re.compile(r"\|?[\s:|-]+\|?")


def to_html(text: str) -> Markup:
    """Headings (one level lower than written), lists, tables and paragraphs; anything else is plain text."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return Markup("\n").join(_block(block.split("\n")) for block in blocks if block.strip())


def _block(lines: Sequence[str]) -> Markup:
    heading = _HEADING.fullmatch(lines[0])
    if heading:
        level = min(6, len(heading[1]) + 1)
        head = Markup("<h{n}>{t}</h{n}>").format(n=level, t=_inline(heading[2]))
        return head + _block(lines[1:]) if lines[1:] else head
    if len(lines) > 1 and lines[0].startswith("|") and _RULE.fullmatch(lines[1]):
        return _table(lines)
    for tag, pattern in (("ul", _ITEM), ("ol", _NUMBERED)):
        if pattern.fullmatch(lines[0]):
            return _list(tag, pattern, lines)
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in lines))


def _list(tag: str, pattern: re.Pattern[str], lines: Sequence[str]) -> Markup:
    items = []
    for line in lines:
        hit = pattern.fullmatch(line)
        items.append(Markup("<li>{}</li>").format(_inline(hit[1] if hit else line.strip())))
    return Markup("<{t}>{i}</{t}>").format(t=tag, i=Markup("").join(items))


def _table(lines: Sequence[str]) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_inline(cell)) for cell in _cells(lines[0]))
    rows = Markup("").join(_row(_cells(line)) for line in lines[2:])
    return Markup(
        '<div class="wide" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, rows)


def _row(cells: Sequence[str]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(_inline(cell)) for cell in cells))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _inline(text: str) -> Markup:
    """Escaped; only **strong** becomes a tag."""
    safe = str(escape(text))
    return Markup(re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe))  # noqa: S704  escaped one line above
