"""What Bluesky's posts and notifications become, and what a stopped descent still has to read."""

from datetime import UTC, datetime

import pytest

from monitor.sources.bluesky.shapes import Post, followers_of, post_of
from monitor.sources.gaps import MOST_GAPS, Gap, Page, Reach, Walk, reach_of
from store.nouns import RawMention

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
DID = "did:plc:uwtvw3kncnpamasxw2wzy3zn"
URI = f"at://{DID}/app.bsky.feed.post/3n2vlv7ldtc2g"


def view(**more):
    record = {
        "text": "星禾茶饮 第4条 差评",
        "$type": "app.bsky.feed.post",
        "langs": ["zh"],
        "createdAt": "2026-11-22T12:17:34.000Z",
    }
    author = {"did": DID, "handle": "zhangsan.test", "labels": []}
    counts = {"bookmarkCount": 0, "replyCount": 3, "repostCount": 2, "likeCount": 40, "quoteCount": 1}
    whole = {"uri": URI, "cid": "bafyrei", "author": author, **counts, "indexedAt": "2026-11-22T12:17:36.000Z"}
    return {**whole, "record": {**record, **more.pop("record", {})}, **more}


def read(found) -> Post:
    post = post_of(found, platform="bluesky", now=NOW)
    assert post is not None
    return post


def test_a_post_in_the_captured_shape():
    post = read(view())
    assert post.mention == RawMention(
        ext_id=URI,
        url=f"https://bsky.app/profile/{DID}/post/3n2vlv7ldtc2g",
        text="星禾茶饮 第4条 差评",
        author="zhangsan.test",
        handle=DID,
        published_at=datetime(2026, 11, 22, 12, 17, 34, tzinfo=UTC),
        raw_date="2026-11-22T12:17:34.000Z",
        likes=40,
        comments=3,
        reposts=2,
        platform="bluesky",
        lang="zh",
        raw_excerpt='{"text": "星禾茶饮 第4条 差评", "$type": "app.bsky.feed.post", "langs": ["zh"], '
        '"createdAt": "2026-11-22T12:17:34.000Z"}',
    )
    assert (post.indexed_at, post.stir) == (datetime(2026, 11, 22, 12, 17, 36, tzinfo=UTC), 46)


def test_counts_a_notification_does_not_carry_are_unknown_not_zero():
    found = view()
    for name in ("replyCount", "repostCount", "likeCount", "quoteCount"):
        del found[name]
    mention = read(found).mention
    assert (mention.likes, mention.comments, mention.reposts, mention.followers) == (None, None, None, None)


@pytest.mark.parametrize(
    ("created", "shown", "estimated"),
    [
        ("2026-11-22T12:17:34.000Z", "12:17:34", False),
        ("2026-11-22T20:17:34+08:00", "12:17:34", False),
        ("1970-01-01T00:00:00.000Z", "12:17:36", True),
        ("2099-01-01T00:00:00.000Z", "12:17:36", True),
        ("0000-00-00T00:00:00Z", "12:17:36", True),
        ("", "12:17:36", True),
    ],
)
def test_a_date_nobody_can_believe_gives_way_to_when_the_server_took_it_in(created, shown, estimated):
    mention = read(view(record={"createdAt": created})).mention
    assert mention.published_at is not None
    assert (f"{mention.published_at:%H:%M:%S}", mention.date_estimated, mention.raw_date) == (shown, estimated, created)


def test_a_reply_a_quote_and_what_stands_in_pictures_and_links():
    parent, quoted = f"at://{DID}/app.bsky.feed.post/aaa", f"at://{DID}/app.bsky.feed.post/bbb"
    reply = read(view(record={"reply": {"parent": {"uri": parent, "cid": "b"}, "root": {"uri": parent}}})).mention
    quote = read(view(record={"embed": {"$type": "app.bsky.embed.record", "record": {"uri": quoted}}})).mention
    images = {"$type": "app.bsky.embed.images", "images": [{"alt": "杯底的异物", "image": {}}, {"alt": ""}]}
    both = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": quoted}}, "media": images}
    with_picture = read(view(record={"text": "大家看", "embed": both})).mention
    card = {"$type": "app.bsky.embed.external", "external": {"uri": "https://a.example", "title": "星禾茶饮被罚"}}
    with_link = read(view(record={"text": "链接", "embed": card})).mention
    assert reply.parent_ext_id == parent
    assert quote.repost_of == quoted
    assert (with_picture.text, with_picture.repost_of) == ("大家看 [杯底的异物]", quoted)
    assert (with_link.text, with_link.repost_of) == ("链接 [星禾茶饮被罚]", "")


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "post",
        {},
        {"uri": URI},
        {"uri": URI, "record": []},
        {"uri": "https://a.example", "record": {"text": "a"}},
        {"uri": f"at://{DID}/app.bsky.feed.like/3n2", "record": {"text": "a"}},
        {"uri": f"at://{DID}/app.bsky.feed.post/<script>", "record": {"text": "a"}},
    ],
)
def test_what_is_no_post_is_none(broken):
    assert post_of(broken, platform="bluesky", now=NOW) is None


