"""Whatever JSON a place sends: every item becomes a mention, is left out or is rejected, and nothing breaks."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import SourceError
from config.presets import load_preset, preset_names
from monitor.sources.described.errors import rule_for
from monitor.sources.described.mapping import items_of, map_items
from store.nouns import Outcome
from tests.monitor.json.conftest import NOW

KEYS = st.sampled_from([
    "items", "data", "hits", "children", "list", "results", "feed", "entry", "label", "id", "title", "text", "url",
    "snippet", "user", "created_at_i", "time", "code", "main", "content", "statuses", "idstr", "status", "_tags",
])  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just("1.2万"))
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


@pytest.mark.parametrize("name", preset_names())
@given(document=ANYTHING)
@settings(max_examples=40, deadline=None)
def test_every_preset_takes_anything(name, document):
    spec = load_preset(name)
    rule_for(spec, "", document)
    try:
        mapped = map_items(spec, document, zone=ZoneInfo("Asia/Shanghai"), now=NOW)
    except SourceError as error:
        assert error.outcome is Outcome.MALFORMED
        return
    items = len(items_of(spec, document))
    assert len(mapped.mentions) + len(mapped.rejected) + mapped.dropped == items
    for mention in mapped.mentions:
        assert mention.ext_id and len(mention.ext_id) <= 300
        assert mention.title or mention.text
        assert mention.url == "" or mention.url.startswith(("http://", "https://"))
