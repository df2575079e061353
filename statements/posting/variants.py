"""One approved text, one version per platform (pure): whole sentences, same facts, contacts and next update."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.platforms import Platform, Platforms
from statements.posting.choosing import choose, joined, lines_of
from statements.posting.lengths import in_han, seconds_of, segments, weighted
from statements.posting.master import Master, Sentence, brief, short_update, stands

# What stands above the whole text where colleagues read it.
_LEAD = {
    "frontline": {
        "zh": "照下面回答；没有写的，说还在核实。",
        "en": "Answer with this; of all else say that we are checking.",
    },
    "internal": {
        "zh": "以下与对外说明一致，请勿自行补充。",
        "en": "This is what we say outside; please add nothing to it.",
    },
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece to copy: `name` is title, digest, first, body, card, script or a number; `used` of `limit` (0: none)."""

    name: str
    text: str
    used: int
    limit: int

    @property
    def over(self) -> bool:
        return 0 < self.limit < self.used


@dataclass(frozen=True, slots=True)
class Variant:
    """One platform's version; `left_out` are the sentences it could not hold, `seconds` the spoken length (0: none)."""

    platform: str
    parts: tuple[Part, ...]
    left_out: tuple[str, ...]
    fact_ids: tuple[str, ...]
    contacts: tuple[str, ...]
    next_update: str
    seconds: int = 0

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.parts)

    @property
    def over(self) -> bool:
        return any(one.over for one in self.parts)


def build_variants(master: Master, platforms: Platforms) -> tuple[Variant, ...]:
    """Every platform's version, in the order of the settings."""
    return tuple(_BUILD[one.id](master, one) for one in platforms.platform)


def same_facts(master: Master, variant: Variant) -> tuple[str, ...]:
    """What a version does not share with its master: facts, contact:…, next_update; () when it shares all of it."""
    found = [] if set(variant.fact_ids) == set(master.fact_ids) else ["facts"]
    found += [f"contact:{one}" for one in master.contacts[:1] if not stands(one, variant.text)]
    if master.update_clock and master.update_clock not in variant.text:
        found.append("next_update")
    return tuple(found)


def _title(master: Master, limit: int) -> Part:
    """The headline, or the longest shorter name of the matter that fits."""
    zh = master.lang == "zh"
    names = [master.headline, *([f"{master.brand}{master.subject}说明（第{master.number}号）"] if zh else [])]
    names += [f"{master.brand}情况说明" if zh else f"{master.brand}: statement {master.number}"]
    names += ["情况说明" if zh else f"Statement {master.number}"]
    text = next((one for one in names if len(one) <= limit), names[-1])
    return Part("title", text, len(text), limit)


def _made(master: Master, platform: Platform, parts: list[Part], left: Sequence[Sentence], seconds: int = 0) -> Variant:
    shown = tuple(one.text for one in left)
    return Variant(platform.id, tuple(parts), shown, master.fact_ids, master.contacts, master.update, seconds)


def _first(
    master: Master, limit: int, size: Callable[[str], int] = len, *, must: bool = True
) -> tuple[str, list[Sentence]]:
    """What stands alone before unfolding: number, awareness, done, what to do, phone, next update.

    `must`: what to do, phone and next update stand there even when they alone are too long.
    """
    head = f"【第{master.number}号】" if master.lang == "zh" else f"No. {master.number}: "

    def say(one: Sentence) -> str:
        if one.part == "contact":
            return _contact(master)
        if one.part == "next_update":
            return short_update(one.text, master.lang)
        return _spoken(one, master.lang)

    wanted = [*master.of("action")[:1], *master.of("next_update")[:1], *master.of("contact")[:1]]
    kept = list(wanted) if must else []
    done = _real(master.of("done"))
    others = [*done[:1], *master.of("awareness"), *done[1:], *master.of("empathy"), *master.of("unknown")]
    for one in [*([] if must else wanted), *others]:
        if size(head + joined([*kept, one], master, say)) <= limit:
            kept.append(one)
    return head + joined(kept, master, say), kept


def _spoken(one: Sentence, lang: str) -> str:
    """The sentence by itself: without list mark, day and zone, and with a full stop."""
    text = re.sub(r"[；;]$", "。" if lang == "zh" else ".", brief(one.text, lang))
    return text[:1].upper() + text[1:]


def _real(done: Sequence[Sentence]) -> list[Sentence]:
    """Without the lead-in of a list."""
    return [one for one in done if not one.text.endswith(("：", ":"))]


def _contact(master: Master) -> str:
    first = re.split(r"[（(]", master.contacts[0])[0].strip() if master.contacts else ""
    return (f"电话{first}。" if "@" not in first else f"邮箱{first}。") if master.lang == "zh" else f"Contact: {first}."


