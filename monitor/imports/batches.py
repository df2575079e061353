"""What a body that was pushed says: one object, a list, items in an envelope or lines, packed or not, capped (pure)."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from config.errors import InputError
from monitor.imports.lines import document_of
from monitor.imports.rows import Read, Rules
from monitor.imports.shapes import Shape
from monitor.imports.tables import Record
from monitor.pushed import PushError

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ITEMS: Final = 5_000
_JSON: Final = ("", "application/json", "text/json", "application/javascript", "application/vnd.api+json")
_BY_LINE: Final = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
_CHUNK: Final = 65_536
_GZIP: Final = 31
_MOST_MEMBERS: Final = 64
LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """A body that was pushed. `document` is the whole of it, or None when it came as lines: then `records` are they."""

    document: object = None
    records: tuple[Record, ...] = ()

    @property
    def key(self) -> str:
        """The sender's own name of this batch, "" when it has none."""
        said = self.document.get("batch_id") if isinstance(self.document, Mapping) else None
        return str(said)[:LONGEST_KEY] if isinstance(said, str | int) and said else ""

    def read(self, shape: Shape, rules: Rules) -> Read:
        """The mentions of the batch, in order; PushError 413 with more items than are taken at once, 422 with none."""
        try:
            if self.document is not None and shape.spec is None:
                _refuse_many(len(shape.items(self.document)))
            read = self._by_line(shape, rules) if self.document is None else shape.read_document(self.document, rules)
        except PushError:
            raise
        except InputError as error:
            raise PushError(f"the body {error}", status=422) from error
        _refuse_many(len(read.mentions) + len(read.rejected) + read.dropped)
        return read

    def _by_line(self, shape: Shape, rules: Rules) -> Read:
        _refuse_many(len(self.records))
        good = [(index, record.item) for index, record in enumerate(self.records) if not record.fault]
        read = shape.read([item for _, item in good], rules)
        refused = [(index, record.fault) for index, record in enumerate(self.records) if record.fault]
        refused += [(good[index][0], reason) for index, reason in read.rejected]
        return Read(read.mentions, tuple(sorted(refused)), read.dropped)


def batch_of(body: bytes, content_type: str, encoding: str, shape: Shape) -> Batch:
    """What a proven body says. PushError: 415 for a kind that is not read here, 413 past the cap, 422 for nonsense."""
    kind, _, rest = content_type.partition(";")
    kind = kind.strip().lower()
    if kind not in (*_JSON, *_BY_LINE):
        raise PushError(
            f"Content-Type: {kind[:60]!r} is not read here; application/json or application/x-ndjson is", status=415
        )
    text = _text(unpacked(body, encoding), rest)
    if not text.strip():
        raise PushError("the body is empty", status=422)
    try:
        found = shape.parse(text) if shape.jsonp else document_of(text, by_line=kind in _BY_LINE)
    except InputError as error:
        raise PushError(f"the body {error}", status=422) from error
    if isinstance(found, list) and any(isinstance(one, Record) for one in found):
        return Batch(records=tuple(found))
    if found is None:
        raise PushError("the body is null", status=422)
    return Batch(found)


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body without its Content-Encoding, inflated piece by piece so that a bomb stops at the cap."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    if name not in ("gzip", "x-gzip"):
        raise PushError(f"Content-Encoding: {name[:40]!r} is not read here; gzip is", status=415)
    out, data, stream = bytearray(), body, zlib.decompressobj(_GZIP)
    for _ in range(_MOST_MEMBERS):
        out += _inflated(stream, data, MAX_BYTES - len(out))
        if not stream.eof:
            raise PushError("Content-Encoding: the gzip body ends too early", status=422)
        data = stream.unused_data.lstrip(b"\x00")
        if not data:
            return bytes(out)
        stream = zlib.decompressobj(_GZIP)
    raise PushError("Content-Encoding: the gzip body has too many parts", status=422)


def _inflated(stream: "zlib._Decompress", data: bytes, room: int) -> bytes:
    out = bytearray()
    while not stream.eof:
        try:
            piece = stream.decompress(data, _CHUNK)
        except zlib.error as error:
            raise PushError("Content-Encoding: the body is no gzip", status=422) from error
        out += piece
        if len(out) > room:
            raise too_large()
        data = stream.unconsumed_tail
        if not data and not piece:
            break
    return bytes(out)


def too_large() -> PushError:
    return PushError(f"the body is too large; {MAX_BYTES:,} bytes are taken at once, unpacked", status=413)


def summary(read: Read, new: int, known: int, edited: int) -> dict[str, object]:
    """The answer to a batch: every item is in exactly one of the counts."""
    said: dict[str, object] = {"accepted": new, "duplicate": known - edited, "edited": edited}
    if read.dropped:
        said["dropped"] = read.dropped
    return said | {"rejected": listed(read.rejected)}


def listed(rejected: Sequence[tuple[int, str]]) -> list[dict[str, object]]:
    return [{"index": index, "reason": reason} for index, reason in rejected]


def _text(body: bytes, parameters: str) -> str:
    """UTF-8, or what the sender says it is, if that is Chinese."""
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    known = {"gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "": "utf-8-sig", "utf-8": "utf-8-sig"}
    if charset not in {*known, "utf8"}:
        raise PushError(f"Content-Type: charset {charset[:40]!r} is not read here; utf-8 and gb18030 are", status=415)
    try:
        return body.decode(known.get(charset, "utf-8-sig"))
    except UnicodeDecodeError as error:
        name = charset or "utf-8"
        raise PushError(f"the body is not {name} (byte {error.start}); say which charset it is", status=422) from error


def _refuse_many(count: int) -> None:
    if count > MAX_ITEMS:
        raise PushError(f"the batch has {count} items; {MAX_ITEMS} are taken at once", status=413)
