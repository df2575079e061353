"""Acknowledge links: signed, for one page and one person, dead after a day. Opening one changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from config.errors import AccessError

_SALT = "acknowledge"


@dataclass(frozen=True, slots=True)
class Link:
    """What a token allows: this person may take (or pass on) this incident."""

    incident: str
    person: str
    via: str


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads links. `base_url` is how people reach the service, without a slash at the end."""

    base_url: str
    key: str
    lasts: timedelta

    def make(self, incident: str, person: str, now: datetime, via: str = "link") -> str:
        """The address to open; `via` is the road it travels by (link, chat, sms, voice) and is kept when it is used."""
        until = int((now + self.lasts).timestamp())
        token = URLSafeSerializer(self.key, salt=_SALT).dumps([incident, person, until, via])
        return f"{self.base_url}/ack/{token}"

    def read(self, token: str, now: datetime) -> Link:
        """What the token allows; AccessError when it was forged, changed or is too old."""
        try:
            incident, person, until, via = URLSafeSerializer(self.key, salt=_SALT).loads(token)
            old = now.timestamp() >= until
        except (BadSignature, ValueError, TypeError) as error:
            raise AccessError("This link is not valid. Sign in to open the incident.") from error
        if old:
            raise AccessError("This link is too old. Sign in to open the incident.")
        return Link(incident, person, via)


def spoken(link: str) -> str:
    """The address a voice provider posts the pressed key to: the same token as in the link people open."""
    return link.replace("/ack/", "/voice/", 1)
