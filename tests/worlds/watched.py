"""A brand whose mentions are stored, judged and watched at the moments a test names, and replayed afterwards."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from config.clock import StepClock
from config.taxonomy import load_taxonomy
from config.watch import Brand, Thresholds
from monitor.history import past_of
from monitor.options import Would
from monitor.replaying import replay
from monitor.watching import Watching
from store import mentions, spells, volumes
from store.database import Store
from store.nouns import Judged, RawMention, Score, Span, Spell, Spike, Window

BEGIN = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BRAND = Brand(id="xinghe", name="星禾茶饮", any=("星禾茶饮",))
STEPS_A_DAY = 288
TAXONOMY = load_taxonomy()


@dataclass(frozen=True, slots=True)
class Post:
    """Said `ago` minutes before it is heard; a category makes it a crisis."""

    author: str
    ago: float = 1.0
    category: str = ""
    term: str = ""
    harm: int = 0
    negative: bool = False
    followers: int = 120
    platform: str = "weibo"
    klass: str = "post"
    rank: int | None = None
    hard: bool = False


@dataclass
class Watched:
    """The store, the WATCH job over it, and what the file says of thresholds."""

    store: Store
    file: Thresholds = field(default_factory=Thresholds)

    def __post_init__(self) -> None:
        self.clock = StepClock(BEGIN)
        numbers, told = count(1), count(1)
        self.ids = lambda: f"{next(numbers):032x}"
        self.job = Watching(
            self.store, self.clock, lambda: f"spike-{next(told):09d}", {BRAND.id: BRAND}, self.file, TAXONOMY
        )

    def at(self, step: float) -> datetime:
        """The moment `step` times five minutes after the beginning."""
        return BEGIN + 5 * step * MINUTE

    def hear(self, step: float, *posts: Post) -> None:
        """These are heard, judged and watched at this moment."""
        self.clock.forward(self.at(step))
        now = self.clock()
        raws = [self._raw(post, now) for post in posts]
        with self.store.transaction() as tx:
            mentions.save(tx, "feed", raws, now, self.ids)
            said = {raw.ext_id: post for raw, post in zip(raws, posts, strict=True)}
            waiting = mentions.pending(tx, 1000)
            judged = [Judged(one, BRAND.id, _score(said[one.ext_id])) for one in waiting]
            volumes.add(tx, mentions.save_scores(tx, [(one, "") for one in judged], now))
            mentions.mark_judged(tx, [one.id for one in waiting], now)
        self.job.watch(BRAND.id)

    def campaign(self, since: float, until: float, factor: float) -> None:
        spell = Spell(
            self.ids(), Window.CAMPAIGN, self.at(since), self.at(until), "wang", "春茶", BEGIN, "xinghe", factor=factor
        )
        with self.store.transaction() as tx:
            spells.add(tx, spell)

    def spikes(self, since: datetime = BEGIN - DAY) -> list[Spike]:
        """What the job has told, oldest first."""
        with self.store.reading() as tx:
            return list(reversed(volumes.spikes_since(tx, BRAND.id, since)))

    def replayed(self, *options: Thresholds, since: datetime = BEGIN - DAY) -> list[tuple[Would, ...]]:
        """What the same past would have told under each of these."""
        with self.store.reading() as tx:
            past = past_of(tx, BRAND, since, self.clock(), *options)
            return [tuple(replace(one, joins=False) for one in told) for told in replay(past, options, TAXONOMY).told]

    def _raw(self, post: Post, now: datetime) -> RawMention:
        text = f"星禾茶饮{post.term or '今天排队'}"
        return RawMention(
            ext_id=self.ids(),
            text=text,
            author=post.author,
            followers=post.followers,
            published_at=now - post.ago * MINUTE,
            platform=post.platform,
            klass=post.klass,
            rank=post.rank,
        )


def _score(post: Post) -> Score:
    crisis = bool(post.category)
    spans = (Span(4, 4 + len(post.term), post.term, post.category, 0.6),) if crisis and post.term else ()
    return Score(
        p_negative=0.9 if crisis or post.negative else 0.1,
        p_crisis=0.95 if crisis else 0.02,
        negative=crisis or post.negative,
        crisis=crisis,
        category=post.category,
        categories=(post.category,) if crisis else (),
        spans=spans,
        harm=post.harm,
        hard=post.hard,
    )


def told(spikes: list[Spike]) -> list[Would]:
    """Spikes in the form of a replay."""
    names = [name for name in Would.__dataclass_fields__ if name != "joins"]
    return [Would(**{name: getattr(one, name) for name in names}) for one in spikes]
