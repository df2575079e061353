"""Whether a text agrees with what stands elsewhere (pure): its twin, other incidents, the log, the matrix."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from statements.posting.promises import promises_in
from statements.rules.document_words import finding
from statements.rules.figures import clock, figures_in
from statements.rules.wording import Finding
from store.nouns import Draft, DraftState, Fact, FactStatus

# Who learned of it, in the clause that names the hour.
_LEARNED = {
    "zh": re.compile(
        r"我(?:们|司|公司|院|校|行)?[^。；;\n]{0,16}?(?P<hour>\d{1,2})[:：点时](?P<minute>\d{2})?分?[^。；;\n，,]{0,6}?"
        r"(?:看到|获悉|获知|得知|知悉|注意到|关注到|收到[^。，,；;\n]{0,8}(?:反馈|反映|投诉|举报|视频))"
    ),
    "en": re.compile(
        r"\bwe (?:first )?(?:saw|learned|learnt|became aware|noticed|heard)\b[^.;\n]{0,40}?\bat "
        r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:\s?(?P<part>[ap])\.?m\b)?",
        re.I,
    ),
}
_REMEDY = {
    "zh": re.compile("[赔补]偿|[赔补]付|退款|退还|慰问金|垫付|先行支付|代金券|减免"),
    "en": re.compile(r"\b(compensat\w+|refund\w*|reimburs\w+|credit|voucher|pay(?:ing|ment)?)\b", re.I),
}
_SENTENCE = re.compile(r"[^。！？!?\n；;]+")
_STANDING = (DraftState.APPROVED, DraftState.RELEASED)


def awareness(body: str, lang: str, known: Collection[datetime], zone: ZoneInfo) -> Iterator[Finding]:
    """D19 (X): the first time we say we learned of it is none of those on record (detection, acknowledgement)."""
    said = _LEARNED[lang].search(body)
    if said is None or not known:
        return
    part = said.groupdict().get("part") or ""
    hour, minute = clock(int(said["hour"]), int(said["minute"] or 0), part.lower())
    logged = {(at.astimezone(zone).hour, at.astimezone(zone).minute) for at in known}
    if (hour % 24, minute) not in logged:
        yield finding("D19", "X", lang, said.span())


def remedies(body: str, lang: str, cleared: Collection[str]) -> Iterator[Finding]:
    """D13 (E): an amount beside a word of remedy that the matrix does not hold; `cleared` are its amounts' keys."""
    for sentence in _SENTENCE.finditer(body):
        if not _REMEDY[lang].search(sentence[0]):
            continue
        for figure in figures_in(sentence[0]):
            if figure.kind == "money" and not {value for _, value in figure.keys} & set(cleared):
                yield finding("D13", "E", lang, (sentence.start() + figure.start, sentence.start() + figure.end))


def amounts(texts: Sequence[str]) -> frozenset[str]:
    """The amounts of money some words of the matrix name, as `remedies` compares them."""
    return frozenset(
        value for text in texts for figure in figures_in(text) if figure.kind == "money" for _, value in figure.keys
    )


def refuted_elsewhere(body: str, lang: str, elsewhere: Sequence[Fact]) -> Iterator[Finding]:
    """D18 (E): words that another open incident of the brand found to be false."""
    for fact in elsewhere:
        words = (fact.zh if lang == "zh" else fact.en).strip("。．.；;，,、 \n")
        at = body.find(words) if len(words) > _SHORTEST_QUOTE[lang] else -1
        if fact.status is FactStatus.REFUTED and at >= 0:
            yield finding("D18", "E", lang, (at, at + len(words)))


def twins(draft: Draft, other: Draft | None, contacts: Sequence[str], zone: ZoneInfo) -> Iterator[Finding]:
    """D11: another fact set, contact or next update than the twin's; E beside an approved twin, else a warning."""
    if other is None or set(draft.fact_ids) == set(other.fact_ids) and _same(draft, other, contacts, zone):
        return
    yield finding("D11", "E" if other.state in _STANDING else "W", draft.lang)


def _same(draft: Draft, other: Draft, contacts: Sequence[str], zone: ZoneInfo) -> bool:
    def said(one: Draft) -> tuple[frozenset[str], frozenset[datetime]]:
        due = promises_in(one.body, one.lang, now=one.at, zone=zone)
        digits = re.sub(r"\D", "", one.body)
        numbers = [re.sub(r"\D", "", contact.split("（")[0]) for contact in contacts if "@" not in contact]
        named = [contact for contact in contacts if "@" in contact and contact in one.body]
        return frozenset([*named, *(number for number in numbers if number and number in digits)]), frozenset(
            moment for _, moment in due
        )

    return said(draft) == said(other)


_SHORTEST_QUOTE = {"zh": 4, "en": 10}
