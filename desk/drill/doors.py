"""The doors of the speaking wing as a drill has them: the one place that knows how texts are saved and posted."""

from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import urlsplit

from config.errors import InputError
from desk.drill.watermark import POSTED_AT, marked
from statements.approving.release import Edit, Release
from statements.posting.publishing import Mended, Post
from store import incidents, journal, texts
from store.database import Tx
from store.nouns import Draft, Publication

WORDING = "drill_wording"
_NOWHERE = (".invalid", ".example")


def leads_nowhere(url: str) -> bool:
    """True for an address no browser can open: its host ends in .invalid or .example."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return url.startswith(("http://", "https://")) and host.endswith(_NOWHERE)


def only_nowhere(url: str) -> str:
    """The address of a simulated post; InputError when it could be a real one."""
    if not leads_nowhere(url):
        raise InputError(
            f"This is a drill: nothing is posted, and no address of the real web is taken. "
            f"Use {POSTED_AT}, or any address that ends in .invalid or .example."
        )
    return url


@dataclass(frozen=True, slots=True)
class DrillRelease(Release):
    """Texts keep the watermark whatever people write; posting is simulated."""

    def save(self, tx: Tx, edit: Edit, who: str, now: datetime) -> Draft:
        """A person's edit; a text from which the mark was taken gets it back."""
        body = edit.body
        if body.strip() and "演练" not in body and "DRILL" not in body:
            body = marked(body, edit.lang)
        # No super() without arguments: a class with slots is made twice.
        return Release.save(self, tx, Edit(edit.incident, edit.kind, edit.lang, body, edit.based_on), who, now)

    def publish(self, tx: Tx, draft_id: str, post: Post, who: str, now: datetime) -> Publication:
        """Note that it would have been posted; InputError for an address of the real web."""
        only_nowhere(post.url)
        draft = texts.draft(tx, draft_id)
        incident = incidents.get(tx, draft.incident) if draft else None
        # What the rules say at this very moment is what is scored; facts may change afterwards.
        found = self.findings(tx, incident, draft, now) if draft and incident else ()
        made = Release.publish(self, tx, draft_id, post, who, now)
        detail = {"levels": [one.level for one in found], "rules": sorted({one.rule for one in found})}
        journal.write(tx, now, "system", WORDING, incidents.subject(made.incident), "", detail)
        return made

    def mend(self, tx: Tx, publication_id: str, mended: Mended, who: str, now: datetime) -> Publication:
        """A corrected record leads nowhere either."""
        if mended.post:
            only_nowhere(mended.post.url)
        return Release.mend(self, tx, publication_id, mended, who, now)


def drill_release(real: Release) -> DrillRelease:
    """The same release with a drill's rules on top."""
    return DrillRelease(**{one.name: getattr(real, one.name) for one in fields(real)})
