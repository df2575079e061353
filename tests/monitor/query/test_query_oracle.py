"""The tree's answers against an oracle that shares no code with it: it cuts texts into tokens and looks at each."""

import re
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.matching import Query, Seen, compile_query

# Words, and the pieces texts are made of: parts of words, their neighbours, signs between them.
CJK_WORDS = ["云朵", "牛奶", "云朵牛奶", "异物", "物", "朵牛"]
LATIN_WORDS = ["milk", "tea", "ai", "mi"]
PIECES = [
    *CJK_WORDS,
    *LATIN_WORDS,
    "云",
    "奶",
    "milks",
    "train",
    "a",
    " ",
    "，",
    ". ",
    "MILK",
    "雲朵",
    "云 朵",
    "牛🙂奶",
]


@dataclass(frozen=True)
class Leaf:
    word: str
    part: str = ""
    tail: bool = False


@dataclass(frozen=True)
class Join:
    kind: str  # AND OR
    parts: tuple


@dataclass(frozen=True)
class No:
    part: object


@dataclass(frozen=True)
class Close:
    left: tuple  # of Leaf
    right: tuple
    most: int
    ordered: bool


def written(node: object) -> str:
    match node:
        case Leaf(word, part, tail):
            return (f"{part}:" if part else "") + word + ("*" if tail else "")
        case Join(kind, parts):
            return "(" + f" {kind} ".join(map(written, parts)) + ")"
        case No(part):
            return f"NOT {written(part)}"
        case Close(left, right, most, ordered):
            return f"({written(Join('OR', left))} NEAR/{most}{'f' * ordered} {written(Join('OR', right))})"
    raise AssertionError(node)


def tokens(text: str) -> list[str]:
    """Hanzi one by one, other words whole, signs one by one; blanks and smiles between hanzi vanish."""
    plain = text.lower().replace("雲", "云")
    plain = re.sub(r"(?<=[\u4e00-\u9fff])[ 🙂]+(?=[\u4e00-\u9fff])", "", plain)
    return re.findall(r"[\u4e00-\u9fff]|[a-z]+|\S", plain)


def places(leaf: Leaf, row: list[str]) -> list[tuple[int, int]]:
    """Ranges of tokens the word takes."""
    if leaf.word in LATIN_WORDS:
        fits = str.startswith if leaf.tail else str.__eq__
        return [(at, at + 1) for at, one in enumerate(row) if fits(one, leaf.word)]
    size = len(leaf.word)
    return [(at, at + size) for at in range(len(row)) if "".join(row[at : at + size]) == leaf.word]


def between(row: list[str], start: int, end: int) -> int:
    return sum(1 for one in row[start:end] if re.match(r"[\u4e00-\u9fffa-z]", one))


def true(node: object, rows: dict[str, list[str]]) -> bool:
    match node:
        case Leaf(part=part):
            return any(places(node, row) for name, row in rows.items() if part in ("", name))
        case Join(kind, parts):
            return (all if kind == "AND" else any)(true(part, rows) for part in parts)
        case No(part):
            return not true(part, rows)
        case Close():
            return any(close(node, row) for row in rows.values())
    raise AssertionError(node)


def close(node: Close, row: list[str]) -> bool:
    """Every pair of places is looked at."""
    for a in (place for leaf in node.left for place in places(leaf, row)):
        for b in (place for leaf in node.right for place in places(leaf, row)):
            if a[1] <= b[0] and between(row, a[1], b[0]) <= node.most:
                return True
            if not node.ordered and b[1] <= a[0] and between(row, b[1], a[0]) <= node.most:
                return True
    return False


LEAVES = st.one_of(
    st.builds(Leaf, st.sampled_from(CJK_WORDS), st.sampled_from(["", "", "title", "body"])),
    st.builds(Leaf, st.sampled_from(LATIN_WORDS), st.sampled_from(["", "", "title", "body"]), st.booleans()),
)
ANYWHERE = st.one_of(
    st.builds(Leaf, st.sampled_from(CJK_WORDS)),
    st.builds(Leaf, st.sampled_from(LATIN_WORDS), st.just(""), st.booleans()),
)
SIDE = st.lists(ANYWHERE, min_size=1, max_size=3).map(tuple)
ATOMS = LEAVES | st.builds(Close, SIDE, SIDE, st.integers(0, 6), st.booleans())
TREES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(No, inner),
        st.builds(Join, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(max_examples=600, deadline=None)
@given(TREES, TEXTS, TEXTS)
def test_a_tree_says_what_looking_at_every_token_says(tree, title, body):
    query = written(tree)
    rows = {"title": tokens(title), "body": tokens(body)}
    assert compile_query(Query(query=query)).of(Seen(title, body)).hit is true(tree, rows), query


@settings(max_examples=150, deadline=None)
@given(TREES, TEXTS)
def test_what_is_explained_is_what_is_decided(tree, body):
    matcher = compile_query(Query(query=written(tree)))
    found, lines = matcher.of(Seen(body=body)), matcher.explain(Seen(body=body))
    assert lines[0].holds is found.hit
    assert bool(found.why) and found.why.endswith("。")


WORDS = st.lists(st.sampled_from([*CJK_WORDS, *LATIN_WORDS]), max_size=3)


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS, WORDS, TEXTS)
def test_the_simple_form_says_what_its_words_say(wanted, needed, barred, doubtful, company, body):
    row = {"body": tokens(body)}
    there = {word for word in (*CJK_WORDS, *LATIN_WORDS) if true(Leaf(word), row)}
    sure = (set(wanted) - set(doubtful)) & there
    kept = set(doubtful) & there if set(company) & there else set()
    expected = bool(sure | kept) if wanted or doubtful else bool(needed)
    expected = expected and set(needed) <= there and not set(barred) & there
    query = Query(tuple(wanted), tuple(needed), tuple(barred), (), tuple(doubtful), tuple(company))
    assert compile_query(query).match("", body).hit is expected


@settings(max_examples=100, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=4), TEXTS)
def test_many_brands_in_one_pass_are_judged_as_each_alone(trees, body):
    from monitor.matching import compile_all, together

    queries = {f"b{number}": Query(query=written(tree)) for number, tree in enumerate(trees)}
    mention = Seen(body=body)
    joined = {name: matcher.judge(found) for name, matcher, found in next(together(compile_all(queries), [mention]))}
    assert joined == {name: compile_query(query).of(mention) for name, query in queries.items()}
