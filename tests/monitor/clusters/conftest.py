"""A store of either kind in which posts are heard and placed as JUDGE does it."""

from collections.abc import Iterator

import pytest

from monitor.clusters.placing import clustered, sign
from store import mentions, migrations
from store.database import Store, Tx
from store.nouns import Judged, RawMention, Score

BRAND = "xinghe"
SCORE = Score(p_negative=0.1, p_crisis=0.1, negative=False, crisis=False)


class Room:
    """`place` answers with the ext_id of the first of its text, by (ext_id, brand)."""

    def __init__(self, store: Store, ids) -> None:
        self.store, self.ids = store, ids

    def heard(self, posts, now, brands=(BRAND,)) -> list[Judged]:
        """Posts as (ext_id, text), stored but not yet placed."""
        raws = [RawMention(ext_id=name, platform="weibo", text=text, published_at=now) for name, text in posts]
        with self.store.transaction() as tx:
            mentions.save(tx, "feed", raws, now, self.ids)
            waiting = sorted(mentions.pending(tx, 1000), key=lambda one: one.id)
            mentions.mark_judged(tx, [one.id for one in waiting], now)
        return [Judged(one, brand, SCORE) for one in waiting for brand in brands]

    def placed(self, tx: Tx, judged: list[Judged], now) -> list[Judged]:
        found = clustered(tx, sign(judged), now)
        mentions.save_scores(tx, [(one, "") for one in found], now)
        return found

    def place(self, posts, now, brands=(BRAND,)) -> dict[tuple[str, str], str]:
        judged = self.heard(posts, now, brands)
        with self.store.transaction() as tx:
            return self.named(self.placed(tx, judged, now), tx)

    def named(self, found: list[Judged], tx: Tx) -> dict[tuple[str, str], str]:
        every = [mentions.read_judged(row).mention for row in tx.execute(mentions.all_judged())]
        names = {one.id: one.ext_id for one in every}
        return {(one.mention.ext_id, one.brand): names[one.score.cluster] for one in found}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def room(request, ids) -> Iterator[Room]:
    if request.param == "sqlite":
        yield Room(request.getfixturevalue("store"), ids)
        return
    opened = Store(request.getfixturevalue("servers").new_database())
    migrations.migrate(opened)
    yield Room(opened, ids)
    opened.close()
