"""The expert form becomes a tree: NOT before AND before OR, NEAR before all of them, words side by side are AND.

or := and ("OR" and)*          and := not ("AND"? not)*          not := ("NOT" | "-")* near
near := atom ("NEAR/n[f]" atom)*          atom := word | "phrase" | /pattern/ | field atom | "(" or ")"
"""

from monitor.query.faults import QueryError
from monitor.query.lexer import MARK_FIELDS, Kind, Token, tokens
from monitor.query.patterns.machine import Machine
from monitor.query.seen import host_of, lang_form, same_form, tag_form
from monitor.query.shapes import ANY, ONE, shape_of
from monitor.query.tree import Amount, And, Leaf, Mark, Near, Node, Not, Or, Part, Pattern, Word, places_of

MOST_WORDS = 5000
MOST_DEEP = 50
_OPERATORS = (Kind.AND, Kind.OR, Kind.NEAR)
_FORMS = {"site": host_of, "platform": same_form, "lang": lang_form, "tag": tag_form}


def parse(query: str) -> Node:
    """The tree of an expert query; QueryError says what is wrong, in which column, and what is allowed."""
    parser = _Parser(tokens(query))
    if parser.next_is(Kind.END):
        raise QueryError(1, "empty")
    found = parser.any_of()
    if not parser.next_is(Kind.END):
        # Only a closing bracket stops the reading early.
        raise QueryError(parser.token.column, "extra_bracket")
    return found


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self.tokens, self.at = found, 0
        self.depth = self.words = 0
        # The field whose brackets we are in, None outside.
        self.field: Token | None = None

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def next_is(self, *kinds: Kind) -> bool:
        return self.token.kind in kinds

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def any_of(self) -> Node:
        parts = [self.all_of()]
        while self.next_is(Kind.OR):
            self.operator()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Node:
        parts = [self.negated()]
        while not self.next_is(Kind.OR, Kind.CLOSE, Kind.END):
            if self.next_is(Kind.AND):
                self.operator()
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def operator(self) -> Token:
        """Take an operator that needs something on its right."""
        token = self.take()
        if self.next_is(*_OPERATORS, Kind.CLOSE, Kind.END):
            raise QueryError(token.column, "no_right", word=token.written)
        return token

    def negated(self) -> Node:
        negated = False
        while self.next_is(Kind.NOT):
            self.operator()
            negated = not negated
        found = self.near()
        return Not(found) if negated else found

    def near(self) -> Node:
        found, chain = self.atom(), 0
        while self.next_is(Kind.NEAR):
            token = self.operator()
            if self.next_is(Kind.NOT):
                raise QueryError(self.token.column, "near_operand")
            chain += 1
            self.check_depth(chain)
            right = self.atom()
            if not _spans(found) or not _spans(right):
                raise QueryError(token.column, "near_operand")
            if not places_of(found) & places_of(right):
                raise QueryError(token.column, "near_parts")
            found = Near(found, right, int(token.number), token.operator == "f", token.column)
        return found

    def atom(self) -> Node:
        token = self.token
        if token.kind in _OPERATORS:
            raise QueryError(token.column, "no_left", word=token.written)
        if token.kind == Kind.CLOSE:
            raise QueryError(token.column, "extra_bracket")
        self.at += 1
        if token.kind == Kind.OPEN:
            return self.bracketed(token)
        if token.kind == Kind.FIELD:
            return self.fielded(token)
        return self.leaf(token)

    def bracketed(self, opened: Token) -> Node:
        if self.next_is(Kind.CLOSE):
            raise QueryError(opened.column, "empty_bracket")
        if self.next_is(Kind.END):
            raise QueryError(opened.column, "open_bracket")
        self.depth += 1
        self.check_depth(0)
        found = self.any_of()
        if self.take().kind != Kind.CLOSE:
            raise QueryError(opened.column, "open_bracket")
        self.depth -= 1
        return found

    def check_depth(self, chain: int) -> None:
        if self.depth + chain > MOST_DEEP:
            raise QueryError(self.token.column, "too_deep", most=MOST_DEEP)

    def fielded(self, token: Token) -> Node:
        if self.field is not None:
            raise QueryError(token.column, "field_in_field", word=token.written)
        if not self.next_is(Kind.WORD, Kind.QUOTED, Kind.PATTERN, Kind.OPEN):
            raise QueryError(token.column, "field_value", word=token.written, sample=f"{token.text}:…")
        self.field = token
        found = self.atom()
        self.field = None
        return found

    def leaf(self, token: Token) -> Leaf:
        self.words += 1
        if self.words > MOST_WORDS:
            raise QueryError(token.column, "too_many", most=MOST_WORDS)
        field = self.field
        if token.kind == Kind.AMOUNT:
            if field is not None:
                raise QueryError(token.column, "field_in_field", word=token.text)
            return Amount(token.written, token.column, token.text, token.operator, token.number)
        written = f"{field.text}:{token.written}" if field else token.written
        if token.kind == Kind.PATTERN:
            return _pattern(token, written, field)
        if field and field.text in ("url", *MARK_FIELDS):
            return mark(field.text, token, written)
        return word(token, written, Part(field.text) if field else Part.BOTH)


def _pattern(token: Token, written: str, field: Token | None) -> Pattern:
    if field and field.text in MARK_FIELDS:
        raise QueryError(token.column, "field_pattern", word=field.text)
    return Pattern(written, token.column, Machine(token.text, token.column + 1), Part(field.text if field else ""))


def mark(field: str, token: Token, written: str) -> Mark:
    """A leaf that compares what is told of a mention."""
    text = token.text.replace(ONE, "?").replace(ANY, "*")
    value = _FORMS.get(field, same_form)(text)
    if not value:
        code = "site" if field == "site" else "empty_word"
        raise QueryError(token.column, code, word=token.written, value=token.written)
    return Mark(written, token.column, field, value)


def word(token: Token, written: str, part: Part) -> Word:
    """A leaf that looks for a word or phrase."""
    text = token.text.lstrip("@") if part == Part.AUTHOR else token.text
    shape = shape_of(text, quoted=token.kind == Kind.QUOTED)
    if shape is None:
        raise QueryError(token.column, "empty_word", word=token.written)
    return Word(written, token.column, shape, part)


def _spans(node: Node) -> bool:
    """Whether it stands at places of a text that can be near others."""
    match node:
        case Word() | Near():
            return True
        case Or(parts):
            return all(_spans(part) for part in parts)
        case _:
            return False
