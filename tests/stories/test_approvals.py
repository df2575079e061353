"""Every invariant of the approval of a text, as a story, on both stores."""

import pytest

from config.clock import StepClock
from config.errors import AccessError, InputError, MoveError, StaleError
from statements.approving.lane import fingerprint
from statements.approving.objecting import Against
from statements.writing.render import load_template
from store import migrations, reviews_asked, versions
from store.database import Store
from store.nouns import DraftState, FactStatus, Level, Version, VersionKind
from tests.statements.room import SEEN, speaking
from tests.worlds.reviews import ID, MINUTE, Reviews

S = DraftState


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def reviews(request, tmp_path):
    """Opens worlds: `reviews()`, `reviews(level=…, team=…)`."""
    url = f"sqlite:///{tmp_path}/reviews.db"
    if request.param == "postgres":
        url = request.getfixturevalue("servers").new_database()
    store = Store(url)
    migrations.migrate(store)
    yield lambda **given: Reviews(store, StepClock(SEEN), **given)
    store.close()


def test_the_whole_way_on_orange_and_each_step_is_journalled(reviews):
    world = reviews()
    seen = [world.text.state]
    for verb, who in (("check_facts", "chen"), ("hand_in", "chen"), ("approve", "zhou"), ("approve", "zhao")):
        world.do(verb, who)
        seen.append(world.text.state)
    assert seen == [S.DRAFT, S.FACT_CHECKED, S.LEGAL_REVIEW, S.SPOKESPERSON_REVIEW, S.APPROVED]
    world.post()
    assert world.text.state is S.RELEASED
    way = ["text_fact_checked", "text_legal_review", "text_spokesperson_review", "approved", "publication_recorded"]
    assert [one for one in world.deeds() if one in way] == way


def test_on_yellow_duty_and_the_spokesperson_are_enough_and_are_two_people(reviews):
    world = reviews(level=Level.YELLOW)
    world.do("hand_in", "wang")
    assert world.text.state is S.SPOKESPERSON_REVIEW
    with pytest.raises(MoveError):
        world.do("approve", "wang")
    world.do("approve", "zhao")
    assert world.text.state is S.APPROVED


def test_on_red_the_executives_are_told_and_nobody_waits_for_them(reviews):
    world = reviews(level=Level.RED)
    world.do("hand_in", "chen")
    world.forward(1)
    assert ("text_informed", "zhao") in world.paged()
    world.do("approve", "zhou")
    world.do("approve", "zhao")
    assert world.text.state is S.APPROVED


def test_the_author_is_not_the_last_approver(reviews):
    world = reviews()
    world.edit(world.text.body + "。", who="wang")
    world.do("hand_in", "chen")
    world.do("approve", "zhou")
    with pytest.raises(MoveError):
        world.do("approve", "wang")
    world.do("approve", "zhao")


def test_only_the_spokesperson_or_a_named_deputy_approves(reviews):
    world = reviews()
    world.do("hand_in", "chen")
    world.do("approve", "zhou")
    for who in ("li", "chen", "zhou", "ops", "stranger"):
        with pytest.raises(AccessError):
            world.do("approve", who)
    assert world.text.state is S.SPOKESPERSON_REVIEW
    world.do("approve", "wang")


def test_the_spokesperson_does_not_go_before_legal(reviews):
    world = reviews()
    with pytest.raises(MoveError):
        world.do("approve", "zhao")
    world.do("hand_in", "chen")
    with pytest.raises(MoveError):
        world.do("approve", "zhao")


def test_one_changed_character_makes_it_a_draft_and_every_yes_falls(reviews):
    world = reviews()
    world.approved()
    world.edit(world.text.body + "。")
    assert world.text.state is S.DRAFT
    assert "approval_voided" in world.deeds()
    with pytest.raises(MoveError):
        world.post()


def test_a_changed_fact_makes_it_stale_and_pages_whose_text_it_is(reviews):
    world = reviews()
    world.edit(world.text.body + "。", who="li")
    world.approved()
    world.change("F1", status=FactStatus.REFUTED)
    world.forward(1)
    assert world.text.state is S.STALE
    assert [one for one in world.paged() if one[0] == "text_stale"] == [("text_stale", "li")]
    with pytest.raises(StaleError):
        world.post()
    with pytest.raises(StaleError):
        world.do("approve", "zhao")


