"""Shows the tree of a query over one mention: every branch and leaf, and whether it holds."""

from dataclasses import dataclass

from monitor.query.compiled import Check
from monitor.query.found import Found
from monitor.query.tree import And, Company, Near, Not, Or, title_of

# Of a longer list only what holds is shown.
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One node: how deep it stands, what it is, its column in the query (0: a branch), whether it holds."""

    depth: int
    text: str
    column: int
    holds: bool


def explain(check: Check, found: Found, depth: int = 0) -> list[Line]:
    """The node and all below it, top down."""
    node, holds = check.node, check.holds(found)
    match node:
        case And():
            name = "AND"
        case Or():
            name = "OR"
        case Not():
            name = "NOT"
        case Near():
            name = f"NEAR/{node.most}{'f' if node.ordered else ''}"
        case Company():
            name = "WITH"
        case _:
            return [Line(depth, title_of(node), node.column, holds)]
    parts = check.parts
    hidden = 0
    if isinstance(node, Or) and len(parts) > MOST_SHOWN:
        parts = tuple(check.living(found))[:MOST_SHOWN]
        hidden = len(check.parts) - len(parts)
    lines = [Line(depth, name, getattr(node, "column", 0), holds)]
    for part in parts:
        lines += explain(part, found, depth + 1)
    return [*lines, Line(depth + 1, f"… (+{hidden})", 0, False)] if hidden else lines
