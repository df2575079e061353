"""When does what is said of a brand need a person (pure)? One finding per topic, each with a sentence that says why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.watch import Thresholds
from monitor.campaigns import NONE_PLANNED, Campaign, raised
from monitor.rarity import Reading
from monitor.risk import WEAK
from store.nouns import Bucket, Judged

WINDOW = timedelta(minutes=30)
HOUR = timedelta(hours=1)
SEVERE_HARM = 3
SURE = 0.9
# Cold start (no history yet): absolute evidence only.
COLD_VOICES, COLD_AUTHORS, COLD_RATIO, COLD_LOUD = 10, 6, 5.0, 25
# A surge in which hardly anybody complains is a success, not a crisis.
NEGATIVE_SHARE = 0.35
SHARE_Z, SHARE_LEAST, SHARE_NORMAL = 4.2, 8, 0.15
BIG_ACCOUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know: `count` mentions in `window_minutes` where `usual` are usual.

    kind: severe, cluster, hard, big_account, volume, cold, share. `page` False means a notice, nobody is called.
    """

    kind: str
    count: int
    usual: float
    window_minutes: int
    score: float
    page: bool
    category: str
    mention_ids: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the rules look at: the brand's last 24 hours, its last 30 minutes, and how rare they are."""

    brand: str
    now: datetime
    recent: Sequence[Judged]
    window: Sequence[Judged]
    rare: Reading
    thresholds: Thresholds
    before: Bucket
    campaign: Campaign

    @property
    def usual(self) -> float:
        return self.rare.usual * 2

    @property
    def numbers(self) -> str:
        usual = f"平时约 {self.usual:.0f} 条" if self.usual >= 1 else "平时不到 1 条"
        if self.rare.days < 1:
            usual = "监测不到一天，还没有平时的数"
        return f"{self.brand}：30 分钟 {len(self.window)} 条，{usual}"


def decide(
    brand_name: str,
    now: datetime,
    recent: Sequence[Judged],
    rare: Reading,
    thresholds: Thresholds,
    before: Bucket,
    campaign: Campaign = NONE_PLANNED,
) -> tuple[Finding, ...]:
    """What needs a person now, at most one finding per category, the gravest kind first.

    `recent`: by event time, every mention of the last hour and the crisis mentions of the look-back; `rare`: the
    reading of the present bucket; `before`: the volume of the look-back without its last hour;
    `campaign`: what is planned now, it raises the volume kinds alone.
    """
    window = [item for item in recent if item.mention.event_at > now - WINDOW]
    scene = _Scene(brand_name, now, recent, window, rare, thresholds, before, campaign)
    found: dict[str, Finding] = {}
    for rule in (_severe, _cluster, _hard, _big_account, _volume, _cold, _share):
        for finding in rule(scene):
            known = found.setdefault(finding.category, finding)
            if finding.page and not known.page:
                # A notice never stands in the way of a call.
                found[finding.category] = finding
    if len(found) > 1:
        # A surge without a topic is the echo of the topic found beside it.
        found.pop("", None)
    return tuple(found.values())


def _severe(scene: _Scene) -> Iterator[Finding]:
    """One credible post about people being hurt is enough."""
    for category, items in _by_category(scene.recent).items():
        severe = [item for item in items if item.score.harm >= SEVERE_HARM]
        if severe:
            where = f"；有 {len(severe)} 条说到有人受伤或就医（{_terms(severe)}）"
            yield _finding(scene, "severe", category, items, where)


def _hard(scene: _Scene) -> Iterator[Finding]:
    """A word that is a crisis by itself, if only from one voice; severity keeps it low until others say so."""
    for category, items in _by_category(scene.recent).items():
        hard = [item for item in items if item.score.hard and item.score.p_crisis >= SURE]
        if hard:
            where = f"；{voices(hard)} 位作者用了重风险词（{_terms(hard)}）"
            yield _finding(scene, "hard", category, items, where)


def _cluster(scene: _Scene) -> Iterator[Finding]:
    """Several people tell the same kind of crisis within the hour."""
    fresh = [item for item in scene.recent if item.mention.event_at > scene.now - scene.thresholds.cluster_window]
    for category, items in _by_category(fresh).items():
        authors = voices(items)
        if authors >= scene.thresholds.cluster_authors:
            minutes = int(scene.thresholds.cluster_window / timedelta(minutes=1))
            where = f"；{minutes} 分钟内 {authors} 位作者说的是同一类风险（{_terms(items)}）"
            yield _finding(scene, "cluster", category, items, where)


