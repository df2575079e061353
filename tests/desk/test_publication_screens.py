"""Publication, promises, timeline and review as people use them: posted by hand, corrected, kept, closed, exported."""

import io
import re

import pytest
from docx import Document

from statements.approving.approval import sha256_of
from store import facts, journal, publications, texts
from store.incidents import subject
from store.nouns import Approval, ClockState, Draft, DraftState, IncidentStatus
from tests.desk.house import MINUTE, hidden

ON = "/incidents/1"
PUB = f"{ON}/publication"
BODY = "门店已停止营业。涉事饮品可在任一门店退款，无需小票。下一次更新：今天17:00前（北京时间），在本账号发布。"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40


@pytest.fixture
def posted(house):
    """An incident with an approved statement nobody has posted yet; 14:00 in Beijing, the hour ends at 14:40."""
    incident = house.opens()
    made = Draft(
        "d" * 32, incident.id, "holding", "zh", 90, BODY, sha256_of(BODY), (), (), DraftState.APPROVED, "li",
        house.clock(),
    )  # fmt: skip
    with house.store.transaction() as tx:
        texts.add_draft(tx, made)
        texts.add_approval(tx, Approval(house.ids(), made.id, made.sha256, "zhao", "spokesperson", house.clock()))
    return house


def record(browser, file=None, **changes):
    fields = {
        "csrf": hidden(browser.get(PUB).text, "csrf"), "draft": "d" * 32, "platform": "weibo",
        "url": "https://weibo.com/xinghe/1", "published_at": "2026-03-12T13:59",
    } | changes  # fmt: skip
    files = (
        {"screenshot": ("a.png", file, "image/png")} if file else {"screenshot": ("", b"", "application/octet-stream")}
    )
    return browser.http.post(PUB, data=fields, files=files)


def first_record(house):
    with house.store.reading() as tx:
        return publications.all_of(tx, house.incident().id)[0]


def test_a_human_posts_and_records_it_with_a_picture_and_the_clock_stops(posted):
    zhao = posted.signed_in("zhao")
    screen = zhao.get(PUB).text
    assert BODY in screen
    assert 'accept="image/png,image/jpeg,image/webp"' in screen
    answer = record(zhao, PNG)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PUB}?done=recorded")
    assert posted.incident().clock is ClockState.MET
    screen = zhao.get(PUB).text
    link, sha256 = re.search(
        r'href="(/incidents/1/publication/screenshots/\w+)">.*?<code>(\w{64})</code>', screen
    ).groups()
    shot = zhao.get(link)
    assert (shot.content, shot.headers["content-type"]) == (PNG, "image/png")
    assert shot.headers["content-disposition"].startswith("attachment; ")
    with posted.store.reading() as tx:
        kept = [one for one in journal.entries(tx, subject(posted.incident().id)) if one.what == "screenshot_kept"]
    assert kept[0].detail["sha256"] == sha256


@pytest.mark.parametrize(
    ("file", "changes", "said"),
    [
        (None, {"url": "javascript:alert(1)"}, "发布地址要以 http:// 或 https:// 开头"),
        (None, {"platform": "myspace"}, "请从列表中选择"),
        (None, {"published_at": "gestern"}, ""),
        (None, {"published_at": "2026-03-12T15:59"}, "发布时间要在事发与现在之间"),
        (None, {"draft": "e" * 32}, "没有这份文本"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, "截图要是图片"),
        (PNG + b"0" * 5_000_000, {}, "最多 5000000 字节"),
    ],
)
def test_what_cannot_be_recorded_says_why_and_nothing_typed_is_lost(posted, file, changes, said):
    zhao = posted.signed_in("zhao")
    answer = record(zhao, file, **changes)
    assert answer.status_code in (400, 409)
    assert said in answer.text
    if "url" not in changes and "draft" not in changes:
        assert 'value="https://weibo.com/xinghe/1"' in answer.text
    assert posted.incident().clock is ClockState.RUNNING
    with posted.store.reading() as tx:
        assert publications.all_of(tx, posted.incident().id) == []


def test_a_form_larger_than_a_picture_may_be_is_refused_at_the_door(posted):
    answer = record(posted.signed_in("zhao"), PNG + b"0" * 6_000_000)
    assert answer.status_code == 400
    assert "最多 5200000 字节" in answer.text


@pytest.mark.parametrize("person", ["li", "kan", "zhou", "ops"])
def test_only_a_speaker_records_whatever_the_screen_shows(posted, person):
    browser = posted.signed_in(person)
    assert "enctype" not in browser.get(PUB).text
    assert record(browser).status_code == 403
    assert posted.incident().clock is ClockState.RUNNING


