"""One crisis by hand on a phone: from the page to the promise that calls, by everybody it takes."""

import os
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn

from desk.access import hash_password
from desk.room import room_of
from desk.web import build_app, listen
from store import people, texts
from store.nouns import ClockState, Level
from tests.desk.test_browser import AUDIT, PASSWORD, PHONE, chromium, pytestmark
from tests.worlds.company import NOON, Company, told

__all__ = ["chromium", "pytestmark"]
# Four posts of the case; the sources are read at 14:17 and not before.
POSTS = [
    told(5, "星禾茶饮南京新街口店的奶茶喝出金属丝，孩子咳嗽不止，正在医院检查，有视频", author="柚子妈妈"),
    told(11, "星禾奶茶我上周也喝出铁丝，店员说正常", author="路人乙", platform="xiaohongshu"),
    told(12, "转：星禾茶饮喝出金属丝，孩子在医院", author="路人丙"),
    told(13, "Found metal wire in my 星禾茶饮 milk tea, my kid is in the hospital", author="joe", platform="x"),
]
LINK = re.compile(r"https?://[^/\s]+(/ack/\S+)")
HOME = "/incidents/1"
TEXT = f"{HOME}/texts/holding/zh"
SHA = "a" * 64
MINUTE = timedelta(minutes=1)
# What the store says first, what is proved at 14:33, and what it turns out to be.
DONE = "涉事门店已全部消毒"
UNKNOWN = "异物的来源和进入饮品的环节"
CLOSED = "涉事门店已于14:20停止营业，同批次原料已封存"
RIGHT = "涉事门店已于14:30停止营业，同批次原料已封存"
ACTION = "请停止饮用同批次饮品，保留杯子和小票"
GUESS = "此次问题来自原料。"
CONDITIONAL = "如给您带来不便，我们深表歉意。"
BETTER = "顾客在我们的门店遇到这样的情况，我们向她和她的家人道歉。"
WIDE = 1280


@pytest.fixture
def company(tmp_path):
    with Company(tmp_path, POSTS) as house:
        hashed = hash_password(PASSWORD)
        with house.store.transaction() as tx:
            for person in house.stage.settings.team.person:
                people.set_password(tx, person.id, hashed, house.clock())
        yield house


@pytest.fixture
def address(company):
    """The company's screens on a free loopback port."""
    door = listen("127.0.0.1", 0)
    app = build_app(room_of(company.stage.house, company.clock))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([door],))
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    thread.join()


class Phones:
    """A phone for each person, and a picture of every step where somebody wants to look (GOLDENHOUR_PICTURES)."""

    def __init__(self, browser, address: str) -> None:
        self.browser, self.address, self.step = browser, address, 0
        self.pages: dict[str, object] = {}

    def of(self, person: str):
        if person not in self.pages:
            page = self.browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
            page.goto(f"{self.address}/sign-in")
            page.fill("[name=person]", person)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(f"{self.address}/")
            self.pages[person] = page
        return self.pages[person]

    def at(self, person: str, path: str):
        page = self.of(person)
        page.goto(self.address + path)
        return page

    def looked_at(self, page, name: str) -> None:
        """No serious fault of access, nothing wider than the phone, and pictures: of the phone and of a desk."""
        self.step += 1
        assert page.evaluate(AUDIT, True) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        folder = os.environ.get("GOLDENHOUR_PICTURES")
        if folder:
            page.screenshot(path=str(Path(folder) / f"{self.step:02}_{name}.png"), full_page=True)
            page.set_viewport_size({"width": WIDE, "height": 900})
            page.screenshot(path=str(Path(folder) / f"{self.step:02}_{name}_wide.png"), full_page=True)
            page.set_viewport_size(PHONE)


@pytest.fixture
def phones(chromium, address):
    made = Phones(chromium, address)
    yield made
    for page in made.pages.values():
        page.context.close()


def newest(company, kind: str = "holding"):
    with company.store.reading() as tx:
        return texts.latest(tx, company.incident().id, kind, "zh")


def write_fact(phones, person: str, zh: str, slot: str, status: str) -> None:
    page = phones.at(person, f"{HOME}/facts")
    form = page.locator(f"#add form[action='{HOME}/facts']")
    form.locator("details summary").first.click()
    form.locator("[name=zh]").fill(zh)
    form.locator("[name=slot]").select_option(slot)
    form.locator("[name=status]").select_option(status)
    form.locator("[name=scope]").select_option("public")
    form.locator("[name=en]").fill(f"({slot}) in English")
    if status == "confirmed":
        form.locator("[name=source]").fill("门店店长")
        form.locator("[name=evidence]").fill("现场照片")
        form.locator("[name=sha256]").fill(SHA)
    form.locator("button.main").click()
    page.wait_for_url(f"{phones.address}{HOME}/facts*")
    assert zh in page.inner_text("main")


def save(page, body: str) -> None:
    page.fill("#body", body)
    with page.expect_navigation():
        page.click("#writing button")
    page.wait_for_selector(".done")


