"""A template and the facts become one plain text that knows which facts it used and what is still missing.

Needed facts: every category renders without a mark from one confirmed public fact of slot `done`, one fact of slot
`unknown` with status unknown, and one confirmed public fact of slot `action`; data_breach and rumour need no further
slot, but say more when there are facts of slot `scope` (which data, how many) or `authority` (who was told, when).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.errors import TemplateError
from statements import moments
from statements.approval import sayable
from statements.marks import Said, Slot, Span, begin_slot, finalize, mark, neutral, unwrap
from statements.vocabulary import BLOCKS, SLOTS, check_template
from store.nouns import Fact

TEMPLATES = Path(__file__).parent / "templates"
LANGS = ("zh", "en")
KINDS = ("holding", "qa")
_BLOCK_FILE = "_slots.j2"
_MAIN = "<template>"
# team.toml holds one text for both languages; these are the words of it that English readers cannot use.
_EN_PLACES = {"本账号": "this account", "官网": "our website"}
_CHINESE_NOTE = re.compile(r"（[^）]*）")


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a text may borrow. Times are aware UTC; `zone` is the brand's IANA zone, `lang` zh or en."""

    brand_name: str
    company: str
    category: str
    category_name: str
    t0: datetime
    detected_at: datetime
    now: datetime
    number: int
    facts: tuple[Fact, ...]
    contact_phone: str
    contact_email: str
    next_update_at: datetime | None
    place: str
    zone: str = "Asia/Shanghai"
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A plain text; `fact_ids` are labels in order of use, `missing` what its marks ask for, offsets in characters.

    `slots` cut the body into the named slots of a statement; `spans` say where words come from (fact, time, contact,
    name, missing); what lies in no span is the template's own text.
    """

    body: str
    fact_ids: tuple[str, ...]
    missing: tuple[str, ...]
    slots: tuple[Slot, ...]
    spans: tuple[Span, ...]


def load_template(kind: str, category: str, lang: str) -> str:
    """The shipped source for a kind (holding, qa), category and language; `general` where there is no own one."""
    if kind not in KINDS or lang not in LANGS:
        raise TemplateError(f"no templates of kind {kind} in {lang}; kinds: {', '.join(KINDS)}; zh, en", word=kind)
    folder = TEMPLATES / lang / kind
    own = folder / f"{category}.j2"
    # Only plain names are looked up, so a category can never climb out of the folder.
    found = own if re.fullmatch(r"[a-z][a-z_]*", category) and own.is_file() else folder / "general.j2"
    return found.read_text(encoding="utf-8")


def render(source: str, context: Context, *, extra: dict[str, Any] | None = None) -> Rendered:
    """Fill a template. TemplateError(line, word) for words outside the vocabulary and for facts that may not be said.

    `extra` hands further words to the text (the Q&A lines); untrusted strings in it must be neutral already.
    """
    source = neutral(source, keep_lines=True, keep_braces=True)
    check_template(source)
    ledger = _Ledger(context)
    try:
        text = _environment(ledger, extra or {}).from_string(source).render()
    except TemplateError as error:
        line = _line(error.__traceback__)
        raise TemplateError(f"line {line}: {error}", line=line, word=error.word) from error
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:
        line = _line(error.__traceback__)
        raise TemplateError(f"line {line}: {error}", line=line) from error
    body, slots, spans = unwrap(text)
    return Rendered(body, tuple(ledger.used), tuple(ledger.missing), slots, spans)


class _Ledger:
    """What one rendering used and what it lacked, noted while the template runs."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.facts = {fact.label: fact for fact in context.facts}
        self.used: dict[str, None] = {}
        self.missing: dict[str, None] = {}

    def need(self, what: str) -> Said:
        clean = neutral(str(what))
        self.missing[clean] = None
        return Said(mark(clean, self.context.lang), "missing", clean)

    def fact(self, label: str) -> Said:
        found = self.facts.get(str(label))
        if found is None:
            return self.need(str(label))
        if not sayable(found):
            why = f"{found.label} is {found.status} and {found.scope}; only confirmed public facts may be said"
            raise TemplateError(why, word=found.label)
        return self._say(found)

    def facts_of(self, slot: str) -> tuple[Said, ...]:
        if slot not in SLOTS:
            raise TemplateError(f"{slot} is not a slot of facts (allowed: {', '.join(SLOTS)})", word=str(slot))
        return tuple(self._say(fact) for fact in self.context.facts if fact.slot == slot and sayable(fact))

    def value(self, text: str, kind: str, zh: str, en: str) -> Said:
        """A word of the settings, or the mark that asks for it."""
        clean = neutral(text)
        return Said(clean, kind) if clean else self.need(zh if self.context.lang == "zh" else en)

    def _say(self, fact: Fact) -> Said:
        text = neutral(fact.zh if self.context.lang == "zh" else fact.en).rstrip("。．.；;，,、 ")
        self.used[fact.label] = None
        if not text:
            return self.need(f"{fact.label} 的中文表述" if self.context.lang == "zh" else f"{fact.label} in English")
        return Said(text, "fact", fact.label)


