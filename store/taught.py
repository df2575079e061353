"""What people taught: mentions whose score somebody corrected, with what they said last."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from store.database import Tx
from store.tables import corrections, mentions


@dataclass(frozen=True, slots=True)
class Lesson:
    """One mention's title and text with people's last word on it; None where they said nothing."""

    text: str
    crisis: bool | None
    negative: bool | None


# Whose words are no lesson: a model would learn another model's mistakes.
MACHINE = "second-opinion"
_SAYS = {"crisis": ("crisis", True), "not_crisis": ("crisis", False), "negative": ("negative", True)}
_SAYS["not_negative"] = ("negative", False)


def lessons(tx: Tx) -> Iterator[Lesson]:
    """One lesson per mention somebody corrected, in the order of the first correction."""
    query = (
        select(corrections.c.mention, corrections.c.what, mentions.c.title, mentions.c.text)
        .join(mentions, mentions.c.id == corrections.c.mention)
        .where(corrections.c.what.in_(_SAYS), corrections.c.who != MACHINE)
        .order_by(corrections.c.seq)
    )
    texts: dict[str, str] = {}
    said: dict[str, dict[str, bool]] = {}
    for row in tx.execute(query):
        mark, holds = _SAYS[row.what]
        texts[row.mention] = f"{row.title} {row.text or ''}".strip()
        said.setdefault(row.mention, {})[mark] = holds
    for mention, marks in said.items():
        yield Lesson(texts[mention], marks.get("crisis"), marks.get("negative"))
