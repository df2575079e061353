"""One incident told in many wordings is one topic; two are told apart only by words that clearly contradict (pure)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from monitor.clusters.marks import Marks, marks, together
from monitor.clusters.shingles import LONGEST, said, shingles
from monitor.risk import WEAK
from store.nouns import Judged

# A place that fewer of those who name any speak of is a bystander's: "成都的朋友小心".
PLACE_SHARE: Final = 1 / 3
# More incidents of one kind at once, told in the same words, are one that happens everywhere.
MOST: Final = 2
# Who says "here too" in the same words tells of one thing that happens in many places.
_HERE_TOO: Final = re.compile(
    r"也|同样|又一|全国|多地|各地|\b(?:too|also|as well|everywhere|nationwide)\b", re.IGNORECASE
)
# What people do about an incident is part of it, when it happens while it is told; so is that somebody was hurt.
REACTIONS: Final = frozenset({"boycott", "regulatory", "rumour"})
HURT: Final = frozenset({"death_injury", "hospital", "injury", "symptom"})
HURT_SHARE: Final = 1 / 3
MEANWHILE: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class _Post:
    """A text with its copies: what it names, its risk words, its pairs of units."""

    items: tuple[Judged, ...]
    marks: Marks
    terms: frozenset[str]
    pairs: frozenset[str]
    here_too: bool


@dataclass(slots=True)
class _Group:
    """Posts that may tell of one incident, and what they name together."""

    posts: list[_Post] = field(default_factory=list)
    named: Counter[str] = field(default_factory=Counter)
    placed: int = 0
    sites: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)
    here_too: bool = False

    def add(self, post: _Post) -> None:
        self.posts.append(post)
        self.named.update(post.marks.places)
        self.placed += bool(post.marks.places)
        self.sites |= post.marks.sites
        self.models |= post.marks.models
        self.terms |= post.terms
        self.pairs |= post.pairs
        self.here_too |= post.here_too

    @property
    def places(self) -> set[str]:
        return {place for place, count in self.named.items() if count >= self.placed * PLACE_SHARE}

    @property
    def items(self) -> list[Judged]:
        return sorted((item for post in self.posts for item in post.items), key=_when)

    @property
    def stands_alone(self) -> bool:
        """One who names city and site, or two people: enough for an incident of its own."""
        voices = {(item.mention.platform, item.mention.voice) for post in self.posts for item in post.items}
        return len(voices) > 1 or any(post.marks.places and post.marks.sites for post in self.posts)


def topics(told: Sequence[Judged]) -> list[list[Judged]]:
    """The incidents that crisis posts of one category tell of, each oldest first; the one told of last comes first.

    When in doubt they are one. The same posts in another order give the same topics.
    """
    posts = _posts(told)
    groups = [group for group in _by_marks(posts) if group.stands_alone]
    if len(groups) > MOST:
        groups = _everywhere(groups)
    if len(groups) < 2:
        return [sorted(told, key=_when)] if told else []
    taken = {id(post) for group in groups for post in group.posts}
    sizes = [len(group.posts) for group in groups]
    for post in posts:
        if id(post) not in taken:
            fitting = [index for index, group in enumerate(groups) if not _apart(group, _group([post]))]
            best = max(fitting or range(len(groups)), key=lambda one: (*_nearness(groups[one], post), sizes[one], -one))
            groups[best].posts.append(post)
    return sorted((group.items for group in groups), key=lambda items: _when(items[-1]), reverse=True)


def related(one: Sequence[Judged], other: Sequence[Judged], brand_name: str = "") -> bool | None:
    """True: they tell of the same incident, though under different categories; False: clearly of two; None: who knows.

    The same incident: copies of one text on both sides, the same model, the same site in the same city; or, told at
    the same time, people hurt in both, or one of them what people and authorities do about the other.
    """
    if not one or not other:
        return None
    if {_text_id(item) for item in one} & {_text_id(item) for item in other}:
        return True
    left, right = _group(_posts(one)), _group(_posts(other))
    if _apart(left, right):
        return False if left.stands_alone and right.stands_alone else None
    sites = [{site for site in group.sites if not _of_brand(site, brand_name)} for group in (left, right)]
    if left.models & right.models or (_alike(*sites) and together(left.places, right.places)):
        return True
    return True if _meanwhile(one, other) and _follows(one, other) else None


def city(items: Iterable[Judged]) -> str:
    """The city (or region) that at least half of these mentions name; "" when they do not agree."""
    every = [marks(item.mention.title, item.mention.text).places for item in items]
    named = Counter(place for places in every for place in places)
    place, count = max(named.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    return place.split("/")[-1] if count and 2 * count >= len(every) else ""


def _meanwhile(one: Sequence[Judged], other: Sequence[Judged]) -> bool:
    times = [[item.mention.event_at for item in some] for some in (one, other)]
    return max(map(min, times)) - min(map(max, times)) <= MEANWHILE


def _follows(one: Sequence[Judged], other: Sequence[Judged]) -> bool:
    """Whether one is a reaction and the other is none, or whether both tell of people who were hurt."""
    kinds = [Counter(item.score.category for item in some).most_common(1)[0][0] in REACTIONS for some in (one, other)]
    hurt = [sum(bool(HURT & set(item.score.aggravators)) for item in some) / len(some) for some in (one, other)]
    return kinds[0] != kinds[1] or min(hurt) >= HURT_SHARE


def _posts(told: Iterable[Judged]) -> list[_Post]:
    """Copies of one text are looked at once, by the first of them; oldest first."""
    copies: dict[str, list[Judged]] = defaultdict(list)
    for item in sorted(told, key=_when):
        copies[_text_id(item)].append(item)
    return [_post(items) for items in copies.values()]


def _post(items: list[Judged]) -> _Post:
    first = items[0]
    terms = frozenset(span.term for span in first.score.spans if span.weight > WEAK)
    title, text = first.mention.title, first.mention.text[:LONGEST]
    here_too = _HERE_TOO.search(f"{title}\n{text}") is not None
    return _Post(tuple(items), marks(title, text), terms, shingles(said(title, text).plain), here_too)


def _by_marks(posts: Iterable[_Post]) -> list[_Group]:
    """In the order of time, each post that names anything joins the group it contradicts least."""
    groups: list[_Group] = []
    for post in posts:
        if not post.marks:
            continue
        single = _group([post])
        fitting = [group for group in groups if not _apart(group, single)]
        if fitting:
            max(fitting, key=lambda group: (*_nearness(group, post), len(group.posts))).add(post)
        else:
            groups.append(single)
    return groups


def _everywhere(groups: list[_Group]) -> list[_Group]:
    """The largest group takes all that are told in its words."""
    first, *others = sorted(groups, key=lambda group: -len(group.posts))
    kept = [first]
    for group in others:
        if group.terms & first.terms:
            for post in group.posts:
                first.add(post)
        else:
            kept.append(group)
    return kept


def _apart(one: _Group, other: _Group) -> bool:
    """Whether what they name clearly contradicts: other cities and other words or sites; in one city both; models."""
    same_words = one.terms & other.terms
    other_words = bool(one.terms and other.terms) and not same_words
    both_sites = bool(one.sites and other.sites)
    places, others = one.places, other.places
    if places and others and not together(places, others):
        here_too = same_words and (one.here_too or other.here_too)
        return other_words or (both_sites and not here_too)
    if places and others and both_sites:
        return other_words and not _alike(one.sites, other.sites)
    return other_words and bool(one.models and other.models) and not one.models & other.models


def _nearness(group: _Group, post: _Post) -> tuple[bool, int, int]:
    named = bool(group.models & post.marks.models) or _alike(group.sites, post.marks.sites)
    return named, len(group.terms & post.terms), len(group.pairs & post.pairs)


def _alike(sites: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a site of each side may be the same: "新街口" and "禾新街口"."""
    theirs = tuple(others)
    return any(one.endswith(theirs) or any(other.endswith(one) for other in theirs) for one in sites)


def _of_brand(site: str, brand_name: str) -> bool:
    return any(site[at : at + 2] in brand_name for at in range(len(site) - 1))


def _group(posts: Iterable[_Post]) -> _Group:
    group = _Group()
    for post in posts:
        group.add(post)
    return group


def _text_id(item: Judged) -> str:
    return item.score.cluster or item.mention.id


def _when(item: Judged) -> tuple[object, str]:
    return item.mention.event_at, item.mention.id
