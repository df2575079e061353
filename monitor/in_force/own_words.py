"""A brand's own words over the taxonomy: what alone tells of its crisis, and what only sounds like one (pure)."""

from config.taxonomy import Taxonomy
from config.taxonomy_changes import Changes, apply
from config.watch import Brand
from monitor.risk import RiskTerms


def terms_of(file: Taxonomy, changes: Changes, brand: Brand | None = None) -> RiskTerms:
    """The risk terms of everybody, or of one brand; InputError when the changes do not fit the file.

    A brand's words win: a risk word of its own counts in its own category, a harmless one covers what stands under it.
    """
    own = [word for place, words in changes.add.items() if place.endswith(".hard") for word in words]
    taxonomy = apply(file, changes)
    if brand is None or not (brand.risk or brand.harmless):
        return RiskTerms(taxonomy, own)
    more = {f"{kind}.hard": words for kind, words in brand.risk.items()} | {"idioms": brand.harmless}
    named = [word for words in brand.risk.values() for word in words]
    return RiskTerms(apply(taxonomy, Changes(add=more)), [*own, *named])
