"""What ops read when a source is blind or hears again (pure)."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from alerts.calling import Notice
from alerts.neutral import neutral
from config.watch import Source
from desk.screens.source_notes import tell_note
from desk.words import platform_word
from store.nouns import Level, Outcome, SourceState

LONGEST_NOTE: Final = 200
# Outcome → (what happened, what to do) in each language.
WORDS: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    Outcome.AUTH_FAILED: (
        ("登录或令牌失效", "换上新的令牌或 Cookie，再在“来源”里点“立即读取”。"),
        ("the token or cookie is no longer accepted", "Put in a new one, then press “read now” under Sources."),
    ),
    Outcome.QUOTA_EXHAUSTED: (
        ("额度用完", "等额度恢复，或在平台上提高额度；期间这个来源听不到。"),
        ("the quota is used up", "Wait for it to be renewed or raise it; until then this source hears nothing."),
    ),
    Outcome.GONE: (
        ("地址已不存在", "换一个地址，或停用这个来源。"),
        ("the address is gone", "Give it a new address, or switch it off."),
    ),
    Outcome.BLOCKED: (
        ("被登录页、验证码或风控挡住", "不要绕过验证；请检查账号，或改走官方接口、供应商推送。"),
        ("a login page, captcha or block stands in front", "Do not work around it; check the account, or take an API."),
    ),
    Outcome.RATE_LIMITED: (
        ("一直被要求等待", "放慢读取间隔，或减少共用这个账号的来源。"),
        ("it keeps asking us to wait", "Read it less often, or let fewer sources share the account."),
    ),
    Outcome.MALFORMED: (
        ("回答不是可读的内容", "打开地址看看它现在是什么；用 ./goldenhour read 试读。"),
        ("what it answers cannot be read", "Open the address and look; try it with ./goldenhour read."),
    ),
    Outcome.TOO_LARGE: (
        ("回答太大", "缩小查询，或提高 service.toml 的 reading.max_bytes。"),
        ("its answer is too large", "Narrow the query, or raise reading.max_bytes in service.toml."),
    ),
}
OTHER: Final = (
    ("连不上或一直出错", "检查网络和对方服务。"),
    ("it cannot be reached or keeps failing", "Check the network and the other side."),
)
SILENT: Final = (
    ("太久没有收到推送", "请对方检查推送任务，并看看我们的地址从外面能不能访问。"),
    ("nothing has been pushed for too long", "Ask the sender, and see that our address is reachable from outside."),
)


def blind(source: Source, state: SourceState, level: Level, zone: ZoneInfo, url: str) -> Notice:
    """We hear nothing through this source: silence there means nothing now. `url` is its screen."""
    zh, en = WORDS.get(state.outcome, OTHER) if source.polled else SILENT
    since = _at(state.blind_since, zone)
    last_zh, last_en = _at(state.last_success_at, zone, "从未"), _at(state.last_success_at, zone, "never")
    note_zh, note = (neutral(tell_note(state.note, lang), LONGEST_NOTE) for lang in ("zh", "en"))
    name_zh, name = (platform_word(source.platform, lang) for lang in ("zh", "en"))
    body_zh = [
        f"来源 {source.id}（{name_zh}）从 {since} 起听不到：{zh[0]}。",
        f"上次成功：{last_zh}。详情：{note_zh or '没有说明'}",
        "现在这个来源没有消息，不等于没有事。",
        f"怎么办：{zh[1]}",
        f"打开：{url}",
    ]
    body_en = [
        f"Source {source.id} ({name}) hears nothing since {since}: {en[0]}.",
        f"Last success: {last_en}. Details: {note or 'none'}",
        "No news from this source does not mean that nothing happens.",
        f"What to do: {en[1]}",
        f"Open: {url}",
    ]
    return Notice(
        "source_blind",
        f"{source.id}:{state.outcome}:{state.blind_since.isoformat() if state.blind_since else ''}",
        level,
        (f"【监测中断】{name_zh} {source.id}：{zh[0]}", "\n".join(body_zh)),
        (f"[not hearing] {name} {source.id}: {en[0]}", "\n".join(body_en)),
    )


def hears(source: Source, state: SourceState, zone: ZoneInfo) -> Notice:
    """It is over."""
    since, until = _at(state.told_at, zone), _at(state.last_success_at, zone)
    name_zh, name = (platform_word(source.platform, lang) for lang in ("zh", "en"))
    return Notice(
        "source_hears",
        f"{source.id}:{state.told_at.isoformat() if state.told_at else ''}",
        Level.BLUE,
        (
            f"【监测恢复】{name_zh} {source.id}",
            f"来源 {source.id}（{name_zh}）在 {until} 恢复读取；{since} 报过中断。中断期间的帖子，能补读的都会补读。",
        ),
        (
            f"[hears again] {name} {source.id}",
            f"Source {source.id} ({name}) was read again at {until}; its silence was reported at {since}. "
            "What can still be read of that time is caught up.",
        ),
    )


def _at(moment: datetime | None, zone: ZoneInfo, never: str = "?") -> str:
    return f"{moment.astimezone(zone):%m-%d %H:%M}" if moment else never
