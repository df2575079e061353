"""Stories: the fault classifier learns from sentences, warns where no rule does, takes back what is fine."""

import json

import numpy as np
import pytest

from config.errors import InputError
from desk.cli import main
from desk.fault_model import wording_with_reader
from desk.fault_model.fitting import LEAST_GOOD, parts_of, voters
from desk.fault_model.making import make
from desk.fault_model.reading import FAULTS, KINDS, WEIGHTS, FaultModel
from desk.fault_model.sentences import Sentence, read_all
from statements.rules.faults import Passage, cut, passages
from statements.rules.wording import load_wording
from tests.desk.made_up import BAD, GOOD

STATEMENT = """\
【关于南京新街口店饮品异物反馈的情况说明（第1号）】
2026年3月12日14:05，一位顾客在微博发布视频，反映饮品中有异物。我们在14:17看到了视频。
这事说到底是送货那家公司没管好自己的人。
联系我们：400-000-0000（24小时），food@xinghe.example。
星禾茶饮（南京）有限公司
2026年3月12日 14:52（北京时间）"""


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """What 600 plain sentences by three made-up authors teach."""
    sentences = [
        Sentence(f"{text}{tail}", "zh", bool(fault), fault, f"author{number % 3}")
        for number, tail in enumerate("。！了吧呢的，；：" * 10)
        for fault, text in (BAD if number % 2 else GOOD)
    ]
    folder = tmp_path_factory.mktemp("weights")
    at = __import__("datetime").datetime(2026, 3, 1)
    make(sentences, load_wording(), folder, "made-up", at, lambda _: None)
    return folder, sentences, at


def doubt(model: FaultModel, text: str, lang: str = "zh", *, hit: bool = False):
    return model([Passage(text, 0, len(text), hit, alone=True)], lang)[0]


def test_it_tells_bad_from_good_and_names_the_fault(weights):
    model = FaultModel(weights[0])
    assert doubt(model, BAD[0][1]).p > 0.5 > doubt(model, GOOD[0][1]).p
    assert doubt(model, BAD[0][1]).fault == BAD[0][0]
    assert model([], "zh") == []


def test_the_same_sentences_make_the_same_bytes(weights, tmp_path):
    folder, sentences, at = weights
    make(sentences, load_wording(), tmp_path, "made-up", at, lambda _: None)
    for name in (FAULTS, KINDS):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("name", [FAULTS, KINDS])
def test_no_shipped_file_of_weights_is_larger_than_a_megabyte(name):
    assert (WEIGHTS / name).stat().st_size <= 1_000_000


@pytest.mark.parametrize("how", ["missing", "cut", "changed"])
@pytest.mark.parametrize("name", [FAULTS, KINDS])
def test_damaged_weights_are_named_and_the_rules_go_on_alone(weights, tmp_path, name, how):
    for one in (FAULTS, KINDS):
        (tmp_path / one).write_bytes((weights[0] / one).read_bytes())
    whole = (weights[0] / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2] if how == "cut" else whole[:-200] + b"x" * 200)
    if how == "missing":
        (tmp_path / name).unlink()
    with pytest.raises(InputError, match=name):
        FaultModel(tmp_path)


@pytest.mark.parametrize("most", [1, 2, 3, 12])
def test_every_author_is_in_one_part_and_no_part_is_lighter_by_more_than_an_author(most):
    wrote = {"a": 50, "b": 30, "c": 30, "d": 20, "e": 10}
    parts = parts_of([author for author, number in wrote.items() for _ in range(number)], most)
    assert sorted(author for part in parts for author in part) == sorted(wrote)
    assert len(parts) == min(most, len(wrote))
    weights = [sum(wrote[author] for author in part) for part in parts]
    assert max(weights) - min(weights) <= max(wrote.values())


