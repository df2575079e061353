"""What a text may borrow from, and what comes out when a template has borrowed it (pure)."""

from dataclasses import dataclass
from datetime import datetime

from statements.known.since import Change, Measure
from statements.writing.marks import Slot, Span
from store.nouns import Fact


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a text may borrow. Times are aware UTC; `zone` is the brand's IANA zone, `lang` zh or en.

    `changes` are the facts that are otherwise than in the text released at `earlier_at`; `measures` the remedy.
    """

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
    listed: bool = False
    earlier_at: datetime | None = None
    changes: tuple[Change, ...] = ()
    measures: tuple[Measure, ...] = ()


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
