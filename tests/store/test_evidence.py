"""Evidence anybody can check, and corrections that change marks and counts exactly once."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from monitor.corrections import Marks, after, is_news
from store import evidence, heard, lookup, mentions, migrations, volumes
from store.database import Store
from store.nouns import Correction, Judged, RawMention, Score

NOW = datetime(2026, 3, 12, 6, 2, 3, tzinfo=UTC)
LATER = NOW + timedelta(minutes=9)
BAD = Score(p_negative=0.9, p_crisis=0.8, negative=True, crisis=True, category="food_safety")
CALM = Score(p_negative=0.2, p_crisis=0.1, negative=False, crisis=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.realserver)])
def kept(request, tmp_path):
    url = f"sqlite:///{tmp_path}/t.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("servers").new_database()
    opened = Store(url)
    migrations.migrate(opened)
    yield opened
    opened.close()


def hear(store, ids, score=CALM, brand="xinghe", **fields) -> str:
    raw = RawMention(
        **{
            "ext_id": ids(),
            "platform": "weibo",
            "text": "星禾茶饮 🤮",
            "published_at": NOW,
            "author": "南*雨",
            **fields,
        }
    )
    with store.transaction() as tx:
        (mention,) = mentions.save(tx, "weibo-keyword", [raw], NOW, ids)
        (pending,) = mentions.pending(tx, 10)
        volumes.add(tx, mentions.save_scores(tx, [(Judged(pending, brand, score), "brand name")], NOW))
        mentions.mark_judged(tx, [mention], NOW)
    return mention


def rule(said, score=CALM):
    return after(score, said) if is_news(said[:-1], said[-1]) else None


def says(store, mention: str, *words: str, brand="xinghe") -> list[bool]:
    done = []
    for what in words:
        with store.transaction() as tx:
            score = next(one.judged.score for one in lookup.of_mention(tx, mention))
            said = Correction(0, mention, brand, NOW, "li", what, "")
            done.append(evidence.correct(tx, said, partial(rule, score=score)))
    return done


def counted(store) -> list[tuple[int, int, int]]:
    """Of the five minutes and of the hour."""
    with store.reading() as tx:
        found = [volumes.between(tx, "xinghe", NOW - timedelta(hours=1), LATER, minutes) for minutes in (5, 60)]
    assert [len(one) for one in found] == [1, 1]
    return [(one[0].mentions, one[0].negative, one[0].crisis) for one in found]


def marks(store, mention: str) -> tuple[bool, bool, bool]:
    with store.reading() as tx:
        (found,) = lookup.of_mention(tx, mention)
    return found.judged.score.negative, found.judged.score.crisis, found.not_us


def test_a_snapshot_holds_what_is_public_and_its_hash_is_that_of_its_bytes(kept, ids):
    mention = hear(kept, ids, ext_id="w1", likes=3, raw_excerpt="secret", url="https://weibo.example/1")
    with kept.transaction() as tx:
        heard.change(tx, mention, {"author_hash": "a" * 64})
        heard.found_by(tx, [(mention, "city-news")], LATER)
        evidence.take(tx, mention, "s1", LATER, "li", "看看")
    with kept.reading() as tx:
        found = evidence.get(tx, mention, "s1")
        assert evidence.get(tx, "other", "s1") is None
    assert found.body == {
        "format": "golden-hour/mention/1",
        "captured_at": "2026-03-12T06:11:03Z",
        "id": mention,
        "platform": "weibo",
        "ext_id": "w1",
        "url": "https://weibo.example/1",
        "klass": "",
        "lang": "",
        "title": "",
        "text": "星禾茶饮 🤮",
        "truncated": False,
        "author": "南*雨",
        "published_at": "2026-03-12T06:02:03Z",
        "raw_date": "",
        "date_estimated": False,
        "first_seen_at": "2026-03-12T06:02:03Z",
        "likes": 3,
        "region": "",
        "status": "",
        "parent_ext_id": "",
        "repost_of": "",
        "found_in": [
            {"source": "weibo-keyword", "at": "2026-03-12T06:02:03Z"},
            {"source": "city-news", "at": "2026-03-12T06:11:03Z"},
        ],
        **dict.fromkeys(
            ["followers", "verified", "bot", "last_seen_at", "edited_at", "metrics_at", "comments", "reposts", "views",
             "points", "rank", "best_rank"]
        ),
    }  # fmt: skip
    said = json.dumps(found.body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert evidence.canonical(found.body) == said
    assert (found.sha256, found.who, found.why) == (hashlib.sha256(said).hexdigest(), "li", "看看")


def test_the_same_words_twice_are_two_snapshots_each_of_its_own_time(kept, ids):
    mention = hear(kept, ids)
    for number, at in enumerate((NOW, LATER)):
        with kept.transaction() as tx:
            evidence.take(tx, mention, f"s{number}", at, "li")
    with kept.reading() as tx:
        newer, older = evidence.of_mention(tx, mention)
    assert (newer.at, older.at) == (LATER, NOW)
    assert newer.sha256 != older.sha256
    assert newer.body | {"captured_at": older.body["captured_at"]} == older.body


def test_a_version_is_kept_before_an_edit_and_nothing_of_a_mention_that_is_not_there(kept, ids):
    mention = hear(kept, ids)
    with kept.transaction() as tx:
        evidence.keep_version(tx, mention, "v1", LATER)
        evidence.keep_version(tx, "nobody", "v2", LATER)
    with kept.reading() as tx:
        (found,) = evidence.of_mention(tx, mention)
        assert evidence.get(tx, "nobody", "v2") is None
    assert (found.id, found.who, found.body["text"]) == ("v1", "system", "星禾茶饮 🤮")


def test_a_correction_changes_marks_and_volume_once_and_its_opposite_undoes_it(kept, ids):
    mention = hear(kept, ids)
    hear(kept, ids, BAD)
    assert counted(kept) == [(2, 1, 1)] * 2
    assert says(kept, mention, "crisis", "crisis", "crisis") == [True, False, False]
    assert (marks(kept, mention), counted(kept)) == ((True, True, False), [(2, 2, 2)] * 2)
    assert says(kept, mention, "not_crisis") == [True]
    assert (marks(kept, mention), counted(kept)) == ((False, False, False), [(2, 1, 1)] * 2)


def test_not_us_takes_it_out_of_the_volume_with_all_its_marks_and_ours_brings_it_back(kept, ids):
    mention = hear(kept, ids, BAD)
    hear(kept, ids)
    assert says(kept, mention, "not_us", "not_us") == [True, False]
    assert (marks(kept, mention), counted(kept)) == ((True, True, True), [(1, 0, 0)] * 2)
    # Judged anew meanwhile, it comes back as it is then.
    assert says(kept, mention, "not_crisis", "ours") == [True, True]
    assert (marks(kept, mention), counted(kept)) == ((True, False, False), [(2, 1, 0)] * 2)


@pytest.mark.realserver
def test_of_two_people_who_say_the_same_at_once_one_is_counted(servers, ids):
    store = Store(servers.new_database())
    migrations.migrate(store)
    mention, patience = hear(store, ids), threading.Event()
    with ThreadPoolExecutor(1) as other:
        with store.transaction() as tx:
            assert evidence.correct(tx, Correction(0, mention, "xinghe", NOW, "li", "crisis", ""), rule)
            second = other.submit(says, store, mention, "crisis")
            for _ in range(500):
                with store.reading() as looking:
                    if looking.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar_one():
                        break
                patience.wait(0.01)
        assert second.result() == [False]
    assert counted(store) == [(1, 1, 1)] * 2
    store.close()


def test_a_brand_it_was_never_judged_for_is_not_corrected(kept, ids):
    mention = hear(kept, ids)
    assert says(kept, mention, "crisis", brand="other") == [False]
    with kept.reading() as tx:
        assert evidence.corrections_of(tx, mention) == []


def test_a_bucket_that_is_no_longer_kept_stays_gone(kept, ids):
    mention = hear(kept, ids)
    with kept.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM volumes")
    assert says(kept, mention, "crisis") == [True]
    with kept.reading() as tx:
        assert volumes.between(tx, "xinghe", NOW - timedelta(hours=1), LATER) == []


@pytest.mark.parametrize(
    ("score", "said", "marks"),
    [
        (CALM, (), (False, False, False)),
        (BAD, (), (True, True, False)),
        (CALM, ("crisis",), (True, True, False)),
        (CALM, ("crisis", "not_crisis"), (False, False, False)),
        (BAD, ("not_crisis",), (True, False, False)),
        (BAD, ("not_negative",), (False, True, False)),
        (BAD, ("not_negative", "negative"), (True, True, False)),
        (BAD, ("not_negative", "not_crisis"), (False, False, False)),
        (CALM, ("negative",), (True, False, False)),
        (CALM, ("negative", "crisis", "not_crisis"), (True, False, False)),
        (BAD, ("not_us",), (True, True, True)),
        (BAD, ("not_us", "ours"), (True, True, False)),
    ],
)
def test_peoples_last_word_on_each_mark_counts_and_else_the_models(score, said, marks):
    assert after(score, said) == Marks(*marks)


def test_only_a_word_that_differs_from_the_last_on_its_mark_is_news():
    assert is_news((), "crisis")
    assert not is_news(("crisis", "negative"), "crisis")
    assert is_news(("crisis", "not_crisis"), "crisis")
