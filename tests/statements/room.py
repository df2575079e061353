"""One crisis to tell stories about: an incident, its facts, a context for templates and one for the document rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.load import load
from config.taxonomy import load_taxonomy
from statements.approving.approval import sha256_of
from statements.rules.documents import DocumentContext
from statements.writing.render import Context
from statements.writing.speaking import Speaking
from store.nouns import (
    ClockState,
    Draft,
    DraftState,
    Fact,
    FactScope,
    FactStatus,
    Incident,
    IncidentStatus,
    JournalEntry,
    Level,
    Paging,
)

ZONE = ZoneInfo("Asia/Shanghai")
T0 = datetime(2026, 3, 12, 6, 5, tzinfo=UTC)
SEEN = T0 + timedelta(minutes=12)
NOW = T0 + timedelta(minutes=47)
CATEGORIES = ("general", "food_safety", "product_safety", "data_breach", "service_failure", "rumour")
PHONE, EMAIL = "400-000-0000（24小时）", "pr@xinghe.example"
TAXONOMY = load_taxonomy()
CONFIG = Path(__file__).parents[2] / "config"


def incident(category: str = "food_safety", **changes) -> Incident:
    made = Incident(
        id="a" * 32,
        number=7,
        brand="xinghe",
        category=category,
        key=f"xinghe:{category}",
        title="星禾 食品安全",
        level=Level.ORANGE,
        status=IncidentStatus.OPEN,
        paging=Paging.ACKED,
        clock=ClockState.RUNNING,
        t0=T0,
        detected_at=SEEN,
        due_at=T0 + timedelta(hours=1),
        born_breached=False,
        why="12 分钟内 41 条",
    )
    return replace(made, **changes)


def fact(label: str, slot: str, zh: str, en: str, **changes) -> Fact:
    made = Fact(
        id=label,
        incident="a" * 32,
        label=label,
        version=1,
        slot=slot,
        zh=zh,
        en=en,
        status=FactStatus.CONFIRMED,
        scope=FactScope.PUBLIC,
        source="店长",
        evidence="照片",
        who="li",
        at=SEEN + timedelta(minutes=5),
    )
    return replace(made, **changes)


def good_facts() -> tuple[Fact, ...]:
    """What an honest first statement needs: done, unknown, action, scope, authority."""
    return (
        fact(
            "F1",
            "done",
            "该门店已于14:30停止营业，3批次原料已封存",
            "the store closed at 14:30 and 3 batches are sealed",
        ),
        fact(
            "F2",
            "unknown",
            "14:05视频中异物的来源",
            "where the object in the video came from",
            status=FactStatus.UNKNOWN,
        ),
        fact("F3", "action", "退款不需要小票", "refunds do not need a receipt"),
        fact("F4", "scope", "南京2家门店", "2 stores in Nanjing"),
        fact("F5", "authority", "已于14:38向属地部门报告", "we reported it to the local regulator at 14:38"),
    )


def context(category: str = "food_safety", lang: str = "zh", facts: tuple[Fact, ...] | None = None) -> Context:
    return Context(
        brand_name="星禾茶饮",
        company="星禾茶饮（南京）有限公司",
        category=category,
        category_name=TAXONOMY.name(category, lang),
        t0=T0,
        detected_at=SEEN,
        now=NOW,
        number=1,
        facts=good_facts() if facts is None else facts,
        contact_phone=PHONE,
        contact_email=EMAIL,
        next_update_at=datetime(2026, 3, 12, 9, 0, tzinfo=UTC),
        place="本账号",
        zone=ZONE.key,
        lang=lang,
    )


def document(category: str = "food_safety", facts: tuple[Fact, ...] | None = None, **changes) -> DocumentContext:
    made = DocumentContext(
        incident=incident(category),
        facts=good_facts() if facts is None else facts,
        contacts=(PHONE, EMAIL),
        kind="holding",
        now=NOW,
        zone=ZONE,
    )
    return replace(made, **changes)


def draft(body: str, **changes) -> Draft:
    made = Draft(
        id="d1",
        incident="a" * 32,
        kind="holding",
        lang="zh",
        version=1,
        body=body,
        sha256=sha256_of(body),
        fact_ids=(),
        missing=(),
        state=DraftState.DRAFT,
        author="li",
        at=NOW,
    )
    return replace(made, **changes)


def entry(seq: int, at: datetime, what: str, why: str = "", who: str = "system") -> JournalEntry:
    return JournalEntry(seq, at, who, what, "incident:" + "a" * 32, why, {}, "")


def speaking() -> Speaking:
    settings = load(CONFIG, {})
    return Speaking(settings.team, settings.watch, TAXONOMY, ZONE)
