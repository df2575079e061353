"""Charts as SVG drawn on the server (pure): from zero, labelled directly, coloured by the style sheet alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from store.nouns import Bucket

DAY = timedelta(days=1)
# Two days of the same hours are the least anybody may call usual.
LEAST_DAYS, MOST_DAYS = 2, 7
WIDTH, HEIGHT = 360, 176
LEFT, RIGHT, TOP, BOTTOM = 26, 4, 34, 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with its word: first post, page, statement."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Volume:
    """What the volume chart shows: bars of `size` from `since` (whole buckets, missing ones are 0) to `until`."""

    buckets: Sequence[Bucket]
    since: datetime
    until: datetime
    size: timedelta
    usual: float | None
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of a chart, in the reader's language: title, usual, and both ends of the time axis."""

    title: str
    usual: str
    first: str
    last: str


def volume_chart(volume: Volume, labels: Labels) -> Markup:
    """Bars with the negative part darker, the usual height behind, and marks; readable at 360 px."""
    slots = max(1, (volume.until - volume.since) // volume.size)
    top = _round_up(max([1.0, *(float(one.mentions) for one in volume.buckets), (volume.usual or 0) * 1.2]))
    plane = _Plane(slots, top, volume.since, volume.size)
    parts = [begin(WIDTH, HEIGHT, "chart", labels.title)]
    if volume.usual is not None:
        parts.append(_usual(plane, volume.usual, labels.usual))
    parts += [_bar(plane, bucket) for bucket in volume.buckets if volume.since <= bucket.at < volume.until]
    parts.append(_axis(plane, labels))
    parts += [_mark_line(plane, mark, row) for row, mark in enumerate(volume.marks)]
    parts += [_mark_word(plane, mark, row) for row, mark in enumerate(volume.marks)]
    return Markup("").join([*parts, Markup("</svg>")])


def sparkline(day: Sequence[Bucket], hours: Sequence[datetime], usual: Sequence[float] | None, title: str) -> Markup:
    """24 hourly bars with the usual heights as a line behind them."""
    width, height, step = 240, 40, 10
    counts = {one.at: one for one in day}
    top = max([1.0, *(float(one.mentions) for one in day), *(usual or ())])
    parts = [begin(width, height, "spark", title)]
    for n, hour in enumerate(hours):
        bucket = counts.get(hour)
        if bucket:
            tall, dark = bucket.mentions / top * (height - 2), bucket.negative / top * (height - 2)
            parts.append(rect("bar", n * step + 1, height - tall, step - 2, tall))
            parts.append(rect("bar-dark", n * step + 1, height - dark, step - 2, dark))
    if usual:
        points = " ".join(
            f"{n * step + step / 2:g},{height - value / top * (height - 2):.1f}" for n, value in enumerate(usual)
        )
        parts.append(Markup('<polyline class="usual-line" points="{}"/>').format(points))
    parts.append(Markup('<path class="axis" d="M0 {y}H{w}"/></svg>').format(y=height - 0.5, w=width))
    return Markup("").join(parts)


def usual_of(buckets: Sequence[Bucket], hours: Sequence[datetime], first_at: datetime | None) -> list[float] | None:
    """Mean mentions of the same hour on up to 7 former days; None with less than 2 days of history."""
    if first_at is None or not hours:
        return None
    days = min(MOST_DAYS, (hours[0] - first_at) // DAY)
    if days < LEAST_DAYS:
        return None
    counts = {one.at: one.mentions for one in buckets}
    return [sum(counts.get(hour - DAY * n, 0) for n in range(1, days + 1)) / days for hour in hours]


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where things stand on the chart."""

    slots: int
    top: float
    since: datetime
    size: timedelta

    @property
    def step(self) -> float:
        return (WIDTH - LEFT - RIGHT) / self.slots

    def x(self, at: datetime) -> float:
        return LEFT + max(0.0, min(float(self.slots), (at - self.since) / self.size)) * self.step

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - min(value, self.top) / self.top * (HEIGHT - TOP - BOTTOM)


def _bar(plane: _Plane, bucket: Bucket) -> Markup:
    x, wide = plane.x(bucket.at) + 0.5, max(0.8, plane.step - 1)
    floor = HEIGHT - BOTTOM
    tall, dark = plane.y(bucket.mentions), plane.y(bucket.negative)
    return rect("bar", x, tall, wide, floor - tall) + rect("bar-dark", x, dark, wide, floor - dark)


def _usual(plane: _Plane, usual: float, label: str) -> Markup:
    y = plane.y(usual)
    band = rect("usual", LEFT, y, WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM - y)
    return band + text(LEFT + 3, y - 3, label, "quiet")


def _axis(plane: _Plane, labels: Labels) -> Markup:
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    line = Markup('<path class="axis" d="M{a} {y}H{b}"/>').format(a=LEFT, b=right, y=floor)
    high = text(LEFT - 4, plane.y(plane.top) + 4, f"{plane.top:g}", "quiet", "end")
    zero = text(LEFT - 4, floor + 1, "0", "quiet", "end")
    ends = text(LEFT, HEIGHT - 5, labels.first, "quiet") + text(right, HEIGHT - 5, labels.last, "quiet", "end")
    return line + high + zero + ends


def _mark_line(plane: _Plane, mark: Mark, row: int) -> Markup:
    path = Markup('<path class="mark" d="M{x} {a}V{b}"/>')
    return path.format(x=f"{plane.x(mark.at):.1f}", a=_mark_row(row) + 2, b=HEIGHT - BOTTOM)


def _mark_word(plane: _Plane, mark: Mark, row: int) -> Markup:
    """Words take turns on two lines and lean away from the nearer edge."""
    x = plane.x(mark.at)
    anchor = "end" if x > WIDTH * 0.6 else "start"
    return text(x + (-3 if anchor == "end" else 3), _mark_row(row), mark.label, "mark-word", anchor)


def _mark_row(row: int) -> int:
    return 10 + 13 * (row % 2)


def begin(width: int, height: int, name: str, title: str) -> Markup:
    """The open tag of a drawing, with its title for those who hear it."""
    return Markup('<svg class="{n}" viewBox="0 0 {w} {h}" role="img" aria-label="{t}"><title>{t}</title>').format(
        n=name, w=width, h=height, t=title
    )


def rect(name: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="{n}" x="{x}" y="{y}" width="{w}" height="{h}"/>').format(
        n=name, x=f"{x:.1f}", y=f"{y:.1f}", w=f"{width:.1f}", h=f"{max(0.0, height):.1f}"
    )


def text(x: float, y: float, words: str, name: str, anchor: str = "start") -> Markup:
    return Markup('<text class="{n}" x="{x}" y="{y}" text-anchor="{a}">{t}</text>').format(
        n=name, x=f"{x:.1f}", y=f"{y:.1f}", a=anchor, t=words
    )


def _round_up(value: float) -> float:
    """The next height people can read: 1, 2, 3, 4, 5, 6, 8, 10, 20, 30 …"""
    step = 1.0
    while True:
        for factor in (1, 2, 3, 4, 5, 6, 8):
            if value <= step * factor:
                return step * factor
        step *= 10
