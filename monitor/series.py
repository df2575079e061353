"""One brand's 5-minute rows in, one reading each out (pure): causal, constant memory, the same when replayed.

    detector = Detector(thresholds)
    reading = detector.update(Row(at, value, neg=…, authors=…))      one row per bucket, in order
    Detector.from_state(detector.to_state(), thresholds)             goes on as if it had never stopped

What a row does not know is None. A row without data (`polled` False, no number) is neither judged nor learned, nor is
the first after it: it may hold what was missed. A row not later than the last is passed over.
"""

import math
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Final, NamedTuple

from msgspec import Struct, structs

from config.watch import Thresholds
from monitor.cooldown import Cooldown
from monitor.peaks import Peaks
from monitor.rarity import BUCKET, COLD_DAYS, LONGEST, PER_DAY, Look, Memory, Rarity, place_of
from monitor.signals import FLOOD_SHARE, QUIET, Evidence, Facts, departure, weigh
from monitor.windows import HALF, HOUR, Bucket, Span, Windows

FORM: Final = 2
# Hours and weekends of the brands watched; desk hands the service's own zone over.
CHINA: Final = timezone(timedelta(hours=8))
LARGEST: Final = 1e9
# After so long without a row the series begins anew; a clock may run back so far before it counts as set back.
ANEW: Final = timedelta(days=30)
SET_BACK: Final = timedelta(days=1)
# A brand complains as others do until its own mood is known: so many complaints among so many posts.
_MOOD_TOLD, _MOOD_WEIGHT = 12.0, 80.0
_MOOD_FADE = 0.5 ** (1 / (7 * PER_DAY))
# While complaints stand this far above their usual share (z), they teach at most so many times that share.
_ALARMED, _TAUGHT = 2.0, 1.5
# What an account with many followers says is heard for two hours.
_ECHO = 24.0
NO_DATA, LATE = "no data", "late"
Places = tuple[float, float]


class Row(NamedTuple):
    """One bucket. value: mentions; neg, dups: of them complaints, and repeats of an earlier text; authors: distinct.

    planned: 0, or how many times the usual a campaign that runs now expects (1: not said). Naive times are refused.
    """

    at: datetime
    value: float
    neg: float | None = None
    authors: float | None = None
    dups: float | None = None
    max_followers: float | None = None
    planned: float = 0
    polled: bool = True


