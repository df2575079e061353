"""What a text betrays: the record that travels from the risk words to scorers and severity."""

from msgspec import Struct

from store.nouns import Span


class Risk(Struct, frozen=True, gc=False):
    """What a text betrays. Spans count characters of title + newline + text; harm 0..4; weight 0..1 and more.

    `own`: it holds a word that the company itself named a crisis, and nothing explains that word away.
    """

    spans: tuple[Span, ...] = ()
    category: str = ""
    categories: tuple[str, ...] = ()
    aggravators: tuple[str, ...] = ()
    suppressors: int = 0
    mild_suppressors: int = 0
    unsure: bool = False
    hard: bool = False
    harm: int = 0
    weight: float = 0.0
    own: bool = False


NOTHING = Risk()
