"""What unusual hours come to, from feed bytes to the page: one account, launches, slow burns, outages, clocks."""

from datetime import datetime, timedelta

import pytest

from config.taxonomy import load_taxonomy
from config.watch import Thresholds
from desk.demo.stage import BRAND
from monitor.counted import rows
from monitor.history import past_of
from monitor.replaying import replay
from monitor.series import Detector
from store import spells, volumes
from store.nouns import Level, Spell, Spike, Window
from tests.worlds.company import NOON, Company, told
from tests.worlds.past import A_DAY, calm, lived

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGIN = NOON - MINUTE
RANT = "星禾茶饮太差劲了，排队四十分钟，店员态度恶劣，第{n}次投诉，退钱"
PRAISE = "星禾茶饮新品太好喝了，推荐，第{n}杯"
ORDINARY = "星禾奶茶今天喝了第{n}杯"
LIMITS = Thresholds()


def spikes(house: Company) -> list[Spike]:
    """Oldest first."""
    with house.store.reading() as tx:
        return volumes.spikes_since(tx, BRAND, NOON - 400 * DAY)[::-1]


def letters(house: Company) -> list[datetime]:
    return [page.created_at for page in house.pages() if page.reason == "call"]


def kept(house: Company) -> tuple[datetime, dict]:
    with house.store.reading() as tx:
        found = volumes.baseline(tx, BRAND)
    assert found is not None
    return found


def straight(house: Company, upto: datetime) -> Detector:
    """A series that learned the same counts in one go, without ever being kept."""
    with house.store.reading() as tx:
        first = volumes.first_at(tx, BRAND)
        counts = {one.at: one for one in volumes.between(tx, BRAND, first, upto)}
    detector = Detector(LIMITS)
    for row in rows(counts, first, upto):
        detector.update(row)
    return detector


def campaign(house: Company, factor: float) -> None:
    spell = Spell(
        "c" * 32, Window.CAMPAIGN, BEGIN - HOUR, NOON + 4 * HOUR, "wang", "新品上市", BEGIN, BRAND, factor=factor
    )
    with house.store.transaction() as tx:
        spells.add(tx, spell)


def test_forty_posts_of_one_big_account_call_within_one_poll(company):
    rant = [told(1 + n / 30, RANT.format(n=n), author="大胃王", followers=900_000) for n in range(40)]
    house = company(rant)
    lived(house.store, BRAND, BEGIN, 6)
    house.forward(4)
    first = spikes(house)[0]
    assert (first.kind, first.page) == ("big_account", True)
    assert "粉丝 90 万的账号 30 分钟发了" in first.why
    assert first.level.rank >= Level.YELLOW.rank
    # The last of the forty is of 14:02:18; the feed was asked once since.
    assert min(letters(house)) <= NOON + 4 * MINUTE
    assert len(house.incidents()) == 1


@pytest.mark.parametrize("planned", [0.0, 5.0], ids=["nobody planned it", "planned"])
def test_a_launch_people_love_is_blue_at_most(company, planned):
    launch = [told(n / 3, PRAISE.format(n=n), author=f"茶友{n}") for n in range(150)]
    house = company(launch)
    lived(house.store, BRAND, BEGIN, 6)
    if planned:
        campaign(house, planned)
    house.forward(60)
    found = spikes(house)
    assert max((one.level.rank for one in found), default=0) <= Level.BLUE.rank
    assert not any(one.page for one in found)
    assert (house.incidents(), house.stage.mailbox.letters()) == ([], [])
    if not planned:
        # Ten times the usual is worth knowing.
        assert [one.kind for one in found][:1] == ["volume"]


