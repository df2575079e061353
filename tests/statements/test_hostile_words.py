"""Whatever people and posts say, it stays words: it never runs in a template and never turns into a mark or a line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import TemplateError
from desk.screens.frame import pages
from statements.known.since import read_measures
from statements.writing.marks import neutral
from statements.writing.render import KINDS, LANGS, load_template, render
from statements.writing.template_samples import sample_context
from statements.writing.vocabulary import check_template

POISON = (
    "{{ 7*7 }}",
    "{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "{# hidden #}",
    "<script>alert(1)</script>",
    "\ue000fact\ue001F9\ue001",
    "\ue003contact\ue002",
    "\u202e\u2066\u200b",
    "【待确认：",
    "\n第二行\r\n\x0b\x85\u2028",
    "{{ need('x') }}",
)
HOSTILE = st.lists(st.one_of(st.sampled_from(POISON), st.text(max_size=20)), min_size=1, max_size=5).map("".join)
ON_DEMAND = tuple(kind for kind in KINDS if kind != "qa")


@given(HOSTILE, st.sampled_from(ON_DEMAND), st.sampled_from(LANGS))
def test_hostile_facts_names_contacts_and_measures_never_run(words, kind, lang):
    context = sample_context(kind, "food_safety", lang, words)
    facts = tuple(replace(one, zh=words, en=words, evidence=words) for one in context.facts)
    changes = tuple(replace(one, after=replace(one.after, zh=words, en=words)) for one in context.changes)
    measures = read_measures(f"{words}|{words}|{words}")
    hostile = replace(
        context,
        brand_name=words,
        company=words,
        contact_phone=words,
        contact_email=words,
        place=words,
        facts=facts,
        changes=changes,
        measures=measures,
    )
    made = render(load_template(kind, "food_safety", lang), hostile)
    for sign in ("{{", "}}", "{%", "%}", "{#", "\ue000", "\ue001", "\ue002", "\ue003", "\u202e", "\u2066", "\u200b"):
        assert sign not in made.body
    assert {one.label for one in made.spans if one.kind == "fact"} <= {one.label for one in facts}
    # As many lines as the same text with tame words: outside words add none.
    assert made.body == "\n".join(made.body.split("\n"))
    for one in made.spans:
        assert "\n" not in made.body[one.start : one.end]


@given(HOSTILE)
def test_hostile_words_stand_escaped_on_every_screen_that_shows_them(words):
    shown = pages().from_string('<p title="{{ x }}">{{ x }}</p>').render(x=words)
    assert "<script" not in shown
    assert shown.count("<p") == 1


@given(HOSTILE)
def test_a_hostile_template_is_plain_text_or_refused(words):
    try:
        check_template(words)
        made = render(words, sample_context("holding", "food_safety", "zh", "食品安全"))
    except TemplateError:
        return
    assert "49" not in made.body or "49" in neutral(words)


@pytest.mark.parametrize("words", POISON)
def test_neutral_words_are_neutral_twice(words):
    assert neutral(neutral(words)) == neutral(words)
