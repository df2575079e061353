"""What people see: each screen answers its question, says unknown when it is, and never lets a stranger's words act."""

import re
from datetime import timedelta

import pytest

from desk.screens.editor_view import POSTED
from desk.screens.frame import HTML
from desk.words import WORDS
from statements.known.fact_log import SLOTS
from statements.looking_back.review import GOALS
from statements.rules.wording import LEVELS
from store import agenda, facts, journal
from store.agenda import Job
from store.nouns import (
    DraftState,
    Fact,
    FactScope,
    FactStatus,
    Health,
    IncidentStatus,
    Level,
    Outcome,
    PageStatus,
    Paging,
)
from tests.desk.house import MINUTE

EVERY = (
    "/",
    "/incidents",
    "/incidents/1",
    "/incidents/1/facts",
    "/incidents/1/texts/holding/zh",
    "/incidents/1/texts/holding/en",
    "/incidents/1/texts/qa/zh",
    "/incidents/1/texts/qa/en",
    "/incidents/1/review",
    "/mentions",
    "/mentions?q=星禾",
    "/sources",
    "/sources/city-news",
    "/coverage",
    "/deliveries",
    "/deliveries?incident=1",
    "/people",
    "/policy",
    "/silences",
    "/watching",
    "/inquiries",
)
POISON = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' onmouseover=alert(3) {{ 7*7 }}"


def test_a_calm_day_says_so_only_when_every_source_is_heard(house):
    browser = house.signed_in("li")
    assert "过去 24 小时平静" in browser.get("/").text
    house.hears("weibo-keyword", Health.BLIND, house.clock() - timedelta(minutes=130))
    deaf = browser.get("/").text
    assert "过去 24 小时平静" not in deaf
    assert "听不全，不能说平静" in deaf
    assert "微博监测中断 11:50 起" in deaf


def test_a_source_nobody_reads_any_more_is_not_called_well(house):
    browser = house.signed_in("li")
    house.clock.forward(house.clock() + timedelta(minutes=11))
    assert "没有按时读取" in browser.get("/").text
    assert "读取任务没有运行" in browser.get("/sources").text


def test_an_open_incident_stands_on_every_screen_with_its_countdown_and_next_step(house):
    house.opens()
    browser = house.signed_in("li")
    for path in EVERY:
        html = browser.get(path).text
        strip = html[html.index('class="strip ') : html.index("</section>")]
        assert "红 严重" in strip
        assert "食品安全" in strip
        assert "40:00" in strip
        assert "还没有人接手" in strip
        assert "下一步：接手这个事件" in strip


def test_the_next_step_follows_the_work(house):
    house.opens()
    browser = house.signed_in("li")

    def step() -> str:
        return re.search(r'class="strip-next" href="[^"]*">([^<]*)<', browser.get("/").text)[1]

    seen = [step()]
    browser.post("/incidents/1/take", on="/incidents/1")
    seen.append(step())
    write_facts(house, browser)
    seen.append(step())
    assert seen == ["下一步：接手这个事件", "下一步：记录已核实的事实", "下一步：请发言人批准声明"]


def test_the_hour_is_a_line_of_steps_with_slack(house):
    house.opens()
    browser = house.signed_in("li")
    browser.post("/incidents/1/take", on="/incidents/1")
    html = browser.get("/incidents/1").text
    steps = re.findall(r"<b>(.*?)</b>\s*<span>(.*?)</span>\s*<span class=\"slack\">(.*?)</span>", html)
    assert steps == [
        ("发现", "13:46", "晚 1 分"),
        ("接手", "14:00", "晚 9 分"),
        ("核实事实", "14:05 前", "还有 5 分"),
        ("批准", "14:28 前", "还有 28 分"),
        ("发布", "14:40 前", "还有 40 分"),
    ]


def test_the_incident_says_why_and_marks_the_words_in_the_earliest_posts(house):
    house.opens()
    html = house.signed_in("li").get("/incidents/1").text
    assert "30 分钟 31 条，平时约 4 条" in html
    assert "有人就医；多平台传播" in html
    assert '孩子喝了星禾茶饮的杨梅冰茶，半夜<mark title="上吐下泻">上吐下泻</mark>，现在在医院' in html
    assert '三个同事一起喝的，两个<mark title="住院">住院</mark>了' in html
    assert html.count('<article class="post">') == 5
    assert "<code>250</code> 2.0.0 Ok: queued as 4F1" in html


def test_acting_on_an_incident(house):
    house.opens()
    browser = house.signed_in("li")
    assert browser.post("/incidents/1/take", on="/incidents/1").headers["location"] == "/incidents/1"
    assert "李值班 在处理" in browser.get("/incidents/1").text
    assert browser.post("/incidents/1/resolve", on="/incidents/1", why="查清了").status_code == 409
    corrected = browser.post("/incidents/1/t0", on="/incidents/1", t0="2026-03-12T13:30", why="更早的帖子")
    assert corrected.status_code == 303
    incident = house.incident()
    assert incident.due_at - house.clock() == 30 * MINUTE
    assert browser.post("/incidents/1/false-alarm", on="/incidents/1", why="同名的店").status_code == 303
    assert "误报" in browser.get("/incidents/1").text
    assert 'class="strip ' not in browser.get("/").text


