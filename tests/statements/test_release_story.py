"""Stories through the store: facts, drafts by the house, edits, approval, publication, promises and the review."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from config.errors import AccessError, InputError, MoveError, StaleError
from statements.approving.release import Edit, Post, Release
from statements.jobs import Statements
from statements.known.fact_log import NewFact
from statements.rules.wording import load_wording
from store import facts, incidents, journal, texts
from store.incidents import subject
from store.nouns import ClockState, DraftState, FactScope, FactStatus
from tests.statements.room import NOW, T0, good_facts, incident, speaking

ID = incident().id
UPDATE = datetime(2026, 3, 12, 8, 45, tzinfo=UTC)  # NOW + 2 h, cut to a quarter


def minute(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


@pytest.fixture
def house(store, clock, ids):
    """One open incident with every fact a first statement needs and the drafts the house wrote from them."""
    return House(store, clock, ids)


class House:
    def __init__(self, store, clock, ids) -> None:
        self.store, self.clock = store, clock
        self.release = Release(ids, speaking(), load_wording())
        self.jobs = Statements(store, clock, ids, self.release.speaking)
        clock.forward(NOW)
        with store.transaction() as tx:
            incidents.add(tx, incident())
            for one in good_facts():
                new = NewFact(one.slot, one.zh, one.en, one.status, one.scope, one.source, one.evidence)
                self.release.add_fact(tx, ID, new, "li", NOW)
        self.jobs.draft(ID)

    def latest(self, kind="holding", lang="zh"):
        with self.store.reading() as tx:
            return texts.latest(tx, ID, kind, lang)

    def save(self, body, who="li", at=NOW, kind="holding"):
        with self.store.transaction() as tx:
            edit = Edit(ID, kind, "zh", body, texts.latest(tx, ID, kind, "zh").version)
            return self.release.save(tx, edit, who, at)

    def approve(self, who="zhao", at=NOW, kind="holding"):
        """The whole way of a text: handed in by duty, legal's yes where it is asked, then the last one."""
        text = self.latest(kind)
        with self.store.transaction() as tx:
            if text.state is DraftState.DRAFT:
                text = self.release.hand_in(tx, text.id, text.sha256, "chen", at)
            if text.state is DraftState.LEGAL_REVIEW:
                self.release.approve(tx, text.id, text.sha256, "zhou", at)
            return self.release.approve(tx, text.id, text.sha256, who, at)

    def publish(self, at, who="zhao", kind="holding"):
        with self.store.transaction() as tx:
            return self.release.publish(tx, self.latest(kind).id, Post("weibo", "https://w.example/1", at), who, at)

    def change(self, label, **changes):
        with self.store.transaction() as tx:
            before = next(one for one in facts.current(tx, ID) if one.label == label)
            new = {
                "slot": before.slot, "zh": before.zh, "en": before.en, "status": before.status,
                "scope": before.scope, "source": before.source, "evidence": before.evidence,
            }  # fmt: skip
            self.release.change_fact(tx, ID, label, NewFact(**{**new, **changes}), "li", minute(2))

    def deeds(self):
        with self.store.reading() as tx:
            return [one.what for one in journal.entries(tx, subject(ID))]

    def promises(self):
        with self.store.reading() as tx:
            found = facts.promises_of(tx, ID)
            return [(one.what, one.due_at, one.kept_at) for one in found if one.kind == "update"]


def test_the_house_prepares_statement_and_questions_in_both_languages(house):
    made = [house.latest(kind, lang) for kind in ("holding", "qa") for lang in ("zh", "en")]
    assert [(one.version, one.author) for one in made] == [(1, "system")] * 4
    assert house.latest().missing == ()
    assert house.latest().fact_ids == ("F4", "F1", "F2", "F3", "F5")


def test_from_draft_to_publication_the_clock_stops_and_the_deadline_becomes_a_promise(house):
    house.approve()
    house.publish(minute(5))
    with house.store.reading() as tx:
        after = incidents.get(tx, ID)
    assert (after.clock, after.met_at) == (ClockState.MET, minute(5))
    assert house.promises() == [("下一次更新：今天16:45前（北京时间），在本账号发布，无论届时是否有结论", UPDATE, None)]
    assert house.latest().state is DraftState.RELEASED


def test_a_post_after_the_hour_is_met_late(house):
    house.approve()
    house.publish(T0 + timedelta(minutes=61))
    with house.store.reading() as tx:
        after = incidents.get(tx, ID)
    assert (after.clock, after.breached_at) == (ClockState.MET_LATE, after.due_at)


def test_the_next_post_keeps_the_promise(house):
    house.approve()
    house.publish(minute(5))
    house.save(house.latest().body.replace("今天16:45前", "今天17:45前") + " ", at=minute(60))
    house.approve(at=minute(61))
    house.publish(minute(62))
    assert [(due, kept) for _, due, kept in house.promises()] == [
        (UPDATE, minute(62)),
        (UPDATE + timedelta(hours=1), None),
    ]


def test_the_writer_does_not_approve_and_strangers_do_not_write(house):
    house.save(house.latest().body + "。", who="wang")
    with pytest.raises(MoveError):
        house.approve(who="wang")
    with pytest.raises(AccessError):
        house.approve(who="li")
    with pytest.raises(AccessError):
        house.save("文", who="nobody")
    assert house.approve().role == "spokesperson"


def test_any_edit_takes_the_yes_back(house):
    house.approve()
    house.save(house.latest().body + "。")
    assert house.deeds()[-2:] == ["approval_voided", "draft_saved"]
    with pytest.raises(MoveError):
        house.publish(minute(5))


