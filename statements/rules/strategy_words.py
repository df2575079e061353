"""By which clear phrases a text is seen to use a message strategy (pure); what only might be one is left to people."""

import re
from enum import StrEnum


class Strategy(StrEnum):
    """What a text does with a crisis."""

    INSTRUCT = "instruct"
    ADJUST = "adjust"
    APOLOGISE = "apologise"
    DENY = "deny"
    DIMINISH = "diminish"
    REBUILD = "rebuild"
    BOLSTER = "bolster"


CUES: dict[str, dict[Strategy, re.Pattern[str]]] = {
    "zh": {
        Strategy.INSTRUCT: re.compile(
            r"请(?:您|大家|立即|尽快|先)?(?:停止|勿|不要|保留|就医|修改|远离|联系)|如(?:感到|有|出现)[^。]{0,10}不适"
        ),
        Strategy.ADJUST: re.compile(
            r"理解|关切|担心|慰问|已(?:经)?(?:停业|停止|下架|封存|报告|联系|关闭)|正在(?:核实|检测|调查)"
        ),
        Strategy.APOLOGISE: re.compile(r"道歉|致歉|歉意|抱歉|对不起"),
        Strategy.DENY: re.compile(
            r"不属实|不实(?:信息|传言|言论|内容)|不存在(?:任何)?[^。，]{0,14}(?:问题|情况|行为)|纯属|谣言|辟谣|造谣|"
            r"子虚乌有|与(?:事实|实际)[^。，]{0,4}不符|与(?:我司|我们|公司|本公司)[^。，]{0,6}无关|从未(?:发生|有过|发出|出售)|没有发出过"
        ),
        Strategy.DIMINISH: re.compile(
            r"个别(?:现象|情况|门店|员工)|极少数|偶发|属(?:于)?意外|不可抗力|并非(?:故意|有意)|影响(?:有限|较小|很小)|"
            r"(?:因|由于)[^。，]{2,24}(?:导致|造成|引起|所致)|(?:系|是)[^。，]{2,24}(?:导致|造成|引起|所致)|原因(?:是|为|系)"
        ),
        Strategy.REBUILD: re.compile(
            r"赔偿|补偿|承担[^。，]{0,6}责任|(?:是|属于)我们的(?:责任|过失|错|失误)|我们的(?:过失|失误|错误)|"
            r"我们(?:做)?错了|问责|严肃处理|整改|引以为戒|接受[^。，]{0,6}处罚"
        ),
        Strategy.BOLSTER: re.compile(
            r"(?:一直|始终|多年来)(?:以来)?(?:坚持|秉承|高度重视|致力于)|荣获|荣誉|(?:行业)?领先|感谢[^。]{0,10}(?:信任|支持|厚爱)"
        ),
    },
    "en": {
        Strategy.INSTRUCT: re.compile(
            r"\bplease (?:do not|stop|keep|see|change|contact|avoid)\b|\bif you (?:feel|have|bought)\b", re.I
        ),
        Strategy.ADJUST: re.compile(
            r"\bwe (?:understand|are concerned|share)\b|\bwe are (?:checking|investigating|looking into)\b|"
            r"\b(?:is|are|was|were|have|has) (?:been )?(?:closed|sealed|reported|withdrawn)\b",
            re.I,
        ),
        Strategy.APOLOGISE: re.compile(r"\bapolog\w+|\b(?:we are|we're) (?:deeply |very |truly )?sorry\b", re.I),
        Strategy.DENY: re.compile(
            r"\b(?:is|are|was|were) (?:simply |entirely |completely )?(?:false|untrue|not true|fabricated|baseless)\b|"
            r"\b(?:false|untrue|baseless) (?:claims?|rumou?rs?|information|allegations?)\b"
            r"|\bwe (?:deny|reject|refute)\b|\bthere is no truth\b|\bnothing to do with us\b|\bhoax\b",
            re.I,
        ),
        Strategy.DIMINISH: re.compile(
            r"\bisolated (?:case|incident)\b|\bonly a (?:few|handful)\b|\bbeyond our control\b|\bunintentional(?:ly)?\b"
            r"|\b(?:was|were) (?:caused by|due to|the result of)\b|\bthe cause (?:was|is)\b|\bminor\b"
            r"|\blimited impact\b",
            re.I,
        ),
        Strategy.REBUILD: re.compile(
            r"\bcompensat\w+|\b(?:take|accept|bear)s? (?:full |all )?responsibility\b|\bour (?:fault|mistake|failure)\b"
            r"|\bwe (?:failed|were wrong|made a mistake)\b|\bhold[^.]{0,30}accountable\b"
            r"|\bcorrective (?:action|measures?)\b",
            re.I,
        ),
        Strategy.BOLSTER: re.compile(
            r"\b(?:have|has) always (?:been|put|taken|valued)\b|\baward-winning\b|\bindustry[- ]lead\w+"
            r"|\bproud (?:of|to)\b|\bthank[^.]{0,20}(?:trust|support|loyalty)\b",
            re.I,
        ),
    },
}
# "Not yet known what caused it" explains nothing, "we do not call it a rumour" denies nothing.
NOT_YET = {
    "zh": re.compile(
        r"(?:尚|还|仍|暂)(?:未|不|没有)[^。]{0,12}$|不(?:作|做)?猜测[^。]{0,6}$|(?:查明|核实|确认|调查)[^。，]{0,4}$"
    ),
    "en": re.compile(r"\b(?:do not|does not|not) (?:yet )?(?:know|known|confirmed)\b[^.]{0,40}$", re.I),
}
