"""What a whole statement must hold (pure): next update, contact, unknowns, advice, and no number without a fact."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from statements import moments
from statements.approval import sayable
from statements.figures import GRAVE, Figure, figures_in
from statements.marks import missing_in
from statements.promises import deadlines_in
from statements.wording import Finding
from store.nouns import Fact, FactScope, FactStatus, Incident

SAFETY = ("food_safety", "product_safety", "data_breach", "safety_incident")
LONGEST_PROMISE = timedelta(hours=24)
# Shorter words than these ("已停业") stand in too many honest sentences to be called a quotation.
_SHORTEST_QUOTE = {"zh": 4, "en": 10}
_DONE = {
    "zh": re.compile(r"我们[^。\n]{0,12}已|已于|已经?[^。，\n]{0,10}(停|封存|联系|报告|关闭|启动|送检|核对)|核对了"),
    "en": re.compile(
        r"\b(we|has|have|was|were|the store)\b[^.\n]{0,30}"
        r"\b(done|closed|sealed|contacted|reported|checked|began|stopped|sent|started)\b"
        r"|what we (have done|checked)",
        re.I,
    ),
}
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
_UPDATE = {
    "zh": re.compile(r"更新|通报|公布|公告|说明|发布|告知"),
    "en": re.compile(r"update|publish|\bpost\b|report|announce", re.I),
}
_ZONE = {"zh": re.compile(r"北京时间|UTC[+-]\d"), "en": re.compile(r"Beijing time|UTC[+-]\d")}
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{0,200}\w", re.ASCII)
# The number of the statement stands in the headline; list marks begin their lines.
_NUMBER_OF_STATEMENT = re.compile(r"第\s?\d+\s?号|No\.\s?\d+")
_LIST_MARK = re.compile(r"(?m)^[ \t]{0,8}\d{1,3}[.、)]\s")
_SAID = {
    "zh": {
        "D01": ("没有将来的下一次更新时间", "下一次更新：今天17:00前（北京时间），在本账号发布，无论届时是否有结论。"),
        "D01P": ("下一次更新的时间已经过了", "改成将来的时间，例如：今天17:00前（北京时间）"),
        "D01L": ("下一次更新在24小时以后", "给出24小时以内的时间"),
        "D02": ("没有已核实的联系方式", "写上 team.toml 里已核实的电话或邮箱"),
        "D02O": ("这个联系方式没有核实过", "改用 team.toml 里已核实的电话或邮箱"),
        "D03": ("没有对受影响的人说一句话", "我们向反映情况的顾客道歉，也理解大家的担心。"),
        "D04": ("没有告诉公众现在该做什么", "请先停止食用，保留实物和小票；不适请及时就医。"),
        "D05": ("没有说还不知道什么", "我们现在还不知道的：……在查清之前，我们不作猜测。"),
        "D06": ("这个数字没有已核实的事实支持", "在事实台账里核实它，或删去"),
        "D07": ("这句话引用了不能公开的事实", "删去，或先核实并改为可公开"),
        "D20": ("没有说已经做了什么", "写上一条已核实的措施和时间：该门店已于14:30停止营业。"),
        "D09": ("没有写时区", "时间后写明（北京时间）"),
        "D16": ("还有待确认的内容", "补齐【待确认】处，或删去这一句"),
    },
    "en": {
        "D01": ("no time of the next update in the future", "Next update: by 17:00 (Beijing time) today."),
        "D01P": ("the time of the next update has passed", "Name a time ahead: by 17:00 (Beijing time) today."),
        "D01L": ("the next update is more than 24 hours away", "Name a time within 24 hours"),
        "D02": ("no verified contact", "Use the phone or mail address of team.toml"),
        "D02O": ("this contact is not a verified one", "Use the phone or mail address of team.toml"),
        "D03": ("no word for the people affected", "We apologise to the customers who raised this."),
        "D04": ("the public is not told what to do now", "Please stop drinking it and keep the item."),
        "D05": ("does not say what is not known yet", "What we do not know yet: … We will not guess."),
        "D06": ("no confirmed fact carries this number", "Confirm it in the fact log, or delete it"),
        "D07": ("this quotes a fact that may not be said", "Delete it, or confirm the fact and make it public"),
        "D20": ("does not say what was done", "Name a confirmed measure and its time: the store closed at 14:30."),
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
    """Findings about the whole text, in the order of the rules; offsets 0..0 where nothing stands that should.

    A Q&A sheet (`kind` qa) is no statement: only what it quotes of unsayable facts counts.
    """
    if context.kind == "qa":
        return tuple(_quoted(body, lang, context))
    found = [*_slots(body, lang, context), *_next_update(body, lang, context), *_quoted(body, lang, context)]
    figures = tuple(figures_in(body))
    found += [*_strange_contacts(body, lang, context, figures), *_unbound(body, lang, context, figures)]
    return tuple(found)


def stands_in(body: str, lang: str, fact: Fact) -> bool:
    """Do the words of this fact stand in the text, whatever the case and the white space?"""
    words = _said(fact, lang)
    return len(words) >= _SHORTEST_QUOTE[lang] and bool(_places(body, words))


def _slots(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    digits = re.sub(r"\D", "", body)
    category = context.incident.category
    missing = {
        "D20": not _DONE[lang].search(body),
        "D02": not any(_contact_stands(one, body, digits) for one in context.contacts),
        "D03": not _EMPATHY[lang].search(body),
        "D04": category in SAFETY and not _ACTION[lang].search(body),
        "D05": category != "rumour" and not _UNKNOWN[lang].search(body),
        "D09": not _ZONE[lang].search(body),
        "D16": bool(missing_in(body)),
    }
    for rule, is_missing in missing.items():
        if is_missing:
            yield _finding(rule, "W" if rule == "D09" else "E", lang)


def _contact_stands(contact: str, body: str, digits: str) -> bool:
    if "@" in contact:
        return contact in body
    number = _digits(contact)
    return bool(number) and number in digits


def _digits(contact: str) -> str:
    return re.sub(r"\D", "", re.split(r"[（(]", contact)[0])


def _strange_contacts(body: str, lang: str, context: DocumentContext, figures: Sequence[Figure]) -> Iterator[Finding]:
    """A phone number or mail address nobody verified sends people to a stranger."""
    known = [_digits(one)[-10:] for one in context.contacts if "@" not in one and _digits(one)]
    for figure in figures:
        if figure.kind == "phone" and not any(said.endswith(one) for _, said in figure.keys for one in known):
            yield _finding("D02", "E", lang, figure.start, figure.end, said="D02O")
    for hit in _MAIL.finditer(body):
        if hit[0] not in context.contacts:
            yield _finding("D02", "E", lang, hit.start(), hit.end(), said="D02O")


def _next_update(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    said = deadlines_in(body, lang, now=context.now, zone=context.zone)
    updates = [(text, due) for text, due in said if _UPDATE[lang].search(text)]
    ahead = [due for _, due in updates if due > context.now]
    if not updates:
        yield _finding("D01", "E", lang)
    elif not ahead:
        start = max(0, body.find(updates[-1][0]))
        yield _finding("D01", "E", lang, start, start + len(updates[-1][0]), said="D01P")
    elif min(ahead) - context.now > LONGEST_PROMISE:
        yield _finding("D01", "W", lang, said="D01L")


def _quoted(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    """Words of a fact that may not be said stand in the text: what is internal or refuted has no override."""
    allowed = [_said(fact, lang) for fact in context.facts if sayable(fact)]
    for fact in context.facts:
        words = _said(fact, lang)
        if sayable(fact) or len(words) < _SHORTEST_QUOTE[lang] or any(words in one for one in allowed):
            continue
        grave = fact.scope is not FactScope.PUBLIC or fact.status is FactStatus.REFUTED
        for start, end in _places(body, words):
            yield _finding("D07", "X" if grave else "E", lang, start, end)


def _said(fact: Fact, lang: str) -> str:
    return (fact.zh if lang == "zh" else fact.en).strip("。．.；;，,、 \n")


def _places(body: str, words: str) -> list[tuple[int, int]]:
    """Where words stand, whatever the case and the white space."""
    pieces = [re.escape(piece) for piece in words.split()]
    return [hit.span() for hit in re.finditer(r"\s+".join(pieces), body, re.IGNORECASE)] if pieces else []


def _unbound(body: str, lang: str, context: DocumentContext, figures: Sequence[Figure]) -> Iterator[Finding]:
    said = deadlines_in(body, lang, now=context.now, zone=context.zone)
    updates = [(text, due) for text, due in said if due > context.now]
    bound = _bound(context, [due for _, due in updates])
    free = _free(body, lang, context, [text for text, _ in updates])
    sign_off = body.rstrip().rfind("\n") + 1 or len(body)
    for figure in figures:
        signed = figure.start >= sign_off and figure.kind in ("time", "date")
        if signed or figure.kind == "phone" or figure.keys <= bound or _inside(figure, free):
            continue
        yield _finding("D06", "E" if figure.kind in GRAVE else "W", lang, figure.start, figure.end)


def _bound(context: DocumentContext, updates: Sequence[datetime]) -> frozenset[tuple[str, str]]:
    """What may be told: figures of confirmed public facts, contacts, the incident's times and our own deadlines."""
    zone = context.zone.key
    told = [fact for fact in context.facts if sayable(fact) and fact.status is FactStatus.CONFIRMED]
    texts = [words for fact in told for words in (fact.zh, fact.en)]
    times = [context.incident.t0, context.incident.detected_at, context.now, *updates]
    texts += [*context.contacts, *(moments.full(at, zone, "zh") for at in times)]
    return frozenset(key for text in texts for figure in figures_in(text) for key in figure.keys)


def _free(body: str, lang: str, context: DocumentContext, updates: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches whose figures need no fact: list marks, the statement's number, quoted unknowns, spans of deadlines."""
    headline = len(body.partition("\n")[0])
    free = [hit.span() for hit in _LIST_MARK.finditer(body)]
    free += [hit.span() for hit in _NUMBER_OF_STATEMENT.finditer(body, 0, headline)]
    for fact in context.facts:
        if sayable(fact):
            free += _places(body, _said(fact, lang))
    for text in updates:
        for start, _ in _places(body, text):
            spans = (one for one in figures_in(text) if one.kind == "span")
            free += [(start + one.start, start + one.end) for one in spans]
    return free


def _inside(figure: Figure, free: Sequence[tuple[int, int]]) -> bool:
    return any(start <= figure.start and figure.end <= end for start, end in free)


def _finding(rule: str, level: str, lang: str, start: int = 0, end: int = 0, *, said: str = "") -> Finding:
    message, suggestion = _SAID[lang][said or rule]
    return Finding(rule, level, start, end, message, suggestion)