def test_every_field_may_be_of_another_type():
    odd = {"uri": URI, "record": {"text": 5, "langs": "zh", "createdAt": 7, "reply": "x", "embed": [1]}, "author": "me"}
    post = read({**odd, "likeCount": "40", "replyCount": True, "repostCount": -1, "indexedAt": None})
    assert (post.mention.text, post.mention.likes, post.mention.comments, post.mention.reposts) == (
        "",
        None,
        None,
        None,
    )
    assert (post.indexed_at, post.mention.published_at, post.mention.date_estimated) == (None, None, False)


def test_followers_of_profiles():
    rows = [{"did": DID, "followersCount": 1200}, {"did": "did:plc:b"}, {"followersCount": 3}, "x"]
    assert (followers_of(rows), followers_of(None)) == ({DID: 1200}, {})


def test_a_stop_leaves_a_gap_and_the_next_read_begins_with_what_is_new():
    reach = reach_of(None, "a")
    reach = reach.read(Gap(reach.newest), Page(high="m", low="k", next="1"))
    assert reach == Reach("m", (Gap("a", "k", "1"),))
    reach = reach.read(Gap(reach.newest), Page(high="p", low="n", next="2"))
    assert reach == Reach("p", (Gap("m", "n", "2"), Gap("a", "k", "1")))
    reach = reach.read(Gap("a", "k", "1"), Page(high="j", low="b", next=""))
    assert reach == Reach("p", (Gap("m", "n", "2"),))
    assert reach_of(reach.to_cursor(), "a") == reach
    assert reach.read(Gap("m", "n", "2"), Page()) == Reach("p")


def test_a_page_mark_that_repeats_itself_is_the_end():
    assert Gap("a", "k", "1").after(Page(high="j", low="b", next="1")) is None


def test_too_many_gaps_are_joined_without_losing_what_lies_in_them():
    gaps = tuple(Gap(f"{n:02}", f"{n:02}5", "mark") for n in range(40, 10, -1))
    joined = reach_of({"newest": "99", "gaps": [[gap.since, gap.below, gap.page] for gap in gaps]}, "a").gaps
    assert len(joined) == MOST_GAPS
    assert joined[:-1] == gaps[: MOST_GAPS - 1]
    assert joined[-1] == Gap(gaps[-1].since, gaps[MOST_GAPS - 1].below)


@pytest.mark.parametrize("kept", [None, [], {}, {"newest": 5}, {"newest": ""}, {"gaps": []}])
def test_a_cursor_nobody_can_read_begins_anew(kept):
    assert reach_of(kept, "a") == Reach("a")


def test_broken_gaps_in_a_cursor_are_left_out():
    kept = {"newest": "m", "gaps": [["a", "k", "1"], ["a"], "x", [1, 2, 3], ["a", "b", "c" * 600]]}
    assert reach_of(kept, "a") == Reach("m", (Gap("a", "k", "1"),))


def test_a_walk_ends_with_the_pages_allowed_and_says_so():
    pages = iter([Page((RawMention("3"),), "c", "c", "1"), Page((RawMention("2"),), "b", "b", "2"), Page()])
    walk = Walk({"s": Reach("a")}, 2)
    walk.down("s", Gap("a"), lambda gap: next(pages))
    assert (list(walk.mentions), walk.truncated, walk.reaches["s"]) == (
        ["3", "2"],
        True,
        Reach("c", (Gap("a", "b", "2"),)),
    )
