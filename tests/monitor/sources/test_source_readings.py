"""Reading a feed over HTTP: what each kind of answer comes to, and what is remembered for the next read."""

import json

import pytest

from config.errors import SourceError
from monitor.sources.wire.answers import ErrorAnswer
from store.nouns import Outcome, RawMention, Reading

FEED = (
    '<rss version="2.0"><channel><title>t</title><item><guid>1</guid><title>Cup breaks</title></item></channel></rss>'
)
HEARD = (RawMention("127.0.0.1#1", title="Cup breaks", platform="web"),)
HTML = "text/html; charset=utf-8"
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script src='/cdn-cgi/challenge-platform/x'></script>"
)


def test_a_feed_is_heard_and_its_validators_are_kept(web, read):
    url = web.put("/feed", FEED, headers={"ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 03:00:00 GMT"})
    assert read(url) == Reading(
        Outcome.OK, HEARD, etag='"v1"', last_modified="Sun, 22 Nov 2026 03:00:00 GMT"
    )  # fmt: skip


def test_an_unchanged_feed_costs_one_conditional_request(web, read):
    url = web.put("/feed", FEED, headers={"ETag": '"v1"'})
    first = read(url)
    again = read(url, first.etag, first.last_modified)
    assert again == Reading(Outcome.NOT_MODIFIED, etag='"v1"')
    assert [asked.if_none_match for asked in web.requests] == ["", '"v1"']


def test_a_server_that_knows_only_dates_is_asked_by_date(web, read):
    since = "Sun, 22 Nov 2026 03:00:00 GMT"
    url = web.put("/feed", FEED, headers={"Last-Modified": since})
    assert read(url, "", since) == Reading(Outcome.NOT_MODIFIED, last_modified=since)


def test_a_changed_feed_is_read_in_full(web, read):
    url = web.put("/feed", FEED, headers={"ETag": '"v2"'})
    assert read(url, '"v1"') == Reading(Outcome.OK, HEARD, etag='"v2"')


def test_what_expires_at_once_is_not_asked_for_conditionally(web, read):
    assert read(web.put("/feed", FEED, headers={"ETag": '"v1"', "Expires": "0"})) == Reading(Outcome.OK, HEARD)


def test_a_broken_feed_keeps_no_validators(web, read):
    reading = read(web.put("/feed", FEED[:-12], headers={"ETag": '"v1"'}))
    assert (reading.outcome, reading.mentions, reading.etag, reading.degraded) == (Outcome.OK, HEARD, "", True)


def test_a_feed_without_entries_is_empty_and_heard(web, read):
    assert read(web.put("/feed", '<rss version="2.0"><channel><title>t</title></channel></rss>')) == Reading(
        Outcome.EMPTY
    )


