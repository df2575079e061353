"""Facts, claims and regulatory clocks at the desk: what is seen, what is refused, and that nothing typed is lost."""

import hashlib
import io
import json
import re
import zipfile

import pytest

from desk.screens.legal_clocks import STATES
from desk.screens.legal_view import ORDER
from desk.words import WORDS
from statements.known.grid import CELLS
from statements.rules.strategy_words import Strategy
from store import claims, evidence, facts, journal, mentions
from store.incidents import subject
from store.nouns import ClaimKind, ClaimStatus, CrisisCluster, FactStatus, Level
from tests.desk.house import MINUTE

FACTS, CLAIMS, LEGAL = (f"/incidents/1/{one}" for one in ("facts", "claims", "legal"))
PUBLIC = {"slot": "done", "scope": "public"}
SURE = PUBLIC | {"status": "confirmed", "source": "店长", "evidence": "封条照片", "sha256": "a" * 64}
UNSURE = PUBLIC | {"status": "unverified", "source": "店长"}
SAID = {"said": "星禾删评论", "kind": "fact", "status": "unknown"}


@pytest.fixture
def duty(house):
    """Duty at a red incident."""
    house.opens()
    return house.signed_in("li")


def known(house):
    with house.store.reading() as tx:
        return {one.label: one for one in facts.current(tx, house.incident().id)}


def section(html, heading):
    return html.partition(f">{heading}</h2>")[2].partition("</section>")[0]


def test_the_grid_stands_on_top_and_its_empty_cells_are_unknowns(house, duty):
    duty.post(FACTS, zh="新街口店一家", **UNSURE | {"slot": "scope"})
    html = duty.get(FACTS).text
    grid = html[html.index('class="cells"') : html.index("</ul>", html.index('class="cells"'))]
    names = re.findall(r"<h3>(.*?)</h3>", grid)
    assert names == ["何事", "何时", "何地", "何人", "为何", "如何"]
    assert grid.count("cell-open") == 5
    assert "新街口店一家" in grid
    due = (house.clock() + 30 * MINUTE).astimezone(house.room.zone)
    field = f"{due:%Y-%m-%dT%H:%M}"
    assert duty.post(f"{FACTS}/cells", on=FACTS, cell="why", owner="chen", due=field).status_code == 303
    html = duty.get(FACTS).text
    assert f"陈备班 · {due:%H:%M} 前查清" in html
    house.clock.forward(house.clock() + 40 * MINUTE)
    assert f"已过 {due:%H:%M}" in duty.get(FACTS).text


def test_on_red_a_single_source_is_refused_and_what_was_typed_stands_there_still(house, duty):
    one = {**SURE, "zh": "门店<b>已停业</b>", "sha256": "", "en": "closed"}
    answer = duty.post(FACTS, **one)
    assert answer.status_code == 400
    assert "两个独立来源" in answer.text
    assert "门店&lt;b&gt;已停业&lt;/b&gt;</textarea>" in answer.text
    assert known(house) == {}


def test_another_person_verifies_from_another_source(house, duty):
    duty.post(FACTS, zh="门店已停业", **UNSURE)
    assert duty.post(f"{FACTS}/F1/verify", on=f"{FACTS}/F1", source="区域经理").status_code == 400
    other = house.signed_in("chen")
    assert other.post(f"{FACTS}/F1/verify", on=f"{FACTS}/F1", source="区域经理").status_code == 303
    html = other.get(f"{FACTS}/F1").text
    assert "店长<br>区域经理" in html
    assert "陈备班" in section(html, "依据")
    assert known(house)["F1"].status is FactStatus.CONFIRMED
    assert "台账链完整，共 2 行" in other.get(FACTS).text


def test_a_fact_confirmed_before_it_went_red_says_what_it_lacks(house):
    house.opens(level=Level.ORANGE)
    browser = house.signed_in("li")
    assert browser.post(FACTS, zh="门店已停业", **SURE | {"sha256": ""}).status_code == 303
    assert "缺独立的第二来源" not in browser.get(FACTS).text
    house.signed_in("wang").post("/incidents/1/level", on="/incidents/1", level="red", why="多人住院")
    assert house.incident().level is Level.RED
    assert "缺独立的第二来源" in browser.get(FACTS).text
    assert "缺独立的第二来源" in browser.get(f"{FACTS}/F1").text


def test_an_older_form_is_told_and_keeps_its_words(house, duty):
    duty.post(FACTS, zh="门店已停业", **UNSURE)
    duty.post(FACTS, label="F1", based_on="1", zh="门店已停业，产品封存", **UNSURE)
    late = house.signed_in("chen").post(FACTS, label="F1", based_on="1", zh="门店照常营业", **UNSURE)
    assert late.status_code == 409
    assert "F1 刚被别人改过" in late.text
    assert "门店照常营业</textarea>" in late.text
    assert known(house)["F1"].zh == "门店已停业，产品封存"


