"""A second opinion: asked little, told less, and able to raise an alarm but never to end one."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import InputError
from config.mapping import Limits
from config.taxonomy import load_taxonomy
from monitor.guessing import WordScorer
from monitor.in_force.rules import always
from monitor.judging_job import Judging
from monitor.limiter import StoreLimiter
from monitor.matching import Query, compile_query
from monitor.opinion import LONGEST, masked, messages, read
from monitor.opinion_client import OpinionClient
from monitor.opinion_job import SecondOpinion, key_of
from monitor.risk import RiskTerms
from monitor.scorer import LexiconScorer
from store import evidence, journal, lookup, mentions, taught, volumes
from store.agenda import Job
from store.nouns import Correction, Judged, RawMention, Score
from tests.worlds.opinions import Opinions

KEY = "sk-very-secret-key"
TEXT = "星禾茶饮这杯喝完一屋子人轮流跑厕所 @小雨 https://t.cn/x1 13812345678 me@home.example"
YES, NO = '{"crisis": true, "why": "several people ill"}', '```json\n{"crisis": false, "why": "a joke"}\n```'


@pytest.fixture
def world():
    with Opinions() as opened:
        yield opened


@pytest.fixture
def desk(store, clock, world):
    """The job around a store that holds one mention somebody should judge."""
    limits = Limits(per_day=2, usd_per_request=0.01)
    client = OpinionClient(world.url, "small", lambda: KEY, timedelta(seconds=2))
    limiter = StoreLimiter(store, clock)
    return SecondOpinion(store, clock, client.ask, limiter, limits, lambda tx, brand: ("星禾茶饮", "星禾"))


def hears(store, clock, ids, *, crisis=False, triage="unsure") -> str:
    """One mention, scored and counted; returns its id."""
    raw = RawMention(ext_id=ids(), url="", title="", text=TEXT, author="甲", published_at=clock(), platform="weibo")
    score = Score(p_negative=0.5, p_crisis=0.4, negative=crisis, crisis=crisis, triage=triage)
    with store.transaction() as tx:
        (mention,) = mentions.save(tx, "s", [raw], clock(), ids)
        (found,) = mentions.pending(tx, 5)
        new = mentions.save_scores(tx, [(Judged(found, "xinghe", score), "")], clock())
        mentions.mark_judged(tx, [mention], clock())
        volumes.add(tx, new)
    return mention


def state(store, mention):
    """(crisis, why it waits, crises counted, who the journal says did what)."""
    with store.reading() as tx:
        (found,) = lookup.of_mention(tx, mention)
        at = found.judged.mention.event_at
        counted = volumes.total(tx, "xinghe", at - timedelta(hours=1), at + timedelta(hours=1))
        notes = [(one.who, one.what) for one in journal.entries(tx, f"mention:{mention}")]
    return found.judged.score.crisis, found.judged.score.triage, counted.crisis, notes


def promised(store) -> set[str]:
    with store.reading() as tx:
        return {row.job for row in tx.exec_driver_sql("SELECT job FROM agenda")}


def test_a_yes_raises_the_alarm_counts_it_and_leaves_it_to_a_person(store, clock, ids, world, desk):
    mention = hears(store, clock, ids)
    world.answers.append(YES)
    assert desk.look(key_of("xinghe", mention)) is None
    assert state(store, mention) == (True, "opinion", 1, [("second-opinion", "opinion_given")])
    assert Job.WATCH in promised(store)
    ((headers, body),) = world.questions
    assert headers["authorization"] == f"Bearer {KEY}"
    assert body["model"] == "small"
    sent = body["messages"][1]["content"]
    assert all(hidden not in sent for hidden in ("星禾", "小雨", "t.cn", "13812345678", "me@home"))
    assert "一屋子人轮流跑厕所" in sent
    with store.reading() as tx:
        # What a machine says is no lesson for another one.
        assert list(taught.lessons(tx)) == []


def test_a_no_changes_nothing_but_what_a_person_reads(store, clock, ids, world, desk):
    mention = hears(store, clock, ids, crisis=True)
    world.answers.append(NO)
    desk.look(key_of("xinghe", mention))
    assert state(store, mention) == (True, "opinion", 1, [("second-opinion", "opinion_given")])
    assert promised(store) == set()


@pytest.mark.parametrize(
    "answer",
    [500, 302, "no json here", '{"crisis": "yes"}', "[]", b"{}", b"not json", '{"choices": []}', b"x" * 70_000],
)
def test_what_is_no_answer_is_noted_and_nothing_changes(store, clock, ids, world, desk, answer):
    mention = hears(store, clock, ids)
    world.answers.append(answer)
    desk.look(key_of("xinghe", mention))
    assert state(store, mention) == (False, "unsure", 0, [("second-opinion", "opinion_failed")])
    with store.reading() as tx:
        (note,) = journal.entries(tx, f"mention:{mention}")
    assert KEY not in f"{note.why}{note.detail}"


def test_who_does_not_answer_is_not_waited_for(store, clock, ids, world, desk):
    mention = hears(store, clock, ids)
    desk.look(key_of("xinghe", mention))
    assert state(store, mention)[3] == [("second-opinion", "opinion_failed")]


def test_the_budget_of_the_day_holds_and_begins_anew(store, clock, ids, world, desk):
    asked = [hears(store, clock, ids) for _ in range(4)]
    world.answers.extend([YES] * 4)
    for mention in asked[:3]:
        desk.look(key_of("xinghe", mention))
    assert len(world.questions) == 2
    assert state(store, asked[2])[:2] == (False, "unsure")
    clock.forward(clock() + timedelta(days=1))
    desk.look(key_of("xinghe", asked[3]))
    assert len(world.questions) == 3


@pytest.mark.parametrize("how", ["judged by a person", "unknown", "of another brand"])
def test_what_waits_for_nobody_is_not_asked_about(store, clock, ids, world, desk, how):
    mention = hears(store, clock, ids, triage="" if how == "judged by a person" else "unsure")
    key = {"unknown": key_of("xinghe", "nobody"), "of another brand": key_of("other", mention)}
    desk.look(key.get(how, key_of("xinghe", mention)))
    assert world.questions == []


def test_a_person_who_spoke_before_is_right(store, clock, ids, world, desk):
    mention = hears(store, clock, ids)
    with store.transaction() as tx:
        said = Correction(0, mention, "xinghe", clock(), "li", "not_crisis", "")
        evidence.correct(tx, said, lambda words: (False, False, False))
    world.answers.append(YES)
    desk.look(key_of("xinghe", mention))
    assert state(store, mention)[0] is False


@given(st.text(max_size=3000), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_is_one_short_message_that_cannot_leave_its_place(text, names):
    body = messages("", text, names)
    content = body[1]["content"]
    assert len(content) <= LONGEST + len("<post></post>")
    assert (content.count("<post>"), content.count("</post>")) == (1, 1)
    json.dumps(body)


def test_masking_covers_every_spelling_of_a_name_and_keeps_the_story():
    assert masked("Acme ACME acme作坊 出事了", ("acme",)) == "[品牌] [品牌] [品牌]作坊 出事了"


@pytest.mark.parametrize("answer", ["", "{", "null", "{}", '{"crisis": 1}', '{"crisis": null}', "true"])
def test_an_answer_without_a_verdict_is_refused(answer):
    with pytest.raises(InputError, match="second opinion"):
        read(answer)


def test_a_reason_is_one_short_line():
    assert read('so: {"crisis": false, "why": "a\\n b"} ok').why == "a b"
    assert len(read(json.dumps({"crisis": True, "why": "x" * 999})).why) == 200


class Unsure(WordScorer):
    """Half a crisis, whatever is said."""

    def p_crisis(self, guesses, risks, langs):
        return [0.45] * len(guesses)


@pytest.mark.parametrize("on", [True, False])
def test_judging_asks_only_when_it_is_switched_on(store, clock, ids, on):
    raw = RawMention(ext_id="1", url="", title="", text=TEXT, author="甲", published_at=clock(), platform="weibo")
    with store.transaction() as tx:
        mentions.save(tx, "s", [raw], clock(), ids)
    matchers = {"xinghe": compile_query(Query(("星禾",)))}
    risk = RiskTerms(load_taxonomy())
    counting = always(matchers, risk)
    Judging(store, clock, counting, lambda tx: {}, Unsure(LexiconScorer()), second_opinion=on).judge("pending")
    assert (Job.OPINION in promised(store)) is on
