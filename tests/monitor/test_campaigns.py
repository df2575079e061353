"""A planned campaign: ordinary noise of it calls nobody, more than planned does, and hurt people always do at once."""

from dataclasses import replace
from datetime import timedelta

from monitor.campaigns import NONE_PLANNED, Campaign, running
from store.nouns import Spell, Window
from tests.monitor.told import NOW, judged

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Watched for thirty days; two posts in fifteen minutes are usual, twelve times as many were never heard.
AUTUMN = Campaign("秋季新品", 3.0)


def crowd(count, **more):
    return [judged(1 + n / 100, f"路人{n}", key=f"m{n}", **({"negative": True} | more)) for n in range(count)]


def campaign(name, **changes):
    made = Spell(name, Window.CAMPAIGN, NOW - DAY, NOW + DAY, "wang", "秋季新品\n十城上市", NOW - DAY, brand="xinghe")
    return replace(made, **({"factor": 3.0} | changes))


def test_only_the_brands_own_campaign_counts_and_of_two_the_one_that_expects_more():
    other = campaign("a", brand="yunding", factor=5.0)
    silence = campaign("b", kind=Window.SILENCE, factor=5.0)
    small = campaign("c", factor=1.5, reason="小活动\n门店试饮")
    assert running([other, silence], "xinghe") == NONE_PLANNED
    assert running([small, campaign("d"), other], "xinghe") == AUTUMN
