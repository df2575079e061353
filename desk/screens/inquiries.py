"""Who waits for us, and how long still? People who wrote to us (来件), what each is owed, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from alerts import inquiries as verbs
from alerts.answering import Deadline
from alerts.calling import Caller
from alerts.inquiries import Inquiries
from alerts.inquiry_wording import Left, Reader, kind_name, left_of
from alerts.neutral import neutral
from alerts.new_inquiry import LONGEST_TITLE, LONGEST_URL, OLDEST, NewInquiry
from desk import access
from desk.screens.door import Ask, go
from desk.screens.fields import brand_of, moment_of, moment_or_now
from desk.screens.frame import chosen_brand, show
from desk.screens.quoting import safe_url
from desk.screens.trouble import missing
from store import inquiries, journal
from store.database import Tx
from store.nouns import Inquiry, JournalEntry

# Everybody who may act or write; a viewer looks on.
ACTORS = ("responder", "drafter", "legal", "spokesperson", "lead", "admin")
MINUTE, HOUR, DAY = 1, 60, 24 * 60
SHOWN_CLOSED = 30
DONE = ("noted", "answered", "closed", "handed")


@dataclass(frozen=True, slots=True)
class Owed:
    """One stage as a line. `state`: open, over, answered, late, never; `words` say how long still or since when."""

    stage: str
    due_at: datetime
    state: str
    words: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One inquiry as people read it; `title` is harmless, `url` leads to the web or is ""."""

    inquiry: Inquiry
    title: str
    kind: str
    brand: str
    url: str
    owed: tuple[Owed, ...]

    @property
    def over(self) -> bool:
        return any(one.state == "over" for one in self.owed)

    @property
    def next_due_at(self) -> datetime:
        return min((one.due_at for one in self.owed if one.state in ("open", "over")), default=self.inquiry.received_at)


@dataclass(frozen=True, slots=True)
class Line:
    """One journal entry: who did what, and its particulars in words."""

    entry: JournalEntry
    deed: str
    more: str


def show_inquiries(ask: Ask) -> Response:
    """Those that wait by what is due next, overdue first; the form to note one; the closed ones below."""
    brand = chosen_brand(ask)
    with ask.room.store.reading() as tx:
        found = [one for one in inquiries.listed(tx) if brand in ("", one.brand) or not one.brand]
    reader = _verbs(ask).reader(ask.now)
    waiting = sorted((_card(ask, one, reader) for one in found if not one.closed_at), key=lambda one: one.next_due_at)
    closed = [_card(ask, one, reader) for one in found if one.closed_at]
    return show(
        ask,
        "inquiries.html",
        waiting=waiting,
        over=sum(one.over for one in waiting),
        closed=closed[:SHOWN_CLOSED],
        kinds=ask.room.settings.team.answer,
        brand=brand,
        once=ask.room.ids(),
        oldest=ask.now - OLDEST,
        longest=(LONGEST_TITLE, LONGEST_URL),
        may_act=access.may(ask.person, *ACTORS),
        done=ask.query("done") if ask.query("done") in DONE else "",
    )


def show_inquiry(ask: Ask) -> Response:
    """One of them: what is owed, who has it, what happened."""
    with ask.room.store.reading() as tx:
        inquiry = by_number(ask, tx)
        entries = journal.entries(tx, verbs.subject(inquiry.id))
    return show(
        ask,
        "inquiry.html",
        card=_card(ask, inquiry, _verbs(ask).reader(ask.now)),
        lines=[_line(ask, one) for one in reversed(entries)],
        people=[one for one in ask.room.settings.team.person if access.may(one, *ACTORS) and one.id != inquiry.owner],
        may_act=access.may(ask.person, *ACTORS) and not inquiry.closed_at,
        done=ask.query("done") if ask.query("done") in DONE else "",
    )


def note(ask: Ask) -> Response:
    """Somebody wrote to us: from now on the service counts."""
    access.require(ask.person, *ACTORS)
    new = NewInquiry(
        kind=ask.field("kind"),
        title=ask.field("title"),
        received_at=moment_of(ask, ask.field("received")),
        brand=brand_of(ask, ""),
        url=ask.field("url"),
        id=ask.field("once")[:32],
    )
    with ask.room.store.transaction() as tx:
        _verbs(ask).note(tx, new, ask.who, ask.now)
    return go("/inquiries?done=noted")


def answer(ask: Ask) -> Response:
    """已答复: now, or at the moment the form names."""
    access.require(ask.person, *ACTORS)
    at = moment_or_now(ask, "at")
    with ask.room.store.transaction() as tx:
        inquiry = by_number(ask, tx)
        # The field knows no seconds; an answer within the minute of the arrival did not come before it.
        same = timedelta() < inquiry.received_at - at < timedelta(minutes=MINUTE)
        verbs.answer(tx, inquiry.id, ask.field("stage"), ask.who, inquiry.received_at if same else at, ask.now)
    return go(_back(ask, inquiry, "answered"))


