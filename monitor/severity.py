"""How bad (pure): eight factors 0–4, weights, floors and caps become a proposed level. Harm outranks volume."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from monitor.seen import place
from monitor.spikes import voices
from store.nouns import Judged, Level

STARTS = ((Level.RED, 68), (Level.ORANGE, 48), (Level.YELLOW, 28), (Level.BLUE, 12), (Level.NONE, 0))
ATTRIBUTION = {"victim": 0, "accidental": 2, "preventable": 3}
NEWS = frozenset({"news", "wechat", "新闻"})
KOL = 100_000
HOT = 10


@dataclass(frozen=True, slots=True)
class Factors:
    """Each 0..4, as in the severity matrix of the handbook."""

    harm: int = 0
    attribution: int = 0
    velocity: int = 0
    negative: int = 0
    spread: int = 0
    evidence: int = 0
    trust: int = 0
    legal: int = 0


WEIGHTS = Factors(harm=4, attribution=2, velocity=2, negative=1, spread=3, evidence=1, trust=1, legal=2)
NAMES = {
    "harm": "对人的伤害",
    "attribution": "责任归属",
    "velocity": "增速",
    "negative": "负面占比",
    "spread": "扩散",
    "evidence": "证据",
    "trust": "信任背景",
    "legal": "法律与监管",
}
FLAGS = (
    "regulator_public",
    "pii_confirmed",
    "national_media",
    "hot_top10",
    "coverup",
    "hard_term_corroborated",
    "hard_term_single",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A level with its score 0..100 and the reasons: the leading factors, then every floor or cap that moved it."""

    level: Level
    score: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the mentions themselves do not say: the category's nature and the brand's present volume and mood."""

    scct: str
    clocks: bool
    count: int
    usual: float
    negative_share: float


def propose(factors: Factors, flags: Collection[str] = ()) -> Proposal:
    """The level these factors and flags ask for; floors first, then the noise caps."""
    score = _score(factors)
    level = next(name for name, start in STARTS if score >= start)
    why = [f"严重度 {score}/100：{_leading(factors)}"]
    for floor, holds, reason in _floors(factors, flags):
        if holds and floor.rank > level.rank:
            level = floor
            why.append(reason)
    if level == Level.RED and factors.harm <= 1 and factors.legal < 3 and "national_media" not in flags:
        level = Level.ORANGE
        why.append("C1 只有声量、没有伤害，不到红色")
    if not flags and factors.negative == 0 and factors.harm == 0 and level.rank > Level.BLUE.rank:
        level = Level.BLUE
        why.append("C2 没有风险词也没有负面，最多蓝色")
    return Proposal(level, score, tuple(why))


def factors(own: Sequence[Judged], setting: Setting) -> tuple[Factors, frozenset[str]]:
    """Read the factors and flags off an incident's own mentions."""
    crisis = [item for item in own if item.score.crisis]
    said = {name for item in crisis for name in item.score.aggravators}
    found = Factors(
        harm=_harm(crisis),
        attribution=4 if "coverup" in said else ATTRIBUTION.get(setting.scct, 1) if crisis else 0,
        velocity=_velocity(setting.count, setting.usual),
        negative=sum(setting.negative_share >= at for at in (0.2, 0.35, 0.5, 0.7)),
        spread=_spread(own),
        evidence=_evidence(crisis, said),
        legal=_legal(crisis, said, setting),
    )
    return found, _flags(crisis, said)


def _score(found: Factors) -> int:
    pairs = [(int(getattr(WEIGHTS, one.name)), int(getattr(found, one.name))) for one in fields(Factors)]
    return round(100 * sum(weight * value for weight, value in pairs) / (4 * sum(weight for weight, _ in pairs)))


def _leading(found: Factors) -> str:
    parts = [(getattr(WEIGHTS, name) * getattr(found, name), name) for name in NAMES]
    top = [name for worth, name in sorted(parts, key=lambda part: -part[0])[:3] if worth]
    return "、".join(f"{NAMES[name]} {getattr(found, name)}/4" for name in top) or "各项都低"


def _floors(found: Factors, flags: Collection[str]) -> tuple[tuple[Level, bool, str], ...]:
    corroborated = "hard_term_corroborated" in flags
    return (
        (Level.RED, found.harm == 4, "F1 有人死亡或重伤：至少红色"),
        (Level.ORANGE, found.harm == 3, "F2 可能有人受伤或就医：至少橙色"),
        (Level.ORANGE, "regulator_public" in flags, "F3 监管或警方已公开：至少橙色"),
        (Level.ORANGE, "pii_confirmed" in flags, "F4 个人信息外泄已证实：至少橙色"),
        (Level.ORANGE, "national_media" in flags or "hot_top10" in flags, "F5 全国媒体或热搜前十：至少橙色"),
        (Level.ORANGE, "coverup" in flags, "F6 有证据的掩盖指控：至少橙色"),
        (Level.ORANGE, corroborated, "F7 硬风险词有多人印证：至少橙色"),
        (Level.YELLOW, "hard_term_single" in flags and not corroborated, "F8 硬风险词，单一来源：至少黄色"),
    )


def _harm(crisis: Sequence[Judged]) -> int:
    """One voice that speaks of death is a possible injury; two, or the press, make it a serious one."""
    worst = max((item.score.harm for item in crisis), default=0)
    if worst < 4:
        return worst
    telling = [item for item in crisis if item.score.harm == 4]
    return 4 if voices(telling) >= 2 or any(item.mention.platform in NEWS for item in telling) else 3


def _velocity(count: int, usual: float) -> int:
    if count < 10:
        return 0
    return sum(count >= times * max(usual, 0.5) for times in (2, 4, 8, 16))


def _spread(own: Sequence[Judged]) -> int:
    platforms = {item.mention.platform for item in own}
    press = {item.mention.voice for item in own if item.mention.platform in NEWS}
    if len(platforms) >= 3 or press:
        return 3
    if len(platforms) == 2 or any((item.mention.followers or 0) >= KOL for item in own):
        return 2
    return 1 if voices(own) > 1 else 0


def _evidence(crisis: Sequence[Judged], said: set[str]) -> int:
    if "evidence" in said:
        return 3
    if voices(crisis) >= 3:
        return 2
    return 1 if crisis else 0


def _legal(crisis: Sequence[Judged], said: set[str], setting: Setting) -> int:
    if any(item.score.category == "regulatory" and item.score.hard for item in crisis):
        return 4
    if setting.clocks and crisis:
        return 2
    return 1 if "escalation" in said else 0


def _flags(crisis: Sequence[Judged], said: set[str]) -> frozenset[str]:
    found = {"hot_top10"} if any(0 < place(item) <= HOT for item in crisis) else set()
    hard = [item for item in crisis if item.score.hard]
    if hard:
        found.add("hard_term_corroborated" if voices(hard) >= 2 else "hard_term_single")
    if any(item.score.category == "regulatory" for item in hard) and voices(crisis) >= 2:
        found.add("regulator_public")
    if {"coverup", "evidence"} <= said and voices(crisis) >= 2:
        found.add("coverup")
    return frozenset(found)
