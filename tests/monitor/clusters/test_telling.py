"""What screens tell of many mentions: who was first, where it spread, which words tell most, what people ask."""

import pytest
from msgspec import structs

from config.clock import stopwatch
from monitor.clusters.telling import copies, first_poster, questions, spread
from monitor.clusters.terms import Term, top_terms
from tests.monitor.told import MINUTE, NOW, judged


def post(ago, text="", *, cluster="", title="", counts=(None, None, None), **more):
    item = judged(ago, more.pop("author", f"a{ago:g}"), key=f"p{ago:g}", **more)
    likes, comments, reposts = counts
    mention = structs.replace(item.mention, title=title, text=text, likes=likes, comments=comments, reposts=reposts)
    return structs.replace(item, mention=mention, score=structs.replace(item.score, cluster=cluster))


@pytest.mark.parametrize(
    ("posts", "first"),
    [
        ([post(5), post(60), post(30)], "p60"),
        ([post(5), post(60, estimated=True)], "p5"),
        ([post(5), post(60, published=False)], "p5"),
        ([post(5, published=False), post(60, published=False)], "p60"),
        ([], None),
    ],
)
def test_the_first_poster_is_the_earliest_whose_time_is_known(posts, first):
    found = first_poster(posts)
    assert (found and found.mention.id) == first


def test_spread_tells_each_platform_in_the_order_of_arrival():
    posts = [post(30, platform="weibo"), post(20, platform="x"), post(10, platform="weibo", author="a30")]
    posts += [post(25, platform="douyin"), post(5, platform="weibo")]
    found = [(one.platform, one.mentions, one.voices, one.first.mention.id, one.at) for one in spread(posts)]
    assert found == [
        ("weibo", 3, 2, "p30", NOW - 30 * MINUTE),
        ("douyin", 1, 1, "p25", NOW - 25 * MINUTE),
        ("x", 1, 1, "p20", NOW - 20 * MINUTE),
    ]
    assert spread([]) == []


def test_copies_are_told_by_text_the_most_copied_first():
    posts = [post(9, cluster="p9"), post(8, cluster="p8"), post(7, cluster="p8"), post(6)]
    assert [[item.mention.id for item in some] for some in copies(posts)] == [["p8", "p7"], ["p9"], ["p6"]]


def test_questions_are_told_once_the_hottest_first():
    posts = [
        post(9, "孩子现在怎么样了？星禾为什么不道歉？"),
        post(8, "孩子现在怎么样了呀！", counts=(40, None, 2)),
        post(7, "星禾为什么还不道歉"),
        post(6, "喝出金属丝！太吓人了。"),
        post(5, "Why is nobody answering?", title="一个问题"),
        post(4, "有人知道在哪里退款吗", counts=(None, 1, None)),
    ]
    found = [(one.text, one.asked, one.heat, one.mention_ids) for one in questions(posts)]
    assert found == [
        ("孩子现在怎么样了？", 2, 44, ("p9", "p8")),
        ("星禾为什么不道歉？", 2, 2, ("p9", "p7")),
        ("有人知道在哪里退款吗", 1, 2, ("p4",)),
        ("Why is nobody answering?", 1, 1, ("p5",)),
    ]
    assert [one.text for one in questions(posts, most=1)] == ["孩子现在怎么样了？"]


@pytest.mark.parametrize(
    "text", ["", "？", "？？？？？", "😡😡😡😡？", "\ud800\x00怎么", "吗" * 5000, "a?" * 5000, "怎么" + "哈" * 100]
)
def test_what_asks_nothing_is_no_question(text):
    assert len(questions([post(1, text)])) <= 1


USUAL = [
    post(100 + n, text)
    for n, text in enumerate(["星禾奶茶今天半价，味道不错", "星禾奶茶新品好喝", "孩子爱喝星禾奶茶"] * 5)
]
STORY = [
    post(9, "星禾奶茶喝出一截金属丝，孩子嗓子划破了"),
    post(8, "避雷！星禾的奶茶里有金属丝，小朋友送医院了"),
    post(7, "孩子喝星禾奶茶，被金属丝划破喉咙，在医院"),
    post(6, "Metal wire in my milk tea, kid in the hospital"),
    post(5, "my kid drank the metal wire too, hospital says fine"),
]


def test_the_telling_words_are_those_the_brand_usually_lacks():
    found = top_terms(STORY, USUAL, ["星禾茶饮", "星禾"])
    words = {one.text for one in found}
    assert found[0] == Term("金属丝", 3)
    assert words >= {"医院", "metal wire", "hospital"}
    assert words.isdisjoint({"奶茶", "星禾", "属丝", "金属", "metal", "the"})


def test_one_text_copied_often_does_not_drown_the_others():
    flood = [post(20 + n / 100, "点赞抽奖转发有礼星禾福利官", cluster="flood") for n in range(300)]
    again = post(3, "星禾福利官的抽奖福利是真的")
    found = top_terms([*STORY, *flood, again], USUAL, ["星禾"])
    assert "福利官" in {one.text for one in found}
    assert found[0] == Term("金属丝", 3)


def test_of_a_single_post_its_own_words_are_told_and_of_nothing_none():
    assert top_terms(STORY[:1], USUAL, ["星禾"], most=1) != []
    assert top_terms([], USUAL) == []
    assert top_terms([post(1, "😡\ud800\x00")]) == []


def test_thousands_of_mentions_are_told_within_a_screen():
    many = [post(n, f"第{n}位顾客说在{chr(0x4E00 + n)}店喝出金属丝，孩子怎么样了？" * 20) for n in range(1000)]
    began = stopwatch()
    top_terms(many, many[500:])
    questions(many)
    spread(many)
    assert stopwatch() - began < 3
