"""A real browser at the desk: phone and desktop, dark and light, ticking and without scripts, readable by everybody."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn

from store.nouns import Paging
from tests.conftest import must_not_skip
from tests.desk.house import PASSWORD
from tests.desk.test_editor import handed_in
from tests.desk.test_screens import write_facts

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SCREENS = (
    "/",
    "/incidents",
    "/incidents/1",
    "/incidents/1/facts",
    "/incidents/1/facts/F1",
    "/incidents/1/claims",
    "/incidents/1/legal",
    "/incidents/1/texts/holding/zh",
    "/incidents/1/texts/qa/zh",
    "/incidents/1/publication",
    "/incidents/1/promises",
    "/incidents/1/timeline",
    "/incidents/1/review",
    "/promises",
    "/actions",
    "/mentions",
    "/triage",
    "/incidents/1/texts",
    "/incidents/1/texts/holding/zh/variants",
    "/templates",
    "/templates/holding/food_safety/zh",
    "/taxonomy",
    "/taxonomy?open=food_safety",
    "/brands",
    "/brands/xinghe",
    "/sources",
    "/sources/city-news",
    "/sources/new",
    "/coverage",
    "/deliveries",
    "/drills",
    "/incidents/new",
    "/people",
    "/policy",
    "/silences",
    "/thresholds",
    "/thresholds/ledger",
    "/watching",
    "/inquiries",
    "/inquiries/1",
)
UNSURE = (("weibo", "夜班护士", "", "星禾这杯喝完一屋子人轮流跑厕所，算不算团建", "", 0),)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and not must_not_skip(), reason="no chromium on this machine"),
]
# What a reader with weak eyes, a keyboard or a screen reader cannot use: text under 4.5:1 (3:1 when large), fields and
# buttons without a name, pictures without words, targets under 44 px high on a phone, ids used twice, skipped headings.
AUDIT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def site(house):
    """The application on a free loopback port; yields its address."""
    server = uvicorn.Server(uvicorn.Config(house.app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    ready = threading.Event()
    for _ in range(500):
        if server.started:
            break
        ready.wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def burning(house):
    """An incident taken by duty, with facts enough for a whole statement."""
    house.opens()
    house.heard(UNSURE, house.clock(), triage="unsure")
    duty = house.signed_in("li")
    duty.post("/incidents/1/take", on="/incidents/1")
    write_facts(house, duty)
    now = house.clock().astimezone(house.room.zone)
    duty.post("/inquiries", kind="complaint", brand="xinghe", title="饮料里有异物", received=f"{now:%Y-%m-%dT%H:%M}")
    return house


def signed_in(chromium, site, person, **how):
    """A page of a fresh browser in which `person` has signed in by hand."""
    page = chromium.new_context(**how).new_page()
    page.goto(f"{site}/sign-in")
    page.fill("[name=person]", person)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site}/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everybody_can_read_and_use_every_screen(chromium, site, burning, viewport, scheme):
    page = signed_in(chromium, site, "zhao", viewport=viewport, color_scheme=scheme)
    faults = {}
    for path in SCREENS:
        page.goto(site + path)
        found = page.evaluate(AUDIT, viewport["width"] < 500)
        if found:
            faults[path] = found
    page.context.close()
    assert faults == {}


def test_no_screen_is_wider_than_a_phone_even_at_200_percent(chromium, site, burning):
    page = signed_in(chromium, site, "li", viewport={"width": 360, "height": 800})
    wide = {}
    for zoom in ("100%", "200%"):
        for path in SCREENS:
            page.goto(site + path)
            page.evaluate("size => { document.documentElement.style.fontSize = size }", zoom)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 360:
                wide[path, zoom] = width
    page.context.close()
    assert wide == {}


def test_the_countdown_ticks_and_agrees_with_the_server_again_after_a_jump(chromium, site, burning):
    page = signed_in(chromium, site, "li", viewport=PHONE)
    page.goto(f"{site}/incidents/1")
    face = page.locator(".head .big .face")
    playwright.expect(face).to_have_text(re.compile("39:5[89]"), timeout=5000)
    burning.clock.forward(burning.clock() + timedelta(minutes=50))
    playwright.expect(face).to_have_text(re.compile("10:0[0-9]|09:5[0-9]"), timeout=8000)
    playwright.expect(page.locator(".head .big .count-word")).to_have_text("超时")
    page.context.close()


def test_the_countdown_of_a_page_is_right_though_the_browsers_clock_is_ten_minutes_wrong(chromium, site, house):
    house.opens()
    token = house.room.links.make(house.incident().id, "li", house.clock()).rpartition("/")[2]
    wrong = (
        "const R = Date; Date = class extends R { constructor(...a) { a.length ? super(...a) : super(R.now() + 6e5) } "
    )
    wrong += "static now() { return R.now() + 6e5 } }"
    context = chromium.new_context(viewport=PHONE)
    context.add_init_script(wrong)
    page = context.new_page()
    page.goto(f"{site}/ack/{token}")
    playwright.expect(page.locator(".big .face")).to_have_text(re.compile("39:5[0-9]"), timeout=5000)
    context.close()


def test_reading_and_taking_work_without_scripts(chromium, site, house):
    house.opens()
    token = house.room.links.make(house.incident().id, "li", house.clock()).rpartition("/")[2]
    page = chromium.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(f"{site}/ack/{token}")
    page.get_by_role("button", name="我来处理").click()
    assert page.get_by_role("status").inner_text().startswith("你已接手")
    assert (house.incident().paging, house.incident().owner) == (Paging.ACKED, "li")
    page.context.close()


def test_the_whole_hour_by_keyboard_and_hand(chromium, site, burning):
    handed_in(burning)
    page = signed_in(chromium, site, "zhao", viewport=DESKTOP)
    page.goto(f"{site}/incidents/1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("link", name="下一步：请发言人批准声明").first.click()
    page.locator(".hold button").focus()
    page.keyboard.down("Enter")
    page.wait_for_selector(".done", timeout=10_000)
    page.keyboard.up("Enter")
    page.fill("[name=url]", "https://weibo.example/p/1")
    page.get_by_role("button", name="记录发布").click()
    assert "已记录发布" in page.get_by_role("status").all_inner_texts()[-1]
    page.goto(f"{site}/")
    assert "已回应，用时" in page.locator(".strip").inner_text()
    page.context.close()


def test_nothing_breaks_the_policy_or_the_console(chromium, site, burning):
    page = signed_in(chromium, site, "wang", viewport=DESKTOP)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in SCREENS:
        page.goto(site + path)
    page.context.close()
    assert said == []


def test_the_audit_finds_what_it_should_find(chromium):
    page = chromium.new_page()
    page.set_content(
        "<body style='background:#fff'><main><h1>a</h1><h3>b</h3><p style='color:#999'>pale</p>"
        "<input><button></button><svg></svg><i id=x></i><i id=x></i></main></body>"
    )
    found = [fault.partition(":")[0] for fault in page.evaluate(AUDIT, True)]
    page.close()
    assert found == [
        "contrast 2.85",
        "no label",
        "no name",
        "no words",
        "target",
        "target",
        "id twice",
        "heading skips",
    ]
