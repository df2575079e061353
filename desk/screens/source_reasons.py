"""Why a source is not well, in the reader's words: what happened, why, and what can be done now (pure)."""

from collections.abc import Callable
from dataclasses import dataclass

from desk.screens.listening import LONGEST_SILENCE, Ear
from desk.screens.source_notes import cause_of, is_quiet, tell_note
from desk.screens.times import Times
from desk.source_budget import secret_of
from store.nouns import Outcome

HEARD = (Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)
Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Three short texts, and the particulars the reader noted ("" for none)."""

    what: str
    why: str
    act: str
    said: str = ""


def reason_of(ear: Ear, say: Say, times: Times) -> Reason | None:
    """None for a source about which there is nothing to explain. `say(key, **values)` finds the words."""
    lang = times.lang
    state = ear.state
    if ear.word == "off":
        return None
    if ear.word == "stalled":
        return Reason(say("reason_stalled"), say("src_why_stalled"), say("src_act_stalled"))
    if state is None or ear.word == "unknown":
        return _unread(ear, say)
    said = tell_note(state.note, lang)
    if state.outcome and state.outcome not in HEARD:
        return failure(state.outcome, state.note, say, lang, secret=secret_of(ear.source))
    if ear.deaf:
        longest = getattr(ear.source, "silent_after", None) or LONGEST_SILENCE
        why = say("src_why_silent", span=times.span(longest))
        return Reason(say("src_what_silent"), why, say("src_act_silent"), said)
    if is_quiet(state.note):
        return Reason(_begun(said), say("src_why_quiet"), say("src_act_quiet"))
    if ear.word == "degraded":
        return Reason(say("src_what_partly"), said or say("src_why_partly"), say("src_act_partly"))
    return None


def failure(outcome: str, note: str, say: Say, lang: str, *, secret: str = "") -> Reason:
    """The three texts of an outcome that is none of ok, empty and not_modified; `secret` is the name of its key."""
    said = tell_note(note, lang)
    cause = cause_of(note)
    if cause:
        return Reason(say(f"src_what_{cause}"), say(f"src_why_{cause}"), say(f"src_act_{cause}"), said)
    with_key = secret and outcome == Outcome.AUTH_FAILED
    act = say("src_act_auth_failed_key", name=secret) if with_key else say(f"src_act_{outcome}")
    return Reason(_begun(say(f"outcome_{outcome}")), say(f"src_why_{outcome}"), act, said)


def _unread(ear: Ear, say: Say) -> Reason:
    how = "unread" if ear.source.polled else "unpushed" if ear.source.kind == "inbound" else "unimported"
    return Reason(say(f"src_what_{how}"), say(f"src_why_{how}"), say(f"src_act_{how}", id=ear.source.id))


def _begun(words: str) -> str:
    """As the beginning of a sentence."""
    return words[:1].upper() + words[1:]
