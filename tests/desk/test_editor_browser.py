"""The editor in a real browser on a phone: live findings, text kept while the line is down, a button that is held."""

import pytest

from store.nouns import Level
from tests.desk.test_browser import AUDIT, PASSWORD, PHONE, chromium, pytestmark, site
from tests.desk.test_editor import TEXT, handed_in, newest
from tests.desk.test_screens import write_facts

__all__ = ["chromium", "pytestmark", "site"]


@pytest.fixture
def phone(house, site, chromium):
    """Signed-in phones: `phone("li")`; an open incident with facts enough for a whole statement."""
    house.opens(level=Level.ORANGE)
    write_facts(house, house.signed_in("li"))
    opened = []

    def sign_in(person):
        context = chromium.new_context(viewport=PHONE, locale="zh-CN")
        opened.append(context)
        page = context.new_page()
        page.goto(f"{site}/sign-in")
        page.fill("[name=person]", person)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        return page

    yield sign_in
    for context in opened:
        context.close()


def write(page, body):
    page.fill("#body", body)


def test_a_fault_is_shown_while_one_types_and_one_tap_mends_it(house, site, phone, tmp_path):
    page = phone("li")
    page.goto(site + TEXT)
    write(page, newest(house).body + "\n如给您带来不便，我们深表歉意。")
    page.wait_for_selector(".live-findings .finding mark")
    assert "不便" in page.inner_text(".live-findings")
    page.screenshot(path=str(tmp_path / "findings.png"), full_page=True)
    page.click(".live-findings button[value^='S05']")
    page.wait_for_selector(".done")
    assert "不便" not in newest(house).body
    assert page.evaluate(AUDIT, True) == []


def test_text_typed_while_the_line_is_down_is_kept_offered_again_and_sent(house, site, phone):
    page = phone("li")
    page.goto(site + TEXT)
    body = newest(house).body + "\n谢谢大家的监督。"
    page.context.set_offline(True)
    write(page, body)
    page.click("#writing button")
    page.wait_for_selector(".away:not([hidden])")
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector(".kept:not([hidden])")
    page.click(".kept .restore")
    assert page.input_value("#body") == body
    page.click("#writing button")
    page.wait_for_selector(".done")
    assert newest(house).body == body
    assert page.locator(".kept:not([hidden])").count() == 0


def test_the_line_comes_back_and_the_text_goes_by_itself(house, site, phone):
    page = phone("li")
    page.goto(site + TEXT)
    body = newest(house).body + "\n谢谢大家的监督。"
    page.context.set_offline(True)
    write(page, body)
    page.click("#writing button")
    page.wait_for_selector(".away:not([hidden])")
    page.context.set_offline(False)
    page.wait_for_selector(".done", timeout=15_000)
    assert newest(house).body == body


def test_the_last_yes_is_held_and_a_tap_is_not_enough(house, site, phone):
    handed_in(house)
    page = phone("zhao")
    page.goto(site + TEXT)
    button = page.locator(".hold button")
    button.click()
    assert newest(house).state.value == "spokesperson_review"
    box = button.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.wait_for_selector(".done", timeout=10_000)
    assert newest(house).state.value == "approved"


def test_the_inbox_is_readable_on_a_phone(house, site, phone):
    handed_in(house)
    page = phone("zhao")
    page.goto(f"{site}/approvals")
    assert page.evaluate(AUDIT, True) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