def press(page, action: str) -> None:
    """The button of the form that goes to `action`, and what came of it."""
    with page.expect_navigation():
        page.click(f"form[action='{action}'] button")
    page.wait_for_selector(".done")


def hold(page) -> None:
    """Presses the last yes as long as it takes."""
    button = page.locator(".hold button")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.wait_for_selector(".done", timeout=10_000)
    page.mouse.up()


def left(page) -> float:
    """Minutes the countdown of the strip or of the page still shows."""
    face = page.locator(".face").first.inner_text()
    minutes, seconds = face.split(":")
    return int(minutes) + int(seconds) / 60


def state(company) -> str:
    return newest(company).state.value


def page_is_answered(company, phones) -> None:
    """14:18: what it is, how long is left, one tap from the mail without signing in."""
    letters = company.stage.mailbox.letters()
    letter = next(one for one in letters if LINK.search(one.body))
    assert len(letter.subject) <= 64
    assert letter.subject.startswith("【橙") and "食品安全" in letter.subject
    page = phones.browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(phones.address + LINK.search(letter.body)[1])
    shown = page.inner_text("main")
    assert "食品安全" in shown and "14:05" in shown
    assert "柚子妈妈" not in shown
    assert 46 < left(page) <= 47
    phones.looked_at(page, "page")
    assert company.incident().owner == ""
    page.click("button[value=take]")
    page.wait_for_selector(".done")
    phones.looked_at(page, "taken")
    page.context.close()
    assert company.incident().owner == letter.to.split("@")[0]


def why_is_seen(company, phones) -> None:
    """14:21: the level, why it is that, and what comes next stand on one screen; one tap and a reason declare it."""
    page = phones.at("li", HOME)
    phones.looked_at(page, "proposed")
    page.fill("form.row:has(button:text('定为橙')) [name=why]", "多人称就医，属实可能大")
    with page.expect_navigation():
        page.click("button:text('定为橙')")
    assert 43 < left(page) <= 44
    shown = page.inner_text("main")
    assert "橙" in shown and "陈备班" in shown and "14:05" in shown
    assert "下一步：记录已核实的事实" in page.inner_text(".strip")
    journal = page.inner_text(".journal")
    assert "李值班 由人定级" in journal and page.locator("button:text('定为橙')").count() == 0
    assert "草稿备好 短声明 中文" in journal and "周法务 · 法定时限到期" in journal
    phones.looked_at(page, "incident")


def a_fault_is_mended(company, phones) -> None:
    """14:33: a conditional apology is found while one types, and one tap puts the better sentence there."""
    page = phones.at("chen", TEXT)
    phones.looked_at(page, "draft")
    body = newest(company).body
    at = body.index("联系我们：")
    page.fill("#body", f"{body[:at]}{GUESS}{CONDITIONAL}\n{body[at:]}")
    page.wait_for_selector(".live-findings button[value^='S05']")
    phones.looked_at(page, "finding")
    with page.expect_navigation():
        page.click(".live-findings button[value^='S05']")
    page.wait_for_selector(".done")
    assert CONDITIONAL not in newest(company).body
    assert BETTER in newest(company).body


def legal_objects(company, phones) -> None:
    """14:36: legal names the sentence nobody has evidence for; nobody may pass it until it is gone."""
    legal = phones.at("zhou", TEXT)
    legal.click(f"details:has(form[action='{TEXT}/object']) summary")
    form = legal.locator(f"form[action='{TEXT}/object']")
    form.locator("[name=sentence]").select_option(label=GUESS)
    form.locator("[name=note]").fill("原料问题没有证据")
    form.locator("[name=strong]").select_option("yes")
    form.locator("button").click()
    legal.wait_for_selector("#objections mark")
    speaker = phones.at("zhao", TEXT)
    assert speaker.inner_text("#objections mark") == GUESS
    assert "强烈反对 1 条" in speaker.inner_text("main")
    assert speaker.locator(".hold button").count() == 0
    phones.looked_at(speaker, "objection")


def approved_by_both(company, phones) -> None:
    press(phones.at("chen", TEXT), f"{TEXT}/hand-in")
    press(phones.at("zhou", TEXT), f"{TEXT}/approve")


