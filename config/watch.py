"""watch.toml: which brands, where we listen, and when it is unusual."""

from datetime import timedelta

from pydantic import Field, field_validator

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
    any: Words = Field((), description="At least one of these words makes a mention ours.")
    all: Words = Field((), description="All of these words must stand in it too.")
    none: Words = Field((), description="One of these words and it is not ours, whatever else it says.")
    aliases: Words = Field((), description="Other names, misspellings, product names; count like `any`.")
    ambiguous: Words = Field((), description="Words of any/aliases that need a `context` word beside them.")
    context: Words = Field((), description="Words that make an ambiguous word ours.")

    @field_validator("any", "all", "none", "aliases", "ambiguous", "context")
    @classmethod
    def _no_blank(cls, words: Words) -> Words:
        if any(not word.strip() for word in words):
            raise ValueError("words, none of them empty")
        return words


class Thresholds(Model):
    rarity: float = Field(2.8, ge=1, le=6, description="-log10 of how rare a 15-minute volume must be to page.")
    voices: int = Field(6, ge=2, description="Least mentions in 30 minutes for a volume page.")
    authors: int = Field(4, ge=1, description="Least distinct authors in 30 minutes for a volume page.")
    cluster_authors: int = Field(3, ge=2, description="Distinct authors with crisis posts of one category.")
    cluster_window: Span = Field(timedelta(minutes=60), description="… within this time.")
    look_back: Span = Field(timedelta(hours=24), description="How far back the first post of an incident is sought.")
    rerise: float = Field(1.5, ge=1.1, description="During cooldown only a volume this many times higher pages.")
    cooldown: Span = Field(timedelta(hours=24), description="After a spike the same brand and category is quiet.")


class Watch(Model):
    """watch.toml: what monitoring and PR set."""

    brand: tuple[Brand, ...] = Field((), description="The brands watched.")
    source: tuple[Source, ...] = Field((), description="The sources read.")
    thresholds: Thresholds = Thresholds()
