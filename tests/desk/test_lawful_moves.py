"""Every person posts every verb at a text in every state: nothing moves that the table does not allow."""

import pytest

from statements.approving.moves import MOVES, Action, Part
from store import texts
from store.nouns import Approval, DraftState, Level
from tests.desk.house import ROLES, hidden
from tests.desk.test_editor import TEXT, newest
from tests.desk.test_screens import write_facts

S = DraftState
# What each verb of the screen asks for; "approve" is legal's yes or the last one, whoever asks.
VERBS = {
    "hand-in": (Action.CHECK, Action.HAND_IN),
    "check": (Action.CHECK,),
    "approve": (Action.LEGAL_YES, Action.APPROVE),
    "changes": (Action.ASK_CHANGES,),
    "reject": (Action.REJECT,),
    "publish": (Action.RELEASE,),
}
PARTS = {
    "li": {Part.WRITER, Part.CHECKER},
    "chen": {Part.WRITER, Part.CHECKER},
    "wang": {Part.WRITER, Part.CHECKER, Part.SPEAKER},
    "zhao": {Part.WRITER, Part.SPEAKER},
    "zhou": {Part.WRITER, Part.LEGAL},
    "kan": set(),
    "ops": {Part.WRITER},
}
# Written from the domain's own words, beside the table of the code: who brings a text where.
LAST = {S.APPROVED: {"zhao", "wang"}, S.RELEASED: {"zhao", "wang"}, S.SPOKESPERSON_REVIEW: {"zhou"}}
LAST |= {S.FACT_CHECKED: {"li", "chen", "wang"}, S.LEGAL_REVIEW: {"li", "chen", "wang"}}


def put(house, state):
    """The newest version, in this state with the yeses that lead there."""
    draft = newest(house)
    yes = {S.SPOKESPERSON_REVIEW: ("legal",), S.APPROVED: ("legal", "spokesperson"), S.EXPIRED: ("legal",)}
    yes[S.RELEASED] = yes[S.APPROVED]
    now = house.clock()
    with house.store.transaction() as tx:
        texts.void_approvals(tx, [draft.id], now, "the next try")
        for role in yes.get(state, ()):
            who = {"legal": "zhou2", "spokesperson": "zhao"}[role]
            texts.add_approval(tx, Approval(house.ids(), draft.id, draft.sha256, who, role, now))
        texts.set_state(tx, [draft.id], state)
    return draft


def post(browser, csrf, verb, draft):
    fields = {"csrf": csrf, "draft": draft.id, "sha256": draft.sha256, "confirm": draft.sha256[:8], "why": "改第三句"}
    fields |= {"platform": "weibo", "url": "https://weibo.example/1", "published_at": "2026-03-12T14:00"}
    return browser.http.post(f"{TEXT}/{verb}", data=fields)


def lawful(state, verb, person):
    """The states this person's verb may lead to, by the one table."""
    found = {state}
    for action in VERBS[verb]:
        steps = ((one, action, part) for one in found for part in PARTS[person])
        found = found | {MOVES[True][step] for step in steps if step in MOVES[True]}
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_no_post_moves_a_text_where_the_table_does_not(house, verb):
    house.opens(level=Level.ORANGE)
    duty = house.signed_in("li")
    write_facts(house, duty)
    unlawful, moved = [], 0
    for person in ROLES:
        browser = house.signed_in(person)
        csrf = hidden(browser.get("/").text, "csrf")
        for state in DraftState:
            draft = put(house, state)
            answer = post(browser, csrf, verb, draft)
            after = newest(house).state
            if after is not state:
                moved += 1
            refused = answer.status_code in (400, 403, 409)
            if (after is not state and (refused or after not in lawful(state, verb, person))) or (
                after is not state and person not in LAST.get(after, {person})
            ):
                unlawful.append((person, verb, state, after, answer.status_code))
            if after is state and not refused and state is not S.RELEASED:
                unlawful.append((person, verb, state, "accepted without a move", answer.status_code))
    assert unlawful == []
    assert moved


def test_a_post_without_the_forms_token_moves_nothing(house):
    house.opens(level=Level.ORANGE)
    write_facts(house, house.signed_in("li"))
    for verb in VERBS:
        draft = put(house, S.SPOKESPERSON_REVIEW)
        assert post(house.signed_in("zhao"), "", verb, draft).status_code == 403
        assert newest(house).state is S.SPOKESPERSON_REVIEW
