"""Who really wrote stored mentions, for queries that ask for authors: the mentions themselves only show masks."""

from collections.abc import Iterable

from monitor.matching import Matcher
from store import authors
from store.database import Tx
from store.nouns import Mention


def names(tx: Tx, matchers: Iterable[Matcher], batch: Iterable[Mention]) -> dict[str, str]:
    """author_hash -> name and account, one a line; nothing is looked up when no matcher asks for authors.

    Those whose names are no longer kept are left out.
    """
    if not any(matcher.asks_author for matcher in matchers):
        return {}
    found = {}
    for whose in {mention.author_hash for mention in batch if mention.author_hash}:
        author = authors.find(tx, whose)
        if author is not None:
            found[whose] = "\n".join(dict.fromkeys(filter(None, (author.name, author.handle))))
    return found
