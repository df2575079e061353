"""E-mail over SMTP: accepted means the server said 250 to this recipient after the whole message."""

import re
import smtplib
import ssl
import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from html import escape

from httpcore import TimeoutException

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.timed_smtp import TimedSmtp
from alerts.neutral import neutral
from config.errors import DeliveryError
from config.settings import Mail
from config.wire import ends_within, remaining
from store.nouns import Page

PASSWORD = "GOLDENHOUR_SMTP_PASSWORD"  # noqa: S105 (its name)
# A key of up to 160 characters stays on one line: folded, it would come back with a blank in front. All in 7 bits:
# a server that knows no 8BITMIME may take the eighth away.
_POLICY = SMTP_POLICY.clone(max_line_length=250, cte_type="7bit")
_LINE_ENDS = re.compile(r"\r\n|\r")
# Seconds for a goodbye nobody needs.
_GOODBYE = 1.0


def send(page: Page, reach: Reach) -> Receipt:
    """Hand the page to the SMTP server; DeliveryError says whether another try can help.

    The whole talk ends after `reach.mail.timeout`, however slowly the server speaks.
    """
    mail = reach.mail
    if not mail.host:
        raise DeliveryError("no mail server is set (service.toml: mail.host)", code="no_server", permanent=True)
    message = _written(replace(page, address=reach.address(page)), mail)
    password = reach.needed(PASSWORD) if mail.user else ""
    server = TimedSmtp(mail, ssl.create_default_context() if mail.security != "none" else None)
    try:
        return _hand_over(server, message, mail, password)
    except (OSError, smtplib.SMTPException, TimeoutException) as error:
        raise _failure(error, server, mail) from error
    except ValueError as error:
        # Half a character in the address; smtplib looks at it when it is about to say it.
        raise DeliveryError("this cannot be written as a mail", code="unwritable", permanent=True) from error


def compose(page: Page, mail: Mail) -> EmailMessage:
    """Plain text complete by itself with an HTML twin of the same words; Message-ID is the page's own key."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = mail.sender
    message["To"] = page.address
    message["Subject"] = _visible(page.subject)
    message["Date"] = page.created_at
    message["Message-ID"] = f"<{page.id}@goldenhour>"
    message["X-GoldenHour-Key"] = page.idempotency
    message["Auto-Submitted"] = "auto-generated"
    body = _visible(_LINE_ENDS.sub("\n", page.body))
    message.set_content(body)
    message.add_alternative(_html(page, body), subtype="html")
    return message


def _written(page: Page, mail: Mail) -> EmailMessage:
    try:
        message = compose(page, mail)
    except ValueError as error:
        raise DeliveryError(f"this cannot be written as a mail: {error}", code="unwritable", permanent=True) from error
    # The server's yes must be about the one person who is called.
    if [bool(one.username and one.domain) for one in message["To"].addresses] != [True]:
        raise DeliveryError("the address is not one mail address", code="address", permanent=True)
    return message


def _visible(text: str) -> str:
    """`text` without control and direction marks and half characters; line ends stay, headers refuse them."""
    return "".join(c for c in text if c in "\r\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


def _html(page: Page, body: str) -> str:
    lines = []
    for line in body.split("\n"):
        safe = escape(line)
        if page.link and page.link in line:
            href = escape(page.link, quote=True)
            safe = safe.replace(escape(page.link), f'<a href="{href}">{href}</a>')
        lines.append(safe)
    return (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>'
        f"<body><p><strong>{escape(_visible(page.subject))}</strong></p><p>{'<br>'.join(lines)}</p></body></html>"
    )


def _hand_over(server: TimedSmtp, message: EmailMessage, mail: Mail, password: str) -> Receipt:
    with ends_within(mail.timeout.total_seconds()):
        try:
            server.greet()
            if mail.user:
                server.login(mail.user, password)
            refused = server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        finally:
            _part(server)
    for code, words in refused.values():
        raise _said(code, words)
    return Receipt("250", "accepted by the mail server")


def _part(server: TimedSmtp) -> None:
    """Say goodbye. Whatever is answered to that, the message was accepted or refused before."""
    with suppress(OSError, TimeoutException):
        if server.secured:
            with ends_within(remaining(_GOODBYE)):
                server.quit()
    server.close()


def _failure(error: Exception, server: TimedSmtp, mail: Mail) -> DeliveryError:
    """What went wrong by the server's own code; `ambiguous` from DATA on, when the answer to that was lost."""
    where, reason = f"mail server {mail.host}:{mail.port}", type(error).__name__
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return DeliveryError("the mail server refused user or password", code=str(error.smtp_code))
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryError(str(error), code="not_supported", permanent=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"the certificate of {where} is not trusted: {error.verify_message}"
        return DeliveryError(why, code="certificate")
    if isinstance(error, TimeoutException | TimeoutError):
        return DeliveryError(f"{where} was too slow", code="timeout", ambiguous=server.handing)
    if isinstance(error, smtplib.SMTPServerDisconnected) or server.handing:
        return DeliveryError("the mail server hung up", code="disconnected", ambiguous=server.handing)
    return DeliveryError(f"{where} cannot be reached ({reason})", code=reason)


def _said(code: int, words: bytes | str) -> DeliveryError:
    """4xx passes, 5xx does not; the server's words are a stranger's."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return DeliveryError(neutral(text, 200), code=str(code), permanent=code >= 500)


# Providers close accounts that send in bursts; a mail too many would cost all that follow.
CHANNEL = Channel(send, rates=(Rate(100, timedelta(minutes=1), shared=True),))