def test_an_x_is_never_let_through(reviews):
    world = reviews()
    world.add("王女士电话13812345678。")
    world.do("hand_in", "chen")
    with pytest.raises(MoveError):
        world.do("approve", "zhou")
    for place in (("S12", "王女士电话13812345678"), ("S12", "王女士")):
        with pytest.raises((MoveError, InputError)):
            world.verb("ask_override", world.text.id, place, "必须这样说", "li")


def test_an_e_stands_by_name_reason_and_legals_yes_until_the_text_changes(reviews):
    world = reviews()
    world.add("此事系供应商原因造成。")
    world.do("hand_in", "chen")
    with world.store.reading() as tx:
        case = world.release.case(tx, world.release._incident(tx, ID), world.text, world.clock())
    words = {one.rule: world.text.body[one.start : one.end] for one in case.findings if one.level == "E"}
    with pytest.raises(InputError):
        world.verb("ask_override", world.text.id, ("S02", words["S02"]), "短", "li")
    for rule, said in words.items():
        world.verb("ask_override", world.text.id, (rule, said), "监管要求写明", "li")
    with world.store.reading() as tx:
        asked = reviews_asked.overrides_of(tx, [world.text.id])
    for one in asked:
        for who in ("li", "wang", "zhao"):
            with pytest.raises(AccessError):
                world.verb("grant_override", one.id, who)
        with pytest.raises(MoveError):
            world.do("approve", "zhou")
        world.verb("grant_override", one.id, "zhou")
    world.do("approve", "zhou")
    world.do("approve", "zhao")
    assert world.deeds().count("wording_overridden") == len(asked)
    world.edit(world.text.body + "。")
    world.do("hand_in", "chen")
    with pytest.raises(MoveError):
        world.do("approve", "zhou")


def cleared(world, slots=("done", "unknown", "action", "scope", "authority")):
    """Legal clears the shipped template as it stands."""
    source = load_template("holding", "food_safety", "zh")
    body = {"source": source, "cleared": {"fingerprint": fingerprint(source), "slots": list(slots)}}
    with world.store.transaction() as tx:
        subject = "holding/food_safety/zh"
        made = Version(VersionKind.TEMPLATE, subject, 1, world.clock(), "wang", "初版", body, {}, "")
        version = versions.save(tx, made)
        assert versions.sign(tx, version, "zhou", world.clock())


def test_an_untouched_cleared_template_needs_no_legal_and_one_fixed_character_closes_the_lane(reviews):
    world = reviews()
    cleared(world)
    world.do("hand_in", "chen")
    assert world.text.state is S.SPOKESPERSON_REVIEW
    world.do("approve", "zhao")
    world.edit(world.text.body.replace("我们不作猜测", "我们不做猜测"))
    world.do("hand_in", "chen")
    assert world.text.state is S.LEGAL_REVIEW


def test_a_fact_in_a_slot_legal_did_not_clear_closes_the_lane(reviews):
    world = reviews()
    cleared(world, slots=("done",))
    world.do("hand_in", "chen")
    assert world.text.state is S.LEGAL_REVIEW


def team_with_deputy():
    team = speaking().team
    people = [one.model_copy(update={"deputy": "wang"}) if one.id == "zhou" else one for one in team.person]
    return team.model_copy(update={"person": tuple(people)})


def test_who_does_not_answer_in_ten_minutes_is_passed_over_then_five_then_it_is_loud(reviews):
    world = reviews(team=team_with_deputy())
    world.do("hand_in", "chen")
    world.forward(9)
    assert world.asked() == [("zhou", "")]
    world.forward(1)
    assert world.asked() == [("zhou", "late"), ("wang", "")]
    assert ("text_review", "wang") in world.paged()
    world.forward(4)
    assert "text_unanswered" not in {one for one, _ in world.paged()}
    world.forward(1)
    assert "text_unanswered" in {one for one, _ in world.paged()}
    world.do("approve", "wang")
    assert world.text.state is S.SPOKESPERSON_REVIEW