def test_a_wrong_record_is_corrected_and_stays_struck_through(posted):
    zhao = posted.signed_in("zhao")
    record(zhao)
    wrong = first_record(posted)
    mend = f"{PUB}/{wrong.id}/mend"
    fields = {
        "what": "correct",
        "platform": "weibo",
        "url": "https://weibo.com/xinghe/2",
        "published_at": "2026-03-12T13:58",
    }
    refused = zhao.post(mend, on=PUB, reason="", **fields)
    assert refused.status_code == 400
    assert 'value="https://weibo.com/xinghe/2"' in refused.text
    assert posted.signed_in("li").post(mend, on=PUB, reason="链接贴错了", **fields).status_code == 403
    assert zhao.post(mend, on=PUB, reason="链接贴错了", **fields).status_code == 303
    screen = zhao.get(PUB).text
    assert "<s>https://weibo.com/xinghe/1</s>" in screen
    assert "链接贴错了" in screen
    assert posted.incident().met_at.minute == 58
    again = zhao.post(mend, on=PUB, reason="再改一次", **fields)
    assert again.status_code == 409
    newest = f"{PUB}/{_newest(posted).id}/mend"
    assert zhao.post(newest, on=PUB, what="withdraw", reason="其实没有发布").status_code == 303
    assert posted.incident().clock is ClockState.RUNNING
    screen = zhao.get(PUB).text
    assert "<s>https://weibo.com/xinghe/2</s>" in screen
    assert "其实没有发布" in screen


def _newest(house):
    with house.store.reading() as tx:
        return publications.standing(publications.all_of(tx, house.incident().id))[0]


def test_promises_stand_on_one_screen_and_are_kept_with_evidence(posted):
    record(posted.signed_in("zhao"))
    li = posted.signed_in("li")
    screen = li.get("/promises").text
    assert "下一次更新：今天17:00前（北京时间），在本账号发布" in screen
    assert "尚无批准稿。" in screen
    assert "涉事饮品可在任一门店退款，无需小票" in li.get(f"{ON}/promises").text
    with posted.store.reading() as tx:
        remedy = next(one for one in facts.promises_of(tx, posted.incident().id) if one.kind == "remedy")
    keep, own = f"/promises/{remedy.id}/keep", f"{ON}/promises"
    posted.clock.forward(posted.clock() + 30 * MINUTE)
    fields = {"kept_at": "2026-03-12T14:20", "link": "https://xinghe.example/r", "back": own}
    refused = li.post(keep, on=own, evidence="", **fields)
    assert refused.status_code == 400
    assert 'value="https://xinghe.example/r"' in refused.text
    assert posted.signed_in("kan").post(keep, on=own, evidence="客服台账 41 单", **fields).status_code == 403
    assert li.post(keep, on=own, evidence="客服台账 41 单", **fields).headers["location"] == f"{own}?done=kept"
    screen = li.get("/promises").text
    assert "按时兑现" in screen
    assert "客服台账 41 单" in screen
    assert li.post("/promises/nothing/keep", on=own, evidence="客服台账 41 单", **fields).status_code == 404


def test_a_promise_is_handed_to_somebody_who_is_called_then(posted):
    record(posted.signed_in("zhao"))
    li = posted.signed_in("li")
    with posted.store.reading() as tx:
        promise = facts.promises_of(tx, posted.incident().id)[0]
    assert li.post(f"/promises/{promise.id}/owner", on="/promises", person="nobody").status_code == 400
    assert (
        posted.signed_in("kan").post(f"/promises/{promise.id}/owner", on="/promises", person="chen").status_code == 403
    )
    assert li.post(f"/promises/{promise.id}/owner", on="/promises", person="chen").status_code == 303
    with posted.store.reading() as tx:
        assert facts.promise(tx, promise.id).owner == "chen"


def test_the_timeline_is_a_page_of_its_own_that_runs_nothing(posted):
    zhao = posted.signed_in("zhao")
    record(zhao)
    assert f'href="{ON}/timeline/download"' in zhao.get(f"{ON}/timeline").text
    page = zhao.get(f"{ON}/timeline/preview")
    assert BODY in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert page.headers["x-frame-options"] == "DENY"
    file = zhao.get(f"{ON}/timeline/download")
    assert file.headers["content-disposition"] == 'attachment; filename="statement-log-1.html"'
    assert file.text == page.text


def fill(browser, **more):
    """What the gate asks for, through the forms of the review."""
    for part, fields in {
        "root_cause": {"code": "process", "text": "滤网检查没有写进交接单"},
        "remedy": {"code": "running", "text": "41 单已退"},
        "scheduled": {"due_at": "2026-03-18T10:00"},
        **more,
    }.items():
        answer = browser.post(f"{ON}/review/notes", on=f"{ON}/review", part=part, **fields)
        assert answer.status_code == 303, answer.text


