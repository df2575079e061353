"""Files as people bring them: any charset, separator and shape; what cannot be read is named by its line."""

import io
import json
import zipfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from config.errors import InputError
from monitor.imports.files import digest_of, opened
from monitor.imports.shapes import Shape, shape_of
from monitor.imports.tables import LONGEST_RECORD, Record

HEADER = "标题,内容,链接\n"
ROWS = [{"标题": "避雷", "内容": "喝出塑料", "链接": "https://a.example/1"}]
LINE = "避雷,喝出塑料,https://a.example/1\n"


def read(path: Path, shape: Shape | None = None, said=()) -> tuple[str, list[Record], list[str]]:
    """(kind, records, remarks)."""
    with opened(path, shape or Shape(), said) as brought:
        return brought.kind, list(brought.records), brought.remarks()


def items(path: Path, **given) -> list[object]:
    return [record.item for record in read(path, **given)[1] if not record.fault]


@pytest.fixture
def file(tmp_path):
    def write(content: bytes | str, name: str = "export.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + LINE).encode(),
        b"\xef\xbb\xbf" + (HEADER + LINE).encode(),
        (HEADER + LINE).encode("gb18030"),
        (HEADER + LINE).encode("utf-16"),
        (HEADER + LINE).replace("\n", "\r\n").encode(),
        (HEADER + LINE).replace("\n", "\r").encode("gb18030"),
        (HEADER + LINE).replace(",", "\t").encode(),
        (HEADER + LINE).replace(",", ";").encode("gb18030"),
        ("sep=;\n" + (HEADER + LINE).replace(",", ";")).encode(),
        ("舆情日报,2026-11-22,\n,,\n" + HEADER + "\n" + LINE + ",,\n").encode(),
    ],
)
def test_charsets_separators_and_line_ends_are_found_out(file, content):
    kind, records, remarks = read(file(content))
    assert (kind, [record.item for record in records], remarks) == ("csv", ROWS, [])


def test_lines_of_two_charsets_in_one_file_are_each_read_and_the_odd_ones_named(file):
    content = (HEADER + LINE).encode() + "二,用国标写的一行,\n".encode("gb18030") + LINE.encode() + b"\xff\xfe\xff,x,\n"
    _, records, remarks = read(file(content))
    assert [(record.line, record.fault) for record in records] == [
        (2, ""), (3, ""), (4, ""), (5, "is neither UTF-8 nor GB18030"),
    ]  # fmt: skip
    assert records[1].item == {"标题": "二", "内容": "用国标写的一行", "链接": ""}
    assert remarks == ["lines in another charset than the first: 3 (gb18030)"]


def test_new_lines_inside_quotes_belong_to_the_cell_and_lines_are_counted_as_an_editor_does(file):
    content = HEADER + '一,"第一行\n第二行, 还有 ""引号""",\n二,"单独"的话,\n三,5" 屏幕,\n'
    _, records, _ = read(file(content))
    assert [(record.line, record.item["内容"]) for record in records] == [
        (2, '第一行\n第二行, 还有 "引号"'),
        (4, "单独的话"),
        (5, '5" 屏幕'),
    ]


@pytest.mark.parametrize("rest", [3, LONGEST_RECORD + 10])
def test_a_quote_that_is_never_closed_costs_its_own_line_only(file, rest):
    content = HEADER + LINE + '坏,"没有关,\n' + "".join(f"第{n}条,好,\n" for n in range(rest))
    _, records, _ = read(file(content))
    bad = [(record.line, record.fault, record.raw) for record in records if record.fault]
    assert bad == [(3, "has a quote that is never closed", ('坏,"没有关,',))]
    assert [record.item["标题"] for record in records if not record.fault] == [
        "避雷",
        *(f"第{n}条" for n in range(rest)),
    ]


def test_a_row_with_more_cells_than_the_header_is_refused_not_shifted(file):
    _, records, _ = read(file(HEADER + "一,逗号,没有,引号\n二,好\n三,好,,,\n"))
    assert [record.fault[:27] for record in records] == ["has 4 cells, the header 3: ", "", ""]
    assert records[1].item == {"标题": "二", "内容": "好"}