def test_too_little_teaches_nothing(tmp_path):
    few = [Sentence(text, "zh", bool(fault), fault, "one") for fault, text in BAD]
    with pytest.raises(InputError, match="at least 500 by 2"):
        make(few, load_wording(), tmp_path, "few", __import__("datetime").datetime(2026, 3, 1), lambda _: None)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x1\tfr\tgood\tnone\tbank\tBonjour", "line 2: lang 'fr'"),
        ("x1\tzh\tmaybe\tnone\tbank\t好", "line 2: label 'maybe'"),
        ("x1\tzh\tbad\tnone\tbank\t坏", "line 2: fault 'none'"),
        ("x1\tzh\tgood\tnone\tbank\t ", "line 2: text"),
    ],
)
def test_a_wrong_line_of_a_corpus_is_named(tmp_path, line, told):
    file = tmp_path / "sentences_x.tsv"
    file.write_text("id\tlang\tlabel\tfault\tregister\ttext\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_all([file])


def test_the_shipped_reader_finds_what_no_rule_names_and_never_blocks():
    wording, rules = wording_with_reader(pytest.fail), load_wording()
    said = "说到底，是送货那家公司没管好自己的人，跟店里没多大关系。"
    assert [one for one in rules.lint(said, "zh") if one.level != "I"] == []
    found = wording.lint(said, "zh")
    assert found and {one.level for one in found} <= {"W", "L"}
    assert all(one.message and one.suggestion for one in found)


def test_what_blocks_without_override_is_never_taken_back():
    wording = wording_with_reader(pytest.fail)
    assert "X" in {one.level for one in wording.lint("请拨打13812345678联系王女士。", "zh")}


def test_a_text_is_cut_without_its_frame():
    lines = [STATEMENT[start:end] for start, end in cut(STATEMENT, "zh")]
    assert lines[-1] == "这事说到底是送货那家公司没管好自己的人。"
    assert not any("400-000" in line or "有限公司" in line or line.startswith("【") for line in lines)
    assert not any(one.alone for one in passages(STATEMENT, "zh", ()))


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "。。。", "\ud800", "\x00", "a" * 100_000, "我" * 20_000])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_any_text_is_read(text, lang):
    wording_with_reader(pytest.fail).lint(text, lang)


def run(capsys, monkeypatch, given: str, *words: str) -> tuple[int, list[str], str]:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode("utf-8", "surrogatepass"))))
    code = main(["lint", *words])
    out = capsys.readouterr()
    return code, out.out.splitlines(), out.err


def test_lint_answers_every_readable_line_and_names_the_others(capsys, monkeypatch):
    given = '{"id": 7, "lang": "zh", "text": "我们的产品绝对安全。"}\nnot json\n{"id": 8, "lang": "fr", "text": "x"}\n'
    given += '{"id": "b", "lang": "en", "text": "As of 15:00 we have checked 12 stores."}\n{"id": 9}\n'
    code, out, err = run(capsys, monkeypatch, given, "--jsonl")
    first, second = map(json.loads, out)
    assert (first["id"], [one["rule"] for one in first["findings"]]) == (7, ["S03"])
    assert set(first["findings"][0]) == {"rule", "level", "start", "end", "message", "suggestion"}
    assert second == {"id": "b", "findings": []}
    assert code == 2
    assert "line 2: not JSON" in err and "line 3: lang is 'fr'" in err and "line 5: no text" in err


def test_lint_of_a_text_names_line_and_way_out_and_exits_1_when_something_blocks(capsys, monkeypatch):
    code, out, _ = run(capsys, monkeypatch, "第一行。\n我们的产品绝对安全。", "--rules-only")
    assert code == 1
    assert out[0].startswith("2:6 E S03 ")
    assert run(capsys, monkeypatch, "异物来源目前尚未查明。", "--rules-only")[:2] == (0, [])
    assert run(capsys, monkeypatch, "  ")[0] == 2


def test_lint_holds_a_whole_statement_to_its_parts(capsys, monkeypatch):
    lacking = "\n".join(line for line in STATEMENT.split("\n") if "400-" not in line)
    rules = {json.loads(line)["rule"] for line in run(capsys, monkeypatch, lacking, "--json")[1]}
    assert {"D01", "D02", "D03", "D05"} <= rules
    one = {json.loads(line)["rule"] for line in run(capsys, monkeypatch, lacking, "--json", "--as", "sentence")[1]}
    assert not {rule for rule in one if rule.startswith("D")} - {"D15"}


def test_authors_of_a_few_sentences_have_no_say_in_the_cut_off():
    few, many = np.arange(100) < LEAST_GOOD - 1, np.arange(100) < LEAST_GOOD
    assert [one.sum() for one in voters([few, many])] == [LEAST_GOOD]
    assert len(voters([few, few])) == 2, "where nobody has enough, everybody has a say"
