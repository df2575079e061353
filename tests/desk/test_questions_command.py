"""`questions`: topics as JSON lines, hottest first; what cannot be read is said by line and keeps nothing back."""

import io
import json
import sys

import pytest

from desk.cli import main


@pytest.fixture
def asking(monkeypatch, capsys):
    """Runs the command over what stands on its input: (exit code, lines said as objects, complaints)."""

    def run(text, *words):
        raw = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = main(["questions", "--json", *words])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err.splitlines()

    return run


def lines(*mentions):
    return "\n".join(json.dumps({"id": mention_id, "text": text}, ensure_ascii=False) for mention_id, text in mentions)


def test_one_topic_a_line_hottest_first_with_the_ids_as_they_were_given(asking):
    given = lines(("a", "能退吗"), (7, "其他门店呢"), ("b", "怎么退款啊😭"), ("c", "味道不错"), ("b", "退款多久到账"))
    code, said, complaints = asking(given)
    assert (code, complaints) == (0, [])
    assert said[0] == {"topic": "refund", "question": "怎么退款、赔偿？", "heat": 2, "ids": ["a", "b"]}
    assert said[1]["ids"] == [7]
    assert len(said) == 2


def test_bad_lines_are_named_and_the_others_answered(asking):
    good = lines(("a", "能退吗")).encode()
    bad = [
        b"{",
        b"[1]",
        b'{"id": "x"}',
        b'{"id": {}, "text": "?"}',
        b'{"id": true, "text": "?"}',
        b"\xff",
        b'{"id": 1, "text": 5}',
    ]
    code, said, complaints = asking(b"\n".join([*bad, b"", good]))
    assert code == 2
    assert [one["ids"] for one in said] == [["a"]]
    assert [one.split(":")[0] for one in complaints] == [f"line {n}" for n in range(1, 8)]
    assert all(len(one) > 20 for one in complaints)


def test_no_input_is_no_topic_and_a_missing_id_is_the_line(asking):
    assert asking("") == (0, [], [])
    assert asking('{"text": "能退吗"}')[1][0]["ids"] == [1]


def test_an_unknown_category_is_refused_with_those_there_are(asking):
    code, said, complaints = asking(lines(("a", "能退吗")), "--category", "weather")
    assert (code, said) == (2, [])
    assert "food_safety" in complaints[0]


def test_a_category_and_a_language_can_be_chosen(asking):
    given = lines(("a", "会不会召回"), ("b", "型号有哪些问题的"))
    assert [one["topic"] for one in asking(given, "--category", "product_safety")[1]] == ["recall", "models"]
    assert asking(lines(("a", "能退吗")), "--lang", "en")[1][0]["question"].startswith("What about refunds")


def test_half_a_character_is_written_escaped(asking):
    code, said, _ = asking('{"id": "\\ud800", "text": "能退吗"}')
    assert (code, said[0]["heat"]) == (0, 1)
