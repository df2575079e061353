"""One feed that does everything feeds do wrong, over a day of polls: nothing is lost, nothing is there twice."""

from datetime import UTC, datetime, timedelta

from config.watch import FeedSource
from monitor.hearing import Hearing
from monitor.intake import Intake
from monitor.limiter import StoreLimiter
from monitor.sources.wire.fetch import Fetcher
from store import mentions, sources
from store.nouns import Health
from tests.worlds.feeds import FeedWorld

PATH = "/feed"


def words(number: int) -> str:
    return f"星禾茶饮第{number}号门店的奶茶喝出异物，店员不理"


def item(number: int, *, guid: str = "", date: str = "", link: str = "") -> str:
    where = link or f"https://bbs.example/t/{number}"
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    named = guid or f"post-{number}-aaaaaaaaaa"
    return f"<item><guid>{named}</guid><link>{where}</link><title>{words(number)}</title>{dated}</item>"


def rss(*items: str, declared: str = "utf-8") -> str:
    head = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>t</title>'
    return f"{head}{''.join(items)}</channel></rss>"


def rdf(*numbers: int) -> str:
    space = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    items = "".join(
        f'<item rdf:about="https://bbs.example/t/{n}"><title>{words(n)}</title><link>https://bbs.example/t/{n}</link>'
        f"<dc:date>2026-03-12T13:0{n}:00+08:00</dc:date></item>"
        for n in numbers
    )
    return (
        f'<?xml version="1.0"?><rdf:RDF {space} {dc}><channel rdf:about="x"><title>t</title></channel>{items}</rdf:RDF>'
    )


class Ear:
    """One source that is read again and again."""

    def __init__(self, web: FeedWorld, fetch: Fetcher, store, clock, ids) -> None:
        self.web, self.store, self.clock = web, store, clock
        source = FeedSource(id="bbs", platform="bbs", url=web.url(PATH))
        limiter = StoreLimiter(store, clock)
        find, secret, no_words = lambda _tx, _id: source, lambda _name: "", lambda _source: ()
        self.hearing = Hearing(store, clock, Intake(ids, "k" * 32), fetch, limiter, secret, find, no_words, 1000)

    def read(self, body, content_type: str = "application/rss+xml; charset=utf-8", headers=None) -> Health:
        self.web.put(PATH, body, content_type, headers=headers)
        self.hearing.poll("bbs")
        self.clock.forward(self.clock() + timedelta(minutes=3))
        with self.store.reading() as tx:
            return sources.state(tx, "bbs").health

    def heard(self) -> dict[int, datetime | None]:
        """Number of the post → when it was published; fails when one is there twice."""
        with self.store.reading() as tx:
            found = mentions.pending(tx, 1000)
        numbers = [next(n for n in range(1, 30) if one.title == words(n)) for one in found]
        assert len(numbers) == len(set(numbers))
        return {
            number: one.published_at for number, one in sorted(zip(numbers, found, strict=True), key=lambda p: p[0])
        }


def test_a_day_of_a_bad_feed_loses_nothing_and_doubles_nothing(store, clock, ids):
    with FeedWorld() as web, Fetcher(allow=[f"127.0.0.1:{web.port}"]) as fetch:
        ear = Ear(web, fetch, store, clock, ids)
        assert ear.read(rss(item(1, date="2026-03-12 13:30:00"), item(2, date="12 Mar 2026 13:31 CST"))) is Health.OK
        # A date in the future, none at all, one that is no date, and a post older than everything read before.
        bad = [item(3, date="Fri, 01 Jan 2099 00:00:00 GMT"), item(4), item(5, date="Invalid Date")]
        late = item(6, date="Sat, 01 Mar 2025 09:00:00 +0800")
        ear.read(rss(*bad, late, item(1, date="2026-03-12 13:30:00")))
        # Every guid changes (and the dates are gone), then every address too.
        ear.read(rss(*(item(n, guid=f"new-{n}-bbbbbbbbbbbb") for n in range(1, 7))))
        dates = {1: "2026-03-12 13:30:00", 2: "12 Mar 2026 13:31 CST", 6: "Sat, 01 Mar 2025 09:00:00 +0800"}
        moved = [
            item(n, guid=f"newer-{n}-ccccccccc", link=f"https://bbs.example/new/{n}", date=dates.get(n, ""))
            for n in range(1, 7)
        ]
        ear.read(rss(*moved))
        # GBK without a word about it, GBK that claims to be UTF-8.
        ear.read(rss(item(7), item(1), declared="gbk").encode("gb18030"), "text/xml")
        ear.read(rss(item(8), item(7)).encode("gb18030"), "text/xml; charset=utf-8")
        # The same site as RSS 1.0, as Atom-less RDF, with another kind of id.
        ear.read(rdf(1, 2, 9))
        # Unchanged, then cut in the middle: what is there is taken, and the whole is asked for again.
        tagged = {"ETag": '"v1"'}
        assert ear.read(rss(item(10), item(9)), headers=tagged) is Health.OK
        assert ear.read(rss(item(10), item(9)), headers=tagged) is Health.OK
        cut = rss(item(11), item(12), item(13))
        assert ear.read(cut[: cut.index("第13号") + 3], headers={"ETag": '"v2"'}) is Health.DEGRADED
        assert ear.read(cut, headers={"ETag": '"v2"'}) is Health.OK
        # All guids the same.
        ear.read(rss(*(item(n, guid="one-and-the-same-guid") for n in (12, 13, 14, 15))))
        found = ear.heard()
    assert sorted(found) == list(range(1, 16))
    assert found[1] == datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
    assert found[2] == datetime(2026, 3, 12, 5, 31, tzinfo=UTC)
    assert (found[3], found[4], found[5]) == (None, None, None)
    assert found[6] == datetime(2025, 3, 1, 1, 0, tzinfo=UTC)
    assert found[9] == datetime(2026, 3, 12, 5, 9, tzinfo=UTC)
