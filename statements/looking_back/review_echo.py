"""The echo of the first answer as the review tells it (pure)."""

from collections.abc import Iterator

from statements.looking_back.echo import Echo, Loudness
from statements.looking_back.review_words import Say
from statements.looking_back.sheet import Block, Head, grid, line


def loudness(found: Echo, say: Say) -> Iterator[Block]:
    """Volume and negative share at +1/4/24/72 h beside the usual, and the half-life."""
    yield Head(3, say.word("首次公开回应前后的声量", "Volume around the first public response"))
    rows = [
        (say.word("平时每小时", "a usual hour"), *_row(found.usual)),
        (say.word("回应前一小时", "the hour before"), *_row(found.before)),
    ]
    for hours, one in found.after:
        waits = (say.word("未到", "not yet"), "—")
        rows.append((say.word(f"回应后第 {hours} 小时", f"hour {hours} after"), *(_row(one) if one else waits)))
    yield grid((say.word("时段", "when"), say.word("提及", "mentions"), say.word("负面占比", "negative share")), rows)
    waited = say.word("未到", "not yet") if found.half_life is None else f"{found.half_life}"
    yield line(say.word("声量减半，小时：", "Hours until half as loud: "), waited)


def _row(one: Loudness) -> tuple[str, str]:
    number = f"{one.mentions:.0f}" if one.mentions == int(one.mentions) else f"{one.mentions:.1f}"
    return number, "—" if one.share is None else f"{one.share:.0%}"
