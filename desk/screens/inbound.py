"""POST /inbound/{source}: vendors push batches here; 202 is said only when everything of it is in the store."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, cast

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from config.errors import AccessError, SettingsError, StoreError
from config.sources import InboundSource, Source
from desk.room import Room
from monitor import sourcebook
from monitor.imports.batches import LONGEST_KEY, MAX_BYTES, batch_of, summary, too_large
from monitor.imports.rows import Read, rules_of
from monitor.imports.shapes import shape_of
from monitor.intake import Intake
from monitor.pushed import Claim, PushError, claim_of, prove
from monitor.taking import take
from store import pushes
from store.database import Tx
from store.nouns import Outcome, Reading

MINUTE: Final = timedelta(minutes=1)
# Who drips a body for longer than this is not delivering anything.
SLOWEST_S: Final = 30
_AWAY_S: Final = 5

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """One proven request. `digest` names it in the replay cache, `key` is the sender's own name for it ("" none)."""

    room: Room
    source: InboundSource
    body: bytes
    digest: str
    key: str
    content_type: str
    encoding: str


async def push(request: Request) -> Response:
    """Take a batch. Its own door: nothing is read, parsed or written for somebody who cannot sign."""
    try:
        return await _taken(request)
    except AccessError as error:
        return _no(401, str(error))
    except PushError as error:
        return _no(error.status, str(error), error.wait_s)
    except (StoreError, SettingsError):
        # What is wrong with us is for our own people; the sender shall try again.
        return _no(503, "not ready; nothing was taken", _AWAY_S)
    except ClientDisconnect:
        return _no(400, "the connection ended before the body did")


async def _taken(request: Request) -> Response:
    room = cast(Room, request.app.state.room)
    source = await _source(room, request.path_params["source"])
    claim = claim_of(request.headers, bearer=source.bearer)
    body = await _body(request)
    said = await run_in_threadpool(_answer, room, source, claim, request.headers, body)
    return JSONResponse(said["said"], said["status"])


async def _source(room: Room, source_id: str) -> InboundSource:
    """The source as the settings have it; only for one added on screen the store is asked."""
    found = next((one for one in room.settings.watch.source if one.id == source_id), None)
    if found is None and source_id.isascii() and len(source_id) <= 60:
        found = await run_in_threadpool(_saved, room, source_id)
    if not isinstance(found, InboundSource):
        raise PushError("there is no such source", status=404)
    return found


def _saved(room: Room, source_id: str) -> Source | None:
    with room.store.reading() as tx:
        return sourcebook.find(tx, room.settings.watch, source_id)


async def _body(request: Request) -> bytes:
    """The body as it came, never more than the cap of it."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:15]) > MAX_BYTES:
        raise too_large()
    body = bytearray()
    try:
        with anyio.fail_after(SLOWEST_S):
            async for piece in request.stream():
                body += piece
                if len(body) > MAX_BYTES:
                    raise too_large()
    except TimeoutError as error:
        raise PushError(f"the body did not come within {SLOWEST_S} s", status=408) from error
    return bytes(body)


def _answer(room: Room, source: InboundSource, claim: Claim, headers: Mapping[str, str], body: bytes) -> Said:
    """What is told, and the status it is told with; all of it is committed when this returns."""
    secret = room.secret(source.secret_env)
    if not secret:
        raise PushError("this source has no secret on our side yet; nothing was taken", status=503, wait_s=60)
    prove(claim, body, secret, room.clock())
    key = headers.get("idempotency-key", "").strip()
    if len(key) > LONGEST_KEY:
        raise PushError(f"Idempotency-Key: has {len(key)} characters; {LONGEST_KEY} are allowed", status=422)
    # A token proves the sender, not the request: every one of those is a request of its own.
    digest = claim.signature or f"bearer:{room.ids()}"
    kind, encoding = headers.get("content-type", ""), headers.get("content-encoding", "")
    asked = Push(room, source, body, digest, key, kind, encoding)
    with room.store.reading() as tx:
        first = pushes.known(tx, source.id, digest)
        _within_rate(tx, asked, again=first is not None)
        if not _is_used(tx, asked):
            raise PushError("this source is switched off; nothing was taken", status=404)
    return _again(asked, first) if first else _first(asked)


def _is_used(tx: Tx, asked: Push) -> bool:
    found = sourcebook.find(tx, asked.room.settings.watch, asked.source.id)
    return found is not None and found.enabled


def _within_rate(tx: Tx, asked: Push, *, again: bool) -> None:
    """PushError 429 past the source's requests per minute; repeats have a minute of their own."""
    now = asked.room.clock()
    count, first = pushes.counted(tx, asked.source.id, now - MINUTE, again=again)
    if count >= asked.source.per_minute and first is not None:
        wait = max(1, math.ceil((first + MINUTE - now).total_seconds()))
        raise PushError(f"{asked.source.per_minute} requests in a minute are taken", status=429, wait_s=wait)


