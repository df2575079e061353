"""What one rendering borrows and what it lacks, noted while the template runs (pure)."""

from collections.abc import Callable

from config.errors import TemplateError
from statements.approving.approval import sayable
from statements.known.since import Change
from statements.writing import moments
from statements.writing.contexts import Context
from statements.writing.marks import Said, mark, neutral
from statements.writing.vocabulary import SLOTS
from store.nouns import Fact


class Ledger:
    """What one rendering used and what it lacked, noted while the template runs."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.facts = {fact.label: fact for fact in context.facts}
        self.used: dict[str, None] = {}
        self.missing: dict[str, None] = {}

    def need(self, what: str) -> Said:
        clean = neutral(str(what))
        self.missing[clean] = None
        return Said(mark(clean, self.context.lang), "missing", clean)

    def fact(self, label: str) -> Said:
        found = self.facts.get(str(label))
        if found is None:
            return self.need(str(label))
        if not sayable(found):
            why = f"{found.label} is {found.status} and {found.scope}; only confirmed public facts may be said"
            raise TemplateError(why, word=found.label)
        return self._say(found)

    def facts_of(self, slot: str) -> tuple[Said, ...]:
        if slot not in SLOTS:
            raise TemplateError(f"{slot} is not a slot of facts (allowed: {', '.join(SLOTS)})", word=str(slot))
        return tuple(self._say(fact) for fact in self.context.facts if fact.slot == slot and sayable(fact))

    def since(self, *slots: str) -> tuple[Said, ...]:
        """The facts of these slots that changed since the last release and may be said."""
        for slot in slots:
            if slot not in SLOTS:
                raise TemplateError(f"{slot} is not a slot of facts (allowed: {', '.join(SLOTS)})", word=str(slot))
        changed = [one.after for one in self.context.changes]
        return tuple(self._say(one) for one in changed if one.slot in slots and sayable(one))

    def corrections(self) -> tuple[dict[str, Said], ...]:
        """What we said and is not so: the words then, the words now or a mark, when it changed, and the evidence."""
        wrong = [one for one in self.context.changes if one.before and sayable(one.before)]
        return tuple(self._correction(one) for one in wrong if one.before and self._words(one.before) != self._now(one))

    def measures(self) -> tuple[dict[str, Said], ...]:
        named = (("what", "措施", "measure"), ("owner", "负责岗位", "who answers"), ("deadline", "期限", "deadline"))
        return tuple(
            {key: self.value(getattr(one, key), "remedy", zh, en) for key, zh, en in named}
            for one in self.context.measures
        )

    def _correction(self, change: Change) -> dict[str, Said]:
        after, lang = change.after, self.context.lang
        right = self._say(after) if sayable(after) else self.value("", "fact", "正确的情况", "what is right")
        return {
            "before": Said(self._words(change.before or after), "earlier", after.label),
            "after": right,
            "at": Said(moments.full(after.at, self.context.zone, lang), "time"),
            "evidence": self.value(after.evidence, "evidence", "可以公开的依据", "evidence that may be shown"),
        }

    def _words(self, fact: Fact) -> str:
        return neutral(fact.zh if self.context.lang == "zh" else fact.en).rstrip("。．.；;，,、 ")

    def _now(self, change: Change) -> str:
        return self._words(change.after) if sayable(change.after) else ""

    def value(self, text: str, kind: str, zh: str, en: str) -> Said:
        """A word of the settings, or the mark that asks for it."""
        clean = neutral(text)
        return Said(clean, kind) if clean else self.need(zh if self.context.lang == "zh" else en)

    def _say(self, fact: Fact) -> Said:
        text = self._words(fact)
        self.used[fact.label] = None
        if not text:
            return self.need(f"{fact.label} 的中文表述" if self.context.lang == "zh" else f"{fact.label} in English")
        return Said(text, "fact", fact.label)


class Lazy(Said):
    """A word whose mark is only noted as missing when the text really uses it."""

    make: Callable[[], Said]
