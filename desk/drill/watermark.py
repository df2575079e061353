"""The watermark 【演练】/[DRILL] on everything that leaves a drill (pure): pages, texts, screens, files."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from urllib.parse import quote, unquote

from store.nouns import Page

ZH, EN = "【演练】", "[DRILL]"
BOTH = f"{ZH}{EN}"
PATH = "/drill"
# Addresses of drills lead nowhere: .invalid is reserved for that.
POSTED_AT = "https://drill.invalid/post"
SAYS = {
    "zh": "这是演练，不是真实事件。不要转发，不要对外发布。",
    "en": "This is a drill, not a real event. Do not forward it, do not post it.",
}
HOME = {"zh": '<a href="/drills">演练室</a>', "en": '<a href="/drills">Drill room</a>'}
_BODY = re.compile(r"<body\b[^>]*>")
_TITLE = re.compile(r"<title>")
_LOCAL = re.compile(r'(\s(?:href|action|formaction|src|data-pulse)=")/(?!static/|drills\b|/)')
_URL_FIELD = re.compile(r'<input type="url"[^>]*>')
_FILENAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)\"?", re.IGNORECASE)
_MARKED = re.compile(r"^\s*[【\[]{1,2}\s*(?:演练|DRILL)", re.IGNORECASE)


def marked(text: str, lang: str) -> str:
    """The text with the watermark as its first line (once)."""
    return text if _MARKED.match(text) else f"{BOTH} {SAYS[lang]}\n{text}"


def marked_line(line: str) -> str:
    """One line that begins with the watermark (once)."""
    return line if line.startswith(BOTH) else f"{BOTH}{line}"


def marked_name(name: str) -> str:
    """A brand or company as it is called in a drill, so that every text and title carries the mark by itself."""
    return name if name.startswith(ZH) else f"{ZH}{name}"


def marked_page(page: Page) -> Page:
    """A page whose first line and whole text say that it is a drill, whatever it is about."""
    body = f"{BOTH} {SAYS['zh']}\n{SAYS['en']}\n\n{page.body}\n\n{BOTH}"
    return replace(page, subject=marked_line(page.subject), body=body, idempotency=f"drill:{page.idempotency}"[:160])


def marked_filename(disposition: str) -> str:
    """A Content-Disposition whose file carries the mark in its name."""
    found = _FILENAME.search(disposition)
    name = unquote(found[1]) if found else "file"
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"attachment; filename=\"DRILL-{plain}\"; filename*=UTF-8''{quote(ZH + 'DRILL-' + name, safe='')}"


def marked_screen(html: str, lang: str, banner: str, simulate: Callable[[str], str]) -> str:
    """A screen of the drill's house as it is shown: under /drill, with the mark on top and in its title.

    `banner` is plain text beside the mark; `simulate` turns the buttons that record a post into simulated ones.
    """
    html = _LOCAL.sub(rf"\1{PATH}/", html)
    html = _URL_FIELD.sub(_filled, html)
    html = _TITLE.sub(f"<title>{BOTH} ", html, count=1)
    head = f'<p class="drill-mark" role="note"><b>{ZH} DRILL</b> {escape(banner or SAYS[lang])} {HOME[lang]}</p>'
    return simulate(_BODY.sub(lambda found: found[0] + head, html, count=1))


def marked_plain(text: str, lang: str) -> str:
    """A text or table that is downloaded; its first line carries the mark."""
    return f"{BOTH} {SAYS[lang]}\n{text}"


def _filled(found: re.Match[str]) -> str:
    """A field for an address offers one that leads nowhere; what somebody typed stays."""
    field = found[0].replace('placeholder="https://"', f'placeholder="{POSTED_AT}"')
    if 'value="' not in field:
        return f'{field[:-1]} value="{POSTED_AT}">'
    return field.replace('value=""', f'value="{POSTED_AT}"')
