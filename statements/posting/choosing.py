"""Which whole sentences of a text fit into a limit, and how they stand together again (pure)."""

from collections.abc import Callable, Sequence

from statements.posting.master import Master, Sentence

_KEPT = ("action", "contact", "next_update")
_ORDER = ("awareness", "done", "empathy", "unknown", "more", "sign_off")


def choose(
    master: Master, limit: int, size: Callable[[str], int], say: Callable[[Sentence], str]
) -> tuple[list[Sentence], list[Sentence]]:
    """(taken, left out) in their own order: action, contact and next update first, then what fits as a whole sentence.

    `limit` 0 takes everything. What must stand is taken even when it alone is too long; the count then says so.
    """
    pool = [one for one in master.sentences if one.part != "headline"]
    if not limit:
        return pool, []
    taken = [one for one in pool if one.part in _KEPT]
    for part in _ORDER:
        for one in (found for found in pool if found.part == part):
            if size(joined([*taken, one], master, say)) <= limit:
                taken.append(one)
    return sorted(taken, key=pool.index), [one for one in pool if one not in taken]


def joined(sentences: Sequence[Sentence], master: Master, say: Callable[[Sentence], str], gap: str = "") -> str:
    order = {id(one): n for n, one in enumerate(master.sentences)}
    said = [say(one) for one in sorted(sentences, key=lambda one: order[id(one)])]
    return (gap or ("" if master.lang == "zh" else " ")).join(said)


def lines_of(sentences: Sequence[Sentence], lang: str) -> str:
    """Sentences of one line stand together again."""
    lines: dict[int, list[str]] = {}
    for one in sentences:
        lines.setdefault(one.line, []).append(one.text)
    return "\n".join(("" if lang == "zh" else " ").join(said) for said in lines.values())