class Reading(Struct, frozen=True):
    """What one bucket means. level: 0 quiet, 1 notice, 2 page, as things stand; told: the same when it is news.

    score: how rare the volume, or the complaints, are (-log10). count, usual: of the last fifteen minutes, in voices;
    ratio: count over usual (of at least 1). times, loud_days: on how many occasions of the `days` watched that ratio
    was reached, and on how many of those days that count (peaks.KEPT: so many or more).
    fault: why a row was passed over: "no data", "late", else "".
    """

    at: datetime
    score: float = 0.0
    level: int = QUIET
    told: int = QUIET
    evidence: tuple[Evidence, ...] = ()
    count: float = 0.0
    usual: float = 0.0
    ratio: float = 0.0
    times: int = 0
    loud_days: int = 0
    days: float = 0.0
    fault: str = ""

    @property
    def cold(self) -> bool:
        """Too little history to call anything rare."""
        return self.days < COLD_DAYS

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of evidence, what calls somebody first."""
        return tuple(one.kind for one in self.evidence)


class Detector:
    """One series. `zone` is where its people sleep."""

    def __init__(self, thresholds: Thresholds, zone: tzinfo = CHINA) -> None:
        self.thresholds, self.zone = thresholds, zone
        self._begin()

    def _begin(self) -> None:
        self.last: datetime | None = None
        # What comes first, or after a time without data, may hold what was missed before.
        self.gap = True
        self.rarity, self.complaints = Rarity(), Memory(2)
        self.mood = [_MOOD_TOLD, _MOOD_WEIGHT]
        self.windows, self.peaks, self.cooldown = Windows(), Peaks(), Cooldown()
        # A big account's followers and for how many buckets more they count.
        self.echo = [0.0, 0.0]

    def update(self, row: Row) -> Reading:
        """Judge this bucket against everything before it, then learn it."""
        if self._late(row.at):
            return Reading(row.at, days=self.rarity.days, fault=LATE)
        self._skip_to(row.at)
        local = row.at.astimezone(self.zone)
        when = local.hour, local.weekday()
        usual = self.rarity.level.usual(*when)
        if self._no_data(row):
            self.windows.push_unheard(usual)
            return Reading(row.at, usual=usual * LONGEST, days=self.rarity.days, fault=NO_DATA)
        bucket = _bucket(row, usual)
        self.windows.push(bucket)
        self._hear(row)
        base = self.mood[0] / self.mood[1] if row.neg is not None else None
        reading, look, places = self._read(row, usual, base, hour := self.windows.span(HOUR, base))
        self.peaks.learn(self.rarity.level.seen, reading.ratio, reading.count)
        self.rarity.learn(self.windows.quarter, usual, look, *when)
        if base is not None:
            self._learn_complaints(bucket, base, hour, places, reading.days)
        return reading

    def _late(self, at: datetime) -> bool:
        """True for a row that is not later than the last; a clock that was set back goes on from where it is now."""
        if self.last is None or at > self.last:
            return False
        if self.last - at <= SET_BACK:
            return True
        self.last, self.gap = at - BUCKET, True
        self.windows.forget()
        self.cooldown = Cooldown()
        return False

    def _skip_to(self, at: datetime) -> None:
        """Buckets no row came for are as good as unheard."""
        missed = 0 if self.last is None else round((at - self.last) / BUCKET) - 1
        if missed > 0 and self.last is not None and at - self.last > ANEW:
            self._begin()
        elif missed > 0:
            self.windows.unheard(missed, self.rarity.level.flat)
            self.gap = True
        self.last = at

    def _no_data(self, row: Row) -> bool:
        unheard = not row.polled or not math.isfinite(row.value) or row.value < 0
        first_after, self.gap = self.gap, unheard
        return unheard or first_after

    def _hear(self, row: Row) -> None:
        followers = row.max_followers or 0
        self.echo[1] = max(self.echo[1] - 1.0, 0.0)
        if row.neg and (followers >= self.echo[0] or not self.echo[1]):
            self.echo = [float(followers), _ECHO]
        if not self.echo[1]:
            self.echo[0] = 0.0

    def _read(self, row: Row, usual: float, base: float | None, hour: Span) -> tuple[Reading, Look, Places]:
        """The reading of this bucket, how rare it looks, and the places of its complaints in their memory."""
        seen, days, limits = self.windows, self.rarity.days, self.thresholds
        look, half = self.rarity.look(seen.quarter, usual), seen.span(HALF, base)
        three, score, griefs, places = hour, look.score, (0.0, 0.0), (0.0, 0.0)
        if base is not None and days >= 1:
            three = seen.span(3 * HOUR, base)
            places = (_grief(hour), _grief(three))
            griefs = (self.complaints.score(0, places[0]), self.complaints.score(1, places[1]))
            if hour.negative >= limits.voices:
                score = max(score, *griefs)
        known, followers, cold = row.authors is not None, self.echo[0], days < COLD_DAYS
        facts = Facts(days, cold, row.planned, look.score, griefs, base, half, hour, three, seen, known, followers)
        evidence = weigh(facts, limits)
        quarter = seen.span(LONGEST, None)
        ratio = quarter.voices / max(quarter.usual, 1.0)
        reading = Reading(row.at, score, QUIET, QUIET, (), quarter.voices, quarter.usual, ratio, 0, 0, days)
        if evidence:
            reading = structs.replace(
                reading,
                level=evidence[0].level,
                told=self.cooldown.told(row.at, evidence, quarter.voices, limits),
                evidence=evidence,
                times=self.peaks.times(ratio),
                loud_days=self.peaks.loud_days(quarter.voices),
            )
        return reading, look, places

    def _learn_complaints(self, bucket: Bucket, base: float, hour: Span, places: Places, days: float) -> None:
        """The usual share of complaints moves slowly, and hardly while it is being left behind."""
        told, weight = self.mood
        alarmed = departure(hour, base) >= _ALARMED
        most = _TAUGHT * base * bucket.voices if alarmed else 3 * base * bucket.voices + 1
        self.mood = [
            (told - _MOOD_TOLD) * _MOOD_FADE + _MOOD_TOLD + min(bucket.negative, most),
            (weight - _MOOD_WEIGHT) * _MOOD_FADE + _MOOD_WEIGHT + bucket.voices,
        ]
        if days >= 1:
            self.complaints.learn(places)

    def to_state(self) -> dict[str, Any]:
        """JSON form, at most 16 KB."""
        return {
            "form": FORM,
            "last": self.last.isoformat() if self.last else "",
            "gap": self.gap,
            "rarity": self.rarity.to_state(),
            "complaints": self.complaints.to_state(),
            "mood": list(self.mood),
            "windows": self.windows.to_state(),
            "peaks": self.peaks.to_state(),
            "cooldown": self.cooldown.to_state(),
            "echo": list(self.echo),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any], thresholds: Thresholds, zone: tzinfo = CHINA) -> "Detector":
        """Go on from a kept state; ValueError for one of another form: begin anew from the stored counts."""
        if state.get("form") != FORM:
            raise ValueError(f"a detector's state of form {state.get('form', 1)}, not {FORM}")
        made = cls(thresholds, zone)
        made.last = datetime.fromisoformat(state["last"]) if state["last"] else None
        made.gap, made.mood, made.echo = bool(state["gap"]), list(state["mood"]), list(state["echo"])
        made.rarity = Rarity.from_state(state["rarity"])
        made.complaints = Memory.from_state(state["complaints"])
        made.windows = Windows.from_state(state["windows"])
        made.peaks = Peaks.from_state(state["peaks"])
        made.cooldown = Cooldown.from_state(state["cooldown"])
        return made


def _grief(span: Span) -> float:
    """Where the complaints of a while belong in the memory of complaints; what nobody heard is taken as usual."""
    unheard = span.usual_negative * (1 / span.heard - 1) if span.heard else 0.0
    return place_of(math.log((span.negative + unheard + 1) / (span.usual_negative + unheard + 1)))


def _bucket(row: Row, usual: float) -> Bucket:
    """A row in voices: people, not posts. Of a flood of one text only so many as different people sent it."""
    posts = float(min(row.value, LARGEST))
    authors = posts if row.authors is None else float(min(max(row.authors, 0.0), posts))
    copies = float(min(max(row.dups or 0.0, 0.0), posts))
    voices, said = authors, copies / posts if posts else 0.0
    if said > FLOOD_SHARE:
        voices *= max(1 - said, (authors / posts) ** 2)
    share = min(max(row.neg or 0.0, 0.0), posts) / posts if posts else 0.0
    return Bucket(voices, usual, share * voices, posts, authors, copies)
