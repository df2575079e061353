"""The words that count at one moment: the files' and over them the newest saved versions, made ready to judge with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from config.errors import InputError
from config.taxonomy import Taxonomy
from config.taxonomy_changes import Changes, apply, read_changes
from config.watch import Brand, Watch
from monitor.in_force.brand_words import faults_of, with_words
from monitor.in_force.own_words import terms_of
from monitor.matching import Matcher, compile_all, query_of
from monitor.risk import RiskTerms
from store import versions
from store.database import Tx
from store.nouns import Version, VersionKind
from store.versions import Numbers

KINDS: Final = (VersionKind.TAXONOMY, VersionKind.BRAND)
NO_CHANGES: Final = Changes()


@dataclass(frozen=True, slots=True)
class Fault:
    """A saved version that cannot be used, so that the file counts: which, and why."""

    kind: VersionKind
    subject: str
    number: int
    why: str

    def __str__(self) -> str:
        name = f"{self.kind.value} {self.subject}".strip()
        return f"{name}, version {self.number}: {self.why}"


@dataclass(frozen=True, slots=True)
class Rules:
    """Words ready to judge with. `own` holds the risk terms of brands that have words of their own."""

    matchers: Mapping[str, Matcher]
    terms: RiskTerms
    own: Mapping[str, RiskTerms] = field(default_factory=dict)
    brands: Mapping[str, Brand] = field(default_factory=dict)
    changes: Changes = NO_CHANGES
    faults: tuple[Fault, ...] = ()

    @property
    def taxonomy(self) -> Taxonomy:
        return self.terms.taxonomy

    def terms_of(self, brand: str) -> RiskTerms:
        return self.own.get(brand, self.terms)


# What counts at the moment of a transaction.
Counting = Callable[[Tx], Rules]


def always(matchers: Mapping[str, Matcher], terms: RiskTerms) -> Counting:
    """The same words whatever is saved."""
    rules = Rules(matchers, terms)
    return lambda _tx: rules


class InForce:
    """The words of one process, made anew only when a number in the store changed; asking costs one small query."""

    def __init__(self, watch: Watch, taxonomy: Taxonomy) -> None:
        """`taxonomy` is the shipped file; words of `watch` that cannot be used are the caller's to refuse."""
        self.watch, self.taxonomy = watch, taxonomy
        self._kept: tuple[Numbers, Rules] | None = None

    def __call__(self, tx: Tx) -> Rules:
        """What counts now."""
        numbers = versions.numbers(tx, KINDS)
        kept = self._kept
        if kept is None or kept[0] != numbers:
            # Two threads may both do this; they come to the same.
            kept = numbers, self._made(tx)
            self._kept = kept
        return kept[1]

    def _made(self, tx: Tx) -> Rules:
        faults: list[Fault] = []
        saved = versions.current(tx, VersionKind.TAXONOMY)
        changes = self._changed(saved, faults)
        of_brands = versions.all_current(tx, VersionKind.BRAND)
        brands = {
            one.id: self._brand(one, of_brands[one.id], faults) if one.id in of_brands else one
            for one in self.watch.brand
        }
        return rules_of(self.taxonomy, changes, brands, tuple(faults))

    def _changed(self, saved: Version | None, faults: list[Fault]) -> Changes:
        if saved is None:
            return NO_CHANGES
        try:
            changes = read_changes(saved.body)
            apply(self.taxonomy, changes)
        except InputError as error:
            faults.append(Fault(saved.kind, saved.subject, saved.number, str(error)))
            return NO_CHANGES
        return changes

    def _brand(self, file: Brand, saved: Version, faults: list[Fault]) -> Brand:
        try:
            made = with_words(file, saved.body)
            wrong = faults_of([made], self.taxonomy)
        except InputError as error:
            wrong = [str(error)]
        if wrong:
            faults.append(Fault(saved.kind, saved.subject, saved.number, "; ".join(wrong[:3])))
            return file
        return made


def rules_of(file: Taxonomy, changes: Changes, brands: Mapping[str, Brand], faults: tuple[Fault, ...] = ()) -> Rules:
    """Words made ready; QueryError or InputError when a brand's cannot be used."""
    matchers = compile_all({name: query_of(brand) for name, brand in brands.items()})
    own = {name: terms_of(file, changes, brand) for name, brand in brands.items() if brand.risk or brand.harmless}
    return Rules(matchers, terms_of(file, changes), own, brands, changes, faults)
