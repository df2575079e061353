"""The long tail of chat services by Apprise, an optional extra: what it calls sent, nobody has verified."""

import logging
from inspect import signature
from types import ModuleType

from alerts.channels import Channel, Reach, Receipt
from alerts.channels.chat_text import link, plain, title, told
from alerts.channels.post import SECONDS
from config.errors import DeliveryError
from store.nouns import Page

TITLE = 240
# Apprise and the libraries under it write tokens and whole addresses into their logs.
TALKERS = ("apprise", "urllib3", "requests", "requests_oauthlib", "oauthlib", "slixmpp", "paho", "gntp", "markdown")


def send(page: Page, reach: Reach) -> Receipt:
    """Give the page to Apprise; DeliveryError when it is not installed, takes no such address, or was not glad."""
    address = reach.address(page)
    apprise = _installed()
    asset = apprise.AppriseAsset(app_id="GoldenHour", app_desc="Golden Hour", app_url="", secure_logging=True)
    service = apprise.Apprise(asset=asset)
    if not service.add(address):
        raise DeliveryError("apprise knows no service with such an address", code="address", permanent=True)
    # By now its services are loaded, and their libraries with loggers of their own.
    _silence()
    # Older ones know no limit for the whole; each of their waits ends after 4 seconds.
    limit = {"timeout": SECONDS} if "timeout" in signature(service.notify).parameters else {}
    said = {"body": words(page), "title": title(page, TITLE), "body_format": apprise.NotifyFormat.TEXT}
    try:
        glad = service.notify(**said, interpret_escapes=False, **limit)
    except (OSError, ValueError, TypeError, LookupError, RuntimeError) as error:
        # Cut off from its cause, whose words hold the address.
        raise DeliveryError(f"apprise stopped ({type(error).__name__})", code="apprise", ambiguous=True) from None
    if getattr(getattr(glad, "status", None), "name", "") == "TIMEOUT":
        raise DeliveryError("apprise was still at it after 10 seconds", code="timeout", ambiguous=True)
    if not glad:
        raise DeliveryError("apprise could not send it and does not say why", code="not_sent")
    return Receipt("unverified", "accepted (unverified): apprise says it was sent")


def words(page: Page) -> str:
    """The body with strangers' text made harmless for services we do not know, and the link on a line of its own."""
    return "\n\n".join(part for part in (plain(told(page)), link(page)) if part) or title(page, TITLE)


def _installed() -> ModuleType:
    _silence()
    try:
        import apprise  # noqa: PLC0415 (optional: the house runs without it)
    except ImportError as error:
        said = 'apprise is not installed; it comes with the extra "apprise"'
        raise DeliveryError(said, code="not_installed", permanent=True) from error
    module: ModuleType = apprise
    return module


def _silence() -> None:
    """Nothing of theirs reaches anybody, whatever level or handler somebody sets, also on a logger below them."""
    for name in TALKERS:
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            # Without any handler Python would print warnings by itself.
            logger.addHandler(logging.NullHandler())
    known = logging.root.manager.loggerDict
    for name in list(known):
        if name.partition(".")[0] in TALKERS:
            logging.getLogger(name).disabled = True


CHANNEL = Channel(send, verified=False)
