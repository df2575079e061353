"""1,000 aliases in texts: one pass of ours against one `re` alternation over the same folded texts, hits compared."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench.figures import Figure
from bench.made import mentions
from bench.search import texts as made
from config.clock import stopwatch
from monitor.folding import is_latin
from monitor.matching import Query, compile_query
from monitor.query.finder import Finder, Text
from monitor.query.shapes import Shape, shape_of

ALIASES, FEW = 1000, 10
COUNT, BASELINE_COUNT = 20_000, 400
FIRST = ("青岚", "云朵", "星禾", "白鹿", "松果", "Lanmist", "Peak", "南风", "小满", "Otter")
SECOND = ("", "咖啡", "拿铁", "奶茶", "茶饮", "冰乐", "Cup", " Tea", "乐园", "甜品")
TAILS = ("", "店", "旗舰店", "2号", " Plus", "Lab", "家", "小铺", "会员", "联名款")


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Texts per second; in how many texts ours found the words of brute force, and `re` agreed that there are any."""
    shapes = [shape for word in aliases() if (shape := shape_of(word))]
    finder, few = Finder(shapes), Finder(shapes[:FEW])
    texts = finder.read(*(_told(one, number) for number, one in enumerate(_stream())))
    tick(f"matching: {len(shapes)} aliases in {COUNT} texts, in {BASELINE_COUNT} of them by one `re` alternation too")
    named = {number: shape.text for shape, number in finder.ids.items()}
    ours, found = _clocked(finder.find, texts)
    ten, _ = _clocked(few.find, texts)
    pattern = alternation(shapes)
    theirs, theirs_found = _clocked(lambda text: _by_re(pattern, text), texts[:BASELINE_COUNT])
    by_hand = [brute(shapes, text) for text in texts[:BASELINE_COUNT]]
    equal = sum(
        {named[number] for number in found[n]} == hand and bool(hand) == theirs_found[n]
        for n, hand in enumerate(by_hand)
    )
    return [
        Figure(f"{ALIASES} aliases in one pass", ours, "texts/s", theirs, 50),
        Figure(
            "texts with exactly the words of brute force", equal, "texts", BASELINE_COUNT, BASELINE_COUNT, of="value"
        ),
        Figure(f"{ALIASES} aliases beside {FEW}", 1e6 / ours, "µs per text", 1e6 / ten, None, less=True),
        *_whole(tick),
    ]


def aliases() -> list[str]:
    """Names as companies have them: hanzi, Latin, both; the same every time."""
    return [f"{first}{second}{tail}" for first in FIRST for second in SECOND for tail in TAILS]


def alternation(shapes: Sequence[Shape]) -> "re.Pattern[str]":
    """What one writes first: every word with its boundaries, longest first."""
    return re.compile("|".join(map(_bounded, sorted((shape.text for shape in shapes), key=len, reverse=True))))


def _bounded(word: str) -> str:
    latin = r"a-z0-9_"
    before = f"(?<![{latin}])" if re.match(f"[{latin}]", word) else ""
    after = f"(?![{latin}])" if re.search(rf"[{latin}]\Z", word) else ""
    return before + re.escape(word) + after


def _by_re(pattern: "re.Pattern[str]", text: Text) -> bool:
    """Every hit is walked through, as whoever wants to name the words must."""
    return any([match.start() not in text.addresses for match in pattern.finditer(text.text)])


def _told(text: str, number: int) -> str:
    """Most texts as they are; some name other words too, or hide one in an address or a longer word."""
    more = (
        "",
        "",
        "Peak Tea Plus 也行",
        "看 https://a.example/Otter/云朵",
        "Otters",
        "小满奶茶旗舰店",
        "",
        "PeakCupLab2",
    )
    return text + more[number % len(more)]


def _stream() -> Iterator[str]:
    """Of what feeds and hot lists bring, every other text is about none of the names."""
    for ours, theirs in zip(mentions(COUNT // 2, 28), made(COUNT // 2), strict=True):
        yield from (ours["text"], theirs)


def _clocked(work: Callable[[Text], Any], texts: Sequence[Text]) -> tuple[float, list[Any]]:
    """Texts per second, the best of three, and what was found."""
    best, found = 0.0, []
    for _ in range(3):
        began = stopwatch()
        found = [work(text) for text in texts]
        best = max(best, len(texts) / (stopwatch() - began))
    return best, found


def _whole(tick: Callable[[str], None]) -> list[Figure]:
    """From raw words to the verdict with its reason: a usual brand, and a brand with a thousand aliases."""
    tick("matching: whole mentions, folding and reason included")
    small = Query(any=("青岚咖啡", "青岚"), ambiguous=("青岚",), context=("咖啡", "拿铁", "门店", "杯"))
    told = [one["text"] for one in mentions(COUNT, 28)]
    speeds = []
    for query in (small, Query(any=tuple(aliases()))):
        matcher = compile_query(query)
        best = 0.0
        for _ in range(3):
            began = stopwatch()
            for text in told:
                matcher.match("", text)
            best = max(best, COUNT / (stopwatch() - began))
        speeds.append(best)
    return [
        Figure("short mentions judged, a usual brand", speeds[0], "mentions/s", speeds[1], 50_000, of="value"),
        Figure("short mentions judged, 1,000 aliases", speeds[1], "mentions/s", speeds[0], 50_000, of="value"),
    ]


def brute(shapes: Sequence[Shape], text: Text) -> set[str]:
    """Each word by itself, looked for from the left until it stands where a word may stand."""
    return {shape.text for shape in shapes if _stands(shape.text, text)}


def _stands(word: str, text: Text) -> bool:
    said = text.text
    at = said.find(word)
    while at >= 0:
        before, after = said[at - 1 : at] if at else "", said[at + len(word) : at + len(word) + 1]
        glued = (before and is_latin(before) and is_latin(word[0])) or (
            after and is_latin(after) and is_latin(word[-1])
        )
        if not glued and at not in text.addresses:
            return True
        at = said.find(word, at + 1)
    return False
