"""A public deadline calls its owner and the spokesperson: a quarter of an hour before, and when it passes unkept."""

from datetime import timedelta

import pytest

from alerts import promising
from store import facts, incidents, publications, texts
from store.nouns import Draft, DraftState, Promise, Publication
from tests.alerts.crew import MINUTE, NOW, ZONE, incident, person, team

DUE = NOW + timedelta(hours=3)  # 17:00 in Beijing
WHAT = "下一次更新：今天17:00前（北京时间）"


def draft(state=DraftState.DRAFT, kind="update") -> Draft:
    return Draft("d1", incident().id, kind, "zh", 1, "文", "0" * 64, (), (), state, "li", NOW)


def promise(**changes) -> Promise:
    given = {"id": "p1", "incident": incident().id, "publication": "u1", "what": WHAT, "due_at": DUE, "owner": "li"}
    return Promise(**given | changes)


@pytest.fixture
def promised(crew):
    """An incident whose first statement promised an update at 17:00."""
    with crew.store.transaction() as tx:
        incidents.add(tx, incident())
        texts.add_draft(tx, draft(DraftState.RELEASED, "holding"))
        publications.add(
            tx, Publication("u1", incident().id, "d1", "0" * 64, "weibo", "https://w.example", NOW, NOW, "zhao")
        )
        facts.add_promises(tx, [promise()], DUE - 15 * MINUTE)
    return crew


def at(crew, moment) -> None:
    crew.clock.forward(moment)
    crew.alerts.promise_due("p1")


def test_owner_and_spokesperson_hear_what_is_missing_before_and_after(promised):
    at(promised, DUE - 15 * MINUTE)
    calls = promised.pages("promise")
    assert sorted({one.person for one in calls}) == ["li", "zhao"]
    assert all(f"承诺 17:00 更新，尚无批准稿：{WHAT}" in one.body and one.link in one.body for one in calls)
    at(promised, DUE)
    assert sorted({one.person for one in promised.pages("broken")}) == ["li", "wang", "zhao"]
    with promised.store.reading() as tx:
        assert facts.promise(tx, "p1").outcome == "broken"


def test_each_hears_it_in_their_own_language(promised):
    promised.team = team(person("zhao", ("spokesperson",), language="en"))
    at(promised, DUE - 15 * MINUTE)
    words = {one.person: one.body for one in promised.pages("promise")}
    assert "promised an update by 17:00, no approved text yet" in words["zhao"]
    assert "尚无批准稿" in words["li"]


@pytest.mark.parametrize("changes", [{"kept_at": NOW}, {"broken_at": NOW}, {"voided_at": NOW}])
def test_a_settled_or_void_promise_calls_nobody(promised, changes):
    with promised.store.transaction() as tx:
        facts.add_promises(tx, [promise(id="p2", **changes)], DUE)
    promised.clock.forward(DUE)
    assert promised.alerts.promise_due("p2") is None
    assert promised.pages("broken") == promised.pages("promise") == []


@pytest.mark.parametrize(
    ("kind", "drafts", "zh", "en"),
    [
        ("update", [], "尚无批准稿", "no approved text yet"),
        ("update", [draft()], "尚无批准稿", "no approved text yet"),
        ("update", [draft(DraftState.APPROVED, "qa")], "尚无批准稿", "no approved text yet"),
        ("update", [draft(DraftState.APPROVED)], "有批准稿，尚未记录发布", "a text is approved"),
        ("remedy", [draft(DraftState.APPROVED)], "尚无兑现的记录", "nothing on record"),
        ("deed", [], "尚无兑现的记录", "nothing on record"),
    ],
)
def test_what_is_missing_is_said(kind, drafts, zh, en):
    made = promise(kind=kind)
    assert zh in promising.said(made, drafts, ZONE, NOW, "zh")
    assert en in promising.said(made, drafts, ZONE, NOW, "en")


def test_another_day_is_named():
    assert promising.said(promise(due_at=DUE + timedelta(days=1)), [], ZONE, NOW, "zh").startswith(
        "承诺 03-13 17:00 更新"
    )
