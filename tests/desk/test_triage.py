"""What the scorer is unsure of: shown to who may judge, answered with one tap, and learned from."""

import pytest

from store import journal, mentions, taught, triage
from tests.desk.house import MINUTE

ODD = "星禾这杯喝完一屋子人轮流跑厕所，算不算团建 <b>"
POSTS = (
    ("weibo", "夜班护士", "", ODD, "", 0),
    ("xiaohongshu", "路过的猫", "", "星禾茶饮的杯子居然会自己爆出香味，救命", "", 1),
    ("x", "sarah", "", "星禾茶饮 killed it again, send help", "", 2),
)


@pytest.fixture
def queue(house):
    """Three mentions wait; returns their ids in the order of the posts."""
    judged = house.heard(POSTS, house.clock() - 20 * MINUTE, triage="unsure")
    by_text = {one.mention.text: one.mention.id for one in judged}
    return [by_text[post[3]] for post in POSTS]


def waiting(house) -> set[str]:
    with house.store.reading() as tx:
        return {one.judged.mention.id for one in triage.waiting(tx, "", 20)}


def says(browser, mention: str, answer: str, brand: str = "xinghe"):
    return browser.post(f"/triage/{mention}", on="/triage", answer=answer, brand=brand)


def score(house, mention: str):
    with house.store.reading() as tx:
        since = house.clock() - 60 * MINUTE
        (found,) = [one for one in mentions.between(tx, "xinghe", since, house.clock()) if one.mention.id == mention]
    return found.score


def lessons(house) -> dict[str, bool | None]:
    with house.store.reading() as tx:
        return {one.text: one.crisis for one in taught.lessons(tx)}


def test_one_tap_each_empties_the_queue_and_teaches(house, queue):
    duty = house.signed_in("li")
    page = duty.get("/triage").text
    assert "还有 3 条" in page
    assert "&lt;b&gt;" in page and "<b>" not in page
    locations = [
        says(duty, mention, answer).headers["location"]
        for mention, answer in zip(queue, ("yes", "no", "unclear"), strict=True)
    ]
    assert locations == [f"/triage?done={answer}" for answer in ("yes", "no", "unclear")]
    assert waiting(house) == set()
    assert [score(house, one).crisis for one in queue] == [True, False, False]
    assert lessons(house) == {POSTS[0][3]: True, POSTS[1][3]: False}
    with house.store.reading() as tx:
        (note,) = journal.entries(tx, f"mention:{queue[2]}")
    assert (note.who, note.what) == ("li", "mention_unclear")
    assert "跑厕所" not in duty.get("/triage").text


def test_who_comes_second_changes_nothing_and_is_told(house, queue):
    first, second = house.signed_in("li"), house.signed_in("chen")
    second.get("/triage")
    says(first, queue[0], "no")
    answer = second.post(f"/triage/{queue[0]}", on="/triage", answer="yes", brand="xinghe")
    assert answer.headers["location"] == "/triage?done=gone"
    assert "别人已经判过" in second.get("/triage?done=gone").text
    assert not score(house, queue[0]).crisis
    assert lessons(house) == {POSTS[0][3]: False}


def test_who_may_not_judge_reads_without_buttons_and_is_refused(house, queue):
    viewer = house.signed_in("kan")
    page = viewer.get("/triage").text
    assert "跑厕所" in page
    assert f'action="/triage/{queue[0]}"' not in page
    assert says(viewer, queue[0], "yes").status_code == 403
    assert waiting(house) == set(queue)


@pytest.mark.parametrize(("answer", "brand"), [("maybe", "xinghe"), ("", "xinghe"), ("yes", "")])
def test_what_is_no_answer_is_said_to_be_none_and_nothing_is_lost(house, queue, answer, brand):
    assert says(house.signed_in("li"), queue[0], answer, brand).status_code == 400
    assert waiting(house) == set(queue)
    assert lessons(house) == {}


def test_a_brand_of_its_own_shows_its_own(house, queue):
    duty = house.signed_in("li")
    assert "还有 3 条" in duty.get("/triage?brand=xinghe").text
    assert says(duty, queue[0], "yes", brand="other").headers["location"] == "/triage?done=gone"
    assert waiting(house) == set(queue)
