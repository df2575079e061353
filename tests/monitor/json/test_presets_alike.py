"""What every preset that can be asked does alike: limits, refused keys, walls, broken answers, the page cap."""

import json
from datetime import timedelta

import pytest

from config.errors import SourceError
from config.mapping import NAME
from config.presets import load_preset, preset_names
from store.nouns import Outcome
from tests.monitor.json.conftest import JSON, NOW, SECRET
from tests.worlds.feeds import Answer

ASKED = [name for name in preset_names() if load_preset(name).request]
VALUES = {
    "reddit_comments": {"subreddit": "tea"}, "youtube_comments": {"channel": "UC1"},
    "wechat_comments": {"msg_data_id": "2247"}, "appstore_reviews": {"app": "42"}, "newsnow": {"list": "weibo"},
    "brandwatch": {"query_id": "7", "project": "1"},
}  # fmt: skip


def pointed(places, name: str, **spec):
    """The preset as shipped, but on loopback and with keys that may be seen nowhere."""
    shipped = load_preset(name)
    assert shipped.request
    auth = shipped.request.auth
    places.words = ("星禾茶饮",)
    places.secrets = {auth.env: f"app:{SECRET}"} if auth.env else {}
    token = {"access_token": "t0ken-of-the-app", "expires_in": 7200}
    named = [found[1] for found in NAME.finditer(shipped.request.url)]
    address = f"/place?{'&'.join(f'{one}={{{one}}}' for one in named)}" if named else "/place"
    request: dict = {"url": places.web.url(address)}
    if auth.type == "oauth2":
        request["auth"] = {"token_url": places.put("/token", token | {"data": token})}
    return places.source(name, {"request": request} | spec, platform="p", values=VALUES.get(name))


@pytest.mark.parametrize("name", ASKED)
def test_its_key_travels_where_it_belongs_and_nowhere_else(places, name):
    source = pointed(places, name)
    places.put("/place", "{}")
    try:
        reading = repr(places.read(source))
    except SourceError as error:
        reading = repr(error)
    assert SECRET not in reading
    assert "t0ken" not in reading
    auth = load_preset(name).request.auth
    (asked,) = [one for one in places.web.requests if one.path.startswith("/place")]
    key = {"none": "", "oauth2": "t0ken-of-the-app"}.get(auth.type, f"app:{SECRET}")
    sent = asked.headers.get(auth.name.lower(), "")
    if auth.into == "query" and auth.type == "oauth2":
        sent = places.params()[auth.name]
    assert sent == (auth.value.replace("{secret}", key) if key else "")


@pytest.mark.parametrize("name", ASKED)
def test_a_429_makes_the_whole_account_wait(places, name):
    source = pointed(places, name)
    places.put("/place", f"slow down, {SECRET}", status=429, headers={"Retry-After": "90"})
    error = places.refused(source, {"seen": "2026-11-22T03:57:00Z"})
    assert (error.outcome, error.until) == (Outcome.RATE_LIMITED, NOW + timedelta(seconds=90))
    assert places.limiter.stopped == [(source.account, error.until, str(error))]
    assert SECRET not in str(error)


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (401, {"message": SECRET}, Outcome.AUTH_FAILED),
        (403, "<html><title>Just a moment...</title>", Outcome.BLOCKED),
        (500, SECRET, Outcome.SERVER_ERROR),
        (200, "<html><title>登录</title><input type=password>", Outcome.BLOCKED),
        (200, '{"what": [', Outcome.MALFORMED),
        (200, "", Outcome.MALFORMED),
        (200, [{"unknown": SECRET}], Outcome.MALFORMED),
    ],
)
def test_what_is_no_answer_is_never_an_empty_one(places, name, status, body, outcome):
    source = pointed(places, name)
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    places.put("/place", lambda _: Answer(text, JSON, status))
    error = places.refused(source)
    assert (error.outcome, SECRET in str(error), "t0ken" in str(error)) == (outcome, False, False)


@pytest.mark.parametrize("name", [name for name in ASKED if load_preset(name).pages.kind != "none"])
def test_the_cap_of_pages_marks_the_window(places, name):
    """A place that never ends, in the shape of the preset."""
    spec = load_preset(name)
    source = pointed(places, name, pages={"max": 2})
    calls = iter(range(100))

    def answer(_):
        number = next(calls)
        row = _row(name, number)
        document: dict = {}
        place = document
        *above, last = spec.items.split(".")
        for key in above:
            place = place.setdefault(key, {})
        place[last] = [row, _row(name, number + 1000)]
        place |= {"after": f"t3_{number}", "cursor": number + 1, "has_more": True}
        document |= {"nextPageToken": f"T{number}", "nbPages": 99, "status": "ok"}
        return Answer(json.dumps(document), JSON)

    places.put("/place", answer)
    reading = places.read(source)
    assert (len(reading.mentions), reading.truncated, reading.note) == (4, True, "the cap of 2 pages was hit")


def _row(name: str, number: int) -> dict:
    """An item that has an id and words wherever a preset looks for them."""
    named, words = f"n{number}", f"星禾 {number}"
    flat = {"id": named, "objectID": named, "item_id": named, "user_comment_id": named, "guid": named, "title": words,
            "content": words, "fullText": words, "url": f"https://n.example/{number}"}  # fmt: skip
    if name == "appstore_reviews":
        return {key: {"label": flat[key]} for key in ("id", "title", "content")} | {"im:rating": {"label": "1"}}
    if name.startswith("reddit"):
        return {"data": {"name": named, "title": words, "body": words, "permalink": f"/r/tea/{number}/"}}
    if name == "youtube":
        return {"id": {"videoId": named}, "snippet": {"title": words}}
    if name == "youtube_comments":
        return {"id": named, "snippet": {"topLevelComment": {"snippet": {"textOriginal": words}}}}
    return flat
