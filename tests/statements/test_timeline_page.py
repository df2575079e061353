"""The public timeline: every published version newest first, corrections visible, nothing internal, nothing runs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.approving.approval import sha256_of
from statements.posting.publishing import Post
from statements.posting.timeline import POLICY, TimelineInput, entries, page_of
from store import facts, publications, texts
from store.nouns import Draft, DraftState, Publication
from tests.statements.posting import ID, TEXT, Posting, minute
from tests.statements.room import EMAIL, NOW, PHONE, ZONE
from tests.statements.test_review_exports import seen


@pytest.fixture
def house(store, clock, ids):
    return Posting(store, clock, ids)


def told(house, **changes) -> TimelineInput:
    with house.store.reading() as tx:
        given = TimelineInput(
            brand="星禾茶饮",
            company="星禾茶饮（南京）有限公司",
            phone=PHONE,
            email=EMAIL,
            records=tuple(publications.all_of(tx, ID)),
            standing=tuple(texts.publications_of(tx, ID)),
            drafts=tuple(texts.versions(tx, ID)),
            promises=tuple(facts.promises_of(tx, ID)),
            zone=ZONE,
            now=minute(60),
        )
    return replace(given, **changes)


def test_an_empty_page_says_so_and_gives_the_contacts(house):
    house.approved()
    page = page_of(told(house))
    assert "还没有发布内容。" in page
    assert PHONE in page
    assert "门店已停止营业" not in page


def test_versions_stand_newest_first_with_their_twin_and_the_next_update(house):
    house.post(house.approved(), minute(5))
    house.post(house.approved(TEXT["en"], "en"), minute(6), platform="x")
    house.approved("第二版，没有发布。")
    house.post(house.approved("原料已送检。下一次更新：明天10:00前发布。", at=minute(40)), minute(50))
    house.post(house.approved("此前写错了时间。", kind="correction", at=minute(52)), minute(55))
    given = told(house)
    found = [(one.kind, [(text.lang, text.version) for text in one.texts]) for one in entries(given)]
    assert found == [("correction", [("zh", 1)]), ("holding", [("zh", 3)]), ("holding", [("zh", 1), ("en", 1)])]
    page = page_of(given)
    order = [page.index(words) for words in ("此前写错了时间", "原料已送检", "门店已停止营业", "The store is closed")]
    assert order == sorted(order)
    assert "更正 · Correction" in page
    assert "第二版，没有发布" not in page
    assert "2026年3月13日10:00（北京时间）" in page[: page.index("<article>")]


def test_a_corrected_record_stays_readable_and_one_never_posted_is_gone(house):
    record = house.post(house.approved(), minute(5))
    house.mend(record, Post("weibo", "https://weibo.example/right", minute(6)))
    other = house.post(house.approved("更新。", kind="update"), minute(20))
    house.mend(other, None, "没有发布过")
    page = page_of(told(house))
    assert "<s>微博 Weibo · 2026年3月12日14:57</s>" in page
    assert 'href="https://weibo.example/right"' in page
    assert "更新。" not in page
    # Reasons and names of our people are nobody's business outside.
    assert "时间记错了" not in page
    assert "zhao" not in page


def test_it_runs_nothing_fetches_nothing_and_a_drill_says_what_it_is(house):
    house.post(house.approved(), minute(5))
    page = page_of(told(house, watermark="【演练】"))
    tags = {tag for tag, _ in seen(page).tags}
    assert not tags & {"script", "img", "link", "iframe", "form", "object", "base"}
    assert "default-src &#39;none&#39;" in page
    assert "unsafe" not in POLICY
    assert page.count("【演练】") == 2


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=200), st.text(max_size=40))
def test_no_text_or_name_becomes_markup(words, name):
    draft = Draft("d", ID, "holding", "zh", 1, words, sha256_of(words), (), (), DraftState.RELEASED, "li", NOW)
    record = Publication("u", ID, "d", "0" * 64, name or "x", f"https://x.example/{name}", NOW, NOW, "zhao")
    page = page_of(
        TimelineInput(name, name, name, name, (record,), (record,), (draft,), (), ZONE, NOW + timedelta(hours=1))
    )
    tags = [tag for tag, _ in seen(page).tags]
    assert tags.count("article") == 1
    assert tags.count("a") == 1
    ours = "html head meta title style body main h1 h2 h3 p br span div section article ul li a s"
    assert set(tags) <= set(ours.split())
