"""A template and the facts become one plain text that knows which facts it used and what is still missing.

Needed facts: every category renders without a mark from one confirmed public fact of slot `done`, one fact of slot
`unknown` with status unknown, and one confirmed public fact of slot `action`; data_breach and rumour need no further
slot, but say more when there are facts of slot `scope` (which data, how many) or `authority` (who was told, when).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.errors import TemplateError
from statements.writing import moments
from statements.writing.borrowing import Lazy, Ledger
from statements.writing.contexts import Context, Rendered
from statements.writing.marks import Said, begin_slot, finalize, neutral, unwrap
from statements.writing.vocabulary import BLOCKS, check_template

__all__ = ["KINDS", "LANGS", "Context", "Rendered", "load_template", "render"]
TEMPLATES = Path(__file__).parents[1] / "templates"
LANGS = ("zh", "en")
KINDS = ("holding", "short", "update", "correction", "apology", "closing", "internal", "frontline", "qa")
_BLOCK_FILE = "_slots.j2"
_MAIN = "<template>"
# team.toml holds one text for both languages; these are the words of it that English readers cannot use.
_EN_PLACES = {"本账号": "this account", "官网": "our website"}
_CHINESE_NOTE = re.compile(r"（[^）]*）")


def load_template(kind: str, category: str, lang: str) -> str:
    """The shipped source for a kind (one of KINDS), category and language; `general` where there is no own one."""
    if kind not in KINDS or lang not in LANGS:
        raise TemplateError(f"no templates of kind {kind} in {lang}; kinds: {', '.join(KINDS)}; zh, en", word=kind)
    # Only plain names are looked up, so a category can never climb out of the folder.
    found = TEMPLATES / lang / kind / f"{category if shipped_own(kind, category, lang) else 'general'}.j2"
    return found.read_text(encoding="utf-8")


def shipped_own(kind: str, category: str, lang: str) -> bool:
    """Is there a shipped text of this category's own?"""
    return bool(re.fullmatch(r"[a-z][a-z_]*", category)) and (TEMPLATES / lang / kind / f"{category}.j2").is_file()


def render(source: str, context: Context, *, extra: dict[str, Any] | None = None) -> Rendered:
    """Fill a template. TemplateError(line, word) for words outside the vocabulary and for facts that may not be said.

    `extra` hands further words to the text (the Q&A lines); untrusted strings in it must be neutral already.
    """
    source = neutral(source, keep_lines=True, keep_braces=True)
    check_template(source)
    ledger = Ledger(context)
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


def _environment(ledger: Ledger, extra: dict[str, Any]) -> ImmutableSandboxedEnvironment:
    lang = ledger.context.lang
    if lang not in LANGS:
        raise TemplateError(f"no texts in {lang}; allowed: zh, en", word=lang)
    env = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: finalize(value.make() if isinstance(value, Lazy) else value),
    )
    env.globals.clear()
    env.globals.update(_words(ledger))
    env.globals.update(fact=ledger.fact, facts=ledger.facts_of, need=ledger.need, slot=begin_slot, since=ledger.since)
    # Only the blocks use these two; a template says `corrected()` and `remedies()`.
    env.globals.update(corrections=ledger.corrections, measures=ledger.measures, **extra)
    blocks = env.from_string((TEMPLATES / lang / _BLOCK_FILE).read_text(encoding="utf-8")).module
    env.globals.update({word.name: getattr(blocks, word.name) for word in BLOCKS})
    return env


def _words(ledger: Ledger) -> dict[str, Any]:
    context = ledger.context
    zone, lang = context.zone, context.lang

    def lazy(text: str, kind: str, zh: str, en: str) -> Said:
        word = Lazy(neutral(text), kind)
        word.make = lambda: ledger.value(text, kind, zh, en)
        return word

    place = _EN_PLACES.get(context.place, context.place) if lang == "en" else context.place
    later = context.next_update_at if context.next_update_at and context.next_update_at > context.now else None
    update = moments.deadline(later, context.now, zone, lang) if later else ""
    earlier = moments.full(context.earlier_at, zone, lang) if context.earlier_at else ""
    return {
        "listed": context.listed,
        "earlier_at": lazy(earlier, "time", "上一份说明的发布时间", "when the last statement was published"),
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
