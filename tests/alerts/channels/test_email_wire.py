"""The talk with a mail server: slow ones end at the deadline, only trusted ones get the mail, a lost yes is told."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from alerts.channels import Receipt
from alerts.channels.email import send
from config.clock import stopwatch
from config.errors import DeliveryError
from tests.alerts.crew import page
from tests.alerts.test_email import ending, reach
from tests.worlds.mail import ScriptedMail

SOON = timedelta(milliseconds=400)
# Bytes a slow server says are this far apart: every answer would take seconds.
APART = 0.15


class SlowMail(ScriptedMail):
    """Says the answer to `slow` byte by byte."""

    def __init__(self, slow: str, **answers: str) -> None:
        super().__init__(**answers)
        self.slow, self.over = slow, threading.Event()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        super().__exit__()

    def _say(self, connection: socket.socket, verb: str) -> bool:
        if verb != self.slow:
            return super()._say(connection, verb)
        for byte in f"{self.answers[verb]} {'.' * 60}\r\n".encode():
            if self.over.wait(APART):
                return False
            connection.sendall(bytes([byte]))
        return True


class DeafMail(SlowMail):
    """Says go on and reads no more."""

    def __init__(self) -> None:
        super().__init__("")
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def _say(self, connection: socket.socket, verb: str) -> bool:
        if verb != "DATA":
            return super()._say(connection, verb)
        connection.sendall(b"354 go on\r\n")
        self.over.wait(10)
        return False


class RudeMail(ScriptedMail):
    """Takes the whole message and resets the connection."""

    def _say(self, connection: socket.socket, verb: str) -> bool:
        if verb != "END":
            return super()._say(connection, verb)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        return False


def in_time(server: ScriptedMail, limit: float = 1.2, **changes) -> tuple[str, bool, bool]:
    began = stopwatch()
    found = ending(reach(server.port, timeout=SOON), **changes)
    assert stopwatch() - began < limit
    return found


@pytest.mark.parametrize("phase", ["GREET", "EHLO", "MAIL", "RCPT"])
def test_a_server_that_speaks_byte_by_byte_is_left_at_the_deadline(phase):
    with SlowMail(phase) as server:
        assert in_time(server) == ("timeout", False, False)
        assert server.letters == []


@pytest.mark.parametrize("phase", ["DATA", "END"])
def test_from_data_on_a_slow_server_may_have_it(phase):
    with SlowMail(phase) as server:
        assert in_time(server) == ("timeout", False, True)


def test_a_slow_sign_in_ends_at_the_deadline_too():
    with SlowMail("AUTH", EHLO="250-here\r\n250 AUTH PLAIN", AUTH="235 welcome") as server:
        began = stopwatch()
        assert ending(reach(server.port, timeout=SOON, user="gh")) == ("timeout", False, False)
        assert stopwatch() - began < 1.2


def test_a_server_that_stops_reading_is_left_at_the_deadline():
    # More than the system keeps on the way.
    with DeafMail() as server:
        assert in_time(server, limit=3.0, body=("y" * 78 + "\n") * 12_000) == ("timeout", False, True)


def test_what_was_accepted_is_accepted_at_once_however_slow_the_goodbye():
    with SlowMail("QUIT") as server:
        began = stopwatch()
        assert send(page(), reach(server.port)) == Receipt("250", "accepted by the mail server")
        assert stopwatch() - began < 3


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_server_that_never_says_anything_is_left_at_the_deadline(security):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = stopwatch()
        port = silent.getsockname()[1]
        assert ending(reach(port, timeout=SOON, security=security)) == ("timeout", False, False)
        assert stopwatch() - began < 3


def test_a_reset_after_the_message_may_hide_a_yes_so_the_next_try_is_the_same_letter():
    with RudeMail() as server:
        assert ending(reach(server.port)) == ("disconnected", False, True)
        assert ending(reach(server.port), tries=1) == ("disconnected", False, True)
        first, second = (message_from_bytes(one) for one in server.letters)
    assert first["Message-ID"] == second["Message-ID"] == f"<{page().id}@goldenhour>"


class Letters:
    """What aiosmtpd calls."""

    def __init__(self) -> None:
        self.to: list[str] = []

    async def handle_DATA(self, _server, _session, envelope):
        self.to += envelope.rcpt_tos
        return "250 accepted"


def certificate(folder, name: str) -> str:
    """A certificate for `name` (as openssl writes it) that is its own authority; key and certificate in one file."""
    if not shutil.which("openssl"):
        if os.environ.get("GOLDENHOUR_NO_SKIP"):
            pytest.fail("the command openssl is not here")
        pytest.skip("the command openssl is not here: TLS of mail is not tried")
    path, key = folder / f"{name[-8:]}.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=mail.example", "-addext", f"subjectAltName={name}", "-keyout", key, "-out", path],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + key.read_text())
    return str(path)


@contextmanager
def safe_server(security: str, path: str):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    letters = Letters()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    how = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    controller = Controller(letters, hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        yield letters, port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"), "IP:127.0.0.1")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_trusted_server_gets_the_letter_in_safety(monkeypatch, ours, security):
    monkeypatch.setenv("SSL_CERT_FILE", ours)
    with safe_server(security, ours) as (letters, port):
        assert send(page(), reach(port, security=security)) == Receipt("250", "accepted by the mail server")
    assert letters.to == [page().address]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_untrusted_server_gets_nothing_and_may_be_mended(ours, security):
    with safe_server(security, ours) as (letters, port), pytest.raises(DeliveryError, match="is not trusted") as caught:
        send(page(), reach(port, security=security, user="gh"))
    assert (caught.value.code, caught.value.permanent, caught.value.ambiguous) == ("certificate", False, False)
    assert letters.to == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_trusted_certificate_of_somebody_else_is_not_enough(monkeypatch, tmp_path, security):
    other = certificate(tmp_path, "DNS:elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", other)
    with safe_server(security, other) as (letters, port):
        assert ending(reach(port, security=security)) == ("certificate", False, False)
    assert letters.to == []
