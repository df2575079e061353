"""Says in one sentence which of a query's leaves made a mention ours, or what it lacked."""

from collections.abc import Iterable, Iterator

from monitor.query.compiled import Check
from monitor.query.found import Found
from monitor.query.tree import Amount, And, Company, Leaf, Mark, Near, Not, Or, Pattern, Word, title_of

SHOWN = 5
_UNKNOWN = {"followers": "粉丝数未知", "rank": "排名未知"}


def said(check: Check, found: Found) -> Iterator[Leaf]:
    """The leaves that hold and speak for the mention, in the order of the query; the company of a word is none."""
    node = check.node
    match node:
        case Not():
            speaking = []
        case Or():
            speaking = check.living(found)
        case Company() | And() | Near():
            heard = check.parts[:1] if isinstance(node, Company) else check.parts
            speaking = list(heard) if check.holds(found) else []
        case _:
            speaking = []
            if check.holds(found):
                yield node
    for part in speaking:
        yield from said(part, found)


def words_of(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    """As they are written, each once."""
    return tuple(dict.fromkeys(leaf.written for leaf in leaves))


def because(check: Check, found: Found) -> str:
    """Why a mention that `check` holds of is ours."""
    words = words_of(said(check, found))
    if not words:
        return "没有出现任何被排除的内容。"
    context = words_of(_context(check, found))
    return f"命中{quoted(words)}" + (f"，并有语境词{quoted(context)}。" if context else "。")


def _context(check: Check, found: Found) -> Iterator[Leaf]:
    """What kept a doubtful word company, where nothing but doubtful words speaks for the mention."""
    match check.node:
        case And():
            for part in check.parts:
                yield from _context(part, found)
        case Or():
            living = check.living(found)
            if living and all(isinstance(part.node, Company) for part in living):
                for part in living:
                    yield from said(part.parts[1], found)
        case _:
            return


def lacking(check: Check, found: Found) -> str:
    """Why a mention that `check` does not hold of is not ours."""
    node = check.node
    match node:
        case And():
            return _lacking_all([part for part in check.parts if not part.holds(found)], found)
        case Or():
            return _lacking_any(check, node, found)
        case Not():
            return f"出现排除词{quoted(words_of(said(check.parts[0], found)) or [title_of(node.part)])}，不算。"
        case Near():
            return _lacking_near(check, node, found)
        case Company():
            if not check.parts[0].holds(found):
                return lacking(check.parts[0], found)
            return f"{quoted(words_of(said(check.parts[0], found)))}有歧义，上下文里没有任何语境词。"
        case Word():
            return f"没有出现“{node.written}”。"
        case _:
            return _lacking_told(node, found)


def _lacking_told(node: Pattern | Mark | Amount, found: Found) -> str:
    if isinstance(node, Amount) and getattr(found.seen, node.field) is None:
        return f"“{node.written}”不成立：{_UNKNOWN[node.field]}。"
    return f"“{node.written}”不成立。"


def _lacking_any(check: Check, node: Or, found: Found) -> str:
    for part in check.parts:
        if isinstance(part.node, Company) and part.parts[0].holds(found):
            return lacking(part, found)
    return f"没有出现{_one_of(list(_names(node)))}。" if node.parts else "没有设置检索词。"


def _names(node: Or) -> Iterator[str]:
    for part in node.parts:
        yield from (leaf.written for leaf in part.words) if isinstance(part, Company) else (title_of(part),)


def _lacking_all(failing: list[Check], found: Found) -> str:
    barred = [part for part in failing if isinstance(part.node, Not)]
    if barred:
        return lacking(barred[0], found)
    words = [part.node.written for part in failing if isinstance(part.node, Word)]
    return f"缺少必须出现的词{quoted(words)}。" if words else lacking(failing[0], found)


def _lacking_near(check: Check, node: Near, found: Found) -> str:
    for part in check.parts:
        if not part.holds(found):
            return lacking(part, found)
    left, right = (quoted(words_of(said(part, found))) for part in check.parts)
    order = "按先后顺序" if node.ordered else ""
    return f"{left}和{right}没有{order}在相距 {node.most} 以内出现。"


def quoted(words: Iterable[str]) -> str:
    listed = list(dict.fromkeys(words))
    more = f"等 {len(listed)} 个词" if len(listed) > SHOWN else ""
    return "、".join(f"“{word}”" for word in listed[:SHOWN]) + more


def _one_of(words: list[str]) -> str:
    return quoted(words) + ("中的任何一个" if len(words) > 1 else "")
