"""One crisis by hand on a phone: from the page to the promise that calls, by everybody it takes."""

import os
import re
import threading
from pathlib import Path

import pytest
import uvicorn

from desk.access import hash_password
from desk.room import room_of
from desk.web import build_app, listen
from store import facts, people, texts
from store.nouns import ClockState, Level
from tests.desk.test_browser import AUDIT, PASSWORD, PHONE, chromium, pytestmark
from tests.worlds.company import Company, told

__all__ = ["chromium", "pytestmark"]
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
DONE = "涉事门店已于14:20停止营业，同批次原料已封存"
UNKNOWN = "异物的来源和进入饮品的环节"
ACTION = "请停止饮用同批次饮品，保留杯子和小票"
GUESS = "此次异物可能是运输环节的人为失误造成的。"


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
        """No serious fault of access, nothing wider than the phone, and a picture."""
        self.step += 1
        assert page.evaluate(AUDIT, True) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        folder = os.environ.get("GOLDENHOUR_PICTURES")
        if folder:
            page.screenshot(path=str(Path(folder) / f"{self.step:02}_{name}.png"), full_page=True)


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


def hold(page) -> None:
    """Presses the last yes as long as it takes."""
    button = page.locator(".hold button")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.wait_for_selector(".done", timeout=10_000)
    page.mouse.up()


def hand_in_and_legal_yes(phones) -> None:
    page = phones.at("li", TEXT)
    page.click(f"form[action='{TEXT}/hand-in'] button")
    page.wait_for_selector(".done")
    legal = phones.at("zhou", TEXT)
    legal.click(f"form[action='{TEXT}/approve'] button")
    legal.wait_for_selector(".done")


