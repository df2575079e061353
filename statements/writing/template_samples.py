"""A small invented crisis per category, to look at templates with: facts, what changed since, and a remedy (pure)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from statements.known.since import Change, Measure
from statements.writing.contexts import Context
from store.nouns import (
    ClockState,
    Fact,
    FactScope,
    FactStatus,
    Incident,
    IncidentStatus,
    Level,
    Paging,
)

T0 = datetime(2026, 3, 16, 6, 5, tzinfo=UTC)
SEEN, NOW = T0 + timedelta(minutes=12), T0 + timedelta(minutes=47)
PHONE, EMAIL = "400-000-0000（24小时）", "pr@yunshan.example"
BRAND, COMPANY = "云杉生活", "云杉生活（苏州）有限公司"
ZONE = "Asia/Shanghai"
# Category → (done, unknown, action) in Chinese and English: the least a first statement needs.
FACTS: dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "food_safety": (
        (
            "观前街店已于14:30停止营业，同批次原料已封存",
            "the Guanqian Street store closed at 14:30 and the batch is sealed",
        ),
        ("异物的来源和进入饮品的环节", "where the object came from and how it got into the drink"),
        ("退款不需要小票", "refunds do not need a receipt"),
    ),
    "product_safety": (
        (
            "这一型号已于14:30停止销售，样品已送检",
            "sales of this model stopped at 14:30 and samples were sent to a laboratory",
        ),
        ("发热的原因", "what made the device heat up"),
        ("门店可以免费检查同型号产品", "any store checks this model free of charge"),
    ),
    "data_breach": (
        ("相关查询接口已于14:30关闭，并已保存日志", "the query interface was closed at 14:30 and its logs are kept"),
        ("涉及的信息种类、数量和原因", "which kinds of information are concerned, how many, and why"),
        ("在会员中心可以查看登录记录", "the member centre shows recent sign-ins"),
    ),
    "labour": (
        (
            "我们已于14:30与这位员工取得联系，工资和工时记录已封存",
            "we contacted the employee at 14:30; pay and time records are sealed",
        ),
        ("加班时间和工资发放的实际情况", "the hours that were worked and what was paid"),
        ("工会的接待时间是每天9:00到18:00", "the union office is open from 9:00 to 18:00 every day"),
    ),
    "discrimination": (
        ("这条内容已于14:30停止投放，并已保存原件", "the advertisement was stopped at 14:30 and its original is kept"),
        ("内容审核为什么没有拦下它", "why the review did not stop it"),
        ("意见可以直接写到下面的邮箱", "you can write to the mail address below"),
    ),
    "harassment": (
        (
            "被反映的人已于14:30停止工作，相关监控已保存",
            "the person named was suspended at 14:30 and the footage is kept",
        ),
        ("事情的经过", "what happened"),
        ("需要陪同的，可以指定同性别的同事接待", "you can ask for a colleague of your own gender"),
    ),
    "exec_misconduct": (
        ("董事会已于14:30开会，被反映的管理人员已暂停职务", "the board met at 14:30 and the manager is suspended"),
        ("反映的内容哪些属实", "which of the points raised are true"),
        ("材料可以寄到董事会办公室", "documents can be sent to the board office"),
    ),
    "endorser": (
        ("带有其形象的广告已于14:30停止投放", "advertising with the partner's image was stopped at 14:30"),
        ("合作方所涉事情的进展", "how the matter concerning the partner will go on"),
        ("带有其形象的商品可以退货", "goods with the partner's image can be returned"),
    ),
    "environment": (
        ("该生产线已于14:30停机，排放口已取样封存", "the line stopped at 14:30 and samples from the outlet are sealed"),
        ("气味的来源和影响的范围", "where the smell came from and how far it reached"),
        ("附近居民可以预约入户检测", "residents can book a test at home"),
    ),
    "finance": (
        ("客户备付金账户已于14:30完成核对", "the customer account was checked at 14:30"),
        ("网上所说合同的真实情况", "whether the contract shown online is genuine"),
        ("余额可以在会员中心查看和提现", "balances can be seen and withdrawn in the member centre"),
    ),
    "ip": (
        ("这款商品已于14:30下架，设计文件已保存", "the item was taken off sale at 14:30 and the design files are kept"),
        ("设计的完整来源", "the full origin of the design"),
        ("作品登记信息可以发到下面的邮箱", "registration papers can be sent to the mail address below"),
    ),
    "false_ad": (
        ("这个页面已于14:30停止展示，历史页面已保存", "the page was taken offline at 14:30 and its history is kept"),
        ("哪些订单看到的是错误价格", "which orders saw the wrong price"),
        ("退货运费由我们先行支付", "we pay the cost of returning goods"),
    ),
    "service_failure": (
        ("备用系统已于14:30启动", "the backup system was started at 14:30"),
        ("全部恢复的时间", "when everything works again"),
        ("门店可以用现金付款", "stores accept cash"),
    ),
    "boycott": (
        ("接待专线已于14:30开通", "the hotline was opened at 14:30"),
        ("各项诉求涉及的订单", "which orders the demands concern"),
        ("当面沟通可以在会员中心预约", "meetings can be booked in the member centre"),
    ),
    "rumour": (
        (
            "我们已于14:30核对公章登记和发文记录，没有这份文件",
            "we checked the register of seals and letters at 14:30; there is no such letter",
        ),
        ("图片最早的出处", "where the picture first appeared"),
        ("营业门店可以在官网查看", "open stores are listed on our website"),
    ),
    "regulatory": (
        ("我们已于14:30派专人到场配合检查", "our staff joined the inspection at 14:30"),
        ("检查的结果", "the outcome of the inspection"),
        ("涉及商品可以退货", "the goods concerned can be returned"),
    ),
    "safety_incident": (
        ("现场已于14:30停止作业，人员已疏散", "work at the site stopped at 14:30 and people were evacuated"),
        ("事故的原因", "what caused the accident"),
        ("家属接待点设在园区北门", "relatives are received at the north gate"),
    ),
}
CATEGORIES = tuple(FACTS)
_SINCE = {
    "done": ("我们已于14:50完成其余门店和库存的核对", "we completed the check of our other stores and stock at 14:50"),
    "scope": ("只涉及14:00以前的一批", "only what was made before 14:00 is concerned"),
    "cause": ("交接记录里少了一步核对", "one check was missing from the handover record"),
}
_REMEDY = {
    "zh": (
        Measure("为受到影响的顾客办理退款和检查", "顾客服务负责人", "2026年3月18日18:00前（北京时间）"),
        Measure("复查全部流程并公开结果", "质量负责人", "2026年3月31日18:00前（北京时间）"),
    ),
    "en": (
        Measure("refunds and check-ups for the customers affected", "head of customer service", "18 March 2026, 18:00"),
        Measure("a review of the whole process, with its result published", "head of quality", "31 March 2026, 18:00"),
    ),
}


def sample_facts(category: str) -> tuple[Fact, ...]:
    """One done, one unknown and one action fact; an unknown category speaks as service failure does."""
    done, unknown, action = FACTS.get(category, FACTS["service_failure"])
    return (
        _fact("F1", "done", done),
        _fact("F2", "unknown", unknown, status=FactStatus.UNKNOWN),
        _fact("F3", "action", action),
    )


def sample_changes(category: str) -> tuple[Change, ...]:
    """What an update and a correction have to tell: new measures, and a fact whose hour was wrong."""
    now = _fact(
        "F1", "done", FACTS.get(category, FACTS["service_failure"])[0], version=2, at=NOW - timedelta(minutes=2)
    )
    then = Fact(**{**_parts(now), "version": 1, "at": SEEN, "zh": now.zh.replace("14:30", "14:20")})
    then = Fact(**{**_parts(then), "en": now.en.replace("14:30", "14:20")})
    new = [_fact(f"F{n}", slot, said, at=NOW) for n, (slot, said) in enumerate(_SINCE.items(), 4)]
    return (Change(then, now), *(Change(None, one) for one in new))


def sample_context(kind: str, category: str, lang: str, category_name: str, *, listed: bool = False) -> Context:
    """The sample incident as a template of this kind reads it."""
    later = kind in ("update", "correction", "apology", "closing")
    changes = sample_changes(category) if later else ()
    facts = {one.label: one for one in (*sample_facts(category), *(one.after for one in changes))}
    return Context(
        brand_name=BRAND,
        company=COMPANY,
        category=category,
        category_name=category_name,
        t0=T0,
        detected_at=SEEN,
        now=NOW,
        number=2 if later else 1,
        facts=tuple(facts.values()),
        contact_phone=PHONE,
        contact_email=EMAIL,
        next_update_at=NOW + timedelta(minutes=113),
        place="本账号",
        zone=ZONE,
        lang=lang,
        listed=listed,
        earlier_at=SEEN + timedelta(minutes=15) if later else None,
        changes=changes,
        measures=_REMEDY[lang] if kind == "apology" else (),
    )


def sample_incident(category: str) -> Incident:
    """The invented incident the document rules hold a sample text against."""
    return Incident(
        id="sample",
        number=1,
        brand="yunshan",
        category=category,
        key=f"yunshan:{category}",
        title=BRAND,
        level=Level.ORANGE,
        status=IncidentStatus.OPEN,
        paging=Paging.ACKED,
        clock=ClockState.RUNNING,
        t0=T0,
        detected_at=SEEN,
        due_at=T0 + timedelta(hours=1),
        born_breached=False,
    )


def _parts(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in Fact.__slots__}


def _fact(
    label: str,
    slot: str,
    said: tuple[str, str],
    *,
    status: FactStatus = FactStatus.CONFIRMED,
    version: int = 1,
    at: datetime = SEEN,
) -> Fact:
    return Fact(
        id=f"{label}.{version}",
        incident="sample",
        label=label,
        version=version,
        slot=slot,
        zh=said[0],
        en=said[1],
        status=status,
        scope=FactScope.PUBLIC,
        source="store manager",
        evidence="https://yunshan.example/evidence",
        who="li",
        at=at,
    )
