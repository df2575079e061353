"""Stories: a text that is bare, long, late at night, or does not agree with what stands elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from statements.rules.consistency import amounts
from statements.rules.documents import lint_document
from statements.rules.standing import Stand, lint_strategy
from statements.rules.strategy_words import Strategy
from statements.writing.render import load_template, render
from store.nouns import Attribution, CrisisCluster, Draft, DraftState, FactStatus, Level
from tests.statements.room import NOW, SEEN, T0, context, document, fact

PAGE = {"zh": "我们现在已经做的", "en": "What we have done"}


def body(lang: str = "zh") -> str:
    return render(load_template("holding", "food_safety", lang), context("food_safety", lang)).body


def with_line(line: str, lang: str = "zh") -> str:
    return body(lang).replace(PAGE[lang], f"{line}\n{PAGE[lang]}", 1)


def rules(text: str, lang: str = "zh", **changes) -> list[tuple[str, str, str]]:
    given = replace(document(), **changes)
    return [(one.rule, one.level, text[one.start : one.end]) for one in lint_document(text, lang, given)]


@pytest.mark.parametrize(
    ("lang", "line", "quote"),
    [
        ("zh", "我们在14:05看到了视频。", "我们在14:05看到"),
        ("zh", "我司于13:40收到顾客反馈。", "我司于13:40收到顾客反馈"),
        ("en", "We saw the video at 14:05.", "We saw the video at 14:05"),
    ],
)
def test_claiming_to_have_known_at_another_time_than_the_log_says_is_never_released(lang, line, quote):
    text = f"{line}\n" + body(lang).replace("14:17", "14:05") if lang == "zh" else f"{line}\n{body(lang)}"
    assert ("D19", "X", quote) in rules(text, lang)


@pytest.mark.parametrize(("lang", "line"), [("zh", "我们在14:17看到了视频。"), ("en", "We saw it at 2:17 p.m. today.")])
def test_the_time_on_record_is_the_time_to_say(lang, line):
    assert "D19" not in {rule for rule, _, _ in rules(f"{line}\n{body(lang)}", lang)}
    acked = replace(document().incident, detected_at=T0, acked_at=SEEN)
    assert "D19" not in {rule for rule, _, _ in rules(f"{line}\n{body(lang)}", lang, incident=acked)}


def test_a_report_received_at_another_hour_is_no_claim_of_having_learned_then():
    assert "D19" not in {rule for rule, _, _ in rules(with_line("我们在14:40收到检测机构的回执。"))}


@pytest.mark.parametrize(("line", "figure"), [("每位顾客补偿300元。", "300元"), ("我们为您退款1,000元。", "1,000元")])
def test_a_remedy_outside_the_matrix_is_refused_and_one_inside_passes(line, figure):
    text = with_line(line)
    assert ("D13", "E", figure) in rules(text)
    assert "D13" not in {rule for rule, _, _ in rules(text, cleared=amounts(["每单补偿300元", "退款1000元"]))}


def test_money_that_was_paid_is_a_fact_and_no_promise():
    paid = fact("F9", "done", "已退款1000元", "1,000 yuan were refunded")
    text = with_line("已退款1000元。")
    assert "D13" not in {rule for rule, _, _ in rules(text, facts=(*document().facts, paid))}


def test_what_another_open_incident_found_false_is_not_said_here():
    elsewhere = (fact("F1", "done", "同批次原料已全部封存", "the whole batch is sealed", status=FactStatus.REFUTED),)
    assert ("D18", "E", "同批次原料已全部封存") in rules(with_line("同批次原料已全部封存。"), elsewhere=elsewhere)
    stands = (replace(elsewhere[0], status=FactStatus.CONFIRMED),)
    assert "D18" not in {rule for rule, _, _ in rules(with_line("同批次原料已全部封存。"), elsewhere=stands)}


def draft(lang: str, text: str, **changes) -> Draft:
    made = Draft("d" + lang, "a" * 32, "holding", lang, 1, text, "", ("F1", "F2"), (), DraftState.DRAFT, "system", NOW)
    return replace(made, **changes)


@pytest.mark.parametrize(("state", "level"), [(DraftState.DRAFT, "W"), (DraftState.APPROVED, "E")])
def test_the_two_languages_say_the_same_facts_contact_and_next_update(state, level):
    zh, en = draft("zh", body("zh")), draft("en", body("en"), state=state)
    assert "D11" not in {rule for rule, _, _ in rules(zh.body, draft=zh, twin=en)}
    fewer = replace(zh, fact_ids=("F1",))
    assert ("D11", level, "") in rules(zh.body, draft=fewer, twin=en)
    later = replace(zh, body=body("zh").replace("17:00", "17:30"))
    assert ("D11", level, "") in rules(later.body, draft=later, twin=en)
    other_mail = replace(zh, body=body("zh").replace("pr@xinghe.example", ""))
    assert ("D11", level, "") in rules(other_mail.body, draft=other_mail, twin=en)


def test_harm_asks_for_advice_whatever_the_category():
    text = "\n".join(line for line in body().split("\n") if not line.startswith("如果您买过"))
    calm = replace(document().incident, category="labour")
    assert "D04" not in {rule for rule, _, _ in rules(text, incident=calm)}
    assert ("D04", "E", "") in rules(text, incident=calm, harm=2)
    assert ("D04", "X", "") in rules(text, incident=calm, harm=3)


@pytest.mark.parametrize(("level", "late"), [(Level.RED, True), (Level.ORANGE, False), (Level.YELLOW, False)])
def test_the_next_update_comes_within_the_cadence_of_the_level(level, late):
    text = body().replace("17:00", "16:50")
    given = replace(document().incident, level=level)
    assert (("D01", "E", "") in rules(text, incident=given)) is late


def test_intensifiers_without_facts_are_a_warning_and_with_facts_are_not():
    loud = "我们深感痛心，高度重视，全力整改，彻底反思。" * 3
    assert "D10" in {rule for rule, _, _ in rules(loud)}
    assert "D10" not in {rule for rule, _, _ in rules(with_line("我们深感痛心。"))}


@pytest.mark.parametrize(("hours", "rule"), [(11, "D14"), (3 * 24, "D16")])
def test_the_hour_and_the_day_are_remarked_upon(hours, rule):
    then = NOW + timedelta(hours=hours)
    found = {(one.rule, one.level) for one in lint_document(body(), "zh", replace(document(), now=then))}
    assert (rule, "I") in found
    assert rule not in {one for one, _, _ in rules(body())}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_sentence_is_two(lang):
    line = "我们" + "为此事做了很多很多的工作" * 6 + "。" if lang == "zh" else "We " + "did very much " * 12 + "today."
    assert "D17" in {rule for rule, _, _ in rules(with_line(line, lang), lang)}


@pytest.mark.parametrize("kind", ["closing", "internal", "frontline", "correction", "apology", "update", "short"])
def test_a_kind_is_held_to_what_belongs_in_it(kind):
    found = {rule for rule, _, _ in rules("说明。", kind=kind)}
    assert ("D01" in found) == (kind in ("update", "short"))
    assert ("D02" in found) == (kind not in ("internal", "frontline"))
    assert ("D03" in found) == (kind == "apology")
    assert "D04" not in found


def attribution(cluster: CrisisCluster) -> Attribution:
    return Attribution("x" * 32, "a" * 32, cluster, history=False, reason="查实", who="zhou", at=NOW)


@pytest.mark.parametrize(
    ("cluster", "level"),
    [(None, ("E",)), (attribution(CrisisCluster.PREVENTABLE), ("E",)), (attribution(CrisisCluster.VICTIM), ("E",))],
)
def test_a_denial_without_proof_is_locked(cluster, level):
    stand = Stand(cluster, (), (), frozenset())
    found = list(lint_strategy("网传内容不属实，系谣言。", "zh", stand))
    assert tuple(one.level for one in found) == level
    assert all(one.rule == "D12" and one.message for one in found)


def test_what_was_apologised_for_is_not_denied_later():
    stand = Stand(None, (), (), frozenset({Strategy.DENY}))
    assert "L" in {one.level for one in lint_strategy("我们向这位顾客道歉。", "zh", stand)}
    assert not list(lint_strategy("我们向这位顾客道歉。", "zh", replace(stand, earlier=frozenset())))


def test_a_correction_may_quote_what_was_wrong():
    wrong = fact("F9", "scope", "共有12家门店受影响", "12 stores were affected", status=FactStatus.REFUTED)
    former = (replace(wrong, status=FactStatus.CONFIRMED),)
    text = with_line("我们在第1号说明中说共有12家门店受影响，这是错的。")
    given = {"facts": (*document().facts, wrong), "former": former}
    assert {"D07", "D06"} & {rule for rule, level, _ in rules(text, **given) if level in ("X", "E")}
    assert not {"D07", "D06"} & {
        rule for rule, level, _ in rules(text, kind="correction", **given) if level in ("X", "E")
    }


@pytest.mark.parametrize(("name", "line"), [("柚子妈妈", "感谢柚子妈妈提出问题。"), ("joe1987", "We thank joe1987.")])
def test_whoever_posted_is_not_named(name, line):
    assert ("D22", "E", name) in rules(with_line(line), posters=(name, "a"))
    assert "D22" not in {rule for rule, _, _ in rules(with_line("感谢提出问题的顾客。"), posters=(name, "a", ""))}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("柚子妈妈", "柚子 妈妈"),
        ("柚子妈妈", "柚\u200b子妈\u2060妈"),
        ("Joe1987", "JOE1987"),
        ("joe1987", "ｊｏｅ１９８７"),
        ("\u200bjoe1987 ", "joe1987"),
    ],
)
def test_no_way_of_writing_hides_whoever_posted(name, written):
    assert ("D22", "E", written) in rules(with_line(f"感谢{written}提出问题。"), posters=(name,))


def test_a_name_inside_another_word_is_nobody():
    assert "D22" not in {rule for rule, _, _ in rules(with_line("We announced it."), posters=("anno", "nounced"))}
