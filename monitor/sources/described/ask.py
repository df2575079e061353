"""Builds the request of a JSON place: every {name} filled, the key put where it belongs, nothing else told of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from config.errors import SourceError
from config.mapping import NAME, Auth, Request
from store.nouns import Outcome

_LONGEST_QUERY: Final = 400


@dataclass(frozen=True, slots=True)
class Question:
    """One request, ready to be sent; it holds the key, so it is never shown."""

    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


def query_of(request: Request, words: tuple[str, ...]) -> str:
    """What is searched for when the source does not say it: the brand's words, or the first of them."""
    quoted = [request.quote.replace("{word}", word.replace('"', " ").strip()) for word in words if word.strip()]
    if not request.join:
        return quoted[0] if quoted else ""
    joined = ""
    for one in quoted:
        longer = f"{joined}{request.join}{one}" if joined else one
        if len(longer) > _LONGEST_QUERY:
            break
        joined = longer
    return joined


def question_of(request: Request, names: Mapping[str, str], key: str, link: str = "") -> Question:
    """The request with `names` filled in and `key` in its place; `link`: the next page as the place itself named it."""
    if "query" in request.names() and not names.get("query"):
        raise SourceError(
            "nothing to search for; values.query, or a brand with words, is needed", outcome=Outcome.MALFORMED
        )
    headers = {"Accept": "application/json", **_filled_table(request.headers, names)}
    auth, value = request.auth, request.auth.value.replace("{secret}", key)
    if auth.type != "none" and not _in_query(auth):
        headers[auth.name] = _sendable(value)
    body = None
    if request.method == "POST":
        headers["Content-Type"] = "application/json"
        body = json.dumps(_body(request, names), ensure_ascii=False).encode()
    params = {} if link else _filled_table(request.params, names)
    if _in_query(auth):
        params[auth.name] = value
    return Question(_with(link or filled_url(request.url, names), params), headers, body)


def without_key(link: str, auth: Auth) -> str:
    """A next-page address without the key it may repeat, so that it can be remembered."""
    if not link or not _in_query(auth):
        return link
    parts = urlsplit(link)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != auth.name]
    return parts._replace(query=urlencode(kept)).geturl()


def filled_url(url: str, names: Mapping[str, str]) -> str:
    return NAME.sub(lambda found: quote(names.get(found[1], ""), safe="+,"), url)


def _with(url: str, params: Mapping[str, str]) -> str:
    if not params:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params)}"


def _filled_table(table: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """The table without those entries all of whose {names} are empty."""
    filled = {}
    for key, text in table.items():
        asked = [names.get(found[1], "") for found in NAME.finditer(text)]
        if not asked or any(asked):
            filled[key] = NAME.sub(lambda found: names.get(found[1], ""), text).strip()
    return filled


def _in_query(auth: Auth) -> bool:
    return auth.type == "query" or (auth.type == "oauth2" and auth.into == "query")


def _body(request: Request, names: Mapping[str, str]) -> dict[str, str | int]:
    body: dict[str, str | int] = {}
    for key, text in request.body.items():
        if isinstance(text, int):
            body[key] = text
            continue
        whole = NAME.fullmatch(text)
        filled = NAME.sub(lambda found: names.get(found[1], ""), text)
        if whole and whole[2] and filled.lstrip("-").isdecimal():
            body[key] = int(filled)
        elif filled or not whole:
            body[key] = filled
    return body


def _sendable(value: str) -> str:
    """A key with letters no header can carry is no key of that place."""
    if not (value.isascii() and value.isprintable()):
        raise SourceError("the key holds characters no header can carry", outcome=Outcome.AUTH_FAILED)
    return value
