"""All hostile documents."""

from tests.monitor.sources.hostile import (
    addresses,
    broken,
    charsets,
    dialects,
    entities,
    jsons,
    moments,
    screens,
    sizes,
    wording,
)

CASES = tuple(
    case
    for room in (entities, sizes, screens, charsets, broken, wording, addresses, moments, dialects, jsons)
    for case in room.CASES
)
