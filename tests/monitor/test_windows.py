"""The last six hours: sums over what was heard of them, in room that never grows."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.windows import HALF, HOUR, LONGEST, Bucket, Windows

LIFE = st.lists(st.one_of(st.none(), st.integers(0, 50)), max_size=200)


def one(voices: float) -> Bucket:
    return Bucket(voices, 2.0, voices / 2, voices, voices, 0)


def lived(life, seen: Windows | None = None) -> Windows:
    """Buckets in order; None: nobody heard it."""
    seen = seen or Windows()
    for voices in life:
        seen.push_unheard(2.0) if voices is None else seen.push(one(voices))
    return seen


@given(LIFE)
def test_a_span_is_what_was_heard_of_its_buckets(life):
    seen, last = lived(life), ([None] * LONGEST + life)[-LONGEST:]
    heard = [voices for voices in last[-HOUR:] if voices is not None]
    span = seen.span(HOUR, 0.1)
    assert (span.voices, span.usual, span.negative) == (sum(heard), 2.0 * len(heard), sum(heard) / 2)
    assert span.usual_negative == pytest.approx(0.2 * len(heard))
    assert span.heard == pytest.approx(len(heard) / HOUR)
    assert seen.known == sum(voices is not None for voices in last)


@given(LIFE, LIFE)
def test_what_is_kept_goes_on_as_if_it_had_never_stopped(life, later):
    seen = lived(life)
    again = Windows.from_state(json.loads(json.dumps(seen.to_state())))
    assert lived(later, again).to_state() == lived(later, seen).to_state()


def test_a_year_takes_no_more_room_than_six_hours():
    short, long = lived([7] * LONGEST), lived([7] * 100_000)
    assert long.to_state() == short.to_state()
    assert long.known == LONGEST


def test_of_unheard_buckets_fifteen_minutes_are_taken_as_usual_and_half_an_hour_as_nothing():
    seen = lived([9, None, None])
    assert seen.quarter == [9.0, 2.0, 2.0]
    assert [bucket.posts for bucket in seen.latest] == [0, 0, 0, 9, 0, 0]
    assert len(seen.latest) == HALF


def test_moods_that_nobody_knows_are_no_complaints():
    span = lived([9] * HOUR).span(HOUR, None)
    assert (span.voices, span.negative, span.usual_negative) == (108, 0.0, 0.0)


def test_more_unheard_buckets_than_there_is_room_for_are_forgotten_at_once():
    seen = lived([9] * LONGEST)
    seen.unheard(10**9, 2.0)
    assert (seen.known, seen.span(LONGEST, 0.1).voices) == (0, 0.0)
