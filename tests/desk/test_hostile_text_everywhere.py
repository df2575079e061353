"""One house whose every field a stranger or a user can fill is hostile: on every screen and file it stays words."""

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import count
from urllib.parse import urlsplit
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import compile_path

from alerts.channels.email import compose
from alerts.wording import Told, body, subject
from config.settings import Mail
from config.team import Contact
from desk.commands.import_file import neutral as cell_of
from desk.screens.markdown import to_html as markdown_to_html
from desk.screens.origin import cards
from desk.web import SCREENS, build_app
from statements.approving.approval import sha256_of
from statements.approving.release import Release
from statements.jobs import Statements
from statements.writing.speaking import Speaking
from store import (
    actions,
    answers,
    authors,
    claims,
    evidence,
    facts,
    incidents,
    inquiries,
    journal,
    mentions,
    pages,
    publications,
    reviews_asked,
    spells,
    texts,
    versions,
)
from store.nouns import (
    Approval,
    Author,
    Claim,
    ClaimKind,
    ClaimStatus,
    CorrectiveAction,
    Draft,
    DraftState,
    Fact,
    FactScope,
    FactStatus,
    Inquiry,
    Judged,
    LibraryAnswer,
    Objection,
    Override,
    Page,
    PageStatus,
    Promise,
    Publication,
    RawMention,
    ReviewNote,
    Score,
    SheetAnswer,
    Spell,
    Try,
    Version,
    VersionKind,
    Window,
)
from tests.desk.house import MINUTE, ZONE, House, hidden, taxonomy, wording

MARK = "zqx"
# Kinds of characters that act or hide: control, direction, halves, private use, line and paragraph ends.
ACTS = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
HOSTILE = (
    "<script>zqx(1)</script>",
    '"><img src=x onerror=zqx(1)>',
    "' onmouseover='zqx(1)' zqx='",
    '" onmouseover="zqx(1)" zqx="',
    "Q{{7*7}}Q{% raw %}{# zqx #}{% for zqx in ().__class__ %}",
    "Q${7*7}Q #{7*7} <%= 7*7 %>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1+1)",
    "\u202ezqx\u2066\u200b\ufeff",
    "\ue000fact\ue001F1\ue001zqx\ue002\ue003contact\ue002",
    "zqx\r\nBcc: zqx@evil.example\r\n\r\nzqx",
    "[zqx](javascript:zqx(1)) ![zqx](http://zqx.example/x.png) <http://zqx.example>",
    '<w:t>zqx</w:t><w:hyperlink r:id="zqx"/>',
    "]]><zqx>--><zqx>",
    "&#x3c;zqx&#x3e;&lt;zqx&gt;",
    "| zqx | zqx |\n|---|---|\n# zqx\n- zqx",
    "javascript:zqx(1)",
    "data:text/html,<script>zqx</script>",
    "</textarea></title></style></p><zqx a=1>",
    "**<zqx>**",
    'http://zqx.example/" onclick="zqx(1)',
)
# Elements our screens never need, and attributes that hold addresses.
NEVER = {"iframe", "object", "embed", "base", "applet", "frame", "portal", "math", "foreignobject"}
ADDRESSES = {"href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href", "background"}
INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ue000-\ue0ff\x00]")


