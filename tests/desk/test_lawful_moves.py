"""Every person posts every verb at texts of every level and kind: what the domain says happens, and nothing else."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count, product
from typing import TypeVar

import pytest

from desk.web import build_app
from statements.approving.approval import sha256_of
from statements.approving.lane import fingerprint
from statements.approving.release import Release
from statements.writing.render import load_template
from statements.writing.speaking import Speaking
from store import claims, incidents, texts, versions
from store.nouns import Approval, Attribution, CrisisCluster, Draft, DraftState, Level, Version, VersionKind
from tests.desk.house import Browser, House, hidden, taxonomy, wording
from tests.desk.lawful import DUTY, INSIDE, LEVELS, PEOPLE, PUBLIC, READERS, SPEAKERS, VERBS, Came, Kind, Place, comes
from tests.desk.test_editor import newest
from tests.desk.test_screens import write_facts

S = DraftState
T = TypeVar("T")
LIABLE = "这家门店的事，我们承担全部责任。\n"
KINDS = [Kind(*one) for one in product(LEVELS, (*PUBLIC, *INSIDE))]
KINDS += [Kind(Level.YELLOW, "holding", liable=True), Kind(Level.RED, "internal", liable=True)]
KINDS += [Kind(Level.ORANGE, "holding", cleared=True), Kind(Level.RED, "holding", cleared=True)]
CHAINS = ("legal", "short", "inside")
# The verb that leads on from each state of the way.
WAY = {S.DRAFT: "hand-in", S.LEGAL_REVIEW: "approve", S.SPOKESPERSON_REVIEW: "approve", S.APPROVED: "publish"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as it stands: state, words, standing yeses, and how many posts of the incident are on record."""

    state: S
    body: str
    yeses: frozenset[tuple[str, str]]
    posts: int


