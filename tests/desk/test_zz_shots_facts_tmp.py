"""pytest file: screenshots"""
import pytest
from tests.desk.test_browser import chromium, site, signed_in, AUDIT, PHONE, DESKTOP  # noqa
from tests.desk.house import MINUTE
from store import evidence, mentions
from tests.desk.test_fact_screens import FACTS, CLAIMS, LEGAL, SURE, UNSURE, SAID
@pytest.fixture
def house(store, clock, ids):
    from tests.desk.house import House
    return House(store, clock, ids)

def test_shots(chromium, site, house):
    house.opens()
    duty = house.signed_in("li")
    duty.post("/incidents/1/take", on="/incidents/1")
    duty.post(FACTS, zh="新街口店一家，3 批次原料已封存", **UNSURE | {"slot": "scope"})
    duty.post(FACTS, zh="涉事门店已于14:30停止营业，同批次原料已封存", en="The store closed at 14:30", **SURE)
    duty.post(FACTS, zh="供应商的问题", **SURE | {"slot": "cause", "status": "refuted"})
    duty.post(FACTS, zh="评论区没有隐藏或删除记录", **SURE | {"slot": "other"})
    with house.store.transaction() as tx:
        inc = house.incident()
        heard = mentions.of_incident(tx, inc.id, inc.brand)[0].mention
        evidence.take(tx, heard.id, house.ids(), house.clock(), "li", "取证")
    duty.post(CLAIMS, **SAID | {"said": "喝完拉肚子、住院", "keywords": "拉肚子，住院，上吐下泻", "answer_zh": "同批次产品已下架；身体不适请就医并联系我们。"})
    duty.post(CLAIMS, **SAID | {"status": "false", "facts": "F4", "urls": heard.url, "keywords": "删评论", "answer_zh": "评论没有删过。"})
    duty.post(CLAIMS, **SAID | {"said": "价格太贵", "kind": "complaint"})
    due = (house.clock() + 5 * MINUTE).astimezone(house.room.zone)
    duty.post(f"{FACTS}/cells", on=FACTS, cell="why", owner="chen", due=f"{due:%Y-%m-%dT%H:%M}")
    house.signed_in("wang").post("/incidents/1/cluster", on=CLAIMS, cluster="accidental", reason="设备故障，现场已核")
    house.texts.draft(inc.id)
    house.clock.forward(house.clock() + 12 * MINUTE)
    bad = {}
    for name, vp in (("phone", PHONE), ("desk", DESKTOP)):
        for scheme in ("light", "dark"):
            page = signed_in(chromium, site, "wang", viewport=vp, color_scheme=scheme)
            for path in ("/incidents/1", FACTS, f"{FACTS}/F2", f"{FACTS}/F1", CLAIMS, LEGAL):
                page.goto(site + path)
                faults = page.evaluate(AUDIT, name == "phone")
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if faults or wide > 0: bad[(name, scheme, path)] = (faults, wide)
                if scheme == "light":
                    page.screenshot(path=f"/tmp/shot_{name}_{path.strip('/').replace('/', '_')}.png", full_page=True)
    print(bad)
    page = signed_in(chromium, site, "wang", viewport=PHONE)
    page.goto(site + FACTS)
    page.click("summary:has-text('更多')")
    page.set_input_files("[data-fingerprint-file] input", "/work/main/LICENSE")
    page.wait_for_function("document.querySelector('[data-fingerprint]').value.length == 64")
    print(page.input_value("[data-fingerprint]"), page.input_value("#add [name=evidence]"))
    assert not bad
