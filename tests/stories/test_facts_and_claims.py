"""Facts, claims and the law's clocks as stories, on both stores: who vouches for what, what falls when it changes."""

from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from config.clock import StepClock
from config.errors import AccessError, InputError, MoveError, StaleError
from statements.known.fact_log import Proof
from store import facts, incidents, migrations
from store.database import Store
from store.fact_chain import broken_at
from store.nouns import (
    Attribution,
    ClaimKind,
    ClaimStatus,
    CrisisCluster,
    DraftState,
    FactCell,
    FactScope,
    FactStatus,
    IncidentStatus,
    Level,
    LevelChange,
)
from tests.statements.room import NOW, SEEN, T0
from tests.worlds.facts import MINUTE, Gathering
from tests.worlds.older import scripts_until

SURE = FactStatus.CONFIRMED
DOCUMENT = {"evidence": "检测报告 2026-0312", "sha256": "a" * 64}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def kept(request, tmp_path):
    """An empty store of each kind, not migrated yet."""
    url = f"sqlite:///{tmp_path}/facts.db"
    if request.param == "postgres":
        url = request.getfixturevalue("servers").new_database()
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def gathering(kept):
    """Opens worlds: `gathering()`, `gathering(level=…, category=…)`."""
    migrations.migrate(kept)
    return lambda **given: Gathering(kept, StepClock(SEEN), **given)


def test_on_red_one_source_is_not_enough_and_a_second_person_with_another_is(gathering):
    world = gathering()
    with pytest.raises(InputError, match="two sources that are independent"):
        world.add("门店已停业", status=SURE)
    assert world.facts == {}
    world.add("门店已停业")
    for source, who in (("区域经理", "li"), ("店长", "chen")):
        with pytest.raises(InputError, match="two sources that are independent"):
            world.do("verify_fact", "F1", Proof(source), who)
    fact = world.do("verify_fact", "F1", Proof("区域经理"), "chen")
    assert (fact.status, fact.source, fact.second_source, fact.verified_by) == (SURE, "店长", "区域经理", "chen")
    assert fact.verified_at == NOW


def test_on_red_a_document_is_enough_and_its_hash_and_moment_are_kept(gathering):
    world = gathering()
    fact = world.add("检出大肠菌群", status=SURE, **DOCUMENT)
    assert (fact.sha256, fact.captured_at, fact.verified_by) == ("a" * 64, NOW, "li")
    # Its place alone is no document.
    with pytest.raises(InputError, match="two sources"):
        world.add("检出大肠菌群", status=SURE, evidence="检测报告")


def test_below_red_one_named_source_is_enough(gathering):
    world = gathering(level=Level.ORANGE)
    assert world.add("门店已停业", status=SURE).status is SURE
    with pytest.raises(InputError, match="source or evidence"):
        world.add("门店已停业", status=SURE, source="")


def test_a_snapshot_of_another_incident_is_no_evidence_here(gathering):
    with pytest.raises(InputError, match="no such kept evidence"):
        gathering().add("已取证", snapshot="f" * 32)


def test_two_people_change_one_fact_and_the_second_is_told(gathering):
    world = gathering()
    world.add("门店已停业")
    world.change("F1", "门店已停业，产品封存", based_on=1)
    with pytest.raises(StaleError, match="version 2 is the newest"):
        world.change("F1", "门店照常营业", who="chen", based_on=1)
    assert world.facts["F1"].zh == "门店已停业，产品封存"


def test_whoever_only_looks_writes_nothing(gathering):
    world = gathering()
    with pytest.raises(AccessError):
        world.add("门店已停业", who="stranger")
    cell = FactCell(world.id, "why", "chen", NOW + MINUTE, "stranger", NOW)
    with pytest.raises(AccessError):
        world.do("set_cell", cell)


def test_somebody_who_reaches_the_database_is_found_at_the_row(gathering):
    world = gathering()
    for words in ("第一条", "第二条", "第三条"):
        world.add(words)
    world.change("F2", "第二条，改过")
    assert world.broken is None
    world.tamper("UPDATE facts SET zh = '没有这回事' WHERE seq = 2")
    assert world.broken == 2
    world.tamper("UPDATE facts SET zh = '第二条' WHERE seq = 2")
    assert world.broken is None
    world.tamper("DELETE FROM facts WHERE seq = 3")
    assert world.broken == 3


def test_facts_of_an_older_store_get_their_chain(kept, tmp_path):
    scripts = scripts_until("0009", tmp_path)
    migrations.migrate(kept, scripts)
    with kept.transaction() as tx:
        _old_incident(tx)
        for n, words in enumerate(("旧的一条", "旧的两条")):
            tx.execute(
                sql(
                    "INSERT INTO facts"
                    " (id, incident, label, version, slot, zh, en, status, scope, source, evidence, who, at)"
                    " VALUES (:id, :incident, :label, 1, 'done', :zh, '', 'confirmed', 'public', '店长', '', 'li', :at)"
                ),
                {"id": f"{n:032x}", "incident": "a" * 32, "label": f"F{n + 1}", "zh": words, "at": _moment(kept)},
            )
    migrations.migrate(kept)
    with kept.reading() as tx:
        found = facts.history(tx, "a" * 32)
    assert [(one.seq, one.label) for one in found] == [(1, "F1"), (2, "F2")]
    assert broken_at(found) is None