def test_a_fact_is_withdrawn_and_its_texts_are_named(house, duty):
    duty.post(FACTS, zh="涉事门店已停业", **SURE)
    house.texts.draft(house.incident().id)
    html = duty.get(f"{FACTS}/F1").text
    assert "/incidents/1/texts/holding/zh" in section(html, "用在哪些文本")
    assert duty.post(f"{FACTS}/F1/withdraw", on=f"{FACTS}/F1").status_code == 303
    html = duty.get(f"{FACTS}/F1").text
    assert "已撤回" in html
    assert html.count("涉事门店已停业") >= 3
    assert duty.get(f"{FACTS}/F9").status_code == 404


def test_what_counsel_wrote_is_read_and_changed_by_those_who_speak_only(house):
    house.opens()
    legal = house.signed_in("zhou")
    legal.post(FACTS, zh="律师意见原文", **UNSURE | {"scope": "privileged"})
    duty = house.signed_in("li")
    for path in (FACTS, f"{FACTS}/F1", CLAIMS):
        assert "律师意见原文" not in duty.get(path).text
    for verb in ("verify", "withdraw"):
        assert duty.post(f"{FACTS}/F1/{verb}", on=FACTS, source="x").status_code == 403
    assert "律师意见原文" in legal.get(f"{FACTS}/F1").text
    assert "F1（法律保密，一个字也不说）" in duty.get(CLAIMS).text


def test_a_tampered_log_is_said_loudly(house, duty):
    duty.post(FACTS, zh="门店已停业", **UNSURE)
    with house.store.engine.begin() as tx:
        tx.exec_driver_sql("UPDATE facts SET zh = '没有这回事'")
    assert "台账链断在第 1 行" in duty.get(FACTS).text


def test_who_only_looks_has_no_form_and_a_direct_post_changes_nothing(house, duty):
    duty.post(FACTS, zh="门店已停业", **UNSURE)
    viewer = house.signed_in("kan")
    for path in (FACTS, f"{FACTS}/F1", CLAIMS, LEGAL):
        assert '<form method="post" action="/incidents' not in viewer.get(path).text
    posts = {
        FACTS: {"zh": "x", **UNSURE},
        f"{FACTS}/cells": {"cell": "why", "owner": "li", "due": "2030-01-01T00:00"},
        f"{FACTS}/F1/verify": {"source": "x"},
        f"{FACTS}/F1/withdraw": {},
        CLAIMS: SAID,
        "/incidents/1/cluster": {"cluster": "victim", "reason": "现场已查清"},
        LEGAL: {"line": "cn_food_report", "state": "done", "how": "电话报告"},
        f"{CLAIMS}/C1/report": {},
    }
    for path, fields in posts.items():
        assert viewer.post(path, on="/", **fields).status_code == 403, path
    assert len(known(house)) == 1


@pytest.mark.parametrize("words", ["{{ 7*7 }}", "<script>alert(1)</script>", "=HYPERLINK(1)", "'\"><img src=x>"])
def test_typed_words_never_run_and_never_stand_unescaped(house, duty, words):
    duty.post(FACTS, zh=words, **UNSURE | {"source": words, "evidence": words})
    duty.post(CLAIMS, **SAID | {"said": words, "answer_zh": words, "keywords": words, "evidence": words})
    for path in (FACTS, f"{FACTS}/F1", CLAIMS, "/incidents/1"):
        html = duty.get(path).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert words not in html or words in ("{{ 7*7 }}", "=HYPERLINK(1)")


def test_a_claim_shows_how_many_say_it_with_samples(house, duty):
    duty.post(CLAIMS, **SAID | {"said": "喝完拉肚子", "keywords": "拉肚子，上吐下泻"})
    html = duty.get(CLAIMS).text
    assert "2 条提及在说" in html
    assert "我也是！同一家店" in html
    assert "C1 喝完拉肚子（真假还不知道，不承认也不否认）" in html


def test_false_needs_evidence_and_keeps_what_was_typed(house, duty):
    answer = duty.post(CLAIMS, **SAID | {"status": "false", "answer_zh": "评论没有删过"})
    assert answer.status_code == 400
    assert "要判断真假，得有证据" in answer.text
    assert "评论没有删过</textarea>" in answer.text
    wrong = duty.post(CLAIMS, **SAID | {"urls": "javascript:alert(1)"})
    assert wrong.status_code == 400
    assert "网址要以 http:// 或 https:// 开头" in wrong.text


def test_the_cluster_opens_what_a_text_may_do(house, duty):
    html = duty.get(CLAIMS).text
    assert "还不能：否认" in html
    assert "只能说怎样保护自己" in html
    lead = house.signed_in("wang")
    refused = lead.post("/incidents/1/cluster", on=CLAIMS, cluster="preventable", reason="保养漏做")
    assert refused.status_code == 400
    duty.post(FACTS, zh="封口机保养漏做一次", **SURE | {"slot": "cause"})
    assert lead.post("/incidents/1/cluster", on=CLAIMS, cluster="preventable", reason="保养漏做").status_code == 303
    html = duty.get(CLAIMS).text
    assert "可预防型" in html
    assert "还不能：担责" not in html
    assert "还不能：否认" in html


