"""When what posts say, or the numbers of their series, needs a person (pure): a finding per topic, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from config.watch import Thresholds
from monitor.campaigns import NONE_PLANNED, Campaign
from monitor.risk import WEAK
from monitor.saying import past, reason, reasons, volume
from monitor.seen import Seen, by_category, place
from monitor.series import Reading
from monitor.signals import PAGE, Evidence
from store.nouns import Judged

SEVERE_HARM = 3
SURE = 0.9
# A big account that says one bad thing after the other: so many posts, by a tenth of the reach, so much in all.
_ALONE_POSTS, _ALONE_REACH, _ALONE_HEARD = 3, 10, 3
# Evidence of people who speak: as many different ones must be found among the posts themselves.
_OF_PEOPLE = ("volume", "complaints", "cold", "campaign")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know: `count` mentions in `window_minutes` where `usual` are usual.

    kind: severe, cluster, hard, big_account, hot, trend, or a kind of evidence of the series (monitor.signals).
    `page` False means a notice, nobody is called.
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
    """What the rules look at: what was said of late, and what the brand's series says."""

    brand: str
    seen: Seen
    reading: Reading
    thresholds: Thresholds
    campaign: Campaign
    trend: Evidence | None

    @property
    def window(self) -> Sequence[Judged]:
        """The last 30 minutes."""
        return self.seen.window

    @property
    def usual(self) -> float:
        return self.reading.usual * 2

    @property
    def numbers(self) -> str:
        usual = f"平时约 {self.usual:.0f} 条" if self.usual >= 1 else "平时不到 1 条"
        if self.reading.days < 1:
            usual = "监测不到一天，还没有平时的数"
        return f"{self.brand}：30 分钟 {len(self.window)} 条，{usual}"


def decide(
    brand_name: str,
    seen: Seen,
    reading: Reading,
    thresholds: Thresholds,
    campaign: Campaign = NONE_PLANNED,
    trend: Evidence | None = None,
) -> tuple[Finding, ...]:
    """What needs a person now, at most one finding per category, the gravest kind first.

    `seen`: what was said of late; `reading`: what the series says now; `campaign`: planned now, it mutes volume alone;
    `trend`: complaints that rise over days.
    """
    scene = _Scene(brand_name, seen, reading, thresholds, campaign, trend)
    found: dict[str, Finding] = {}
    for rule in (_severe, _cluster, _hard, _big_account, _hot, _series, _rising):
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
    for category, items in scene.seen.topics.items():
        severe = [item for item in items if item.score.harm >= SEVERE_HARM]
        if severe:
            yield _finding(
                scene, "severe", category, items, f"；有 {len(severe)} 条说到有人受伤或就医（{_terms(severe)}）"
            )


def _hard(scene: _Scene) -> Iterator[Finding]:
    """A word that is a crisis by itself, if only from one voice; severity keeps it low until others say so."""
    for category, items in scene.seen.topics.items():
        hard = [item for item in items if item.score.hard and item.score.p_crisis >= SURE]
        if hard:
            yield _finding(scene, "hard", category, items, f"；{voices(hard)} 位作者用了重风险词（{_terms(hard)}）")


def _cluster(scene: _Scene) -> Iterator[Finding]:
    """Several people tell the same kind of crisis within the hour."""
    since = scene.seen.now - scene.thresholds.cluster_window
    fresh = [item for item in scene.seen.crises if item.mention.event_at > since]
    for category, items in by_category(fresh).items():
        authors = voices(items)
        if authors >= scene.thresholds.cluster_authors:
            minutes = int(scene.thresholds.cluster_window / timedelta(minutes=1))
            where = f"；{minutes} 分钟内 {authors} 位作者说的是同一类风险（{_terms(items)}）"
            yield _finding(scene, "cluster", category, items, where)


def _big_account(scene: _Scene) -> Iterator[Finding]:
    """An account millions follow tells of a crisis, or one that many follow does not stop complaining."""
    reach = scene.thresholds.reach
    for category, items in _topics(scene.window).items():
        big = [item for item in items if (item.mention.followers or 0) >= reach]
        if big:
            fans = max(item.mention.followers or 0 for item in big) // 10_000
            yield _finding(
                scene, "big_account", category, items, f"；粉丝 {fans} 万的账号发了风险内容（{_terms(big)}）"
            )
    for posts in _accounts(scene.window, reach).values():
        bad = [item for item in posts if item.score.negative]
        fans = max(item.mention.followers or 0 for item in posts)
        if len(bad) >= _ALONE_POSTS and fans * _ALONE_REACH >= reach and fans * len(bad) >= _ALONE_HEARD * reach:
            category = next(iter(_topics(bad)), "")
            where = f"；粉丝 {fans // 10_000} 万的账号 30 分钟发了 {len(bad)} 条负面内容"
            yield _finding(scene, "big_account", category, bad, where)


