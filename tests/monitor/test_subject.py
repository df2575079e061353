"""What a person may ask by law, and what time takes: export, erase, holds, retention."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from config.errors import InputError
from config.settings import Privacy
from config.watch import FeedSource
from monitor import subject
from monitor.intake import Intake
from monitor.privacy import ERASED
from monitor.retention import Retention
from store import authors, holds, incidents, journal, mentions, search
from store.nouns import ClockState, Hold, Incident, IncidentStatus, Level, Paging, RawMention
from store.tables import incidents as incident_rows
from store.tables import mentions as rows

KEY = "k" * 32
AT = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
FEED = FeedSource(id="weibo-feed", platform="weibo", url="https://rsshub.example/weibo")
PLATFORMS = ("weibo", "x")


def post(number: int, author: str = "柚子妈妈", text: str = "") -> RawMention:
    said = text or f"星禾茶饮第{number}杯奶茶喝出金属丝"
    return RawMention(ext_id=f"w{number}", url=f"https://w.example/{number}", text=said, author=author, published_at=AT)


class Office:
    """A store with three posts of one person and one of another who names her."""

    def __init__(self, store, clock, ids) -> None:
        self.store, self.clock, self.ids = store, clock, ids
        self.intake = Intake(ids, KEY)
        self.hear(post(1), post(2), post(3), post(4, "路人甲", "转 @柚子妈妈 说的，星禾茶饮太差"))

    def hear(self, *raws: RawMention) -> None:
        with self.store.transaction() as tx:
            self.intake.keep(tx, FEED, raws, self.clock())
            # What is about a brand can be found.
            search.index(tx, set(tx.execute(select(rows.c.id)).scalars()))

    def export(self) -> list[dict]:
        with self.store.transaction() as tx:
            found = subject.find(tx, "柚子妈妈", PLATFORMS, KEY)
            return list(subject.export(tx, found, "柚子妈妈"))

    def erase(self) -> tuple[int, int]:
        with self.store.transaction() as tx:
            found = subject.find(tx, "柚子妈妈", PLATFORMS, KEY)
            done = subject.erase(tx, found, "zhou", "本人书面请求 2026-03", self.clock())
        return done.erased, done.held

    def hold(self, of: str) -> str:
        made = Hold(self.ids(), of, "zhou", "诉讼保全", self.clock())
        with self.store.transaction() as tx:
            subject.hold(tx, made)
        return made.id

    def texts(self) -> dict[str, str]:
        with self.store.reading() as tx:
            return {row.ext_id: row.text for row in tx.execute(select(rows.c.ext_id, rows.c.text))}

    def found(self, word: str) -> int:
        with self.store.reading() as tx:
            return search.count(tx, [word])

    def incident(self, *posts: str) -> str:
        with self.store.transaction() as tx:
            made = Incident(
                id="i1", number=1, brand="xinghe", category="", key="xinghe:general", title="t", level=Level.YELLOW,
                status=IncidentStatus.OPEN, paging=Paging.QUIET, clock=ClockState.NONE, t0=AT, detected_at=AT,
                due_at=AT, born_breached=False,
            )  # fmt: skip
            incidents.add(tx, made)
            ids = tx.execute(select(rows.c.id).where(rows.c.ext_id.in_(posts))).scalars().all()
            incidents.add_mentions(tx, "i1", ids)
        return "i1"

    def tidy(self, days: int) -> datetime:
        self.clock.forward(self.clock() + timedelta(days=days))
        return Retention(self.store, self.clock, Privacy()).tidy()


@pytest.fixture
def office(store, clock, ids) -> Office:
    return Office(store, clock, ids)


def test_an_export_holds_all_that_is_kept_of_a_person_and_who_names_them(office):
    found = office.export()
    assert [row["kind"] for row in found] == ["author", "mention", "mention", "mention", "named"]
    assert found[0] == {"kind": "author", "platform": "weibo", "name": "柚子妈妈", "handle": ""}
    assert {row["ext_id"] for row in found if row["kind"] == "mention"} == {"w1", "w2", "w3"}


def test_an_export_works_by_the_hash_alone_when_the_name_is_gone(office):
    with office.store.transaction() as tx:
        authors.forget(tx, [one.author_hash for one in authors.named(tx, "柚子妈妈")])
    assert [row["kind"] for row in office.export()] == ["mention", "mention", "mention", "named"]


def test_what_is_erased_is_gone_everywhere_and_a_later_poll_does_not_bring_it_back(office):
    assert office.found("金属") == 3
    assert office.erase() == (3, 0)
    assert sorted(office.texts().values()) == sorted([ERASED] * 3 + ["转 @柚子妈妈 说的，星禾茶饮太差"])
    assert (office.found("金属"), office.export()[:-1]) == (0, [])
    with office.store.reading() as tx:
        assert journal.broken_at(tx) is None
        (entry,) = journal.entries(tx, "privacy")
        assert (entry.who, entry.what, entry.detail["erased"]) == ("zhou", "subject_erased", 3)
        assert "柚子妈妈" not in str(entry)
    office.hear(post(1), post(2, text="星禾茶饮第2杯，改了"))
    assert sorted(office.texts().values()) == sorted([ERASED] * 3 + ["转 @柚子妈妈 说的，星禾茶饮太差"])


def test_a_hold_and_an_open_incident_keep_what_is_theirs_until_they_are_over(office):
    office.incident("w1")
    hold = office.hold(f"author:{subject_hash(office)}")
    assert office.erase() == (0, 3)
    with office.store.transaction() as tx:
        subject.release(tx, hold, "zhou", "结案", office.clock())
    assert office.erase() == (2, 1)
    with office.store.transaction() as tx:
        tx.execute(update(incident_rows).values(status=IncidentStatus.REVIEWED))
    assert office.erase() == (1, 0)


def subject_hash(office: Office) -> str:
    with office.store.reading() as tx:
        return authors.named(tx, "柚子妈妈")[0].author_hash


def test_time_takes_names_after_a_month_and_mentions_after_their_days_but_not_those_of_an_incident(office):
    office.incident("w1")
    assert office.tidy(29) == office.clock() + timedelta(hours=1)
    with office.store.reading() as tx:
        assert len(authors.named(tx, "柚子妈妈")) == 1
    office.tidy(2)
    with office.store.reading() as tx:
        assert authors.named(tx, "柚子妈妈") == []
    assert len(office.texts()) == 4
    office.tidy(370)
    assert list(office.texts()) == ["w1"]
    assert office.found("金属") == 1


@pytest.mark.parametrize("of", ["all", "author"])
def test_what_a_hold_is_about_outlives_its_days(office, of):
    office.hold("all" if of == "all" else f"author:{subject_hash(office)}")
    office.tidy(500)
    assert sorted(office.texts()) == (["w1", "w2", "w3", "w4"] if of == "all" else ["w1", "w2", "w3"])
    with office.store.reading() as tx:
        assert len(authors.named(tx, "柚子妈妈")) == 1
        assert mentions.count(tx) == len(office.texts())


@pytest.mark.parametrize(("of", "reason"), [("everything", "x"), ("brand:", "x"), ("all", "  ")])
def test_a_hold_without_subject_or_reason_is_refused(office, of, reason):
    with pytest.raises(InputError), office.store.transaction() as tx:
        subject.hold(tx, Hold("h", of, "zhou", reason, office.clock()))
    with office.store.reading() as tx:
        assert holds.standing(tx) == []
