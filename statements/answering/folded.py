"""A question in one form, so that script, width, case and decoration do not tell two askers apart (pure)."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\ufe00-\ufe0f\u200d\U0001f000-\U0001faff]+")
# Faces of Chinese platforms written in brackets: [泪], [哭惹R], [doge].
_FACE = re.compile(r"\[[\w一-鿿]{1,6}\]")
_BLANKS = re.compile(r"\s+")
_QUOTES = {**dict.fromkeys(map(ord, "‘’ʼ`´"), "'"), **dict.fromkeys(map(ord, "“”„「」『』"), '"')}
_MORE = dict(zip(map(ord, "妳牠祂喫慾裡麽"), "你它他吃欲里么", strict=True))


@cache
def simplified() -> dict[int, str]:
    """Code point of a traditional character → its simplified form."""
    lines = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1} | _MORE | _QUOTES


def folded(text: str) -> str:
    """Half width, lower case, simplified characters, one blank for many; faces and emoji are gone."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(simplified())
    return _BLANKS.sub(" ", undecorated(plain)).strip()


def undecorated(text: str) -> str:
    """The text without emoji and bracketed faces, all else as it was."""
    return _FACE.sub(" ", _EMOJI.sub(" ", text))
