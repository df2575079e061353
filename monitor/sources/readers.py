"""Kind of source → its reader; what is pushed or imported is not read."""

from typing import Final

from monitor.sources.bluesky.reader import read_bluesky
from monitor.sources.described.reader import read_json
from monitor.sources.feeds.reader import read_feed_source
from monitor.sources.mastodon.reader import read_mastodon
from monitor.sources.tools import Reader
from monitor.sources.weibo.reader import read_weibo
from monitor.sources.x.reader import read_x

READERS: Final[dict[str, Reader]] = {
    "feed": read_feed_source,
    "json": read_json,
    "weibo": read_weibo,
    "mastodon": read_mastodon,
    "bluesky": read_bluesky,
    "x": read_x,
}
