"""A few sentences a made-up author could write; many endings make a corpus of them for tests."""

BAD = (
    ("blame_shifting", "这都是送货公司的人没管好"),
    ("minimising", "一点小毛病而已大家别大惊小怪"),
    ("legal_threat", "再乱说就法庭上见吧各位"),
    ("evading", "这个问题今天先不谈了"),
    ("promotion", "顺便看看我们刚上架的新品"),
    ("speculation", "多半是有人故意放进去的"),
)
GOOD = (
    ("", "门店在下午两点停止营业"),
    ("", "原料已经封存送去检测"),
    ("", "我们向这位顾客道歉"),
    ("", "下一次说明在今天晚上发布"),
    ("", "就医的费用由我们先付"),
    ("", "电话全天有人接听"),
)
