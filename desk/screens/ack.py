"""The screen behind a page's link: what is it, do I take it? Opening it changes nothing; only its buttons act."""

from starlette.responses import Response

from alerts import acks
from alerts.links import Link
from alerts.wording import why
from config.errors import AccessError, InputError
from desk.screens.door import Ask, go
from desk.screens.frame import countdown, show
from desk.screens.quoting import pieces, safe_url
from desk.screens.trouble import missing
from store import incidents, mentions
from store.incidents import OPEN
from store.nouns import Incident, Paging


def show_ack(ask: Ask) -> Response:
    """The incident in one screen, for the person the link was made for."""
    link = link_of(ask)
    with ask.room.store.reading() as tx:
        incident = incidents.get(tx, acks.whole(tx, link.incident))
        if incident is None:
            raise missing()
        evidence = mentions.of_incident(tx, incident.id, incident.brand, limit=500)
    first = evidence[0] if evidence else None
    return show(
        ask,
        "ack.html",
        bare=True,
        incident=incident,
        why=why(incident, evidence, ask.lang),
        reader=ask.room.person_name(link.person),
        countdown=countdown(incident, ask.now),
        first=first,
        first_pieces=pieces(first, 220) if first else (),
        first_url=safe_url(first.mention.url) if first else "",
        count=len(evidence),
        state=_state(incident, link),
        passed=ask.query("done") == "passed",
    )


def answer(ask: Ask) -> Response:
    """我来处理 or 转给下一位. The token is the permission: whoever holds it was called."""
    link = link_of(ask)
    act = ask.field("act")
    with ask.room.store.transaction() as tx:
        if act == "take":
            acks.acknowledge(tx, link.incident, link.person, link.via, ask.now)
        elif act == "pass":
            acks.pass_on(tx, link.incident, link.person, link.via, ask.now)
        else:
            raise InputError(f"The choice {act[:20]!r} is not one of the list.")
    return go(f"{ask.request.url.path}?done={'taken' if act == 'take' else 'passed'}")


def link_of(ask: Ask) -> Link:
    """What the address's token allows; AccessError when it is none of ours, too old, or the person left."""
    link = ask.room.links.read(ask.request.path_params["token"], ask.now)
    if ask.room.settings.team.find(link.person) is None:
        raise AccessError("You are no longer in the team; this link does nothing.")
    return link


def _state(incident: Incident, link: Link) -> str:
    """What the person can still do: free, mine, theirs or over."""
    if incident.status not in OPEN:
        return "over"
    if incident.paging == Paging.ACKED and incident.owner:
        return "mine" if incident.owner == link.person else "theirs"
    return "free"