def proven(house, duty):
    """A claim marked false with a public fact, said by a mention of which evidence is kept."""
    duty.post(FACTS, zh="评论区没有隐藏或删除记录", **SURE | {"slot": "other"})
    with house.store.transaction() as tx:
        incident = house.incident()
        heard = mentions.of_incident(tx, incident.id, incident.brand)[0].mention
        evidence.take(tx, heard.id, house.ids(), house.clock(), "li", "取证")
    false = SAID | {"status": "false", "facts": "F1", "urls": heard.url, "answer_zh": "评论没有删过。"}
    assert duty.post(CLAIMS, **false).status_code == 303
    return heard


def test_the_report_pack_holds_its_six_items_and_true_sums(house, duty):
    heard = proven(house, duty)
    answer = house.signed_in("zhou").post(f"{CLAIMS}/C1/report", on=CLAIMS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    html = files["report.html"].decode()
    heads = ["举报主体", "经办人身份与授权", "确切网址", "事实与理由", "初步证据", "真实性保证"]
    assert [len(re.findall(rf"<h2>[一二三四五六]、[^<]*{one}", html)) for one in heads] == [1] * 6
    assert heard.url in html
    assert "提交前还缺：</strong>营业执照" in html
    (kept,) = [name for name in files if name.startswith("evidence/")]
    assert json.loads(files[kept])["url"] == heard.url
    assert hashlib.sha256(files[kept]).hexdigest() in html
    with house.store.reading() as tx:
        entries = journal.entries(tx, subject(house.incident().id))
    (entry,) = [one for one in entries if one.what == "report_pack_exported"]
    assert entry.detail["sha256"] == hashlib.sha256(answer.content).hexdigest()


@pytest.mark.parametrize("change", ["unknown", "opinion", "fallen"])
def test_no_pack_is_made_of_what_is_not_proven_false(house, duty, change):
    if change == "fallen":
        proven(house, duty)
        duty.post(f"{FACTS}/F1/withdraw", on=f"{FACTS}/F1")
    else:
        duty.post(CLAIMS, **SAID | ({"kind": "opinion"} if change == "opinion" else {}))
    legal = house.signed_in("zhou")
    assert "导出举报材料包" not in legal.get(CLAIMS).text
    refused = legal.post(f"{CLAIMS}/C1/report", on=CLAIMS)
    assert refused.status_code == 409
    with house.store.reading() as tx:
        assert claims.current(tx, house.incident().id)
        assert "report_pack_exported" not in [one.what for one in journal.entries(tx, subject(house.incident().id))]


def test_every_word_these_screens_put_together_is_in_the_table():
    asked = {f"clm_is_{one}" for one in ClaimStatus} | {f"clm_kind_{one}" for one in ClaimKind}
    asked |= {f"clu_{one}" for one in CrisisCluster} | {f"str_{one}" for one in Strategy}
    asked |= {f"fct_cell_{one}" for one in CELLS} | {f"leg_{one}" for one in ORDER}
    asked |= {f"leg_from_{one}" for one in ("t0", "detected", "declared")} | {f"leg_mark_{one}" for one in STATES}
    asked |= {f"page_legal_{why}" for why in ("soon", "due")}
    asked |= {f"page_text_{why}" for why in ("review", "unanswered", "informed", "stale", "expired")}
    asked |= {f"leg_page_{why}" for why in ("soon", "due", "help")}
    assert asked - set(WORDS) == set()


def test_the_screens_speak_english_too(house, duty):
    duty.post(FACTS, zh="门店已停业", en="The store is closed", **UNSURE)
    duty.get("/language?to=en&back=/")
    assert "Say who finds out" in duty.get(FACTS).text
    assert "The store is closed" in duty.get(f"{FACTS}/F1").text
    assert "Locked: " in duty.get(CLAIMS).text
    assert "not checked by counsel" in duty.get(LEGAL).text


def test_no_address_of_the_house_deletes_hides_or_reports_in_bulk(house):
    verbs = ("delete", "hide", "remove", "mass", "bulk", "takedown")
    assert [route.path for route in house.app.routes if any(one in route.path for one in verbs)] == []


def test_the_laws_clocks_stand_beside_the_hour_and_are_marked_by_legal(house, duty):
    html = duty.get("/incidents/1").text
    panel = section(html, "法定时限")
    assert "食品安全法 第一百零三条" in panel
    assert "未经法务核实" in panel
    screen = duty.get(LEGAL).text
    assert "食品召回管理办法 第十三条（一级召回）" in screen
    assert 'class="count' in screen
    done = {"line": "cn_food_report", "state": "done", "how": "14:38 电话报告区市场监管局，编号 0312"}
    assert duty.post(LEGAL, on="/", **done).status_code == 403
    legal = house.signed_in("zhou")
    assert legal.post(LEGAL, **done).status_code == 303
    after = legal.get(LEGAL).text
    assert "编号 0312" in after
    assert "食品安全法 第一百零三条" not in section(legal.get("/incidents/1").text, "法定时限")
    refused = legal.post(LEGAL, line="cn_food_recall_3", state="not_applicable", how="")
    assert refused.status_code == 400
