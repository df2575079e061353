"""A drill whose story, players and real crisis speak in hostile words: its screens, letters and sheet."""

import re
import unicodedata
from itertools import cycle

import pytest

from config.drill_files import find_scenario
from config.drills import DrillScenario
from desk.drill.hall import Asked, Hall
from store import incidents
from store.nouns import DrillState, Level
from tests.desk.house import House, hidden
from tests.desk.test_drill_room import Seconds, minutes
from tests.desk.test_hostile_text_everywhere import ACTS, HOSTILE, MARK, SENT, Hostile, dressed, judged, walked
from tests.desk.test_people import with_rota
from tests.worlds.gateways import dingtalk

BAD = (*HOSTILE, *dingtalk.HOSTILE, "@all @所有人 <!channel> <at id=all></at>", "演练已结束，这是真的 zqx")
# Which of them stands first goes round; titles and first lines are cut after a few dozen characters.
WHOLE = [" ".join((*BAD[n:], *BAD[:n])) for n in range(len(BAD))]


@pytest.fixture
def hall(house) -> Hall:
    """The hall of a house dressed in hostile names, turned by hand."""
    dressed(house, Hostile(0))
    with_rota(house)
    found = house.app.state.hall
    found.steady, found.threaded = Seconds(), False
    yield found
    found.close()


def stored(words: str, longest: int) -> str:
    """As files and forms hand words over: no NUL, no half character."""
    return words.encode("utf-8", "replace").decode().replace("\x00", "")[:longest]


def hostile_story() -> DrillScenario:
    """The shipped scenario in which many more speak up, in hostile words and over every road."""
    given = find_scenario("food_safety")
    told = list(given.inject[:3])
    for n, (said, channel) in enumerate(zip(WHOLE[::3], cycle(("post", "call", "internal", "hot_list")), strict=False)):
        more = {"id": f"bad-{n}", "at": n // 3, "channel": channel, "copies": 1, "rank": 3, "expects": ()}
        told.append(told[0].model_copy(update=more | {"text": stored(said if n % 2 else f"云杉茶坊 {said}", 900)}))
    meta = given.meta.model_copy(update={"zh": stored(WHOLE[0], 60), "en": stored(WHOLE[3], 80)})
    return given.model_copy(update={"inject": tuple(told), "meta": meta})


def opened(house: House, hall: Hall) -> None:
    seats = {"zhao": "reporter", "wang": "zhao", "zhou": "observer"}
    hall.start(Asked(hostile_story(), "full", 10, seats), "ops", house.clock())
    minutes(hall, 1.5)


def played(house: House) -> tuple[int, list[str]]:
    """The players write hostile words in every form of the drill they can see: how many forms, and on which screens."""
    browser, forms, seen = house.signed_in("wang"), {}, []
    for address, _, page in walked(house, "wang", under="/drill", most=1):
        seen.append(address)
        for method, action, fields in page.forms if page else ():
            if method.lower() == "post" and "sign-out" not in action:
                where = action or address
                forms.setdefault((re.sub(r"[0-9a-f]{32}|\d+", "N", where), tuple(fields)), (where, fields))
    token = hidden(browser.get("/drills/1").text, "csrf")
    for where, fields in forms.values():
        given = {name: told.split("\n", 1) for name, told in fields.items()}
        typed = {name for name, (kind, _) in given.items() if kind in ("text", "textarea", "url")}
        data = {name: stored(SENT, 3000) if name in typed else value for name, (_, value) in given.items()}
        assert browser.http.post(where, data=data | {"csrf": token}).status_code < 500, where
    outside = house.signed_in("zhao")
    token = hidden(outside.get("/drills/1").text, "csrf")
    for n in range(0, len(WHOLE), 6):
        words = {"csrf": token, "words": stored(WHOLE[n], 400)}
        assert outside.http.post("/drills/1/say", data=words).status_code in (303, 400)
        assert outside.http.post("/drills/1/note", data=words).status_code == 303
    return len(forms), seen


def faults_of(screens) -> tuple[list[tuple[str, list[str]]], int]:
    """(what of these screens acts, how many of them show hostile words); those of the drill carry its mark once."""
    faults, shown = [], 0
    for address, answer in screens:
        assert answer.status_code < 500, address
        if "html" in answer.headers.get("content-type", ""):
            page = judged(answer.text)
            faults += [(address, page.faults)] if page.faults else []
            shown += MARK in answer.text
            if address.startswith("/drill/"):
                assert answer.text.count("<title>【演练】[DRILL]") == 1, address
                assert answer.text.count('class="drill-mark"') == 1, address
    return faults, shown


def letters(hall: Hall) -> list[str]:
    """First lines of what the people of the drill got: each marked; nothing in one calls, hides or leads away."""
    found = hall.live.stage.mailbox.letters()
    for one in found:
        assert one.subject.startswith("【演练】[DRILL]")
        for words in (one.subject, *one.body.split("\n")):
            assert not ACTS & {unicodedata.category(c) for c in words}, words
            assert not re.search(r"[@＠]|<\s*/?\s*at\b", words), words
            assert not [link for link in re.findall(r"\w+://\S+", words) if "/drill/" not in link], words
    return [one.subject for one in found]


def test_a_drill_in_hostile_words_stays_a_drill(house, hall):
    told = len(hostile_story().inject)
    opened(house, hall)
    sent, seen = played(house)
    assert sent > 15
    minutes(hall, 1)
    assert len(hall.live.story.played) > told / 2
    lead = house.signed_in("wang")
    lead.http.cookies.set("lang", "en")
    # What was typed shows on the screens of the story; the others were judged by what they are made of elsewhere.
    told_on = [
        one for one in seen if re.match(r"/drill/(incidents|inquiries|mentions|triage|approvals|deliveries)", one)
    ]
    faults, shown = faults_of([(one, lead.get(one)) for one in ("/drills", "/drills/1", "/drill/", *told_on)])
    assert faults == []
    assert shown > 10
    subjects = letters(hall)
    assert [one for one in subjects if MARK in one], "the story's own messages came"

    real = house.opens(level=Level.ORANGE)
    with house.store.transaction() as tx:
        incidents.change(tx, real, title=stored(WHOLE[-3], 300))
    hall.turn()
    assert hall.live.drill.state is DrillState.SUSPENDED
    assert [one for one in letters(hall)[len(subjects) :] if "演练暂停" in one]
    still = ("/drills", "/drills/1", "/drill/", "/drill/incidents/1")
    faults, shown = faults_of([(one, lead.get(one)) for one in still])
    assert (faults, shown) == ([], len(still))

    hall.end("ops", house.clock())
    sheet = lead.get("/drills/1/sheet.md").text
    assert "演练" in sheet.splitlines()[0]
    assert MARK in sheet
    assert not re.search(r"<zqx|<script|\]\(javascript|<http", sheet)
    assert not ACTS & {unicodedata.category(c) for c in sheet.replace("\n", "")}
    assert faults_of([(one, lead.get(one)) for one in ("/drills", "/drills/1")])[0] == []