@pytest.mark.parametrize(
    ("body", "content_type", "outcome", "told"),
    [
        (b"", "application/rss+xml", "malformed", "an empty answer; allowed are RSS, Atom and JSON Feed"),
        (b" \r\n", "text/xml", "malformed", "an empty answer; allowed are RSS, Atom and JSON Feed"),
        ("<html><title>Our&nbsp;shop</title>", HTML, "malformed", "an HTML page titled “Our shop”, not a feed"),
        ("<!DOCTYPE html>\n<p>hello", "application/rss+xml", "malformed", "an HTML page without a title, not a feed"),
        (CHALLENGE, HTML, "blocked", "an HTML page titled “Just a moment...”, not a feed: a captcha wall"),
        ("<html><title>滑动验证</title>", HTML, "blocked", "an HTML page titled “滑动验证”, not a feed: a captcha"),
        (
            "<html><title>微澜</title><form><input type='password'></form>", HTML, "blocked",
            "an HTML page titled “微澜”, not a feed: a login wall",
        ),
        ("just words", "text/plain", "malformed",
         "a document that begins with 'just words' (served as text/plain), not a feed"),
        ("<opml><body/></opml>", "text/xml", "malformed", "a document that begins with '<opml><body/></opml>'"),
        ("PHP Notice\n<html><title>Shop</title>", HTML, "malformed", "an HTML page titled “Shop”, not a feed"),
        ('{"items": []}', "application/json", "malformed", "a JSON object with the keys items, not a feed"),
        ("[1, 2]", "application/json", "malformed", "a JSON list, not a feed"),
        ('{"version": "https://jsonfeed.org/', "application/json", "malformed", "broken JSON, not a feed"),
        (
            '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>',
            "text/xml", "malformed", "a document that defines entities of its own, which no feed needs; refused",
        ),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_never_taken_for_silence(web, refused, body, content_type, outcome, told):
    found, message = refused(web.put("/feed", body, content_type))
    assert (found, message.startswith(f"127.0.0.1: {told}")) == (outcome, True), message


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (400, {}, "", "server_error"), (401, {}, "", "auth_failed"), (403, {}, "no", "auth_failed"),
        (403, {"cf-mitigated": "challenge"}, "", "blocked"), (403, {}, CHALLENGE, "blocked"),
        (404, {}, "", "gone"), (410, {}, "", "gone"), (408, {}, "", "timeout"), (429, {}, "", "rate_limited"),
        (500, {}, FEED, "server_error"), (502, {}, "", "server_error"), (304, {}, "", "server_error"),
        (302, {}, "", "server_error"),
    ],
)  # fmt: skip
def test_every_error_status_has_its_outcome(web, refused, status, headers, body, outcome):
    url = web.put("/feed", body, HTML, status, headers)
    assert refused(url) == (
        outcome, f"127.0.0.1: answered {status} ({outcome}); allowed is 200, or 304 to a conditional request",
    )  # fmt: skip


def test_a_limit_tells_how_long_the_server_wants_us_to_wait(web, read):
    url = web.put("/feed", "slow down", "text/plain", 429, {"Retry-After": "120"})
    with pytest.raises(ErrorAnswer) as caught:
        read(url)
    error = caught.value
    assert (error.outcome, error.wait, error.permanent, "'120'" in str(error)) == ("rate_limited", "120", False, True)


def test_only_gone_for_good_is_permanent(web, read):
    permanent = {}
    for status in (404, 410, 500):
        with pytest.raises(SourceError) as caught:
            read(web.put("/feed", "", HTML, status))
        permanent[status] = caught.value.permanent
    assert permanent == {404: False, 410: True, 500: False}


@pytest.mark.parametrize("status", [503, 200])
def test_rsshub_that_found_nothing_is_empty_and_keeps_what_we_knew(web, read, status):
    found = json.dumps({"error": {"message": "Keyword search returned no posts. Please retry later"}})
    url = web.put("/feed", found, "application/json", status)
    reading = read(url, '"v1"')
    assert reading == Reading(
        Outcome.EMPTY, etag='"v1"' if status == 503 else "", note="Keyword search returned no posts. Please retry later"
    )


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("Cookies expired. Please update WEILAN_COOKIES", "auth_failed"),
        ("遇到源站风控校验，请稍后再试", "blocked"),
        ("Too many requests upstream", "rate_limited"),
        ("Error test", "server_error"),
    ],
)
@pytest.mark.parametrize("form", ["json", "html"])
def test_rsshub_in_trouble_is_never_empty(web, refused, message, outcome, form):
    told = {
        "json": json.dumps({"error": {"message": message}}),
        "html": f"<!DOCTYPE html><title>RSSHub</title><p>Error Message:<br/><code class='x'>{message}</code></p>",
    }[form]
    found, said = refused(web.put("/feed", told, HTML, 503))
    assert (found, said.endswith(message)) == (outcome, True)


def test_a_feed_that_talks_about_rsshub_errors_is_still_a_feed(web, read):
    about = FEED.replace("Cup breaks", "RSSHub Error Message: &lt;code&gt;captcha&lt;/code&gt; fixed")
    assert [one.title for one in read(web.put("/feed", about)).mentions] == ["RSSHub Error Message: captcha fixed"]


def test_no_message_tells_a_secret(web, refused):
    web.put("/feed", "", HTML, 500)
    url = web.url("/feed?token=s3cret").replace("http://", "http://reader:hunter2@")
    _, message = refused(url)
    assert ("s3cret" in message, "hunter2" in message, web.requests[0].headers["authorization"][:6]) == (
        False, False, "Basic ",
    )  # fmt: skip
