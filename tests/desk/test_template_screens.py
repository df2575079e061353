"""Templates, texts on demand and platform versions on screen: edited, refused by line and word, cleared, undone."""

import html
import re

import pytest

from statements.approving.lane import cleared, fingerprint
from statements.writing.preparing import ON_DEMAND
from store import journal, texts, versions
from store.nouns import DraftState, Level, Publication, VersionKind
from tests.desk.house import MINUTE, hidden
from tests.desk.test_screens import write_facts

HERE = "/templates/holding/food_safety/zh"
TEXTS = "/incidents/1/texts"


def source_on(page):
    found = re.search(r'<textarea id="source"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def send(browser, source, do="save", base=None, reason="法务要求改一句", **more):
    page = browser.get(HERE).text
    fields = {"csrf": hidden(page, "csrf"), "base": base if base is not None else hidden(page, "base")}
    return browser.http.post(HERE, data={**fields, "source": source, "do": do, "reason": reason, **more})


def current(house):
    with house.store.reading() as tx:
        return versions.current(tx, VersionKind.TEMPLATE, "holding/food_safety/zh")


def newest(house, kind="holding", lang="zh"):
    with house.store.reading() as tx:
        return texts.latest(tx, house.incident().id, kind, lang)


@pytest.fixture
def drafter(house):
    return house.signed_in("li")


def test_the_list_says_which_are_shipped_and_which_were_changed(house, drafter):
    page = drafter.get("/templates").text
    assert page.count("出厂") == 36
    send(drafter, source_on(drafter.get(HERE).text) + "谢谢大家的监督。")
    assert drafter.get("/templates").text.count("已改") == 1


def test_a_saved_template_is_what_the_next_incident_is_written_from_and_the_way_back_is_instant(house, drafter):
    answer = send(drafter, source_on(drafter.get(HERE).text) + "谢谢大家的监督。")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?done=saved")
    house.opens()
    assert "谢谢大家的监督。" in newest(house).body
    drafter.post(f"{HERE}/back", on=HERE, base="1", to="0", reason="还是原来的好")
    house.texts.draft(house.incident().id)
    assert "谢谢大家的监督。" not in newest(house).body
    assert current(house).number == 2


@pytest.mark.parametrize(
    ("bad", "line", "word"),
    [
        ("第一行\n{{ secret }}", 2, "secret"),
        ("{{ brand|upper }}", 1, "upper"),
        ("一\n二\n{{ ''.__class__ }}", 3, "__class__"),
        ("{% import 'os' as os %}", 1, "import"),
    ],
)
def test_what_is_not_allowed_is_refused_with_line_and_word_and_nothing_typed_is_lost(house, drafter, bad, line, word):
    answer = send(drafter, bad)
    assert answer.status_code == 400
    assert f"第 {line} 行" in answer.text
    assert word in answer.text
    assert source_on(answer.text) == bad
    assert current(house) is None


def test_the_preview_shows_the_sample_and_what_the_rules_say(drafter):
    bad = source_on(drafter.get(HERE).text) + "我们的产品绝对安全。"
    page = send(drafter, bad, do="preview", sample="product_safety").text
    assert "这一型号已于14:30停止销售" in page
    assert "S03" in page
    assert '<option value="product_safety" selected>' in page


def test_a_reader_may_look_and_not_save(house):
    reader = house.signed_in("kan")
    assert "你的角色只能看" in reader.get(HERE).text
    on = reader.post(HERE, on="/", base="0", source="x", do="save", reason="试一下")
    assert on.status_code == 403


def test_two_editors_at_once_lose_nothing(house, drafter):
    other = house.signed_in("chen")
    text = source_on(drafter.get(HERE).text)
    send(drafter, text + "第一位。", base="0")
    answer = send(other, text + "第二位。", base="0")
    assert answer.status_code == 409
    assert source_on(answer.text).endswith("第二位。")
    assert "第一位。" in answer.text
    assert hidden(answer.text, "base") == "1"


def test_legal_clears_exactly_this_text_and_any_edit_loses_it(house, drafter):
    legal, team = house.signed_in("zhou"), house.room.settings.team
    text = source_on(drafter.get(HERE).text) + "谢谢大家的监督。"
    send(drafter, text)
    assert drafter.post(f"{HERE}/clear", on=HERE, base="1").status_code == 403
    assert legal.post(f"{HERE}/clear", on=HERE, base="1").status_code == 303
    version = current(house)
    found = cleared(version, team)
    assert (version.number, version.author, version.signed_by) == (2, "li", "zhou")
    assert (found.fingerprint, set(found.slots)) == (fingerprint(found.source), {"done", "unknown", "action"})
    assert "已预审" in drafter.get(HERE).text
    send(drafter, text + "再改一字。")
    assert cleared(current(house), team) is None


def test_legal_clears_the_shipped_text_too_but_not_their_own_words_nor_a_version_they_have_not_seen(house):
    legal, team = house.signed_in("zhou"), house.room.settings.team
    legal.post(f"{HERE}/clear", on=HERE, base="0")
    assert cleared(current(house), team).by == "zhou"
    send(legal, source_on(legal.get(HERE).text) + "法务写的。")
    assert legal.post(f"{HERE}/clear", on=HERE, base="2").status_code == 409
    assert legal.post(f"{HERE}/clear", on=HERE, base="1").status_code == 409


def test_unknown_places_are_not_there(drafter):
    for path in ("/templates/novel/general/zh", "/templates/holding/nothing/zh", "/templates/holding/general/fr"):
        assert drafter.get(path).status_code == 404


def test_the_words_a_template_may_use_stand_on_the_screen(drafter):
    page = drafter.get(HERE).text
    assert "<code>happened_at</code>" in page
    assert "外部文字，先净化" in page


@pytest.fixture
def burning(house):
    house.opens(level=Level.ORANGE)
    duty = house.signed_in("li")
    duty.post("/incidents/1/take", on="/incidents/1")
    write_facts(house, duty)
    return house


def test_every_kind_is_drafted_on_demand_in_both_languages(burning):
    duty = burning.signed_in("li")
    for kind in ON_DEMAND:
        for lang in ("zh", "en"):
            answer = duty.post(f"{TEXTS}/{kind}/{lang}/prepare", on=TEXTS)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{TEXTS}/{kind}/{lang}")
            assert newest(burning, kind, lang).author == "system"
    assert duty.get(TEXTS).status_code == 200


def test_the_short_form_is_there_as_soon_as_the_statement(burning):
    short = newest(burning, "short")
    assert short.missing == ()
    assert "短声明" in burning.signed_in("li").get(TEXTS).text


def test_a_persons_open_text_is_never_pushed_aside(burning):
    duty, before = burning.signed_in("li"), newest(burning)
    page = duty.get(f"{TEXTS}/holding/zh").text
    fields = {"csrf": hidden(page, "csrf"), "based_on": hidden(page, "based_on"), "body": before.body + "\n谢谢。"}
    duty.http.post(f"{TEXTS}/holding/zh", data=fields)
    answer = duty.post(f"{TEXTS}/holding/zh/prepare", on=TEXTS)
    assert answer.status_code == 409
    assert "有人改过这份文本" in answer.text
    assert newest(burning).body.endswith("谢谢。")


def test_a_reader_drafts_nothing_and_an_unknown_kind_is_refused(burning):
    reader, duty = burning.signed_in("kan"), burning.signed_in("li")
    assert "起草</button>" not in reader.get(TEXTS).text
    assert reader.post(f"{TEXTS}/update/zh/prepare", on="/").status_code == 403
    assert duty.post(f"{TEXTS}/novel/zh/prepare", on=TEXTS).status_code == 400


def test_measures_are_taken_over_and_stay_in_the_form_when_it_fails(burning):
    duty = burning.signed_in("li")
    said = "为受影响的顾客办理退款 | 顾客服务负责人 | 2026年3月13日18:00前（北京时间）"
    duty.post(f"{TEXTS}/apology/zh/prepare", on=TEXTS, measures=said)
    body = newest(burning, "apology").body
    assert "为受影响的顾客办理退款 · 顾客服务负责人 · 2026年3月13日18:00前（北京时间）" in body
    with burning.store.transaction() as tx:
        texts.set_state(tx, [newest(burning, "apology").id], DraftState.APPROVED)
    answer = duty.post(f"{TEXTS}/apology/zh/prepare", on=TEXTS, measures="另一条措施")
    assert answer.status_code == 409
    assert "另一条措施" in answer.text


def test_platform_versions_are_counted_and_say_when_they_may_not_go_out(burning):
    page = burning.signed_in("li").get(f"{TEXTS}/holding/zh/variants").text
    assert page.count('class="card"') == 9
    assert "还没有批准，先不要发布" in page
    assert re.search(r'首屏 <span class="n">\d+ / 140 字', page)
    assert "口吻" in page
    assert "与原文不一致" not in page


def test_no_versions_of_a_sheet_or_an_unknown_text(burning):
    duty = burning.signed_in("li")
    assert duty.get(f"{TEXTS}/qa/zh/variants").status_code == 404
    assert "还没有起草" in duty.get(f"{TEXTS}/update/zh/variants").text


def test_what_is_done_to_a_template_stands_in_the_journal(house, drafter):
    send(drafter, source_on(drafter.get(HERE).text) + "谢谢大家的监督。")
    with house.store.reading() as tx:
        entries = journal.entries(tx, "template:holding/food_safety/zh")
    assert [one.what for one in entries] == ["template_saved"]


def released(house):
    """The statement goes out: approved and posted."""
    draft, now = newest(house), house.clock()
    with house.store.transaction() as tx:
        texts.set_state(tx, [draft.id], DraftState.RELEASED)
        post = Publication(
            id=house.ids(),
            incident=draft.incident,
            draft=draft.id,
            sha256=draft.sha256,
            platform="weibo",
            url="https://weibo.example/p/1",
            published_at=now,
            recorded_at=now,
            who="zhao",
        )
        texts.add_publication(tx, post)
    return draft


def test_an_update_begins_with_what_changed_since_the_release_and_counts_on(burning):
    duty, first = burning.signed_in("li"), released(burning)
    burning.clock.forward(burning.clock() + 10 * MINUTE)
    new = {"slot": "done", "zh": "其余门店已完成检查", "en": "all other stores have been checked"}
    known = {"status": "confirmed", "scope": "public", "source": "店长", "evidence": "检查表"}
    assert duty.post("/incidents/1/facts", **new, **known).status_code == 303
    page = duty.get(TEXTS).text
    assert "<mark>其余门店已完成检查</mark>" in page
    duty.post(f"{TEXTS}/update/zh/prepare", on=TEXTS)
    made = newest(burning, "update")
    assert "第2号" in made.body
    assert "上一份说明发布于2026年3月12日14:00" in made.body
    assert "1. 其余门店已完成检查。" in made.body
    assert "涉事门店已停业" not in made.body
    assert first.body != made.body
    duty.post(f"{TEXTS}/update/en/prepare", on=TEXTS)
    assert "UPDATE No. 2" in newest(burning, "update", "en").body


def test_a_correction_is_begun_from_the_fact_that_was_wrong(burning):
    duty = burning.signed_in("li")
    released(burning)
    burning.clock.forward(burning.clock() + 10 * MINUTE)
    change = {"label": "F1", "slot": "done", "zh": "涉事门店已停业，产品还在下架", "en": "The store is closed"}
    known = {"status": "confirmed", "scope": "public", "source": "店长", "evidence": "门店照片"}
    assert duty.post("/incidents/1/facts", **change, **known).status_code == 303
    duty.post(f"{TEXTS}/correction/zh/prepare", on=TEXTS)
    body = newest(burning, "correction").body
    assert "此前说的是“涉事门店已停业，产品已下架”；正确的是：涉事门店已停业，产品还在下架" in body
    assert "依据：门店照片" in body


@pytest.mark.parametrize("poison", ["{{ 7*7 }}", "<script>alert(1)</script>", "{% if brand %}"])
def test_hostile_words_of_facts_and_measures_are_shown_and_never_run(burning, poison):
    duty = burning.signed_in("li")
    known = {"status": "confirmed", "scope": "public", "source": "店长", "evidence": poison}
    duty.post("/incidents/1/facts", slot="done", zh=f"已停业{poison}", en=f"closed {poison}", **known)
    duty.post(f"{TEXTS}/apology/zh/prepare", on=TEXTS, measures=f"{poison} | {poison} | {poison}")
    for path in (TEXTS, f"{TEXTS}/apology/zh/variants", f"{TEXTS}/apology/zh"):
        page = duty.get(path).text
        assert "<script>alert" not in page
    body = newest(burning, "apology").body
    assert "已停业" in body
    assert not re.search(r"\{\{|\{%", body)
    assert "｛" in body or "script" in body
    answer = send(duty, poison, do="preview")
    assert "<script>alert" not in answer.text
