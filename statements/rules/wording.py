"""Wording rules S01–S18 over one text: what may never, hardly or only with legal's yes be said, and what to say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from config.errors import SettingsError
from statements.rules import faults
from statements.rules.faults import FaultReader

SHIPPED = Path(__file__).parents[2] / "config" / "wording.yaml"
LEVELS = ("X", "E", "L", "W", "I")
# More clichés than this per 100 characters, and the hint becomes a warning.
_CLICHES_PER_100 = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at characters start..end. Levels: X never, E override only, L needs legal, W warning, I hint."""

    rule: str
    level: str
    start: int
    end: int
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: patterns, messages and suggestions by language (zh, en)."""

    id: str
    name: str
    level: str
    patterns: dict[str, re.Pattern[str]]
    messages: dict[str, str]
    suggestions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """All rules of a wording file, in its order, and the reader that doubts what no rule names."""

    rules: tuple[Rule, ...]
    reader: FaultReader | None = None

    def lint(self, text: str, lang: str) -> tuple[Finding, ...]:
        """Findings of rules and reader in order of place; `lang` (zh, en) chooses patterns and messages."""
        found = []
        for rule in self.rules:
            hits = list(rule.patterns[lang].finditer(text))
            level = _level(rule, len(hits), len(text))
            message, suggestion = rule.messages[lang], rule.suggestions[lang]
            found += [Finding(rule.id, level, hit.start(), hit.end(), message, suggestion) for hit in hits]
        read = self._read(text, lang, found) if self.reader else found
        return tuple(sorted(read, key=lambda one: (one.start, LEVELS.index(one.level), one.rule)))

    def _read(self, text: str, lang: str, found: Sequence[Finding]) -> list[Finding]:
        """What the reader takes back (never what blocks without override) and what it adds."""
        if self.reader is None:
            return list(found)
        hits = [(one.start, one.end) for one in found if one.level != "I"]
        cut = faults.passages(text, lang, hits)
        doubts = list(zip(cut, self.reader(cut, lang), strict=True))
        kept = [one for one in found if one.level in ("X", "I") or not faults.fine(doubts, one.start, one.end)]
        words = {rule.id: rule for rule in self.rules}
        for passage, rule_id, level in faults.doubted(doubts, [one.start for one in kept if one.level != "I"]):
            if rule_id in words:
                rule = words[rule_id]
                said = (rule.messages[lang], rule.suggestions[lang])
                kept.append(Finding(rule_id, level, passage.start, passage.end, *said))
        return kept


def load_wording(path: Path = SHIPPED) -> Wording:
    """Read a wording file; SettingsError lists every fault as `file: rule: what is wrong`."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError([f"{path.name}: cannot be read: {error}"]) from error
    if not isinstance(found, list) or not found:
        raise SettingsError([f"{path.name}: a list of rules is needed"])
    faults: list[str] = []
    rules = [_rule(entry, f"{path.name}: {_label(entry, i)}", faults) for i, entry in enumerate(found, 1)]
    twice = {rule.id for rule in rules if rule and sum(1 for one in rules if one and one.id == rule.id) > 1}
    faults += [f"{path.name}: {rule_id}: stands there twice" for rule_id in sorted(twice)]
    if faults:
        raise SettingsError(faults)
    return Wording(tuple(rule for rule in rules if rule))


def _level(rule: Rule, hits: int, length: int) -> str:
    if rule.level == "I" and hits * 100 > _CLICHES_PER_100 * max(length, 100):
        return "W"
    return rule.level


def _label(entry: object, number: int) -> str:
    return str(entry.get("id", number)) if isinstance(entry, dict) else str(number)


def _rule(entry: object, where: str, faults: list[str]) -> Rule | None:
    known = len(faults)
    if not isinstance(entry, dict):
        faults.append(f"{where}: a rule is a mapping")
        return None
    if entry.get("level") not in LEVELS:
        faults.append(f"{where}: level: one of {', '.join(LEVELS)}")
    for part in ("id", "name"):
        if not isinstance(entry.get(part), str) or not entry[part]:
            faults.append(f"{where}: {part}: is missing")
    for key in sorted(set(entry) - {"id", "name", "level", "zh", "en"}, key=str):
        faults.append(f"{where}: {key}: no such key (id, name, level, zh, en)")
    patterns, messages, suggestions = _texts(entry, where, faults)
    if len(faults) > known:
        return None
    return Rule(entry["id"], entry["name"], entry["level"], patterns, messages, suggestions)


def _texts(
    entry: dict[str, object], where: str, faults: list[str]
) -> tuple[dict[str, re.Pattern[str]], dict[str, str], dict[str, str]]:
    patterns: dict[str, re.Pattern[str]] = {}
    messages: dict[str, str] = {}
    suggestions: dict[str, str] = {}
    for lang in ("zh", "en"):
        part = entry.get(lang)
        if not isinstance(part, dict) or set(part) != {"pattern", "message", "suggestion"}:
            faults.append(f"{where}: {lang}: needs pattern, message and suggestion")
            continue
        try:
            patterns[lang] = re.compile(str(part["pattern"]), re.IGNORECASE if lang == "en" else 0)
        except re.error as error:
            faults.append(f"{where}: {lang}: pattern: {error}")
        messages[lang], suggestions[lang] = str(part["message"]), str(part["suggestion"])
    return patterns, messages, suggestions
