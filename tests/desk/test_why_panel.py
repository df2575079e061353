"""Why an incident is one: the first to say it, where it went, what is repeated and asked, escaped like all of it."""

from sqlalchemy import update

from store import incidents
from store.nouns import Level, LevelChange
from store.tables import scores
from tests.desk.house import MINUTE

SAID = "星禾茶饮喝出金属丝，孩子划破了嘴，正在医院检查"
POSTS = (
    ("weibo", "柚子妈妈", "", SAID, "医院", 0),
    ("weibo", "路人甲", "", SAID, "医院", 3),
    ("weibo", "路人乙", "", SAID, "医院", 4),
    ("xiaohongshu", "避雷小本", "", "星禾的金属丝是怎么进杯子的？门店还在卖吗？<i>", "金属丝", 9),
    ("douyin", "小明", "", "星禾茶饮的金属丝是怎么进杯子的？", "金属丝", 12),
)


def shown(house, person="li") -> str:
    return house.signed_in(person).get("/incidents/1").text


def test_the_panel_tells_first_spread_repeats_words_and_questions(house):
    house.opens(POSTS)
    html = shown(house)
    assert "首发：" in html
    assert "传到 3 个平台" in html
    assert "大家在问" in html
    assert "怎么进杯子的？</a>" in html
    assert "金属丝" in html.split("大家在说：")[1].split("</p>")[0]
    assert "&lt;i&gt;" in html
    assert "<i>" not in html
    # Who was first is linked: one tap to the post itself.
    first = html.split("首发：")[1].split("</p>")[0]
    assert "柚子妈妈" in first
    assert 'href="/mentions/' in first


def test_copies_are_told_once_with_their_number(house):
    incident = house.opens(POSTS)
    with house.store.transaction() as tx:
        ids = sorted(incidents.mention_ids(tx, incident.id))
        tx.execute(update(scores).where(scores.c.mention.in_(ids[:3])).values(cluster=ids[0]))
    assert "同一段话最多出现 3 次" in shown(house)


def test_every_level_it_has_had_is_told_with_its_reason(house):
    incident = house.opens(POSTS, level=Level.ORANGE)
    assert "等级变化" not in shown(house)
    with house.store.transaction() as tx:
        incidents.note_level(tx, LevelChange(incident.id, house.clock() - MINUTE, Level.RED, "两人住院", "wang"))
    html = shown(house)
    assert "等级变化（2）" in html
    assert "两人住院" in html.split("等级变化")[1]


def test_an_incident_without_mentions_has_no_panel(house):
    lead = house.signed_in("wang")
    fields = {"brand": "xinghe", "category": "", "level": "orange", "title": "冷库漏氨", "why": "值班经理来电"}
    lead.post("/incidents/new", t0="2026-03-12T13:30", **fields)
    html = shown(house)
    assert "冷库漏氨" in html
    assert "首发：" not in html
    assert "传到" not in html
