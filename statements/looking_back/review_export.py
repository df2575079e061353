"""The review sheet as one self-contained HTML file and as DOCX (pure): words from outside stay words in both."""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocxDocument
from markupsafe import Markup, escape

from statements.looking_back.sheet import Block, Grid, Head, Items, Line
from statements.writing.marks import neutral

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_STYLE = Markup("""
:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
max-width:860px;margin:0 auto;padding:24px 16px;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.3}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #98a2b3;padding:4px 8px;text-align:left;vertical-align:top;font-weight:400}
th{font-weight:600}.wide{overflow-x:auto}
@media print{body{max-width:none;padding:0}}
""")


def to_html(blocks: Sequence[Block], lang: str) -> str:
    """A whole document without scripts, links or anything it would have to fetch."""
    title = next((one.text for one in blocks if isinstance(one, Head)), "")
    body = Markup("\n").join(_html(one) for one in blocks)
    page = Markup(
        '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    return str(page.format(lang="zh-CN" if lang == "zh" else "en", title=_said(title), style=_STYLE, body=body))


def to_docx(blocks: Sequence[Block], lang: str) -> bytes:
    """A Word file of headings, paragraphs, lists and tables; no fields, no links, nothing embedded."""
    made = Document()
    made.core_properties.author = "Golden Hour"
    made.core_properties.language = "zh-CN" if lang == "zh" else "en"
    made.core_properties.title = _said(next((one.text for one in blocks if isinstance(one, Head)), ""))[:200]
    for block in blocks:
        _docx(made, block)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _html(block: Block) -> Markup:
    if isinstance(block, Head):
        return Markup("<h{n}>{t}</h{n}>").format(n=min(block.level, 6), t=_said(block.text))
    if isinstance(block, Line):
        return Markup("<p>{}</p>").format(_joined(block.parts))
    if isinstance(block, Items):
        rows = Markup("").join(Markup("<li>{}</li>").format(_joined(row)) for row in block.rows)
        return Markup("<{t}>{r}</{t}>").format(t="ol" if block.numbered else "ul", r=rows)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_said(one)) for one in block.head)
    rows = Markup("").join(Markup("<tr>{}</tr>").format(_cells(row)) for row in block.rows)
    return Markup(
        '<div class="wide" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, rows)


def _cells(row: Sequence[str]) -> Markup:
    return Markup("").join(Markup("<td>{}</td>").format(_said(one)) for one in row)


def _joined(parts: Sequence[str]) -> Markup:
    return Markup("").join(escape(_kept(one)) for one in parts)


def _docx(made: DocxDocument, block: Block) -> None:
    if isinstance(block, Head):
        made.add_heading(_said(block.text), level=min(block.level - 1, 9))
    elif isinstance(block, Line):
        made.add_paragraph("".join(map(_kept, block.parts)))
    elif isinstance(block, Items):
        for row in block.rows:
            made.add_paragraph("".join(map(_kept, row)), style="List Number" if block.numbered else "List Bullet")
    else:
        _docx_table(made, block)


def _docx_table(made: DocxDocument, block: Grid) -> None:
    table = made.add_table(rows=1 + len(block.rows), cols=len(block.head))
    table.style = "Table Grid"
    # Asked once: python-docx walks the whole table for every cell that is named by row and column.
    for cells, row in zip((one.cells for one in table.rows), (block.head, *block.rows), strict=True):
        for cell, said in zip(cells, row, strict=True):
            cell.text = _said(said)


def _said(text: str) -> str:
    """One line without controls or invisible characters."""
    return neutral(text, keep_braces=True)


def _kept(text: str) -> str:
    """The same; a blank at its ends stays, parts stand beside one another."""
    return " " * text.startswith(" ") + _said(text) + " " * (text.endswith(" ") and len(text) > 1)
