"""Labelled sentences of statements: TSV files, one author each, with `id lang label fault register text`."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from config.errors import InputError
from statements.rules.faults import RULE_OF

FIELDS = ("id", "lang", "label", "fault", "register", "text")
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or two); `author` is its file's name, `fault` a key of RULE_OF or "" when it is good, `register`
    who speaks or which statement it stands in."""

    text: str
    lang: str
    bad: bool
    fault: str
    author: str
    register: str = ""


def read_all(files: Iterable[Path]) -> list[Sentence]:
    """Every sentence of these files; InputError names the file, the line and what is allowed there."""
    return [one for file in files for one in _read(file)]


def _read(file: Path) -> list[Sentence]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file.name}: cannot be read ({type(error).__name__})") from error
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    lacking = [name for name in FIELDS[1:4] + FIELDS[5:] if name not in (rows.fieldnames or ())]
    if lacking:
        raise InputError(f"{file.name}: no column {', '.join(lacking)}; wanted: {' '.join(FIELDS)}, parted by tabs")
    found = []
    for number, row in enumerate(rows, 2):
        fault = _fault(row)
        if fault:
            raise InputError(f"{file.name}: line {number}: {fault}")
        bad = row["label"] == "bad"
        named = row["fault"] if bad else ""
        found.append(Sentence(row["text"], row["lang"], bad, named, file.stem, row.get("register") or ""))
    return found


def _fault(row: dict[str, str]) -> str:
    if row["lang"] not in ("zh", "en"):
        return f"lang {str(row['lang'])[:20]!r}; zh or en is wanted"
    if row["label"] not in ("bad", "good"):
        return f"label {str(row['label'])[:20]!r}; bad or good is wanted"
    if row["label"] == "bad" and row["fault"] not in RULE_OF:
        return f"fault {str(row['fault'])[:40]!r}; one of {', '.join(RULE_OF)}"
    if not (row["text"] or "").strip() or len(row["text"]) > LONGEST:
        return f"text: 1 to {LONGEST} characters are wanted"
    return ""
