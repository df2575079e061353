"""What a whole statement must hold (pure): next update, contact, unknowns, advice, and no number without a fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from statements import moments
from statements.approval import sayable
from statements.marks import missing_in
from statements.promises import promises_in
from statements.wording import Finding
from store.nouns import Fact, FactScope, FactStatus, Incident, Level

SAFETY = ("food_safety", "product_safety", "data_breach", "safety_incident")
LONGEST_PROMISE = timedelta(hours=24)
_EMPATHY = {
    "zh": re.compile("道歉|歉意|抱歉|对不起|理解|牵挂"),
    "en": re.compile(r"apolog|sorry|understand why", re.I),
}
_UNKNOWN = {
    "zh": re.compile("还不知道|尚未查明|还没有查清|还在核实|还在核对|尚不清楚"),
    "en": re.compile(r"not (yet )?know|still (checking|establishing)|not yet (clear|established)", re.I),
}
_ACTION = {
    "zh": re.compile("停止(饮用|食用|使用)|保留|就医|密码|请(直接)?联系|拨打"),
    "en": re.compile(r"stop (drinking|using|eating)|please keep|see a doctor|password|contact us|call us", re.I),
}
_ZONE = {"zh": re.compile(r"北京时间|UTC[+-]\d"), "en": re.compile(r"Beijing time|UTC[+-]\d")}
# Times, dates, amounts, percentages: every figure a reader could hold against us.
_NUMBER = re.compile(r"\d+(?:[.,:：]\d+)*")
_ORDINAL = re.compile(r"(?m)第\s*\d+\s*号|No\.\s*\d+|^\s*\d+[.、)]\s")
_SAID = {
    "zh": {
        "D01": ("没有将来的下一次更新时间", "下一次更新：今天17:00前（北京时间），在本账号发布，无论届时是否有结论。"),
        "D01L": ("下一次更新在24小时以后", "给出24小时以内的时间"),
        "D02": ("没有已核实的联系方式", "写上 team.toml 里已核实的电话或邮箱"),
        "D03": ("没有对受影响的人说一句话", "我们向反映情况的顾客道歉，也理解大家的担心。"),
        "D04": ("没有告诉公众现在该做什么", "请先停止食用，保留实物和小票；不适请及时就医。"),
        "D05": ("没有说还不知道什么", "我们现在还不知道的：……在查清之前，我们不作猜测。"),
        "D06": ("这个数字没有已核实的事实支持", "在事实台账里核实它，或删去"),
        "D07": ("这句话引用了不能公开的事实", "删去，或先核实并改为可公开"),
        "D09": ("没有写时区", "时间后写明（北京时间）"),
        "D16": ("还有待确认的内容", "补齐【待确认】处，或删去这一句"),
    },
    "en": {
        "D01": ("no time of the next update in the future", "Next update: by 17:00 (Beijing time) today."),
        "D01L": ("the next update is more than 24 hours away", "Name a time within 24 hours"),
        "D02": ("no verified contact", "Use the phone or mail address of team.toml"),
        "D03": ("no word for the people affected", "We apologise to the customers who raised this."),
        "D04": ("the public is not told what to do now", "Please stop drinking it and keep the item."),
        "D05": ("does not say what is not known yet", "What we do not know yet: … We will not guess."),
        "D06": ("no confirmed fact carries this number", "Confirm it in the fact log, or delete it"),
        "D07": ("this quotes a fact that may not be said", "Delete it, or confirm the fact and make it public"),
        "D09": ("no time zone", "Write (Beijing time) after the time"),
        "D16": ("something is still to be confirmed", "Fill the mark, or delete the sentence"),
    },
}


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What a text is held against: its incident, the newest facts, verified contacts and the present moment."""

    incident: Incident
    facts: tuple[Fact, ...]
    contacts: tuple[str, ...]
    kind: str
    now: datetime
    zone: ZoneInfo


def lint_document(body: str, lang: str, context: DocumentContext) -> tuple[Finding, ...]:
    """Findings about the whole text, in the order of the rules; offsets 0..0 where nothing stands that should."""
    found = [*_slots(body, lang, context), *_next_update(body, lang, context), *_quoted(body, lang, context)]
    found += _unbound(body, lang, context)
    return tuple(found)


def _slots(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    digits = re.sub(r"\D", "", body)
    if not any(_contact_stands(one, body, digits) for one in context.contacts):
        yield _finding("D02", "E", lang)
    if not _EMPATHY[lang].search(body):
        yield _finding("D03", "E", lang)
    if context.incident.category in SAFETY and not _ACTION[lang].search(body):
        yield _finding("D04", "E", lang)
    if context.incident.category != "rumour" and not _UNKNOWN[lang].search(body):
        yield _finding("D05", "E", lang)
    if not _ZONE[lang].search(body):
        yield _finding("D09", "W", lang)
    if missing_in(body):
        yield _finding("D16", "E", lang)


def _contact_stands(contact: str, body: str, digits: str) -> bool:
    if "@" in contact:
        return contact in body
    number = re.sub(r"\D", "", re.split(r"[（(]", contact)[0])
    return bool(number) and number in digits


def _next_update(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    due = [moment for _, moment in promises_in(body, lang, now=context.now, zone=context.zone)]
    if not due:
        yield _finding("D01", "E", lang)
    elif min(due) - context.now > LONGEST_PROMISE:
        yield _finding("D01", "W", lang, said="D01L")


def _quoted(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    """Words of a fact that may not be said stand in the text: what is internal or refuted has no override."""
    for fact in context.facts:
        words = (fact.zh if lang == "zh" else fact.en).strip("。.；; ")
        if sayable(fact) or len(words) < 6 or words not in body:
            continue
        grave = fact.scope is not FactScope.PUBLIC or fact.status is FactStatus.REFUTED
        start = body.index(words)
        yield _finding("D07", "X" if grave else "E", lang, start, start + len(words))


def _unbound(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    bound = _bound_numbers(body, lang, context)
    free = {hit.span() for hit in _ORDINAL.finditer(body)}
    sign_off = body.rstrip().rfind("\n") + 1
    grave = context.incident.level.rank >= Level.ORANGE.rank
    for hit in _NUMBER.finditer(body, 0, sign_off or len(body)):
        if _plain(hit[0]) in bound or any(start <= hit.start() < end for start, end in free):
            continue
        yield _finding("D06", "E" if grave else "W", lang, hit.start(), hit.end())


def _bound_numbers(body: str, lang: str, context: DocumentContext) -> set[str]:
    """Figures a reader may be told: of sayable facts, contacts, the incident's own times and our own deadlines."""
    said = [f"{fact.zh} {fact.en}" for fact in context.facts if sayable(fact)]
    said += context.contacts
    zone = context.zone.key
    times = [context.incident.t0, context.incident.detected_at, context.now]
    times += [moment for _, moment in promises_in(body, lang, now=context.now, zone=context.zone)]
    said += [moments.full(at, zone, "zh") for at in times]
    # The deadline may be hours off its sentence's other figures: "within two hours" is its own number.
    said += [text for text, _ in promises_in(body, lang, now=context.now, zone=context.zone) if "内" in text]
    return {_plain(hit) for text in said for hit in _NUMBER.findall(text)}


def _plain(number: str) -> str:
    return number.replace("：", ":").lstrip("0") or "0"


def _finding(rule: str, level: str, lang: str, start: int = 0, end: int = 0, *, said: str = "") -> Finding:
    message, suggestion = _SAID[lang][said or rule]
    return Finding(rule, level, start, end, message, suggestion)
