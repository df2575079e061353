"""Stories of answers on both stores: versions that lose nothing, a yes that ends, a shelf that never makes ready."""

from datetime import timedelta

import pytest

from config.errors import AccessError, InputError, MoveError, StaleError
from statements.answering.answer_rules import Written
from statements.answering.answer_work import Answers, Place
from statements.approving.release import Release
from statements.jobs import Statements
from statements.known.fact_log import NewFact
from statements.rules.wording import load_wording
from store import answers, incidents, journal, migrations, reviews_asked, texts
from store.database import Store
from store.incidents import subject
from store.nouns import Delegation, FactScope, FactStatus, IncidentStatus
from tests.statements.room import NOW, good_facts, incident, speaking

ID = incident().id
GOOD = Written("", "南京2家门店，正在逐店核对。", "READY", ("F4",), asker="media")
UNTIL = NOW + timedelta(hours=2)


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


class Sheet:
    """One open incident with good facts, and the people of the shipped team."""

    def __init__(self, store, clock, ids) -> None:
        self.store, self.now = store, NOW
        self.release = Release(ids, speaking(), load_wording())
        self.work = Answers(ids, self.release.speaking, self.release.wording)
        team = self.release.speaking.team
        self.speaker, self.deputy = team.spokesperson, team.spokesperson_deputies[0]
        self.writer = next(one.id for one in team.person if "drafter" in one.roles and one.id != self.speaker)
        clock.forward(NOW)
        with store.transaction() as tx:
            incidents.add(tx, incident())
            for one in good_facts():
                new = NewFact(one.slot, one.zh, one.en, one.status, one.scope, one.source, one.evidence)
                self.release.add_fact(tx, ID, new, self.writer, NOW)
        Statements(store, clock, ids, self.release.speaking).draft(ID)

    def save(self, written=GOOD, version=0, qid="Q4", who=""):
        with self.store.transaction() as tx:
            return self.work.save(tx, Place(ID, qid, "zh", version), written, who or self.writer, self.now)

    def approve(self, version, answer=GOOD.answer, qid="Q4", who="", until=UNTIL):
        with self.store.transaction() as tx:
            return self.work.approve(tx, Place(ID, qid, "zh", version), answer, until, who or self.speaker, self.now)

    def do(self, verb, version, *given, qid="Q4", who=""):
        with self.store.transaction() as tx:
            return getattr(self.work, verb)(tx, Place(ID, qid, "zh", version), *given, who or self.writer, self.now)

    def row(self, qid="Q4"):
        with self.store.reading() as tx:
            rows = self.work.rows(tx, incidents.get(tx, ID), "zh", self.now)
        return next(row for row in rows if row.qid == qid)

    def change(self, label, **changes):
        was = next(one for one in good_facts() if one.label == label)
        words = {"zh": was.zh, "status": was.status, "scope": was.scope, **changes}
        new = NewFact(was.slot, words["zh"], was.en, words["status"], words["scope"], was.source, was.evidence)
        with self.store.transaction() as tx:
            self.release.change_fact(tx, ID, label, new, self.writer, self.now)


@pytest.fixture
def sheet(kept, clock, ids):
    return Sheet(kept, clock, ids)


def test_rows_and_the_text_sheet_stand_as_soon_as_the_draft_job_ran(sheet):
    assert sheet.row().answer.startswith("南京2家门店；")
    assert (sheet.row().version, sheet.row().usable) == (0, False)
    with sheet.store.reading() as tx:
        assert "南京2家门店。" in texts.latest(tx, ID, "qa", "zh").body


def test_an_answer_written_approved_and_worn_out(sheet):
    sheet.save()
    assert sheet.row().standing == "draft"
    sheet.approve(1)
    assert sheet.row().usable
    sheet.now = UNTIL
    assert sheet.row().standing == "expired"
    sheet.now = NOW
    sheet.save(version=1)
    assert (sheet.row().version, sheet.row().standing) == (2, "draft")
    with sheet.store.reading() as tx:
        words = [one.what for one in journal.entries(tx, subject(ID))]
        assert [one.approved_by for one in answers.versions(tx, ID, "Q4", "zh")] == [sheet.speaker, ""]
    assert (words.count("answer_saved"), words.count("answer_approved")) == (2, 1)


