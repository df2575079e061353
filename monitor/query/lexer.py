"""Cuts a written query into its tokens, each with the column it starts in."""

import re
from dataclasses import dataclass
from enum import StrEnum

from monitor.query.faults import QueryError
from monitor.query.shapes import ANY, ONE

MOST_CHARACTERS = 200_000
FARTHEST = 1000
TEXT_FIELDS = ("title", "body", "author", "url")
MARK_FIELDS = ("site", "platform", "lang", "tag")
NUMBER_FIELDS = ("followers", "rank")
FIELDS = (*TEXT_FIELDS, *MARK_FIELDS, *NUMBER_FIELDS)
SAMPLES = {
    "title": "title:异物", "body": "body:异物", "author": "author:记者", "url": "url:news.example/food",
    "site": "site:news.example", "platform": "platform:weibo", "lang": "lang:zh", "tag": "tag:食品安全",
    "followers": "followers>10000", "rank": "rank<=10",
}  # fmt: skip
_CHINESE = {
    "标题": "title", "正文": "body", "作者": "author", "网址": "url", "网站": "site", "站点": "site",
    "平台": "platform", "语言": "lang", "话题": "tag", "标签": "tag", "粉丝": "followers", "粉丝数": "followers",
    "排名": "rank",
}  # fmt: skip
# Input methods write the signs full width; each becomes its twin, so that columns stay.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20} | dict.fromkeys(map(ord, "–−"), 0x2D)
_QUOTES = {**dict.fromkeys('"“”„‟', '"“”„‟'), "「": "」", "『": "』"}
_CLOSERS = "」』"
_STOPS = frozenset(("(", ")", *_QUOTES, *_CLOSERS))
_FIELD = re.compile(r"([^\W\d_]+)(?:(:)|\s*(>=|<=|=|>|<|≥|≤))\s*")
_NEAR = re.compile(r"NEAR/([0-9]{1,9})([fF]?)")
_AMOUNT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(万|亿|k|m)?", re.IGNORECASE)
_TIMES = {"万": 1e4, "亿": 1e8, "k": 1e3, "m": 1e6}
_SAME = {"≥": ">=", "≤": "<="}


class Kind(StrEnum):
    WORD = "word"
    QUOTED = "quoted"
    PATTERN = "pattern"
    FIELD = "field"
    AMOUNT = "amount"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"
    END = ""


@dataclass(frozen=True, slots=True)
class Token:
    """`text`: what to look for, with ONE and ANY for wildcards; a field's name. `written`: as in the query.

    `operator` and `number` belong to an AMOUNT; `number` is also a NEAR's distance, `operator` "f" when in order.
    """

    kind: Kind
    text: str
    written: str
    column: int
    operator: str = ""
    number: float = 0


def tokens(query: str) -> list[Token]:
    """All tokens, an END last; QueryError names the column of what cannot be read."""
    if len(query) > MOST_CHARACTERS:
        raise QueryError(1, "too_long", size=len(query), most=MOST_CHARACTERS)
    lexer = _Lexer(query)
    found = []
    while (token := lexer.next()).kind != Kind.END:
        found.append(token)
    return [*found, token]


