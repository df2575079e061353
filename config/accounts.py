"""The sources with an adapter of their own: an account, its budget, and what to search for."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, model_validator

from config.mapping import Limits
from config.place import Http, Place, Secret
from config.spans import Span


class AccountSource(Place):
    """What the four adapters share: an account, its budget, and what to search for."""

    secret_env: Secret = Field("", description="NAME of the environment variable that holds the token or password.")
    query: str = Field("", max_length=500, description="What is searched for; empty: the brand's own words.")
    limits: Limits = Field(Limits(), description="What the account may ask and spend.")
    max_pages: int = Field(
        50, ge=1, le=500, description="Pages in one read; at the cap the window counts as truncated."
    )

    @property
    def account(self) -> str:
        return f"{getattr(self, 'kind', '')}:{self.secret_env or self.id}"


class WeiboSource(AccountSource):
    kind: Literal["weibo"] = Field("weibo", description="Weibo's commercial interfaces.")
    platform: str = Field("weibo", description="What its mentions are filed under.")
    base_url: Http = Field("https://c.api.weibo.com/2", description="Where the interfaces are.")
    query: str = Field(
        "", max_length=500, description="What is searched for, | between several; empty: five of the brand's words."
    )
    limits: Limits = Field(Limits(per_hour=50_000), description="What Weibo allows one address in an hour.")
    parts: tuple[Literal["search", "mentions", "comments"], ...] = Field(
        ("search",), min_length=1, description="search: the public; mentions, comments: those of the own account."
    )
    uid: str = Field("", pattern=r"^\d{0,20}$", description="Another account's mentions (`other`); empty: the own.")


class MastodonSource(AccountSource):
    kind: Literal["mastodon"] = Field("mastodon", description="One server of the Mastodon family.")
    platform: str = Field("mastodon", description="What its mentions are filed under.")
    base_url: Http = Field(description="The server, e.g. https://mastodon.example")
    limits: Limits = Field(Limits(per_hour=3_600), description="300 in five minutes is what servers allow.")
    tags: tuple[str, ...] = Field((), description="Hashtags without #; empty: words that can be one.")
    query: str = Field(
        "", max_length=500, description="What is searched for, | between several; empty: five of the brand's words."
    )
    search: bool = Field(False, description="Search words too; needs a token and a server that allows it.")
    mentions: bool = Field(False, description="Mentions of the own account; needs a token.")

    @model_validator(mode="after")
    def _known(self) -> "MastodonSource":
        if (self.search or self.mentions) and not self.secret_env:
            raise ValueError("`search` and `mentions` need `secret_env`, the name of the variable with the token")
        return self


class BlueskySource(AccountSource):
    kind: Literal["bluesky"] = Field("bluesky", description="Searches and notifications of an account on Bluesky.")
    platform: str = Field("bluesky", description="What its mentions are filed under.")
    base_url: Http = Field("https://bsky.social", description="The account's own server (PDS).")
    handle: str = Field("", max_length=253, description="The account that searches; the app password is the secret.")
    notifications: bool = Field(False, description="Mentions, replies and quotes of the account too.")
    first: Span = Field(timedelta(hours=24), description="How far the first read looks back.")
    overlap: Span = Field(
        timedelta(minutes=10), description="How far every read looks back again; finds posts dated or indexed late."
    )
    followers_from: int | None = Field(
        10, ge=0, description="Followers are asked for from this many likes, replies, reposts on; empty: never."
    )


class XSource(AccountSource):
    kind: Literal["x"] = Field("x", description="Counts and posts of the X API v2, by a bearer token.")
    platform: str = Field("x", description="What its mentions are filed under.")
    base_url: Http = Field("https://api.x.com", description="The API, or a gateway that speaks like it.")
    interval: Span = Field(timedelta(minutes=5), description="How often posts are counted in calm hours.")
    vocabulary: Literal["post", "tweet"] = Field("tweet", description="Which words the API takes for its fields.")
    always_posts: bool = Field(False, description="Read posts at every turn, not only on a spike; costs more.")
    spike_ratio: float = Field(3.0, ge=1.1, description="Posts are read when a count is this many times the usual …")
    spike_least: int = Field(10, ge=1, description="… and at least this high …")
    spike_minutes: int = Field(5, ge=1, le=30, description="… in so many minutes in a row.")
    no_reposts: bool = Field(False, description="Leave plain reposts out of counts and posts.")
    authors: bool = Field(False, description="Ask who wrote each post and their followers; costs for every author.")
    page_size: int = Field(100, ge=10, le=100, description="Posts asked for at once.")
    first: Span = Field(timedelta(hours=24), description="How far the first posts read looks back, at most 7 days.")
    usd_per_post: float = Field(0.005, ge=0, description="What one post read costs.")
    usd_per_user: float = Field(0.010, ge=0, description="What one author costs.")
    usd_per_counts: float = Field(0.005, ge=0, description="What one request for counts costs.")
    limits: Limits = Field(Limits(daily_usd=5.0), description="daily_usd is a hard stop; prices stand above.")

    @model_validator(mode="after")
    def _fits(self) -> "XSource":
        if self.no_reposts and len(self.query) > 490:
            raise ValueError("`query`: at most 490 characters with `no_reposts`; X takes 512 in all")
        return self

    @property
    def steady(self) -> bool:
        # In calm hours it only counts.
        return self.always_posts