@pytest.mark.parametrize(
    "changes", [{"status": FactStatus.REFUTED}, {"scope": FactScope.INTERNAL}, {"zh": "南京3家门店"}]
)
def test_a_fact_that_changes_takes_the_yes_and_the_next_one_away(sheet, changes):
    sheet.save()
    sheet.approve(1)
    sheet.change("F4", **changes)
    assert (sheet.row().standing, sheet.row().moved, sheet.row().usable) == ("stale", ("F4",), False)
    with pytest.raises(MoveError):
        sheet.approve(1)
    with pytest.raises(MoveError):
        sheet.do("shelve", 1)


def test_the_second_of_two_writers_and_a_yes_to_what_was_read_before_are_refused(sheet):
    sheet.save()
    with pytest.raises(StaleError):
        sheet.save()
    sheet.save(version=1, written=Written("", "南京2家门店。", "READY", ("F4",)))
    with pytest.raises(StaleError):
        sheet.approve(1)
    with pytest.raises(StaleError):
        sheet.approve(2, answer="别的话")


def test_who_may_say_yes(sheet):
    sheet.save(who=sheet.deputy if sheet.deputy != sheet.writer else sheet.writer)
    with pytest.raises(MoveError):
        sheet.approve(1, who=sheet.deputy)
    other = next(
        one.id for one in sheet.release.speaking.team.person if one.id not in sheet.release.speaking.spokespeople
    )
    with pytest.raises(AccessError):
        sheet.approve(1, who=other)
    with sheet.store.transaction() as tx:
        reviews_asked.lend(tx, Delegation("d", other, ID, sheet.speaker, NOW, UNTIL))
    assert sheet.approve(1, who=other).approved_by == other


def test_the_house_answers_by_itself_only_as_the_facts_stand(sheet):
    row = sheet.row()
    sheet.change("F4", zh="南京3家门店")
    with pytest.raises(StaleError):
        sheet.approve(0, answer=row.answer)
    assert sheet.approve(0, answer=sheet.row().answer).rests_on == ("F4@2", "F1@1")
    assert sheet.row().usable
    with pytest.raises(MoveError):
        sheet.approve(1, answer=sheet.row().answer)


def test_wording_that_blocks_is_never_approved(sheet):
    sheet.save(Written("", "全场新品享八折优惠券，扫码下单立减。", "PENDING_FACT"))
    with pytest.raises(MoveError, match="S14"):
        sheet.approve(1, answer="全场新品享八折优惠券，扫码下单立减。")


def test_a_shelved_answer_comes_back_as_a_proposal_that_is_not_ready(sheet):
    with pytest.raises(MoveError):
        sheet.do("shelve", 0)
    sheet.save()
    sheet.approve(1)
    shelved = sheet.do("shelve", 1)
    assert "南京" not in shelved.answer
    made = sheet.do("propose", 1, shelved.id)
    assert (made.version, made.status, made.rests_on, made.approved_by) == (2, "PENDING_FACT", (), "")
    with pytest.raises(MoveError, match="confirmed"):
        sheet.approve(2, answer=made.answer)
    with pytest.raises(InputError):
        sheet.do("propose", 2, "nothing")
    with sheet.store.transaction() as tx:
        sheet.work.drop(tx, shelved.id, sheet.writer, NOW)
        assert answers.library(tx, "zh") == []
    with pytest.raises(InputError):
        sheet.do("propose", 2, shelved.id)


def test_after_the_end_and_for_readers_nothing_is_written(sheet):
    with pytest.raises(InputError):
        sheet.save(qid="Q99")
    with pytest.raises(AccessError):
        sheet.save(who="nobody")
    with sheet.store.transaction() as tx:
        incidents.change(tx, incidents.get(tx, ID), status=IncidentStatus.REVIEWED)
    with pytest.raises(MoveError):
        sheet.save()
