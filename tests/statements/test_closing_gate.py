"""Stories of the end: nothing is over before its cause, remedy, promises and review are on record; causes come back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import AccessError, InputError, MoveError
from statements.looking_back import closing
from statements.looking_back.closing import gaps
from statements.looking_back.reviewing import NewAction, Noted, Reviewing
from store import actions, incidents, journal, migrations
from store.database import Store
from store.incidents import subject
from store.nouns import IncidentStatus, Level, LevelChange, Promise, ReviewNote
from tests.statements.room import NOW, T0, incident, speaking

ID = incident().id
DAY = timedelta(days=1)
RESOLVED, REVIEWED = IncidentStatus.RESOLVED, IncidentStatus.REVIEWED
CAUSE = Noted("root_cause", "滤网检查没有写进交接单", code="process")
REMEDY = Noted("remedy", "41 单已退", code="running")
DATE = Noted("scheduled", due_at=NOW + 5 * DAY)


class Desk:
    def __init__(self, store, ids, made) -> None:
        self.store, self.reviewing, self.made = store, Reviewing(ids, speaking()), made
        with store.transaction() as tx:
            for one in made:
                incidents.add(tx, one)

    def note(self, given, who="wang", at=NOW, incident_id=ID):
        with self.store.transaction() as tx:
            return self.reviewing.note(tx, incident_id, given, who, at)

    def gaps(self, then, incident_id=ID):
        with self.store.reading() as tx:
            return closing.open_gaps(tx, incidents.get(tx, incident_id), then)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.realserver)])
def kept(request, tmp_path):
    """A store of each kind."""
    url = f"sqlite:///{tmp_path}/t.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("servers").new_database()
    opened = Store(url)
    migrations.migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def desk(kept, ids):
    return Desk(kept, ids, [incident()])


def test_every_missing_thing_is_named_and_each_note_takes_one_away(desk):
    assert desk.gaps(RESOLVED) == ("root_cause", "remedy", "review")
    desk.note(CAUSE)
    desk.note(REMEDY)
    assert desk.gaps(RESOLVED) == ("review",)
    desk.note(DATE)
    assert desk.gaps(RESOLVED) == ()
    assert desk.gaps(REVIEWED) == ("held",)
    desk.note(Noted("held", "赵、王、周；决定三条"))
    assert desk.gaps(REVIEWED) == ()
    with desk.store.reading() as tx:
        closing.require_closable(tx, incidents.get(tx, ID), REVIEWED)


def test_an_unknown_cause_needs_a_reason_and_a_waiver_a_signature(desk):
    with pytest.raises(InputError):
        desk.note(Noted("root_cause", "", code="unknown"))
    with pytest.raises(InputError):
        desk.note(Noted("root_cause", "送检结果两周后才有", code="bad luck"))
    desk.note(Noted("root_cause", "送检结果两周后才有", code="unknown"))
    desk.note(REMEDY)
    with pytest.raises(AccessError):
        desk.note(Noted("waived", "误会一场，无需复盘"), who="li")
    desk.note(Noted("waived", "误会一场，无需复盘"), who="wang")
    assert desk.gaps(RESOLVED) == desk.gaps(REVIEWED) == ()
    with desk.store.reading() as tx:
        words = [one.what for one in journal.entries(tx, subject(ID))]
    assert words[-1] == "review_waived"


def test_what_was_never_orange_is_asked_only_when_it_is_put_away(store, ids):
    desk = Desk(store, ids, [incident(level=Level.YELLOW)])
    assert desk.gaps(RESOLVED) == ()
    assert desk.gaps(REVIEWED) == ("root_cause", "remedy", "held")
    with store.transaction() as tx:
        incidents.note_level(tx, LevelChange(ID, NOW, Level.RED, "", "system"))
    assert desk.gaps(RESOLVED) == ("root_cause", "remedy", "review")


promises = st.lists(st.sampled_from(["open", "kept", "broken", "void"]), max_size=4)


@given(st.sets(st.sampled_from(["root_cause", "remedy", "scheduled", "held", "waived"])), promises)
def test_the_gate_opens_exactly_when_everything_is_there(parts, outcomes):
    notes = {one: ReviewNote(one, ID, one, "x", "wang", NOW) for one in parts}
    made = [_promise(one) for one in outcomes]
    common = {"root_cause", "remedy"} <= parts and "open" not in outcomes
    assert (gaps(notes, made, then=RESOLVED) == ()) == (common and bool(parts & {"scheduled", "held", "waived"}))
    assert (gaps(notes, made, then=REVIEWED) == ()) == (common and bool(parts & {"held", "waived"}))


def _promise(outcome: str) -> Promise:
    made = Promise(outcome, ID, "u", "x", NOW, "li")
    fields = {"kept": {"kept_at": NOW}, "broken": {"broken_at": NOW}, "void": {"voided_at": NOW}, "open": {}}
    return replace(made, **fields[outcome])


@pytest.mark.parametrize(
    "bad",
    [
        Noted("harm_1", "滤网破损"),
        Noted("harm_6", "滤网破损", evidence="照片"),
        Noted("changes", "短"),
        Noted("changes", "长" * 2001),
        Noted("scheduled"),
        Noted("scheduled", due_at=NOW - DAY),
        Noted("scheduled", due_at=NOW + 31 * DAY),
        Noted("remedy", "给了退款", code="maybe"),
        Noted("no such part", "文字文字"),
    ],
)
def test_what_a_part_cannot_be_is_refused_and_nothing_is_kept(desk, bad):
    with pytest.raises(InputError):
        desk.note(bad)
    with desk.store.reading() as tx:
        assert actions.notes(tx, ID) == []


def test_former_words_stay_and_readers_do_not_write(desk):
    desk.note(Noted("harm_1", "滤网破损", assumed=True))
    desk.note(Noted("harm_1", "滤网没有换", evidence="更换记录"), at=NOW + DAY)
    with desk.store.reading() as tx:
        assert [one.text for one in actions.notes(tx, ID)] == ["滤网破损", "滤网没有换"]
        assert actions.newest(tx, ID)["harm_1"].evidence == "更换记录"
    with pytest.raises(AccessError):
        desk.note(CAUSE, who="nobody")


def test_an_action_is_done_by_one_and_verified_by_another(desk):
    new = NewAction("进货时逐批留样", "li", "wang", NOW + 9 * DAY)
    with desk.store.transaction() as tx:
        made = desk.reviewing.add_action(tx, ID, new, "zhao", NOW)

    def move(to, who, evidence="留样台账"):
        with desk.store.transaction() as tx:
            desk.reviewing.move_action(tx, made.id, to, evidence, who, NOW)

    for to, who, fault in (
        ("verified", "wang", MoveError), ("done", "chen", AccessError), ("done", "wang", AccessError),
        ("dropped", "li", AccessError),
    ):  # fmt: skip
        with pytest.raises(fault):
            move(to, who)
    with pytest.raises(InputError):
        move("done", "li", "")
    move("done", "li")
    with pytest.raises(AccessError):
        move("verified", "li")
    move("open", "wang", "台账缺 3 月")
    move("done", "li")
    move("verified", "wang", "抽查 12 批")
    with desk.store.reading() as tx:
        after = actions.action(tx, made.id)
    assert (after.status, after.evidence, after.verified_at) == ("verified", "抽查 12 批", NOW)
    with pytest.raises(MoveError):
        move("open", "wang")


@pytest.mark.parametrize(
    "changes",
    [{"what": ""}, {"owner": "nobody"}, {"verifier": "li"}, {"due_at": NOW}, {"due_at": NOW + 800 * DAY}],
)
def test_an_action_needs_words_two_people_and_a_day(desk, changes):
    new = replace(NewAction("进货时逐批留样", "li", "wang", NOW + DAY), **changes)
    with desk.store.transaction() as tx, pytest.raises(InputError):
        desk.reviewing.add_action(tx, ID, new, "zhao", NOW)


@pytest.mark.parametrize(
    ("before", "changes", "found"),
    [
        (80, {}, [1]),
        (91, {}, []),
        (80, {"brand": "other"}, []),
        (80, {"category": "rumour"}, []),
    ],
)
def test_the_same_cause_within_90_days_is_found_again(store, ids, before, changes, found):
    ended = {"status": RESOLVED, "number": 1, "id": "b" * 32, "t0": T0 - before * DAY}
    desk = Desk(store, ids, [incident(**(ended | changes)), incident()])
    desk.note(CAUSE, incident_id="b" * 32)
    desk.note(CAUSE)
    with store.reading() as tx:
        assert [one.number for one in closing.recurrences(tx, incidents.get(tx, ID))] == found
    desk.note(Noted("root_cause", "送检结果两周后才有", code="unknown"), at=NOW + DAY)
    with store.reading() as tx:
        assert closing.recurrences(tx, incidents.get(tx, ID)) == []
