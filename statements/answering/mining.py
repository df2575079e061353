"""What many mentions ask: prepared questions in people's own words, the rest grouped by what they share (pure)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from statements.answering.asked import Asked, questions_in
from statements.answering.likeness import Weights, runs, terms
from statements.answering.themes import Themes

# Two wordings nobody prepared are one topic from this likeness on.
ALIKE = 0.42
# A word in more groups than this says too little to look through all of them.
MOST_GROUPS = 40


class Topic(NamedTuple):
    """One topic: `theme` is the id of a prepared question, "" for one nobody prepared.

    `ids` are all mentions that ask it, in the order they came; `heat` is how many.
    """

    theme: str
    topic: str
    question: str
    heat: int
    ids: tuple[str, ...]


@dataclass(slots=True)
class _Wording:
    """One form of a question nobody prepared, with the places of the mentions that use it."""

    terms: frozenset[str]
    places: dict[int, None] = field(default_factory=dict)
    shown: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Group:
    """Wordings that are one topic; `leader` is what the others are compared with."""

    leader: frozenset[str]
    form: str
    shown: Counter[str]
    places: dict[int, None]


def mine(mentions: Iterable[tuple[str, str]], themes: Themes, lang: str = "") -> tuple[Topic, ...]:
    """Topics of (id, text), hottest first. `lang`: in which language prepared questions are shown; "": as most ask."""
    ids: list[str] = []
    hits: dict[str, dict[int, None]] = defaultdict(dict)
    chinese: Counter[str] = Counter()
    wordings: dict[str, _Wording] = {}
    known: dict[str, tuple[Asked, ...]] = {}
    for place, (mention_id, text) in enumerate(mentions):
        ids.append(mention_id)
        if text not in known:
            known[text] = questions_in(text)
        for asked in known[text]:
            theme = themes.of(asked)
            if theme:
                hits[theme][place] = None
                chinese[theme] += 1 if _han(asked.form) else -1
            elif not asked.demand:
                _note(wordings, asked, place)
    found = []
    for theme, places in hits.items():
        shown = lang or ("zh" if chinese[theme] >= 0 else "en")
        topic, question = themes.told(theme, shown)
        told = _ids(places, ids)
        found.append(Topic(theme, topic, question, len(told), told))
    found += [_told(group, ids) for group in _grouped(wordings)]
    order = {one.theme: place for place, one in enumerate(found)}
    return tuple(sorted(found, key=lambda one: (-one.heat, one.theme == "", order[one.theme] if one.theme else 0)))


def _note(wordings: dict[str, _Wording], asked: Asked, place: int) -> None:
    found = wordings.get(asked.form)
    if found is None:
        content = terms(asked.form)
        if not content:
            return
        found = wordings[asked.form] = _Wording(content)
    found.places[place] = None
    found.shown[asked.shown] += 1


def _grouped(wordings: dict[str, _Wording]) -> list[_Group]:
    """One pass from the most told wording to the least; each looks only at groups that share one of its words."""
    weights = Weights([one.terms for one in wordings.values()])
    groups: list[_Group] = []
    by_term: dict[str, list[int]] = defaultdict(list)
    for form, one in sorted(wordings.items(), key=lambda pair: (-len(pair[1].places), pair[0])):
        near = {number for term in one.terms for number in by_term[term][:MOST_GROUPS]}
        best = max(near, key=lambda number: (weights.alike(one.terms, groups[number].leader), -number), default=None)
        if best is not None and weights.alike(one.terms, groups[best].leader) >= ALIKE:
            groups[best].places.update(one.places)
            groups[best].shown.update(one.shown)
            continue
        for term in one.terms:
            by_term[term].append(len(groups))
        groups.append(_Group(one.terms, form, Counter(one.shown), dict(one.places)))
    return groups


def _told(group: _Group, ids: Sequence[str]) -> Topic:
    told = _ids(group.places, ids)
    most = max(group.shown.values())
    shown = min((text for text, times in group.shown.items() if times == most), key=lambda text: (len(text), text))
    return Topic("", " ".join(runs(group.form)[:4])[:40], shown, len(told), told)


def _ids(places: dict[int, None], ids: Sequence[str]) -> tuple[str, ...]:
    """The mentions' ids, each once, in the order they came."""
    return tuple(dict.fromkeys(ids[place] for place in sorted(places)))


def _han(form: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in form)
