"""The one road by which anything heard becomes a mention: polled, pushed or imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from msgspec import Struct, structs

from config.clock import Ids
from config.place import Place
from monitor.identity import SAME_WORDS_WITHIN, Keys, Known, same, text_key, url_key
from monitor.privacy import author_hash, mask_name, mask_numbers
from store import agenda, authors, evidence, heard, mentions, search
from store.agenda import Job
from store.database import Tx
from store.heard import COUNTS, Seen
from store.mentions import Marks
from store.nouns import Author, Klass, RawMention

PENDING = "pending"
# What a column holds of a number; years below have no fixed width as text.
_LARGEST, _EARLIEST = dict.fromkeys(COUNTS, 2**63 - 1) | {"rank": 2**31 - 1}, 1000
_WORDS = (
    "ext_id", "url", "title", "text", "author", "handle", "platform", "klass", "lang", "parent_ext_id", "repost_of",
    "region", "status", "raw_date", "raw_excerpt",
)  # fmt: skip
_words, _counts = attrgetter(*_WORDS), attrgetter(*_LARGEST)
# What a platform's items are when neither they nor the settings say it.
_KLASS = {"news": Klass.ARTICLE, "wechat": Klass.ARTICLE, "heimao": Klass.COMPLAINT, "appstore": Klass.REVIEW}


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: how many were new, known already, and (of those) known with other words."""

    new: int = 0
    known: int = 0
    edited: int = 0


class _Item(Struct, frozen=True):
    """One of a batch, covered and marked. `author` is who is really behind it; `name` what its platform calls it."""

    raw: RawMention
    marks: Marks
    author: Author | None
    name: str

    @property
    def keys(self) -> Keys:
        url = _name(self.raw.platform, self.marks.url_key) if self.marks.url_key else ""
        return Keys(self.name, url, self.marks.text_key)


@dataclass(frozen=True, slots=True)
class Intake:
    """`key` is the house's key: with it authors become hashes nobody can guess."""

    ids: Ids
    key: str

    def keep(self, tx: Tx, place: Place, raws: Sequence[RawMention], now: datetime) -> Kept:
        """Keep what a source gave, each thing once, whatever its date; promise that new ones are judged.

        Names are masked and numbers covered before anything is stored; the real name goes to a table of its own.
        """
        heard.alone(tx)
        items = list({item.name: item for item in (self._item(place, raw, now) for raw in raws)}.values())
        seen = _known(tx, place, items, now)
        which = same([item.keys for item in items], seen.known, by_text=_by_words(place))
        fresh = [item for item, mention in zip(items, which, strict=True) if not mention]
        new = self._add(tx, place, fresh, now)
        again = [(item, seen.mentions[mention]) for item, mention in zip(items, which, strict=True) if mention]
        edited = sum(self._again(tx, place, item, before, now) for item, before in again)
        heard.found_by(tx, [(before.id, place.id) for _, before in again if before.source != place.id], now)
        return Kept(new, len(raws) - new, edited)

    def _item(self, place: Place, given: RawMention, now: datetime) -> _Item:
        raw = _storable(given)
        platform = (raw.platform or place.platform)[:40]
        klass = raw.klass or place.klass or _KLASS.get(platform, Klass.POST)
        whose = author_hash(self.key, platform, raw.handle or raw.author)
        # A newspaper's name is no person's; everybody else's is.
        shown = raw.author if klass == Klass.ARTICLE else mask_name(raw.author)
        covered = structs.replace(
            raw,
            platform=platform,
            klass=klass,
            author=shown,
            handle="",
            title=mask_numbers(raw.title),
            text=mask_numbers(raw.text),
            raw_excerpt=_covered(raw, shown),
        )
        said_at = covered.published_at.isoformat() if covered.published_at else ""
        marks = Marks(whose, url_key(covered.url, klass), text_key(whose, covered.title, covered.text, said_at))
        author = Author(whose, platform, raw.author, raw.handle, now) if whose else None
        return _Item(covered, marks, author, _name(platform, covered.ext_id))

    def _add(self, tx: Tx, place: Place, items: Sequence[_Item], now: datetime) -> int:
        if not items:
            return 0
        raws, marks = [item.raw for item in items], [item.marks for item in items]
        new = mentions.save(tx, place.id, raws, now, self.ids, marks)
        if new:
            authors.keep(tx, [item.author for item in items if item.author])
            agenda.promise(tx, Job.JUDGE, PENDING, now)
        return len(new)

    def _again(self, tx: Tx, place: Place, item: _Item, before: Seen, now: datetime) -> bool:
        """What a second hearing changes; True when the words are others now. Nothing is judged or called anew."""
        if before.erased_at:
            return False
        values = _counted(item.raw, before, now)
        edited = _is_edit(item.raw, before, place)
        if edited:
            evidence.keep_version(tx, before.id, self.ids(), now)
            title, text = mentions.storable(item.raw.title), mentions.storable(item.raw.text)
            values |= {"title": title, "text": text, "truncated": item.raw.truncated}
            values |= {"edited_at": now, "text_key": item.marks.text_key}
        if values:
            heard.change(tx, before.id, values)
        if edited:
            search.reindex(tx, before.id, (before.title, before.text), (title, text))
        return edited