class _Lazy(Said):
    """A word whose mark is only noted as missing when the text really uses it."""

    make: Callable[[], Said]


def _environment(ledger: _Ledger, extra: dict[str, Any]) -> ImmutableSandboxedEnvironment:
    lang = ledger.context.lang
    if lang not in LANGS:
        raise TemplateError(f"no texts in {lang}; allowed: zh, en", word=lang)
    env = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: finalize(value.make() if isinstance(value, _Lazy) else value),
    )
    env.globals.clear()
    env.globals.update(_words(ledger))
    env.globals.update(fact=ledger.fact, facts=ledger.facts_of, need=ledger.need, slot=begin_slot, **extra)
    blocks = env.from_string((TEMPLATES / lang / _BLOCK_FILE).read_text(encoding="utf-8")).module
    env.globals.update({word.name: getattr(blocks, word.name) for word in BLOCKS})
    return env


def _words(ledger: _Ledger) -> dict[str, Any]:
    context = ledger.context
    zone, lang = context.zone, context.lang

    def lazy(text: str, kind: str, zh: str, en: str) -> Said:
        word = _Lazy(neutral(text), kind)
        word.make = lambda: ledger.value(text, kind, zh, en)
        return word

    place = _EN_PLACES.get(context.place, context.place) if lang == "en" else context.place
    later = context.next_update_at if context.next_update_at and context.next_update_at > context.now else None
    update = moments.deadline(later, context.now, zone, lang) if later else ""
    return {
        "brand": lazy(context.brand_name, "name", "品牌名", "brand name"),
        "company": lazy(context.company, "name", "公司全称", "legal name of the company"),
        "category": context.category,
        "category_name": lazy(context.category_name, "name", "事件类别", "what the matter is"),
        "number": Said(str(context.number), "name"),
        "happened_at": Said(moments.full(context.t0, zone, lang), "time"),
        "seen_at": Said(moments.beside(context.detected_at, context.t0, zone, lang), "time"),
        "signed_at": Said(moments.full(context.now, zone, lang), "time"),
        "next_update_at": lazy(update, "time", "下一次更新的时间", "time of the next update"),
        "phone": lazy(_phone(context.contact_phone, lang), "contact", "联系电话", "phone number"),
        "email": lazy(context.contact_email, "contact", "联系邮箱", "e-mail address"),
        "place": lazy(place, "name", "下一次更新的发布位置", "where the next update appears"),
    }


def _phone(phone: str, lang: str) -> str:
    if lang == "zh":
        return phone
    return _CHINESE_NOTE.sub("", re.sub(r"[（(]\s*24\s*小时\s*[)）]", " (24 hours)", phone)).strip()


def _line(trace: TracebackType | None) -> int:
    """The last line of the template itself that was running (jinja2 rewrites its frames to template lines)."""
    return max([0, *([number for number in _template_lines(trace)][-1:])])


def _template_lines(trace: TracebackType | None) -> Iterator[int]:
    while trace:
        if trace.tb_frame.f_code.co_filename == _MAIN:
            yield trace.tb_lineno
        trace = trace.tb_next
