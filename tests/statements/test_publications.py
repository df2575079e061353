"""Stories of posts and promises: what is recorded stands, what was wrong is corrected and stays, the clock follows."""

from datetime import UTC, datetime, timedelta

import pytest

from config.errors import AccessError, InputError, MoveError, StaleError
from statements.posting.promising import Delivery
from statements.posting.publishing import Post
from store import facts, migrations, promises, publications, reviews_asked, texts
from store.database import Store
from store.nouns import ClockState, Delegation, DraftState
from tests.statements.posting import ID, Posting, minute
from tests.statements.room import NOW, T0

FIVE = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)  # 17:00 in Beijing
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 20


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.realserver)])
def kept(request, tmp_path):
    """A store of each kind."""
    url = f"sqlite:///{tmp_path}/t.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("servers").new_database()
    opened = Store(url)
    migrations.migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def house(kept, clock, ids):
    return Posting(kept, clock, ids)


def test_the_clock_stops_with_the_record_of_a_post_and_both_languages_make_one_promise(house):
    zh, en = house.approved(), house.approved("The store is closed. Next update: by 17:00 (Beijing time) today.", "en")
    assert house.incident().clock is ClockState.RUNNING
    house.post(zh, minute(5))
    house.post(en, minute(6), platform="x")
    house.post(zh, minute(8), platform="wechat")
    assert (house.incident().clock, house.incident().met_at) == (ClockState.MET, minute(5))
    assert [(due, outcome) for _, due, outcome in house.promises()] == [(FIVE, "open")]


def test_a_wrong_time_is_corrected_and_the_clock_is_worked_out_anew(house):
    record = house.post(house.approved(), minute(5))
    late = T0 + timedelta(minutes=65)
    house.mend(record, Post("weibo", record.url, late), at=minute(20))
    after = house.incident()
    assert (after.clock, after.met_at, after.breached_at) == (ClockState.MET_LATE, late, after.due_at)
    house.mend(house.records()[-1], Post("weibo", record.url, minute(4)), at=minute(21))
    after = house.incident()
    assert (after.clock, after.met_at, after.breached_at) == (ClockState.MET, minute(4), None)
    assert [one.published_at for one in house.records()] == [minute(5), late, minute(4)]
    assert house.deeds()[-2:] == ["publication_corrected", "clock_recomputed"]


@pytest.mark.parametrize(("at", "then"), [(10, ClockState.RUNNING), (30, ClockState.BREACHED)])
def test_a_post_that_never_was_is_taken_back_and_the_clock_runs_again(house, at, then):
    draft = house.approved()
    record = house.post(draft, minute(5))
    house.mend(record, None, "其实没有发出去", at=minute(at))
    assert (house.incident().clock, house.incident().met_at) == (then, None)
    assert house.outcomes() == ["void"]
    with house.store.reading() as tx:
        assert texts.publications_of(tx, ID) == []
        assert texts.draft(tx, draft.id).state is DraftState.APPROVED
    assert [one.withdrawn for one in house.records()] == [False, True]
    # It can be posted after all, and counts from then.
    house.post(draft, minute(11), noted=minute(at + 1))
    assert house.incident().met_at == minute(11)
    assert house.outcomes() == ["void", "open"]


def test_of_two_posts_the_earliest_that_stands_counts(house):
    draft = house.approved()
    first = house.post(draft, minute(3))
    house.post(draft, minute(9), platform="wechat")
    house.mend(first, None, "发错账号，已核实不是我们", at=minute(12))
    assert house.incident().met_at == minute(9)
    # The promise stands: the other post makes it.
    assert house.outcomes() == ["open"]


def test_a_record_is_corrected_once_with_a_reason_by_who_may(house):
    record = house.post(house.approved(), minute(5))
    other = Post("weibo", record.url, minute(6))
    with pytest.raises(InputError):
        house.mend(record, other, "错")
    with pytest.raises(InputError):
        house.mend(record, Post(record.platform, record.url, record.published_at))
    with pytest.raises(AccessError):
        house.mend(record, other, who="li")
    house.mend(record, other)
    with pytest.raises(StaleError):
        house.mend(record, other)
    withdrawn = house.mend(house.records()[-1], None, "没有发布过")
    with pytest.raises(MoveError):
        house.mend(withdrawn, other)
    assert len(house.records()) == 3


@pytest.mark.parametrize(
    "post",
    [
        Post("weibo", "javascript:alert(1)", NOW),
        Post("weibo", "https://", NOW),
        Post("weibo", "https://x.example/a b", NOW),
        Post("weibo", "https://x.example/" + "a" * 600, NOW),
        Post("", "https://x.example/1", NOW),
        Post("weibo", "https://x.example/1", T0 - timedelta(seconds=1)),
        Post("weibo", "https://x.example/1", NOW + timedelta(minutes=2)),
    ],
)
def test_what_is_no_post_is_refused_and_nothing_is_written(house, post):
    draft = house.approved()
    with house.store.transaction() as tx, pytest.raises(InputError):
        house.desk.publish(tx, draft.id, post, "zhao", NOW)
    assert house.records() == []


def test_only_speakers_record_and_only_an_approved_text(house):
    draft = house.approved()
    with pytest.raises(AccessError):
        house.post(draft, minute(5), who="li")
    house.post(draft, minute(5))
    with pytest.raises(MoveError):
        house.post(draft, minute(6))
    sheet = house.approved("问答", kind="qa")
    with pytest.raises(MoveError):
        house.post(sheet, minute(5))


