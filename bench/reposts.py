"""Texts as they come back: forwarded, cut, decorated, added to, in other signs and script, with slips of the pen."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from bench.made import pick

FORWARDS = (
    "转发微博 ",
    "转：",
    "//@小周在路上:",
    "太可怕了//@李四：//@王五_88:",
    "RT @somebody: ",
    "【转】",
    "求扩散！！//@城市观察员: ",
    "repost: ",
)
DECORATIONS = ("😱", "🔥", "[怒]", "[泪]", "#求关注#", "#曝光#", "💢", "！！！", "[doge]", "#315#")
SENTENCES = (
    "大家都来看看",
    "这种事什么时候是个头",
    "我就想知道后来怎么样了",
    "有没有人管管",
    "朋友圈都传遍了",
    "希望能给个说法",
    "先转再说",
    "已经截图保存了",
)
SLIPS = "的了是在人我有他这中大来上国个到说们为子和你地出"
KINDS = (
    "forwarded",
    "cut to 80 %",
    "emoji and tags put in",
    "a sentence added",
    "signs, width, script",
    "characters changed",
)


def edited(kind: str, text: str, seed: int) -> str:
    """The text as somebody else posts it; the same for the same seed."""
    edits: dict[str, Callable[[str, int], str]] = dict(
        zip(KINDS, (_forwarded, _cut, _decorated, _added_to, _dressed, _slipped), strict=True)
    )
    return edits[kind](text, seed)


def _forwarded(text: str, seed: int) -> str:
    return FORWARDS[pick(seed, 0, "forward", len(FORWARDS))] + text


def _cut(text: str, seed: int) -> str:
    return text[: len(text) * 8 // 10] + ("…" if seed % 2 else "")


def _decorated(text: str, seed: int) -> str:
    for turn in range(3):
        at = pick(seed, turn, "place", len(text) + 1)
        text = text[:at] + DECORATIONS[pick(seed, turn, "what", len(DECORATIONS))] + text[at:]
    return text


def _added_to(text: str, seed: int) -> str:
    sentence = SENTENCES[pick(seed, 0, "sentence", len(SENTENCES))]
    return f"{sentence}。{text}" if seed % 2 else f"{text}。{sentence}！"


def _dressed(text: str, seed: int) -> str:
    """Full width, traditional, and other punctuation."""
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
    stops = ("，", " ") if seed % 2 else ("。", "！")
    return "".join(_traditional().get(char, char) for char in wide).replace(*stops)


def _slipped(text: str, seed: int) -> str:
    """Three characters in a hundred, two at least, are others."""
    for turn in range(max(2, len(text) * 3 // 100)):
        at = pick(seed, turn, "slip", len(text))
        text = text[:at] + SLIPS[pick(seed, turn, "slips", len(SLIPS))] + text[at + 1 :]
    return text


@cache
def _traditional() -> dict[str, str]:
    lines = files("opencc").joinpath("dictionary/STCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {old: new.split()[0] for old, new in pairs if len(old) == 1}