def test_from_the_page_to_the_promise_that_calls(company, phones):
    company.sleep_until(17)
    company.forward(18)
    incident = company.incident()
    assert incident.level is Level.ORANGE
    assert (incident.t0 - NOON, incident.detected_at - NOON) == (5 * MINUTE, 17 * MINUTE)
    within = incident.detected_at + MINUTE
    assert newest(company).at <= within and newest(company, "qa").at <= within
    page_is_answered(company, phones)
    company.forward(21)
    why_is_seen(company, phones)

    # 14:22–14:34 facts: what is not proved stands apart and keeps the text from being whole.
    company.forward(30)
    write_fact(phones, "li", DONE, "done", "unverified")
    assert DONE not in newest(company).body
    company.forward(33)
    for zh, slot, status in ((CLOSED, "done", "confirmed"), (UNKNOWN, "unknown", "unknown")):
        write_fact(phones, "li", zh, slot, status)
    write_fact(phones, "li", ACTION, "action", "confirmed")
    phones.looked_at(phones.of("li"), "facts")
    company.forward(34)
    assert CLOSED in newest(company).body and DONE not in newest(company).body
    assert newest(company).missing == ()
    a_fault_is_mended(company, phones)
    press(phones.at("chen", TEXT), f"{TEXT}/hand-in")
    company.forward(36)
    legal_objects(company, phones)
    company.forward(38)
    page = phones.at("chen", TEXT)
    save(page, page.input_value("#body").replace(GUESS, ""))

    # 14:40 legal's yes; 14:43 the spokesperson reads it aloud and says yes by holding.
    company.forward(40)
    approved_by_both(company, phones)
    company.forward(43)
    phones.looked_at(phones.at("zhao", "/approvals"), "inbox")
    speaker = phones.at("zhao", TEXT)
    assert newest(company).sha256[:12] in speaker.inner_text("#yes")
    phones.looked_at(phones.at("zhao", f"{TEXT}/aloud"), "aloud")
    speaker = phones.at("zhao", TEXT)
    phones.looked_at(speaker, "yes")
    hold(speaker)
    assert state(company) == "approved"

    # 14:44 a fact is refuted: the yes is void, the line is shown, nobody can post or say yes.
    company.forward(44)
    page = phones.at("li", f"{HOME}/facts/F2")
    page.click("details:has(input[name=based_on]) summary")
    page.locator("form:has(input[name=based_on]) [name=status]").select_option("refuted")
    with page.expect_navigation():
        page.click("form:has(input[name=based_on]) button")
    assert state(company) == "stale"
    speaker = phones.at("zhao", TEXT)
    assert speaker.locator(".hold button").count() == 0
    (line,) = speaker.locator(".stale-line").all_inner_texts()
    assert CLOSED in line
    assert "事实变了，改写声明" in speaker.inner_text(".strip")
    phones.looked_at(speaker, "stale")
    assert phones.at("zhao", f"{HOME}/publication").locator(f"form[action='{HOME}/publication']").count() == 0
    company.forward(45)
    assert any(one.reason == "text_stale" for one in company.pages())

    # Mended, and said again: by legal, then by the spokesperson; the deputy could as well.
    write_fact(phones, "li", RIGHT, "done", "confirmed")
    page = phones.at("chen", TEXT)
    body = page.input_value("#body").replace(CLOSED, RIGHT)
    # Orange speaks again within two hours: 17:00 could not be promised before.
    save(page, re.sub("下一次更新：今天[0-9:]+前", "下一次更新：今天17:00前", body))
    approved_by_both(company, phones)
    company.forward(46)
    assert phones.at("wang", TEXT).locator(".hold button").count() == 1
    hold(phones.at("zhao", TEXT))
    assert state(company) == "approved"
    phones.looked_at(phones.at("wang", f"{TEXT}/variants"), "variants")

    # 14:52 posted by hand: the clock stops, the sentence becomes a promise.
    company.forward(52)
    speaker = phones.at("zhao", f"{HOME}/publication")
    phones.looked_at(speaker, "publication")
    form = speaker.locator(f"form[action='{HOME}/publication']").first
    form.locator("[name=platform]").select_option("weibo")
    form.locator("[name=url]").fill("https://weibo.example/xinghe/1")
    form.locator("button").click()
    speaker.wait_for_selector(".done")
    assert "47:00" in speaker.inner_text(".strip")
    phones.looked_at(speaker, "posted")
    incident = company.incident()
    assert (incident.clock, incident.met_at - incident.t0) == (ClockState.MET, 47 * MINUTE)

    # 17:00 was promised: 16:45 it calls, for no text stands ready; at 17:00 it calls because it was not kept.
    page = phones.at("li", f"{HOME}/promises")
    assert page.locator(".promise .figure").all_inner_texts() == ["17:00"]
    phones.looked_at(page, "promises")
    company.forward(164)
    assert not promised(company)
    company.forward(165)
    assert promised(company) == {"promise"}
    page = phones.at("li", "/promises")
    assert "尚无批准稿" in page.inner_text(".promise")
    phones.looked_at(page, "due_soon")
    company.forward(181)
    assert promised(company) == {"promise", "broken"}
    phones.looked_at(phones.at("li", "/promises"), "owed")


def promised(company) -> set[str]:
    return {one.reason for one in company.pages() if one.reason in ("promise", "broken")}


def test_declared_by_hand_a_draft_and_the_answers_stand_within_a_minute(company, phones):
    page = phones.at("li", "/incidents/new")
    page.fill("[name=title]", "门店来电：奶茶里有金属丝")
    page.select_option("[name=level]", "orange")
    page.select_option("[name=category]", "food_safety")
    page.fill("[name=why]", "新街口店店长来电")
    page.click("main button.main")
    page.wait_for_url(f"{phones.address}/incidents/1")
    company.forward(0)
    opened = company.incident().detected_at
    for kind in ("holding", "qa"):
        assert newest(company, kind).at - opened <= MINUTE
    phones.looked_at(phones.at("li", HOME), "by_hand")
