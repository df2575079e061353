"""The signature Twilio puts on its requests to us: made for tests and drills, checked by the screens it calls."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, urlsplit

Form = Mapping[str, str] | Iterable[tuple[str, str]]

_PORTS = {"https": 443, "http": 80}


def signature(url: str, form: Form, token: str) -> str:
    """base64 HMAC-SHA1 of the whole address as Twilio called it and the sorted form; "" is no form.

    A field that came several times counts once with each of its values.
    """
    pairs = form.items() if isinstance(form, Mapping) else form
    said = url + "".join(name + value for name, value in sorted(set(pairs)))
    # Half a character can be in what a stranger sent; Twilio never signed such a thing.
    made = hmac.new(token.encode(), said.encode("utf-8", "replace"), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def is_right(url: str, form: Form, token: str, given: str) -> bool:
    """Whether `given` (the header X-Twilio-Signature) was made with our token; False when there is no token.

    Twilio signs the address with or without the usual port, so both count.
    """
    pairs = list(form.items() if isinstance(form, Mapping) else form)
    said = given.encode("utf-8", "replace")
    found = [hmac.compare_digest(signature(one, pairs, token).encode(), said) for one in _spellings(url)]
    return bool(token) and any(found)


def _spellings(url: str) -> list[str]:
    """The address as it is, without a port, and with the port of its scheme."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return [url]
    host = parts.netloc.removesuffix(f":{port}") if port else parts.netloc
    usual = _PORTS.get(parts.scheme, 0)
    return [url, _at(parts, host), _at(parts, f"{host}:{usual}")] if host and usual else [url]


def _at(parts: SplitResult, place: str) -> str:
    return parts._replace(netloc=place).geturl()
