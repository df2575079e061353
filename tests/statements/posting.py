"""A small world of approved texts that people post: one incident, texts with a yes, and the desk that records posts."""

from datetime import timedelta

from statements.approving.approval import sha256_of
from statements.posting.publishing import Mended, Post, Publishing
from store import facts, incidents, journal, publications, texts
from store.incidents import subject
from store.nouns import Approval, Draft, DraftState
from tests.statements.room import NOW, incident, speaking

ID = incident().id
TEXT = {
    "zh": "门店已停止营业。下一次更新：今天17:00前（北京时间），在本账号发布。",
    "en": "The store is closed. Next update: by 17:00 (Beijing time) today, on this account.",
}


def minute(number: float):
    return NOW + timedelta(minutes=number)


class Posting:
    """Texts approved by zhao, and what people record of their posts."""

    def __init__(self, store, clock, ids, changes=None) -> None:
        self.store, self.clock, self.ids = store, clock, ids
        self.desk = Publishing(ids, speaking())
        clock.forward(NOW)
        with store.transaction() as tx:
            incidents.add(tx, incident(owner="li", **(changes or {})))

    def approved(self, body: str = TEXT["zh"], lang: str = "zh", kind: str = "holding", at=NOW) -> Draft:
        """A text with the spokesperson's standing yes."""
        with self.store.transaction() as tx:
            before = texts.latest(tx, ID, kind, lang)
            made = Draft(
                id=self.ids(), incident=ID, kind=kind, lang=lang, version=before.version + 1 if before else 1,
                body=body,
                sha256=sha256_of(body), fact_ids=(), missing=(), state=DraftState.APPROVED, author="li", at=at,
            )  # fmt: skip
            texts.add_draft(tx, made)
            if before:
                texts.set_state(tx, [before.id], DraftState.SUPERSEDED)
            texts.add_approval(tx, Approval(self.ids(), made.id, made.sha256, "zhao", "spokesperson", at))
        return made

    def post(self, draft: Draft, at, platform="weibo", who="zhao", noted=None, url=""):
        url = url or f"https://{platform}.example/{draft.id[-4:]}"
        with self.store.transaction() as tx:
            return self.desk.publish(tx, draft.id, Post(platform, url, at), who, noted or at)

    def mend(self, record, post: Post | None, reason="时间记错了", who="zhao", at=None):
        with self.store.transaction() as tx:
            return self.desk.mend(tx, record.id, Mended(post, reason), who, at or minute(30))

    def incident(self):
        with self.store.reading() as tx:
            return incidents.get(tx, ID)

    def promises(self):
        with self.store.reading() as tx:
            return [(one.what, one.due_at, one.outcome) for one in facts.promises_of(tx, ID)]

    def outcomes(self, kind="update"):
        with self.store.reading() as tx:
            return [one.outcome for one in facts.promises_of(tx, ID) if one.kind == kind]

    def records(self):
        with self.store.reading() as tx:
            return publications.all_of(tx, ID)

    def deeds(self):
        with self.store.reading() as tx:
            return [one.what for one in journal.entries(tx, subject(ID))]
