"""Finds a value in parsed JSON by JMESPath, with a fallback that keeps 0 and quoted texts that fill themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from config.pipes import PLACE, POSITION, VALUE, WHOLE, bare, compiled

Find = Callable[[str], Any]


class _Reader(TreeInterpreter):  # type: ignore[misc]
    """JMESPath as the library reads it, but for `||` and for quoted texts with {paths} in them."""

    def __init__(self, find: Find) -> None:
        super().__init__()
        self._find = find

    def visit_or_expression(self, node: Any, value: Any) -> Any:
        """The right side stands in for null, "" and false; a false that nothing stands in for stays false."""
        left = super().visit(node["children"][0], value)
        if not self._is_false(left):
            return left
        right = super().visit(node["children"][1], value)
        return left if is_absent(right) and not is_absent(left) else right

    def visit_literal(self, node: Any, value: Any) -> Any:
        found = node["value"]
        return filled(found, self._find) if isinstance(found, str) and "{" in found else found


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an answer: `whole` is the answer it stands in, `position` its place there, counted from 1.

    `asked`: what the {names} of the request were.
    """

    value: Any
    whole: Any
    position: int = 1
    asked: Mapping[str, str] = field(default_factory=dict)

    def find(self, path: str) -> Any:
        """What stands at `path`; None when nothing does, or when a function there cannot take what it is given."""
        if path == POSITION:
            return self.position
        if path.startswith(VALUE):
            return self.asked.get(path[1:])
        start = self.whole if path.startswith(WHOLE) else self.value
        return _visit(bare(path), start, self.find)


def look(path: str, document: Any) -> Any:
    """What stands at `path` in a whole answer, None when nothing does. `path` has passed config.pipes.compiled."""
    return Item(document, document).find(path)


def is_true(path: str, document: Any) -> bool:
    """Whether `path` finds anything but null, false, "", an empty list or object; "" is never true."""
    return bool(path) and look(path, document) not in (None, False, "", [], {})


def is_absent(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def text_of(value: Any) -> str:
    """A value as text: whole floats without their point, lists joined by blanks; "" for objects, true and false."""
    if isinstance(value, list):
        return " ".join(filter(None, map(text_of, value)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def filled(template: str, find: Find) -> str | None:
    """`template` with every {path} replaced; None when one of them finds nothing. In addresses they are escaped."""
    escape = template.startswith(("http://", "https://"))
    out, end = [], 0
    for place in PLACE.finditer(template):
        text = text_of(find(place[1]))
        if not text:
            return None
        out += [template[end : place.start()], quote(text, safe="~:@") if escape else text]
        end = place.end()
    return "".join([*out, template[end:]])


def _visit(path: str, start: Any, find: Find) -> Any:
    try:
        return _Reader(find).visit(compiled(path).parsed, start)
    except (JMESPathError, ValueError, RecursionError):
        # A function that was given null or another type: as absent as the value itself. ValueError: braces in a JSON
        # literal that hold no path.
        return None
