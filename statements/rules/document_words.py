"""What the document rules say of a fault and of the way out, in both languages. A table."""

from statements.rules.wording import Finding

SAID: dict[str, dict[str, tuple[str, str]]] = {
    "zh": {
        "D01": ("没有将来的下一次更新时间", "下一次更新：今天17:00前（北京时间），在本账号发布，无论届时是否有结论。"),
        "D01P": ("下一次更新的时间已经过了", "改成将来的时间，例如：今天17:00前（北京时间）"),
        "D01L": ("下一次更新晚于这个等级的更新间隔", "把时间提前，或先发一次短更新"),
        "D02": ("没有已核实的联系方式", "写上 team.toml 里已核实的电话或邮箱"),
        "D02O": ("这个联系方式没有核实过", "改用 team.toml 里已核实的电话或邮箱"),
        "D03": ("没有对受影响的人说一句话", "我们向反映情况的顾客道歉，也理解大家的担心。"),
        "D04": ("没有告诉公众现在该做什么", "请先停止食用，保留实物和小票；不适请及时就医。"),
        "D05": ("没有说还不知道什么", "我们现在还不知道的：……在查清之前，我们不作猜测。"),
        "D06": ("这个数字没有已核实的事实支持", "在事实台账里核实它，或删去"),
        "D07": ("这句话引用了不能公开的事实", "删去，或先核实并改为可公开"),
        "D08": ("超过了这个平台的长度", "按平台版本缩短；下一步、联系方式和更新时间不能删"),
        "D09": ("没有写时区", "时间后写明（北京时间）"),
        "D10": ("形容多、事实少", "删去“深切、全力、高度”，写出谁在什么时间做了什么"),
        "D11": ("与另一语言的文本不一致", "让两种语言用同样的事实、联系方式和更新时间"),
        "D12": ("与之前说过的立场不一致", "先请法务看；否认和道歉不能混着说"),
        "D12S": ("现在还不能这样说", "先核实事实，或只说怎样保护自己和已经做的事"),
        "D13": ("这笔补偿不在补偿标准里", "按补偿标准写，或先请法务和财务把它写进标准"),
        "D14": ("现在是半夜，发布会被看成躲着人说话", "安全提醒照发；其余的早上8点再置顶一次"),
        "D16": ("今天是敏感日子", "发布前请再看一遍语气和配图"),
        "D17": ("这句话太长", "拆成两句，一句一件事"),
        "D18": ("另一个进行中的事件里，这条已被证伪", "核对两个事件的事实台账，改成一致的说法"),
        "D19": ("说的获知时间与记录不符", "改成系统记录的获知时间"),
        "D20": ("没有说已经做了什么", "写上一条已核实的措施和时间：该门店已于14:30停止营业。"),
        "D21": ("还有待确认的内容", "补齐【待确认】处，或删去这一句"),
        "D22": ("出现了发帖人的名字或账号", "删去，写“一位顾客”"),
    },
    "en": {
        "D01": ("no time of the next update in the future", "Next update: by 17:00 (Beijing time) today."),
        "D01P": ("the time of the next update has passed", "Name a time ahead: by 17:00 (Beijing time) today."),
        "D01L": ("the next update is later than this level allows", "Name an earlier time, or send a short update"),
        "D02": ("no verified contact", "Use the phone or mail address of team.toml"),
        "D02O": ("this contact is not a verified one", "Use the phone or mail address of team.toml"),
        "D03": ("no word for the people affected", "We apologise to the customers who raised this."),
        "D04": ("the public is not told what to do now", "Please stop drinking it and keep the item."),
        "D05": ("does not say what is not known yet", "What we do not know yet: … We will not guess."),
        "D06": ("no confirmed fact carries this number", "Confirm it in the fact log, or delete it"),
        "D07": ("this quotes a fact that may not be said", "Delete it, or confirm the fact and make it public"),
        "D08": ("longer than this platform allows", "Shorten it; advice, contact and next update must stay"),
        "D09": ("no time zone", "Write (Beijing time) after the time"),
        "D10": ("many intensifiers, few facts", "Drop them; say who did what and when"),
        "D11": ("does not agree with the text in the other language", "Use the same facts, contacts and next update"),
        "D12": ("contradicts what an earlier text stood for", "Ask legal first; never mix a denial with an apology"),
        "D12S": ("this cannot be said yet", "Confirm the facts first, or only say how to stay safe and what was done"),
        "D13": ("this remedy is not in the compensation matrix", "Use the matrix, or have legal and finance clear it"),
        "D14": ("at this hour a text looks as if it hid", "Safety advice goes out at once; pin the rest again at 8:00"),
        "D16": ("today is a sensitive date", "Read tone and picture once more before it goes out"),
        "D17": ("this sentence is too long", "Make two of it, one thing each"),
        "D18": ("in another open incident this was found to be false", "Bring the two fact logs together first"),
        "D19": ("the time you say you learned of it is not the one on record", "Use the time on record"),
        "D20": ("does not say what was done", "Name a confirmed measure and its time: the store closed at 14:30."),
        "D21": ("something is still to be confirmed", "Fill the mark, or delete the sentence"),
        "D22": ("somebody who posted is named", "Delete the name; write “a customer”"),
    },
}


def finding(rule: str, level: str, lang: str, place: tuple[int, int] = (0, 0), *, said: str = "") -> Finding:
    """The finding of a document rule; `said` names other words than the rule's own, `place` 0..0 means the whole."""
    message, suggestion = SAID[lang][said or rule]
    return Finding(rule, level, *place, message, suggestion)
