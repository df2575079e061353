"""SMTP whose whole talk ends at the deadline of config.wire, however slowly the other side speaks."""

import io
import smtplib
import socket
import ssl
from typing import Any

from config.settings import Mail
from config.wire import DeadlinePassedError, remaining


class TimedSmtp(smtplib.SMTP):
    """One connection for one message, to be used inside `ends_within`.

    `handing` is True from the command DATA on: from there a lost answer may hide a yes. `secured` is True when the
    connection is as safe as the settings want it. Raises smtplib's errors, OSError and DeadlinePassedError.
    """

    def __init__(self, mail: Mail, tls: ssl.SSLContext | None) -> None:
        super().__init__()
        self.way, self.tls = mail, tls
        # The name the certificate must be for; smtplib knows it only when it dials by itself.
        self._host = mail.host
        self.handing = self.secured = False

    def greet(self) -> None:
        """Dial, hear the greeting, say EHLO, and go over to TLS as the settings want it."""
        code, words = self.connect(self.way.host, self.way.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        self._introduce()
        if self.way.security == "starttls":
            self.starttls(context=self.tls)
            self._introduce()
        self.secured = True

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_TimedReader(self.sock))
        try:
            return super().getreply()
        except DeadlinePassedError:
            # No time is left for a goodbye either.
            self.close()
            raise

    def send(self, s: Any) -> None:
        """Bit by bit: TLS would give every bit the whole time anew."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        left = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else bytes(s))
        try:
            while left:
                self.sock.settimeout(remaining())
                left = left[self.sock.send(left) :]
        except TimeoutError as error:
            self.close()
            raise DeadlinePassedError("deadline") from error
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected("Server not connected") from error

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handing = True
        return super().data(msg)

    def rset(self) -> tuple[int, bytes]:
        """Nothing: the connection is for one message. Asking could hide why that was refused."""
        return 250, b"ok"

    def _introduce(self) -> None:
        code, words = self.ehlo()
        if code >= 500:
            # Older than EHLO.
            code, words = self.helo()
        if not 200 <= code <= 299:
            raise smtplib.SMTPHeloError(code, words)

    def _get_socket(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """The first address that answers, over TLS from the beginning when the settings say so."""
        found = _dialled(host, port)
        if self.way.security != "tls" or self.tls is None:
            return found
        try:
            found.settimeout(remaining())
            return self.tls.wrap_socket(found, server_hostname=host)
        except (OSError, DeadlinePassedError):
            found.close()
            raise


class _TimedReader(io.RawIOBase):
    """Reads whatever has come, and waits no longer than until the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            self._sock.settimeout(remaining())
            return self._sock.recv_into(buffer)
        except TimeoutError as error:
            raise DeadlinePassedError("deadline") from error


def _dialled(host: str, port: int) -> socket.socket:
    failed: OSError = OSError(f"{host} has no address")
    for family, kind, proto, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = socket.socket(family, kind, proto)
        try:
            sock.settimeout(remaining())
            sock.connect(where)
            return sock
        except OSError as error:
            sock.close()
            failed = error
        except DeadlinePassedError:
            sock.close()
            raise
    raise failed
