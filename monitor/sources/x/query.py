"""Writes what X is asked for: a person's own query, or a brand's words joined by OR, within X's length (pure)."""

from collections.abc import Sequence
from typing import Final

LONGEST: Final = 512
_NO_REPOSTS: Final = " -is:retweet"
_JOIN: Final = " OR "


def query_of(own: str, words: Sequence[str], *, no_reposts: bool) -> tuple[str, int]:
    """The query, "" when there is nothing to ask for, and how many of the words did not fit into it.

    Words are quoted, so that none of them is taken for an operator.
    """
    behind = _NO_REPOSTS if no_reposts else ""
    if own.strip():
        return _bound(own.strip(), behind), 0
    quoted = list(dict.fromkeys(f'"{word}"' for word in map(_clean, words) if word))
    room = LONGEST - len(behind) - len("()")
    taken: list[str] = []
    for word in quoted:
        if len(_JOIN.join([*taken, word])) <= room:
            taken.append(word)
    joined = _JOIN.join(taken)
    return (_bound(joined, behind) if joined else ""), len(quoted) - len(taken)


def _bound(query: str, behind: str) -> str:
    return f"({query}){behind}" if behind else query


def _clean(word: str) -> str:
    return " ".join(word.replace('"', " ").replace("\\", " ").split())
