"""The nouns of the house: frozen records that travel between rooms. Times are aware UTC; unknown is None, never 0."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Level(StrEnum):
    """How bad; ordered by `rank`. NONE is below blue and opens nothing."""

    NONE = "none"
    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Outcome(StrEnum):
    """What one read of a source came to (sources: the same words on every kind)."""

    OK = "ok"
    EMPTY = "empty"
    NOT_MODIFIED = "not_modified"
    RATE_LIMITED = "rate_limited"
    AUTH_FAILED = "auth_failed"
    QUOTA_EXHAUSTED = "quota_exhausted"
    GONE = "gone"
    BLOCKED = "blocked"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    NETWORK = "network"
    SERVER_ERROR = "server_error"


class Klass(StrEnum):
    """What kind of thing a mention is."""

    POST = "post"
    COMMENT = "comment"
    COMPLAINT = "complaint"
    REVIEW = "review"
    ARTICLE = "article"
    VIDEO = "video"
    HOTLIST = "hotlist"


class Health(StrEnum):
    """Whether we hear through a source: UNKNOWN before the first read."""

    UNKNOWN = "unknown"
    OK = "ok"
    EMPTY = "empty"
    DEGRADED = "degraded"
    BLIND = "blind"


# What is made by the thousand a second is a struct: RawMention, Mention, Span, Score, Judged and Known. It is made, and
# made anew with another value, many times quicker than a dataclass, and the garbage collector need not walk it.
class RawMention(Struct, frozen=True, gc=False):
    """One item as a source gave it, cleaned to plain text but not yet judged.

    `published_at` is None when the source gave no usable date; `raw_date` keeps what it said.
    `title` and `text` are plain text (no markup); `url` is http(s) or "". `author` is the name people see, `handle` the
    account behind it (an id where the source has one): neither is stored as it is. Counts are None when unknown, never
    0. `rank` is the place on a hot list, 1 the highest. `status`: what a complaint has come to, in the source's words.
    `raw_excerpt` is the beginning of what came, at most 4,000 characters.
    """

    ext_id: str
    url: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    followers: int | None = None
    published_at: datetime | None = None
    raw_date: str = ""
    date_estimated: bool = False
    likes: int | None = None
    comments: int | None = None
    reposts: int | None = None
    platform: str = ""
    klass: str = ""
    lang: str = ""
    handle: str = ""
    verified: bool | None = None
    bot: bool | None = None
    parent_ext_id: str = ""
    repost_of: str = ""
    views: int | None = None
    points: int | None = None
    rank: int | None = None
    region: str = ""
    status: str = ""
    truncated: bool = False
    raw_excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer of one read of a source: mentions plus what to remember for the next read.

    Mentions are kept whatever the outcome: a read that was stopped in the middle still heard something.
    `cursor` None leaves the remembered one as it is. `until` is when it makes sense to ask again (rate_limited,
    quota_exhausted). `truncated`: a cap was hit, there was more than was read. `moved`: where the whole way led by
    permanent redirects only.
    """

    outcome: Outcome
    mentions: tuple[RawMention, ...] = ()
    etag: str = ""
    last_modified: str = ""
    note: str = ""
    degraded: bool = False
    cursor: dict[str, Any] | None = None
    until: datetime | None = None
    truncated: bool = False
    moved: str = ""


class Mention(Struct, frozen=True, gc=False):
    """One stored mention. `event_at` is what buckets use: published_at, or first_seen_at when that is unknown.

    `author` is the masked name, `author_hash` tells one author from another without naming them ("" when unknown).
    `best_rank` is the highest place a hot list ever gave it. `edited_at`: its words changed after we first saw it.
    """

    id: str
    source: str
    platform: str
    ext_id: str
    url: str
    title: str
    text: str
    author: str
    followers: int | None
    published_at: datetime | None
    date_estimated: bool
    event_at: datetime
    first_seen_at: datetime
    likes: int | None = None
    comments: int | None = None
    reposts: int | None = None
    klass: str = ""
    lang: str = ""
    author_hash: str = ""
    verified: bool | None = None
    bot: bool | None = None
    parent_ext_id: str = ""
    repost_of: str = ""
    views: int | None = None
    points: int | None = None
    rank: int | None = None
    best_rank: int | None = None
    region: str = ""
    status: str = ""
    truncated: bool = False
    raw_date: str = ""
    last_seen_at: datetime | None = None
    metrics_at: datetime | None = None
    edited_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def voice(self) -> str:
        """Whose it is, for counting different people; an unknown author is one of their own."""
        return self.author_hash or self.author or self.ext_id


