"""The words of a brand as they are saved, and the brand they make of the one in the file (pure)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from config.errors import InputError
from config.model import faults_said
from config.taxonomy import Taxonomy
from config.watch import Brand
from monitor.matching import faults, query_of

# What may be changed on screen; id, name, company and listed are the file's.
LISTS: Final = ("any", "all", "none", "aliases", "ambiguous", "context", "mute", "competitors", "harmless")
KEYS: Final = (*LISTS, "query", "risk")
MOST_WORDS: Final = 20_000


def body_of(brand: Brand) -> dict[str, Any]:
    """The JSON form that is saved: every list that is not empty, so that going back restores all of them."""
    return {key: value for key, value in brand.model_dump(mode="json").items() if key in KEYS and value}


def size_of(body: Mapping[str, Any]) -> int:
    """How many words are in the lists of a body."""
    return sum(len(body.get(key, ())) for key in LISTS) + sum(map(len, body.get("risk", {}).values()))


def with_words(brand: Brand, body: object) -> Brand:
    """The brand of the file with the words of a saved body; InputError says what is wrong with the shape of the body.

    An empty body is a way back to the file. Whether the query can be read is `faults_of`'s to say.
    """
    if not isinstance(body, Mapping):
        raise InputError("is no table of words")
    if not body:
        return brand
    if unknown := sorted(set(body) - set(KEYS)):
        raise InputError(f"{unknown[0]}: there is no such list")
    own = {"id": brand.id, "name": brand.name, "company": brand.company, "listed": brand.listed}
    try:
        made = Brand.model_validate(own | dict(body))
    except ValidationError as error:
        raise InputError(faults_said(error, "words")) from error
    count = size_of(body)
    if count > MOST_WORDS:
        raise InputError(f"has {count} words; at most {MOST_WORDS} are allowed")
    return made


def faults_of(brands: Iterable[Brand], taxonomy: Taxonomy) -> list[str]:
    """What cannot be used in the words of brands, one line each: `brand.ID.query: column 5: …`."""
    listed = list(brands)
    known = {one.id for one in taxonomy.categories}
    found = faults({brand.id: query_of(brand) for brand in listed})
    for brand in listed:
        found += [
            f"brand.{brand.id}.risk.{kind}: the taxonomy has no such category; allowed: {', '.join(sorted(known))}"
            for kind in brand.risk
            if kind not in known
        ]
    return found
