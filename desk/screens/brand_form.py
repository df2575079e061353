"""The words of a brand as a form holds them: one word a line, risk words with their category (pure but for words)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from config.errors import InputError
from config.taxonomy import Taxonomy
from config.watch import Brand
from monitor.in_force.brand_words import LISTS, MOST_WORDS, faults_of, size_of, with_words
from monitor.matching import query_of
from monitor.query.validate import Verdict, validate

FIELDS: Final = (*LISTS, "query", "risk")
# What makes a mention ours in the simple form; the expert form takes the place of all of it.
SIMPLE: Final = ("any", "all", "aliases", "ambiguous", "context")
_COLON: Final = re.compile(r"[:：]")
AROUND: Final = 24


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, where: the field, the words of it before, at and after the fault; `say` is said of it."""

    field: str
    code: str = ""
    say: str = ""
    place: tuple[str, str, str] = ("", "", "")
    n: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed and the brand it makes, None when something is wrong; `notes` are doubts (中文, English)."""

    typed: Mapping[str, str]
    brand: Brand | None = None
    wrong: tuple[Wrong, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def typed_of(brand: Brand, taxonomy: Taxonomy, lang: str) -> dict[str, str]:
    """The form of a brand as it is."""
    found = {key: "\n".join(getattr(brand, key)) for key in LISTS}
    lines = [f"{taxonomy.name(kind, lang)}: {word}" for kind, words in brand.risk.items() for word in words]
    return found | {"query": brand.query, "risk": "\n".join(lines)}


def read(typed: Mapping[str, str], file: Brand, taxonomy: Taxonomy, lang: str) -> Read:
    """Every fault of the form with its place."""
    body: dict[str, Any] = {key: _lines(typed.get(key, "")) for key in LISTS}
    body["query"] = typed.get("query", "").strip()
    risk, wrong = _risk(typed.get("risk", ""), taxonomy)
    body["risk"] = risk
    wrong += _forms(body)
    count = size_of(body)
    if count > MOST_WORDS:
        wrong.append(Wrong("", "too_many", n=count))
    if wrong:
        return Read(typed, wrong=tuple(wrong))
    try:
        made = with_words(file, {key: value for key, value in body.items() if value})
    except InputError as error:
        return Read(typed, wrong=(Wrong("", say=str(error)),))
    verdict = validate(query_of(made))
    if not verdict.ok:
        return Read(typed, wrong=(_unread(verdict, body, lang),))
    left = faults_of([made], taxonomy)
    if left:
        return Read(typed, wrong=(Wrong("", say=left[0]),))
    return Read(typed, made, notes=verdict.notes)


def _forms(body: Mapping[str, Any]) -> list[Wrong]:
    """One of the two forms, and not an empty one."""
    beside = [key for key in SIMPLE if body[key]]
    if body["query"] and beside:
        return [Wrong(beside[0], "two_forms")]
    if not body["query"] and not (body["any"] or body["all"] or body["aliases"]):
        # Ambiguous words without a name stand for themselves.
        return [] if body["ambiguous"] else [Wrong("any", "no_words")]
    return []


def _unread(verdict: Verdict, body: Mapping[str, Any], lang: str) -> Wrong:
    """A query that cannot be read, with the characters around the place."""
    say = verdict.zh if lang == "zh" else verdict.en
    field, _, rest = verdict.place.partition(", word ")
    if field in LISTS and rest.isdigit():
        word = body[field][int(rest) - 1]
        say = say.removeprefix(f"{verdict.place}: ")
        return Wrong(field, say=say, place=_around(word, max(verdict.column, 1)), n=int(rest))
    return Wrong("query" if verdict.column else "", say=say, place=_around(body["query"], verdict.column))


def _around(text: str, column: int) -> tuple[str, str, str]:
    if not column:
        return "", "", ""
    at = min(column - 1, max(len(text) - 1, 0))
    return text[max(0, at - AROUND) : at], text[at : at + 1], text[at + 1 : at + 1 + AROUND]


def _risk(typed: str, taxonomy: Taxonomy) -> tuple[dict[str, list[str]], list[Wrong]]:
    """`食品安全: 绿瓶`, one a line; a category by its id or either name."""
    known = {name: one.id for one in taxonomy.categories for name in (one.id, one.zh_name, one.en_name.lower())}
    found: dict[str, list[str]] = {}
    wrong = []
    for number, line in enumerate(typed.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in _COLON.split(line, maxsplit=1)]
        kind = known.get(parts[0].lower(), "")
        if len(parts) == 1 or not parts[1]:
            wrong.append(Wrong("risk", "risk_line", n=number))
        elif not kind:
            wrong.append(Wrong("risk", "risk_kind", place=("", parts[0][:AROUND], ""), n=number))
        elif parts[1] not in found.setdefault(kind, []):
            found[kind].append(parts[1])
    return {kind: words for kind, words in found.items() if words}, wrong


def _lines(typed: str) -> list[str]:
    """One word a line, each once."""
    return list(dict.fromkeys(word for line in typed.splitlines() if (word := " ".join(line.split()))))
