"""A finished text cut into what it says (pure): headline, awareness, done, unknown, action, contact, update."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from statements.rules.parts import ACTION, DONE, EMPATHY, UNKNOWN

# A sentence ends where it can be left out without its neighbours losing their sense.
_SENTENCE = {
    "zh": re.compile(r"[^。！？；\n]+[。！？；]?"),
    "en": re.compile(
        r"(?:[^.!?;\n]|[.](?=\S)|(?<=\bNo)[.]|(?<=\bLtd)[.]|(?<=\bCo)[.]|(?<=^\d)[.])+[.!?;]?", re.MULTILINE
    ),
}
_UPDATE = {"zh": re.compile(r"下一次(内部)?更新|本口径单在"), "en": re.compile(r"next (internal )?update", re.I)}
_CONTACT = re.compile(r"\+?\d[\d -]{6,}\d|[\w.+-]+@[\w.-]+")
_LIST = re.compile(r"^\d{1,3}[.、)]\s*")
_ZONE = re.compile(r"\s?[（(](?:北京时间|Beijing time|UTC[+-][\d:]+)[）)]")
_DAY = {"zh": re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?=\d)"), "en": re.compile(r"(?<=\d) on \d{1,2} [A-Z][a-z]+ \d{4}")}
_NUMBER = re.compile(r"第\s?(\d{1,3})\s?号|No\.\s?(\d{1,3})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the part of the text it belongs to; `line` counts from 0."""

    part: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Master:
    """The approved text every platform's version is made of. `contacts` are verified ones that stand in it."""

    body: str
    lang: str
    number: int
    brand: str
    subject: str
    fact_ids: tuple[str, ...]
    contacts: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    def of(self, *parts: str) -> tuple[Sentence, ...]:
        return tuple(one for one in self.sentences if one.part in parts)

    @property
    def headline(self) -> str:
        found = self.of("headline")
        return re.sub(r"^(?:[A-Z ]+ No\. ?\d+: )", "", found[0].text.strip("【】")) if found else self.subject

    @property
    def update(self) -> str:
        """The sentence that says when the next update comes; "" when the text has none."""
        found = self.of("next_update")
        return found[0].text if found else ""

    @property
    def update_clock(self) -> str:
        found = _CLOCK.search(self.update)
        return found[0] if found else ""


def read_master(
    body: str, lang: str, *, named: tuple[str, str], fact_ids: Sequence[str], contacts: Sequence[str]
) -> Master:
    """Read a text as people left it; `named` is (brand, what the matter is called). Its number stands in line one."""
    numbered = _NUMBER.search(body.partition("\n")[0])
    number = int(numbered[1] or numbered[2]) if numbered else 1
    standing = tuple(one for one in contacts if stands(one, body))
    sentences = tuple(_sentences(body, lang))
    return Master(body, lang, number, *named, tuple(fact_ids), standing, sentences)


def stands(contact: str, text: str) -> bool:
    """Is this contact in the text, whatever note stands behind it?"""
    if not contact:
        return False
    if "@" in contact:
        return contact in text
    digits = re.sub(r"\D", "", re.split(r"[（(]", contact)[0])
    return bool(digits) and digits in re.sub(r"\D", "", text)


def brief(sentence: str, lang: str) -> str:
    """The sentence without the day, the zone and the list mark: only for the first lines, the full text has them."""
    return _DAY[lang].sub("", _ZONE.sub("", _LIST.sub("", sentence)))


def short_update(sentence: str, lang: str) -> str:
    """When the next update comes, as short as it can be said; the sentence itself when it cannot be read."""
    flat = brief(sentence, lang)
    if lang == "zh":
        found = re.search(r"(?:今天|明天|\d{1,2}月\d{1,2}日)?\d{1,2}:\d{2}前", flat)
        return f"{found[0]}在此更新。" if found else flat
    found = re.search(r"by \d{1,2}:\d{2}(?: (?:today|tomorrow|on \d{1,2} [A-Z][a-z]+))?", flat)
    return f"Next update here {found[0]}." if found else flat


def _sentences(body: str, lang: str) -> Iterator[Sentence]:
    lines = [line for line in body.split("\n") if line.strip()]
    part = "headline"
    update_at = next((n for n, line in enumerate(lines) if _UPDATE[lang].search(line)), len(lines))
    for n, line in enumerate(lines):
        if n == 0:
            yield Sentence("headline", line.strip(), n)
            continue
        listed = bool(_LIST.match(line))
        for found in _SENTENCE[lang].finditer(line):
            text = found[0].strip()
            if not text:
                continue
            part = part if listed and part in ("done", "action") else _part(text, lang, n, update_at, part)
            yield Sentence(part, text, n)


def _part(text: str, lang: str, line: int, update_at: int, before: str) -> str:
    if _UPDATE[lang].search(text):
        return "next_update"
    if line > update_at:
        return "sign_off"
    for part, fits in (
        ("contact", bool(_CONTACT.search(text))),
        ("unknown", bool(UNKNOWN[lang].search(text))),
        ("action", bool(ACTION[lang].search(text))),
        ("done", bool(DONE[lang].search(text))),
        ("awareness", line == 1 and before in ("headline", "awareness")),
        ("empathy", bool(EMPATHY[lang].search(text))),
    ):
        if fits:
            return part
    return "awareness" if before == "headline" else "more"
