"""A raw SMTP server that says exactly what a test tells it to, also what no honest server says."""

import socket
import threading
from contextlib import suppress

HANG_UP = ""
POLITE = {
    "GREET": "220 ready",
    "EHLO": "250-here\r\n250 8BITMIME",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "END": "250 queued as 4F1",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


class ScriptedMail:
    """`with ScriptedMail(RCPT="550 no such user") as server:`; HANG_UP closes the connection instead of answering.

    `heard` are the command lines of all connections; `letters` what came between DATA and the dot.
    """

    def __init__(self, **answers: str) -> None:
        self.answers = POLITE | answers
        self.heard: list[str] = []
        self.letters: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "ScriptedMail":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone does not wake an accept that waits.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)

    def verbs(self) -> list[str]:
        return [line.split(" ")[0].upper() for line in self.heard]

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        with lines:
            if not self._say(connection, "GREET"):
                return
            for line in lines:
                said = line.decode("utf-8", "replace").rstrip("\r\n")
                self.heard.append(said)
                verb = said.split(" ")[0].upper()
                if not self._say(connection, verb) or verb == "QUIT":
                    return
                if verb == "DATA" and self.answers["DATA"].startswith("354"):
                    # A dot at the beginning of a line is doubled on the wire.
                    told = iter(lines.readline, b".\r\n")
                    self.letters.append(b"".join(line[1:] if line.startswith(b".") else line for line in told))
                    if not self._say(connection, "END"):
                        return

    def _say(self, connection: socket.socket, verb: str) -> bool:
        answer = self.answers.get(verb, "500 what?")
        if answer == HANG_UP:
            return False
        connection.sendall(answer.encode() + b"\r\n")
        return True