def test_a_picture_of_the_post_is_kept_with_its_hash_and_nothing_else_is_taken(house):
    record = house.post(house.approved(), minute(5))
    with house.store.transaction() as tx:
        shot = house.desk.keep_screenshot(tx, record.id, PNG, "li", minute(7))
    with house.store.reading() as tx:
        assert publications.screenshot(tx, ID, shot.id) == (shot, PNG)
        assert publications.screenshot(tx, "b" * 32, shot.id) is None
    assert (shot.kind, shot.size, len(shot.sha256)) == ("image/png", len(PNG), 64)
    for bad in (b"", b"<svg onload=alert(1)>", b"GIF89a", PNG + b"0" * 5_000_001):
        with house.store.transaction() as tx, pytest.raises(InputError):
            house.desk.keep_screenshot(tx, record.id, bad, "li", minute(7))


def test_the_next_text_keeps_the_promise_and_the_same_words_again_do_not(house):
    house.post(house.approved(), minute(5))
    update = house.approved("结果已出。下一次更新：明天10:00前（北京时间）发布。", kind="update", at=minute(90))
    house.post(update, minute(100))
    assert house.outcomes() == ["kept", "open"]
    with house.store.reading() as tx:
        kept = facts.promises_of(tx, ID)[0]
    assert (kept.kept_at, kept.link) == (minute(100), f"https://weibo.example/{update.id[-4:]}")


def test_an_update_after_its_time_is_kept_late_and_says_so(house):
    house.post(house.approved(), minute(5))
    with house.store.transaction() as tx:
        promise = facts.promises_of(tx, ID)[0]
        facts.settle_promise(tx, promise.id, kept_at=None, broken_at=promise.due_at)
    update = house.approved("迟到的进展。", kind="update", at=FIVE)
    house.post(update, FIVE + timedelta(minutes=9))
    assert house.outcomes() == ["late"]
    assert "promise_kept_late" in house.deeds()


def test_correcting_the_update_opens_its_promise_again(house):
    house.post(house.approved(), minute(5))
    update = house.post(house.approved("进展。", kind="update", at=minute(50)), minute(60))
    assert house.outcomes() == ["kept"]
    house.mend(update, None, "没有发布过", at=minute(70))
    assert house.outcomes() == ["open"]
    assert house.deeds()[-1] == "promise_reopened"


def test_a_remedy_becomes_a_promise_of_its_own_and_takes_evidence(house):
    house.post(house.approved("涉事饮品可在任一门店退款，无需小票。我们将于今天17:00前更新。"), minute(5))
    with house.store.reading() as tx:
        found = {one.kind: one for one in facts.promises_of(tx, ID)}
    assert set(found) == {"remedy", "update"}
    assert found["remedy"].due_at == minute(5) + timedelta(days=3)
    house.post(house.approved("进展。", kind="update", at=minute(50)), minute(60))
    assert house.outcomes("remedy") == ["open"]
    deliver = Delivery(minute(80), "客服台账：已退 41 单", "https://xinghe.example/refund")
    with house.store.transaction() as tx:
        house.desk.keep_promise(tx, found["remedy"].id, deliver, "li", minute(90))
    assert house.outcomes("remedy") == ["kept"]
    with house.store.transaction() as tx, pytest.raises(MoveError):
        house.desk.keep_promise(tx, found["remedy"].id, deliver, "li", minute(91))


@pytest.mark.parametrize(
    ("given", "who", "fault"),
    [
        (Delivery(minute(50), "是"), "li", InputError),
        (Delivery(minute(1), "客服台账"), "li", InputError),
        (Delivery(minute(500), "客服台账"), "li", InputError),
        (Delivery(minute(50), "客服台账", "javascript:1"), "li", InputError),
        (Delivery(minute(50), "客服台账"), "nobody", AccessError),
    ],
)
def test_keeping_takes_evidence_a_time_and_a_role(house, given, who, fault):
    house.post(house.approved(), minute(5))
    with house.store.reading() as tx:
        promise = facts.promises_of(tx, ID)[0]
    with house.store.transaction() as tx, pytest.raises(fault):
        house.desk.keep_promise(tx, promise.id, given, who, minute(60))
    assert house.outcomes() == ["open"]


def test_promises_of_all_incidents_stand_due_next_first(house):
    house.post(house.approved("我们将于明天10:00前公布结果。将于今天17:00前更新。"), minute(5))
    with house.store.reading() as tx:
        assert [one.due_at for one in promises.listed(tx)] == [FIVE, FIVE + timedelta(hours=17)]


def test_a_cancelled_clock_is_left_alone(kept, clock, ids):
    house = Posting(kept, clock, ids, {"clock": ClockState.CANCELLED})
    record = house.post(house.approved(), minute(5))
    house.mend(record, None, "没有发布过")
    assert house.incident().clock is ClockState.CANCELLED


def test_who_has_the_right_lent_records_the_post(house):
    draft = house.approved()
    with house.store.transaction() as tx:
        reviews_asked.lend(tx, Delegation(house.ids(), "chen", ID, "zhao", NOW, NOW + timedelta(hours=2)))
        assert "chen" in house.desk.speakers(tx, ID, minute(5))
    assert house.post(draft, minute(5), who="chen").who == "chen"
