"""Which incident a spike belongs to: level, platform and time never make a second one."""

import pytest

from alerts.joining import Known, find
from store.nouns import IncidentStatus, Level
from tests.alerts.crew import incident, spike

FOOD, RUDE = incident(id="food"), incident(id="rude", category="service_failure", key="xinghe:service_failure")
OLD = incident(id="old", status=IncidentStatus.RESOLVED)


def known(one, shared=0.0, same=0.0):
    return Known(one, frozenset({one.category}), shared, same)


def test_with_nothing_known_a_spike_is_a_new_story():
    assert find(spike(), []) is None


@pytest.mark.parametrize("level", list(Level))
def test_the_same_topic_is_the_same_incident_at_any_level(level):
    assert find(spike(level=level), [known(RUDE, 1.0, 1.0), known(FOOD)]) == FOOD


def test_a_contained_incident_is_still_joined():
    contained = incident(id="contained", status=IncidentStatus.CONTAINED)
    assert find(spike(), [known(contained)]) == contained


def test_the_open_one_goes_before_the_closed_one_of_the_same_topic():
    assert find(spike(), [known(OLD), known(FOOD)]) == FOOD
    assert find(spike(), [known(OLD)]) == OLD


@pytest.mark.parametrize(
    ("shared", "same", "joins"),
    [(0.2, 0.0, True), (0.19, 0.0, False), (0.0, 0.3, True), (0.0, 0.29, False), (0.19, 0.29, False)],
)
def test_another_topic_joins_when_it_stands_on_the_same_posts(shared, same, joins):
    found = find(spike(category="rumour"), [known(FOOD, shared, same)])
    assert found == (FOOD if joins else None)


def test_a_spike_without_a_topic_belongs_to_what_is_open_and_brings_nothing_back():
    assert find(spike(category=""), [known(FOOD)]) == FOOD
    assert find(spike(category=""), [known(OLD)]) is None


def test_shared_posts_do_not_bring_back_another_topic_that_is_over():
    assert find(spike(category="rumour"), [known(OLD, 1.0, 1.0)]) is None