@dataclass(frozen=True, slots=True)
class _Past:
    known: Known
    mentions: dict[str, Seen]


def _known(tx: Tx, place: Place, items: Sequence[_Item], now: datetime) -> _Past:
    """What the store has under any of the batch's keys; of several with one key the first heard counts."""
    by_id = heard.by_ext_id(tx, {(item.raw.platform, item.raw.ext_id[:300]) for item in items})
    named = {_name(seen.platform, seen.ext_id) for seen in by_id}
    rest = [item for item in items if item.name not in named]
    urls = {(item.raw.platform, item.marks.url_key) for item in rest if item.marks.url_key}
    # Where ids can be trusted another id is another thing: what one vendor tells may all lie under one address.
    by_url = [one for one in heard.by_url(tx, urls) if _by_words(place) or one.source != place.id]
    texts = {item.marks.text_key for item in rest if item.marks.text_key} if _by_words(place) else set[str]()
    by_text = heard.by_text(tx, place.id, texts, now - SAME_WORDS_WITHIN)
    known = Known(
        {_name(seen.platform, seen.ext_id): seen.id for seen in by_id},
        {_name(one.platform, one.url_key): (one.id, _name(one.platform, one.ext_id)) for one in reversed(by_url)},
        {one.text_key: (one.id, _name(one.platform, one.ext_id)) for one in reversed(by_text)},
    )
    return _Past(known, {seen.id: seen for seen in (*by_id, *by_url, *by_text)})


def _by_words(place: Place) -> bool:
    """Whether the ids of a place may change, so that address and words must tell what is the same."""
    return getattr(place, "kind", "") == "feed"


def _storable(raw: RawMention) -> RawMention:
    """The same without what no store takes: one such mention would make every read of its source fail for ever."""
    values: dict[str, Any] = {}
    words = _words(raw)
    if not mentions.is_storable("".join(words)):
        values = dict(zip(_WORDS, map(mentions.storable, words), strict=True))
    numbers = zip(_LARGEST, _counts(raw), strict=True)
    values |= {name: None for name, number in numbers if number is not None and abs(number) > _LARGEST[name]}
    if raw.published_at and raw.published_at.year < _EARLIEST:
        values["published_at"] = None
    return structs.replace(raw, **values) if values else raw


def _counted(raw: RawMention, before: Seen, now: datetime) -> dict[str, Any]:
    """New counts, rank and status; what the source did not say this time stays as it was."""
    given = {name: getattr(raw, name) for name in COUNTS}
    values: dict[str, Any] = {
        name: found for name, found in given.items() if found not in (None, getattr(before, name))
    }
    if values:
        values["metrics_at"] = now
    if raw.rank is not None:
        values |= {"rank": raw.rank, "last_seen_at": now}
        values["best_rank"] = min(raw.rank, before.best_rank or raw.rank)
    if raw.status and raw.status != before.status:
        values["status"] = raw.status[:40]
    return values


def _is_edit(raw: RawMention, before: Seen, place: Place) -> bool:
    """Other words from the source that told us first, or the whole of what was cut before."""
    if (raw.title, raw.text) == (before.title, before.text) or not (raw.title or raw.text):
        return False
    if before.truncated and not raw.truncated:
        return True
    cut = raw.truncated and not before.truncated
    return before.source == place.id and not cut


def _covered(raw: RawMention, shown: str) -> str:
    """The beginning of what came, without the names and numbers that are not kept."""
    text = mask_numbers(raw.raw_excerpt[:4000])
    for name, cover in ((raw.author, shown), (raw.handle, "***")):
        if len(name) >= 2:
            text = text.replace(name, cover)
    return text


def _name(platform: str, key: str) -> str:
    return f"{platform}\0{key[:300]}"
