"""Reads an HTTP body piece by piece and unpacks it by hand, so that a bomb stops at the cap and not in memory."""

import zlib
from collections.abc import Iterator
from typing import Final

import httpx

from config.errors import SourceError
from config.wire import remaining
from store.nouns import Outcome

_CHUNK: Final = 65_536
_PACKED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_MAGIC: Final = b"\x1f\x8b"
# zlib's own switch: find out by the header whether it is gzip or zlib.
_GZIP_OR_ZLIB: Final = 47
_RAW_DEFLATE: Final = -15
# A packed file may be several members in a row; nobody honest needs more than a few.
_MAX_MEMBERS: Final = 64


def read_body(response: httpx.Response, max_bytes: int, host: str) -> bytes:
    """The unpacked body. SourceError: too_large past `max_bytes` (packed or not), malformed when it cannot be unpacked.

    Every piece is held against the deadline of the fetch (TimeoutException of httpcore). A packed body that ends too
    early gives what it held: half a feed still tells something, and its reader will call it degraded.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _PACKED and encoding not in ("", "identity"):
        raise SourceError(
            f"{host}: the answer is packed as {encoding[:20]!r}; allowed are gzip and deflate",
            outcome=Outcome.MALFORMED,
        )
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 19 and int(length) > max_bytes:
        raise _too_large(host, max_bytes)
    raw = b"".join(_capped(response, max_bytes, host))
    if raw.startswith(_GZIP_MAGIC) or (encoding in _PACKED and not _is_plain(raw)):
        return _unpacked(raw, max_bytes, host)
    return raw


def _capped(response: httpx.Response, max_bytes: int, host: str) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_raw():
        remaining()
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(host, max_bytes)
        yield chunk


def _is_plain(raw: bytes) -> bool:
    """Some servers say gzip and send the text itself; no packed body begins like one."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[", b"")


def _unpacked(data: bytes, max_bytes: int, host: str) -> bytes:
    out = bytearray()
    stream, members, more = zlib.decompressobj(_GZIP_OR_ZLIB), 1, bool(data)
    while more:
        try:
            piece = stream.decompress(data, _CHUNK)
        except zlib.error as error:
            if out or members == 0:
                raise SourceError(f"{host}: the packed answer is broken", outcome=Outcome.MALFORMED) from error
            # Some servers say deflate and mean it: no zlib header at all.
            stream, members = zlib.decompressobj(_RAW_DEFLATE), 0
            continue
        out += piece
        if len(out) > max_bytes:
            raise _too_large(host, max_bytes)
        remaining()
        data = stream.unconsumed_tail
        # A full piece may be followed by one that needs no further input.
        more = bool(data) or (len(piece) == _CHUNK and not stream.eof)
        if stream.eof:
            data, stream, members = stream.unused_data, zlib.decompressobj(_GZIP_OR_ZLIB), members + 1
            # Anything but another member behind the end is padding.
            more = data.startswith(_GZIP_MAGIC) and members <= _MAX_MEMBERS
    return bytes(out)


def _too_large(host: str, max_bytes: int) -> SourceError:
    return SourceError(f"{host}: the answer is too large; allowed are {max_bytes:,} bytes", outcome=Outcome.TOO_LARGE)