def close(ask: Ask) -> Response:
    """Nobody is answered any more; needs a reason in a few words."""
    access.require(ask.person, *ACTORS)
    with ask.room.store.transaction() as tx:
        inquiry = by_number(ask, tx)
        verbs.close(tx, inquiry.id, ask.who, ask.field("why")[:1000], ask.now)
    return go(_back(ask, inquiry, "closed"))


def hand_over(ask: Ask) -> Response:
    """A colleague has it from now on and is told."""
    access.require(ask.person, *ACTORS)
    with ask.room.store.transaction() as tx:
        inquiry = by_number(ask, tx)
        _verbs(ask).hand_over(tx, inquiry.id, ask.field("to"), ask.who, ask.now)
    return go(_back(ask, inquiry, "handed"))


def by_number(ask: Ask, tx: Tx) -> Inquiry:
    """The inquiry of the address, or a 404 screen."""
    number = ask.request.path_params["number"]
    # Larger numbers do not fit the column; no inquiry has one.
    found = inquiries.by_number(tx, number) if number < 2**31 else None
    if found is None:
        raise missing()
    return found


def _verbs(ask: Ask) -> Inquiries:
    room = ask.room
    caller = Caller(room.settings.team, room.links, room.zone, room.ids)
    return Inquiries(caller, room.settings.calendar)


def _back(ask: Ask, inquiry: Inquiry, done: str) -> str:
    where = f"/inquiries/{inquiry.number}" if ask.field("back") == "one" else "/inquiries"
    return f"{where}?done={done}"


def _card(ask: Ask, inquiry: Inquiry, reader: Reader) -> Card:
    return Card(
        inquiry=inquiry,
        title=neutral(inquiry.title, LONGEST_TITLE),
        kind=kind_name(reader.team, inquiry.kind),
        brand=ask.room.brand_name(inquiry.brand) if inquiry.brand else "",
        url=safe_url(inquiry.url),
        owed=tuple(_owed(ask, inquiry, one, reader) for one in verbs.plan(inquiry)),
    )


def _owed(ask: Ask, inquiry: Inquiry, stage: Deadline, reader: Reader) -> Owed:
    answered = inquiry.answered.get(stage.stage)
    if answered:
        late = stage.stage in inquiry.breached
        at = ask.times.hour(datetime.fromisoformat(answered))
        words = ask.word("inq_done_late" if late else "inq_done", at=at)
        return Owed(stage.stage, stage.due_at, "late" if late else "answered", words)
    if inquiry.closed_at:
        return Owed(stage.stage, stage.due_at, "never", ask.word("inq_never"))
    left = left_of(inquiry, stage, reader)
    key = "inq_over" if left.over else "inq_left_working" if left.working else "inq_left"
    paused = left.working and not reader.calendar.is_working(ask.now)
    state = "over" if left.over else "open"
    return Owed(stage.stage, stage.due_at, state, ask.word(key, span=_span(ask, left)), paused)


def _span(ask: Ask, left: Left) -> str:
    """12 分钟, 1 小时 50 分钟, 3 天 2 小时; working time has no days."""
    if left.minutes >= 2 * DAY and not left.working:
        days, rest = divmod(left.minutes, DAY)
        return _two(ask, ("days", days), ("hours", rest // HOUR))
    hours, minutes = divmod(left.minutes, HOUR)
    return _two(ask, ("hours", hours), ("minutes", minutes))


def _two(ask: Ask, *parts: tuple[str, int]) -> str:
    said = [ask.word(key, n=count) for key, count in parts if count]
    return " ".join(said) or ask.word(parts[-1][0], n=0)


def _line(ask: Ask, entry: JournalEntry) -> Line:
    detail, room = entry.detail, ask.room
    people: Sequence[str] = detail.get("people") or [one for one in (detail.get("to"),) if one]
    stages: Sequence[str] = detail.get("stages") or [one for one in (detail.get("stage"),) if one]
    names = ask.word("inq_comma").join(room.person_name(one) for one in people)
    why = entry.why if entry.what == "inquiry_closed" else ""
    late = ask.word("inq_late") if detail.get("late") else ask.word("inq_born") if detail.get("born_overdue") else ""
    more = " · ".join(one for one in (ask.word("inq_comma").join(stages), late, names, why) if one)
    return Line(entry, ask.word(f"inq_deed_{entry.what.removeprefix('inquiry_')}"), more)
