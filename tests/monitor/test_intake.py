"""The one road into the store: each thing once, edits kept, counts renewed, and no name or number as it came."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs
from sqlalchemy import func, select

from config.watch import FeedSource, ImportSource
from monitor.intake import Intake, Kept
from store import agenda, authors, heard, mentions
from store.nouns import Mention, RawMention
from store.tables import mentions as rows
from store.tables import snapshots

AT = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
FEED = FeedSource(id="weibo-feed", platform="weibo", url="https://rsshub.example/weibo")
OTHER = FeedSource(id="weibo-other", platform="weibo", url="https://rsshub.example/other")
FILE = ImportSource(id="file", platform="weibo")
POST = RawMention(
    ext_id="w1", url="https://weibo.example/1/w1", text="星禾茶饮门店喝出异物，店员不理人", author="张三", handle="140",
    published_at=AT, likes=3, raw_excerpt='{"user":{"id":"140","name":"张三"},"tel":"13812345678"}',
)  # fmt: skip


class Desk:
    """The intake with a store one can read."""

    def __init__(self, store, clock, ids) -> None:
        self.store, self.clock = store, clock
        self.intake = Intake(ids, "k" * 32)

    def keep(self, *raws: RawMention, place=FEED) -> Kept:
        with self.store.transaction() as tx:
            return self.intake.keep(tx, place, raws, self.clock())

    def kept(self) -> list[Mention]:
        with self.store.reading() as tx:
            return sorted(mentions.pending(tx, 2000), key=lambda one: one.ext_id)

    def versions(self) -> int:
        with self.store.reading() as tx:
            return tx.execute(select(func.count()).select_from(snapshots)).scalar_one()

    def forward(self, **span) -> None:
        self.clock.forward(self.clock() + timedelta(**span))


@pytest.fixture
def desk(store, clock, ids) -> Desk:
    return Desk(store, clock, ids)


def test_names_are_masked_numbers_covered_and_the_real_name_is_kept_apart(desk):
    said = structs.replace(POST, text="星禾茶饮门店的人打 13812345678 骂我", title="来电13812345678")
    assert desk.keep(said) == Kept(1, 0, 0)
    (one,) = desk.kept()
    assert (one.author, one.text, one.title) == ("张*", "星禾茶饮门店的人打 138****5678 骂我", "来电138****5678")
    with desk.store.reading() as tx:
        excerpt = tx.execute(select(rows.c.raw_excerpt)).scalar_one()
        behind = authors.find(tx, one.author_hash)
        waiting = agenda.waiting(tx)
    assert excerpt == '{"user":{"id":"***","name":"张*"},"tel":"138****5678"}'
    assert (behind.name, behind.handle, behind.platform) == ("张三", "140", "weibo")
    assert waiting == {"judge:pending": desk.clock()}
    assert (one.klass, one.platform, one.published_at, one.event_at) == ("post", "weibo", AT, AT)


def test_a_newspaper_keeps_its_name(desk):
    desk.keep(structs.replace(POST, platform="news", author="星城晚报"))
    assert desk.kept()[0].author == "星城晚报"


def test_the_same_post_from_two_sources_counts_once_and_both_are_remembered(desk):
    desk.keep(POST)
    assert desk.keep(structs.replace(POST, likes=90), place=OTHER) == Kept(0, 1, 0)
    (one,) = desk.kept()
    assert (one.source, one.likes, one.metrics_at) == ("weibo-feed", 90, desk.clock())
    with desk.store.reading() as tx:
        assert heard.sources_of(tx, one.id) == [("weibo-other", desk.clock())]


def test_a_changed_id_is_known_by_its_address_and_by_its_words(desk):
    desk.keep(POST)
    desk.forward(hours=1)
    assert desk.keep(structs.replace(POST, ext_id="w1-again")) == Kept(0, 1, 0)
    assert desk.keep(structs.replace(POST, ext_id="w1-third", url="https://weibo.example/elsewhere")) == Kept(0, 1, 0)
    assert [one.ext_id for one in desk.kept()] == ["w1"]


def test_the_same_words_are_another_post_after_two_days_by_another_person_or_from_a_trusted_id(desk):
    desk.keep(POST)
    other = structs.replace(POST, ext_id="w2", url="https://weibo.example/2/w2")
    assert desk.keep(structs.replace(other, handle="141")).new == 1
    assert desk.keep(structs.replace(other, ext_id="w3", url=""), place=FILE).new == 1
    desk.forward(hours=49)
    assert desk.keep(structs.replace(other, ext_id="w4", url="")).new == 1
    assert [one.ext_id for one in desk.kept()] == ["w1", "w2", "w3", "w4"]


def test_two_hundred_reposts_of_one_text_are_two_hundred_mentions(desk):
    many = [structs.replace(POST, ext_id=f"r{n}", url=f"https://weibo.example/r/{n}", handle="") for n in range(200)]
    assert desk.keep(*many) == Kept(200, 0, 0)
    assert desk.keep(*many) == Kept(0, 200, 0)


def test_an_edit_updates_keeps_the_old_words_and_is_judged_only_once(desk):
    desk.keep(POST)
    with desk.store.transaction() as tx:
        mentions.mark_judged(tx, [one.id for one in mentions.pending(tx, 9)], desk.clock())
        (task,) = agenda.claim(tx, desk.clock(), 1, timedelta(minutes=1), lambda: "claim")
        agenda.finish(tx, task, None)
    desk.forward(minutes=5)
    changed = structs.replace(POST, text="星禾茶饮门店喝出异物，店员道歉了")
    assert desk.keep(changed) == Kept(0, 1, 1)
    assert desk.keep(changed) == Kept(0, 1, 0)
    with desk.store.reading() as tx:
        row = tx.execute(select(rows.c.text, rows.c.edited_at)).one()
        assert agenda.waiting(tx) == {}
    assert (row.text, row.edited_at) == (changed.text, desk.clock())
    assert (desk.kept(), desk.versions()) == ([], 1)


def test_a_second_source_does_not_edit_unless_it_has_the_whole_of_what_was_cut(desk):
    cut = structs.replace(POST, text="星禾茶饮门店喝出异物，店员…全文", truncated=True)
    desk.keep(cut)
    assert desk.keep(POST, place=OTHER).edited == 1
    assert desk.kept()[0].text == POST.text
    # The first source still gives the cut one: the whole stays.
    assert desk.keep(cut).edited == 0
    assert desk.keep(structs.replace(POST, text="别的说法别的说法别的"), place=OTHER).edited == 0
    assert desk.kept()[0].text == POST.text


def test_unknown_counts_stay_and_never_become_zero(desk):
    desk.keep(POST)
    desk.keep(structs.replace(POST, likes=None, comments=7))
    (one,) = desk.kept()
    assert (one.likes, one.comments, one.reposts) == (3, 7, None)


def test_a_hot_list_keeps_its_best_rank_and_when_it_was_last_there(desk):
    word = RawMention(ext_id="hot:星禾异物", title="星禾茶饮异物", klass="hotlist", rank=9)
    desk.keep(word)
    for rank in (2, 30):
        desk.forward(minutes=1)
        desk.keep(structs.replace(word, rank=rank))
    (one,) = desk.kept()
    assert (one.rank, one.best_rank, one.last_seen_at) == (30, 2, desk.clock())
    assert one.first_seen_at == desk.clock() - timedelta(minutes=2)


def test_a_late_post_is_kept_whatever_its_date_and_one_without_a_date_counts_from_now(desk):
    desk.keep(
        structs.replace(POST, published_at=AT - timedelta(days=400)),
        structs.replace(POST, ext_id="w2", url="", published_at=None),
    )
    late, dateless = desk.kept()
    assert late.event_at == AT - timedelta(days=400)
    assert (dateless.event_at, dateless.date_estimated) == (desk.clock(), True)
