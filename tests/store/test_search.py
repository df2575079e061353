"""Search finds exactly what reading every text would find: same answers with an index, without one, on both stores."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from store import mentions as kept
from store import migrations, search
from store.database import Store
from store.nouns import Judged, RawMention, Score
from store.tables import mentions
from tests.worlds.older import scripts_until

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
SAID = (
    ("", "孩子喝了星禾茶饮的杨梅冰茶，半夜上吐下泻，现在在医院"),
    ("避雷星禾茶饮新街口店", "三个同事一起喝的，两个住院了，求扩散"),
    ("多名顾客称饮用星禾茶饮后不适", "记者联系门店，对方表示正在核实。"),
    ("Xinghe Tea", "Nothing but MOLD in my cup!! 100% gross_stuff \\ done"),
    ("", "星 禾，茶；饮：吐🤮🤮了 😀A😀"),
    ("", "ﾊﾝｶｸ　ＸＹ　１２ 二〇二六年 𠮷野家 Straße İzmir ÀB"),
    ("尾", "首"),
    ("", ""),
)
# What is asked for -> which of SAID hold it.
CASES = {
    "星禾": [0, 1, 2],
    "住院": [1],
    "上吐下泻": [0],
    "禾茶饮新": [1],
    "院": [0, 1],
    "mold": [3],
    "MoLd": [3],
    "xinghe tea": [3],
    '"xinghe tea"': [3],
    '"tea xinghe"': [],
    "“住院了，求”": [1],
    "星禾 住院": [1],
    "住院　星禾": [1],
    "星禾 火星": [],
    "100%": [3],
    "%": [3],
    "s_s": [3],
    "_": [3],
    "\\": [3],
    '"': [],
    "🤮": [4],
    "吐🤮": [4],
    "😀a": [4],
    "茶；饮": [4],
    "茶饮": [0, 1, 2],
    "ｘｙ": [],
    "ＸＹ": [5],
    "１２": [5],
    "二〇": [5],
    "𠮷野": [5],
    "straße": [5],
    "STRASSE": [],
    "izmir": [],
    "àb": [],
    "Àb": [5],
    "尾首": [],
    "\x00星禾\x00": [0, 1, 2],
    "": [0, 1, 2, 3, 4, 5, 6, 7],
    "  ": [0, 1, 2, 3, 4, 5, 6, 7],
}


def keep(tx, said) -> dict[str, int]:
    """Store and index; returns id -> place among `said`."""
    rows = [(f"{place:032x}", title, words) for place, (title, words) in enumerate(said)]
    tx.execute(
        insert(mentions),
        [
            {"id": one, "source": "s", "platform": "p", "ext_id": one, "title": title, "text": words}
            | {"event_at": NOW, "first_seen_at": NOW}
            for one, title, words in rows
        ],
    )
    search.index(tx, [one for one, _, _ in rows])
    return {one: place for place, (one, _, _) in enumerate(rows)}


def found(tx, asked: str, places: dict[str, int]) -> list[int]:
    """By each of the roads; they must agree."""
    wanted = search.words(asked)
    indexed = select(mentions.c.id).where(*search.among(tx, wanted))
    read = select(mentions.c.id).where(*search.holding(tx, wanted))
    answers = [sorted(places[one] for one in tx.execute(road).scalars()) for road in (indexed, read)]
    some = search.some(tx, wanted)
    if some is not None:
        answers.append(sorted(places[one] for one in tx.execute(read.where(mentions.c.id.in_(some))).scalars()))
    assert answers == [answers[0]] * len(answers)
    assert search.count(tx, wanted) == len(answers[0])
    return answers[0]


def small(said: str) -> str:
    """A to Z, and only they, made small."""
    return said.translate({code: code + 32 for code in range(65, 91)})


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.realserver)])
def any_url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("servers").new_database()
    return f"sqlite:///{tmp_path}/t.db"


@pytest.fixture
def any_store(any_url):
    opened = Store(any_url)
    migrations.migrate(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def one_store(tmp_path_factory):
    opened = Store(f"sqlite:///{tmp_path_factory.mktemp('search')}/t.db")
    migrations.migrate(opened)
    yield opened
    opened.close()


def test_words_are_divided_by_blanks_and_quotes_keep_them_together():
    assert search.words('  住院 "new  tea"　“上 海” Ab ab x"y ""') == ("住院", "new  tea", "上 海", "ab", 'x"y', '""')


def test_every_case_has_the_same_answer_on_both_stores(any_store):
    with any_store.transaction() as tx:
        places = keep(tx, SAID)
        assert search.ready(tx)
    with any_store.reading() as tx:
        assert {asked: found(tx, asked, places) for asked in CASES} == CASES


def test_where_sqlite_has_no_fts5_the_texts_are_read_with_the_same_answers(store):
    with store.transaction() as tx:
        tx.execute(text("DROP TABLE search_pairs"))
        places = keep(tx, SAID)
        assert not search.ready(tx)
        assert {asked: found(tx, asked, places) for asked in CASES} == CASES
        search.reindex(tx, f"{0:032x}", SAID[0], ("", ""))
        search.forget(tx, [(f"{0:032x}", *SAID[0])])


def test_like_itself_finds_the_same(store):
    with store.transaction() as tx:
        places = keep(tx, SAID)
        for asked in ("星禾", "住院", "mold", "吐🤮", "straße", "àb", "院", "１２"):
            like = select(mentions.c.id).where(mentions.c.text.like(f"%{asked}%") | mentions.c.title.like(f"%{asked}%"))
            assert sorted(places[one] for one in tx.execute(like).scalars()) == found(tx, asked, places)


def test_the_index_names_some_or_says_that_there_are_more(any_store):
    with any_store.transaction() as tx:
        keep(tx, SAID)
        assert sorted(search.some(tx, ["星禾"], 3)) == [f"{one:032x}" for one in (0, 1, 2)]
        assert search.some(tx, ["星禾"], 2) is None
        assert search.some(tx, ["院"]) is None
        assert search.some(tx, ["火星"]) == []


def test_an_edit_is_found_by_its_new_words_only(any_store):
    with any_store.transaction() as tx:
        places = keep(tx, SAID)
        new = ("避雷别家", "没有人住院")
        tx.execute(mentions.update().where(mentions.c.id == f"{1:032x}").values(title=new[0], text=new[1]))
        search.reindex(tx, f"{1:032x}", SAID[1], new)
    with any_store.reading() as tx:
        assert [found(tx, asked, places) for asked in ("星禾", "新街", "住院", "别家")] == [[0, 2], [], [1], [1]]
        assert search.count(tx, ["新街"]) == 0


def test_what_is_forgotten_is_gone_and_its_number_may_be_taken_again(any_store):
    with any_store.transaction() as tx:
        places = keep(tx, SAID)
        last = f"{7:032x}"
        search.forget(tx, [(f"{0:032x}", *SAID[0]), (last, *SAID[7]), ("nobody", "", "星禾")])
        tx.execute(delete(mentions).where(mentions.c.id.in_([f"{0:032x}", last])))
        assert found(tx, "星禾", places) == [1, 2]
        assert search.count(tx, ["医院"]) == 0
        keep_one = [(f"{9:032x}", "", "又一个医院")]
        tx.execute(
            insert(mentions),
            [{"id": keep_one[0][0], "source": "s", "platform": "p", "ext_id": "9", "text": "又一个医院"}
             | {"event_at": NOW, "first_seen_at": NOW}],
        )  # fmt: skip
        search.index(tx, [keep_one[0][0]])
        assert search.count(tx, ["医院"]) == 1


def test_the_migration_indexes_what_was_there_before_and_says_how_far_it_is(any_url, tmp_path, capsys):
    scripts = scripts_until("0003", tmp_path)
    store = Store(any_url)
    migrations.migrate(store, scripts)
    rows = [
        {"id": f"{n:032x}", "source": "s", "platform": "p", "ext_id": str(n), "title": "", "text": f"第{n}位住院"}
        | {"event_at": NOW, "first_seen_at": NOW}
        for n in range(2001)
    ]
    with store.transaction() as tx:
        tx.execute(insert(mentions), rows)
    migrations.migrate(store)
    with store.reading() as tx:
        assert [search.count(tx, [word]) for word in ("住院", "第7", "医院")] == [2001, 111, 0]
    store.close()
    assert capsys.readouterr().err.splitlines() == [
        "store: search index 2000 of 2001 mentions",
        "store: search index 2001 of 2001 mentions",
    ]


def test_a_mention_can_be_found_once_it_is_about_a_brand_by_the_words_it_has_then(any_store):
    with any_store.transaction() as tx:
        new = kept.save(tx, "s", [RawMention(ext_id="1", text="住院")], NOW, iter(["m1"]).__next__)
        assert (new, search.count(tx, ["住院"])) == (["m1"], 0)
        tx.execute(update(mentions).values(text="出院"))
        search.reindex(tx, "m1", ("", "住院"), ("", "出院"))
        mention = kept.pending(tx, 1)[0]
        for brand in ("a", "b"):
            kept.save_scores(tx, [(Judged(mention, brand, Score(0.9, 0.1, negative=True, crisis=False)), "why")], NOW)
        assert (search.count(tx, ["住院"]), search.count(tx, ["出院"])) == (0, 1)
        search.forget(tx, [("m1", "", "出院")])
        tx.execute(update(mentions).values(erased_at=NOW))
        search.index(tx, ["m1"])
        assert search.count(tx, ["出院"]) == 0


LETTERS = st.sampled_from("星禾茶饮院a Ab Bß０　，。！“”\"%_\\'😀𠮷\n\u200bé二〇々\ufffe\ufffd")
TEXTS = st.text(LETTERS, max_size=12) | st.text(max_size=12).map(
    lambda one: one.encode("utf-8", "ignore").decode().replace("\x00", "")
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(st.tuples(TEXTS, TEXTS), max_size=6), asked=st.data())
def test_search_equals_looking_into_every_text(one_store, said, asked):
    every = [one for pair in said for one in pair if one]
    cut = st.sampled_from(every).flatmap(
        lambda one: st.tuples(st.integers(0, len(one)), st.integers(0, 5)).map(lambda at: one[at[0] : sum(at)])
    )
    query = asked.draw(TEXTS | cut if every else TEXTS)
    wanted = search.words(query)
    naive = [
        place
        for place, (title, words) in enumerate(said)
        if all(word in small(title) or word in small(words) for word in wanted)
    ]
    with one_store.reading() as tx:
        # Written and rolled back: nothing of one example is left for the next.
        places = keep(tx, said) if said else {}
        assert found(tx, query, places) == naive
        phrase = small(query.replace('"', "").replace("”", ""))
        if phrase:
            naive = [place for place, (a, b) in enumerate(said) if phrase in small(a) or phrase in small(b)]
            assert found(tx, f'"{query.replace(chr(34), "").replace("”", "")}"', places) == naive
