"""Near or not: the spans of two lists of places against every pair of them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.query.near import near


def every_pair(left, right, most, ordered):
    """All spans, not the nearest alone."""
    found = set()
    for a in left:
        for b in right:
            if a[1] <= b[0] and b[0] - a[1] <= most:
                found.add((a[0], b[1]))
            if not ordered and b[1] <= a[0] and a[0] - b[1] <= most:
                found.add((b[0], a[1]))
    return found


PLACES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 3)).map(lambda one: (one[0], sum(one))), max_size=6)
LEFT_RIGHT = st.tuples(PLACES, PLACES).map(lambda both: tuple(sorted(set(one)) for one in both))


@settings(max_examples=300, deadline=None)
@given(LEFT_RIGHT, st.integers(0, 8), st.booleans())
def test_the_nearest_partners_are_among_all_and_each_place_that_has_one_has_a_span(both, most, ordered):
    left, right = both
    found = near(left, right, most, ordered, lambda start, end: end - start)
    every = every_pair(left, right, most, ordered)
    assert found == sorted(set(found))
    assert set(found) <= every
    assert bool(found) is bool(every)
    assert {start for start, _ in found} == {start for start, _ in every}
    assert {end for _, end in found} == {end for _, end in every}


def test_many_places_make_few_spans():
    left = [(at, at + 1) for at in range(0, 40_000, 2)]
    right = [(at, at + 1) for at in range(1, 40_000, 2)]
    assert len(near(left, right, 1000, False, lambda start, end: end - start)) <= 2 * (len(left) + len(right))
