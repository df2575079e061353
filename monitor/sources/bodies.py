"""Reads an HTTP body piece by piece and unpacks it by hand, so that a bomb stops at the cap and not in memory."""

import zlib
from collections.abc import Iterator
from typing import Final

import httpx

from config.errors import SourceError
from monitor.sources.dial import remaining
from store.nouns import Outcome

_CHUNK: Final = 65_536
_PACKED: Final = frozenset({"gzip", "x-gzip", "deflate"})
# zlib's own switch: find out by the header whether it is gzip or zlib.
_GZIP_OR_ZLIB: Final = 47
_RAW_DEFLATE: Final = -15
# A packed file may be several members in a row; nobody honest needs more than a few.
_MAX_MEMBERS: Final = 64


def read_body(response: httpx.Response, max_bytes: int, host: str) -> bytes:
    """The unpacked body. SourceError: too_large past `max_bytes` (packed or not), malformed when it cannot be unpacked.

    Every piece is held against the deadline of the fetch (TimeoutException of httpcore).
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 19 and int(length) > max_bytes:
        raise _too_large(host, max_bytes)
    if encoding in ("", "identity"):
        return b"".join(_capped(response, max_bytes, host))
    if encoding not in _PACKED:
        raise SourceError(
            f"{host}: the answer is packed as {encoding[:20]!r}; allowed are gzip and deflate",
            outcome=Outcome.MALFORMED,
        )
    unpacker = _Unpacker(max_bytes, host)
    for chunk in _capped(response, max_bytes, host):
        unpacker.feed(chunk)
    return bytes(unpacker.out)


def _capped(response: httpx.Response, max_bytes: int, host: str) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_raw():
        remaining()
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(host, max_bytes)
        yield chunk


class _Unpacker:
    """Unpacks gzip, zlib and bare deflate into `out`, at most `max_bytes` of it."""

    def __init__(self, max_bytes: int, host: str) -> None:
        self.out = bytearray()
        self._max, self._host = max_bytes, host
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._members = 1

    def feed(self, data: bytes) -> None:
        while data:
            if self._stream.eof and not self._next_member(data):
                return
            data = self._step(data)

    def _step(self, data: bytes) -> bytes:
        try:
            self.out += self._stream.decompress(data, _CHUNK)
        except zlib.error as error:
            if self.out or self._members > 1:
                raise self._broken() from error
            # Some servers say deflate and mean it: no zlib header at all.
            self._stream = zlib.decompressobj(_RAW_DEFLATE)
            try:
                self.out += self._stream.decompress(data, _CHUNK)
            except zlib.error as second:
                raise self._broken() from second
        if len(self.out) > self._max:
            raise _too_large(self._host, self._max)
        remaining()
        return self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail

    def _next_member(self, data: bytes) -> bool:
        """Starts the next gzip member; anything else behind the end is padding and is left."""
        if not data.startswith(b"\x1f\x8b") or self._members >= _MAX_MEMBERS:
            return False
        self._members += 1
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        return True

    def _broken(self) -> SourceError:
        return SourceError(f"{self._host}: the packed answer is broken", outcome=Outcome.MALFORMED)


def _too_large(host: str, max_bytes: int) -> SourceError:
    return SourceError(
        f"{host}: the answer is larger than {max_bytes} bytes, which is allowed", outcome=Outcome.TOO_LARGE
    )