def _weibo(master: Master, platform: Platform) -> Variant:
    first, _ = _first(master, platform.first, in_han)
    room = max(1, platform.body - in_han(first) - 2)
    taken, left = choose(master, room, in_han, lambda one: one.text + " ")
    whole = f"{first}\n\n{lines_of([*master.of('headline'), *taken], master.lang)}"
    parts = [Part("first", first, in_han(first), platform.first), Part("body", whole, in_han(whole), platform.body)]
    return _made(master, platform, parts, left)


def _wechat(master: Master, platform: Platform) -> Variant:
    digest, _ = _first(master, platform.digest, must=False)
    taken, left = choose(master, platform.body, len, lambda one: one.text + " ")
    body = lines_of(taken, master.lang)
    parts = [_title(master, platform.title), Part("digest", digest, len(digest), platform.digest)]
    return _made(master, platform, [*parts, Part("body", body, len(body), platform.body)], left)


def _douyin(master: Master, platform: Platform) -> Variant:
    lang, longest = master.lang, platform.seconds[1]
    hello = f"我代表{master.brand}向大家说明。" if lang == "zh" else f"I speak for {master.brand}. "

    def say(one: Sentence) -> str:
        return _contact(master) if one.part == "contact" else _spoken(one, lang)

    taken, left = choose(master, longest, lambda text: seconds_of(hello + text, lang), say)
    script = hello + joined([one for one in taken if one.part != "sign_off"], master, say)
    spoken = seconds_of(script, lang)
    card, _ = _first(master, 140)
    parts = [_title(master, platform.title), Part("card", card, len(card), platform.body)]
    return _made(master, platform, [*parts, Part("script", script, spoken, longest)], left, spoken)


def _titled(master: Master, platform: Platform) -> Variant:
    taken, left = choose(master, platform.body, len, lambda one: one.text + " ")
    body = lines_of(taken, master.lang)
    return _made(master, platform, [_title(master, platform.title), Part("body", body, len(body), platform.body)], left)


def _thread(master: Master, platform: Platform) -> Variant:
    """Posts of whole sentences, each with its number; the first says known, done and next, then the rest follows."""
    limit = platform.part - weighted("10/10 ")
    gap = "" if master.lang == "zh" else " "
    posts: list[str] = []
    order = [*master.of("awareness"), *_real(master.of("done")), *master.of("next_update"), *master.of("action")]
    rest = [one for one in master.sentences if one not in order and one.part not in ("headline", "sign_off")]
    for one in [*order, *(found for found in rest if not found.text.endswith(("：", ":")))]:
        text = re.sub(r"^\d{1,3}[.、)]\s*", "", one.text)
        text = text[:1].upper() + text[1:]
        if posts and weighted(posts[-1] + gap + text) <= limit:
            posts[-1] += gap + text
        else:
            posts.append(text)
    named = [f"{n}/{len(posts)} {text}" for n, text in enumerate(posts, 1)]
    parts = [Part(str(n), text, weighted(text), platform.part) for n, text in enumerate(named, 1)]
    return _made(master, platform, parts, master.of("sign_off"))


def _press(master: Master, platform: Platform) -> Variant:
    words = bool(platform.words) and master.lang == "en"
    limit = platform.words if words else platform.body

    def size(text: str) -> int:
        return len(text.split()) if words else len(text)

    head = lines_of(master.of("headline"), master.lang)
    taken, left = choose(master, max(1, limit - size(head) - 1), size, lambda one: one.text + " ")
    text = f"{head}\n{lines_of(taken, master.lang)}"
    return _made(master, platform, [Part("body", text, size(text), limit)], left)


def _sms(master: Master, platform: Platform) -> Variant:
    text, kept = _first(master, platform.body)
    count = segments(text, platform.part)
    left = [one for one in _real(master.sentences) if one not in kept and one.part not in ("headline", "sign_off")]
    most = segments("字" * platform.body, platform.part)
    return _made(master, platform, [Part("segments", text, count, most)], left)


def _whole(master: Master, platform: Platform) -> Variant:
    text = f"{_LEAD[platform.id][master.lang]}\n{master.body}"
    return _made(master, platform, [Part("body", text, len(text), platform.body)], ())


_BUILD: dict[str, Callable[[Master, Platform], Variant]] = {
    "weibo": _weibo,
    "wechat": _wechat,
    "douyin": _douyin,
    "xiaohongshu": _titled,
    "x": _thread,
    "press": _press,
    "sms": _sms,
    "frontline": _whole,
    "internal": _whole,
}
