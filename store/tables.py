"""Every table of the house, as SQLAlchemy Core; columns carry the names of the nouns' fields."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.columns import Moment, Moments, Word, Words
from store.nouns import (
    ClaimKind,
    ClaimStatus,
    ClockState,
    CrisisCluster,
    DraftState,
    DrillState,
    FactScope,
    FactStatus,
    Health,
    IncidentStatus,
    Level,
    PageStatus,
    Paging,
    Window,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# Rows of `seq` tables are numbered by the database; SQLite needs plain Integer for that.
Serial = BigInteger().with_variant(Integer, "sqlite")
Id = String(32)


def _of_those(which: str) -> dict[str, Any]:
    """An index over some rows alone: few, however many the table holds. A question must name them in these words."""
    return {"sqlite_where": text(which), "postgresql_where": text(which)}


agenda = Table(
    "agenda",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("job", String(24), nullable=False),
    Column("key", String(120), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("again_at", Moment),
    Column("claim", String(32)),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", Text, nullable=False, default=""),
    Column("dead_at", Moment),
    UniqueConstraint("job", "key"),
    Index("ix_agenda_due", "dead_at", "priority", "due_at"),
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", String(60), nullable=False),
    Column("what", String(60), nullable=False),
    Column("subject", String(80), nullable=False, index=True),
    Column("why", Text, nullable=False, default=""),
    Column("detail", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
)

source_states = Table(
    "source_states",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("health", Word(Health), nullable=False),
    Column("outcome", String(24), nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("last_read_at", Moment),
    Column("last_success_at", Moment),
    Column("last_item_at", Moment),
    Column("failures", Integer, nullable=False, default=0),
    Column("blind_since", Moment),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("read_count", Integer, nullable=False, default=0),
    Column("mention_count", Integer, nullable=False, default=0),
    Column("cursor", JSON, nullable=False, default=dict),
    Column("until", Moment),
    Column("truncated_at", Moment),
    Column("full_read_at", Moment),
    Column("moved_to", Text, nullable=False, default=""),
    Column("moved_times", Integer, nullable=False, default=0),
    Column("told_at", Moment),
    Column("told_outcome", String(24), nullable=False, default=""),
)

# What a source gave in one hour, to learn what is too little for it.
source_hours = Table(
    "source_hours",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("reads", Integer, nullable=False, default=0),
    Column("mentions", Integer, nullable=False, default=0),
)

saved_sources = Table(
    "saved_sources",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("spec", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("author", String(40), nullable=False),
    Column("at", Moment, nullable=False),
)

meters = Table(
    "meters",
    metadata,
    Column("account", String(300), primary_key=True),
    Column("hour_at", Moment, nullable=False),
    Column("hour_used", Integer, nullable=False, default=0),
    Column("day_at", Moment, nullable=False),
    Column("day_used", Integer, nullable=False, default=0),
    Column("day_usd", Float, nullable=False, default=0.0),
    Column("next_at", Moment),
    Column("blocked_until", Moment),
    Column("blocked_why", Text, nullable=False, default=""),
)

# Signatures of what was pushed to us lately: the same one a second time changes nothing.
pushes = Table(
    "pushes",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("answer", JSON, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("name", Text, nullable=False, default=""),
    Column("rows", Integer, nullable=False, default=0),
    Column("accepted", Integer, nullable=False, default=0),
    Column("known", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    Column("begun_at", Moment, nullable=False),
    Column("done_at", Moment),
)

mentions = Table(
    "mentions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(60), nullable=False),
    Column("platform", String(40), nullable=False),
    Column("ext_id", String(300), nullable=False),
    Column("url", Text, nullable=False, default=""),
    Column("title", Text, nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    Column("author", String(120), nullable=False, default=""),
    Column("followers", BigInteger),
    Column("published_at", Moment),
    Column("date_estimated", Boolean, nullable=False, default=False),
    Column("event_at", Moment, nullable=False, index=True),
    Column("first_seen_at", Moment, nullable=False),
    Column("likes", BigInteger),
    Column("comments", BigInteger),
    Column("reposts", BigInteger),
    Column("judged_at", Moment),
    Column("klass", String(12), nullable=False, default=""),
    Column("lang", String(12), nullable=False, default=""),
    Column("author_hash", String(64), nullable=False, default="", index=True),
    Column("verified", Boolean),
    Column("bot", Boolean),
    Column("parent_ext_id", String(300), nullable=False, default=""),
    Column("repost_of", String(300), nullable=False, default=""),
    Column("views", BigInteger),
    Column("points", BigInteger),
    Column("rank", Integer),
    Column("best_rank", Integer),
    Column("region", String(60), nullable=False, default=""),
    Column("status", String(40), nullable=False, default=""),
    Column("truncated", Boolean, nullable=False, default=False),
    Column("raw_date", String(100), nullable=False, default=""),
    Column("raw_excerpt", Text, nullable=False, default=""),
    Column("last_seen_at", Moment),
    Column("metrics_at", Moment),
    Column("edited_at", Moment),
    # Its author asked for it: nothing that comes later fills it again.
    Column("erased_at", Moment),
    # Second and third key of identity: the normalised address, and the folded words with their author (20 hex digits).
    Column("url_key", String(64), nullable=False, default=""),
    Column("text_key", String(64), nullable=False, default=""),
    UniqueConstraint("platform", "ext_id"),
    Index("ix_mentions_pending", "first_seen_at", **_of_those("judged_at IS NULL")),
    Index("ix_mentions_url_key", "platform", "url_key"),
    Index("ix_mentions_text_key", "source", "text_key"),
    Index("ix_mentions_source_time", "source", "first_seen_at"),
)

# Every source that found a mention; mentions.source is the first of them.
mention_sources = Table(
    "mention_sources",
    metadata,
    Column("mention", Id, ForeignKey("mentions.id"), primary_key=True),
    Column("source", String(60), primary_key=True),
    Column("at", Moment, nullable=False),
)

authors = Table(
    "authors",
    metadata,
    Column("author_hash", String(64), primary_key=True),
    Column("platform", String(40), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("handle", Text, nullable=False, default=""),
    Column("seen_at", Moment, nullable=False, index=True),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mention", Id, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", String(60), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("body", JSON, nullable=False),
    Column("sha256", String(64), nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("mention", Id, nullable=False, index=True),
    Column("brand", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", String(40), nullable=False),
    Column("what", String(16), nullable=False),
    Column("why", Text, nullable=False, default=""),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject", String(120), nullable=False),
    Column("author", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String(40), nullable=False, default=""),
)

scores = Table(
    "scores",
    metadata,
    Column("mention", Id, ForeignKey("mentions.id"), primary_key=True),
    Column("brand", String(40), primary_key=True),
    Column("event_at", Moment, nullable=False),
    Column("p_negative", Float, nullable=False),
    Column("p_crisis", Float, nullable=False),
    Column("negative", Boolean, nullable=False),
    Column("crisis", Boolean, nullable=False),
    Column("category", String(40), nullable=False, default=""),
    Column("categories", Words, nullable=False),
    Column("aggravators", Words, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("harm", Integer, nullable=False, default=0),
    Column("hard", Boolean, nullable=False, default=False),
    Column("lang", String(8), nullable=False, default=""),
    Column("model", String(60), nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Column("scored_at", Moment, nullable=False),
    # A person said it is not about this brand: kept, but neither shown nor counted.
    Column("not_us", Boolean, nullable=False, default=False),
    # A mute word of the brand stands in it: counted, yet neither shown first nor paged for.
    Column("muted", Boolean, nullable=False, default=False),
    # Why a person should say what it is: unsure, sarcasm or opinion; "" when nobody needs to.
    Column("triage", String(16), nullable=False, default=""),
    # The first mention of its near-duplicates (its own id when it is the first).
    Column("cluster", Id, nullable=False, default=""),
    Index("ix_scores_brand_time", "brand", "event_at"),
    Index("ix_scores_cluster", "brand", "cluster"),
    Index("ix_scores_triage", "event_at", **_of_those("triage <> ''")),
)

volumes = Table(
    "volumes",
    metadata,
    Column("brand", String(40), primary_key=True),
    Column("minutes", Integer, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("mentions", Integer, nullable=False, default=0),
    Column("negative", Integer, nullable=False, default=0),
    Column("crisis", Integer, nullable=False, default=0),
    # Distinct authors, mentions that repeat an earlier text, and the followers of the biggest account (0: unknown).
    Column("voices", Integer, nullable=False, default=0),
    Column("copies", Integer, nullable=False, default=0),
    Column("reach", BigInteger, nullable=False, default=0),
)

# Everything ops may change while the service runs: thresholds, taxonomy, a brand's words, severity weights.
# The newest number counts; going back saves the older body under a new number. Files hold the defaults underneath.
versions = Table(
    "versions",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("subject", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("author", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", JSON, nullable=False),
    # What a replay of the own history said of it when it was saved; {} when none was run.
    Column("figures", JSON, nullable=False),
    Column("sha256", String(64), nullable=False),
    # Who else said yes, where a second person is asked for; "" until then.
    Column("signed_by", String(40), nullable=False, default=""),
    Column("signed_at", Moment),
)

baselines = Table(
    "baselines",
    metadata,
    Column("brand", String(40), primary_key=True),
    Column("upto", Moment, nullable=False),
    Column("state", JSON, nullable=False),
)

spikes = Table(
    "spikes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("brand", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("count", Integer, nullable=False),
    Column("usual", Float, nullable=False),
    Column("window_minutes", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("why", Text, nullable=False),
    Column("level", Word(Level), nullable=False),
    Column("level_why", Words, nullable=False),
    Column("category", String(40), nullable=False, default=""),
    Column("title", Text, nullable=False, default=""),
    Column("t0", Moment, nullable=False),
    Column("mention_ids", Words, nullable=False),
    Column("page", Boolean, nullable=False),
    # By which thresholds it was decided: the first characters of their sha256.
    Column("thresholds", String(12), nullable=False, default=""),
    Index("ix_spikes_brand_time", "brand", "at"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("brand", String(40), nullable=False),
    Column("category", String(40), nullable=False, default=""),
    Column("key", String(90), nullable=False),
    # Equal to `key` while the incident is open, NULL afterwards: the unique index is the "one per topic" rule.
    Column("open_key", String(90), unique=True),
    Column("title", Text, nullable=False),
    Column("level", Word(Level), nullable=False),
    Column("status", Word(IncidentStatus), nullable=False),
    Column("paging", Word(Paging), nullable=False),
    Column("clock", Word(ClockState), nullable=False),
    Column("t0", Moment, nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("born_breached", Boolean, nullable=False, default=False),
    Column("breached_at", Moment),
    Column("met_at", Moment),
    Column("resolved_at", Moment),
    Column("owner", String(40), nullable=False, default=""),
    Column("acked_at", Moment),
    Column("active_at", Moment),
    Column("paging_since", Moment),
    Column("round", Integer, nullable=False, default=0),
    Column("step", Integer, nullable=False, default=0),
    Column("reminded_at", Moment),
    Column("why", Text, nullable=False, default=""),
    Column("policy", JSON, nullable=False),
    Column("merged_into", Id, nullable=False, default=""),
    Column("hushed", String(60), nullable=False, default=""),
    Column("lower_to", Word(Level)),
    Column("lower_by", String(40), nullable=False, default=""),
    Column("lower_at", Moment),
)

incident_levels = Table(
    "incident_levels",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("level", Word(Level), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("who", String(60), nullable=False),
)

incident_mentions = Table(
    "incident_mentions",
    metadata,
    Column("incident", Id, ForeignKey("incidents.id"), primary_key=True),
    Column("mention", Id, ForeignKey("mentions.id"), primary_key=True),
    Index("ix_incident_mentions_mention", "mention"),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, nullable=False, index=True),
    Column("person", String(40), nullable=False),
    Column("channel", String(24), nullable=False),
    Column("address", Text, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("link", Text, nullable=False, default=""),
    Column("level", Word(Level), nullable=False),
    Column("idempotency", String(160), nullable=False, unique=True),
    Column("status", Word(PageStatus), nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
    Column("step", Integer, nullable=False, default=-1),
    Column("accepted_at", Moment),
    Column("code", String(60), nullable=False, default=""),
    Column("tries", Integer, nullable=False, default=0),
    Column("reply", String(8), nullable=False, default=""),
    Column("digest", Id, nullable=False, default="", index=True),
    Column("begun_at", Moment),
    Index("ix_pages_waiting", "status", "channel"),
)

acks = Table(
    "acks",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("person", String(40), nullable=False),
    Column("via", String(24), nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("channel", String(24), nullable=False),
    Column("address", Text, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("failing_since", Moment),
    Column("accepted_at", Moment),
    Column("dead_at", Moment),
    Column("code", String(60), nullable=False, default=""),
    Column("turns", Moments, nullable=False),
    Column("slow", Boolean, nullable=False, default=False),
    Column("probe_until", Moment),
    Column("verified_at", Moment),
    Column("code_hash", String(64), nullable=False, default=""),
    Column("code_sent_at", Moment),
)

spells = Table(
    "spells",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Word(Window), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("author", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("brand", String(40), nullable=False, default=""),
    Column("category", String(40), nullable=False, default=""),
    Column("level", Word(Level), nullable=False),
    Column("factor", Float, nullable=False, default=1.0),
    Column("duty", String(40), nullable=False, default=""),
    Column("person", String(40), nullable=False, default=""),
    Column("ended_at", Moment),
    Column("ended_by", String(40), nullable=False, default=""),
    Index("ix_spells_kind_until", "kind", "until"),
)

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("brand", String(40), nullable=False, default=""),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, default=""),
    Column("owner", String(40), nullable=False, default=""),
    Column("author", String(40), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("noted_at", Moment, nullable=False),
    Column("deadlines", JSON, nullable=False),
    Column("answered", JSON, nullable=False),
    Column("warned", JSON, nullable=False),
    Column("breached", JSON, nullable=False),
    Column("closed_at", Moment, index=True),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("drift_s", Float, nullable=False, default=0.0),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("name", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

tries = Table(
    "tries",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("page", Id, ForeignKey("pages.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("code", String(60), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("took_ms", Integer, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False),
    Column("label", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("slot", String(16), nullable=False),
    Column("zh", Text, nullable=False, default=""),
    Column("en", Text, nullable=False, default=""),
    Column("status", Word(FactStatus), nullable=False),
    Column("scope", Word(FactScope), nullable=False),
    Column("source", Text, nullable=False, default=""),
    Column("evidence", Text, nullable=False, default=""),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("cell", String(8), nullable=False, default=""),
    Column("second_source", Text, nullable=False, default=""),
    Column("sha256", String(64), nullable=False, default=""),
    Column("captured_at", Moment),
    Column("snapshot", Id, nullable=False, default=""),
    Column("verified_by", String(40), nullable=False, default=""),
    Column("verified_at", Moment),
    Column("supersedes", Id, nullable=False, default=""),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("incident", "label", "version"),
    Index("ix_facts_incident_seq", "incident", "seq", unique=True),
)

# Beside the facts: the 5W1H grid, the claim board, the crisis cluster and the regulatory clocks.
fact_cells = Table(
    "fact_cells",
    metadata,
    Column("incident", Id, ForeignKey("incidents.id"), primary_key=True),
    Column("cell", String(8), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False),
    Column("label", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("kind", Word(ClaimKind), nullable=False),
    Column("status", Word(ClaimStatus), nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("answer_zh", Text, nullable=False, default=""),
    Column("answer_en", Text, nullable=False, default=""),
    Column("facts", Words, nullable=False),
    Column("evidence", Text, nullable=False, default=""),
    Column("sha256", String(64), nullable=False, default=""),
    Column("captured_at", Moment),
    Column("snapshot", Id, nullable=False, default=""),
    Column("keywords", Words, nullable=False),
    Column("urls", Words, nullable=False),
    Column("owner", String(40), nullable=False, default=""),
    UniqueConstraint("incident", "label", "version"),
)

attributions = Table(
    "attributions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("cluster", Word(CrisisCluster), nullable=False),
    Column("history", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
)

legal_marks = Table(
    "legal_marks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("line", String(40), nullable=False),
    Column("state", String(24), nullable=False),
    Column("at", Moment, nullable=False),
    Column("how", Text, nullable=False),
    Column("who", String(40), nullable=False),
    Column("noted_at", Moment, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("lang", String(4), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("fact_ids", Words, nullable=False),
    Column("missing", Words, nullable=False),
    Column("state", Word(DraftState), nullable=False),
    Column("author", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("incident", "kind", "lang", "version"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("draft", Id, ForeignKey("drafts.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("who", String(40), nullable=False),
    Column("role", String(24), nullable=False),
    Column("at", Moment, nullable=False),
    Column("voided_at", Moment),
    Column("void_reason", Text, nullable=False, default=""),
)

# Approvals: who was asked, what they have against it, what was let stand, who speaks in the spokesperson's place.
reviews_asked = Table(
    "reviews_asked",
    metadata,
    Column("id", Id, primary_key=True),
    Column("draft", Id, ForeignKey("drafts.id"), nullable=False, index=True),
    Column("part", String(24), nullable=False),
    Column("person", String(40), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("eta", Moment),
    Column("answer", String(24), nullable=False, default=""),
    Column("answered_at", Moment),
    UniqueConstraint("draft", "part", "turn"),
)

objections = Table(
    "objections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("lang", String(4), nullable=False),
    Column("draft", Id, ForeignKey("drafts.id"), nullable=False),
    Column("strong", Boolean, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String(40), nullable=False, default=""),
    Column("closed_why", String(24), nullable=False, default=""),
)

overrides = Table(
    "overrides",
    metadata,
    Column("id", Id, primary_key=True),
    Column("draft", Id, ForeignKey("drafts.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("rule", String(24), nullable=False),
    Column("words", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("legal", String(40), nullable=False, default=""),
    Column("legal_at", Moment),
)

delegations = Table(
    "delegations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", String(40), nullable=False),
    # "" lends the right in every incident, so this is no foreign key.
    Column("incident", Id, nullable=False, default=""),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("revoked_by", String(40), nullable=False, default=""),
)

publications = Table(
    "publications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("draft", Id, ForeignKey("drafts.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("platform", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("who", String(40), nullable=False),
    Column("supersedes", Id),
    Column("reason", Text, nullable=False, default=""),
    Column("withdrawn", Boolean, nullable=False, default=False),
    # A record is corrected once; who comes second corrects the correction.
    Index("ix_publications_supersedes", "supersedes", unique=True),
)

screenshots = Table(
    "screenshots",
    metadata,
    Column("id", Id, primary_key=True),
    Column("publication", Id, ForeignKey("publications.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("file", LargeBinary, nullable=False),
)

promises = Table(
    "promises",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("publication", Id, ForeignKey("publications.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("owner", String(40), nullable=False),
    Column("kept_at", Moment),
    Column("broken_at", Moment),
    Column("kind", String(24), nullable=False, default="update"),
    Column("kept_by", String(40), nullable=False, default=""),
    Column("evidence", Text, nullable=False, default=""),
    Column("link", Text, nullable=False, default=""),
    Column("voided_at", Moment),
    Column("void_reason", Text, nullable=False, default=""),
)

reviews = Table(
    "reviews",
    metadata,
    Column("incident", Id, ForeignKey("incidents.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
)

review_notes = Table(
    "review_notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("part", String(24), nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("code", String(24), nullable=False, default=""),
    Column("evidence", Text, nullable=False, default=""),
    Column("assumed", Boolean, nullable=False, default=False),
    Column("due_at", Moment),
)

corrective_actions = Table(
    "corrective_actions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("owner", String(40), nullable=False),
    Column("verifier", String(40), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("status", String(24), nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("evidence", Text, nullable=False, default=""),
    Column("done_at", Moment),
    Column("verified_at", Moment),
)

logins = Table(
    "logins",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("password_hash", String(200), nullable=False),
    Column("set_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("key", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_login_failures_key_at", "key", "at"),
)

# The texts of the last days that copies are looked for among. No foreign key: both tables only point at mentions
# that may be gone, and are emptied by the day.
cluster_texts = Table(
    "cluster_texts",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=False),
    Column("brand", String(40), nullable=False),
    Column("mention", Id, nullable=False),
)

cluster_keys = Table(
    "cluster_keys",
    metadata,
    # The day in the upper 16 bits, so that a day's rows stand together; a hash of brand and words in the lower 48.
    Column("key", Serial, primary_key=True, autoincrement=False),
    Column("number", Serial, nullable=False),
)

# drills
drills = Table(
    "drills",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("scenario", String(40), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("state", Word(DrillState), nullable=False),
    Column("speed", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("started_by", String(40), nullable=False),
    Column("seats", JSON, nullable=False),
    Column("suspended_at", Moment),
    Column("why", Text, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String(40), nullable=False),
    Column("score", Integer),
    Column("sheet", JSON(none_as_null=True)),
)

# The Q&A sheet: answers as versions, and the library of those that outlive their crisis.
sheet_answers = Table(
    "sheet_answers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident", Id, ForeignKey("incidents.id"), nullable=False),
    Column("qid", String(24), nullable=False),
    Column("lang", String(4), nullable=False),
    Column("version", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("asker", String(24), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("answer", Text, nullable=False),
    Column("status", String(24), nullable=False),
    Column("rests_on", Words, nullable=False),
    Column("refer", Text, nullable=False),
    Column("reason", String(24), nullable=False),
    Column("instead", Text, nullable=False),
    Column("bridge", Text, nullable=False),
    Column("avoid", Text, nullable=False),
    Column("owner", String(40), nullable=False),
    Column("author", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("approved_by", String(40), nullable=False),
    Column("approved_at", Moment),
    Column("valid_until", Moment),
    UniqueConstraint("incident", "qid", "lang", "version"),
)

answer_library = Table(
    "answer_library",
    metadata,
    Column("id", Id, primary_key=True),
    Column("category", String(40), nullable=False),
    Column("qid", String(24), nullable=False),
    Column("lang", String(4), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("status", String(24), nullable=False),
    Column("bridge", Text, nullable=False),
    Column("who", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("dropped_at", Moment),
    Column("dropped_by", String(40), nullable=False),
    Index("ix_answer_library_lang", "lang", "category"),
)
