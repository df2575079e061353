"""The review as files: every part is there, people's words stand with their evidence, and no word becomes anything."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from docx import Document
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from statements.looking_back.review import build_review, sheet_of, to_text
from statements.looking_back.review_export import to_docx, to_html
from statements.looking_back.sheet import Address, Head, Items, Line, grid, items, line, to_markdown
from store.nouns import CorrectiveAction, FactScope, FactStatus, Publication, ReviewNote, Version, VersionKind
from tests.statements.room import NOW, entry, fact, incident
from tests.statements.test_review_text import HOSTILE, after, told

FORMULA = '=HYPERLINK("http://e.example","x")'


def note(part: str, text: str, **more) -> ReviewNote:
    return ReviewNote("n" + part, "a" * 32, part, text, "wang", NOW, **more)


def action(**more) -> CorrectiveAction:
    made = CorrectiveAction(
        "c1", "a" * 32, "进货时逐批留样", "li", "wang", NOW + timedelta(days=9), "open", "zhao", NOW
    )
    return replace(made, **more)


def full(words: str = ""):
    """A review in which every part is filled; with `words`, all of them are somebody else's."""
    notes = [
        note("root_cause", words or "滤网检查没有写进交接单", code="process", evidence=words or "交接单 3 月"),
        note("remedy", words or "41 单已退", code="running"),
        note("harm_1", words or "滤网破损", evidence=words or "照片"),
        note("harm_2", words or "没有人换", assumed=True),
        note("held", words or "赵、王、周；决定三条"),
        note("scheduled", "", due_at=NOW + timedelta(days=5)),
        note("changes", words or "阈值 3.1 → 2.8"),
    ]
    records = (
        Publication("u0", "a" * 32, "d1", "0" * 64, words or "weibo", "https://w.example/0", after(40), NOW, "zhao"),
        Publication(
            "u1", "a" * 32, "d1", "0" * 64, words or "weibo", "https://w.example/1", after(47), NOW, "zhao", "u0",
            words or "链接贴错",
        ),
    )  # fmt: skip
    refuted = fact("F1", "done", words or "门店已停业", "the store closed", status=FactStatus.REFUTED, at=after(90))
    override = replace(
        entry(9, after(30), "wording_overridden", words or "法务同意", "zhou"),
        detail={"rule": words or "S04", "words": words or "第一时间"},
    )
    base = told()
    replayed = {"brand": "xinghe", "mentions": 900, "pages": [3, 5], "gained": 2, "lost": 0}
    version = Version(VersionKind.THRESHOLDS, "", 4, NOW, "ops", "", {}, {"brands": [replayed]}, "0" * 64)
    return build_review(
        told(
            journal=(*base.journal, override),
            drafts=(replace(base.drafts[0], fact_ids=("F1",), at=after(20)),),
            records=records,
            facts=(refuted, fact("F2", "scope", words or "两家门店", "2 stores")),
            notes={one.part: one for one in notes},
            actions=(action(what=words or "进货时逐批留样", evidence=words),),
            claims=((words or "喝了会中毒", "false", words or "检测合格", words),),
            earlier=(incident(number=3, title=words or "旧事"),),
            thresholds=version,
            brand_name=words or "星禾茶饮",
            names={"li": words or "李值班"},
        )
    )


def test_people_find_their_words_with_evidence_or_marked_as_assumption():
    text = to_text(full(), "zh")
    for said in (
        "1. 为什么？滤网破损（依据：照片）",
        "2. 为什么？没有人换（假设，未证实）",
        "3. 为什么？【由人填写】",
        "根本原因：流程：滤网检查没有写进交接单（依据：交接单 3 月）",
        "90 天内同品牌、同类别、同根因再次发生：＃3",
        "| 进货时逐批留样 | 李值班 | 2026-03-21 | wang | 进行中 | — |",
        "放行措辞 S04 第一时间：法务同意",
        "事后证伪：F1 门店已停业，用在 holding zh v1",
        "更正发布记录：weibo：链接贴错",
        "| 喝了会中毒 | 不实 | 检测合格 |",
        "第 4 版阈值保存时回放了 900 条提及：呼叫 3 → 5，新增 2，减少 0",
        "| 何地 Where | F2 两家门店 |",
        "补救状态：进行中：41 单已退",
        "参加与决定：赵、王、周；决定三条",
    ):
        assert said in text, said
    assert "Why? 滤网破损 (evidence: 照片)" in to_text(full(), "en")