def _big_account(scene: _Scene) -> Iterator[Finding]:
    for category, items in _by_category(scene.window).items():
        big = [item for item in items if (item.mention.followers or 0) >= BIG_ACCOUNT]
        if big:
            fans = max(item.mention.followers or 0 for item in big) // 10_000
            yield _finding(
                scene, "big_account", category, items, f"；粉丝 {fans} 万的账号发了风险内容（{_terms(big)}）"
            )


def _volume(scene: _Scene) -> Iterator[Finding]:
    rare, limits = scene.rare, raised(scene.thresholds, scene.campaign.factor)
    if rare.cold or rare.score < limits.rarity or not _enough(scene, limits.voices, limits.authors):
        return
    if scene.campaign.expects(rare):
        return
    share = negative_share(scene.window)
    often = "从没有过" if rare.before < 1 else f"只有约 {rare.before:.0f} 个 5 分钟"
    where = f"（{rare.ratio:.1f} 倍）；记得的 {rare.days:.0f} 天里{often}达到这个倍数；负面 {share:.0%}"
    yield _loud(scene, "volume", where, page=share >= NEGATIVE_SHARE)


def _cold(scene: _Scene) -> Iterator[Finding]:
    factor = scene.campaign.factor
    if not scene.rare.cold or not _enough(scene, COLD_VOICES * factor, COLD_AUTHORS * factor):
        return
    share, count = negative_share(scene.window), len(scene.window)
    if count < COLD_RATIO * factor * max(scene.usual, 1.0):
        return
    loud = share >= NEGATIVE_SHARE or (voices(scene.window) >= COLD_LOUD and share >= NEGATIVE_SHARE / 2)
    yield _loud(scene, "cold", f"；监测才 {scene.rare.days:.1f} 天，按绝对数判断；负面 {share:.0%}", page=loud)


def _share(scene: _Scene) -> Iterator[Finding]:
    """The volume is ordinary, its mood is not."""
    hour = [item for item in scene.recent if item.mention.event_at > scene.now - HOUR]
    if len(hour) < SHARE_LEAST or voices(hour) < scene.thresholds.voices:
        return
    usual = (scene.before.negative + 20 * SHARE_NORMAL) / (scene.before.mentions + 20)
    n, negative = len(hour), sum(item.score.negative for item in hour)
    z = (negative - usual * n) / (usual * (1 - usual) * n + (0.03 * n) ** 2 + 0.5) ** 0.5
    if z >= SHARE_Z and negative >= NEGATIVE_SHARE * n:
        where = f"；最近 1 小时负面 {negative}/{n}，平时约 {usual:.0%}"
        yield _loud(scene, "share", where, page=any(item.score.crisis for item in hour))


def voices(items: Iterable[Judged]) -> int:
    """Distinct authors; a post without an author is a voice of its own."""
    return len({(item.mention.platform, item.mention.voice) for item in items})


def negative_share(items: Sequence[Judged]) -> float:
    """0..1; 0 of nothing."""
    return sum(item.score.negative for item in items) / len(items) if items else 0.0


def _enough(scene: _Scene, least: float, authors: float) -> bool:
    return len(scene.window) >= least and voices(scene.window) >= authors


def _by_category(items: Sequence[Judged]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = defaultdict(list)
    for item in items:
        if item.score.crisis and item.score.category:
            found[item.score.category].append(item)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def _terms(items: Sequence[Judged]) -> str:
    """The telling words most of these posts share, as a reader would say them."""
    counts: Counter[str] = Counter()
    for item in items:
        telling = (span for span in item.score.spans if span.category == item.score.category and span.weight > WEAK)
        counts.update(list(dict.fromkeys(span.term.replace("…", "") for span in telling)))
    return "、".join(term for term, _ in counts.most_common(3)) or "见原帖"


def _finding(
    scene: _Scene, kind: str, category: str, items: Sequence[Judged], where: str, *, page: bool = True
) -> Finding:
    return Finding(
        kind=kind,
        count=len(scene.window),
        usual=round(scene.usual, 2),
        window_minutes=30,
        score=round(scene.rare.score, 3),
        page=page,
        category=category,
        mention_ids=tuple(item.mention.id for item in items),
        why=f"{scene.numbers}{where}{scene.campaign.said}。",
    )


def _loud(scene: _Scene, kind: str, where: str, *, page: bool) -> Finding:
    """A finding about volume or mood: its topic is what most of its crisis posts are about, if they agree on one."""
    topics = _by_category(scene.window)
    category = next(iter(topics), "")
    items = topics.get(category) or [item for item in scene.window if item.score.negative] or list(scene.window)
    return _finding(scene, kind, category, items, where, page=page)
