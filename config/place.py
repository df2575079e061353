"""What every source has, whatever its kind: where it lies, how often it is read, and how honest it is."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from config.model import Model
from config.spans import Span

Secret = Annotated[str, Field(pattern=r"^(?:[A-Z][A-Z0-9_]{2,59})?$")]
Http = Annotated[str, Field(pattern=r"^https?://\S+$")]
Klass = Literal["", "post", "comment", "complaint", "review", "article", "video", "hotlist"]


class Place(Model):
    """What every source has, whatever its kind."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$", description="Short name used in links and rows.")
    platform: str = Field(min_length=1, max_length=40, description="weibo, xiaohongshu, douyin, wechat, news, …")
    brand: str = Field("", description="Everything in this source is about this brand; empty: match by words.")
    interval: Span = Field(timedelta(minutes=3), description="How often it is read in calm hours.")
    hot_interval: Span = Field(timedelta(seconds=10), description="How often while a brand is hot.")
    zone: str = Field("Asia/Shanghai", description="Zone of dates without one.")
    enabled: bool = Field(True, description="false: it is listed but not read.")
    klass: Klass = Field("", description="What its items are when they do not say it themselves; empty: by platform.")
    via: Literal["live", "vendor", "bridge", "manual"] = Field(
        "live", description="How honest the coverage board is: live, vendor, bridge (RSSHub and kin), manual."
    )

    @property
    def polled(self) -> bool:
        """Whether we go and ask, or wait to be told."""
        return True

    @property
    def account(self) -> str:
        """The credential or host whose limits and budget all its readers share."""
        return self.id

    @property
    def steady(self) -> bool:
        """Whether it gives about as much every day at the same hour, so that silence can be told from calm."""
        return True
