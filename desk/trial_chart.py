"""Thirty days of volume against what was expected, and the pages of two thresholds above, as SVG (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from desk.chart import begin, rect, text
from monitor.replaying import Hour

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360, 180, 34, 6, 40, 20
# More bars than this are thinner than a pixel of a phone.
MOST_BARS = 120
HOUR = timedelta(hours=1)
# Where the pages of the thresholds in force, and of the changed ones, stand.
ROWS = (12, 28)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the chart: title, the two rows of pages, and both ends of the time axis."""

    title: str
    rows: tuple[str, str]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Pages:
    """When each of the thresholds would have called; `changed` None: there is but one."""

    now: Sequence[datetime]
    changed: Sequence[datetime] | None


def trial_chart(hours: Sequence[Hour], since: datetime, until: datetime, pages: Pages, words: Words) -> Markup:
    """Bars from zero with the expected volume as a line; a page is a mark in its row. Readable at 360 px."""
    size = HOUR * max(1, -(-((until - since) // HOUR + 1) // MOST_BARS))
    bars = _bars(hours, since, size)
    count = max(1, -(-(until - since) // size))
    top = max([1.0, *(max(mentions, usual) for mentions, usual in bars.values())])
    step, floor = (WIDTH - LEFT - RIGHT) / count, HEIGHT - BOTTOM
    tall = floor - TOP
    parts = [begin(WIDTH, HEIGHT, "chart", words.title)]
    for n, (mentions, _) in sorted(bars.items()):
        high = mentions / top * tall
        parts.append(rect("bar", LEFT + n * step, floor - high, max(0.8, step - 0.4), high))
    line = " ".join(
        f"{LEFT + (n + 0.5) * step:.1f},{floor - usual / top * tall:.1f}" for n, (_, usual) in sorted(bars.items())
    )
    parts.append(Markup('<polyline class="expected" points="{}"/>').format(line))
    parts.append(Markup('<path class="axis" d="M{a} {y}H{b}"/>').format(a=LEFT, b=WIDTH - RIGHT, y=floor))
    for y, word, moments in zip(ROWS, words.rows, (pages.now, pages.changed), strict=True):
        if moments is not None:
            parts.append(text(LEFT - 4, y + 4, word, "quiet", "end"))
            parts += [_page(LEFT + (at - since) / size * step, y) for at in moments]
    parts += [text(LEFT - 4, TOP + 8, f"{top:.0f}", "quiet", "end"), text(LEFT - 4, floor + 1, "0", "quiet", "end")]
    parts += [
        text(LEFT, HEIGHT - 5, words.first, "quiet", "start"),
        text(WIDTH - RIGHT, HEIGHT - 5, words.last, "quiet", "end"),
    ]
    return Markup("").join([*parts, Markup("</svg>")])


def _bars(hours: Sequence[Hour], since: datetime, size: timedelta) -> dict[int, tuple[int, float]]:
    found: dict[int, tuple[int, float]] = {}
    for one in hours:
        n = max(0, (one.at - since) // size)
        mentions, usual = found.get(n, (0, 0.0))
        found[n] = (mentions + one.mentions, usual + one.usual)
    return found


def _page(x: float, y: float) -> Markup:
    return Markup('<path class="page-mark" d="M{x} {a}V{b}"/>').format(x=f"{x:.1f}", a=y - 6, b=y + 6)
