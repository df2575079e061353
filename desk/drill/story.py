"""What happens in a drill: each inject of its scenario at its virtual minute, by the road it would come in life."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.calling import Notice
from alerts.inquiries import Inquiries
from alerts.neutral import neutral
from alerts.new_inquiry import LONGEST_TITLE, NewInquiry
from config.drills import Inject
from desk.drill.stage import BRAND, DrillStage
from desk.drill.watermark import marked_line
from monitor import sourcebook
from store import incidents, journal, texts
from store.database import Tx
from store.nouns import Klass, Level, RawMention

DRILL = "drill"
MINUTE = timedelta(minutes=1)
# Many people say the same thing in not quite the same words.
_ECHOES = ("", "，求扩散", "。我也遇到了", "，蹲一个官方回应", "。身边的人也在说", "，大家注意", "。这事得有个说法")
_MEDIA = {"video": "（附视频）", "picture": "（附图）", "recording": "（附录音）", "document": "（附文件）"}
_OFFICIAL = ("reporter", "official", "influencer")


@dataclass
class Story:
    """Plays injects once each. `played`: inject id -> virtual moment."""

    stage: DrillStage
    played: dict[str, datetime] = field(default_factory=dict)

    @property
    def begins(self) -> datetime:
        return self.stage.scenario.meta.begins

    def tell(self, now: datetime) -> list[Inject]:
        """Play everything that is due; returns it."""
        released = self.released_at()
        due = [one for one in self.stage.scenario.inject if one.id not in self.played]
        due = [one for one in due if (at := self._moment(one, released)) is not None and at <= now]
        for one in due:
            with self.stage.store.transaction() as tx:
                self.happen(tx, one, now)
            self.played[one.id] = now
        return due

    def next_at(self) -> datetime | None:
        """When the next inject is due, as things stand; None when there is none left."""
        released = self.released_at()
        moments = [self._moment(one, released) for one in self.stage.scenario.inject if one.id not in self.played]
        return min((at for at in moments if at is not None), default=None)

    def released_at(self) -> datetime | None:
        """When the first statement was (simulated as) posted."""
        with self.stage.store.reading() as tx:
            found = [
                post.published_at
                for one in incidents.listed(tx, open_only=False)
                for post in texts.publications_of(tx, one.id)
            ]
        return min(found, default=None)

    def happen(self, tx: Tx, inject: Inject, now: datetime) -> None:
        """One inject, by its own road; noted in the drill's journal."""
        if inject.channel in ("post", "hot_list"):
            self._posted(tx, inject, now)
        elif inject.channel == "call":
            self._called(tx, inject, now)
        else:
            self._told(tx, inject, now)
        detail = {"id": inject.id, "channel": inject.channel, "platform": inject.platform, "author": inject.author}
        journal.write(tx, now, DRILL, "drill_inject", DRILL, inject.text, detail)

    def _moment(self, inject: Inject, released: datetime | None) -> datetime | None:
        if inject.when == "released":
            return released + inject.at * MINUTE if released else None
        at = self.begins + inject.at * MINUTE
        return None if inject.when == "not_released" and released and released < at else at

    def _posted(self, tx: Tx, inject: Inject, now: datetime) -> None:
        with self.stage.store.reading() as look:
            place = sourcebook.listed(look, self.stage.settings.watch)[0]
        self.stage.house.intake.keep(tx, place, posts_of(inject, now), now)

    def _called(self, tx: Tx, inject: Inject, now: datetime) -> None:
        verbs = Inquiries(self.stage.caller, self.stage.settings.calendar)
        kinds = [one.kind for one in self.stage.settings.team.answer]
        wanted = "complaint" if inject.author == "customer" else "email"
        kind = wanted if wanted in kinds else kinds[0]
        verbs.note(tx, NewInquiry(kind, inject.text[:LONGEST_TITLE], now, BRAND), DRILL, now)

    def _told(self, tx: Tx, inject: Inject, now: datetime) -> None:
        people = self.stage.caller.people(["duty"], now, tx)
        head, words = marked_line(neutral(inject.text, 40)), neutral(inject.text, 1000)
        notice = Notice(DRILL, inject.id, Level.YELLOW, (head, words), (head, words))
        self.stage.caller.notify(tx, people, notice, now)


def posts_of(inject: Inject, now: datetime) -> Sequence[RawMention]:
    """The posts of one inject: its author's, and those of `copies` - 1 others within the last minute."""
    klass = Klass.HOTLIST if inject.channel == "hot_list" else Klass.VIDEO if inject.media == "video" else ""
    return [
        RawMention(
            ext_id=f"drill-{inject.id}-{n}",
            url=f"https://{inject.platform.replace('_', '-')}.example/drill/{inject.id}/{n}",
            text=inject.text + (_MEDIA.get(inject.media, "") if n == 0 else _ECHOES[n % len(_ECHOES)]),
            author=f"演练{inject.author}{n}",
            followers=inject.followers if n == 0 else 60 + 37 * n % 900,
            published_at=now - timedelta(seconds=n % 50),
            platform=inject.platform,
            klass=str(klass),
            rank=inject.rank,
            verified=True if n == 0 and inject.author in _OFFICIAL else None,
        )
        for n in range(inject.copies)
    ]