def _moment(store):
    return "2026-03-12T06:00:00.000000Z" if store.is_sqlite else "2026-03-12T06:00:00+00:00"


def _old_incident(tx):
    from tests.statements.room import incident

    incidents.add(tx, incident())


def test_the_grid_holds_who_finds_out_until_when(gathering):
    world = gathering()
    later = NOW + 20 * MINUTE
    world.do("set_cell", FactCell(world.id, "why", "chen", later, "li", NOW))
    world.do("set_cell", FactCell(world.id, "why", "wang", later, "li", NOW))
    with world.store.reading() as tx:
        (cell,) = facts.cells(tx, world.id)
    assert (cell.owner, cell.due_at) == ("wang", later)
    for wrong, changes in (
        ("one of: what", {"cell": "whom"}),
        ("Nobody", {"owner": "x"}),
        ("still to come", {"due_at": NOW}),
    ):
        bad = {"cell": "why", "owner": "chen", "due_at": later} | changes
        with pytest.raises(InputError, match=wrong):
            world.do("set_cell", FactCell(world.id, bad["cell"], bad["owner"], bad["due_at"], "li", NOW))


def test_a_changed_fact_makes_the_text_stale_and_pages_its_writer_and_who_has_the_incident(gathering):
    world = gathering(owner="chen")
    world.add("门店已停业", status=SURE, **DOCUMENT)
    world.house.draft(world.id)
    text = world.text
    world.save(f"{text.body}\n我们已做：门店已停业。", text.version, who="wang")
    assert "F1" in world.text.fact_ids
    world.change("F1", "门店照常营业", who="li")
    assert world.text.state is DraftState.STALE
    world.pass_time(MINUTE)
    assert {person for person, _ in world.paged("text_stale")} == {"wang", "chen"}


def test_a_fact_is_withdrawn_never_deleted_and_the_next_save_says_so(gathering):
    world = gathering()
    world.add("门店已停业", status=SURE, **DOCUMENT)
    world.house.draft(world.id)
    base = world.text
    body = f"{base.body}\n我们已做：门店已停业。"
    # Somebody writes in an open editor; meanwhile the fact goes.
    world.do("withdraw_fact", "F1", "li")
    assert world.facts["F1"].status is FactStatus.WITHDRAWN
    with world.store.reading() as tx:
        assert [one.status for one in facts.history(tx, world.id)] == [SURE, FactStatus.WITHDRAWN]
    saved = world.save(body, world.text.version, who="wang")
    assert "F1" in saved.fact_ids
    with world.store.reading() as tx:
        case = world.release.case(tx, incidents.get(tx, world.id), saved, world.clock())
    assert "D07" in {one.rule for one in case.blocking}
    assert world.broken is None


def test_a_claim_is_false_only_with_evidence_and_its_history_stays(gathering):
    world = gathering()
    world.claim("星禾删评论", keywords=("删评论",))
    with pytest.raises(InputError, match="needs evidence"):
        world.claim("星禾删评论", ClaimStatus.FALSE, label="C1", based_on=1)
    world.add("评论区一直开放", status=SURE, slot="other", **DOCUMENT)
    made = world.claim(
        "星禾删评论", ClaimStatus.FALSE, label="C1", based_on=1, facts=("F1",), answer_zh="评论没有删过。"
    )
    assert (made.version, world.claims["C1"].status) == (2, ClaimStatus.FALSE)
    with pytest.raises(StaleError):
        world.claim("星禾删评论", ClaimStatus.UNKNOWN, label="C1", based_on=1)
    with pytest.raises(InputError, match="no claim C7"):
        world.claim("x", label="C7")
    with pytest.raises(InputError, match="neither true nor false"):
        world.claim("太难喝", ClaimStatus.TRUE, kind=ClaimKind.OPINION, facts=("F1",))
    assert world.deeds().count("claim_changed") == 1


def test_the_cluster_is_a_persons_word_after_facts(gathering):
    world = gathering()
    said = Attribution("", "", CrisisCluster.PREVENTABLE, False, "刀片脱落，保养漏做", "zhou", NOW)
    with pytest.raises(InputError, match="after facts"):
        world.attribute(said)
    world.add("保养漏做", status=SURE, slot="cause", **DOCUMENT)
    with pytest.raises(InputError, match="needs a reason"):
        world.attribute(Attribution("", "", said.cluster, False, "是", "zhou", NOW))
    with pytest.raises(AccessError):
        world.attribute(Attribution("", "", said.cluster, False, said.reason, "li", NOW))
    assert world.attribute(said).cluster is CrisisCluster.PREVENTABLE
    assert world.board.prior("rumour") is CrisisCluster.VICTIM
    assert "cluster_set" in world.deeds()


