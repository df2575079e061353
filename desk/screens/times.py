"""How screens say moments and spans: absolute in the service's zone, with the distance beside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from desk.words import word
from statements.writing.moments import zone_name

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Times:
    """Words for moments as seen at `now` by a reader of `lang`."""

    zone: ZoneInfo
    now: datetime
    lang: str

    def at(self, moment: datetime) -> str:
        """11月22日 14:05 / 22 Nov 14:05; with the year when it is not this one."""
        local = moment.astimezone(self.zone)
        year = "" if local.year == self.now.astimezone(self.zone).year else str(local.year)
        if self.lang == "zh":
            return f"{year + '年' if year else ''}{local.month}月{local.day}日 {local:%H:%M}"
        return f"{local.day} {_MONTHS[local.month - 1]}{' ' + year if year else ''} {local:%H:%M}"

    def hour(self, moment: datetime) -> str:
        """14:05, with the date when it is not today."""
        local = moment.astimezone(self.zone)
        today = self.now.astimezone(self.zone).date()
        return f"{local:%H:%M}" if local.date() == today else self.at(moment)

    def zone_name(self) -> str:
        """北京时间 / Beijing time, elsewhere UTC±h."""
        return zone_name(self.now, self.zone.key, self.lang)

    def ago(self, moment: datetime) -> str:
        """3 分钟前 / 3 min ago; a moment to come is "in 3 min"."""
        past = self.now - moment
        if abs(past) < MINUTE:
            return word("just_now", self.lang)
        return word("ago" if past > timedelta() else "ahead", self.lang, span=self.span(abs(past)))

    def span(self, length: timedelta) -> str:
        """The largest fitting unit, rounded down: 45 秒, 12 分钟, 3 小时, 2 天."""
        for unit, key in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
            if length >= unit:
                return word(key, self.lang, n=length // unit)
        return word("seconds", self.lang, n=max(0, length // timedelta(seconds=1)))

    def within(self, length: timedelta) -> str:
        """A span nothing longer hides in: 115 minutes are 2 小时, for sentences that say "within"."""
        for unit in (DAY, HOUR, MINUTE):
            if length >= unit:
                return self.span(-(-length // unit) * unit)
        return self.span(length)

    def field(self, moment: datetime) -> str:
        """2026-03-12T14:05 as a datetime-local field takes it."""
        return f"{moment.astimezone(self.zone):%Y-%m-%dT%H:%M}"


def clock_face(length: timedelta) -> str:
    """41:05, and 1:02:03 from an hour on; the sign is the reader's business."""
    seconds = int(abs(length).total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes:02d}:{left:02d}"
