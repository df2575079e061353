"""What the answers of Feishu, DingTalk and WeCom mean (pure): their own number decides, HTTP 200 never does."""

from collections.abc import Mapping
from types import MappingProxyType

from alerts.channels.post import Answer
from config.errors import DeliveryError

_BUSY = (408, 425, 429)


def own_code(answer: Answer, *names: str) -> int | None:
    """The vendor's own number; 0 only when every one of `names` it gave is 0, None when there is no whole number."""
    said = [answer.body[name] for name in names if name in answer.body]
    # JSON's false is 0 for Python; it is not a vendor's yes.
    if not said or any(type(one) is not int for one in said):
        return None
    return next((int(one) for one in said if one), 0)


def demand_yes(
    vendor: str,
    answer: Answer,
    code: int | None,
    refused: Mapping[int, str],
    later: Mapping[int, str],
    waits: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """DeliveryError unless the vendor's `code` is 0 in a 2xx answer.

    `refused` are the codes no other try can help, `later` those that pass; an unknown code is tried again.
    `waits`: seconds to leave it alone after a code. The vendor's words are not repeated: they may hold the key.
    """
    if answer.ok and code == 0:
        return
    busy = answer.status in _BUSY or answer.status >= 500
    if code:
        why = refused.get(code) or later.get(code) or "for a reason not known here"
        permanent = code in refused and not busy
        raise DeliveryError(
            f"{vendor} refused: {why} ({code})", code=str(code), permanent=permanent, wait_s=waits.get(code, 0)
        )
    if answer.ok:
        said = f"{vendor} answered {answer.status} without saying whether it took the message"
        raise DeliveryError(said, code=f"{answer.status}_no_code")
    raise DeliveryError(f"{vendor} answered {answer.status}", code=str(answer.status), permanent=not busy)