def test_an_estimate_keeps_the_next_one_from_being_asked(reviews):
    world = reviews(team=team_with_deputy())
    world.do("hand_in", "chen")
    with pytest.raises(AccessError):
        world.verb("give_eta", world.text.id, world.clock() + 15 * MINUTE, "wang")
    with pytest.raises(InputError):
        world.verb("give_eta", world.text.id, world.clock() + 31 * MINUTE, "zhou")
    world.verb("give_eta", world.text.id, world.clock() + 15 * MINUTE, "zhou")
    world.forward(14)
    assert world.asked() == [("zhou", "")]
    world.forward(1)
    assert world.asked() == [("zhou", "late"), ("wang", "")]


def test_a_strong_objection_names_a_sentence_and_blocks_until_it_is_changed_or_taken_back(reviews):
    world = reviews()
    world.do("hand_in", "chen")
    sentence = "在查清之前，我们不作猜测。"
    with pytest.raises(InputError):
        world.verb("object", world.text.id, Against("没有这一句", "没有证据", True), "zhou")
    with pytest.raises(AccessError):
        world.verb("object", world.text.id, Against(sentence, "没有证据", True), "li")
    made = world.verb("object", world.text.id, Against(sentence, "没有证据", True), "wang")
    with pytest.raises(MoveError):
        world.do("approve", "zhou")
    with pytest.raises(AccessError):
        world.verb("withdraw", made.id, "zhou")
    world.verb("withdraw", made.id, "wang")
    world.do("approve", "zhou")
    world.verb("object", world.text.id, Against(sentence, "口气", True), "zhou")
    with pytest.raises(MoveError):
        world.do("approve", "zhao")
    world.edit(world.text.body.replace("我们不作猜测", "我们不猜"))
    world.approved()
    assert "objection_answered" in world.deeds()


def test_a_suggestion_blocks_nothing(reviews):
    world = reviews()
    world.do("hand_in", "chen")
    world.verb("object", world.text.id, Against("在查清之前，我们不作猜测。", "可以更短", False), "li")
    world.do("approve", "zhou")
    world.do("approve", "zhao")
    assert world.text.state is S.APPROVED


def test_a_yes_nobody_used_for_half_an_hour_runs_out_and_may_be_said_again(reviews):
    world = reviews()
    world.approved()
    world.forward(29)
    assert world.text.state is S.APPROVED
    world.forward(1)
    assert world.text.state is S.EXPIRED
    assert {("text_expired", "zhao")} <= set(world.paged())
    world.forward(1)
    with pytest.raises(MoveError):
        world.post()
    world.do("approve", "zhao")
    world.post()
    assert world.text.state is S.RELEASED


def test_changes_asked_for_and_a_refusal_take_every_yes_back_and_need_words(reviews):
    world = reviews()
    world.do("hand_in", "chen")
    with pytest.raises(InputError):
        world.do("ask_changes", "", "zhou")
    world.do("ask_changes", "第三句没有证据", "zhou")
    assert world.text.state is S.CHANGES_REQUESTED
    world.edit(world.text.body + "。")
    world.approved()
    world.do("reject", "不发了", "zhao")
    assert world.text.state is S.REJECTED
    with pytest.raises(MoveError):
        world.post()


def test_the_right_is_lent_by_the_spokesperson_for_a_scope_and_ends_by_the_clock(reviews):
    world = reviews()
    until = world.clock() + 20 * MINUTE
    for who, person in (("wang", "li"), ("li", "chen")):
        with pytest.raises(AccessError):
            world.verb("lend", person, ID, until, who)
    with pytest.raises(InputError):
        world.verb("lend", "nobody", ID, until, "zhao")
    lent = world.verb("lend", "li", ID, until, "zhao")
    world.do("hand_in", "chen")
    world.do("approve", "zhou")
    assert world.do("approve", "li").role == "delegate"
    world.post(who="li")
    world.clock.forward(until)
    with pytest.raises(AccessError):
        world.post(who="li")
    with pytest.raises(InputError):
        world.verb("take_back", lent.id, "zhao")
    again = world.verb("lend", "chen", "", until + 60 * MINUTE, "zhao")
    world.verb("take_back", again.id, "zhao")
    with pytest.raises(AccessError):
        world.post(who="chen")
    assert {"right_lent", "right_taken_back"} & set(world.deeds()) == {"right_lent"}


def test_a_second_yes_in_the_same_second_is_refused(reviews):
    world = reviews()
    world.approved()
    with pytest.raises(MoveError):
        world.do("approve", "wang")
