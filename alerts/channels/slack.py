"""Slack by bot token and channel id, or by incoming webhook: plain words and one button; `ok` in Slack's own voice."""

import re
from datetime import timedelta
from typing import Any

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN, longest, plain, title, told
from alerts.channels.post import Answer, post
from config.errors import DeliveryError
from store.nouns import Page

HEADER = 150
SECTION = 3_000
# What no other try can mend, of chat.postMessage and of incoming webhooks; what is not listed is tried again.
REFUSED = frozenset({
    "channel_not_found", "not_in_channel", "is_archived", "channel_is_archived", "user_not_found", "user_is_bot",
    "cannot_dm_bot", "messages_tab_disabled", "restricted_action", "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel", "posting_to_general_channel_denied", "action_prohibited",
    "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "access_denied",
    "no_permission", "missing_scope", "not_allowed_token_type", "ekm_access_denied", "invalid_token",
    "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_blocks", "invalid_blocks_format", "invalid_payload",
    "invalid_arguments", "invalid_arg_name", "invalid_json", "json_not_object", "invalid_post_type",
    "missing_post_type", "invalid_charset", "too_many_attachments",
    "no_service", "no_service_id", "no_active_hooks", "no_team", "team_disabled",
})  # fmt: skip
# Slack's own manual: some of it may have happened before the error was raised.
UNSURE = frozenset({"internal_error", "fatal_error"})
# No digit, no dash: a token or an address that is echoed is no code.
_CODE = re.compile(r"[a-z][a-z_]{1,49}")
_STAMP = re.compile(r"\d{1,12}\.\d{1,9}")


def send(page: Page, reach: Reach) -> Receipt:
    """Post to the channel or the hook; DeliveryError unless Slack says `"ok": true`, or a hook exactly `ok`."""
    where = reach.address(page)
    if where.startswith(("http://", "https://")):
        return _judge_hook(post(where, said=message(page)))
    token = reach.key(page)
    if not token:
        raise DeliveryError("Slack: the channel has no bot token (secret_env)", code="no_token", permanent=True)
    said = {"channel": where, **message(page)}
    url = f"{reach.gateways.slack_url.rstrip('/')}/api/chat.postMessage"
    return _judge_call(post(url, said=said, headers={"Authorization": f"Bearer {token}"}))


def message(page: Page) -> dict[str, Any]:
    """Blocks of plain text, which Slack never reads for mentions, and one button with the link."""
    head = _head(page)
    words = longest(plain(told(page)), lambda text: units(text) <= SECTION)
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain_text(head)}]
    if words:
        blocks.append({"type": "section", "text": _plain_text(words)})
    if page.link:
        button = {"type": "button", "text": _plain_text(OPEN), "url": page.link, "style": "primary"}
        blocks.append({"type": "actions", "elements": [button]})
    # `text` is what lock screens show; only there Slack would read marks, and `plain` left none of < and >.
    fallback = head.replace("&", "&amp;")
    quiet = {"mrkdwn": False, "parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
    return {"text": fallback, "blocks": blocks, **quiet}


def units(text: str) -> int:
    """Length in UTF-16 units: never less than in characters, whichever of them Slack counts."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _head(page: Page) -> str:
    words = title(page, 10_000)
    # The subject begins with the level and ends with the minutes left; the middle gives way.
    return words if units(words) <= HEADER else f"{words[:48]}…{words[-24:]}"


def _plain_text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _judge_call(answer: Answer) -> Receipt:
    if answer.status == 200 and answer.body.get("ok") is True:
        stamp = str(answer.body.get("ts"))
        return Receipt("ok", f"message {stamp} of Slack" if _STAMP.fullmatch(stamp) else "accepted by Slack")
    error = answer.body.get("error")
    raise _failure(answer, error if isinstance(error, str) else "")


def _judge_hook(answer: Answer) -> Receipt:
    if answer.status == 200 and answer.text == "ok":
        return Receipt("ok", "accepted by the Slack hook")
    raise _failure(answer, answer.text.strip())


def _failure(answer: Answer, word: str) -> DeliveryError:
    """The failure Slack's word and status mean; a word that is no code of Slack's is not repeated."""
    code = word if _CODE.fullmatch(word) and word != "ok" else ""
    wait = _wait(answer)
    words = f", it asks to wait {wait} s" if wait else ""
    if not code and answer.ok:
        return DeliveryError(f"Slack answered {answer.status} without its own ok", code=f"{answer.status}_no_ok")
    if not code:
        passing = answer.status in (408, 429) or answer.status >= 500
        said = f"Slack answered {answer.status}{words}"
        return DeliveryError(said, code=str(answer.status), permanent=not passing, wait_s=wait)
    permanent = code in REFUSED and answer.status != 429 and answer.status < 500
    said = f"Slack refused: {code} ({answer.status}){words}"
    return DeliveryError(said, code=code, permanent=permanent, ambiguous=code in UNSURE, wait_s=wait)


def _wait(answer: Answer) -> int:
    """Seconds it asks to be left alone, 0 when it does not say."""
    return int(answer.retry_after[:6]) if answer.retry_after.isdecimal() else 0


CHANNEL = Channel(send, rates=(Rate(1, timedelta(seconds=1)),))