def test_a_time_nobody_can_read_is_refused_with_the_form_to_use(house):
    house.opens()
    answer = house.signed_in("li").post("/incidents/1/t0", on="/incidents/1", t0="昨天", why="x")
    assert answer.status_code == 400
    assert "2026-03-12T14:05" in answer.text


def test_an_incident_found_after_its_hour_says_so_plainly(house):
    house.opens(ago=90 * MINUTE)
    html = house.signed_in("li").get("/").text
    assert "超时" in html
    assert "30:00" in html


@pytest.mark.parametrize("person", ["li", "zhao"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_strangers_write_is_inert_on_every_screen(house, person, lang):
    posts = ((POISON[:20], POISON, POISON, f"{POISON} 住院 javascript:alert(4)", "住院", 0),)
    house.opens(posts=posts)
    browser = house.signed_in(person)
    browser.http.cookies.set("lang", lang)
    token = house.room.links.make(house.incident().id, "li", house.clock()).rpartition("/")[2]
    for path in (*EVERY, f"/ack/{token}", f"/mentions?q={POISON}"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert '" onmouseover' not in answer.text
        assert " 49 " not in answer.text


def test_links_to_posts_lead_only_to_the_web(house):
    house.opens()
    html = house.signed_in("li").get("/mentions").text
    links = re.findall(r'<a href="(https?://[^"]+)" rel="noopener noreferrer nofollow"', html)
    assert len(links) == 6
    assert re.findall(r'href="(?!/|https?://|#)[^"]*"', html) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_screen_speaks_the_chosen_language(house, lang):
    house.opens()
    browser = house.signed_in("li")
    answer = browser.get(f"/language?to={lang}&back=/incidents")
    assert answer.headers["location"] == "/incidents"
    for path in EVERY:
        html = browser.get(path).text
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html
        assert ("Golden Hour" in html) == (lang == "en")


def test_the_english_screens_use_no_chinese_words_of_ours(house):
    browser = house.signed_in("ops")
    browser.get("/language?to=en&back=/")
    for path in ("/", "/incidents", "/mentions", "/sources", "/deliveries"):
        text = re.sub(r"<[^>]+>", " ", browser.get(path).text)
        left = set(re.findall(r"[一-鿿]+", text)) - {"中文", "孙运维", "星禾茶饮"}
        assert left == set()


def test_every_word_used_stands_in_the_table_in_both_languages():
    assert [key for key, (zh, en) in WORDS.items() if not zh.strip() or not en.strip()] == []
    fields = {key: (re.findall(r"{\w+}", zh), re.findall(r"{\w+}", en)) for key, (zh, en) in WORDS.items()}
    assert {key for key, (zh, en) in fields.items() if set(zh) != set(en)} == set()


def test_every_word_a_screen_can_ask_for_is_in_the_table():
    screens = "".join(path.read_text(encoding="utf-8") for path in HTML.glob("*.html"))
    asked = set(re.findall(r"""\bt\(["'](\w+)["'][,)]""", screens))
    asked |= {f"level_{one}" for one in Level} | {f"status_{one}" for one in IncidentStatus}
    asked |= {f"paging_{one}" for one in Paging} | {f"outcome_{one}" for one in Outcome}
    asked |= {f"page_is_{one}" for one in PageStatus} | {f"fact_is_{one}" for one in FactStatus}
    asked |= {f"scope_{one}" for one in FactScope} | {f"draft_{one}" for one in DraftState}
    asked |= {f"job_{one}" for one in Job} | {f"slot_{one}" for one in SLOTS} | {f"goal_{one}" for one in GOALS}
    asked |= {f"health_{one}" for one in (*Health, "stalled", "off")} | {f"finding_{one}" for one in LEVELS}
    asked |= {f"plat_{one}" for one in POSTED}
    assert asked - set(WORDS) == set()


def test_facts_stand_in_two_lists_and_a_change_makes_texts_stale(house):
    house.opens()
    browser = house.signed_in("li")
    write_facts(house, browser)
    html = browser.get("/incidents/1/facts").text
    known, _, open_ = html.partition("未知 / 未核实")
    assert "已下架" in known
    assert "原因还在检测" in open_
    changed = {"label": "F1", "slot": "done", "zh": "已下架并封存", "status": "confirmed", "scope": "public"}
    assert browser.post("/incidents/1/facts", **changed, evidence="封存记录", sha256="b" * 64).status_code == 303
    assert "已失效" in browser.get("/incidents/1/texts/holding/zh").text


def test_a_fact_without_a_source_is_refused_in_chinese(house):
    house.opens()
    fact = {"slot": "done", "zh": "已下架", "status": "confirmed", "scope": "public"}
    answer = house.signed_in("li").post("/incidents/1/facts", **fact)
    assert answer.status_code == 400
    assert "已核实的事实要写明来源或证据" in answer.text


def test_what_counsel_wrote_is_read_by_those_who_speak_only(house):
    incident = house.opens()
    secret = Fact(
        house.ids(), incident.id, "F1", 1, "cause", "律师意见原文", "", FactStatus.UNVERIFIED,
        FactScope.PRIVILEGED, "律所", "", "zhou", house.clock(),
    )  # fmt: skip
    with house.store.transaction() as tx:
        facts.add(tx, secret)
        journal.write(tx, house.clock(), "zhou", "fact_added", f"incident:{incident.id}", secret.zh, {"label": "F1"})
    for path in ("/incidents/1", "/incidents/1/facts"):
        assert "律师意见原文" not in house.signed_in("li").get(path).text
    assert "律师意见原文" in house.signed_in("zhao").get("/incidents/1/facts").text
    change = {"label": "F1", "slot": "cause", "zh": "改掉", "status": "unverified", "scope": "public"}
    assert house.signed_in("li").post("/incidents/1/facts", **change).status_code == 403


def test_mentions_are_found_by_words_and_silence_is_told_from_deafness(house):
    browser = house.signed_in("li")
    assert "还没有提及" in browser.get("/mentions").text
    house.hears("weibo-keyword", Health.BLIND, house.clock())
    assert "不等于没人说" in browser.get("/mentions").text
    house.opens()
    assert browser.get("/mentions?q=住院").text.count('<article class="post">') == 1
    assert "没有提及包含“火星”" in browser.get("/mentions?q=火星").text


def test_sources_worst_first_with_reason_and_next_read(house):
    house.hears("city-news", Health.BLIND, house.clock() - timedelta(minutes=40))
    with house.store.transaction() as tx:
        agenda.promise(tx, Job.POLL, "city-news", house.clock() + timedelta(minutes=3))
    html = house.signed_in("ops").get("/sources").text
    assert html.index("city-news <span") < html.index("weibo-keyword <span")
    assert "网络不通" in html
    assert "3 分钟后" in html


def test_deliveries_show_the_providers_answer_and_dead_jobs_loudly(house):
    house.opens()
    with house.store.transaction() as tx:
        agenda.promise(tx, Job.DRAFT, "x", house.clock())
        task = next(one for one in agenda.claim(tx, house.clock(), 9, MINUTE, house.ids) if one.job == Job.DRAFT)
        agenda.fail(tx, task, "TemplateError: line 3", house.clock(), permanent=True)
    browser = house.signed_in("ops")
    html = browser.get("/deliveries").text
    assert "1 项任务不会再试" in html
    assert "TemplateError: line 3" in html
    assert "180 ms" in html
    assert "2.0.0 Ok: queued as 4F1" in html
    assert "/ack/" not in html
    assert "1 项任务不会再试" in browser.get("/").text


def test_the_review_shows_minutes_against_goals_and_the_sheet_as_plain_markup(house):
    incident = house.opens()
    browser = house.signed_in("li")
    assert "复盘在事件解决后自动写好" in browser.get("/incidents/1/review").text
    house.texts.review(incident.id)
    html = browser.get("/incidents/1/review").text
    assert '<th scope="row">发现（自事发）</th><td class="number">6 分钟</td>' in html
    assert "<h3>" in html
    assert "<table>" in html


@pytest.mark.parametrize(
    "path", ["/nowhere", "/incidents/7", "/incidents/99999999999999", "/incidents/1/texts/x/zh", "/ack"]
)
def test_what_does_not_exist_is_a_clear_screen(house, path):
    house.opens()
    answer = house.signed_in("li").get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert "现在能做什么" in answer.text


def write_facts(house, browser) -> None:
    """Three facts that fill a statement, and the draft that follows."""
    done = {"slot": "done", "zh": "涉事门店已停业，产品已下架", "en": "The store is closed and the product withdrawn"}
    unknown = {"slot": "unknown", "zh": "原因还在检测", "en": "The cause is being tested"}
    action = {"slot": "action", "zh": "请停止饮用同批次产品", "en": "Please stop drinking this batch"}
    for fact in (done, action):
        # On red one source alone is not enough; a document with its hash is.
        sure = {"status": "confirmed", "scope": "public", "source": "门店店长", "evidence": "照片", "sha256": "a" * 64}
        assert browser.post("/incidents/1/facts", **fact, **sure).status_code == 303
    assert browser.post("/incidents/1/facts", **unknown, status="unknown", scope="public").status_code == 303
    house.texts.draft(house.incident().id)
