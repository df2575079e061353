"""One incident in many wordings is one topic; only words that clearly contradict make two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from monitor.clusters.marks import Marks, marks, together
from monitor.clusters.topics import city, related, topics
from tests.monitor.told import judged

NANJING = "星禾茶饮南京新街口店的奶茶喝出一截金属丝，孩子嗓子划破了"
CHENGDU = "星禾茶饮成都春熙路店的蛋糕里爬出蟑螂，恶心得吃不下饭"


def post(ago, text, *terms, key="", cluster="", author="", category="food_safety"):
    item = judged(ago, author or f"a{ago:g}", key=key or f"p{ago:g}", category=category, terms=terms)
    return structs.replace(
        item, mention=structs.replace(item.mention, text=text), score=structs.replace(item.score, cluster=cluster)
    )


def told(*posts):
    return [[item.mention.id for item in topic] for topic in topics(posts)]


@pytest.mark.parametrize(
    ("text", "places", "sites", "models"),
    [
        (NANJING, {"江苏/南京"}, {"新街口"}, set()),
        ("星禾茶飲臺北旗艦店", {"台湾/台北"}, set(), set()),
        ("Metal wire in my tea at the Oak Street store in Nanjing", {"江苏/南京"}, {"oak street"}, set()),
        ("新街口那家星禾", {"江苏/南京"}, set(), set()),
        ("江苏的星禾", {"江苏"}, set(), set()),
        ("南京路上，北京烤鸭，兰州拉面，武汉大学", set(), set(), set()),
        ("西安 北京 上海 广州都有人遇到", set(), set(), set()),
        ("那家奶茶店，这家店，我家楼下的店，全国多地门店，店员，店长", set(), set(), set()),
        ("石家庄徐家汇店，北京三里屯店", {"河北/石家庄", "北京/北京"}, {"徐家汇", "三里屯"}, set()),
        ("昨天在上海万达广场买的", {"上海/上海"}, {"万达广场"}, set()),
        ("SU7 在高速上起火，批号20260301，5G 信号，第2天 3kg", set(), set(), {"su7", "20260301"}),
        ("romeo and parish", set(), set(), set()),
        ("", set(), set(), set()),
        ("\ud800\x00南京\udfff", {"江苏/南京"}, set(), set()),
    ],
)
def test_what_a_post_names(text, places, sites, models):
    assert marks("", text) == Marks(frozenset(places), frozenset(sites), frozenset(models))


def test_a_megabyte_is_read_as_far_as_an_article():
    assert marks("", "南京新街口店。" + "星" * 1_000_000 + "成都").places == {"江苏/南京"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"江苏/南京"}, {"江苏/南京", "四川/成都"}, True),
        ({"江苏"}, {"江苏/南京"}, True),
        ({"江苏/南京"}, {"江苏"}, True),
        ({"江苏/南京"}, {"江苏/苏州"}, False),
        ({"江苏"}, {"四川/成都"}, False),
        (set(), {"江苏"}, False),
    ],
)
def test_a_region_holds_its_cities(one, other, same):
    assert together(one, other) is same


def test_two_shops_in_two_cities_are_two_topics_the_last_told_first():
    posts = [
        post(50, NANJING, "金属丝"),
        post(40, "新街口星禾的奶茶里有铁丝，小朋友送医院了", "铁丝"),
        post(30, CHENGDU, "蟑螂"),
        post(20, "成都的星禾吓死我了，蛋糕里那么大一只蟑螂", "蟑螂"),
        post(10, "喝出金属丝的孩子怎么样了", "金属丝"),
        post(5, "蛋糕里的蟑螂还活着呢，看视频", "蟑螂"),
    ]
    assert told(*posts) == [["p30", "p20", "p5"], ["p50", "p40", "p10"]]


def test_one_post_against_one_is_enough_when_both_name_shop_and_city():
    assert told(post(9, NANJING, "金属丝"), post(8, CHENGDU, "蟑螂")) == [["p8"], ["p9"]]


@pytest.mark.parametrize(
    "others",
    [
        [(8, "喝出金属丝，太吓人了", ("金属丝",))],
        [(8, "成都的姐妹们也小心金属丝", ("金属丝",))],
        [(8, "成都的朋友吓得不敢喝了，铁丝啊", ("铁丝",))],
        [(8, "江苏一女子喝星禾喝出铁丝", ("铁丝",))],
        [(8, "南京、成都的星禾都出过事", ("出事",))],
        [(8, "星禾德基广场店就是出事那家", ("金属丝",))],
        [(8, "Found metal wire in my milk tea in Nanjing", ("metal wire",))],
        [(8, "", ())],
    ],
    ids=str,
)
def test_when_in_doubt_it_is_one(others):
    assert len(told(post(9, NANJING, "金属丝"), *(post(ago, text, *terms) for ago, text, terms in others))) == 1


SHOPS = ("上海徐家汇店", "北京三里屯店", "广州北京路店", "深圳海岸城店", "成都太古里店", "武汉光谷店")


@pytest.mark.parametrize(
    ("shops", "words", "topics_"),
    [
        (SHOPS, "崩了，下不了单", 1),
        (SHOPS[:3], "崩了，下不了单", 1),
        (SHOPS[:2], "也崩了，下不了单", 1),
        (SHOPS[:2], "has crashed too, 崩了", 1),
        (SHOPS[:2], "崩了，下不了单", 2),
    ],
)
def test_what_happens_in_many_cities_at_once_is_one(shops, words, topics_):
    assert len(told(*(post(n, f"{shop}{words}", "崩了") for n, shop in enumerate(shops)))) == topics_


def test_a_bystander_from_elsewhere_does_not_move_the_incident():
    posts = [post(90 - n, NANJING, "金属丝") for n in range(5)]
    posts += [post(50, "成都的姐妹也要小心金属丝", "金属丝")]
    posts += [post(9, "成都的星禾蛋糕里有蟑螂", "蟑螂"), post(8, "在成都吃到蟑螂，星禾的蛋糕", "蟑螂")]
    assert told(*posts) == [["p9", "p8"], ["p90", "p89", "p88", "p87", "p86", "p50"]]


def test_two_models_with_other_faults_are_two():
    posts = [post(9, "SU7 高速上起火", "起火"), post(8, "SU7 又起火了", "起火"), post(7, "ES8 刹车失灵", "失灵")]
    posts.append(post(6, "我的 ES8 也失灵过", "失灵"))
    assert told(*posts) == [["p7", "p6"], ["p9", "p8"]]


def test_copies_go_where_their_text_goes():
    posts = [post(50, NANJING, "金属丝", cluster="p50"), post(40, CHENGDU, "蟑螂", cluster="p40")]
    posts += [post(n, "//@小周:转", cluster="p50") for n in (3, 2, 1)]
    assert told(*posts) == [["p50", "p3", "p2", "p1"], ["p40"]]


def test_nothing_has_no_topic():
    assert topics([]) == []


lines = st.sampled_from(
    [
        (NANJING, "金属丝"),
        (CHENGDU, "蟑螂"),
        ("成都的姐妹们小心", "小心"),
        ("南京的店停业了", "停业"),
        ("孩子住院了", "住院"),
        ("SU7 起火", "起火"),
        ("星禾怎么回事", "事"),
        ("", ""),
    ]
)


@given(st.lists(lines, max_size=12), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_every_post_has_one_topic_whatever_the_order(said, random):
    posts = [post(50 - n, text, *filter(None, [term])) for n, (text, term) in enumerate(said)]
    found = topics(posts)
    assert sorted(item.mention.id for topic in found for item in topic) == sorted(item.mention.id for item in posts)
    random.shuffle(posts)
    assert topics(posts) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((NANJING, "金属丝"), (CHENGDU, "蟑螂"), False),
        ((NANJING, "金属丝"), ("市场监管局对星禾南京新街口店立案", "立案"), True),
        ((NANJING, "金属丝"), ("市场监管局对星禾立案", "立案"), None),
        ((NANJING, "金属丝"), ("成都的姐妹小心", "小心"), None),
        (("MU5735 延误", "延误"), ("MU5735 乘客被打", "被打"), True),
        (("南京星禾店泄露手机号", "泄露"), ("南京星禾店吃出虫", "虫"), None),
    ],
)
def test_stories_of_two_kinds_are_one_incident_only_by_what_they_name(one, other, same):
    left, right = [post(9, *one)], [post(8, *other)]
    assert related(left, right, "星禾茶饮") is same
    assert related(right, left, "星禾茶饮") is same


HURT = {"category": "product_safety", "terms": ("炸了",), "aggravators": ("hospital",)}
SICK = {"category": "food_safety", "terms": ("中毒",), "aggravators": ("symptom",)}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"ago": 30} | SICK, {"ago": 20} | HURT, True),
        ({"ago": 300} | SICK, {"ago": 20} | HURT, None),
        ({"ago": 30} | SICK, {"ago": 20, "category": "data_breach", "terms": ("泄露",)}, None),
        ({"ago": 30} | SICK, {"ago": 20, "category": "boycott", "terms": ("抵制",)}, True),
        ({"ago": 30, "category": "data_breach"}, {"ago": 20, "category": "regulatory"}, True),
        ({"ago": 30, "category": "data_breach"}, {"ago": 300, "category": "regulatory"}, None),
        ({"ago": 30, "category": "boycott"}, {"ago": 20, "category": "regulatory"}, None),
    ],
)
def test_who_is_hurt_and_what_is_done_meanwhile_belongs_to_it(one, other, same):
    left, right = [judged(author="a", **one)], [judged(author="b", **other)]
    assert related(left, right) is same
    assert related(right, left) is same


def test_with_nothing_to_read_nobody_knows():
    assert related([], [post(9, NANJING)]) is None


def test_copies_of_one_text_make_two_stories_one():
    assert related([post(9, NANJING, "金属丝")], [post(8, CHENGDU, "蟑螂", cluster="p9")]) is True


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        ([NANJING], "南京"),
        ([NANJING, "喝出金属丝"], "南京"),
        ([NANJING, "喝出金属丝", "铁丝"], ""),
        ([NANJING, NANJING, CHENGDU], "南京"),
        (["江苏的店"], "江苏"),
        ([], ""),
    ],
)
def test_the_city_is_told_when_half_of_them_name_it(texts, where):
    assert city([post(n, text) for n, text in enumerate(texts)]) == where