class Seen(HTMLParser):
    """What a browser would build: faults are elements, attributes and addresses that came from hostile words."""

    def __init__(self, whole: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.rows: list[tuple[str, dict[str, str | None]]] = []
        self.feed(whole)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.rows.append((tag, given))
        if MARK in tag or tag in NEVER or ":" in tag:
            self.faults.append(f"<{tag}>")
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.faults.append("a script that is not ours")
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh" and MARK in str(given):
            self.faults.append("refresh")
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag == "a" and (given.get("href") or "").startswith("/"):
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append((given.get("method") or "get", given.get("action") or "", {}))
        if tag in ("input", "select", "textarea", "button") and self.forms and given.get("name"):
            kind = given.get("type") or tag
            self.forms[-1][2][given["name"]] = f"{kind}\n{given.get('value') or ''}"

    def _attribute(self, tag, name, value):
        if name.startswith("on") or MARK in name or not re.fullmatch(r"[a-zA-Z][\w:.-]*", name):
            self.faults.append(f"<{tag} {name}>")
        if name == "style" and MARK in value:
            self.faults.append(f"style of <{tag}>")
        if name in ADDRESSES:
            scheme = re.sub(r"[\x00-\x20]", "", value).lower().partition(":")[0] if ":" in value else ""
            local = value.startswith(("/", "#", "?")) or not scheme
            if not local and scheme not in ("http", "https", "mailto", "tel"):
                self.faults.append(f"<{tag} {name}={value[:60]}>")
            if tag != "a" and not local:
                self.faults.append(f"<{tag}> fetches {value[:60]}")


def judged(whole: str) -> Seen:
    assert "Q49Q" not in whole
    return Seen(whole)


class Hostile:
    """The strings in turn: each begins with another one and holds them all."""

    def __init__(self, start: int) -> None:
        self.turn = count(start)

    def __call__(self, longest: int = 20_000) -> str:
        first = HOSTILE[next(self.turn) % len(HOSTILE)]
        return f"{first} {' '.join(HOSTILE)}"[:longest]

    def short(self) -> str:
        return HOSTILE[next(self.turn) % len(HOSTILE)]


def dressed(house: House, bad: Hostile) -> None:
    """The same house, its brand, contacts and people called by hostile names."""
    given = house.room.settings
    people = tuple(replace_model(one, name=bad(200)) for one in given.team.person)
    contact = Contact(phone=bad(200), email=bad(200))
    team = replace_model(given.team, person=people, contact=contact)
    brand = replace_model(given.watch.brand[0], name=bad(300), company=bad(300))
    watch = replace_model(given.watch, brand=(brand,))
    settings = replace_model(given, team=team, watch=watch)
    speaking = Speaking(team, watch, taxonomy(), ZoneInfo(ZONE))
    house.room = replace(house.room, settings=settings, release=Release(house.ids, speaking, wording()))
    house.app = build_app(house.room)
    house.texts = Statements(house.store, house.clock, house.ids, speaking)


def replace_model(model, **changes):
    return model.model_copy(update=changes)


def filled(house: House, bad: Hostile) -> None:
    """One incident with a row of every kind that holds words, straight in the store: no form stood in between."""
    now, ids = house.clock(), house.ids
    incident = house.opens()
    here = incident.id
    raws = [
        RawMention(
            ext_id=bad(100), url=bad.short() if n % 2 else f"https://e.example/{bad.short()}", title=bad(200),
            text=bad() if n else "zqx<b>" * 3400, author=bad(100), handle=bad(60), published_at=now - MINUTE,
            platform="weibo", region=bad(40),
        )
        for n in range(6)
    ]  # fmt: skip
    with house.store.transaction() as tx:
        mentions.save(tx, "weibo-keyword", raws, now, ids)
        waiting = mentions.pending(tx, 500)
        score = Score(0.9, 0.9, True, True, "food_safety", ("food_safety",), triage="unsure")
        mentions.save_scores(tx, [(Judged(one, "xinghe", score), "why") for one in waiting], now)
        mentions.mark_judged(tx, [one.id for one in waiting], now)
        incidents.add_mentions(tx, here, [one.id for one in waiting])
        authors.keep(tx, [Author("h" * 64, "weibo", bad(100), bad(60), now)])
        for one in waiting:
            evidence.take(tx, one.id, ids(), now, "li", bad(200))
        incidents.change(tx, incident, title=bad(200), why=bad(500))
        journal.write(tx, now, "li", "fact_added", incidents.subject(here), bad(500), {"label": bad(60)})
        for n, (status, scope) in enumerate([(status, scope) for status in FactStatus for scope in FactScope], 1):
            facts.add(
                tx,
                Fact(
                    ids(), here, f"F{n}", 1, ("done", "unknown", "action", "scope", "other")[n % 5], bad(800), bad(800),
                    status, scope, bad(200), bad(300), "li", now, second_source=bad(200),
                ),
            )  # fmt: skip
        for n, status in enumerate(ClaimStatus, 1):
            claims.add(
                tx,
                Claim(
                    ids(), here, f"C{n}", 1, bad(800), ClaimKind.FACT, status, "li", now, bad(800), bad(800), ("F1",),
                    bad(300), sha256="a" * 64, keywords=(bad(40),), urls=(bad(200), bad.short()), owner="li",
                ),
            )  # fmt: skip
        inquiries.add_next(tx, Inquiry(ids(), 0, "reporter", "xinghe", bad(200), bad(200), "li", bad(60), now, now, {}))
        spells.add(tx, Spell(ids(), Window.SILENCE, now, now + MINUTE * 60, "wang", bad(200), now, brand="xinghe"))
        page = Page(
            ids(), here, "li", "email", "li@xinghe.example", "call", bad(200), bad(), "http://desk.test/ack/x",
            incident.level, "k", PageStatus.WAITING, now, reply=bad(100),
        )  # fmt: skip
        pages.add(tx, page)
        pages.note_try(tx, page, Try(page.id, now, False, bad(20), bad(300), 10), PageStatus.WAITING)
        _texts(tx, house, here, bad)
        _looked_back(tx, house, here, bad)
    house.texts.draft(here)


def _texts(tx, house, here, bad):
    now, ids = house.clock(), house.ids
    for kind in ("holding", "update", "correction", "apology", "closing", "internal", "frontline", "short"):
        for lang in ("zh", "en"):
            said = bad(3000) if kind != "internal" else bad() + "长" * 17_000
            one = Draft(
                ids(), here, kind, lang, 90, said, sha256_of(said), (), (bad(60),), DraftState.RELEASED, "li", now
            )
            texts.add_draft(tx, one)
            texts.add_approval(tx, Approval(ids(), one.id, one.sha256, "zhou", "legal", now, now, bad(200)))
            reviews_asked.note_objection(
                tx, Objection(ids(), here, kind, lang, one.id, True, bad(300), bad(300), "zhou", now)
            )
            reviews_asked.add_override(tx, Override(ids(), one.id, one.sha256, "S05", bad(100), bad(300), "li", now))
            record = Publication(
                ids(), here, one.id, one.sha256, bad(40), bad.short(), now, now, "zhao", None, bad(200)
            )
            publications.add(tx, record)
            web = f"https://weibo.com/{bad.short()}"
            mended = Publication(ids(), here, one.id, one.sha256, "weibo", web, now, now, "zhao", record.id, bad(200))
            publications.add(tx, mended)
            due = now + 60 * MINUTE
            promise = Promise(ids(), here, mended.id, bad(500), due, "li", evidence=bad(200), link=bad.short())
            facts.add_promises(tx, [promise], due)
    for lang in ("zh", "en"):
        for qid in ("Q1", "Q4", "Mabc123"):
            answer = SheetAnswer(
                ids(), here, qid, lang, 1, bad(300), "media", bad(60), bad(1500), "READY", (), bad(100), "privacy",
                bad(300), bad(300), bad(300), "li", "li", now,
            )  # fmt: skip
            answers.add(tx, answer)
            answers.approve(tx, answer.id, "zhao", now, now + 60 * MINUTE)
        shelved = LibraryAnswer(ids(), "food_safety", "Q1", lang, bad(300), bad(1500), "READY", bad(300), "zhao", now)
        answers.shelve(tx, shelved)
        body = {"source": bad(2000)}
        versions.save(
            tx,
            Version(
                VersionKind.TEMPLATE,
                f"holding/food_safety/{lang}",
                1,
                now,
                "li",
                bad(200),
                body,
                {},
                versions.digest(body),
            ),
        )


def _looked_back(tx, house, here, bad):
    now, ids = house.clock(), house.ids
    for part in ("where", "who", "changes", "held", "root_cause", "remedy", "harm_1", "response_1"):
        actions.write_note(tx, ReviewNote(ids(), here, part, bad(1500), "li", now, "", bad(300)))
    for status in ("open", "done", "verified", "dropped"):
        day = now + timedelta(days=3)
        actions.add_action(
            tx, CorrectiveAction(ids(), here, bad(300), "li", "zhou", day, status, "li", now, bad(300), now)
        )
    texts.keep_review(tx, here, now, f"# {bad(3000)}", f"| {bad(3000)} |")


@pytest.fixture(params=[0])
def poisoned(house, request):
    bad = Hostile(request.param)
    dressed(house, bad)
    filled(house, bad)
    return house


def template_of(path: str) -> str:
    for pattern, verb, _ in SCREENS:
        if verb == "GET" and compile_path(pattern)[0].match(path):
            return pattern
    return ""


def walked(house, person, lang="zh", under="", most=4):
    """(address, answer, what a browser sees) of every screen that can be reached, at most so many of each kind.

    `under`: where the house whose screens they are begins, such as /drill.
    """
    browser = house.signed_in(person)
    browser.http.cookies.set("lang", lang)
    waiting = [pattern for pattern, verb, _ in SCREENS if verb == "GET" and "{" not in pattern]
    fill = {"number:int": "1", "kind": "holding", "category": "food_safety", "lang": "zh", "form": "docx"}
    waiting += [
        re.sub(r"\{([\w:]+)\}", lambda hit: fill.get(hit[1], "x"), pattern)
        for pattern, verb, _ in SCREENS
        if verb == "GET" and "{" in pattern
    ]
    waiting += [f"/incidents/1/review/export/{form}" for form in ("html", "md")]
    waiting = [f"{under}{address}" for address in waiting]
    done, counted = set(), {}
    while waiting:
        address = waiting.pop().partition("#")[0]
        pattern = template_of(urlsplit(address).path.removeprefix(under))
        if address in done or not pattern or counted.get(pattern, 0) >= most:
            continue
        done.add(address)
        counted[pattern] = counted.get(pattern, 0) + 1
        answer = browser.get(address)
        assert answer.status_code < 500, address
        page = judged(answer.text) if "html" in answer.headers.get("content-type", "") else None
        if page:
            waiting += page.links
        yield address, answer, page


@pytest.mark.parametrize(("person", "lang"), [("wang", "zh"), ("zhou", "en")])
def test_every_screen_and_file_shows_hostile_words_as_words(poisoned, person, lang):
    faults, shown, opened = [], 0, set()
    for address, answer, page in walked(poisoned, person, lang):
        if answer.status_code == 200:
            opened.add(template_of(urlsplit(address).path))
        for name, value in answer.headers.items():
            assert "\n" not in value
            assert name.lower() != "bcc"
        kind = answer.headers.get("content-type", "")
        if page:
            faults += [(address, one) for one in page.faults]
            shown += MARK in answer.text
        elif "wordprocessingml" in kind:
            whole_docx(answer.content)
        elif "markdown" in kind:
            assert not re.search(r"<zqx|<script|\]\(javascript|<http", answer.text), address
            assert not INVISIBLE.search(answer.text), address
    assert faults == []
    assert shown > 15
    # What cannot be opened here has no row in this house (drill, screenshot) or sends on (choosing a language).
    never = {pattern for pattern, verb, _ in SCREENS if verb == "GET"} - opened
    assert never <= {
        "/drills/{number:int}", "/drills/{number:int}/sheet.md", "/incidents/{number:int}/answers",
        "/incidents/{number:int}/publication/screenshots/{shot}", "/mentions/{mention}/evidence/{snapshot}",
        "/incidents/new", "/people", "/policy", "/sources/new", "/taxonomy", "/templates/{kind}/{category}/{lang}",
    }, never  # fmt: skip


def whole_docx(made: bytes) -> None:
    """Every part is XML; hostile words stand in w:t (or in the title) and nowhere else; no field, no link."""
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for name, content in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        for node in ElementTree.fromstring(content).iter():  # noqa: S314  our own file
            tag = node.tag.rpartition("}")[2]
            assert MARK not in node.tag
            assert tag not in ("hyperlink", "fldSimple", "fldChar", "instrText", "altChunk", "object", "drawing"), name
            assert not [value for value in node.attrib.values() if MARK in value], name
            if MARK in (node.text or ""):
                assert tag in ("t", "title"), (name, tag)
                assert not INVISIBLE.search(node.text)
            assert MARK not in (node.tail or "")
            assert node.attrib.get("TargetMode") != "External"


@pytest.mark.parametrize("path", ["timeline/preview", "timeline/download", "review/export/html", "answers/zh/print"])
def test_files_that_leave_the_house_hold_no_invisible_sign_and_no_script(poisoned, path):
    answer = poisoned.signed_in("wang").get(f"/incidents/1/{path}")
    assert answer.status_code == 200
    page = judged(answer.text)
    assert page.faults == []
    assert not {"script", "img", "form", "link"} & {tag for tag, _ in page.rows}
    assert not INVISIBLE.search(html.unescape(answer.text))
    assert MARK in answer.text


def test_the_report_pack_stays_a_pack(poisoned):
    with poisoned.store.transaction() as tx:
        known = [
            one
            for one in facts.current(tx, poisoned.incident().id)
            if one.status is FactStatus.CONFIRMED and one.scope is FactScope.PUBLIC
        ]
        wrong = next(one for one in claims.current(tx, poisoned.incident().id) if one.status is ClaimStatus.FALSE)
        claims.add(tx, replace(wrong, id=poisoned.ids(), version=2, facts=(known[0].label,)))
    answer = poisoned.signed_in("zhou").post(f"/incidents/1/claims/{wrong.label}/report", on="/incidents/1/claims")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        names = packed.namelist()
        page = packed.read("report.html").decode()
    assert all(re.fullmatch(r"report\.html|SHA256SUMS|evidence/[0-9a-f]{32}\.json", one) for one in names)
    assert judged(page).faults == []
    assert not INVISIBLE.search(page)


SENT = "\x00\ud800".join(HOSTILE)


@pytest.mark.parametrize("person", ["wang", "zhou", "li", "zhao", "ops"])
def test_every_form_of_every_screen_takes_hostile_words_without_falling(poisoned, person):
    browser = poisoned.signed_in(person)
    forms = {}
    for address, _, page in walked(poisoned, person):
        if page:
            for method, action, fields in page.forms:
                where = action or address
                shape = re.sub(r"[0-9a-f]{32}|\d+", "N", where)
                if method.lower() == "post" and "sign-out" not in where:
                    forms.setdefault((shape, tuple(fields)), (address, where, fields))
    # Posting to a source reads it over the wire, and a drill starts threads: those have tests of their own.
    skipped = ("/drills", "/sources", "/language", "/brand")
    sent = 0
    for on, where, fields in forms.values():
        if where.startswith(skipped):
            continue
        data = {name: _given(*told.split("\n", 1)) for name, told in fields.items()}
        data["csrf"] = hidden(browser.get("/").text, "csrf")
        content = "&".join(f"{name}={_quoted(value)}" for name, value in data.items())
        answer = browser.http.post(
            where, content=content, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        sent += 1
        assert answer.status_code < 500, (on, where)
        assert "\n" not in answer.headers.get("location", "")
        if "html" in answer.headers.get("content-type", ""):
            assert judged(answer.text).faults == [], (on, where)
    assert sent > 5
    faults = [(address, page.faults) for address, _, page in walked(poisoned, person) if page and page.faults]
    assert faults == []


def _given(kind: str, value: str) -> str:
    return SENT if kind in ("text", "textarea", "input", "url", "search", "email", "tel") else value


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def test_a_question_sheet_overwritten_with_free_words_still_opens():
    assert cards("zqx, no question stands here") == ()


WORDS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20)), min_size=1, max_size=4).map(" ".join)


