"""How the parts of a review say a word, a moment and a blank in zh or en (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from statements.looking_back.deeds import LEVELS, MILESTONES
from statements.looking_back.outcome import Measure, ReviewInput
from store.nouns import Fact, FactScope, Promise, ReviewNote

BLANK = ("【由人填写】", "〔for people to fill〕")
OUTCOMES = {
    "broken": ("逾期未兑现", "broken"),
    "late": ("逾期后兑现 ", "kept late "),
    "kept": ("兑现 ", "kept "),
    "open": ("未到期", "open"),
}
KINDS = {"update": ("更新", "update"), "deed": ("办理", "deed"), "remedy": ("补救", "remedy")}
CAUSES = {
    "people": ("人员", "people"),
    "process": ("流程", "process"),
    "product": ("产品", "product"),
    "supplier": ("供应商", "supplier"),
    "system": ("系统", "system"),
    "communication": ("沟通", "communication"),
    "governance": ("治理", "governance"),
    "outside": ("外部", "outside"),
    "unknown": ("尚未查明", "unknown"),
}
REMEDIES = {
    "none_needed": ("不需要", "none needed"),
    "planned": ("已计划", "planned"),
    "running": ("进行中", "running"),
    "done": ("已完成", "done"),
    "refused": ("不予补救", "refused"),
}
WAITED = {"legal": ("法务", "legal"), "spokesperson": ("发言人", "spokesperson"), "speaker": ("发言人", "spokesperson")}
CLAIMS = {
    "unknown": ("尚不清楚", "unknown"),
    "true": ("属实", "true"),
    "partly": ("部分属实", "partly true"),
    "false": ("不实", "false"),
}
ACTION_STATES = {
    "open": ("进行中", "open"),
    "done": ("已完成，待核验", "done, to be verified"),
    "verified": ("已核验", "verified"),
    "dropped": ("已取消", "dropped"),
}


@dataclass(frozen=True, slots=True)
class Say:
    """One language of the sheet and the zone of its moments."""

    zh: bool
    zone: ZoneInfo

    @property
    def lang(self) -> str:
        return "zh" if self.zh else "en"

    @property
    def blank(self) -> str:
        return self.of(BLANK)

    @property
    def colon(self) -> str:
        return "：" if self.zh else ": "

    def word(self, chinese: str, english: str) -> str:
        return chinese if self.zh else english

    def of(self, pair: tuple[str, str]) -> str:
        return pair[0 if self.zh else 1]

    def listed(self, said: Iterable[str]) -> str:
        return ("、" if self.zh else ", ").join(said)

    def at(self, moment: datetime | None) -> str:
        return f"{moment.astimezone(self.zone):%m-%d %H:%M}" if moment else self.word("未知", "unknown")

    def level(self, value: str) -> str:
        return LEVELS[value] if self.zh else value

    def measure(self, one: Measure) -> str:
        return self.of(MILESTONES[one.name])

    def took(self, one: Measure) -> str:
        return self.word("未发生", "never") if one.minutes is None else f"{one.minutes:.0f}"

    def outcome(self, promise: Promise) -> str:
        said = self.of(OUTCOMES.get(promise.outcome, OUTCOMES["open"]))
        return said + (self.at(promise.kept_at) if promise.kept_at else "")

    def person(self, given: ReviewInput, who: str) -> str:
        return self.word("系统", "system") if who == "system" else given.name(who)

    def note(self, note: ReviewNote | None) -> str:
        """What people wrote, with its evidence or the mark of an assumption; a blank while nobody did."""
        if note is None or not note.text:
            return self.blank
        if note.assumed:
            return note.text + self.word("（假设，未证实）", " (assumption, not proved)")
        if note.evidence:
            return note.text + self.word("（依据：", " (evidence: ") + note.evidence + self.word("）", ")")
        return note.text

    def fact(self, fact: Fact) -> str:
        """The words of a fact; what is privileged stands by its label alone, everybody signed in reads a review."""
        if fact.scope is FactScope.PRIVILEGED:
            return fact.label + self.word("（保密）", " (privileged)")
        return f"{fact.label} " + ((fact.zh or fact.en) if self.zh else (fact.en or fact.zh))
