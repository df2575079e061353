"""One crisis told in ten wordings on four platforms is one incident; two crises of one brand are two."""

from tests.worlds.company import told

TEN_WORDINGS = (
    ("weibo", "柚子妈妈", "星禾茶饮南京新街口店的奶茶喝出一截金属丝，孩子嗓子划破了，现在在医院检查，有视频"),
    ("weibo", "路人甲", "转：星禾茶饮南京新街口店的奶茶喝出一截金属丝，孩子嗓子划破了，现在在医院检查，有视频"),
    ("xiaohongshu", "避雷小本", "姐妹们避雷！新街口星禾的奶茶里有铁丝，有个小朋友喝了直接送医院了"),
    ("weibo", "鼓楼土著", "听说新街口那家星禾奶茶喝出异物，娃的喉咙都出血了，店员还说正常"),
    ("douyin", "南京同城", "南京一女子称孩子喝星禾茶饮的奶茶被异物划伤喉咙，门店称正在核实"),
    ("x", "joe", "Found metal wire in my 星禾茶饮 milk tea in Nanjing, my kid is in the hospital"),
    ("weibo", "消费维权", "星禾茶饮奶茶喝出钢丝，孩子受伤就医，家长已打12315投诉，市场监管局介入调查"),
    ("xiaohongshu", "白桃乌龙", "星禾那个喝出金属丝的事有后续吗？孩子现在怎么样了，还在住院吗"),
    ("douyin", "小明同学", "给大家看看星禾奶茶里的铁丝有多长，差点吞下去，孩子疼得直哭，急诊都去了"),
    ("weibo", "江苏身边事", "#星禾奶茶喝出金属丝# 涉事门店已停业，被划伤的男童仍在医院治疗"),
)


def test_ten_wordings_on_four_platforms_are_one_incident(company):
    house = company(
        [told(5 + 2 * n, text, author=who, platform=where) for n, (where, who, text) in enumerate(TEN_WORDINGS)]
    )
    house.forward(90)
    (incident,) = house.incidents()
    assert incident.category == "food_safety"
    # The forward of the first is its copy; the others tell it in words of their own.
    first, forward, *others = house.mentions()
    assert first.score.cluster == forward.score.cluster == first.mention.id
    assert all(one.score.cluster == one.mention.id for one in others)


def test_a_leak_beside_it_is_a_second_incident(company):
    leak = (
        "星禾茶饮会员数据泄露，几万条手机号在群里卖",
        "我的星禾会员手机号和地址也被卖了，天天接到骚扰电话，个人信息泄露谁负责",
        "星禾茶饮小程序用户信息泄露，身份证号都在里面",
    )
    posts = [told(5 + 2 * n, text, author=who, platform=where) for n, (where, who, text) in enumerate(TEN_WORDINGS)]
    posts += [told(6 + 3 * n, text, author=f"会员{n}") for n, text in enumerate(leak)]
    house = company(posts)
    house.forward(90)
    assert {one.category for one in house.incidents()} == {"food_safety", "data_breach"}
    assert len(house.incidents()) == 2
