"""The report pack 举报材料包 of one claim: a ZIP of a printable page, the snapshots it names, and their SHA-256."""

import hashlib
import io
import zipfile
from datetime import datetime

from starlette.responses import Response

from config.errors import MoveError
from desk import access
from desk.screens.door import Ask
from desk.screens.frame import pages
from desk.screens.incident import by_number
from desk.screens.trouble import missing
from statements.known import claims as rules
from statements.known.claim_board import DECIDERS
from statements.known.report_pack import Pack, build, refusal
from store import claims, evidence, facts, journal, mentions
from store.incidents import subject
from store.nouns import Snapshot

PAGE, SUMS = "report.html", "SHA256SUMS"


def export(ask: Ask) -> Response:
    """The ZIP, with a line in the journal; MoveError says why none is made."""
    access.require(ask.person, *DECIDERS)
    label = str(ask.request.path_params["label"])[:12]
    with ask.room.store.transaction() as tx:
        incident = by_number(ask, tx)
        claim = next((one for one in claims.current(tx, incident.id) if one.label == label), None)
        if claim is None:
            raise missing()
        known = facts.current(tx, incident.id)
        why = refusal(claim, known)
        if why:
            raise MoveError(why)
        heard = mentions.of_incident(tx, incident.id, incident.brand)
        saying = [one for one in heard if one.mention.url in claim.urls or rules.heat(claim, [one]).count]
        ids = {one.mention.id for one in saying}
        kept = [one for one in claims.snapshots_of(tx, incident.id) if one.mention in ids or one.id == claim.snapshot]
        pack = build(incident.number, claim, known, (saying, kept), ask.room.settings.legal_clocks.report)
        body = zipped(pack, ask)
        digest = hashlib.sha256(body).hexdigest()
        detail = {"label": label, "sha256": digest, "missing": list(pack.missing)}
        journal.write(tx, ask.now, ask.who, "report_pack_exported", subject(incident.id), claim.said, detail)
    name = f"report-{incident.number}-{label}.zip"
    return Response(
        body, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def zipped(pack: Pack, ask: Ask) -> bytes:
    """The files of a pack; the sums are of the very bytes beside them, as `sha256sum -c` reads them."""
    files = {f"evidence/{one.id}.json": evidence.canonical(one.body) for one in pack.snapshots}
    files[PAGE] = _page(pack, ask, {one.id: _whole(one) for one in pack.snapshots}).encode("utf-8")
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(files.items()))
    files[SUMS] = sums.encode("ascii")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(files.items()):
            archive.writestr(_entry(name, ask.now), body)
    return made.getvalue()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return info


def _whole(snapshot: Snapshot) -> bool:
    """Whether the words are still those that were hashed when the snapshot was taken."""
    return evidence.digest(snapshot.body) == snapshot.sha256


def _page(pack: Pack, ask: Ask, whole: dict[str, bool]) -> str:
    values = {"pack": pack, "room": ask.room, "times": ask.times, "now": ask.now, "whole": whole}
    return pages().get_template("report_pack.html").render(values)


ROUTES = (("/incidents/{number:int}/claims/{label}/report", "POST", export),)