class Span(Struct, frozen=True, gc=False):
    """A risk term found in a text: offsets in characters of the original text."""

    start: int
    end: int
    term: str
    category: str
    weight: float
    hard: bool = False


class Score(Struct, frozen=True, gc=False):
    """What we think of one mention for one brand. p_negative, p_crisis in 0..1; harm 0..4 as in the severity matrix."""

    p_negative: float
    p_crisis: float
    negative: bool
    crisis: bool
    category: str = ""
    categories: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    aggravators: tuple[str, ...] = ()
    harm: int = 0
    hard: bool = False
    lang: str = ""
    model: str = ""
    # Why a person should look: unsure, sarcasm or opinion; "" when nobody needs to.
    triage: str = ""
    muted: bool = False
    cluster: str = ""


class Judged(Struct, frozen=True, gc=False):
    """A mention with its score for one brand, as the spike and severity rules read it."""

    mention: Mention
    brand: str
    score: Score


class Known(Struct, frozen=True, gc=False):
    """A judged mention and the moment from which it was known, as a replay of the past reads it."""

    at: datetime
    judged: Judged


@dataclass(frozen=True, slots=True)
class Bucket:
    """Volume of one brand in one bucket (5 minutes or an hour) starting at `at`.

    `voices` distinct authors, `copies` mentions that repeat an earlier text, `reach` followers of the biggest account.
    """

    at: datetime
    mentions: int
    negative: int
    crisis: int
    voices: int = 0
    copies: int = 0
    reach: int = 0


class VersionKind(StrEnum):
    """What may be changed on screen and is kept as saved versions."""

    THRESHOLDS = "thresholds"
    TAXONOMY = "taxonomy"
    BRAND = "brand"
    WEIGHTS = "weights"
    TEMPLATE = "template"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Version:
    """One saved state of a setting: `subject` is the brand's id, or "" for all brands; `sha256` names the body."""

    kind: VersionKind
    subject: str
    number: int
    at: datetime
    author: str
    reason: str
    body: dict[str, Any]
    figures: dict[str, Any]
    sha256: str
    signed_by: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spike:
    """A volume no ordinary hour explains, or a single post that harms; with the sentence that says so.

    `thresholds`: the short name of the thresholds by which it was decided, "" where nobody knows.
    """

    id: str
    brand: str
    at: datetime
    kind: str
    count: int
    usual: float
    window_minutes: int
    score: float
    why: str
    level: Level
    level_why: tuple[str, ...]
    category: str
    title: str
    t0: datetime
    mention_ids: tuple[str, ...] = ()
    page: bool = True
    thresholds: str = ""


class IncidentStatus(StrEnum):
    OPEN = "open"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    REVIEWED = "reviewed"
    FALSE_ALARM = "false_alarm"
    MERGED = "merged"


class Paging(StrEnum):
    """The second axis: are we still calling people?"""

    QUIET = "quiet"
    PAGING = "paging"
    ACKED = "acked"
    ACK_EXPIRED = "ack_expired"
    EXHAUSTED = "exhausted"
    SILENCED = "silenced"


