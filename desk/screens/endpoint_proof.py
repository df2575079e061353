"""Is this address really theirs? A code goes to exactly that address; whoever types it back has proved it."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from starlette.responses import Response

from alerts.calling import Notice, notice_page
from config.clock import new_secret
from config.errors import AccessError, InputError, MoveError
from config.gateways import SECRET_ADDRESS
from config.team import Endpoint, Person
from desk import access
from desk.screens.door import Ask, go
from desk.screens.trouble import missing
from store import endpoints, journal, pages, people
from store.database import Tx
from store.endpoints import key_of
from store.nouns import EndpointState, Level

LASTS = timedelta(minutes=15)
# Codes are not sent faster than this: a button is no way to fill somebody's mailbox.
PAUSE = timedelta(minutes=1)
MOST_TRIES = 5
PROVERS = ("lead", "admin", "ops")


def prove(ask: Ask) -> Response:
    """Send a code over one address of a person."""
    person, endpoint = _asked(ask)
    code, now = _new_code(), ask.now
    with ask.room.store.transaction() as tx:
        state = endpoints.lock(tx, endpoint.channel, endpoint.address)
        if state.code_sent_at and now - state.code_sent_at < PAUSE:
            raise MoveError("A code was sent less than a minute ago; wait for it.")
        endpoints.ask_proof(tx, endpoint.channel, endpoint.address, _hash(state.key, code), now)
        page_id = ask.room.ids()
        pages.add(tx, notice_page(person, endpoint, _notice(page_id, code), page_id, now))
        journal.write(tx, now, ask.who, "proof_sent", f"endpoint:{state.key}", "", {"person": person.id})
    return go(f"/people?done=code_sent#who-{quote(person.id)}")


def proved(ask: Ask) -> Response:
    """The code came back: right, and the address is verified; wrong, and there are only so many tries."""
    person, endpoint = _asked(ask)
    fault = _check(ask, person, endpoint, ask.field("code").replace(" ", "")[:12])
    if fault:
        # Said only now: a failure raised inside the transaction would take back the noted try.
        raise InputError(fault)
    return go(f"/people?done=verified#who-{quote(person.id)}")


def may_prove(who: Person | None, person: Person) -> bool:
    """Oneself, or whoever looks after the team."""
    return who is not None and (who.id == person.id or access.may(who, *PROVERS))


def awaits_code(state: EndpointState | None, now: datetime) -> bool:
    """A code is on its way that still counts."""
    return bool(state and state.code_hash and state.code_sent_at and now - state.code_sent_at < LASTS)


def masked(channel: str, address: str) -> str:
    """The address as others may read it: enough to recognise one's own, never a hook's path, token or whole number."""
    secret = SECRET_ADDRESS.fullmatch(address)
    if secret:
        return secret[1]
    if channel == "apprise":
        # What follows the scheme may be a token, wherever it stands.
        return f"{address.partition('://')[0]}://…"
    if "://" in address:
        host = address.partition("://")[2].partition("/")[0].partition("?")[0]
        return host.rpartition("@")[2]
    if "@" in address.strip("@"):
        name, _, host = address.rpartition("@")
        return f"{name[:1]}…@{host}"
    return f"…{address[-4:]}" if len(address) > 6 else f"…{address[-1:]}"


def _check(ask: Ask, person: Person, endpoint: Endpoint, code: str) -> str:
    """What is wrong with the code, "" when it is right and the address is verified now."""
    now = ask.now
    with ask.room.store.transaction() as tx:
        state = endpoints.lock(tx, endpoint.channel, endpoint.address)
        throttle = f"proof:{state.key}"
        if len(people.failure_times(tx, throttle, now - LASTS)) >= MOST_TRIES:
            return "Too many wrong codes; try again in 15 minutes."
        if not awaits_code(state, now):
            return "The code is older than 15 minutes or none was sent; send a new one."
        if not hmac.compare_digest(state.code_hash, _hash(state.key, code)):
            people.note_failure(tx, throttle, now)
            return "This is not the code that was sent."
        if state.accepted_at is None or (state.code_sent_at and state.accepted_at < state.code_sent_at):
            # It was read somewhere else: this address has not taken a message since.
            return "The code has not arrived at this address yet; see Deliveries."
        _verify(tx, ask.who, person, state, now)
        return ""


def _verify(tx: Tx, who: str, person: Person, state: EndpointState, now: datetime) -> None:
    endpoints.verify(tx, state.channel, state.address, now)
    people.clear_failures(tx, f"proof:{state.key}")
    journal.write(tx, now, who, "endpoint_verified", f"endpoint:{state.key}", "", {"person": person.id})


def _asked(ask: Ask) -> tuple[Person, Endpoint]:
    """The person and address a form is about, when the visitor may prove it."""
    person = ask.room.settings.team.find(str(ask.request.path_params["person"]))
    if person is None:
        raise missing()
    if not may_prove(ask.person, person):
        raise AccessError("Only they themselves, a lead, admin or ops may verify this address.")
    return person, _endpoint(person.endpoint, ask.field("way"))


def _endpoint(known: Sequence[Endpoint], way: str) -> Endpoint:
    found = next((one for one in known if key_of(one.channel, one.address) == way), None)
    if found is None:
        raise InputError("The address is not one of this person's; reload and choose again.")
    return found


def _notice(page_id: str, code: str) -> Notice:
    zh = f"验证码：{code}，15 分钟内有效。\n在“人员与值班”里填写，证明这个地址收得到呼叫。\n不是你要的？请告诉运维。"
    en = (
        f"Code: {code}, valid for 15 minutes.\nType it in under People & rota to prove that calls reach you here."
        "\nYou did not ask for it? Tell ops."
    )
    heads = (f"【验证码 {code}】黄金一小时", f"[code {code}] Golden Hour")
    return Notice("proof", page_id, Level.BLUE, (heads[0], zh), (heads[1], en))


def _new_code() -> str:
    """Six digits out of 256 random bits."""
    return f"{int(hashlib.sha256(new_secret().encode()).hexdigest(), 16) % 1_000_000:06d}"


def _hash(key: str, code: str) -> str:
    return hashlib.sha256(f"{key}:{code}".encode("utf-8", "surrogatepass")).hexdigest()
