"""The words a template may use, written down once: for checker, renderer, template screen and manual."""

from dataclasses import dataclass

import jinja2
from jinja2 import nodes

from config.errors import TemplateError


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the vocabulary. Untrusted words carry text from outside the team and are neutralised."""

    name: str
    zh: str
    en: str
    trusted: bool
    example: str


VALUES = (
    Word("brand", "品牌名", "brand name", True, "{{ brand }}"),
    Word("company", "落款的公司全称", "legal name that signs", True, "{{ company }}"),
    Word("category", "类别代号", "category id", True, '{% if category == "rumour" %}…{% endif %}'),
    Word("category_name", "类别名称", "category name", True, "{{ category_name }}"),
    Word("number", "第几号声明", "number of the statement", True, "{{ number }}"),
    Word("happened_at", "最早公开出现的时间（含日期和时区）", "first seen in public: date, time, zone", True, ""),
    Word("seen_at", "我们获知的时间", "when we saw it", True, "{{ seen_at }}"),
    Word("signed_at", "落款时间（含日期和时区）", "when this is signed: date, time, zone", True, "{{ signed_at }}"),
    Word("next_update_at", "下一次更新的时限（含时区）", "deadline of the next update, with zone", True, ""),
    Word("phone", "已核实的联系电话", "verified phone", True, "{{ phone }}"),
    Word("email", "已核实的联系邮箱", "verified mail address", True, "{{ email }}"),
    Word("place", "下一次更新发布的位置", "where the next update appears", True, "{{ place }}"),
    Word("listed", "是不是上市公司", "is the company listed", True, "{% if listed %}…{% endif %}"),
    Word("earlier_at", "上一份文本的发布时间", "when the last text was published", True, "{{ earlier_at }}"),
    Word("answers", "问答条目", "lines of the Q&A sheet", False, "{% for a in answers %}{{ a.question }}{% endfor %}"),
)
FUNCTIONS = (
    Word("fact", "一条已核实且可公开的事实", "one confirmed public fact", False, '{{ fact("F1") }}'),
    Word(
        "facts",
        "某一栏全部已核实且可公开的事实",
        "all such facts of a slot",
        False,
        '{% for f in facts("done") %}{{ f }}{% endfor %}',
    ),
    Word(
        "since",
        "上次发布以来变化的事实",
        "facts changed since the last release",
        False,
        '{% for f in since("done") %}{{ f }}{% endfor %}',
    ),
    Word("need", "缺失内容的标记，未补齐不能批准", "a mark that blocks approval", True, '{{ need("门店名称") }}'),
    Word("slot", "标出声明的一栏（屏幕着色用）", "begins a slot of the statement", True, '{{ slot("contact") }}'),
)
BLOCKS = (
    Word("done", "已经做的", "what we have done", True, "{{ done() }}"),
    Word("checked", "核对了什么、怎样核对的（谣言用）", "what we checked and how (rumours)", True, "{{ checked() }}"),
    Word("scope", "已确认的范围，没有时写括号里的话", "confirmed extent, or these words", True, '{{ scope("") }}'),
    Word("unknown", "还不知道的", "what we do not know yet", True, "{{ unknown() }}"),
    Word("still_checking", "还在核对的（有才写）", "what we still check, if anything", True, "{{ still_checking() }}"),
    Word(
        "advice",
        "公众现在做什么；true：必须有",
        "what the public can do; true: needed",
        True,
        "{{ advice(true) }}",
    ),
    Word("authority", "向有关部门的报告（有才写）", "report to an authority, if any", True, "{{ authority() }}"),
    Word("contact", "联系方式", "contact", True, "{{ contact() }}"),
    Word("next_update", "下一次更新", "next update", True, "{{ next_update() }}"),
    Word("sign_off", "落款", "sign-off", True, "{{ sign_off() }}"),
    Word("cause", "查清的原因（有才写）", "the established cause, if any", True, "{{ cause() }}"),
    Word("short_done", "一句话：已经做的", "done, in one sentence", True, "{{ short_done() }}"),
    Word("short_checked", "一句话：核对了什么", "checked, in one sentence", True, "{{ short_checked() }}"),
    Word("short_unknown", "一句话：还不知道的", "unknown, in one sentence", True, "{{ short_unknown() }}"),
    Word("short_checking", "一句话：还在核对的", "still checked, in one sentence", True, "{{ short_checking() }}"),
    Word("short_advice", "接在后面的行动建议", "advice, continued", True, "{{ short_advice() }}"),
    Word("short_contact", "一句话：联系方式和下一次更新", "contact and next update", True, "{{ short_contact() }}"),
    Word("done_since", "上次发布以来做的", "what was done since the last text", True, "{{ done_since() }}"),
    Word("checked_since", "上次发布以来核对的", "what was checked since", True, "{{ checked_since() }}"),
    Word("learned", "上次发布以来新核实的", "what was established since", True, "{{ learned() }}"),
    Word("corrected", "说错的、正确的、时间、依据", "wrong, right, when, evidence", True, "{{ corrected() }}"),
    Word("remedies", "措施 · 负责岗位 · 期限", "measure · role · deadline", True, "{{ remedies() }}"),
)
VOCABULARY = VALUES + FUNCTIONS + BLOCKS
SLOTS = ("done", "unknown", "action", "scope", "authority", "cause", "other")
FILTERS = ("join", "length", "first", "last")
ATTRIBUTES = {
    "loop": ("index", "first", "last", "length"),
    "answer": ("qid", "question", "answer", "status", "do_not_say", "facts"),
}
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.For, nodes.CondExpr, nodes.Not,
    nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Name, nodes.Call, nodes.Getattr,
    nodes.Filter, nodes.Assign,
)  # fmt: skip
_WHAT_IS_ALLOWED = "a template may use the words of the vocabulary, if, for, set, and the filters " + ", ".join(FILTERS)


def check_template(source: str, *, words: tuple[str, ...] = ()) -> None:
    """Return when `source` uses nothing but the vocabulary (and `words`); else TemplateError(line, word)."""
    tree = parse(source)
    allowed = {word.name for word in VOCABULARY} | {"loop"} | set(words)
    callable_words = {word.name for word in FUNCTIONS + BLOCKS} | set(words)
    allowed |= {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    for name in tree.find_all(nodes.Name):
        if name.ctx == "store" and name.name in {word.name for word in VOCABULARY}:
            _refuse(name.lineno, name.name, "is a word of the vocabulary and cannot be set anew")
    for node in walk(tree):
        _check_node(node, allowed, callable_words)


def parse(source: str) -> nodes.Template:
    """The syntax tree; a syntax fault is a TemplateError that names the line."""
    try:
        return jinja2.Environment(autoescape=False).parse(source)  # noqa: S701  (plain text, never HTML)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"line {error.lineno}: {error.message}", line=error.lineno) from error


def walk(node: nodes.Node) -> list[nodes.Node]:
    """Every node, outermost first."""
    found = [node]
    for child in node.iter_child_nodes():
        found += walk(child)
    return found


def _check_node(node: nodes.Node, allowed: set[str], callable_words: set[str]) -> None:
    line = node.lineno or 1
    if not isinstance(node, _PLAIN):
        _refuse(line, type(node).__name__.lower(), "is not allowed here")
    if isinstance(node, nodes.Name) and node.name not in allowed:
        _refuse(line, node.name, "is not in the vocabulary")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        _refuse(line, node.name, "is not an allowed filter")
    if isinstance(node, nodes.Getattr):
        _check_attribute(node)
    if isinstance(node, nodes.Call):
        _check_call(node, callable_words)


def _check_attribute(node: nodes.Getattr) -> None:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    kind = "loop" if owner == "loop" else "answer"
    if not owner or node.attr not in ATTRIBUTES[kind]:
        _refuse(node.lineno, node.attr, "is not an attribute a template may read")


def _check_call(node: nodes.Call, callable_words: set[str]) -> None:
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    if name not in callable_words:
        _refuse(node.lineno, name or type(node.node).__name__.lower(), "cannot be called")
    for one in node.args if name in ("facts", "since") else ():
        if isinstance(one, nodes.Const) and one.value not in SLOTS:
            _refuse(node.lineno, str(one.value), f"is not a slot of facts (allowed: {', '.join(SLOTS)})")


def _refuse(line: int, word: str, why: str) -> None:
    raise TemplateError(f"line {line}: {word} {why}; {_WHAT_IS_ALLOWED}", line=line, word=word)
