"""X's answers in both vocabularies, its refusals, its queries, and the rule that decides whether posts are paid for."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.errors import SourceError
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.x.problems import fault_of, month_end, partial_errors
from monitor.sources.x.query import LONGEST, query_of
from monitor.sources.x.shapes import fields_of, minutes_of, moment_at, position, position_at, posts_of
from monitor.sources.x.spike import KEPT, MINUTE, Counts, Rule, Verdict, counts_of
from store.nouns import Outcome, RawMention

NOW = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
ID = "1993000000000000001"
RULE = Rule(ratio=3.0, least=10, minutes=5)
METRICS = {"reply_count": 2, "like_count": 42, "quote_count": 1, "bookmark_count": 0, "impression_count": 1900}


def legacy(**more):
    return {
        "id": ID,
        "text": "星禾茶饮 tastes of soap &amp; nobody answers @xinghetea",
        "created_at": "2026-11-22T03:05:12.000Z",
        "author_id": "9876543210",
        "lang": "en",
        "conversation_id": ID,
        "public_metrics": {"retweet_count": 5, **METRICS},
        "edit_history_tweet_ids": [ID],
        "referenced_tweets": [{"type": "replied_to", "id": "1992999999999999999"}],
        **more,
    }


def page(*rows, **more):
    return posts_of({"data": list(rows), **more}, platform="x", now=NOW)


def test_a_post_in_the_old_vocabulary():
    found = page(legacy(), meta={"result_count": 1, "next_token": "b26v89"})
    assert found.mentions == (
        RawMention(
            ext_id=ID,
            url=f"https://x.com/i/web/status/{ID}",
            text="星禾茶饮 tastes of soap & nobody answers @xinghetea",
            published_at=datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC),
            raw_date="2026-11-22T03:05:12.000Z",
            likes=42,
            comments=2,
            reposts=5,
            platform="x",
            lang="en",
            handle="9876543210",
            parent_ext_id="1992999999999999999",
            views=1900,
            raw_excerpt=json.dumps(legacy(), ensure_ascii=False),
        ),
    )
    assert (found.high, found.low, found.next, found.count, found.users) == ("0" + ID, "0" + ID, "b26v89", 1, 0)


def test_a_post_in_the_new_vocabulary_with_its_author():
    row = {
        "id": ID,
        "text": "…",
        "created_at": "2026-11-22T03:05:12.000Z",
        "author_id": "9876543210",
        "public_metrics": {"repost_count": 5, **METRICS},
        "edit_history_post_ids": [ID],
        "referenced_posts": [{"type": "quoted", "id": "1"}],
        "note_post": {"text": "超过二百八十字的全文"},
    }
    user = {"id": "9876543210", "username": "pythondev", "public_metrics": {"followers_count": 1200, "post_count": 99}}
    found = page(row, includes={"users": [user]})
    one = found.mentions[0]
    assert (one.text, one.reposts, one.repost_of, one.parent_ext_id) == ("超过二百八十字的全文", 5, "1", "")
    assert (one.author, one.handle, one.followers, one.verified, found.users) == (
        "pythondev",
        "9876543210",
        1200,
        None,
        1,
    )


def test_an_edited_post_keeps_the_name_it_had_first():
    edited = page(legacy(id="1993000000000000009", edit_history_tweet_ids=[ID, "1993000000000000009"])).mentions[0]
    assert (edited.ext_id, edited.url) == (ID, "https://x.com/i/web/status/1993000000000000009")


def test_a_repost_is_cut_a_note_is_not():
    refs = [{"type": "retweeted", "id": "7"}]
    cut = page(legacy(text="RT @a: 很长的话…", referenced_tweets=refs)).mentions[0]
    own = page(legacy(text="我无话可说…", referenced_tweets=[])).mentions[0]
    assert (cut.truncated, cut.repost_of, own.truncated) == (True, "7", False)


@pytest.mark.parametrize("lang", ["und", "zxx", "qme", None, 5])
def test_no_language_is_none(lang):
    assert page(legacy(lang=lang)).mentions[0].lang == ""


def test_counts_that_are_missing_are_unknown_and_dates_out_of_reason_too():
    one = page({"id": "123", "text": "Hello", "created_at": "2099-01-01T00:00:00Z"}).mentions[0]
    assert (one.likes, one.comments, one.reposts, one.views, one.followers, one.published_at) == (None,) * 6


def test_an_empty_page_and_rows_that_are_no_posts():
    empty = posts_of({"meta": {"result_count": 0}}, platform="x", now=NOW)
    broken = page(5, "x", {"text": "no id"}, {"id": "abc"}, {"id": True})
    assert (empty.mentions, empty.high, empty.next, empty.count) == ((), "", "", 0)
    assert (broken.mentions, broken.count) == ((), 5)


def test_what_x_left_out_is_said():
    gone = {"resource_id": "456", "title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found"}
    assert partial_errors({"errors": [gone, gone]}) == "X left out 2 (resource-not-found)"
    assert partial_errors({"data": []}) == ""


def test_the_fields_asked_for_follow_the_vocabulary():
    assert fields_of("tweet") == (
        "tweet.fields",
        "created_at,author_id,lang,public_metrics,referenced_tweets,note_tweet,edit_history_tweet_ids",
    )
    assert fields_of("post")[0] == "post.fields" and "note_post" in fields_of("post")[1]


def test_ids_sort_as_numbers_and_tell_their_moment():
    at = datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC)
    assert position("999") < position("1000")
    assert moment_at(position_at(at)) == at
    assert moment_at(position("1212092628029698048")).date().isoformat() == "2019-12-31"


def counted(word: str, *numbers: int, last_s: int = 60):
    start = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    rows = [
        {"start": (start + MINUTE * n).isoformat(), "end": (start + MINUTE * (n + 1)).isoformat(), word: number}
        for n, number in enumerate(numbers)
    ]
    rows[-1]["end"] = (start + MINUTE * (len(rows) - 1) + timedelta(seconds=last_s)).isoformat()
    return {"data": rows, "meta": {f"total_{word}": sum(numbers)}}


@pytest.mark.parametrize("word", ["tweet_count", "post_count"])
def test_counts_are_whole_minutes_only(word):
    found = minutes_of(counted(word, 5, 7, 41, last_s=37))
    assert found == {datetime(2026, 11, 22, 3, n, tzinfo=UTC): posts for n, posts in ((0, 5), (1, 7))}


@pytest.mark.parametrize("meta", [{"total_tweet_count": 0}, {"total_post_count": 0}])
def test_no_counts_at_all_is_zero_only_when_x_says_so(meta):
    assert minutes_of({"meta": meta}) == {}


@pytest.mark.parametrize(
    "answer", [{"meta": {}}, {"data": 5}, {"data": [{"start": "x", "end": "y", "tweet_count": 1}]}, counted("views", 1)]
)
def test_counts_nobody_can_read_are_no_silence(answer):
    with pytest.raises(SourceError) as caught:
        minutes_of(answer)
    assert caught.value.outcome == Outcome.MALFORMED


def test_words_are_quoted_joined_and_kept_within_the_length():
    words = ["星禾茶饮", "Xinghe Tea", 'a "quoted" \\ word', "", "星禾茶饮"]
    assert query_of("", words, no_reposts=False) == ('"星禾茶饮" OR "Xinghe Tea" OR "a quoted word"', 0)
    assert query_of("", words[:1], no_reposts=True) == ('("星禾茶饮") -is:retweet', 0)
    assert query_of(" 星禾 (异物 OR 拉肚子) ", words, no_reposts=True) == ("(星禾 (异物 OR 拉肚子)) -is:retweet", 0)
    assert query_of("", [], no_reposts=True) == ("", 0)
    many, left_out = query_of("", [f"星禾茶饮第{n}分店" for n in range(60)], no_reposts=True)
    assert len(many) <= LONGEST and left_out == 60 - many.count('"') // 2 and left_out > 0


def refused(status: int, body: object, outcome: Outcome, headers=None, failures: int = 0):
    error = ErrorAnswer("x: answered", outcome=outcome, permanent=False, status=status,
                        body=json.dumps(body).encode(), headers=headers)  # fmt: skip
    fault = fault_of(error, now=NOW, failures=failures)
    return Outcome(fault.outcome), fault.until


TYPE = "https://api.x.com/2/problems/"


@pytest.mark.parametrize(
    ("status", "body", "plain", "meant", "until"),
    [
        (429, {"errors": [{"code": 88, "message": "x"}]}, Outcome.RATE_LIMITED, Outcome.RATE_LIMITED, NOW + MINUTE),
        (429, {"type": TYPE + "rate-limit-exceeded"}, Outcome.RATE_LIMITED, Outcome.RATE_LIMITED, NOW + MINUTE),
        (429, {"type": TYPE + "usage-capped"}, Outcome.RATE_LIMITED, Outcome.QUOTA_EXHAUSTED,
         datetime(2026, 12, 1, tzinfo=UTC)),
        (429, {"type": TYPE + "usage-capped", "period": "Daily"}, Outcome.RATE_LIMITED, Outcome.QUOTA_EXHAUSTED,
         datetime(2026, 11, 23, tzinfo=UTC)),
        (402, {"title": "CreditsDepleted"}, Outcome.SERVER_ERROR, Outcome.QUOTA_EXHAUSTED, None),
        (401, {"title": "Unauthorized", "type": "about:blank"}, Outcome.AUTH_FAILED, Outcome.AUTH_FAILED, None),
        (403, {"type": TYPE + "client-forbidden"}, Outcome.AUTH_FAILED, Outcome.AUTH_FAILED, None),
        (403, "a captcha", Outcome.BLOCKED, Outcome.BLOCKED, None),
        (400, {"type": TYPE + "invalid-request"}, Outcome.SERVER_ERROR, Outcome.MALFORMED, None),
        (503, "busy", Outcome.SERVER_ERROR, Outcome.SERVER_ERROR, None),
    ],
)  # fmt: skip
def test_what_refusals_mean(status, body, plain, meant, until):
    assert refused(status, body, plain) == (meant, until)


def test_a_named_reset_counts_and_an_unnamed_wait_doubles():
    named = {"x-rate-limit-reset": str(int((NOW + timedelta(minutes=9)).timestamp()))}
    assert refused(429, {}, Outcome.RATE_LIMITED, named) == (Outcome.RATE_LIMITED, NOW + timedelta(minutes=9))
    waits = [refused(429, {}, Outcome.RATE_LIMITED, failures=n)[1] for n in (0, 1, 2, 3, 9)]
    assert waits == [NOW + timedelta(minutes=n) for n in (1, 2, 4, 8, 15)]


def test_the_month_ends_with_the_year_too():
    assert month_end(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)


def hour(*last: int, calm: int = 0, end: datetime = NOW):
    minutes = [calm] * (KEPT - len(last)) + list(last)
    return {end - MINUTE * (KEPT - n): posts for n, posts in enumerate(minutes)}


@pytest.mark.parametrize(
    ("calm", "last", "verdict"),
    [
        (0, (0, 0, 0, 0, 0), Verdict(0, 5, 0.0, False)),
        (0, (2, 2, 2, 2, 1), Verdict(9, 5, 0.0, False)),
        (0, (2, 2, 2, 2, 2), Verdict(10, 5, 0.0, True)),
        (1, (3, 3, 3, 3, 2), Verdict(14, 5, 5.0, False)),
        (1, (3, 3, 3, 3, 3), Verdict(15, 5, 5.0, True)),
        (20, (20, 20, 20, 20, 20), Verdict(100, 5, 100.0, False)),
    ],
)
def test_a_spike_is_many_times_the_usual_and_a_least_number(calm, last, verdict):
    assert Counts().heard(hour(*last, calm=calm), NOW, RULE)[1] == verdict


def test_a_spike_between_two_distant_reads_is_seen():
    """Half an hour nobody asked: the loud five minutes in its middle still count."""
    counts, _ = Counts().heard(hour(calm=1), NOW, RULE)
    later = NOW + timedelta(minutes=30)
    after, verdict = counts.heard(hour(8, 8, 8, 8, 8, *[1] * 12, calm=1, end=later), later, RULE)
    assert verdict == Verdict(40, 5, 5.0, True)
    assert after.heard(hour(*[1] * 5, calm=1, end=later + MINUTE), later + MINUTE, RULE)[1].spike is False


def test_a_spike_is_not_its_own_measure_and_moves_the_usual_slowly():
    counts, _ = Counts().heard(hour(calm=1), NOW, RULE)
    verdicts = []
    for n in range(1, 61):
        at = NOW + MINUTE * n
        counts, verdict = counts.heard(hour(*[50] * n, calm=1, end=at), at, RULE)
        verdicts.append(verdict.spike)
    assert verdicts[0] is True and all(verdicts)
    assert counts.usual < 4
    assert counts.learned == 55 + 60


def test_the_usual_follows_what_stays():
    counts = Counts()
    for n in range(0, 4 * 1440, 50):
        at = NOW + MINUTE * n
        counts, verdict = counts.heard(hour(calm=20, end=at), at, RULE)
    assert (round(counts.usual), verdict.spike) == (20, False)


def test_the_verdict_in_words():
    assert str(Verdict(12, 5, 3.0, True)) == "12 posts in 5 minutes, usual 3"
    assert str(Verdict(0, 5, 0.24, False)) == "0 posts in 5 minutes, usual 0.2"


def test_what_is_remembered_is_bounded_and_comes_back():
    counts, _ = Counts().heard({NOW - MINUTE * n: n for n in range(1, 200)}, NOW, RULE)
    kept = json.loads(json.dumps(counts.to_cursor()))
    assert (len(kept["minutes"]), kept["from"], kept["minutes"][-3:]) == (KEPT, "2026-11-22T02:10Z", [3, 2, 1])
    assert counts_of(kept) == replace(counts, usual=round(counts.usual, 4))
    assert counts_of(kept).asked_at == NOW


@pytest.mark.parametrize(
    "kept", [None, [], {}, {"minutes": 5}, {"minutes": ["x"]},
             {"minutes": [1], "usual": "a", "learned": 1, "from": "", "learned_to": "", "asked_at": ""},
             {"minutes": [1], "usual": 1, "learned": 1, "from": "soon", "learned_to": "", "asked_at": ""}],
)  # fmt: skip
def test_counts_nobody_can_read_are_learned_anew(kept):
    assert counts_of(kept) == Counts()
