"""Risk words and a brand's words in a real browser: changed, tried and saved by hand; readable on a phone."""

import os
from pathlib import Path

import pytest

from tests.conftest import must_not_skip
from tests.desk.house import MINUTE
from tests.desk.test_browser import AUDIT, CHROMIUM, DESKTOP, PHONE, chromium, signed_in, site

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and not must_not_skip(), reason="no chromium on this machine"),
]
__all__ = ["chromium", "site"]
POSTS = (
    ("weibo", "路人甲", "", "星禾茶饮的杯子好看，<b>真的</b>", "", 0),
    ("weibo", "路人乙", "", "小星禾的吸管漏了，没人管", "", 2),
    ("xiaohongshu", "路人丙", "", "星禾村的桃花开了", "", 3),
)


def faults(page, viewport):
    """What the audit finds, and whether it is wider than the screen."""
    found = page.evaluate(AUDIT, viewport["width"] < 500)
    wide = page.evaluate("document.documentElement.scrollWidth") > viewport["width"]
    return [*found, *(["too wide"] if wide else [])]


def picture(page, name, viewport):
    """Kept only where GOLDENHOUR_PICTURES names a folder."""
    if folder := os.environ.get("GOLDENHOUR_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{viewport['width']}.png", full_page=True)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_risk_word_is_added_tried_and_saved_by_hand(chromium, site, house, viewport):
    page = signed_in(chromium, site, "wang", viewport=viewport)
    page.goto(f"{site}/taxonomy")
    page.select_option("[name=place]", "food_safety.hard")
    page.fill("[name=words]", "绿瓶\n毒")
    with page.expect_navigation():
        page.get_by_role("button", name="加入", exact=True).click()
    assert "“毒”很短" in page.get_by_role("status").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="撤掉对“毒”的改动").click()
    page.fill("[name=texts]", "星禾门店又出现绿 瓶\n星禾奶茶好喝<b>")
    with page.expect_navigation():
        page.get_by_role("button", name="试这些文本").click()
    assert page.locator(".trial-pair").count() == 2
    picture(page, "taxonomy-tried", viewport)
    page.get_by_role("button", name="食品安全").first.click()
    assert page.locator(".trial-pair").count() == 2
    assert faults(page, viewport) == []
    picture(page, "taxonomy", viewport)
    page.fill("[name=reason]", "门店有人投诉绿瓶")
    page.keyboard.press("Enter")
    page.fill("[name=reason]", "门店有人投诉绿瓶")
    page.get_by_role("button", name="保存为新版本").click()
    assert "已保存，现在生效" in page.get_by_role("status").inner_text()
    assert faults(page, viewport) == []
    picture(page, "taxonomy-saved", viewport)
    page.context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_alias_is_tried_and_saved_by_hand(chromium, site, house, viewport):
    house.heard(POSTS, house.clock() - 20 * MINUTE)
    page = signed_in(chromium, site, "wang", viewport=viewport)
    page.goto(f"{site}/brands")
    picture(page, "brands", viewport)
    page.get_by_role("link", name="改词和试查询").click()
    page.fill("[name=query]", '"星禾')
    page.get_by_role("button", name="试一试").click()
    assert page.locator("[name=any][aria-invalid]").count() == 1
    page.fill("[name=any]", "")
    page.get_by_role("button", name="试一试").click()
    assert "引号没有配对" in page.locator("#fault-query").inner_text()
    assert faults(page, viewport) == []
    picture(page, "brand-wrong", viewport)
    page.fill("[name=query]", "")
    page.fill("[name=any]", "星禾茶饮")
    page.fill("[name=aliases]", "小星禾")
    page.get_by_role("button", name="试一试").click()
    assert page.get_by_role("heading", name="新命中（1）").count() == 1
    assert faults(page, viewport) == []
    picture(page, "brand", viewport)
    page.fill("[name=reason]", "顾客这么叫")
    page.get_by_role("button", name="保存为新版本").click()
    assert "已保存，现在生效" in page.get_by_role("status").inner_text()
    picture(page, "brand-saved", viewport)
    page.context.close()
