"""Spells a text as people do who want no machine to find it: blanks, unseen marks, traditional characters."""

from functools import cache
from importlib.resources import files

_BETWEEN = (" ", "\u200b", "", "*", "")


def evaded(text: str) -> str:
    """Every second hanzi traditional where it has a twin, and something between most hanzi; the same each time."""
    found = []
    for place, char in enumerate(text):
        found.append(_traditional().get(char, char) if place % 2 else char)
        if "\u4e00" <= char <= "\u9fff" and place + 1 < len(text) and "\u4e00" <= text[place + 1] <= "\u9fff":
            found.append(_BETWEEN[place % len(_BETWEEN)])
    return "".join(found)


@cache
def _traditional() -> dict[str, str]:
    lines = files("opencc").joinpath("dictionary/STCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {old: new.split()[0] for old, new in pairs if len(old) == 1}