class ClockState(StrEnum):
    """The third axis: the one-hour promise."""

    NONE = "none"
    RUNNING = "running"
    MET = "met"
    BREACHED = "breached"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Incident:
    """One crisis of one brand. `key` is brand:category and is unique while the incident is open.

    `round` counts beginnings of paging (opening, rise, reopening, expired ack); `step` the steps called in it.
    `hushed` says what holds the calls back while `paging` is SILENCED: silence:ID, incident:ID or restored.
    `lower_to`, `lower_by` and `lower_at` are the first of the two yeses that lower a red incident.
    """

    id: str
    number: int
    brand: str
    category: str
    key: str
    title: str
    level: Level
    status: IncidentStatus
    paging: Paging
    clock: ClockState
    t0: datetime
    detected_at: datetime
    due_at: datetime
    born_breached: bool
    breached_at: datetime | None = None
    met_at: datetime | None = None
    resolved_at: datetime | None = None
    owner: str = ""
    acked_at: datetime | None = None
    active_at: datetime | None = None
    paging_since: datetime | None = None
    round: int = 0
    step: int = 0
    reminded_at: datetime | None = None
    why: str = ""
    policy: dict[str, Any] = field(default_factory=dict)
    merged_into: str = ""
    hushed: str = ""
    lower_to: Level | None = None
    lower_by: str = ""
    lower_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LevelChange:
    """How bad it was from `at` on: proposed by the system, or declared by the person `who`."""

    incident: str
    at: datetime
    level: Level
    why: str
    who: str

    @property
    def proposed(self) -> bool:
        return self.who == "system"


