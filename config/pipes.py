"""The small language of a field map: "JMESPath -> transform -> transform(argument)", read and checked with settings."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import jmespath
from jmespath.exceptions import JMESPathError

# What a mention may be given; the rest of it (raw_date, raw_excerpt, date_estimated) we make ourselves.
WORDS: Final = ("title", "text")
NAMES: Final = (
    "ext_id", "author", "handle", "platform", "klass", "lang", "parent_ext_id", "repost_of", "region", "status",
)  # fmt: skip
COUNTS: Final = ("followers", "likes", "comments", "reposts", "views", "points", "rank")
FLAGS: Final = ("verified", "bot", "truncated")
FIELDS: Final = (*WORDS, "url", *NAMES, "published_at", *COUNTS, *FLAGS)
# Name of a transform -> whether it needs an argument.
TRANSFORMS: Final = {
    "html_text": False, "strip_em": False, "unescape": False, "str": False, "int": False, "cn_int": False,
    "epoch_s": False, "epoch_ms": False, "rfc2822": False, "iso": False, "weibo_date": False, "gdelt_date": False,
    "cn_date": False, "urljoin": True, "template": True, "weibo_url": False, "at_uri_url": False,
}  # fmt: skip
KLASSES: Final = ("post", "comment", "complaint", "review", "article", "video", "hotlist")
# The path that is the item's place in the list, counted from 1: hot lists seldom say it themselves.
POSITION: Final = "#"
# A path that begins with this starts at the whole answer instead of the item.
WHOLE: Final = "^"
# One that begins with this names what the source put into its request: {$list}.
VALUE: Final = "$"

_PIECE: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:\\.|[^`\\])*`|->|.", re.DOTALL)
_QUOTED: Final = re.compile(r"'(?:\\.|[^'\\])*'")
_LOOSE_NOT: Final = re.compile(r"!\s*(?:\w+|\"[^\"]*\")\s*\.")
# {path} in a quoted text or in template(…) becomes what stands there in the item; {@} is the value at hand.
PLACE: Final = re.compile(r"\{([^{}]+)\}")
_STEP: Final = re.compile(r"(?P<name>[A-Za-z_0-9]+)\s*(?:\((?P<argument>.*)\))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Pipe:
    """One value of a field map: where it is found and what is done to it."""

    path: str
    steps: tuple[Step, ...] = ()


@lru_cache(maxsize=4096)
def parse_pipe(text: str) -> Pipe:
    """The pipe `text` describes; ValueError says what is wrong with it and what is allowed."""
    path, *steps = _split(text)
    if not path:
        raise ValueError('needs a JMESPath, or one with transforms: "a.b || c -> html_text"')
    if path != POSITION:
        compiled(bare(path))
        check_places("".join(_QUOTED.findall(path)))
    return Pipe(path, tuple(_step(one) for one in steps))


@lru_cache(maxsize=4096)
def compiled(path: str) -> Any:
    """The parsed JMESPath; ValueError says where it is wrong."""
    if _LOOSE_NOT.search(_QUOTED.sub("", path)):
        raise ValueError(f"{path[:80]!r}: `!a.b` means (!a).b in JMESPath; write !(a.b)")
    try:
        return jmespath.compile(path)
    except JMESPathError as error:
        said = " ".join(str(error).split())[:200]
        raise ValueError(f"{path[:80]!r} is not JMESPath: {said}") from error


def bare(path: str) -> str:
    """A path without the letter that says where it starts."""
    return path[1:] if path.startswith((WHOLE, VALUE)) else path


def check_path(path: str) -> str:
    """`path` when it is "" or JMESPath; ValueError otherwise."""
    if path:
        compiled(path)
    return path


def check_places(text: str) -> None:
    """ValueError when a {path} of a template is no path."""
    for found in PLACE.finditer(text):
        compiled(bare(found[1]))


def _split(text: str) -> list[str]:
    """The parts between arrows; an arrow inside quotes belongs to the path."""
    parts = [""]
    for piece in _PIECE.findall(text):
        if piece == "->":
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    name = found["name"] if found else text[:40]
    if not found or name not in TRANSFORMS:
        raise ValueError(f"there is no transform {name!r}; allowed: {', '.join(TRANSFORMS)}")
    argument = (found["argument"] or "").strip()
    if len(argument) >= 2 and argument[0] == argument[-1] and argument[0] in "'\"":
        argument = argument[1:-1]
    if TRANSFORMS[name] != bool(argument):
        needs = "needs an argument, as in template(https://…/{id})" if TRANSFORMS[name] else "takes no argument"
        raise ValueError(f"transform {name} {needs}")
    if name == "template":
        check_places(argument)
    return Step(name, argument)
