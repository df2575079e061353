"""By which words the parts of a statement are known (pure): done, empathy, unknown, advice, update, zone, address."""

import re

DONE = {
    "zh": re.compile(r"我们[^。\n]{0,12}已|已于|已经?[^。，\n]{0,10}(停|封存|联系|报告|关闭|启动|送检|核对)|核对了"),
    "en": re.compile(
        r"\b(we|has|have|was|were|the store)\b[^.\n]{0,30}"
        r"\b(done|closed|sealed|contacted|reported|checked|began|stopped|sent|started)\b"
        r"|what we (have done|checked)",
        re.I,
    ),
}
EMPATHY = {
    "zh": re.compile("道歉|歉意|抱歉|对不起|理解|牵挂"),
    "en": re.compile(r"apolog|sorry|understand why", re.I),
}
UNKNOWN = {
    "zh": re.compile("还不知道|尚未查明|还没有查清|还在核实|还在核对|尚不清楚"),
    "en": re.compile(r"not (yet )?know|still (checking|establishing)|not yet (clear|established)", re.I),
}
ACTION = {
    "zh": re.compile("停止(饮用|食用|使用)|保留|就医|密码|请(直接)?联系|拨打"),
    "en": re.compile(r"stop (drinking|using|eating)|please keep|see a doctor|password|contact us|call us", re.I),
}
UPDATE = {
    "zh": re.compile(r"更新|通报|公布|公告|说明|发布|告知"),
    "en": re.compile(r"update|publish|\bpost\b|report|announce", re.I),
}
ZONE = {"zh": re.compile(r"北京时间|UTC[+-]\d"), "en": re.compile(r"Beijing time|UTC[+-]\d")}
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{0,200}\w", re.ASCII)