def _hot(scene: _Scene) -> Iterator[Finding]:
    """High on a hot list: what tells of a crisis calls, praise is a notice."""
    high = [item for item in scene.seen.ranked if place(item) <= scene.thresholds.hot_rank]
    topics = _topics(high)
    calm = {"": [item for item in high if not item.score.crisis]} if high else {}
    for category, items in (topics or calm).items():
        if items:
            first = min(items, key=place)
            said = first.mention.title or first.mention.text
            yield _finding(
                scene, "hot", category, items, f"；上了热榜第 {place(first)} 位（{said[:40]}）", page=bool(category)
            )


def _series(scene: _Scene) -> Iterator[Finding]:
    """What the numbers say, when as many people as they speak of are found among the posts; what calls comes first."""
    said = [one for one in scene.reading.evidence if _found(one, scene)]
    calls = [one for one in said if _calls(one, scene)]
    for one in (calls or said)[:1]:
        parts = [part for part in (volume(scene.reading), past(scene.reading), reasons(scene.reading)) if part]
        yield _loud(scene, one.kind, f"{scene.brand}：{'。'.join(parts)}", page=bool(calls))


def _found(one: Evidence, scene: _Scene) -> bool:
    """Whether the people this evidence speaks of are there."""
    looked = scene.seen.hour if one.kind in ("share", "complaints") else scene.window
    return one.kind not in (*_OF_PEOPLE, "share") or _enough(looked, scene.thresholds)


def _calls(one: Evidence, scene: _Scene) -> bool:
    """A mood alone calls when somebody tells of a crisis."""
    return one.level == PAGE or (one.kind == "share" and any(item.score.crisis for item in scene.seen.hour))


def _rising(scene: _Scene) -> Iterator[Finding]:
    if scene.trend is not None:
        yield _loud(scene, scene.trend.kind, f"{scene.brand}：{reason(scene.trend)}", page=False)


def voices(items: Iterable[Judged]) -> int:
    """Distinct authors; a post without an author is a voice of its own."""
    return len({(item.mention.platform, item.mention.voice) for item in items})


def _enough(items: Sequence[Judged], limits: Thresholds) -> bool:
    return len(items) >= limits.voices and voices(items) >= limits.authors


def _accounts(items: Sequence[Judged], reach: int) -> dict[tuple[str, str], list[Judged]]:
    """The posts of each account that a tenth of the reach follows."""
    big = {_account(item) for item in items if (item.mention.followers or 0) * _ALONE_REACH >= reach}
    found: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for item in items if big else ():
        if item.mention.followers and _account(item) in big:
            found[_account(item)].append(item)
    return found


def _account(item: Judged) -> tuple[str, str]:
    return item.mention.platform, item.mention.voice


def _topics(items: Sequence[Judged]) -> dict[str, list[Judged]]:
    return by_category([item for item in items if item.score.crisis])


def _terms(items: Sequence[Judged]) -> str:
    """The telling words most of these posts share, as a reader would say them."""
    counts: dict[str, int] = {}
    for item in items:
        category, said = item.score.category, []
        for span in item.score.spans:
            term = span.term.replace("…", "")
            if span.category == category and span.weight > WEAK and term not in said:
                said.append(term)
                counts[term] = counts.get(term, 0) + 1
    return "、".join(term for term, _ in Counter(counts).most_common(3)) or "见原帖"


def _finding(
    scene: _Scene, kind: str, category: str, items: Sequence[Judged], where: str, *, page: bool = True
) -> Finding:
    """`where` goes on from the numbers of the half hour, or begins a sentence of its own."""
    said = f"{scene.numbers}{where}" if where.startswith("；") else where
    return Finding(
        kind=kind,
        count=len(scene.window),
        usual=round(scene.usual, 2),
        window_minutes=30,
        score=round(scene.reading.score, 3),
        page=page,
        category=category,
        mention_ids=tuple(item.mention.id for item in items),
        why=f"{said}{scene.campaign.said}。",
    )


def _loud(scene: _Scene, kind: str, said: str, *, page: bool) -> Finding:
    """A finding about volume or mood: its topic is what most of its crisis posts are about, if they agree on one."""
    topics = _topics(scene.window)
    category = next(iter(topics), "")
    items = topics.get(category) or [item for item in scene.window if item.score.negative] or list(scene.window)
    return _finding(scene, kind, category, items, said, page=page)