class PageStatus(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"
    DROPPED = "dropped"
    UNVERIFIED = "unverified"  # accepted, but only by somebody's word for it
    DIGESTED = "digested"  # another page carried it
    HELD = "held"  # too old to go without a person's yes


@dataclass(frozen=True, slots=True)
class Page:
    """A call to one person over one channel. `idempotency` is unique and travels with every try.

    `reason` is a word of alerts.wording.REASON; `step` counts escalation steps of this round, else -1. `reply` is the
    short code that takes the incident when it is sent back (SMS), "" elsewhere. `incident` is "" for notices.
    `digest` is the page that carried this one when its address was full; `begun_at` the moment its first try began.
    """

    id: str
    incident: str
    person: str
    channel: str
    address: str
    reason: str
    subject: str
    body: str
    link: str
    level: Level
    idempotency: str
    status: PageStatus
    created_at: datetime
    step: int = -1
    accepted_at: datetime | None = None
    code: str = ""
    tries: int = 0
    reply: str = ""
    digest: str = ""
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One try to deliver a page, with the provider's own answer."""

    page: str
    at: datetime
    accepted: bool
    code: str
    detail: str
    took_ms: int


class FactStatus(StrEnum):
    CONFIRMED = "confirmed"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"
    REFUTED = "refuted"
    WITHDRAWN = "withdrawn"


class FactScope(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    PRIVILEGED = "privileged"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the fact log. `label` (F1, F2 …) is what templates borrow; a change is a new row that supersedes.

    `slot` says what part of the statement it feeds: done, unknown, action, scope, authority, cause, other; `cell` which
    of 5W1H it answers ("": by its slot). `evidence` names a document or gives its address; with `sha256` and
    `captured_at` it is kept (`snapshot`: in our own store). `source` said it first, `second_source` independently of
    that; `verified_by` stands behind it. `seq` counts the rows of the incident, `hash` is over the row before and this.
    """

    id: str
    incident: str
    label: str
    version: int
    slot: str
    zh: str
    en: str
    status: FactStatus
    scope: FactScope
    source: str
    evidence: str
    who: str
    at: datetime
    cell: str = ""
    second_source: str = ""
    sha256: str = ""
    captured_at: datetime | None = None
    snapshot: str = ""
    verified_by: str = ""
    verified_at: datetime | None = None
    supersedes: str = ""
    seq: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class FactCell:
    """An empty cell of the 5W1H grid: who finds it out, and until when."""

    incident: str
    cell: str
    owner: str
    due_at: datetime
    who: str
    at: datetime


class ClaimStatus(StrEnum):
    """What we know of something that is said about us."""

    UNKNOWN = "unknown"
    TRUE = "true"
    PARTLY = "partly"
    FALSE = "false"


class ClaimKind(StrEnum):
    """Only a statement of fact can be false; an opinion and a complaint are answered, never reported."""

    FACT = "fact"
    OPINION = "opinion"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said about us. `label` (C1, C2 …); a change is a new version.

    `facts` are the labels that show its status, `evidence` with `sha256` and `captured_at` a document that does
    (`snapshot`: kept in our own store). `keywords` find the mentions that say it, `urls` are exact addresses.
    """

    id: str
    incident: str
    label: str
    version: int
    said: str
    kind: ClaimKind
    status: ClaimStatus
    who: str
    at: datetime
    answer_zh: str = ""
    answer_en: str = ""
    facts: tuple[str, ...] = ()
    evidence: str = ""
    sha256: str = ""
    captured_at: datetime | None = None
    snapshot: str = ""
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    owner: str = ""


class CrisisCluster(StrEnum):
    """Whose responsibility people see in a crisis (SCCT)."""

    VICTIM = "victim"
    ACCIDENTAL = "accidental"
    PREVENTABLE = "preventable"


@dataclass(frozen=True, slots=True)
class Attribution:
    """A person's word, after the facts, on the cluster of an incident. `history`: something like it happened before."""

    id: str
    incident: str
    cluster: CrisisCluster
    history: bool
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LegalMark:
    """What a person says of one regulatory clock: `state` done, not_applicable or open; `at` when it was done.

    `how` says by which road and under which number, or why it does not apply.
    """

    id: str
    incident: str
    line: str
    state: str
    at: datetime
    how: str
    who: str
    noted_at: datetime


class DraftState(StrEnum):
    """Where one version stands on its way out; which move leads where is in statements.approving.moves."""

    DRAFT = "draft"
    FACT_CHECKED = "fact_checked"
    LEGAL_REVIEW = "legal_review"
    SPOKESPERSON_REVIEW = "spokesperson_review"
    APPROVED = "approved"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    CHANGES_REQUESTED = "changes_requested"
    STALE = "stale"
    EXPIRED = "expired"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of one text (kind × lang) of an incident; never updated, a change is a new version."""

    id: str
    incident: str
    kind: str
    lang: str
    version: int
    body: str
    sha256: str
    fact_ids: tuple[str, ...]
    missing: tuple[str, ...]
    state: DraftState
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes to exactly the text whose sha256 is bound here; voided, never deleted."""

    id: str
    draft: str
    sha256: str
    who: str
    role: str
    at: datetime
    voided_at: datetime | None = None
    void_reason: str = ""


@dataclass(frozen=True, slots=True)
class AskedReview:
    """One person asked for one yes (`part`: legal or spokesperson) to one version, until `due_at`.

    `eta` is when they said they would have answered, `answer` "" while it is open, else yes, changes, rejected,
    late (the next one was asked) or void (the text changed). `turn` counts the people asked for this yes from 0.
    """

    id: str
    draft: str
    part: str
    person: str
    turn: int
    asked_at: datetime
    due_at: datetime
    eta: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """What a reviewer has against one sentence. `strong` blocks while the sentence stands and nobody took it back.

    It stays with the text (kind and language) over versions. `closed_why`: withdrawn, changed, or "" while open.
    """

    id: str
    incident: str
    kind: str
    lang: str
    draft: str
    strong: bool
    sentence: str
    note: str
    who: str
    at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    closed_why: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A named person lets one finding of level E stand in exactly this text; it counts from legal's yes on."""

    id: str
    draft: str
    sha256: str
    rule: str
    words: str
    reason: str
    who: str
    at: datetime
    legal: str = ""
    legal_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """The spokesperson's right, lent to a named person for one incident ("": all) until the clock or a word ends it."""

    id: str
    person: str
    incident: str
    who: str
    at: datetime
    until: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a human posted an approved text, as somebody recorded it; a wrong record stays and is superseded.

    `supersedes` is the record this one corrects, for `reason`; `withdrawn`: that one was never posted at all.
    """

    id: str
    incident: str
    draft: str
    sha256: str
    platform: str
    url: str
    published_at: datetime
    recorded_at: datetime
    who: str
    supersedes: str | None = None
    reason: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Screenshot:
    """The picture of a post, kept as evidence: `sha256` and `size` (bytes) are of the file as it was handed in."""

    id: str
    publication: str
    sha256: str
    size: int
    kind: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """A public time, deadline or remedy that became a timer. `kind`: update (a text keeps it), deed or remedy.

    Kept and broken both: kept late. `kept_by` is the publication that kept it, or the person who says so with
    `evidence` and perhaps a public `link`. `voided_at`: the record it came from was taken back.
    """

    id: str
    incident: str
    publication: str
    what: str
    due_at: datetime
    owner: str
    kept_at: datetime | None = None
    broken_at: datetime | None = None
    kind: str = "update"
    kept_by: str = ""
    evidence: str = ""
    link: str = ""
    voided_at: datetime | None = None
    void_reason: str = ""

    @property
    def open(self) -> bool:
        """Still waited for, and not overdue as far as anybody noted."""
        return self.kept_at is None and self.broken_at is None and self.voided_at is None

    @property
    def outcome(self) -> str:
        """open, kept, late (kept after its time), broken or void."""
        if self.voided_at:
            return "void"
        if self.kept_at:
            return "late" if self.broken_at else "kept"
        return "broken" if self.broken_at else "open"


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """What a person wrote into one part of a review; the newest of a part counts, the former ones stay.

    `code` is the kind of root cause or the state of the remedy, `assumed` marks an answer nobody has proved,
    `due_at` is when the review is held.
    """

    id: str
    incident: str
    part: str
    text: str
    who: str
    at: datetime
    code: str = ""
    evidence: str = ""
    assumed: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrectiveAction:
    """What shall be different after a crisis. `status`: open, done, verified (by somebody else) or dropped."""

    id: str
    incident: str
    what: str
    owner: str
    verifier: str
    due_at: datetime
    status: str
    who: str
    at: datetime
    evidence: str = ""
    done_at: datetime | None = None
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Who / when / what / why; `hash` chains to the entry before."""

    seq: int
    at: datetime
    who: str
    what: str
    subject: str
    why: str
    detail: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source is doing: validators for the next read, last outcome, health and since when."""

    source: str
    health: Health
    outcome: str
    note: str
    last_read_at: datetime | None
    last_success_at: datetime | None
    last_item_at: datetime | None
    failures: int
    blind_since: datetime | None
    etag: str
    last_modified: str
    read_count: int
    mention_count: int
    cursor: dict[str, Any] = field(default_factory=dict)
    until: datetime | None = None
    truncated_at: datetime | None = None
    full_read_at: datetime | None = None
    moved_to: str = ""
    moved_times: int = 0
    told_at: datetime | None = None
    told_outcome: str = ""


@dataclass(frozen=True, slots=True)
class SavedSource:
    """A source somebody added on screen; `spec` is what would stand in watch.toml. `enabled` may switch off any."""

    id: str
    spec: dict[str, Any]
    enabled: bool
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Meter:
    """What one account has used: requests (units) and money of this hour and day, and until when it must not ask."""

    account: str
    hour_at: datetime
    hour_used: int
    day_at: datetime
    day_used: int
    day_usd: float
    next_at: datetime | None = None
    blocked_until: datetime | None = None
    blocked_why: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who is behind an author_hash; kept apart from the mentions, read by role, dropped after its retention."""

    author_hash: str
    platform: str
    name: str
    handle: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a mention said at one moment, as evidence: `sha256` is of the canonical JSON of `body`."""

    id: str
    mention: str
    at: datetime
    who: str
    why: str
    body: dict[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's better judgement of one mention for one brand.

    `what` is one of crisis, not_crisis, negative, not_negative, not_us, ours.
    """

    seq: int
    mention: str
    brand: str
    at: datetime
    who: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: nothing of `subject` (incident:ID, brand:ID, author:HASH or all) is deleted while it lasts."""

    id: str
    subject: str
    author: str
    reason: str
    since: datetime
    ended_at: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """One person has taken an incident; `undone_at` when they gave it back or it expired."""

    incident: str
    person: str
    via: str
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EndpointState:
    """How one address of one channel is doing. `key` is channel and a digest of the address.

    `turns` are the moments of the newest messages, for the rate; `failures` counts since the last accepted one;
    while the last one was `slow`, one message at a time is tried, until `probe_until` at the latest.
    """

    key: str
    channel: str
    address: str
    failures: int = 0
    failing_since: datetime | None = None
    accepted_at: datetime | None = None
    dead_at: datetime | None = None
    code: str = ""
    turns: tuple[datetime, ...] = ()
    slow: bool = False
    probe_until: datetime | None = None
    verified_at: datetime | None = None
    code_hash: str = ""
    code_sent_at: datetime | None = None


class Window(StrEnum):
    """Spans of time a person sets: a silence, a planned campaign, a rota override, an absence."""

    SILENCE = "silence"
    CAMPAIGN = "campaign"
    OVERRIDE = "override"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Spell:
    """One such span. Which fields count depends on `kind`:

    silence: brand, category ("" any), level (highest it holds back); campaign: brand, factor (thresholds are raised
    by it), its name is the first line of `reason`; override: duty, person; absence: person. Ended early by
    `ended_by` at `ended_at`.
    """

    id: str
    kind: Window
    since: datetime
    until: datetime
    author: str
    reason: str
    at: datetime
    brand: str = ""
    category: str = ""
    level: Level = Level.YELLOW
    factor: float = 1.0
    duty: str = ""
    person: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""

    @property
    def lasts_until(self) -> datetime:
        """Its end, or the earlier moment at which somebody ended it."""
        return min(self.until, self.ended_at or self.until)

    def covers(self, at: datetime) -> bool:
        return self.since <= at < self.lasts_until


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Somebody wrote to us (来件) and waits: a complaint, a mail, an instant message. Stages are those of team.toml.

    `deadlines`: stage -> [due_at, warn_at or None], ISO moments, fixed on arrival; `answered`, `warned`, `breached`:
    stage -> ISO moment.
    """

    id: str
    number: int
    kind: str
    brand: str
    title: str
    url: str
    owner: str
    author: str
    received_at: datetime
    noted_at: datetime
    deadlines: dict[str, Any]
    answered: dict[str, str] = field(default_factory=dict)
    warned: dict[str, str] = field(default_factory=dict)
    breached: dict[str, str] = field(default_factory=dict)
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that looks at the agenda: when it last did, and how far its clock was from where it should be."""

    name: str
    kind: str
    seen_at: datetime
    drift_s: float = 0.0


# --- drills


class DrillState(StrEnum):
    """Where a drill stands; an ended one never comes back."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill 演练. Its own story lies in a store of its own; here is what it was and what it came to.

    `kind` is full, tabletop or page_out. `seats`: person -> the seat they play (a person, `reporter`, `parent`,
    `observer`). `score` 0..100 and `sheet` are None until it has ended.
    """

    id: str
    number: int
    scenario: str
    zh: str
    en: str
    kind: str
    state: DrillState
    speed: int
    started_at: datetime
    started_by: str
    seats: dict[str, str] = field(default_factory=dict)
    suspended_at: datetime | None = None
    why: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    score: int | None = None
    sheet: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """One version of one answer of the Q&A sheet, as a person left it; a change is a new version.

    `status`: READY, PENDING_FACT, REFER or DECLINE. `rests_on` are facts with their versions (F1@2): when one of them
    changes the answer is stale. `reason` of a refusal (privacy, legal, not_ours) and what is offered `instead`,
    `refer` the authority that answers. Approved while `approved_by` is set, and only until `valid_until`.
    """

    id: str
    incident: str
    qid: str
    lang: str
    version: int
    question: str
    asker: str
    topic: str
    answer: str
    status: str
    rests_on: tuple[str, ...]
    refer: str
    reason: str
    instead: str
    bridge: str
    avoid: str
    owner: str
    author: str
    at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LibraryAnswer:
    """An approved answer kept for later crises, without anything that belongs to the incident it was given in."""

    id: str
    category: str
    qid: str
    lang: str
    question: str
    answer: str
    status: str
    bridge: str
    who: str
    at: datetime
    dropped_at: datetime | None = None
    dropped_by: str = ""