def test_a_column_twice_is_read_where_it_says_something(file):
    assert items(file("内容,内容,标题\n,二,t\n一,二,t\n")) == [{"内容": "二", "标题": "t"}, {"内容": "一", "标题": "t"}]


def test_a_column_nobody_knows_can_be_named_by_hand(file):
    path = file("甲,乙,丙\n1,有话,3\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith("export.csv: no column is recognised (found: 甲, 乙, 丙); name them with")
    assert items(path, said=(("text", "乙"),)) == [{"甲": "1", "乙": "有话", "丙": "3"}]


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"", "a.csv", "is empty"),
        (b" \n\n", "a.csv", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "save it as .xlsx without a password"),
        (b"<html><table><tr><td>x", "a.xls", "is a web page or XML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook>", "a.xls", "is a web page or XML"),
        (b"PK\x03\x04 nothing", "a.xlsx", "no readable .xlsx workbook (BadZipFile)"),
        (b'{"items": [', "a.json", "not JSON (line "),
        (b"[" * 50_000, "a.json", "nested too deep"),
        (b"\x00\x01\x02\x03", "a.bin", "no column is recognised"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(file, content, name, word):
    with pytest.raises(InputError) as caught:
        read(file(content, name))
    assert str(caught.value).startswith(f"{name}: ")
    assert word in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "gone.csv"):
        with pytest.raises(InputError, match="is no file"):
            digest_of(path)


ITEM = {"id": "v-1000001", "text": "喝出塑料"}


@pytest.mark.parametrize(
    ("content", "kind", "count"),
    [
        (json.dumps(ITEM), "json", 1),
        (json.dumps([ITEM, ITEM]), "json", 2),
        (json.dumps({"total": 2, "data": [ITEM, ITEM]}, indent=2, ensure_ascii=False), "json", 2),
        ("[\n" + json.dumps(ITEM) + "\n]", "json", 1),
        ("\n".join(json.dumps(ITEM) for _ in range(3)) + "\n\n", "jsonl", 3),
        ("\r\n".join(json.dumps(ITEM | {"text": "长" * 30_000}) for _ in range(3)), "jsonl", 3),
        (json.dumps(ITEM, ensure_ascii=False).encode("gb18030"), "json", 1),
        ("\ufeff" + "\n".join([json.dumps(ITEM)] * 2), "jsonl", 2),
    ],
)
def test_json_is_a_document_or_lines(file, content, kind, count):
    path = file(content, "a.json")
    found = read(path)
    assert (found[0], len(found[1]), {record.item["id"] for record in found[1]}) == (kind, count, {"v-1000001"})


def test_broken_lines_of_json_are_told_by_their_number_even_the_first(file):
    content = (
        '{"id": "cut"\n' + json.dumps(ITEM) + "\n\nnot json\n" + json.dumps(ITEM) + "\n" + '{"a":' + "9" * 5000 + "}\n"
    )
    kind, records, _ = read(file(content, "a.jsonl"))
    assert (kind, [(record.line, bool(record.fault)) for record in records]) == (
        "jsonl", [(1, True), (2, False), (4, True), (5, False), (6, True)],
    )  # fmt: skip


def test_jsonp_of_a_preset_is_unwrapped(file):
    lists = {"result": {"status": {"code": 0}, "data": {"lists": [{"main": {"sn": "1", "title": "退款"}}]}}}
    path = file(f"try{{jQuery11_2({json.dumps(lists)});}}catch(e){{}};", "heimao.txt")
    assert read(path, shape_of("heimao", None))[0:2] == (
        "json",
        [Record(1, {"main": {"sn": "1", "title": "退款"}}, raw=("{'main': {'sn': '1', 'title': '退款'}}",))],
    )