def test_from_the_page_to_the_promise_that_calls(company, phones):
    company.forward(18)
    # 14:18 the page: what, how bad, how long is left, one tap.
    incident = company.incident()
    assert incident.level in (Level.ORANGE, Level.RED)
    letter = next(one for one in company.stage.mailbox.letters() if LINK.search(one.body))
    link = LINK.search(letter.body)[1]
    reader = letter.to.split("@")[0]
    page = phones.browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(phones.address + link)
    assert "食品安全" in page.inner_text("main")
    phones.looked_at(page, "page")
    assert company.incident().owner == ""
    page.click("button[value=take]")
    page.wait_for_selector(".done")
    phones.looked_at(page, "taken")
    page.context.close()
    assert company.incident().owner == reader

    # 14:21 declared by a person; draft and Q&A stand a minute later.
    company.forward(21)
    page = phones.at("li", HOME)
    assert page.locator("[data-due]").count() or page.locator(".countdown").count()
    phones.looked_at(page, "incident")
    company.forward(22)
    assert newest(company) is not None and newest(company, "qa") is not None

    # 14:22 facts round 1.
    for zh, slot, status in (
        (DONE, "done", "confirmed"),
        (UNKNOWN, "unknown", "unknown"),
        (ACTION, "action", "confirmed"),
    ):
        write_fact(phones, "li", zh, slot, status)
    phones.looked_at(phones.of("li"), "facts")
    company.forward(25)
    assert DONE in newest(company).body
    assert newest(company).missing == ()

    # 14:31 the draft: a finding while one types, mended by one tap.
    page = phones.at("li", TEXT)
    phones.looked_at(page, "draft")
    page.fill("#body", newest(company).body + "\n如给您带来不便，我们深表歉意。")
    page.wait_for_selector(".live-findings button[value^='S05']")
    phones.looked_at(page, "finding")
    page.click(".live-findings button[value^='S05']")
    page.wait_for_selector(".done")
    assert "不便" not in newest(company).body
    page.fill("#body", newest(company).body.replace("\n如给您", "").rstrip() + "\n感谢提出问题的顾客。")
    page.click("#writing button")
    page.wait_for_selector(".done")

    # 14:36 legal objects to a sentence; it is changed, and the objection is answered.
    company.forward(30)
    page = phones.at("li", TEXT)
    page.click(f"form[action='{TEXT}/hand-in'] button")
    page.wait_for_selector(".done")
    legal = phones.at("zhou", TEXT)
    legal.click(f"details:has(form[action='{TEXT}/object']) summary")
    form = legal.locator(f"form[action='{TEXT}/object']")
    form.locator("[name=sentence]").select_option(label="感谢提出问题的顾客。")
    form.locator("[name=note]").fill("语气像广告，去掉")
    form.locator("[name=strong]").select_option("yes")
    form.locator("button").click()
    legal.wait_for_selector("mark:text('感谢提出问题的顾客。')")
    phones.looked_at(legal, "objection")
    page = phones.at("li", TEXT)
    assert page.locator("main mark", has_text="感谢提出问题的顾客。").count() == 1
    page.fill("#body", page.input_value("#body").replace("\n感谢提出问题的顾客。", ""))
    page.click("#writing button")
    page.wait_for_selector(".done")

    # 14:40 legal's yes, 14:45 the spokesperson's.
    company.forward(34)
    hand_in_and_legal_yes(phones)
    speaker = phones.at("zhao", "/approvals")
    phones.looked_at(speaker, "inbox")
    speaker = phones.at("zhao", TEXT)
    phones.looked_at(speaker, "yes")
    hold(speaker)
    assert newest(company).state.value == "approved"

    # A fact turns out otherwise: the yes is void, the changed line is shown, the button is gone.
    company.forward(36)
    page = phones.at("li", f"{HOME}/facts/F1")
    page.click(f"details:has(form[action='{HOME}/facts/F1/withdraw']) summary")
    page.click(f"form[action='{HOME}/facts/F1/withdraw'] button")
    page.wait_for_load_state()
    assert newest(company).state.value == "stale"
    speaker = phones.at("zhao", TEXT)
    assert speaker.locator(".hold button").count() == 0
    assert "F1" in speaker.inner_text(".note >> nth=0")
    phones.looked_at(speaker, "stale")

    # Mended and approved again.
    right = DONE.replace("14:20", "14:30")
    write_fact(phones, "li", right, "done", "confirmed")
    page = phones.at("li", TEXT)
    page.fill("#body", page.input_value("#body").replace(DONE, right))
    page.click("#writing button")
    page.wait_for_selector(".done")
    company.forward(40)
    hand_in_and_legal_yes(phones)
    hold(phones.at("zhao", TEXT))
    assert newest(company).state.value == "approved"

    # 14:52 posted by hand: the clock stops, the sentence becomes a promise.
    company.forward(47)
    speaker = phones.at("zhao", f"{HOME}/publication")
    phones.looked_at(speaker, "publication")
    form = speaker.locator(f"form[action='{HOME}/publication']").first
    form.locator("[name=platform]").select_option("weibo")
    form.locator("[name=url]").fill("https://weibo.example/xinghe/1")
    form.locator("button").click()
    speaker.wait_for_selector(".done")
    phones.looked_at(speaker, "posted")
    incident = company.incident()
    assert incident.clock == ClockState.MET
    assert (incident.met_at - incident.t0).total_seconds() / 60 <= 47
    page = phones.at("li", f"{HOME}/promises")
    phones.looked_at(page, "promises")

    # T−15 and when it is due the promise calls.
    with company.store.reading() as tx:
        due = min(one.due_at for one in facts.promises_of(tx, incident.id))
    minutes = (due - company.clock()).total_seconds() / 60
    before = [one for one in company.pages() if one.reason in ("promise", "broken")]
    assert before == []
    company.forward(47 + minutes - 14)
    warned = [one for one in company.pages() if one.reason == "promise"]
    assert warned and "承诺" in warned[0].subject
    company.forward(47 + minutes + 1)
    assert any(one.reason == "broken" for one in company.pages())
    phones.looked_at(phones.at("li", "/promises"), "owed")
