"""The Q&A screens in a real browser: readable by everybody, no wider than a phone, and two pages of paper at most."""

import os
import re
from pathlib import Path

import pytest

from tests.conftest import must_not_skip
from tests.desk.test_answer_screens import POSTS, Q4, SHEET, approved, fact, paper, written
from tests.desk.test_browser import AUDIT, CHROMIUM, DESKTOP, PHONE, chromium, signed_in, site

__all__ = ["chromium", "site"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and not must_not_skip(), reason="no chromium on this machine"),
]
SCREENS = (
    SHEET,
    Q4,
    f"{SHEET}/Q2",
    f"{SHEET}/new?question=x",
    f"{SHEET}/practice",
    "/answers",
    "/incidents/1/answers/en",
)


@pytest.fixture
def asked(house):
    """A sheet with a gap, an approved answer, one whose fact changed, and one in the library."""
    house.opens((*POSTS, *POSTS))
    fact(house)
    written(house, answer="涉及南京2家门店，正在逐店核对。")
    approved(house)
    house.signed_in("li").post(f"{Q4}/shelve", on=Q4)
    fact(house, slot="done", zh="涉事门店已停业", en="the store is closed")
    path = f"{SHEET}/Q9"
    written(house, path=path, answer="涉事门店已停业。", fact_F1="", fact_F2="1")
    approved(house, path=path)
    fact(house, label="F2", slot="done", zh="涉事门店已停业整顿", en="the store is closed")
    fact(house, slot="cause", zh="店员漏装滤网", en="a filter was left out", status="unverified")
    return house


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everybody_can_read_and_use_the_sheet(chromium, site, asked, viewport):
    page = signed_in(chromium, site, "zhao", viewport=viewport)
    faults = {}
    for number, path in enumerate(SCREENS):
        page.goto(site + path)
        found = page.evaluate(AUDIT, viewport["width"] < 500)
        width = page.evaluate("document.documentElement.scrollWidth")
        if found or width > viewport["width"]:
            faults[path] = (found, width)
        if folder := os.environ.get("GOLDENHOUR_PICTURES"):
            page.screenshot(path=Path(folder) / f"{viewport['width']}-{number}.png", full_page=True)
    page.context.close()
    assert faults == {}


def test_the_saved_file_opens_without_a_network_in_its_own_style_and_takes_two_pages(chromium, asked, tmp_path):
    saved = tmp_path / "answers.html"
    saved.write_text(paper(asked).text, encoding="utf-8")
    context = chromium.new_context(offline=True, viewport=PHONE)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(saved.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.answer')).fontSize") == "17px"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert said == []
    pdf = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
    if folder := os.environ.get("GOLDENHOUR_PICTURES"):
        page.screenshot(path=Path(folder) / "paper-phone.png", full_page=True)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 718, "height": 1040})
        page.screenshot(path=Path(folder) / "paper.png", full_page=True)
    context.close()
