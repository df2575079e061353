"""Stories: templates borrow facts, show what is missing, and can reach nothing outside their vocabulary."""

import pytest

from config.errors import TemplateError
from statements.writing.render import load_template, render
from statements.writing.vocabulary import VOCABULARY, check_template
from store.nouns import FactScope, FactStatus
from tests.statements.room import CATEGORIES, context, fact, good_facts


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_good_facts_leave_nothing_open_and_every_borrowed_fact_is_named(category, lang):
    made = render(load_template("holding", category, lang), context(category, lang))
    assert made.missing == ()
    assert set(made.fact_ids) == {"F1", "F2", "F3", "F4", "F5"}
    borrowed = {span.label: made.body[span.start : span.end] for span in made.spans if span.kind == "fact"}
    assert borrowed == {one.label: one.zh if lang == "zh" else one.en for one in good_facts()}


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ("{{ ''.__class__ }}", 1, "__class__"),
        ("一\n二\n{{ secret }}", 3, "secret"),
        ("{{ brand }}\n{{ brand|upper }}", 2, "upper"),
        ("{% import 'os' as os %}", 1, "import"),
        ("\n{% include 'x' %}", 2, "include"),
        ("{% set brand = 'x' %}", 1, "brand"),
        ("{{ facts('nothing') }}", 1, "nothing"),
        ("{{ brand() }}", 1, "brand"),
        ("{{ fact.__globals__ }}", 1, "__globals__"),
        ("{% for a in answers %}{{ a.format }}{% endfor %}", 1, "format"),
    ],
)
def test_the_box_refuses_by_line_and_word(source, line, word):
    with pytest.raises(TemplateError) as caught:
        check_template(source)
    assert (caught.value.line, caught.value.word) == (line, word)
    with pytest.raises(TemplateError):
        render(source, context())


def test_a_broken_template_names_its_line():
    with pytest.raises(TemplateError) as caught:
        check_template("一\n{% if brand %}\n二")
    assert caught.value.line in (2, 3)


def test_every_example_of_the_vocabulary_is_allowed():
    for word in VOCABULARY:
        check_template(word.example.replace("…", ""))


@pytest.mark.parametrize(
    ("status", "scope"),
    [
        (FactStatus.UNVERIFIED, FactScope.PUBLIC),
        (FactStatus.REFUTED, FactScope.PUBLIC),
        (FactStatus.WITHDRAWN, FactScope.PUBLIC),
        (FactStatus.CONFIRMED, FactScope.INTERNAL),
        (FactStatus.CONFIRMED, FactScope.PRIVILEGED),
    ],
)
def test_a_fact_that_may_not_be_said_is_refused_by_name_and_left_out_of_lists(status, scope):
    hidden = fact("F1", "done", "内部措施", "an internal step", status=status, scope=scope)
    with pytest.raises(TemplateError) as caught:
        render('一\n{{ fact("F1") }}', context(facts=(hidden,)))
    assert (caught.value.line, caught.value.word) == (2, "F1")
    assert render('{% for one in facts("done") %}{{ one }}{% endfor %}', context(facts=(hidden,))).body == ""


def test_what_is_missing_stands_as_a_mark_and_in_the_list():
    made = render('{{ fact("F9") }}，{{ need("门店名称") }}', context())
    assert (made.body, made.missing) == ("【待确认：F9】，【待确认：门店名称】", ("F9", "门店名称"))


def test_a_facts_words_are_words_and_never_template_or_lines():
    tricky = fact("F1", "done", "{{ brand }}\n第二行\u202e\ue000x", "x")
    made = render('{{ fact("F1") }}', context(facts=(tricky,)))
    assert made.body == "｛｛ brand ｝｝ 第二行x"


def test_categories_without_their_own_text_use_the_general_one_and_names_never_climb():
    assert load_template("qa", "labour", "zh") == load_template("qa", "general", "zh")
    assert load_template("holding", "../qa/rumour", "zh") == load_template("holding", "general", "zh")
    with pytest.raises(TemplateError):
        load_template("novel", "general", "zh")