@dataclass
class Desk:
    """Texts put where a test wants them, and the browsers of everybody."""

    house: House
    turn: count = field(default_factory=lambda: count(1))
    posts: int = 0
    signed_in: dict[str, tuple[Browser, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.here, self.plain = self.house.incident(), newest(self.house)

    def browser(self, who: str) -> tuple[Browser, str]:
        """Somebody's browser and the token of their forms."""
        if who not in self.signed_in:
            browser = self.house.signed_in(who)
            self.signed_in[who] = browser, hidden(browser.get("/people").text, "csrf")
        return self.signed_in[who]

    def put(self, text: Kind, place: Place) -> Draft:
        """The newest version of this text, by this author, in this state with the yeses that lead there."""
        now, here = self.house.clock(), self.here
        body = self.plain.body.replace("联系我们：", f"{LIABLE}联系我们：") if text.liable else self.plain.body
        with self.house.store.transaction() as tx:
            incidents.change(tx, here, level=text.level)
            draft = texts.latest(tx, here.id, text.kind, "zh")
            if draft is None or (draft.author, draft.body) != (place.author, body):
                number = draft.version + 1 if draft else 1
                made = replace(self.plain, id=self.house.ids(), kind=text.kind, version=number, author=place.author)
                draft = replace(made, body=body, sha256=sha256_of(body))
                texts.add_draft(tx, draft)
            texts.void_approvals(tx, [draft.id], now, "the next try")
            for who, role, at in yeses(place, now):
                texts.add_approval(tx, Approval(self.house.ids(), draft.id, draft.sha256, who, role, at))
            texts.set_state(tx, [draft.id], place.state)
        return draft

    def see(self, text: Kind) -> Seen:
        with self.house.store.reading() as tx:
            draft = texts.latest(tx, self.here.id, text.kind, "zh")
            given = [one for one in texts.approvals_of(tx, [draft.id]) if one.voided_at is None]
            posts = len(texts.publications_of(tx, self.here.id))
        return Seen(draft.state, draft.body, frozenset((one.who, one.role) for one in given), posts)

    def post(self, draft: Draft, verb: str, who: str, csrf: str | None = None) -> int:
        """The form of this verb, sent by this person's browser, whatever their screen shows them."""
        at, (browser, token) = f"/incidents/1/texts/{draft.kind}/zh", self.browser(who)
        fields = {
            "csrf": token if csrf is None else csrf,
            "draft": draft.id,
            "sha256": draft.sha256,
            "confirm": draft.sha256[:8],
        }
        fields |= {"why": "改第三句", "platform": "weibo", "url": f"https://weibo.example/{next(self.turn)}"}
        fields |= {"published_at": "2026-03-12T14:00", "body": f"{draft.body}。", "based_on": str(draft.version)}
        return browser.http.post(at if verb == "edit" else f"{at}/{verb}", data=fields).status_code

    def fault(self, text: Kind, place: Place, verb: str, who: str) -> str:
        """What came otherwise than the domain says; "" when all is as it says."""
        draft = self.put(text, place)
        given = frozenset((one, role) for one, role, _ in yeses(place, self.house.clock()))
        before = Seen(place.state, draft.body, given, self.posts)
        status = self.post(draft, verb, who)
        found, law = self.see(text), comes(text, place, verb, who)
        self.posts = found.posts
        right = expected(before, law, verb, who)
        if (status, found) == (law.status, right):
            return ""
        return f"{who} {verb} {text} {place}: {status} {found.state} {found.yeses}, not {law.status} {right.state}"


def yeses(place: Place, now: datetime) -> Iterator[tuple[str, str, datetime]]:
    """The yeses that lead to this place: who, as what, when."""
    if place.vouched:
        yield place.vouched, "facts", now
    if place.legal_yes:
        yield "zhou2", "legal", now
    if place.state in (S.APPROVED, S.RELEASED, S.EXPIRED):
        # Older than half an hour is what makes an approved text expired.
        who = next(one for one in SPEAKERS if one not in (place.author, place.vouched))
        role = "spokesperson" if who == "zhao" else "deputy"
        yield who, role, now - timedelta(minutes=31) if place.state is S.EXPIRED else now


def expected(before: Seen, law: Came, verb: str, who: str) -> Seen:
    """The whole text afterwards."""
    if law.status != 303:
        return before
    kept = before.yeses | ({(who, law.yes)} if law.yes else set())
    if law.state in (S.CHANGES_REQUESTED, S.REJECTED, S.DRAFT):
        kept = frozenset()
    body = f"{before.body}。" if verb == "edit" else before.body
    return Seen(law.state, body, frozenset(kept), before.posts + law.posted)


def places(chain: str) -> list[tuple[S, bool]]:
    """(state, legal has said yes) of every place on the way of a chain and beside it."""
    done = chain == "legal"
    late = (S.SPOKESPERSON_REVIEW, S.APPROVED, S.RELEASED, S.EXPIRED)
    found = [(state, done and state in late) for state in S]
    # The level rose when the text lay with the spokesperson already.
    return [*found, (S.SPOKESPERSON_REVIEW, False)] if done else found


@dataclass
class Draws:
    """Chance that is the same in every run; `seed` names it."""

    seed: str
    turn: count = field(default_factory=lambda: count(1))

    def one(self, found: Sequence[T]) -> T:
        drawn = hashlib.sha256(f"{self.seed}:{next(self.turn)}".encode()).digest()
        return found[int.from_bytes(drawn[:8]) % len(found)]

    def place(self, state: S, legal_yes: bool, who: str) -> Place:
        """A place with an author and a voucher who are not the person that tries."""
        author = self.one([one for one in ("system", "li", "zhou", "wang", "zhao") if one != who])
        # One of the two speakers must be left to have said the last yes.
        vouchers = [one for one in DUTY if one not in SPEAKERS or (one != who and author not in SPEAKERS)]
        return Place(state, author, "" if state is S.DRAFT else self.one(vouchers), legal_yes)


def tries(chain: str) -> Iterator[tuple[Kind, Place, str, str]]:
    """What is lawful somewhere is tried by whoever it is open to, all else by one drawn; each text goes its way."""
    draw, kinds = Draws(chain), [one for one in KINDS if one.chain == chain]
    for (state, legal_yes), verb in product(places(chain), VERBS):
        # Nobody edits a version that another one has taken the place of: the newest is edited, whatever it is.
        if (state, verb) != (S.SUPERSEDED, "edit"):
            for who in triers(draw, chain, state, verb):
                yield draw.one(kinds), draw.place(state, legal_yes, who), verb, who
    for n, (text, (state, verb)) in enumerate(product(kinds, WAY.items())):
        legal_yes = text.legal and state in (S.SPOKESPERSON_REVIEW, S.APPROVED)
        able = [one for one in PEOPLE if lawful(text, state, legal_yes, verb, one)]
        others = [one for one in PEOPLE if one not in able]
        # Who must not is drawn at another step of each kind.
        for who in (*([draw.one(able)] if able else []), *([draw.one(others)] if n % 5 == 0 else [])):
            yield text, draw.place(state, legal_yes, who), verb, who
    for who, state in product((*SPEAKERS, "zhou"), (S.LEGAL_REVIEW, S.SPOKESPERSON_REVIEW, S.EXPIRED)):
        # Never by whoever wrote it, nor, where legal is not asked, by whoever vouched for its facts.
        late = chain == "legal" and state is not S.LEGAL_REVIEW
        yield draw.one(kinds), Place(state, who, "li", late), "approve", who
        if who in DUTY:
            yield draw.one(kinds), Place(state, "system", who, late), "approve", who


def triers(draw: Draws, chain: str, state: S, verb: str) -> list[str]:
    """Everybody to whom this is open in some chain, and one (on the longest chain everybody) of the others."""
    if verb == "edit":
        return [draw.one([one for one in PEOPLE if one not in READERS]), *(READERS if state is S.DRAFT else ())]
    tried = [(one, state, yes, verb) for one in KINDS for yes in (False, True)]
    able = [who for who in PEOPLE if any(lawful(*one, who) for one in tried)]
    others = [who for who in PEOPLE if who not in able]
    return [*able, *(others if chain == "legal" and able else [draw.one(others)])]


def lawful(text: Kind, state: S, legal_yes: bool, verb: str, who: str) -> bool:
    return comes(text, Place(state, "system", "li", legal_yes), verb, who).status == 303


def drafter_only(house: House) -> None:
    """The same house, in which chen drafts and is never on duty."""
    given = house.room.settings
    people = [one.model_copy(update={"roles": ("drafter",)}) if one.id == "chen" else one for one in given.team.person]
    team = given.team.model_copy(update={"person": tuple(people)})
    speaking = Speaking(team, given.watch, taxonomy(), house.room.zone)
    settings = given.model_copy(update={"team": team})
    house.room = replace(house.room, settings=settings, release=Release(house.ids, speaking, wording()))
    house.app = build_app(house.room)


def cleared(house: House) -> None:
    """Legal clears the template of the statement as it is shipped."""
    source = load_template("holding", "food_safety", "zh")
    said = {"fingerprint": fingerprint(source), "slots": ["done", "unknown", "action", "scope", "authority"]}
    made = Version(
        VersionKind.TEMPLATE, "holding/food_safety/zh", 1, house.clock(), "wang", "初版",
        {"source": source, "cleared": said}, {}, "",
    )  # fmt: skip
    with house.store.transaction() as tx:
        versions.sign(tx, versions.save(tx, made), "zhou", house.clock())


@pytest.fixture
def desk(house) -> Desk:
    drafter_only(house)
    # The next update of a text written on red comes soon enough for every level.
    house.opens(level=Level.RED)
    duty = house.signed_in("li")
    write_facts(house, duty)
    with house.store.transaction() as tx:
        # Only after a person's word on it may a text take responsibility.
        ours = CrisisCluster.PREVENTABLE
        claims.attribute(tx, Attribution(house.ids(), house.incident().id, ours, False, "查过", "li", house.clock()))
    return Desk(house, signed_in={"li": (duty, hidden(duty.get("/people").text, "csrf"))})


@pytest.mark.parametrize("chain", CHAINS)
def test_a_post_does_what_the_domain_says_and_nothing_else(desk, chain):
    if chain == "short":
        cleared(desk.house)
    faults, refused, moved = [], 0, set()
    for text, place, verb, who in tries(chain):
        fault = desk.fault(text, place, verb, who)
        faults += [fault] if fault else []
        law = comes(text, place, verb, who)
        refused += law.status != 303
        if law.status == 303 and not fault:
            moved.add((place.state, place.legal_yes, verb, law.state, "" if verb == "edit" else who))
    assert faults == []
    assert refused > 100
    assert moved == moves(chain)


def moves(chain: str) -> set[tuple[S, bool, str, S, str]]:
    """Every lawful move of a chain, so that none is refused everywhere; of an edit its author does not matter."""
    kinds, found = [one for one in KINDS if one.chain == chain], set()
    for text, (state, legal_yes), verb, who in product(kinds, places(chain), VERBS, PEOPLE):
        law = comes(text, Place(state, "system", "li", legal_yes), verb, who)
        if law.status == 303 and (state, verb) != (S.SUPERSEDED, "edit"):
            found.add((state, legal_yes, verb, law.state, "" if verb == "edit" else who))
    return found


def test_the_chains_differ_by_their_approvers_and_each_level_and_kind_has_one():
    by_chain = {chain: {(one.level, one.kind) for one in KINDS if one.chain == chain} for chain in CHAINS}
    assert set().union(*by_chain.values()) == set(product(LEVELS, (*PUBLIC, *INSIDE)))
    finals = {chain: {who for state, _, verb, _, who in moves(chain) if verb == "hand-in"} for chain in CHAINS}
    assert finals == {"legal": {"li", "chen", "wang"}, "short": {"li", "wang"}, "inside": {"li", "wang"}}
    assert not [one for one in moves("inside") if one[2] == "publish"]


def test_a_post_without_the_forms_token_moves_nothing(desk):
    text, place = Kind(Level.ORANGE, "holding"), Place(S.SPOKESPERSON_REVIEW, "system", "li", True)
    for verb in VERBS:
        draft = desk.put(text, place)
        before = desk.see(text)
        assert desk.post(draft, verb, "zhao", csrf="") == 403
        assert desk.see(text) == before
