"""Two people do something to one text in the same moment, on both stores: one order of the two came true, whole."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import text as sql

from config.clock import StepClock
from config.errors import GoldenHourError, MoveError, StaleError
from statements.approving.approval import sha256_of
from statements.approving.release import Edit, Post
from store import facts, incidents, migrations, texts
from store.database import Store
from store.nouns import Approval, Draft, DraftState, FactStatus, Publication
from tests.statements.room import SEEN
from tests.worlds.reviews import ID, Reviews

S = DraftState
WAITING = sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
Deed = Callable[[], object]
Meet = Callable[[Deed, Deed], list[object]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def world(request, tmp_path_factory, empty_store):
    """One crisis for all of them; each has a text of its own."""
    if request.param == "postgres":
        store = Store(request.getfixturevalue("servers").new_database())
        migrations.migrate(store)
    else:
        path = tmp_path_factory.mktemp("moment") / "moment.db"
        shutil.copy(empty_store, path)
        store = Store(f"sqlite:///{path}")
    yield Moment(Reviews(store, StepClock(SEEN)))
    store.close()


@dataclass
class Moment:
    """The reviews of one crisis, and what became of two deeds that met."""

    reviews: Reviews
    turn: int = 0

    def __post_init__(self) -> None:
        self.first = self.reviews.text

    def text(self, *way: tuple[str, str]) -> Draft:
        """A version nobody has seen before, brought along this way."""
        self.turn += 1
        with self.reviews.store.reading() as tx:
            fact = next(one for one in facts.current(tx, ID) if one.label == "F1")
        if fact.status is FactStatus.REFUTED:
            self.reviews.change("F1", status=FactStatus.CONFIRMED)
        self.reviews.edit(f"{self.first.body}\n（第{self.turn}稿）", who="li")
        for verb, who in way:
            self.reviews.do(verb, who)
        return self.reviews.text

    def at_once(self, *deeds: Deed) -> list[object]:
        """What each of the deeds gave, or its fault; all of them stood before a door that somebody held.

        Where the store shows who waits (PostgreSQL) they queue in this order, each with what it read without a lock.
        """
        store, going = self.reviews.store, []
        start = Barrier(len(deeds) + 1 if store.is_sqlite else 1)
        with ThreadPoolExecutor(len(deeds)) as pool:
            with store.transaction() as tx:
                incidents.get(tx, ID, lock=True)
                for deed in deeds:
                    going.append(pool.submit(tried, deed, start if store.is_sqlite else Barrier(1)))
                    if not store.is_sqlite:
                        self._all_wait(going)
                start.wait(30)
            return [one.result() for one in going]

    def freely(self, *deeds: Deed) -> list[object]:
        """The same with nobody at the door: whoever is faster."""
        start = Barrier(len(deeds))
        with ThreadPoolExecutor(len(deeds)) as pool:
            return [one.result() for one in [pool.submit(tried, deed, start) for deed in deeds]]

    def _all_wait(self, going: list[Future[object]]) -> None:
        for _ in range(10_000):
            with self.reviews.store.reading() as tx:
                if tx.execute(WAITING).scalar_one() == len(going):
                    return
            assert not [one for one in going if one.done()], "nobody goes past a held door"
        raise AssertionError("nobody came to the door")

    def says(self, verb: str, seen: Draft, *said: str) -> Deed:
        """One verb of Release about the version that was seen."""
        return lambda: self.reviews.do(verb, *said, text=seen)

    def edits(self, seen: Draft, words: str, who: str) -> Deed:
        edit = Edit(ID, "holding", "zh", f"{seen.body}\n{words}", seen.version)
        return lambda: self.reviews.verb("save", edit, who)

    def posts(self, seen: Draft, platform: str = "weibo") -> Deed:
        post = Post(platform, f"https://w.example/{self.turn}", self.reviews.clock())
        return lambda: self.reviews.verb("publish", seen.id, post, "zhao")

    def refutes(self) -> Deed:
        return lambda: self.reviews.change("F1", status=FactStatus.REFUTED)

    def yeses(self, seen: Draft) -> list[tuple[str, str]]:
        """Who has said which yes that still stands, each to these very words."""
        with self.reviews.store.reading() as tx:
            given, kept = texts.approvals_of(tx, [seen.id]), texts.draft(tx, seen.id)
        assert kept.body == seen.body
        assert all(one.sha256 == sha256_of(seen.body) for one in given)
        return [(one.who, one.role) for one in given if one.voided_at is None]

    def state(self, seen: Draft) -> S:
        with self.reviews.store.reading() as tx:
            return texts.draft(tx, seen.id).state

    def posted(self, seen: Draft) -> list[str]:
        """Where these words are on record as posted."""
        with self.reviews.store.reading() as tx:
            return sorted(one.platform for one in texts.publications_of(tx, ID) if one.draft == seen.id)

    def noted(self, what: str) -> int:
        """How often the journal, whose chain holds, says this."""
        return self.reviews.deeds().count(what)

    def meetings(self, *, alike: bool = False) -> Iterator[Meet]:
        """Every way in which two can meet: before the door in either order (one, when both do the same), and freely."""
        yield self.at_once
        if not alike and not self.reviews.store.is_sqlite:
            yield lambda first, second: self.at_once(second, first)[::-1]
        yield self.freely

    def in_both_orders(self, seen: set[type]) -> bool:
        """Whether the first of two was a yes once and once a no, of whichever kind (one that came late has read an
        older text, or finds the text moved on); only PostgreSQL's queue lets a test choose.
        """
        return len({issubclass(one, GoldenHourError) for one in seen}) == 2 or self.reviews.store.is_sqlite


def tried(deed: Deed, start: Barrier) -> object:
    start.wait(30)
    try:
        return deed()
    except GoldenHourError as fault:
        return fault


def only(found: list[object], kind: type) -> object:
    """The one of them that is of this kind."""
    (one,) = [each for each in found if isinstance(each, kind)]
    return one


HANDED_IN = (("hand_in", "chen"),)
TO_SPEAKER = (*HANDED_IN, ("approve", "zhou"))
APPROVED = (*TO_SPEAKER, ("approve", "zhao"))
FACTS, LEGAL, LAST = ("chen", "facts"), ("zhou", "legal"), ("zhao", "spokesperson")


@pytest.mark.parametrize("second", ["wang", "zhao"])
def test_of_two_last_yeses_exactly_one_is_said(world, second):
    for meet in world.meetings(alike=True):
        seen, before = world.text(*TO_SPEAKER), world.noted("approved")
        found = meet(world.says("approve", seen, "zhao"), world.says("approve", seen, second))
        given = only(found, Approval)
        only(found, MoveError)
        assert world.state(seen) is S.APPROVED
        assert world.yeses(seen) == [FACTS, LEGAL, (given.who, given.role)]
        assert world.noted("approved") == before + 1


def test_a_text_is_handed_in_once(world):
    for meet in world.meetings(alike=True):
        seen, before = world.text(), world.noted("review_asked")
        found = meet(world.says("hand_in", seen, "chen"), world.says("hand_in", seen, "wang"))
        only(found, Draft)
        only(found, MoveError)
        assert world.state(seen) is S.LEGAL_REVIEW
        assert [role for _, role in world.yeses(seen)] == ["facts"]
        assert world.noted("review_asked") == before + 1


@pytest.mark.parametrize(("way", "who"), [(HANDED_IN, "zhou"), (TO_SPEAKER, "zhao")])
def test_a_yes_never_stands_on_words_that_changed_meanwhile(world, way, who):
    kinds = set()
    for meet in world.meetings():
        seen, before = world.text(*way), world.noted("approval_voided")
        said, saved = meet(world.says("approve", seen, who), world.edits(seen, "改了一句。", "wang"))
        kinds.add(type(said))
        assert isinstance(said, Approval | StaleError)
        assert (world.reviews.text, saved.state, saved.author) == (saved, S.DRAFT, "wang")
        assert saved.body == f"{seen.body}\n改了一句。"
        assert (world.state(seen), world.yeses(seen), world.yeses(saved)) == (S.SUPERSEDED, [], [])
        assert world.noted("approval_voided") == before + 1
        for one in (seen, saved):
            with pytest.raises(MoveError):
                world.posts(one)()
    assert world.in_both_orders(kinds)


def test_of_two_edits_one_is_the_next_version_and_the_other_is_handed_back(world):
    for meet in world.meetings(alike=True):
        seen = world.text(*TO_SPEAKER)
        found = meet(world.edits(seen, "王写的。", "wang"), world.edits(seen, "周写的。", "zhou"))
        saved = only(found, Draft)
        only(found, StaleError)
        assert world.reviews.text == saved
        assert saved.version == seen.version + 1
        assert saved.body == seen.body + {"wang": "\n王写的。", "zhou": "\n周写的。"}[saved.author]
        assert (world.state(seen), world.yeses(seen)) == (S.SUPERSEDED, [])


def test_a_yes_falls_with_the_fact_that_changed_meanwhile(world):
    kinds = set()
    for meet in world.meetings():
        seen = world.text(*TO_SPEAKER)
        said, _ = meet(world.says("approve", seen, "zhao"), world.refutes())
        kinds.add(type(said))
        assert isinstance(said, Approval | StaleError)
        assert (world.reviews.text.id, world.state(seen), world.yeses(seen)) == (seen.id, S.STALE, [])
    assert world.in_both_orders(kinds)


def test_a_no_stands_whatever_yes_is_said_beside_it(world):
    kinds = set()
    for meet in world.meetings():
        seen = world.text(*TO_SPEAKER)
        said, refused = meet(world.says("approve", seen, "zhao"), world.says("reject", seen, "第三句没有证据", "wang"))
        kinds.add(type(said))
        assert isinstance(said, Approval | MoveError)
        assert refused is None
        assert (world.state(seen), world.yeses(seen)) == (S.REJECTED, [])
    assert world.in_both_orders(kinds)


def edited(world: Moment, seen: Draft) -> tuple[Deed, S]:
    return world.edits(seen, "改了一句。", "wang"), S.SUPERSEDED


def refuted(world: Moment, seen: Draft) -> tuple[Deed, S]:
    return world.refutes(), S.STALE


def rejected(world: Moment, seen: Draft) -> tuple[Deed, S]:
    return world.says("reject", seen, "不发了", "wang"), S.REJECTED


@pytest.mark.parametrize("meanwhile", [edited, refuted, rejected])
def test_a_post_is_on_record_only_under_a_yes_that_stood_when_it_was_noted(world, meanwhile):
    kinds = set()
    for meet in world.meetings():
        seen = world.text(*APPROVED)
        deed, otherwise = meanwhile(world, seen)
        said, other = meet(world.posts(seen), deed)
        kinds.add(type(said))
        if isinstance(said, Publication):
            # What is out stays out, with the yes under which it went.
            assert (world.state(seen), world.posted(seen)) == (S.RELEASED, ["weibo"])
            assert world.yeses(seen) == [FACTS, LEGAL, LAST]
            assert isinstance(other, MoveError) == (meanwhile is rejected)
        else:
            assert isinstance(said, MoveError | StaleError)
            assert (world.state(seen), world.posted(seen), world.yeses(seen)) == (otherwise, [], [])
            assert not isinstance(other, GoldenHourError)
    assert world.in_both_orders(kinds)


def test_one_post_is_noted_once_and_two_places_are_two_posts(world):
    for meet in world.meetings(alike=True):
        seen = world.text(*APPROVED)
        found = meet(world.posts(seen), world.posts(seen))
        only(found, Publication)
        only(found, MoveError)
        assert world.posted(seen) == ["weibo"]
    seen = world.text(*APPROVED)
    world.at_once(world.posts(seen), world.posts(seen, "wechat"))
    assert (world.posted(seen), world.state(seen)) == (["wechat", "weibo"], S.RELEASED)
