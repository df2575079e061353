"""A drill is scored from its journal alone: measured against goals, one suggestion each, the weakest comes next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.drill_files import find_scenario, scenario_names
from config.drills import OBJECTIVES
from statements.drills import drill_next, drill_score, drill_sheet
from statements.drills.drill_score import GOALS, Due, Played, Result
from statements.drills.drill_words import ADVICE, NAMES, advice_of, name_of, shown
from store.nouns import Drill, DrillState, JournalEntry, Promise

START = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
GOOD = (
    (0, "system", "incident_opened"),
    (2, "li", "acknowledged"),
    (9, "li", "fact_added"),
    (16, "li", "draft_saved"),
    (28, "zhao", "approved"),
    (33, "zhao", "publication_recorded"),
    (80, "zhao", "publication_recorded"),
    (150, "wang", "resolved"),
)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def entries(*rows) -> tuple[JournalEntry, ...]:
    return tuple(
        JournalEntry(seq=n, at=at(minute), who=who, what=what, subject="incident:1", why="因为", detail={}, hash="")
        for n, (minute, who, what) in enumerate(rows, 1)
    )


def promise(due: float, kept: float | None = None) -> Promise:
    return Promise("p", "1", "pub", "17:00前更新", at(due), "zhao", at(kept) if kept is not None else None)


def played(*rows, **more) -> Played:
    base = Played(began=START, ended=at(240), journal=entries(*(rows or GOOD)), posted=2, pairs=1)
    return replace(base, promises=(promise(90, 80),), asked=("Q1", "Q3"), answered=frozenset({"Q1"}), **more)


def by_name(given_: Played) -> dict[str, Result]:
    return {one.name: one for one in drill_score.results(given_, OBJECTIVES, {})}


def test_a_good_drill_reaches_everything_and_says_how_long_each_took():
    found = by_name(played())
    assert {name: one.measured for name, one in found.items()} == {
        "ack": 2, "triage": 9, "draft": 16, "release": 33, "update": 47, "wording": 0, "facts": 0, "consistency": 0,
        "questions": 0.5, "promises": 1.0, "log": 1.0,
    }  # fmt: skip
    assert all(one.reached for one in found.values())
    assert found["update"].goal == 57, "the promised moment is the goal, not the usual one"
    assert drill_score.score_of(list(found.values())) == 100
    assert drill_score.weakest(list(found.values())) == ""


def test_what_never_happened_is_missed_and_never_guessed():
    found = by_name(replace(played((0, "system", "incident_opened")), posted=0, pairs=0, asked=(), promises=()))
    assert {one.name for one in found.values() if one.measured is None} == {
        "ack",
        "triage",
        "draft",
        "release",
        "wording",
    }
    assert {"update", "consistency", "questions", "promises"} & set(found) == set(), "no occasion, no objective"
    assert drill_score.weakest(list(found.values())) == "ack"


def test_a_drill_that_was_cut_short_is_scored_by_what_was_due_by_then():
    opened = (0, "system", "incident_opened")
    due = (Due("x", "某事", "fact", (), "", at(2), 20),)
    two_minutes = replace(played(opened, expected=due), ended=at(2), posted=0, pairs=0, asked=(), promises=())
    assert drill_score.results(two_minutes, OBJECTIVES, {}) == ()
    ten_minutes = replace(two_minutes, ended=at(10))
    assert [(one.name, one.measured) for one in drill_score.results(ten_minutes, OBJECTIVES, {})] == [("ack", None)]
    half_an_hour = replace(two_minutes, ended=at(30))
    assert [one.name for one in drill_score.results(half_an_hour, OBJECTIVES, {})] == [
        "ack",
        "triage",
        "draft",
        "x:fact",
    ]


def test_the_machine_earns_nothing():
    machine = tuple((minute, "system", what) for minute, _, what in GOOD)
    found = by_name(played(*machine))
    assert [found[name].measured for name in ("ack", "draft", "triage")] == [None, None, None]
    assert not found["log"].reached


def test_faults_are_counted_where_they_stand():
    bad = replace(played(), findings=("W", "E", "X", "I"), unverified=2, differing=1)
    found = by_name(bad)
    assert (found["wording"].measured, found["facts"].measured, found["consistency"].measured) == (2, 2, 1)
    assert not any(found[name].reached for name in ("wording", "facts", "consistency"))


def test_a_broken_promise_and_a_closing_without_reason_show():
    broken = replace(played(), promises=(promise(90, 80), Promise("q", "1", "p", "…", at(100), "zhao", None, at(100))))
    assert by_name(broken)["promises"].measured == 0.5
    silent = replace(played(), journal=tuple(replace(one, why="") for one in entries(*GOOD)))
    assert by_name(silent)["log"].measured == 0.83


def test_an_expected_deed_counts_only_by_who_should_and_after_the_inject():
    due = Due("reporter-calls", "记者来电", "fact", ("zhao",), "spokesperson", at(20), 25)
    by_li = played(*GOOD, (30, "li", "fact_added"), expected=(due,))
    by_zhao = played(*GOOD, (30, "zhao", "fact_added"), expected=(due,))
    assert drill_score.results(by_li, (), {})[0].measured is None
    (result,) = drill_score.results(by_zhao, (), {})
    assert (result.measured, result.reached) == (10, True)
    assert name_of(result, "zh") == "“记者来电”之后记录或更新事实"


def test_the_same_deed_done_before_counts_for_taking_it_only():
    early = (Due("x", "某事", "ack", (), "", at(20), 5), Due("x", "某事", "correct", (), "", at(100), 30))
    ack, correct = drill_score.results(played(expected=early), (), {})
    assert (ack.measured, ack.reached) == (0, True)
    assert correct.measured is None


def test_each_objective_has_one_suggestion_for_each_outcome_in_both_languages():
    assert set(ADVICE) == set(NAMES) == set(GOALS) == set(OBJECTIVES)
    for name, (unit, goal) in GOALS.items():
        for measured in (None, goal, 99.0 if unit != "share" else 0.0):
            result = Result(name, unit, measured, goal)
            said = {advice_of(result, lang) for lang in ("zh", "en")}
            assert len(said) == 2
            assert all(len(one) > 5 for one in said)
            assert shown(result, measured, "zh")


def test_the_sheet_is_marked_in_both_languages_and_holds_star():
    found = drill_score.results(played(), OBJECTIVES, {})
    titles = {"zh": "金属丝", "en": "A wire"}
    sheet = drill_sheet.sheet_of(played(), found, titles=titles, zone="Asia/Shanghai")
    for lang, head, result in (("zh", "## R 结果", "达到"), ("en", "## R Result", "reached")):
        text = drill_sheet.to_text(sheet, titles[lang], lang)
        assert "演练" in text.splitlines()[0]
        assert "DRILL" in text.splitlines()[0]
        assert head in text
        assert result in text


def test_hostile_words_of_the_journal_stay_words_in_the_sheet():
    rows = entries(*GOOD)
    hostile = (replace(rows[0], why="| <script>alert(1)</script> [x](javascript:1)"), *rows[1:])
    bad = replace(played(), journal=hostile)
    sheet = drill_sheet.sheet_of(
        bad, drill_score.results(bad, OBJECTIVES, {}), titles={"zh": "a|b<i>", "en": "a"}, zone="Asia/Shanghai"
    )
    text = drill_sheet.to_text(sheet, "a|b<i>", "zh")
    assert "<script>" not in text
    assert "<i>" not in text
    assert "](" not in text


def drill(number: int, scenario: str, weakest: str = "", kind: str = "full", days: int = 0) -> Drill:
    then = START + timedelta(days=days)
    sheet = {"weakest": weakest, "score": 50}
    return Drill(
        f"{number:032}", number, scenario, "甲", "A", kind, DrillState.ENDED, 1, then, "wang", ended_at=then, score=50,
        sheet=sheet,
    )  # fmt: skip


def test_the_weakest_objective_chooses_the_next_scenario():
    known = [find_scenario(name) for name in scenario_names()]
    first = drill_next.propose(known, [])
    assert first is not None
    assert not first.scenario.meta.hard
    after = drill_next.propose(known, [drill(1, "food_safety", "promises")])
    assert after is not None
    assert after.weakest == "promises"
    assert "promises" in after.scenario.meta.weak_points
    again = drill_next.propose(known, [drill(2, after.scenario.id, "promises"), drill(1, "food_safety", "promises")])
    assert again is not None
    assert again.scenario.id != after.scenario.id


def test_each_kind_has_its_own_calendar():
    past = [drill(1, "rumour", kind="page_out", days=0), drill(2, "rumour", kind="tabletop", days=0)]
    now = START + timedelta(days=40)
    overdue = {one.kind: one.overdue(now) for one in drill_next.turns(past)}
    assert overdue == {"tabletop": False, "page_out": True, "full": True}


WHATS = ("incident_opened", "acknowledged", "fact_added", "draft_saved", "approved", "publication_recorded", "resolved")
ROWS = st.lists(st.tuples(st.integers(0, 300), st.sampled_from(("system", "drill", "li")), st.sampled_from(WHATS)))


@given(rows=ROWS, findings=st.lists(st.sampled_from("XELWI")), faults=st.integers(0, 9))
def test_any_journal_has_a_sheet_with_a_score_between_0_and_100(rows, findings, faults):
    given_ = Played(
        began=START, ended=at(240), journal=entries(*sorted(rows)), findings=tuple(findings), posted=1, pairs=1,
        unverified=faults, promises=(promise(60),),
    )  # fmt: skip
    found = drill_score.results(given_, OBJECTIVES, {})
    assert 0 <= drill_score.score_of(found) <= 100
    assert all((one.lack == 0) == one.reached and 0 <= one.lack <= 1 for one in found)
    assert drill_sheet.sheet_of(given_, found, titles={"zh": "甲", "en": "A"}, zone="Asia/Shanghai")["objectives"]