def test_a_yes_to_a_text_that_was_not_shown_is_refused(house):
    with house.store.transaction() as tx, pytest.raises(StaleError):
        house.release.approve(tx, house.latest().id, "0" * 64, "zhao", NOW)


def test_two_writers_lose_nothing(house):
    with house.store.transaction() as tx, pytest.raises(StaleError):
        house.release.save(tx, Edit(ID, "holding", "zh", "另一稿", 0), "li", NOW)
    assert house.latest().version == 1


@pytest.mark.parametrize("body", ["", " \n", "长" * 20_001])
def test_an_empty_or_endless_text_is_refused(house, body):
    with pytest.raises(InputError):
        house.save(body)


def test_a_refuted_fact_stops_the_approved_text_and_without_it_the_text_may_go(house):
    """The whole road: approved, refuted, cut out by a person, approved again."""
    house.save(house.latest().body + "。")
    house.approve()
    house.change("F4", status=FactStatus.REFUTED)
    assert house.latest().state is DraftState.STALE
    with pytest.raises(StaleError):
        house.publish(minute(5))
    house.save(house.latest().body + "。", at=minute(3))
    with pytest.raises(StaleError):
        house.approve(at=minute(4))
    cut = "\n".join(line for line in house.latest().body.split("\n") if "2家门店" not in line)
    house.save(cut, at=minute(4))
    assert "F4" not in house.latest().fact_ids
    house.approve(at=minute(5))
    house.publish(minute(6))


def test_a_fact_pasted_by_hand_binds_the_text_too(house):
    with house.store.transaction() as tx:
        new = NewFact("other", "原料来自同一仓库", "", FactStatus.CONFIRMED, FactScope.PUBLIC, "店长")
        house.release.add_fact(tx, ID, new, "li", NOW)
    house.save(house.latest().body.replace("联系我们：", "原料来自同一仓库。\n联系我们："))
    assert "F6" in house.latest().fact_ids
    house.approve()
    house.change("F6", status=FactStatus.REFUTED)
    with pytest.raises(StaleError):
        house.publish(minute(5))


def test_a_stale_text_whose_words_still_hold_may_be_saved_again_as_it_is(house):
    house.save(house.latest().body + "。")
    house.change("F1", evidence="新照片")
    again = house.save(house.latest().body, at=minute(3))
    assert (again.version, again.state) == (3, DraftState.DRAFT)
    assert house.approve(at=minute(4)).sha256 == again.sha256


def test_the_house_rewrites_its_own_stale_text_and_never_takes_back_a_yes(house):
    house.approve()
    house.clock.forward(minute(1))
    house.jobs.draft(ID)
    assert (house.latest().version, house.latest().state) == (1, DraftState.APPROVED)
    house.change("F1", zh="该门店已于14:31停止营业，3批次原料已封存")
    house.clock.forward(minute(3))
    house.jobs.draft(ID)
    assert (house.latest().version, house.latest().state) == (2, DraftState.DRAFT)
    assert "14:31" in house.latest().body


def test_the_house_leaves_a_persons_text_alone(house):
    saved = house.save(house.latest().body + "。")
    house.clock.forward(minute(3))
    house.jobs.draft(ID)
    assert house.latest() == saved


@pytest.mark.parametrize(
    "words",
    [
        "有3人住院。",
        "此事系供应商原因造成。",
        "王女士电话13812345678。",
        "门店名称【待确认：门店名称】。",
        "联系other@x.example。",
    ],
)
def test_what_blocks_cannot_be_approved(house, words):
    house.save(house.latest().body.replace("联系我们：", words + "\n联系我们："))
    with pytest.raises(MoveError):
        house.approve()


def test_an_open_question_sheet_may_be_approved_and_is_never_posted(house):
    assert house.latest("qa").missing
    house.approve(kind="qa")
    with pytest.raises(MoveError):
        house.publish(minute(5), kind="qa")


def test_a_confirmed_fact_names_its_source(house):
    new = NewFact("done", "已停业", "closed", FactStatus.CONFIRMED, FactScope.PUBLIC)
    with house.store.transaction() as tx, pytest.raises(InputError):
        house.release.add_fact(tx, ID, new, "li", NOW)


def test_a_post_before_the_event_or_without_an_address_is_refused(house):
    house.approve()
    with pytest.raises(InputError):
        house.publish(T0 - timedelta(minutes=1))
    post = Post("weibo", "javascript:alert(1)", NOW)
    with house.store.transaction() as tx, pytest.raises(InputError):
        house.release.publish(tx, house.latest().id, post, "zhao", NOW)


def test_the_review_is_written_from_what_happened(house):
    house.approve()
    house.publish(minute(5))
    house.jobs.review(ID)
    with house.store.reading() as tx:
        _, zh, en = texts.review(tx, ID)
    assert "| 首次公开回应（自首发） | 52 | ≤ 60 | 达到 |" in zh
    assert re.search(r"- 03-12 14:57 \S+ publication recorded", en)
    assert house.deeds()[-1] == "review_written"


def test_a_privileged_fact_stands_in_the_journal_by_its_label_alone(house):
    with house.store.transaction() as tx:
        new = NewFact(
            "cause",
            "律师认为滤网漏装",
            "counsel thinks a filter was missing",
            FactStatus.UNVERIFIED,
            FactScope.PRIVILEGED,
        )
        label = house.release.add_fact(tx, ID, new, "li", NOW).label
    with house.store.reading() as tx:
        said = [entry.why for entry in journal.entries(tx, subject(ID)) if entry.what == "fact_added"]
    assert said[-1] == label
    assert not any("滤网" in one for one in said)
