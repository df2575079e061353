"""Which URLs may be fetched and where a redirect may lead: http(s) only, never down to http, no secrets along."""

from dataclasses import dataclass, field, replace
from typing import Final

import httpx

from config.errors import SourceError
from store.nouns import Outcome

# Headers of the caller that may follow a redirect to another host; all others could be secrets.
_HARMLESS: Final = frozenset({"user-agent", "accept", "accept-encoding", "accept-language"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request on its way through redirects. `conditional`: validators were sent, so a 304 is a fair answer.

    `steady`: every redirect so far was a permanent one (there may have been none). `inside`: it began at one of the
    operator's own places. A request with a body is a POST.
    """

    url: httpx.URL
    headers: dict[str, str] = field(default_factory=dict)
    conditional: bool = False
    body: bytes | None = None
    steady: bool = True
    inside: bool = False
    hops: int = 0


def checked_url(text: str) -> httpx.URL:
    """The URL, if it is one that may be fetched; SourceError (blocked, permanent) otherwise."""
    try:
        url = httpx.URL(text.strip())
        # Reading the host decodes its xn-- labels, and wrong ones raise here.
        host = url.host
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise _refused("the URL cannot be read; allowed are http:// and https://") from error
    if url.scheme not in _DEFAULT_PORTS:
        raise _refused(f"scheme {url.scheme[:20] or 'none'!r} is not allowed; allowed are http and https")
    # A "%" is what httpx makes of characters no host name has.
    if not host or "%" in host:
        raise _refused("the URL names no host; allowed are http:// and https:// with a host")
    return url.copy_with(fragment=None)


def redirected(ask: Ask, location: str, *, permanent: bool = False) -> Ask:
    """The next request after a redirect; SourceError when it may not be followed."""
    host = ask.url.host
    if ask.body is not None:
        raise _refused(f"{host} redirects what was posted to it; allowed is an answer")
    try:
        target = checked_url(str(ask.url.join(location)))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise _refused(f"{host} redirects to a URL that cannot be read") from error
    except SourceError as error:
        raise _refused(f"{host} redirects: {error}") from error
    if ask.url.scheme == "https" and target.scheme == "http":
        raise _refused(f"{host} redirects from https to http; allowed is https")
    steady, hops = ask.steady and permanent, ask.hops + 1
    if _same_place(ask.url, target):
        return replace(ask, url=target, steady=steady, hops=hops)
    headers = {name: value for name, value in ask.headers.items() if name.lower() in _HARMLESS}
    bare = target.copy_with(username=None, password=None)
    return Ask(bare, headers, steady=steady, inside=ask.inside, hops=hops)


def port_of(url: httpx.URL) -> int:
    """The port that is dialled for this URL."""
    return url.port or _DEFAULT_PORTS[url.scheme]


def _same_place(one: httpx.URL, other: httpx.URL) -> bool:
    if one.host != other.host:
        return False
    # http://host to https://host on the usual ports is the same house with a better door.
    upgraded = (one.scheme, port_of(one), other.scheme, port_of(other)) == ("http", 80, "https", 443)
    return upgraded or (one.scheme == other.scheme and port_of(one) == port_of(other))


def _refused(message: str) -> SourceError:
    return SourceError(message, outcome=Outcome.BLOCKED, permanent=True)
