"""A platform shows a login page instead of posts: ops know once, the board is not green, and healing is told too."""

from desk.coverage import Road, coverage
from desk.screens.listening import ears
from store import sources
from store.nouns import Health
from tests.worlds.company import Company, told

TEXT = "星禾奶茶今天半价，味道不错"
CALM = [told(minute, TEXT, author=f"茶友{minute}", platform="news") for minute in range(0, 60, 3)]


def to_ops(house: Company) -> list[tuple[str, str]]:
    """(minutes after noon, first line) of what ops were mailed about sources."""
    letters = [one for one in house.stage.mailbox.letters() if one.to.startswith("ops@")]
    return [(one.at[11:16], one.subject) for one in letters if "监测" in one.subject]


def word(house: Company, source: str) -> str:
    with house.store.reading() as tx:
        states = sources.all_states(tx)
    heard = ears(house.stage.settings.watch.source, states, house.clock())
    return next(ear.word for ear in heard if ear.source.id == source)


def road(house: Company, platform: str) -> Road:
    """What the coverage board says of a platform."""
    watch = house.stage.settings.watch
    with house.store.reading() as tx:
        states = sources.all_states(tx)
    rows = coverage(watch.source, states, [one.id for one in watch.brand], house.clock())
    return next(row.cells[0].road for row in rows if row.platform == platform)


def state(house: Company, source: str):
    with house.store.reading() as tx:
        return sources.state(tx, source)


def test_a_login_page_for_ten_minutes_is_blind_paged_once_and_its_end_is_told(company):
    house = company(CALM)
    house.forward(9.5)
    assert (word(house, "press"), road(house, "news"), to_ops(house)) == ("ok", Road.LIVE, [])
    house.stage.platforms.walled.add("press")
    house.forward(19.5)
    found = state(house, "press")
    assert (found.health, found.outcome, word(house, "press")) == (Health.BLIND, "blocked", "blind")
    assert word(house, "social") != "blind"
    assert (road(house, "news"), road(house, "weibo")) == (Road.BROKEN, Road.LIVE)
    ((at, line),) = to_ops(house)
    assert "06:10" <= at <= "06:19"
    assert line == "【监测中断】新闻 press：被登录页、验证码或风控挡住"
    house.forward(35)
    assert len(to_ops(house)) == 1

    house.stage.platforms.walled.clear()
    house.forward(55)
    assert (state(house, "press").health, word(house, "press")) == (Health.OK, "ok")
    assert road(house, "news") == Road.LIVE
    assert [line for _, line in to_ops(house)][1:] == ["【监测恢复】新闻 press"]
    # What was said while we were deaf and is still there is read now, each thing once.
    texts = [one.mention.ext_id for one in house.mentions()]
    assert len(texts) == len(set(texts)) == 19