def _again(asked: Push, first: Said) -> Said:
    """The same request a second time: nothing changes, the first answer is given again."""
    with asked.room.store.transaction() as tx:
        pushes.note_again(tx, asked.source.id, asked.room.ids(), asked.room.clock())
    return _replayed(first)


def _first(asked: Push) -> Said:
    """Read the batch, then keep it, its answer and the source's state in one transaction."""
    now, read, trouble = asked.room.clock(), Read(()), None
    shape, key = shape_of(asked.source.preset, asked.source.spec), asked.key
    try:
        batch = batch_of(asked.body, asked.content_type, asked.encoding, shape)
        # A batch_id names a batch only together with what stands in it: some senders use the day.
        key = key or (f"{batch.key}\0{_hash(asked.body)}" if batch.key else "")
        read = batch.read(shape, rules_of(asked.source, now))
        if read.rejected and not (read.mentions or read.dropped):
            trouble = PushError("no item of the batch could be used", status=422)
    except PushError as error:
        trouble = error
    with asked.room.store.transaction() as tx:
        earlier = _reserved(tx, asked, key, now)
        if earlier is not None:
            return _replayed(earlier)
        said = _kept(tx, asked, read, trouble, now)
        pushes.answer(tx, asked.source.id, asked.digest, said)
        if key:
            pushes.answer(tx, asked.source.id, _key(key), said | {"body": _hash(asked.body)})
        pushes.forget(tx, now)
    return said


def _reserved(tx: Tx, asked: Push, key: str, now: datetime) -> Said | None:
    """None when signature and key are ours from here on; else what was answered to whoever had them before."""
    source = asked.source.id
    # Once more: others were taken since the first look.
    _within_rate(tx, asked, again=False)
    if not pushes.reserve(tx, source, asked.digest, now):
        return pushes.known(tx, source, asked.digest)
    if not key or pushes.reserve(tx, source, _key(key), now):
        return None
    earlier = pushes.known(tx, source, _key(key)) or {}
    if earlier.get("body") != _hash(asked.body):
        raise PushError("Idempotency-Key: was used for another body", status=422)
    pushes.answer(tx, source, asked.digest, earlier)
    return earlier


def _kept(tx: Tx, asked: Push, read: Read, trouble: PushError | None, now: datetime) -> Said:
    room, source = asked.room, asked.source
    intake = Intake(room.ids, room.key)
    if trouble is not None:
        why = Outcome.TOO_LARGE if trouble.status == 413 else Outcome.MALFORMED
        take(tx, intake, source, Reading(why, note=f"pushed: {trouble}"), now)
        said: dict[str, object] = {"error": str(trouble)}
        said |= {"rejected": summary(read, 0, 0, 0)["rejected"]} if read.rejected else {}
        return {"status": trouble.status, "said": said}
    count, refused = len(read.mentions), len(read.rejected)
    note = f"pushed: {refused} of {count + refused} items rejected" if refused else ""
    outcome = Outcome.OK if count else Outcome.EMPTY
    reading = Reading(outcome, tuple(read.mentions), note=note, degraded=refused > count)
    kept, _ = take(tx, intake, source, reading, now)
    return {"status": 202, "said": summary(read, kept.new, kept.known, kept.edited)}


def _replayed(first: Said) -> Said:
    return {"status": first.get("status", 202), "said": first.get("said", {}) | {"replay": True}}


def _key(key: str) -> str:
    return pushes.key_digest(sha256(key.encode("utf-8", "replace")).hexdigest())


def _hash(body: bytes) -> str:
    return sha256(body).hexdigest()


def _no(status: int, reason: str, wait_s: int = 0) -> Response:
    return JSONResponse({"error": reason}, status, headers={"Retry-After": str(wait_s)} if wait_s else None)
