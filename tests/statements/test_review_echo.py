"""The echo of the first answer: usual hours, the hour before, +1/4/24/72 h, and when it was half as loud."""

from dataclasses import replace
from datetime import timedelta

from statements.looking_back.echo import HOUR, Echo, Loudness, echo
from statements.looking_back.review import build_review, to_text
from store.nouns import Bucket
from tests.statements.room import T0
from tests.statements.test_review_text import after, told

ANSWERED = after(47)


def buckets(*hours: tuple[float, int, int]) -> list[Bucket]:
    """(hours since T0, mentions, negative ones), each in one bucket of five minutes."""
    return [Bucket(T0 + hour * HOUR, mentions, negative, 0) for hour, mentions, negative in sorted(hours)]


QUIET = [(-float(hour), 2, 1) for hour in range(1, 49)]
LOUD = [(0.1, 40, 32), (0.5, 60, 48), (1.5, 120, 60), (2.5, 80, 30), (3.5, 50, 20), (4.5, 20, 5), (24.5, 10, 1)]


def test_each_hour_is_told_beside_the_usual_one():
    found = echo(buckets(*QUIET, *LOUD), T0, ANSWERED, T0 + 100 * HOUR)
    assert found == Echo(
        usual=Loudness(2, 1),
        before=Loudness(100, 80),
        after=((1, Loudness(120, 60)), (4, Loudness(20, 5)), (24, Loudness(10, 1)), (72, Loudness(0, 0))),
        half_life=2,
    )
    assert (found.before.share, found.after[-1][1].share) == (0.8, None)


def test_hours_that_are_not_over_are_not_told():
    found = echo(buckets(*QUIET, *LOUD), T0, ANSWERED, ANSWERED + 3 * HOUR)
    assert [one for _, one in found.after[1:]] == [None, None, None]
    assert found.after[0][1] == Loudness(120, 60)
    assert found.half_life is None


def test_a_brand_watched_since_two_days_has_no_silent_days_in_its_usual():
    assert echo(buckets(*QUIET), T0, ANSWERED, ANSWERED).usual == Loudness(2, 1)
    assert echo([], T0, ANSWERED, ANSWERED) == Echo(
        Loudness(0, 0), Loudness(0, 0), ((1, None), (4, None), (24, None), (72, None)), None
    )


def test_the_sheet_tells_it_and_says_it_proves_nothing():
    found = echo(buckets(*QUIET, *LOUD), T0, ANSWERED, ANSWERED + 5 * HOUR)
    text = to_text(build_review(replace(told(), echo=found)), "zh")
    for row in ("| 平时每小时 | 2 | 50% |", "| 回应前一小时 | 100 | 80% |", "| 回应后第 4 小时 | 20 | 25% |"):
        assert row in text
    assert "| 回应后第 72 小时 | 未到 | — |" in text and "声量减半，小时：2" in text
    assert text.index("声量减半") < text.index("只是先后关系")
    assert "| hour 1 after | 120 | 50% |" in to_text(build_review(replace(told(), echo=found)), "en")


def test_before_the_first_answer_there_is_no_echo():
    assert "声量减半" not in to_text(build_review(told()), "zh")


def test_the_usual_of_part_of_an_hour_is_told_with_one_decimal():
    found = echo(buckets((-1.0, 1, 0), (-3.0, 1, 1)), T0, ANSWERED, ANSWERED + timedelta(minutes=1))
    assert "| 平时每小时 | 0.7 | 50% |" in to_text(build_review(replace(told(), echo=found)), "zh")
