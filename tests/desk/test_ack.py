"""The link in a page: opening it changes nothing, whoever opens it; its two buttons act; nothing else does."""

from datetime import timedelta

import pytest

from store.nouns import Paging


def link(house, person="li"):
    return "/ack/" + house.room.links.make(house.incident().id, person, house.clock()).rpartition("/")[2]


def press(house, path, act):
    return house.browser().http.post(path, data={"act": act})


def test_opening_changes_nothing_for_people_scanners_and_prefetch(house):
    house.opens()
    path, before = link(house), house.all_states()
    browser = house.browser()
    for _ in range(20):
        assert browser.http.get(path, headers={"Sec-Purpose": "prefetch"}).status_code == 200
    assert browser.get(path).status_code == 200
    assert browser.http.head(path).status_code == 200
    spoken = path.replace("/ack/", "/voice/")
    assert (browser.get(spoken).status_code, browser.http.head(spoken).status_code) == (405, 405)
    assert browser.get(f"{path}?act=take&done=taken").status_code == 200
    assert house.all_states() == before


def test_the_screen_says_what_it_is_before_anybody_signs_in(house):
    house.opens()
    html = house.browser().get(link(house)).text
    for said in ("红 严重", "呼叫 李值班", "40:00", "30 分钟 31 条，平时约 4 条", "南京小雨", "我来处理", "转给下一位"):
        assert said in html
    assert 'class="strip ' not in html


def test_taking_it(house):
    house.opens()
    path = link(house)
    answer = press(house, path, "take")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=taken")
    incident = house.incident()
    assert (incident.paging, incident.owner) == (Paging.ACKED, "li")
    html = house.browser().get(answer.headers["location"]).text
    assert "你已接手" in html
    assert 'href="/incidents/1"' in html
    assert "我来处理" not in html
    assert "李值班 在处理" in house.browser().get(link(house, "chen")).text


def test_passing_it_on_calls_the_next_one_and_leaves_a_way_back(house):
    house.opens()
    answer = press(house, link(house), "pass")
    html = house.browser().get(answer.headers["location"]).text
    assert "已转给下一位" in html
    assert "还是我来处理" in html
    incident = house.incident()
    assert (incident.paging, incident.owner) == (Paging.PAGING, "")


@pytest.mark.parametrize("change", [lambda path: path + "x", lambda path: path[:-4], lambda _: "/ack/forged.token"])
def test_a_forged_link_opens_and_does_nothing(house, change):
    house.opens()
    path, before = change(link(house)), house.all_states()
    shown = house.browser().get(path)
    assert shown.status_code == 403
    assert "这个链接无效" in shown.text
    assert "食品安全" not in shown.text
    assert press(house, path, "take").status_code == 403
    assert house.all_states() == before


def test_an_old_link_and_one_of_somebody_who_left_do_nothing(house):
    house.opens()
    gone, old = link(house, "left-us"), link(house)
    assert press(house, gone, "take").status_code == 403
    house.clock.forward(house.clock() + timedelta(hours=24))
    answer = press(house, old, "take")
    assert answer.status_code == 403
    assert "这个链接已过期" in answer.text


def test_another_word_than_the_two_buttons_is_refused(house):
    house.opens()
    before = house.all_states()
    assert press(house, link(house), "resolve").status_code == 400
    assert house.all_states() == before


def test_a_link_of_an_incident_that_is_over_says_so(house):
    house.opens()
    path = link(house)
    house.signed_in("li").post("/incidents/1/false-alarm", on="/incidents/1", why="同名")
    assert "这个事件已经结束" in house.browser().get(path).text
    assert press(house, path, "take").status_code == 409