def book(rows, more=()) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for title in more:
        made.create_sheet(title).append(["备注"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_workbook_is_read_with_its_types_and_rounded_numbers_are_marked(file):
    when = datetime.fromisoformat("2026-11-22T10:05:00")
    rows = [
        ["日报", None],
        ["内容", "发布时间", "点赞数", "mid"],
        ["喝出塑料", when, 12.0, 5234567890123450],
        ["好", 46348.42, "1万", "5234567890123456"],
    ]
    kind, records, remarks = read(file(book(rows, ["说明"]), "a.xlsx"))
    assert (kind, [record.line for record in records], remarks) == ("xlsx", [3, 4], ["sheets that were not read: 说明"])
    assert records[0].item == {"内容": "喝出塑料", "发布时间": when, "点赞数": 12, "mid": 5.23456789012345e15}
    assert isinstance(records[0].item["mid"], float)
    assert records[1].item["mid"] == "5234567890123456"


def test_the_table_may_stand_on_the_second_sheet(file):
    made = Workbook()
    made.active.append(["说明", "请看下一页"])
    sheet = made.create_sheet("数据")
    sheet.append(["标题", "链接"])
    sheet.append(["避雷", "https://a.example/1"])
    out = io.BytesIO()
    made.save(out)
    assert items(file(out.getvalue(), "a.xlsx")) == items(file(out.getvalue(), "really-new.xls"))
    assert items(file(out.getvalue(), "a.xlsx")) == [{"标题": "避雷", "链接": "https://a.example/1"}]


def test_a_formula_is_never_evaluated(file):
    rows = [["标题", "内容"], ["=1+1", "喝出塑料"], ['=HYPERLINK("http://127.0.0.1/","x")', "好"]]
    assert [item["标题"] for item in items(file(book(rows), "a.xlsx"))] == [None, None]


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The same workbook with some of its parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return out.getvalue()


def test_bombs_and_entities_in_a_workbook_are_refused_before_they_are_unpacked(file):
    good = book([["标题", "内容"], ["a", "b"]])
    bomb = repacked(good, {"xl/media/big.bin": b"\0" * 210_000_000})
    assert len(bomb) < 1_000_000
    with pytest.raises(InputError, match="would unpack to more than 200 MB"):
        read(file(bomb, "a.xlsx"))
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><worksheet/>'
    with pytest.raises(InputError, match="carries a document type"):
        read(file(repacked(good, {"xl/worksheets/sheet1.xml": laughs}), "a.xlsx"))


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("content", [b"", b"<a>", b"<worksheet><sheetData><row r='x'>", b"\xff\xfe\x00"])
def test_a_broken_workbook_is_one_clear_fault(file, part, content):
    path = file(repacked(book([["标题", "内容"], ["a", "b"]]), {part: content}), "a.xlsx")
    with pytest.raises(InputError, match="^a.xlsx: "):
        read(path)


def test_a_workbook_with_a_password_inside_its_zip_is_one_clear_fault(file):
    content = bytearray(book([["标题", "内容"], ["a", "b"]]))
    # The flag in the directory that says a part is encrypted.
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match=r"^a.xlsx: is no readable .xlsx workbook \(RuntimeError\)"):
        read(file(bytes(content), "a.xlsx"))


def test_an_impossible_date_is_no_date_and_no_warning(file):
    made = Workbook()
    made.active.append(["内容", "发布时间"])
    made.active.append(["有话", 99_999_999_999])
    made.active["B2"].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    made.save(out)
    assert items(file(out.getvalue(), "a.xlsx")) == [{"内容": "有话", "发布时间": "#VALUE!"}]


def test_a_sheet_that_claims_a_million_rows_is_read_by_what_it_holds(file):
    good = book([["标题", "内容"], ["a", "b"]])
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        text = packed.read("xl/worksheets/sheet1.xml").decode().replace('ref="A1:B2"', 'ref="A1:XFD1048576"')
    assert "XFD1048576" in text
    path = file(repacked(good, {"xl/worksheets/sheet1.xml": text.encode()}), "a.xlsx")
    assert items(path) == [{"标题": "a", "内容": "b"}]


def test_an_opened_file_tells_how_much_of_it_is_read(file):
    path = file(HEADER + LINE * 20_000)
    with ExitStack() as stack:
        brought = stack.enter_context(opened(path, Shape()))
        shares = [brought.done() for _ in brought.records]
    assert shares == sorted(shares)
    assert (shares[0] < 0.2, shares[-1]) == (True, 1.0)
