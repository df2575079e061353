"""A real SMTP server on a free loopback port whose inbox can be read."""

import socket
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as MODERN
from typing import Any

from aiosmtpd.controller import Controller

from config.clock import Clock
from desk.demo.letter import Letter


class Mailbox:
    """Accepts every mail. `refuse` makes it answer 451 for a while: a mail server in trouble."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.refuse = False
        self._letters: list[Letter] = []
        self._lock = threading.Lock()
        self._controller = _AnyPort(_Handler(self))
        self.port = self._controller.port

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def letters(self) -> list[Letter]:
        """What arrived, oldest first; doubles too."""
        with self._lock:
            return list(self._letters)

    def keep(self, to: str, content: bytes) -> None:
        message = message_from_bytes(content, policy=MODERN)
        assert isinstance(message, EmailMessage)  # noqa: S101  the policy makes it one
        part = message.get_body(("plain",))
        body = str(part.get_content()) if part else ""
        key = str(message["X-GoldenHour-Key"] or "")
        letter = Letter(self.clock().isoformat(), to, str(message["Subject"]), body, key)
        with self._lock:
            self._letters.append(letter)


class _AnyPort(Controller):
    """A controller that takes its free port when it is made; aiosmtpd wants to know the number before it starts."""

    def __init__(self, handler: Any) -> None:
        # Named as TCP, or asyncio would leave Nagle's delay on and each greeting would cost 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self._socket.getsockname()[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


class _Handler:
    """What aiosmtpd calls."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.mailbox.refuse:
            return "451 try again later"
        for to in envelope.rcpt_tos:
            self.mailbox.keep(to, envelope.content)
        return "250 accepted"