class _Lexer:
    def __init__(self, query: str) -> None:
        self.query, self.narrow, self.at = query, query.translate(_NARROW), 0
        # The field whose value comes next, "" elsewhere.
        self.field = ""

    def next(self) -> Token:
        while self.at < len(self.query) and self.narrow[self.at].isspace():
            self.at += 1
        field, self.field = self.field, ""
        char = self.narrow[self.at : self.at + 1]
        if not char:
            return self._token(Kind.END, self.at, "")
        if char in "()":
            return self._token(Kind(char), self.at + 1, char)
        if char in _QUOTES:
            return self._quoted(_QUOTES[char])
        if char in _CLOSERS:
            raise QueryError(self.at + 1, "lone_quote")
        return self._value(field, char) if field else self._free(char)

    def _free(self, char: str) -> Token:
        if char == "/":
            return self._pattern()
        if char == "-":
            return self._minus()
        return self._field() or self._word()

    def _value(self, field: str, char: str) -> Token:
        if char == "/" and (field != "url" or self._closes()):
            return self._pattern()
        return self._address() if field in ("url", "site") else self._word()

    def _token(self, kind: Kind, end: int, text: str, operator: str = "", number: float = 0) -> Token:
        start, self.at = self.at, end
        return Token(kind, text, self.query[start:end].strip(), start + 1, operator, number)

    def _quoted(self, closers: str) -> Token:
        said: list[str] = []
        at = self.at + 1
        while at < len(self.query) and self.narrow[at] not in closers:
            if self.narrow[at] == "\\" and at + 1 < len(self.query):
                at += 1
                said.append(self.query[at])
            else:
                said.append({"*": ANY, "?": ONE}.get(self.narrow[at], self.query[at]))
            at += 1
        if at >= len(self.query):
            raise QueryError(self.at + 1, "open_quote")
        return self._token(Kind.QUOTED, at + 1, _starred("".join(said)))

    def _closes(self) -> bool:
        """Whether a value that starts with a slash is a pattern rather than the beginning of a path."""
        run = re.compile(r"/\S+/(?=[\s)]|\Z)").match(self.narrow, self.at)
        return run is not None

    def _pattern(self) -> Token:
        at, inside = self.at + 1, False
        while at < len(self.query) and (inside or self.narrow[at] != "/"):
            char = self.narrow[at]
            inside = char == "[" or (inside and char != "]")
            at += 2 if char == "\\" else 1
        if at >= len(self.query):
            raise QueryError(self.at + 1, "open_pattern")
        text = self.query[self.at + 1 : at]
        if not text:
            raise QueryError(self.at + 1, "pattern_empty")
        end = _run(self.narrow, at + 1)
        if (flags := self.narrow[at + 1 : end]) not in ("", "i"):
            raise QueryError(at + 2, "pattern_flag", word=flags)
        return self._token(Kind.PATTERN, end, text)

    def _address(self) -> Token:
        """Up to a blank or a bracket that closes more than the address itself opened."""
        at, depth = self.at, 0
        while at < len(self.query) and not self.narrow[at].isspace():
            depth += {"(": 1, ")": -1}.get(self.narrow[at], 0)
            if depth < 0:
                break
            at += 1
        return self._token(Kind.WORD, at, self.narrow[self.at : at])

    def _minus(self) -> Token:
        after = self.narrow[self.at + 1 : self.at + 2]
        if not after or after.isspace() or after == ")":
            raise QueryError(self.at + 1, "minus")
        return self._token(Kind.NOT, self.at + 1, "-")

    def _field(self) -> Token | None:
        found = _FIELD.match(self.narrow, self.at)
        if found is None:
            return None
        name = _CHINESE.get(found[1], found[1].lower())
        operator = found[2] or found[3]
        if name not in FIELDS:
            if operator != ":" and not self.narrow[found.end() : found.end() + 1].isdigit():
                return None
            raise QueryError(self.at + 1, "unknown_field", word=found[1], known=", ".join(FIELDS))
        if name in NUMBER_FIELDS:
            return self._amount(name, found)
        if operator != ":":
            raise QueryError(self.at + 1, "field_operator", word=name, sample=SAMPLES[name])
        self.field = name
        return self._token(Kind.FIELD, found.end(), name)

    def _amount(self, name: str, found: re.Match[str]) -> Token:
        """followers>10000, followers>1万, rank:3 (which is rank=3), followers:>500."""
        at = found.end()
        more = re.compile(r"(>=|<=|=|>|<|≥|≤)?\s*").match(self.narrow, at) if found[2] else None
        operator = (more[1] if more else found[3]) or "="
        at = more.end() if more else at
        end = _run(self.narrow, at)
        value = _AMOUNT.fullmatch(self.narrow, at, end)
        if value is None:
            raise QueryError(at + 1, "number", word=name, sample=SAMPLES[name], value=self.query[at:end])
        number = float(value[1].replace(",", "")) * _TIMES.get((value[2] or "").lower(), 1)
        return self._token(Kind.AMOUNT, end, name, _SAME.get(operator, operator), number)

    def _word(self) -> Token:
        start, end, said = self.at, _run(self.narrow, self.at), []
        word = self.narrow[start:end]
        if word in ("AND", "OR", "NOT"):
            return self._token(Kind(word), end, word)
        if word == "NEAR" or word.startswith("NEAR/"):
            return self._near(word, end)
        at = start
        while at < end:
            escaped = self.narrow[at] == "\\" and at + 1 < end
            at += escaped
            said.append(self.query[at] if escaped else {"*": ANY, "?": ONE}.get(self.narrow[at], self.query[at]))
            at += 1
        text = "".join(said)
        if ANY in text[:-1] or text == ANY:
            raise QueryError(start + text.index(ANY) + 1, "star")
        return self._token(Kind.WORD, end, text)

    def _near(self, word: str, end: int) -> Token:
        found = _NEAR.fullmatch(word)
        if found is None or int(found[1]) > FARTHEST:
            raise QueryError(self.at + 1, "near_number", most=FARTHEST)
        return self._token(Kind.NEAR, end, word, found[2].lower(), int(found[1]))


def _run(narrow: str, at: int) -> int:
    """Where the run of characters that no blank, bracket or quote ends comes to its end."""
    while at < len(narrow) and not narrow[at].isspace() and narrow[at] not in _STOPS:
        at += 2 if narrow[at] == "\\" else 1
    return min(at, len(narrow))


def _starred(said: str) -> str:
    """In quotes a star is a wildcard at the end only; elsewhere it is itself (M*A*S*H)."""
    return said[:-1].replace(ANY, "*") + said[-1:]