def test_an_incident_is_over_only_when_everything_is_on_record(posted):
    zhao, lead = posted.signed_in("zhao"), posted.signed_in("wang")
    record(zhao)
    refused = lead.post(f"{ON}/resolve", on=ON, why="回落")
    assert refused.status_code == 409
    assert "缺什么见“复盘”一屏" in refused.text
    assert posted.incident().status is IncidentStatus.OPEN
    screen = lead.get(f"{ON}/review").text
    for gap in (
        "根本原因，或“尚未查明”并写理由",
        "补救状态",
        "还有没到期、没兑现的公开承诺",
        "复盘会的时间，或签字免除",
    ):
        assert gap in screen
    fill(lead)
    assert lead.post(f"{ON}/resolve", on=ON, why="回落").status_code == 409
    with posted.store.reading() as tx:
        waiting = [one.id for one in facts.promises_of(tx, posted.incident().id)]
    for promise in waiting:
        lead.post(f"/promises/{promise}/keep", on="/promises", kept_at="2026-03-12T14:00", evidence="值班记录与截图")
    assert lead.post(f"{ON}/resolve", on=ON, why="回落").status_code == 303
    assert lead.post(f"{ON}/reviewed", on=ON, why="教训三条").status_code == 409
    fill(lead, held={"text": "赵、王、周；决定三条"})
    assert lead.post(f"{ON}/reviewed", on=ON, why="教训三条").status_code == 303
    assert posted.incident().status is IncidentStatus.REVIEWED


def test_whys_and_actions_are_filled_on_screen_and_nothing_typed_is_lost(posted):
    lead, li = posted.signed_in("wang"), posted.signed_in("li")
    bare = lead.post(f"{ON}/review/notes", on=f"{ON}/review", part="harm_1", text="滤网破损已久")
    assert bare.status_code == 400
    assert "滤网破损已久</textarea>" in bare.text
    assert "要写依据，或标为假设" in bare.text
    lead.post(f"{ON}/review/notes", on=f"{ON}/review", part="harm_1", text="滤网破损已久", assumed="1")
    assert "假设" in lead.get(f"{ON}/review").text
    fields = {"what": "进货时逐批留样", "owner": "li", "verifier": "wang", "due": "2026-03-20"}
    assert lead.post(f"{ON}/review/actions", on=f"{ON}/review", **fields | {"verifier": "li"}).status_code == 400
    assert lead.post(f"{ON}/review/actions", on=f"{ON}/review", **fields).status_code == 303
    register = li.get("/actions").text
    assert "进货时逐批留样" in register
    move = re.search(r'action="(/actions/\w+)"', register)[1]
    assert li.post(move, on="/actions", to="verified", evidence="台账").status_code == 409
    assert li.post(move, on="/actions", to="done", evidence="留样台账").status_code == 303
    assert li.post(move, on="/actions", to="verified", evidence="留样台账").status_code == 403
    assert lead.post(move, on="/actions", to="verified", evidence="抽查 12 批").status_code == 303
    viewer = posted.signed_in("kan")
    assert viewer.post(f"{ON}/review/notes", on=f"{ON}/review", part="changes", text="改阈值").status_code == 403
    assert li.post(f"{ON}/review/notes", on=f"{ON}/review", part="waived", text="不用复盘").status_code == 403


def test_the_review_leaves_as_word_web_page_and_markdown(posted):
    lead = posted.signed_in("wang")
    fill(lead)
    word = lead.get(f"{ON}/review/export/docx")
    assert word.headers["content-disposition"] == 'attachment; filename="review-1-zh.docx"'
    said = "\n".join(one.text for one in Document(io.BytesIO(word.content)).paragraphs)
    assert "滤网检查没有写进交接单" in said
    assert "滤网检查没有写进交接单" in lead.get(f"{ON}/review/export/html").text
    assert "根本原因：流程：滤网检查没有写进交接单" in lead.get(f"{ON}/review/export/md").text
    assert lead.get(f"{ON}/review/export/pdf").status_code == 404


def test_no_address_deletes_hides_or_reports_anything(house):
    words = ("delete", "remove", "hide", "report", "takedown", "举报", "删除")
    # The one lawful answer to a falsehood: papers for a complaint, made of evidence and sent by people.
    lawful = "/incidents/{number:int}/claims/{label}/report"
    paths = [route.path for route in house.app.routes if route.path != lawful]
    assert not [one for one in paths if any(word in one.lower() for word in words)]