def test_what_grows_over_days_is_told_and_calls_nobody(company):
    """From one in five minutes to three over two days, in a calm mood: no quarter of an hour is rare."""
    more = [told(n, ORDINARY.format(n=n), author=f"茶友{n}") for n in range(0, 60)]
    house = company(more)
    lived(house.store, BRAND, BEGIN, 10, lambda step: calm(step) + max(0, 2 * A_DAY - step) * 3 // (2 * A_DAY))
    house.forward(60)
    found = spikes(house)
    assert "slow_burn" in {one.kind for one in found}
    assert not any(one.page for one in found)
    assert "在慢慢涨" in next(one.why for one in found if one.kind == "slow_burn")
    assert house.incidents() == []


def test_what_was_said_during_an_outage_is_counted_when_it_was_said(company):
    """Ten posts of three hours are heard in one moment, half of them complaints: an ordinary afternoon."""
    said = [told(18 * n, ORDINARY.format(n=n) if n % 2 else RANT.format(n=n), author=f"路人{n}") for n in range(10)]
    house = company(said)
    lived(house.store, BRAND, BEGIN, 6)
    house.sleep_until(180)
    house.forward(190)
    assert len(house.mentions()) == len(said)
    assert spikes(house) == []


def test_a_crowd_at_the_end_of_an_outage_calls_in_the_first_look(company):
    crowd = [told(170 + n / 4, RANT.format(n=n), author=f"顾客{n}") for n in range(40)]
    house = company(crowd)
    lived(house.store, BRAND, BEGIN, 6)
    house.sleep_until(180)
    house.forward(185)
    assert [one.page for one in spikes(house)][:1] == [True]


def test_the_series_kept_over_many_looks_is_the_one_that_never_stopped_and_the_past_is_decided_again_alike(company):
    """Each look reads the kept state and writes it back, in whichever process it runs."""
    crowd = [told(30 + n / 2, RANT.format(n=n), author=f"顾客{n}") for n in range(40)]
    quiet = [told(3 * n, ORDINARY.format(n=n), author=f"茶友{n}") for n in range(30)]
    house = company([*crowd, *quiet])
    lived(house.store, BRAND, BEGIN, 6)
    house.forward(90)
    upto, state = kept(house)
    assert upto >= NOON + 70 * MINUTE
    assert state == straight(house, upto).to_state()
    found = spikes(house)
    assert any(one.page for one in found)
    brand = next(one for one in house.stage.settings.watch.brand if one.id == BRAND)
    with house.store.reading() as tx:
        past = past_of(tx, brand, BEGIN, house.clock(), LIMITS)
        (again,) = replay(past, (LIMITS,), load_taxonomy()).told
    # A replay looks once in five minutes, the job each time something is heard.
    first, same = (next(one for one in told_ if one.page) for told_ in (found, again))
    assert (same.kind, same.category, same.level) == (first.kind, first.category, first.level)
    assert abs(same.at - first.at) < 5 * MINUTE


def test_after_a_year_of_nothing_the_old_memory_is_left_behind(company):
    """What was usual a year ago is not what is usual now, and no longer past is told than is remembered."""
    crowd = [told(n / 4, RANT.format(n=n), author=f"顾客{n}") for n in range(40)]
    house = company(crowd)
    year_ago = volumes.bucket_of(BEGIN - 365 * DAY)
    lived(house.store, BRAND, year_ago, 10)
    old = straight(house, year_ago)
    with house.store.transaction() as tx:
        volumes.keep_baseline(tx, BRAND, year_ago, old.to_state())
    house.forward(15)
    first = next(one for one in spikes(house) if one.page)
    assert "此品牌此时通常不到 1 条。过去 60 天里从没有" in first.why
    assert abs(kept(house)[0] - NOON) <= 15 * MINUTE


def test_a_memory_of_the_future_is_begun_anew(company):
    """The machine's clock was a year ahead, somebody set it right: the series must not wait for that year to come."""
    crowd = [told(n / 4, RANT.format(n=n), author=f"顾客{n}") for n in range(40)]
    house = company(crowd)
    lived(house.store, BRAND, BEGIN, 6)
    ahead = Detector(LIMITS)
    for row in rows({}, BEGIN.replace(minute=0), BEGIN.replace(minute=0) + DAY):
        ahead.update(row)
    with house.store.transaction() as tx:
        volumes.keep_baseline(tx, BRAND, volumes.bucket_of(NOON + 365 * DAY), ahead.to_state())
    house.forward(15)
    calls = [one.kind for one in spikes(house) if one.page]
    assert calls[:1] == ["complaints"]
    upto, state = kept(house)
    assert upto <= NOON + 15 * MINUTE
    assert state["rarity"]["level"]["seen"] > 5 * A_DAY