def test_legal_is_told_at_once_with_a_quarter_left_and_when_the_time_is_over(gathering):
    world = gathering(category="safety_incident")
    world.begin_legal()
    world.pass_time(timedelta())
    at_once = world.bodies("legal_due")
    assert len(at_once) == len({person for person, _ in world.paged("legal_due")})
    assert "环境保护法" in at_once[0]
    assert "未经法务核实" in at_once[0]
    assert {person for person, _ in world.paged("legal_due")} >= {"zhou", "li"}
    # Seen at 14:17; an hour later the head of the unit must have reported.
    assert world.clocks()["cn_work_safety_1h"].state == "running"
    world.pass_time(SEEN + 44 * MINUTE - world.clock())
    assert world.paged("legal_soon") == []
    world.pass_time(2 * MINUTE)
    assert {person for person, _ in world.paged("legal_soon")} == {"zhou", "li"}
    assert world.clocks()["cn_work_safety_1h"].state == "soon"
    before = len(world.bodies("legal_due"))
    world.pass_time(15 * MINUTE)
    assert world.clocks()["cn_work_safety_1h"].state == "over"
    assert len(world.bodies("legal_due")) > before
    # Nobody is told twice, however often the job looks.
    after = len(world.bodies("legal_due"))
    world.pass_time(timedelta(hours=3))
    assert len(world.bodies("legal_due")) == after


def test_what_is_done_or_does_not_apply_is_quiet_and_both_are_on_record(gathering):
    world = gathering(category="safety_incident")
    for line in ("cn_environment", "cn_no_hiding"):
        world.mark(line, "not_applicable", "没有排放，也不是突发事件")
    world.mark("cn_work_safety_1h", "done", "14:38 电话报告区应急管理局，编号 0312", at=SEEN + 21 * MINUTE)
    states = {line: one.state for line, one in world.clocks().items()}
    assert states == {"cn_environment": "not_applicable", "cn_no_hiding": "not_applicable", "cn_work_safety_1h": "done"}
    world.begin_legal()
    world.pass_time(timedelta(hours=5))
    assert world.paged("legal_due") == world.paged("legal_soon") == []
    world.mark("cn_work_safety_1h", "open", "编号写错，还没有报告")
    world.pass_time(MINUTE)
    assert world.paged("legal_due")
    words = ["legal_clock_not_applicable", "legal_clock_not_applicable", "legal_clock_done", "legal_clock_reopened"]
    assert [one for one in world.deeds() if one.startswith("legal_clock")] == words
    world.mark("cn_work_safety_1h", "done", "补报，编号 0313", at=world.clock())
    assert world.clocks()["cn_work_safety_1h"].state == "done_late"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (("cn_pipl_57", "done", "已报告网信办"), "no such regulatory clock"),
        (("cn_work_safety_1h", "done", "是"), "4 to 500"),
        (("cn_work_safety_1h", "hidden", "不报了吧"), "one of: done"),
    ],
)
def test_a_mark_that_means_nothing_is_refused(gathering, said, wrong):
    world = gathering(category="safety_incident")
    with pytest.raises(InputError, match=wrong):
        world.mark(*said)
    with pytest.raises(AccessError):
        world.mark("cn_work_safety_1h", "done", "已报告应急管理局", who="li")
    with pytest.raises(InputError, match="future"):
        world.mark("cn_work_safety_1h", "done", "已报告应急管理局", at=NOW + MINUTE)


def test_what_is_marked_twice_is_said(gathering):
    world = gathering(category="safety_incident")
    world.mark("cn_work_safety_1h", "done", "已报告应急管理局")
    with pytest.raises(MoveError, match="already"):
        world.mark("cn_work_safety_1h", "done", "已报告应急管理局")


def test_a_clock_from_declaring_begins_when_a_person_says_how_bad_it_is(gathering):
    world = gathering(category="finance")
    assert world.clocks()["us_sec_8k"].state == "waiting"
    with world.store.transaction() as tx:
        incidents.note_level(tx, LevelChange(world.id, NOW, Level.RED, "核实", "wang"))
    clock = world.clocks()["us_sec_8k"]
    # Thursday afternoon; Friday, Monday, Tuesday and Wednesday are worked.
    assert clock.due_at == T0.replace(day=18, hour=16, minute=0)
    assert clock.state == "running"


def test_nothing_is_told_of_what_is_over(gathering):
    world = gathering(category="safety_incident", status=IncidentStatus.RESOLVED)
    world.begin_legal()
    world.pass_time(timedelta(hours=5))
    assert world.paged("legal_due") == []


def test_privileged_words_stand_in_no_journal(gathering):
    world = gathering()
    world.add("律师意见：有责", scope=FactScope.PRIVILEGED)
    with world.store.reading() as tx:
        kept = facts.history(tx, world.id)
    assert kept[0].zh == "律师意见：有责"
    assert "fact_added" in world.deeds()
