"""One source hour by hour as a small SVG: what it gave, and the hours in which it was not heard at all (pure)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 360, 120, 26, 20, 12


def hour_chart(hours: Sequence[datetime], counts: Mapping[datetime, int], title: str, ends: tuple[str, str]) -> Markup:
    """Bars from zero; an hour without a count was not read and stands grey. `ends` name both ends of the axis."""
    top = max([1, *(counts.get(hour, 0) for hour in hours)])
    step, floor = (WIDTH - LEFT) / max(1, len(hours)), HEIGHT - BOTTOM
    parts = [
        Markup('<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-label="{t}"><title>{t}</title>').format(
            w=WIDTH, h=HEIGHT, t=title
        )
    ]
    for n, hour in enumerate(hours):
        x, count = LEFT + n * step, counts.get(hour)
        if count is None:
            parts.append(_rect("unheard", x, TOP, step, floor - TOP))
        elif count:
            tall = count / top * (floor - TOP)
            parts.append(_rect("bar-dark", x + 1, floor - tall, step - 2, tall))
    parts.append(Markup('<path class="axis" d="M{a} {y}H{b}"/>').format(a=LEFT, b=WIDTH, y=floor))
    parts += [_text(LEFT - 4, TOP + 8, str(top), "end"), _text(LEFT - 4, floor + 1, "0", "end")]
    parts += [_text(LEFT, HEIGHT - 5, ends[0], "start"), _text(WIDTH, HEIGHT - 5, ends[1], "end")]
    return Markup("").join([*parts, Markup("</svg>")])


def _rect(name: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="{n}" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"/>').format(
        n=name, x=x, y=y, w=width, h=height
    )


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text class="quiet" x="{x}" y="{y}" text-anchor="{a}">{t}</text>').format(
        x=x, y=y, a=anchor, t=words
    )
