"""watch.toml: which brands, where we listen, and when it is unusual."""

from datetime import timedelta

from pydantic import Field, field_validator, model_validator

from config.accounts import BlueskySource, MastodonSource, WeiboSource, XSource
from config.model import Model
from config.sources import FeedSource, ImportSource, InboundSource, JsonSource, Source
from config.spans import Span

__all__ = [
    "BlueskySource",
    "Brand",
    "FeedSource",
    "ImportSource",
    "InboundSource",
    "JsonSource",
    "MastodonSource",
    "Source",
    "Thresholds",
    "Watch",
    "WeiboSource",
    "XSource",
]

Words = tuple[str, ...]


class Brand(Model):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", description="Short name used in links and rows.")
    name: str = Field(min_length=1, description="The name people and pages use.")
    company: str = Field("", description="Full legal name that signs statements.")
    listed: bool = Field(False, description="A listed company: texts on money point to the exchange's announcements.")
    any: Words = Field((), description="At least one of these words makes a mention ours.")
    all: Words = Field((), description="All of these words must stand in it too.")
    none: Words = Field((), description="One of these words and it is not ours, whatever else it says.")
    aliases: Words = Field((), description="Other names, misspellings, product names; count like `any`.")
    ambiguous: Words = Field((), description="Words of any/aliases that need a `context` word beside them.")
    context: Words = Field((), description="Words that make an ambiguous word ours.")
    query: str = Field("", description="Expert form (docs/queries.md), in place of any, all, aliases and ambiguous.")
    mute: Words = Field((), description="One of these words and it is hidden from the lists, but still counted.")
    competitors: Words = Field((), description="Rivals' names: noted when a mention of ours names them too.")
    risk: dict[str, Words] = Field(
        {}, description="Own words that alone tell of a crisis, by category of the taxonomy."
    )
    harmless: Words = Field((), description="Own words that only sound like a crisis: product names, slang of fans.")

    @field_validator("any", "all", "none", "aliases", "ambiguous", "context", "mute", "competitors", "harmless")
    @classmethod
    def _no_blank(cls, words: Words) -> Words:
        if any(not word.strip() for word in words):
            raise ValueError("words, none of them empty")
        return words

    @field_validator("risk")
    @classmethod
    def _no_blank_risk(cls, lists: dict[str, Words]) -> dict[str, Words]:
        if any(not word.strip() for words in lists.values() for word in words):
            raise ValueError("words, none of them empty")
        return lists

    @model_validator(mode="after")
    def _one_form(self) -> "Brand":
        beside = [key for key in ("any", "all", "aliases", "ambiguous", "context") if getattr(self, key)]
        if self.query and beside:
            raise ValueError(f"`query` takes the place of `{beside[0]}`; use one of the two forms")
        return self


class Thresholds(Model):
    rarity: float = Field(2.8, ge=1, le=6, description="-log10 of how rare a 15-minute volume must be to page.")
    voices: int = Field(6, ge=2, description="Least mentions in 30 minutes for a volume page.")
    authors: int = Field(4, ge=1, description="Least distinct authors in 30 minutes for a volume page.")
    cluster_authors: int = Field(3, ge=2, description="Distinct authors with crisis posts of one category.")
    cluster_window: Span = Field(timedelta(minutes=60), description="… within this time.")
    look_back: Span = Field(timedelta(hours=24), description="How far back the first post of an incident is sought.")
    rerise: float = Field(1.5, ge=1.1, description="During cooldown only a volume this many times higher pages.")
    cooldown: Span = Field(timedelta(hours=24), description="After a spike the same brand and category is quiet.")
    negative: float = Field(0.35, ge=0.05, le=1, description="Least share of complaints for a volume to page.")
    burn: float = Field(2.2, ge=1.2, le=20, description="Six hours this many times as usual are a notice.")
    reach: int = Field(1_000_000, ge=1_000, description="Followers from which an account needs few others to page.")
    hot_rank: int = Field(10, ge=0, le=100, description="A hot list's place from which it is told; 0 turns it off.")


class Watch(Model):
    """watch.toml: what monitoring and PR set."""

    brand: tuple[Brand, ...] = Field((), description="The brands watched.")
    source: tuple[Source, ...] = Field((), description="The sources read.")
    thresholds: Thresholds = Thresholds()
