"""Two that are one and one that is two: the earliest moment governs, evidence and people stay."""

from dataclasses import dataclass

import pytest

from alerts import acks
from alerts.merging import Apart, merge, split
from config.errors import MoveError
from store import incidents
from store.nouns import ClockState, IncidentStatus, Level, PageStatus, Paging
from tests.alerts.crew import MINUTE, NOW

HOUR = 60 * MINUTE


@dataclass
class Two:
    """An older yellow topic (1) and a younger red one (2) of one brand, and what each stands on."""

    crew: object
    old: tuple[str, ...]
    new: tuple[str, ...]

    def merged(self, gone: int = 2, into: int = 1):
        found = {one.number: one.id for one in self.crew.all()}
        with self.crew.store.transaction() as tx:
            return merge(tx, self.crew.rounds, found[gone], found[into], "wang", "同一件事", self.crew.clock())

    def number(self, number: int):
        return next(one for one in self.crew.all() if one.number == number)


@pytest.fixture
def two(crew):
    old = crew.hears("价格被吐槽", category="pricing")
    crew.spikes("s1", level=Level.YELLOW, category="pricing", t0=NOW - 20 * MINUTE, mention_ids=old)
    new = crew.hears("喝了住院")
    crew.spikes("s2", level=Level.RED, t0=NOW - 6 * MINUTE, mention_ids=new)
    return Two(crew, old, new)


def evidence(crew, number: int) -> set[str]:
    with crew.store.reading() as tx:
        return incidents.mention_ids(tx, next(one.id for one in crew.all() if one.number == number))


def test_the_whole_keeps_the_earliest_event_the_graver_level_and_all_evidence(two):
    found = two.merged()
    assert (found.level, found.t0, found.due_at) == (Level.RED, NOW - 20 * MINUTE, NOW + 40 * MINUTE)
    assert (found.clock, found.paging) == (ClockState.RUNNING, Paging.PAGING)
    assert evidence(two.crew, 1) == {*two.old, *two.new}
    gone = two.number(2)
    assert (gone.status, gone.merged_into, gone.clock) == (IncidentStatus.MERGED, found.id, ClockState.CANCELLED)
    assert gone.paging == Paging.QUIET


def test_calls_for_the_merged_one_end_and_a_rise_by_merging_escalates_once(two):
    two.crew.alerts.escalate(two.number(2).id)
    assert {one.status for one in two.crew.pages()} == {PageStatus.WAITING}
    two.merged()
    assert {one.status for one in two.crew.pages()} == {PageStatus.DROPPED}
    assert two.number(1).round == 2


def test_merged_the_other_way_no_one_is_called_anew(two):
    found = two.merged(gone=1, into=2)
    assert (found.number, found.level, found.t0, found.round) == (2, Level.RED, NOW - 20 * MINUTE, 1)


def test_who_had_one_has_the_whole(two):
    two.crew.clock.forward(NOW + MINUTE)
    with two.crew.store.transaction() as tx:
        acks.acknowledge(tx, two.number(1).id, "chen", "screen", two.crew.clock())
    found = two.merged(gone=1, into=2)
    assert (found.paging, found.owner) == (Paging.ACKED, "chen")


def test_an_answer_to_either_answered_the_whole_measured_from_the_earliest_event(two):
    late = NOW + 45 * MINUTE
    with two.crew.store.transaction() as tx:
        incidents.change(tx, two.number(2), clock=ClockState.MET, met_at=late)
    found = two.merged()
    assert (found.clock, found.met_at) == (ClockState.MET_LATE, late)


def test_whoever_comes_after_joins_the_whole(two):
    two.merged()
    two.crew.spikes("s3", level=Level.RED, mention_ids=two.crew.hears("又一个住院"))
    assert [(one.number, one.status) for one in two.crew.all()] == [
        (1, IncidentStatus.OPEN),
        (2, IncidentStatus.MERGED),
    ]


def test_brands_do_not_merge_and_nothing_merges_with_itself_or_twice(two):
    with pytest.raises(MoveError, match="into itself"):
        two.merged(1, 1)
    two.merged()
    with pytest.raises(MoveError, match="#2 is merged"):
        two.merged()
    two.crew.spikes("s3", brand="lanhe", category="pricing")
    with pytest.raises(MoveError, match="different brands"):
        two.merged(3, 1)


@pytest.fixture
def one(crew):
    """One incident of three posts that come a minute apart, the first at its T0."""
    ids = []
    for text in ("喝了住院", "排队吵架", "又住院"):
        ids += crew.hears(text)
        crew.clock.forward(crew.clock() + MINUTE)
    crew.spikes(mention_ids=tuple(ids), t0=NOW)
    return crew, ids


def apart(crew, ids, mentions, **changes):
    found = {"mentions": mentions, "category": "service_failure", "title": "排队吵架", "why": "两件事"} | changes
    with crew.store.transaction() as tx:
        return split(tx, crew.rounds, crew.ids, crew.all()[0].id, Apart(**found), "wang", crew.clock())


def test_a_split_story_has_its_own_event_hour_and_owner(one):
    crew, ids = one
    new = apart(crew, ids, ids[1:2])
    assert (new.number, new.t0, new.owner, new.paging) == (2, NOW + MINUTE, "wang", Paging.ACKED)
    assert (new.clock, new.due_at, new.category) == (ClockState.RUNNING, NOW + MINUTE + HOUR, "service_failure")
    old = crew.all()[0]
    assert (old.t0, old.status, old.paging) == (NOW, IncidentStatus.OPEN, Paging.PAGING)
    assert (evidence(crew, 1), evidence(crew, 2)) == ({ids[0], ids[2]}, {ids[1]})


def test_when_the_first_post_goes_the_rest_began_later(one):
    crew, ids = one
    apart(crew, ids, ids[:1], category="food_safety")
    old, new = crew.all()
    assert (new.t0, old.t0, old.due_at) == (NOW, NOW + MINUTE, NOW + MINUTE + HOUR)
    assert "t0_corrected" in crew.told()


def test_the_same_category_may_be_two_stories_and_followers_join_the_one_they_stand_on(one):
    crew, ids = one
    apart(crew, ids, ids[1:2], category="food_safety")
    crew.spikes("s2", mention_ids=(ids[1], *crew.hears("排队又吵")))
    assert len(evidence(crew, 2)) == 2
    assert len(crew.all()) == 2


@pytest.mark.parametrize(
    ("which", "changes", "said"),
    [
        ((), {}, "some, not all"),
        ((0, 1, 2), {}, "some, not all"),
        ((0,), {"title": ""}, "a title and a reason"),
        ((0,), {"why": " "}, "a title and a reason"),
    ],
)
def test_a_split_that_is_none_is_refused(one, which, changes, said):
    crew, ids = one
    with pytest.raises(MoveError, match=said):
        apart(crew, ids, [ids[n] for n in which], **changes)
    assert len(crew.all()) == 1


@pytest.mark.parametrize(
    "quiet",
    [
        {"status": IncidentStatus.CONTAINED, "paging": Paging.QUIET},
        {"paging": Paging.EXHAUSTED, "paging_since": None},
        {"paging": Paging.SILENCED, "hushed": "restored", "paging_since": None},
    ],
)
def test_the_whole_is_never_quieter_than_the_part_somebody_was_called_for(two, quiet):
    crew = two.crew
    with crew.store.transaction() as tx:
        incidents.change(tx, two.number(1), level=Level.RED, **quiet)
    found = two.merged()
    assert (found.status, found.paging) == (IncidentStatus.OPEN, Paging.PAGING)
