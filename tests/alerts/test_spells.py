"""Silences, campaigns, overrides and absences: who may set them, their limits, their ends, and what they hold back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.spells import (
    Asked,
    add_absence,
    add_campaign,
    add_override,
    add_silence,
    end,
    hushing,
    name_of,
)
from config.errors import AccessError, InputError, MoveError
from store import journal, spells
from store.nouns import IncidentStatus, Level, Spell, Window
from tests.alerts.crew import MINUTE, NOW, incident, person, team

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
TEAM = team(person("kan"), person("ops", ("ops",)), person("boss", ("admin",)))
LI, CHEN, WANG, ZHAO, KAN, OPS, BOSS = (TEAM.find(one) for one in ("li", "chen", "wang", "zhao", "kan", "ops", "boss"))
TONIGHT = Asked(NOW, NOW + 4 * HOUR, "门店停电检修")


@pytest.fixture
def book(store, ids):
    return Book(store, ids)


class Book:
    """Sets and ends spells at NOW, each in a transaction of its own."""

    def __init__(self, store, ids):
        self.store, self.ids = store, ids

    def silence(self, who=LI, brand="xinghe", category="", level=Level.YELLOW, asked=TONIGHT):
        with self.store.transaction() as tx:
            return add_silence(tx, self.ids, who, brand, category, level, asked, NOW)

    def campaign(self, who=LI, brand="xinghe", name="秋季新品", factor=3.0, asked=TONIGHT):
        with self.store.transaction() as tx:
            return add_campaign(tx, self.ids, who, brand, name, factor, asked, NOW)

    def override(self, who=WANG, duty="duty", person="chen", asked=TONIGHT):
        with self.store.transaction() as tx:
            return add_override(tx, self.ids, TEAM, who, duty, person, asked, NOW)

    def absence(self, who=LI, person="li", asked=TONIGHT):
        with self.store.transaction() as tx:
            return add_absence(tx, self.ids, TEAM, who, person, asked, NOW)

    def end(self, spell, who, now=NOW + HOUR):
        with self.store.transaction() as tx:
            return end(tx, spell.id, who, now)

    def kept(self):
        with self.store.reading() as tx:
            return [one for kind in Window for one in spells.between(tx, kind, NOW - DAY, NOW + 100 * DAY)]

    def told(self, spell):
        with self.store.reading() as tx:
            return [
                (one.at, one.who, one.what, one.why, one.detail) for one in journal.entries(tx, f"spell:{spell.id}")
            ]


SPAN = {"since": NOW.isoformat(), "until": (NOW + 4 * HOUR).isoformat()}


def test_each_kind_is_kept_as_asked_and_written_into_the_journal(book):
    until, by = NOW + 4 * HOUR, {"reason": "门店停电检修", "at": NOW}
    expected = [
        (
            book.silence(category="service", level=Level.BLUE),
            Spell("", Window.SILENCE, NOW, until, "li", **by, brand="xinghe", category="service", level=Level.BLUE),
            {"brand": "xinghe", "category": "service", "level": "blue"},
        ),
        (
            book.campaign(factor=2.5),
            replace(
                Spell("", Window.CAMPAIGN, NOW, until, "li", **by, brand="xinghe", factor=2.5),
                reason="秋季新品\n门店停电检修",
            ),
            {"brand": "xinghe", "factor": "2.5"},
        ),
        (
            book.override(),
            Spell("", Window.OVERRIDE, NOW, until, "wang", **by, duty="duty", person="chen"),
            {"duty": "duty", "person": "chen"},
        ),
        (book.absence(), Spell("", Window.ABSENCE, NOW, until, "li", **by, person="li"), {"person": "li"}),
    ]
    for made, spell, detail in expected:
        assert made == replace(spell, id=made.id)
        entry = (NOW, spell.author, f"{spell.kind.value}_set", spell.reason, SPAN | detail)
        assert book.told(made) == [entry]
    assert book.kept() == [made for made, _, _ in expected]


def test_the_first_line_of_a_campaign_is_its_name(book):
    made = book.campaign(name=" 秋季\n新品 ", asked=replace(TONIGHT, reason="十城\n\n上市"))
    assert name_of(made) == ("秋季 新品", "十城 上市")


SILENCE_FAULTS = {
    "no brand": ({"brand": ""}, "silence: brand: must name one brand; all brands at once is not allowed."),
    "no level": ({"level": Level.NONE}, "silence: level: must be blue, yellow, orange or red."),
    "four characters": ({"asked": replace(TONIGHT, reason="  ab c ")}, None),
    "three characters": (
        {"asked": replace(TONIGHT, reason=" 停电了 ")},
        "silence: reason: must have 4 to 300 characters.",
    ),
    "too many words": (
        {"asked": replace(TONIGHT, reason="长" * 301)},
        "silence: reason: must have 4 to 300 characters.",
    ),
    "longer than a day": (
        {"asked": replace(TONIGHT, until=NOW + 24 * HOUR + SECOND)},
        "silence: until: must be at most 24 hours after its beginning.",
    ),
    "a whole day": ({"asked": replace(TONIGHT, until=NOW + 24 * HOUR)}, None),
    "in the past": ({"asked": replace(TONIGHT, since=NOW - MINUTE)}, "silence: from: must be now or later."),
    "this very minute": ({"asked": replace(TONIGHT, since=NOW - MINUTE + SECOND)}, None),
    "in two weeks": ({"asked": Asked(NOW + 14 * DAY, NOW + 14 * DAY + HOUR, "停电检修")}, None),
    "later than that": (
        {"asked": Asked(NOW + 14 * DAY + SECOND, NOW + 15 * DAY, "停电检修")},
        "silence: from: must be at most 14 days from now.",
    ),
    "backwards": ({"asked": replace(TONIGHT, until=NOW)}, "silence: until: must be after its beginning."),
}


@pytest.mark.parametrize(("changes", "fault"), SILENCE_FAULTS.values(), ids=SILENCE_FAULTS)
def test_what_a_silence_may_be(book, changes, fault):
    if fault is None:
        assert book.kept() == [] and book.silence(**changes) in book.kept()
        return
    with pytest.raises(InputError) as refused:
        book.silence(**changes)
    assert (str(refused.value), book.kept()) == (fault, [])


def test_a_silence_that_was_to_begin_a_few_seconds_ago_begins_now(book):
    assert book.silence(asked=replace(TONIGHT, since=NOW - 30 * SECOND)).since == NOW


CAMPAIGN_FAULTS = {
    "no brand": ({"brand": ""}, "campaign: brand: must name one brand; all brands at once is not allowed."),
    "no name": ({"name": " a "}, "campaign: name: must have 2 to 40 characters."),
    "a novel for a name": ({"name": "长" * 41}, "campaign: name: must have 2 to 40 characters."),
    "no more than usual": ({"factor": 1.4}, "campaign: factor: must lie between 1.5 and 5."),
    "half as much again": ({"factor": 1.5}, None),
    "five times": ({"factor": 5.0}, None),
    "as good as mute": ({"factor": 5.1}, "campaign: factor: must lie between 1.5 and 5."),
    "no number": ({"factor": float("nan")}, "campaign: factor: must lie between 1.5 and 5."),
    "no reason": ({"asked": replace(TONIGHT, reason="")}, "campaign: reason: must have 4 to 300 characters."),
    "two weeks": ({"asked": replace(TONIGHT, until=NOW + 14 * DAY)}, None),
    "longer": (
        {"asked": replace(TONIGHT, until=NOW + 14 * DAY + SECOND)},
        "campaign: until: must be at most 14 days after its beginning.",
    ),
}


@pytest.mark.parametrize(("changes", "fault"), CAMPAIGN_FAULTS.values(), ids=CAMPAIGN_FAULTS)
def test_what_a_campaign_may_be(book, changes, fault):
    if fault is None:
        assert book.campaign(**changes) in book.kept()
        return
    with pytest.raises(InputError) as refused:
        book.campaign(**changes)
    assert (str(refused.value), book.kept()) == (fault, [])


OVERRIDE_FAULTS = {
    "no such duty": ({"duty": "night"}, "override: duty: must be one of: duty, backup, lead."),
    "no such person": ({"person": "nobody"}, "override: person: must be somebody of the team (team.toml)."),
    "over already": (
        {"asked": Asked(NOW - 2 * HOUR, NOW, "换班")},
        "override: until: must not be over already.",
    ),
    "began already": ({"asked": Asked(NOW - 2 * HOUR, NOW + HOUR, "换班")}, None),
    "two weeks": ({"asked": Asked(NOW, NOW + 14 * DAY, "换班")}, None),
    "longer": (
        {"asked": Asked(NOW, NOW + 14 * DAY + SECOND, "换班")},
        "override: until: must be at most 14 days after its beginning.",
    ),
    "backwards": ({"asked": Asked(NOW + DAY, NOW + HOUR, "换班")}, "override: until: must be after its beginning."),
    "no reason": ({"asked": replace(TONIGHT, reason="换")}, "override: reason: must have 2 to 300 characters."),
}


@pytest.mark.parametrize(("changes", "fault"), OVERRIDE_FAULTS.values(), ids=OVERRIDE_FAULTS)
def test_what_an_override_may_be(book, changes, fault):
    if fault is None:
        assert book.override(**changes) in book.kept()
        return
    with pytest.raises(InputError) as refused:
        book.override(**changes)
    assert (str(refused.value), book.kept()) == (fault, [])


def test_an_absence_is_somebodys_and_ends_some_day(book):
    with pytest.raises(InputError, match="absence: person: must be somebody of the team"):
        book.absence(who=WANG, person="nobody")
    with pytest.raises(InputError, match="absence: until: must be at most 90 days after its beginning"):
        book.absence(asked=Asked(NOW, NOW + 90 * DAY + SECOND, "休假"))
    assert book.kept() == []
    assert book.absence(asked=Asked(NOW - DAY, NOW + 89 * DAY, "休假")) in book.kept()


WHO_MAY = [
    *[(who, lambda book, who: book.silence(who=who), who in (LI, CHEN, WANG, OPS, BOSS)) for who in TEAM.person],
    *[(who, lambda book, who: book.campaign(who=who), who in (LI, CHEN, WANG, OPS, BOSS)) for who in TEAM.person],
    *[(who, lambda book, who: book.silence(who=who, level=Level.ORANGE), who == WANG) for who in TEAM.person],
    *[(who, lambda book, who: book.silence(who=who, level=Level.RED), who == WANG) for who in TEAM.person],
    # Oneself by a swap: whoever stands in a rota; kan and zhao stand in none.
    *[(who, lambda book, who: book.override(who=who, person=who.id), who not in (KAN, ZHAO)) for who in TEAM.person],
    *[(who, lambda book, who: book.override(who=who, person="zhao"), who in (WANG, OPS, BOSS)) for who in TEAM.person],
    *[(who, lambda book, who: book.absence(who=who, person=who.id), True) for who in TEAM.person],
    *[(who, lambda book, who: book.absence(who=who, person="zhao"), who in (WANG, BOSS, ZHAO)) for who in TEAM.person],
]


@pytest.mark.parametrize(("who", "sets", "allowed"), WHO_MAY)
def test_who_may_set_what(book, who, sets, allowed):
    if allowed:
        assert book.kept() == [] and sets(book, who) in book.kept()
        return
    with pytest.raises(AccessError):
        sets(book, who)
    assert book.kept() == []


def test_whoever_may_end_it_ends_it_once_and_the_journal_says_so(book):
    silence = book.silence()
    assert silence.covers(NOW + HOUR)
    ended = book.end(silence, CHEN)
    assert ended == replace(silence, ended_at=NOW + HOUR, ended_by="chen")
    assert not ended.covers(NOW + HOUR)
    assert book.kept() == [ended]
    assert book.told(silence)[1:] == [(NOW + HOUR, "chen", "spell_ended", "", {"kind": "silence"})]
    with pytest.raises(MoveError, match="It is over already"):
        book.end(silence, CHEN, NOW + 2 * HOUR)
    assert book.kept() == [ended]


def test_what_never_was_or_ran_out_cannot_be_ended(book):
    with pytest.raises(MoveError, match="There is no such"):
        book.end(Spell("f" * 32, Window.SILENCE, NOW, NOW, "li", "", NOW), WANG)
    silence = book.silence()
    with pytest.raises(MoveError, match="It is over already"):
        book.end(silence, WANG, NOW + 4 * HOUR)


@pytest.mark.parametrize(
    ("sets", "enders"),
    [
        (lambda book: book.silence(who=WANG), {"li", "chen", "wang", "ops", "boss"}),
        (lambda book: book.campaign(who=WANG), {"li", "chen", "wang", "ops", "boss"}),
        (lambda book: book.override(who=OPS, person="zhao"), {"ops", "zhao", "wang", "boss"}),
        (lambda book: book.absence(who=ZHAO, person="zhao"), {"zhao", "wang", "boss"}),
    ],
    ids=["silence", "campaign", "override", "absence"],
)
def test_who_may_end_what(book, sets, enders):
    for who in TEAM.person:
        spell = sets(book)
        if who.id in enders:
            assert book.end(spell, who).ended_by == who.id
        else:
            with pytest.raises(AccessError):
                book.end(spell, who)
    assert {one.ended_by for one in book.kept()} == enders | {""}


# What holds a call back.
QUIET = Spell("q", Window.SILENCE, NOW - HOUR, NOW + HOUR, "wang", "检修", NOW - HOUR, brand="xinghe")
RED = incident(id="r", number=3, level=Level.RED, category="food_safety")


def held(brand="xinghe", category="service", level=Level.YELLOW, silences=(), incidents=(), now=NOW):
    return hushing(brand, category, level, silences, incidents, now)


@pytest.mark.parametrize(
    ("silence", "found"),
    [
        (QUIET, "silence:q"),
        (replace(QUIET, category="service"), "silence:q"),
        (replace(QUIET, category="labour"), ""),
        (replace(QUIET, brand="yunding"), ""),
        (replace(QUIET, brand=""), ""),
        (replace(QUIET, level=Level.BLUE), ""),
        (replace(QUIET, kind=Window.CAMPAIGN), ""),
        (replace(QUIET, until=NOW), ""),
        (replace(QUIET, since=NOW + SECOND), ""),
        (replace(QUIET, ended_at=NOW - MINUTE), ""),
    ],
    ids=[
        "whole-brand",
        "its-topic",
        "other-topic",
        "other-brand",
        "no-brand",
        "lower-level",
        "campaign",
        "over",
        "not-yet",
        "ended",
    ],
)
def test_a_silence_holds_its_own_brand_topic_and_time(silence, found):
    assert held(silences=[silence]) == found


@pytest.mark.parametrize(
    ("graver", "found"),
    [
        (RED, "incident:r"),
        (replace(RED, level=Level.ORANGE), "incident:r"),
        (replace(RED, level=Level.YELLOW), ""),
        (replace(RED, status=IncidentStatus.CONTAINED), ""),
        (replace(RED, status=IncidentStatus.RESOLVED), ""),
        (replace(RED, status=IncidentStatus.MERGED), ""),
        (replace(RED, brand="yunding"), ""),
        (replace(RED, category="service"), ""),
    ],
    ids=["red", "orange", "equal", "contained", "resolved", "merged", "other-brand", "itself"],
)
def test_a_graver_open_incident_of_the_same_brand_holds_back_what_stands_beside_it(graver, found):
    assert held(incidents=[graver]) == found


@pytest.mark.parametrize(
    ("level", "graver", "found"),
    [
        (Level.BLUE, Level.ORANGE, "incident:r"),
        (Level.YELLOW, Level.ORANGE, "incident:r"),
        (Level.ORANGE, Level.ORANGE, ""),
        (Level.ORANGE, Level.RED, ""),
        (Level.RED, Level.RED, ""),
    ],
)
def test_orange_and_red_are_always_called_for_whatever_else_burns(level, graver, found):
    assert held(level=level, incidents=[replace(RED, level=graver)]) == found


def test_the_worst_of_several_is_named_and_a_silence_goes_first():
    orange = replace(RED, id="o", number=1, level=Level.ORANGE, category="labour")
    older = replace(RED, id="p", number=2, category="data_breach")
    assert held(incidents=[orange, RED, older]) == "incident:p"
    assert held(incidents=[RED], silences=[QUIET]) == "silence:q"


brands = st.sampled_from(["xinghe", "yunding"])
topics = st.sampled_from(["", "service", "food_safety"])
levels = st.sampled_from(list(Level))
silences = st.builds(
    lambda **given_: replace(QUIET, **given_),
    id=st.uuids().map(str),
    brand=st.sampled_from(["xinghe", "yunding", ""]),
    category=topics,
    level=levels,
    kind=st.sampled_from(list(Window)),
    since=st.sampled_from([NOW - HOUR, NOW, NOW + HOUR]),
    until=st.sampled_from([NOW, NOW + 2 * HOUR]),
    ended_at=st.sampled_from([None, NOW, NOW + HOUR]),
)
incidents = st.builds(
    lambda **given_: replace(RED, **given_),
    id=st.uuids().map(str),
    brand=brands,
    category=topics,
    level=levels,
    status=st.sampled_from(list(IncidentStatus)),
)


# What is under control silences nobody.
OPEN = (IncidentStatus.OPEN,)


@given(brands, topics, levels, st.lists(silences, max_size=4), st.lists(incidents, max_size=4))
def test_nothing_holds_back_another_brand_or_what_is_as_grave(brand, category, level, quiet, known):
    def holds(one):
        return one.brand == brand and one.category in ("", category) and one.level.rank >= level.rank

    def stands_above(one):
        return one.brand == brand and one.category != category and level.rank <= Level.YELLOW.rank < one.level.rank

    found = hushing(brand, category, level, quiet, known, NOW)
    kind, _, name = found.partition(":")
    by_silence = [one for one in quiet if kind == "silence" and one.id == name]
    by_incident = [one for one in known if kind == "incident" and one.id == name]
    assert len(by_silence) + len(by_incident) == (1 if found else 0)
    for one in by_silence:
        assert (one.kind, one.covers(NOW), holds(one)) == (Window.SILENCE, True, True)
    for one in by_incident:
        assert one.level.rank > level.rank
        assert (one.status in OPEN, stands_above(one)) == (True, True)
    if not found:
        # Nor is anything let through that should be held.
        assert not any(one.kind == Window.SILENCE and one.covers(NOW) and holds(one) for one in quiet)
        assert not any(one.status in OPEN and stands_above(one) for one in known)
