"""Reads labelled texts: the corpus, the public polarity sets and a company's own CSV; every fault names its line."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.errors import InputError

POLARITY = ("negative", "neutral", "positive", "nonnegative")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text with what people said of it; None where they said nothing. `author` groups texts of one hand."""

    text: str
    author: str
    lang: str = ""
    crisis: bool | None = None
    negative: bool | None = None
    hint: str = ""
    category: str = ""
    extra: str = ""
    split: str = "train"


def read(path: Path, author: str = "") -> list[Labelled]:
    """Texts of a CSV with a `text` column and `crisis` (0/1), `polarity` or `label` (negative, neutral, positive).

    `author`, `lang`, `hint` and `split` are optional columns; `author` names the hand where the column is absent.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(csv.DictReader(file), path.name, author or path.stem))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name}: cannot be read as UTF-8 CSV ({error})") from error


def read_all(paths: Iterable[Path]) -> list[Labelled]:
    return [one for path in paths for one in read(path)]


def _rows(reader: "csv.DictReader[str]", name: str, author: str) -> Iterator[Labelled]:
    columns = reader.fieldnames or []
    if "text" not in columns or not {"crisis", "polarity", "label"} & set(columns):
        raise InputError(f"{name}: line 1: needs a column text and one of crisis, polarity, label; has {columns}")
    for row in reader:
        where = f"{name}: line {reader.line_num}"
        text = row["text"] or ""
        if not text.strip():
            continue
        polarity = row.get("polarity") or row.get("label") or ""
        yield Labelled(
            text,
            row.get("author") or author,
            (row.get("lang") or "")[:2],
            _crisis(row.get("crisis") or "", where),
            _negative(polarity, where),
            row.get("hint") or "",
            row.get("category") or "",
            row.get("extra") or "",
            row.get("split") or "train",
        )


def _crisis(said: str, where: str) -> bool | None:
    if said not in ("", "0", "1"):
        raise InputError(f"{where}: crisis is {said!r}; allowed: 0, 1 or nothing")
    return said == "1" if said else None


def _negative(said: str, where: str) -> bool | None:
    if said not in ("", "unlabelled", *POLARITY):
        raise InputError(f"{where}: polarity is {said!r}; allowed: {', '.join(POLARITY)} or nothing")
    return said == "negative" if said in POLARITY else None


def by_author(texts: Sequence[Labelled]) -> Mapping[str, list[Labelled]]:
    """Author → texts, in order."""
    found: dict[str, list[Labelled]] = {}
    for one in texts:
        found.setdefault(one.author, []).append(one)
    return found
