"""E-mail over SMTP: accepted means the server said 250 to this recipient after the whole message."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from html import escape

from alerts.channels import Channel, Reach, Receipt
from config.errors import DeliveryError
from config.settings import Mail
from store.nouns import Page

# A key of up to 160 characters stays on one line: folded, it would come back with a blank in front.
_POLICY = SMTP_POLICY.clone(max_line_length=250)


def send(page: Page, reach: Reach) -> Receipt:
    """Hand the page to the SMTP server; DeliveryError says whether another try can help."""
    mail = reach.mail
    if not mail.host:
        raise DeliveryError("no mail server is set (service.toml: mail.host)", code="no_server", permanent=True)
    try:
        return _hand_over(compose(page, mail), reach)
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError("the mail server refused user or password", code=str(error.smtp_code)) from error
    except smtplib.SMTPResponseException as error:
        permanent = error.smtp_code >= 500
        raise DeliveryError(_words(error.smtp_error), code=str(error.smtp_code), permanent=permanent) from error
    except smtplib.SMTPServerDisconnected as error:
        raise DeliveryError("the mail server hung up", code="disconnected", ambiguous=True) from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(str(error), code="not_supported", permanent=True) from error
    except (OSError, smtplib.SMTPException) as error:
        reason = type(error).__name__
        raise DeliveryError(f"mail server {mail.host}:{mail.port} cannot be reached ({reason})", code=reason) from error
    except ValueError as error:
        raise DeliveryError(f"this cannot be written as a mail: {error}", code="unwritable", permanent=True) from error


def compose(page: Page, mail: Mail) -> EmailMessage:
    """Plain text complete by itself with an HTML twin of the same words; Message-ID is the page's own key."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = mail.sender
    message["To"] = page.address
    message["Subject"] = page.subject
    message["Message-ID"] = f"<{page.id}@goldenhour>"
    message["X-GoldenHour-Key"] = page.idempotency
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(page.body)
    message.add_alternative(_html(page), subtype="html")
    return message


def _html(page: Page) -> str:
    lines = []
    for line in page.body.split("\n"):
        safe = escape(line)
        if page.link and page.link in line:
            href = escape(page.link, quote=True)
            safe = safe.replace(escape(page.link), f'<a href="{href}">{href}</a>')
        lines.append(safe)
    return (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>'
        f"<body><p><strong>{escape(page.subject)}</strong></p><p>{'<br>'.join(lines)}</p></body></html>"
    )


def _connect(mail: Mail) -> smtplib.SMTP:
    timeout = mail.timeout.total_seconds()
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=timeout, context=ssl.create_default_context())
    server = smtplib.SMTP(mail.host, mail.port, timeout=timeout)
    try:
        server.ehlo()
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _hand_over(message: EmailMessage, reach: Reach) -> Receipt:
    server = _connect(reach.mail)
    try:
        if reach.mail.user:
            server.login(reach.mail.user, reach.secret("GOLDENHOUR_SMTP_PASSWORD"))
        refused = server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    finally:
        _part(server)
    for code, words in refused.values():
        raise DeliveryError(_words(words), code=str(code), permanent=code >= 500)
    return Receipt("250", "accepted by the mail server")


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye. Whatever is answered to that, the message was accepted or refused before."""
    with suppress(OSError):
        server.quit()
    server.close()


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


CHANNEL = Channel(send)