@given(WORDS)
def test_a_mail_gets_no_header_and_no_element_of_strangers(words):
    house_incident = _told(words)
    for lang in ("zh", "en"):
        page = Page(
            "a" * 32, "b" * 32, "li", "email", "li@x.example", "call", subject(house_incident, "call", lang),
            body(house_incident, "call", lang, "http://desk.test/ack/x"), "http://desk.test/ack/x",
            house_incident.incident.level, "k", PageStatus.WAITING, house_incident.now,
        )  # fmt: skip
        made = compose(page, Mail(sender="gh@x.example"))
        assert "Bcc" not in made
        head = made.as_bytes().split(b"\r\n\r\n")[0].decode("ascii").replace("\r\n ", " ")
        assert {line.split(":")[0].lower() for line in head.splitlines()} <= {
            "from", "to", "subject", "date", "message-id", "x-goldenhour-key", "mime-version", "content-type",
            "auto-submitted", "importance", "x-priority", "priority",
        }  # fmt: skip
        twin = judged(made.get_body(("html",)).get_content())
        assert twin.faults == []
        assert {given.get("href") for tag, given in twin.rows if tag == "a"} <= {"http://desk.test/ack/x"}


def _told(words: str) -> Told:
    from tests.statements.room import NOW, SEEN
    from tests.statements.room import incident as made

    one = replace(made(), title=words, why=words)
    mention = _mention(words, SEEN)
    return Told(one, [mention], NOW, ZoneInfo(ZONE), words)


def _mention(words, at):
    from store.nouns import Mention

    told = Mention("m", "s", "weibo", words, words, words, words, words, 1, at, False, at, at)
    return Judged(told, "xinghe", Score(0.9, 0.9, True, True, "food_safety"))


@given(WORDS)
def test_markdown_on_screen_makes_no_element_of_its_words(words):
    page = judged(str(markdown_to_html(words)))
    assert page.faults == []
    ours = {"h2", "h3", "h4", "h5", "p", "br", "ul", "ol", "li", "div", "table", "thead", "tbody", "tr", "th", "td"}
    assert {tag for tag, _ in page.rows} <= ours | {"strong"}
    assert all(set(given) <= {"scope", "class", "tabindex"} for _, given in page.rows)


@given(st.one_of(WORDS, st.tuples(st.sampled_from(" \t\r\n"), st.sampled_from("=+-@")).map("".join)))
def test_no_cell_of_a_table_is_a_formula(words):
    cell = cell_of(words)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert cell in (words, f"'{words}")