def test_what_counsel_wrote_stands_by_its_label_alone():
    secret = fact("F2", "scope", "律师认为有责任", "counsel says liable", scope=FactScope.PRIVILEGED)
    given = replace(full().given, facts=(secret,))
    for lang in ("zh", "en"):
        text = to_text(build_review(given), lang)
        assert "F2" in text
        assert "律师" not in text
        assert "liable" not in text


class Seen(HTMLParser):
    """Tags with attributes, and all words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data):
        self.words += data


def seen(page: str) -> Seen:
    found = Seen()
    found.feed(page)
    return found


@pytest.mark.parametrize("words", [HOSTILE, FORMULA, "{{ 7*7 }} {% raw %} \u202e\u0000\x0b\ud800"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_words_make_no_tag_no_link_and_no_field_in_any_file(words, lang):
    calm, wild = sheet_of(full("平静"), lang), sheet_of(full(words), lang)
    calm_page, wild_page = to_html(calm, lang), to_html(wild, lang)
    assert seen(wild_page).tags == seen(calm_page).tags
    assert not {"a", "script", "img", "iframe", "form"} & {tag for tag, _ in seen(wild_page).tags}
    text = to_markdown(wild)
    assert [line.count("|") for line in text.split("\n")] == [line.count("|") for line in to_markdown(calm).split("\n")]
    assert not re.search(r"[<>*`\[\]&]|www\.|a@e", text)
    assert set(re.findall(r"https?://\S+", text)) <= {
        "https://w.example/0",
        "https://w.example/1",
        "https://weibo.example/a_b/7",
    }
    parts = {name: body for name, body in files(to_docx(wild, lang)).items() if name.startswith("word/")}
    body = parts["word/document.xml"]
    ElementTree.fromstring(body)  # noqa: S314  our own file: it must be whole
    assert not re.search(r"<w:(fldSimple|fldChar|instrText|hyperlink|altChunk|object|drawing)\b", body)
    assert "hyperlink" not in parts["word/_rels/document.xml.rels"]
    assert "TargetMode" not in parts["word/_rels/document.xml.rels"]


def files(made: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        return {name: packed.read(name).decode("utf-8", "replace") for name in packed.namelist()}


def test_the_word_file_opens_with_headings_tables_and_every_part():
    made = Document(io.BytesIO(to_docx(sheet_of(full(), "zh"), "zh")))
    heads = [one.text for one in made.paragraphs if one.style.name.startswith(("Heading", "Title"))]
    assert heads[0] == "复盘：事件 #7 星禾 食品安全"
    assert sum(bool(re.match(r"\d+ ", one)) for one in heads) == 15
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert "进货时逐批留样" in cells
    assert "首次公开回应（自首发）" in cells


@settings(deadline=None, max_examples=60)
@examples(st.text(max_size=120))
def test_no_text_breaks_a_file_or_leaves_its_place(words):
    blocks = (
        Head(1, words), line("A ", words), items([("x ", words), words]), grid(("a", "b"), [(words, "1")]),
        line(Address(f"https://x.example/{words}")),
    )  # fmt: skip
    assert [type(one) for one in blocks[:3]] == [Head, Line, Items]
    page = seen(to_html(blocks, "zh"))
    assert [tag for tag, _ in page.tags if tag not in ("html", "head", "meta", "title", "style", "body")] == [
        "h1", "p", "ul", "li", "li", "div", "table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "p",
    ]  # fmt: skip
    assert to_markdown(blocks).count("\n") == 12
    Document(io.BytesIO(to_docx(blocks, "zh")))
