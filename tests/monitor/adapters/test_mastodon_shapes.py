"""What servers of the Mastodon family call a status, and what it becomes."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sources.mastodon.shapes import mastodon_mentions_of
from store.nouns import RawMention

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
BASE = "https://tea.example"
ACCOUNT = {
    "id": "024VGCW21FR1PA3W9RJXAKSXVH", "username": "zhaoxiaocha", "acct": "zhaoxiaocha", "display_name": "赵小茶",
    "locked": True, "discoverable": False, "bot": False, "url": "https://tea.example/@zhaoxiaocha",
    "followers_count": 12, "following_count": 0, "statuses_count": 5,
}  # fmt: skip
CONTENT = (
    '<p>星禾茶饮喝出异物，客服推诿 <a href="https://tea.example/tags/%E6%98%9F" class="mention hashtag" rel="tag '
    'nofollow noreferrer noopener" target="_blank">#<span>星禾茶饮</span></a> <span class="h-card">'
    '<a href="https://tea.example/@brand" class="u-url mention">@<span>brand</span></a></span></p>'
)
STATUS = {
    "id": "01M81KDM0T66CMAYYMAN4H24NE", "created_at": "2026-11-22T12:24:13.596Z", "edited_at": None,
    "in_reply_to_id": None, "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "",
    "visibility": "public", "language": "zh",
    "uri": "https://tea.example/users/zhaoxiaocha/statuses/01M81KDM0T66CMAYYMAN4H24NE",
    "url": "https://tea.example/@zhaoxiaocha/statuses/01M81KDM0T66CMAYYMAN4H24NE", "replies_count": 1,
    "reblogs_count": 2, "favourites_count": 3, "content": CONTENT, "reblog": None, "account": ACCOUNT,
    "media_attachments": [], "mentions": [], "tags": [], "emojis": [], "card": None, "poll": None,
}  # fmt: skip
MENTION = RawMention(
    ext_id="https://tea.example/users/zhaoxiaocha/statuses/01M81KDM0T66CMAYYMAN4H24NE",
    url="https://tea.example/@zhaoxiaocha/statuses/01M81KDM0T66CMAYYMAN4H24NE",
    text="星禾茶饮喝出异物，客服推诿 #星禾茶饮 @brand",
    author="赵小茶",
    handle="zhaoxiaocha@tea.example",
    followers=12,
    bot=False,
    published_at=datetime(2026, 11, 22, 12, 24, 13, 596000, tzinfo=UTC),
    raw_date="2026-11-22T12:24:13.596Z",
    likes=3,
    comments=1,
    reposts=2,
    platform="mastodon",
    klass="post",
    lang="zh",
    raw_excerpt=CONTENT,
)


def read(*statuses) -> tuple[RawMention, ...]:
    return mastodon_mentions_of(statuses, base_url=BASE, now=NOW)


def one(**changes) -> RawMention:
    (found,) = read(STATUS | changes)
    return found


def test_a_status_becomes_a_mention():
    assert read(STATUS) == (MENTION,)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>#<span>星禾茶饮</span>难喝</p>", "#星禾茶饮难喝"),
        ("<p>星禾<b>茶</b><em>饮</em></p>", "星禾茶饮"),
        ("<p>一</p><p>二<br>三<br/>四</p>", "一 二 三 四"),
        (
            '<a href="x"><span class="invisible">https://</span><span class="ellipsis">tea.example/a</span>'
            '<span class="invisible">bc</span></a>',
            "https://tea.example/abc",
        ),
        ("<p>a &lt;b&gt; &amp; c</p>", "a & c"),
        ("<script>alert(1)</script><p>茶</p>", "茶"),
        ("", ""),
        (None, ""),
    ],
)
def test_content_is_read_as_people_see_it(content, text):
    assert one(content=content).text == text


def test_a_warning_belongs_to_the_words():
    assert one(spoiler_text="食品安全", content="<p>见图</p>").text == "食品安全 见图"


@pytest.mark.parametrize(
    ("visibility", "count"), [("public", 1), ("unlisted", 1), ("private", 0), ("direct", 0), (None, 0)]
)
def test_only_what_was_said_in_public(visibility, count):
    assert len(read(STATUS | {"visibility": visibility})) == count


def test_the_same_post_of_two_servers_is_one():
    elsewhere = STATUS | {"id": "112", "url": "https://other.example/@zhaoxiaocha@tea.example/112"}
    assert read(STATUS, elsewhere) == (MENTION,)


@pytest.mark.parametrize(
    ("acct", "url", "handle"),
    [
        ("zhaoxiaocha", "https://tea.example/@zhaoxiaocha", "zhaoxiaocha@tea.example"),
        ("li@other.example", "https://other.example/@li", "li@other.example"),
        ("li", "", "li@tea.example"),
        ("li", "http://[x", "li@tea.example"),
        ("", "https://tea.example/@zhaoxiaocha", "zhaoxiaocha@tea.example"),
    ],
)
def test_an_account_is_named_with_its_server(acct, url, handle):
    assert one(account=ACCOUNT | {"acct": acct, "url": url}).handle == handle


def test_an_account_without_a_name_or_no_account_at_all():
    assert one(account=ACCOUNT | {"display_name": ""}).author == "zhaoxiaocha"
    nobody = one(account=None)
    assert (nobody.author, nobody.handle, nobody.followers, nobody.bot) == ("", "", None, None)


@pytest.mark.parametrize(("told", "count"), [(0, 0), (7, 7), (-1, None), (None, None), ("7", None), (True, None)])
def test_hidden_numbers_are_unknown(told, count):
    found = one(favourites_count=told, account=ACCOUNT | {"followers_count": told})
    assert (found.likes, found.followers) == (count, count)


@pytest.mark.parametrize(("told", "bot"), [(True, True), (False, False), (None, None), ("yes", None)])
def test_robots_are_named(told, bot):
    assert one(account=ACCOUNT | {"bot": told}).bot is bot


def test_an_answer_names_what_it_answers():
    answer = STATUS | {"id": "02", "uri": "https://tea.example/users/li/statuses/02", "in_reply_to_id": STATUS["id"]}
    assert read(STATUS, answer)[1].parent_ext_id == MENTION.ext_id
    assert read(answer)[0].parent_ext_id == f"tea.example/{STATUS['id']}"


def test_a_boost_carries_the_words_of_the_original():
    boost = STATUS | {
        "id": "03",
        "uri": "https://tea.example/users/li/statuses/03/activity",
        "content": "",
        "reblog": STATUS,
    }
    (found,) = read(boost)
    assert (found.text, found.repost_of) == (f"RT {MENTION.text}", MENTION.ext_id)
    assert read(boost | {"reblog": STATUS | {"visibility": "private"}}) == ()


def test_a_uri_too_long_to_store_still_tells_posts_apart():
    long = [STATUS | {"uri": f"https://tea.example/{'a' * 400}/{number}"} for number in range(2)]
    assert [len(mention.ext_id) for mention in read(*long)] == [64, 64]
    assert len({mention.ext_id for mention in read(*long)}) == 2


@pytest.mark.parametrize("uri", ["", None, 3.5])
def test_what_has_no_uri_is_no_post(uri):
    assert read(STATUS | {"uri": uri}) == ()


@pytest.mark.parametrize(
    ("raw", "when"),
    [
        ("2026-11-22T12:24:13.000Z", datetime(2026, 11, 22, 12, 24, 13, tzinfo=UTC)),
        ("2026-11-22T20:24:13+08:00", datetime(2026, 11, 22, 12, 24, 13, tzinfo=UTC)),
        ("2026-11-22T12:24:13", datetime(2026, 11, 22, 12, 24, 13, tzinfo=UTC)),
        ("2099-11-22T12:24:13.000Z", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(raw, when):
    assert one(created_at=raw).published_at == when


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (None, MENTION.ext_id),
        ("javascript:alert(1)", MENTION.ext_id),
        ("https://tea.example/x", "https://tea.example/x"),
    ],
)
def test_only_web_addresses_are_shown(url, shown):
    assert one(url=url).url == shown


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from([*STATUS]), JUNK), st.dictionaries(st.sampled_from([*ACCOUNT]), JUNK), JUNK)
def test_no_junk_in_any_field_breaks_the_reading(changes, account, other):
    for mention in read(STATUS | {"account": ACCOUNT | account} | changes, other):
        json.dumps(mention.text)
