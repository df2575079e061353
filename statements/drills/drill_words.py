"""What a drill's sheet says of each objective: its name, and one thing to do about it (zh, en)."""

from statements.drills.drill_score import COUNT, MINUTES, Result

NAMES: dict[str, tuple[str, str]] = {
    "ack": ("接手", "taking it"),
    "triage": ("第一个判断", "first decision"),
    "draft": ("第一份修改稿", "first edited draft"),
    "release": ("首次回应", "first response"),
    "update": ("第一次更新", "first update"),
    "wording": ("措辞", "wording"),
    "facts": ("只用核实过的事实", "verified facts only"),
    "consistency": ("各版本一致", "texts that agree"),
    "questions": ("被问到的问题有答案", "asked questions answered"),
    "promises": ("承诺兑现", "promises kept"),
    "log": ("决定都有记录", "decisions on record"),
}
ACTIONS: dict[str, tuple[str, str]] = {
    "ack": ("接手", "take it"),
    "triage": ("作出判断", "decide what it is"),
    "fact": ("记录或更新事实", "write a fact"),
    "draft": ("改口径", "edit the text"),
    "approve": ("批准", "approve"),
    "release": ("发布", "post it"),
    "correct": ("发布更正", "post a correction"),
    "answer": ("答复来件", "answer the inquiry"),
    "note": ("写下记录", "leave a note"),
}
# objective -> what to do when it was missed, never happened, or reached.
ADVICE: dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "ack": (
        ("值班表上每人本周点开一次测试呼叫的链接；慢的人加第二种渠道。",
         "Everybody on the rota opens one test page this week; who is slow gets a second channel."),
        ("没有人接手：今天核对值班表与每个地址是否验证过，明天发一次测试呼叫。",
         "Nobody took it: check today's rota and whether each address is proved, and send a test page tomorrow."),
        ("下次在夜里练同一个目标。", "Train the same goal at night next time."),
    ),
    "triage": (
        ("接手后先答四个问题（是我们吗、属实吗、有人受伤吗、多广），十分钟内写下第一条事实或改定等级。",
         "Us? True? Anyone hurt? How wide? Answer these, then write one fact or set the level within ten minutes."),
        ("没有人对它作出判断：指定接手的人同时负责定级，写进值班说明。",
         "Nobody decided what it is: say in the rota's notes that who takes it also sets the level."),
        ("下次由备班来判断。", "Let the backup decide next time."),
    ),
    "draft": (
        ("等级一定就打开系统备好的草稿改第一句，不等事实齐全；缺的留【待确认】。",
         "Open the prepared draft as soon as the level is set and mend its first sentence; leave the gaps marked."),
        ("没有人改过口径：指定一位起草人，接手时由系统通知他。",
         "Nobody edited the text: name one drafter who is told when somebody takes it."),
        ("下次换一位起草人。", "Let another person draft next time."),
    ),
    "release": (
        ("把批准提前：第 25 分钟定稿，第 40 分钟前法务与发言人都看过；法务没回就用四句的短稿。",
         "Fix the text at minute 25, have both yeses by minute 40; without legal's answer take the short form."),
        ("没有首次回应：下次先练四句短稿，从草稿到批准只走一遍。",
         "There was no first response: train the four-sentence form next, draft to approval once."),
        ("下次把目标缩短十分钟。", "Make the goal ten minutes shorter next time."),
    ),
    "update": (
        ("承诺时刻前 30 分钟就起草更新，没有新结论也照发“还在查什么”。",
         "Draft the update 30 minutes before it is due, and post what is still being checked even without news."),
        ("承诺了更新却没有发：发布首份说明时就指定写更新的人。",
         "An update was promised and not posted: name its writer when the first statement goes out."),
        ("下次在更新里放一条更正。", "Put a correction into the update next time."),
    ),
    "wording": (
        ("把这次被标出的句子收进团队的反例，起草前先读一遍建议句。",
         "Keep the marked sentences as your own bad examples and read the better ones before drafting."),
        ("没有发布文本，措辞没有受到检验。", "No text was posted, so the wording was never tested."),
        ("下次由没写过声明的人起草。", "Let somebody draft who never has, next time."),
    ),
    "facts": (
        ("未核实的先记成“未知”，文本里只引用事实编号；核实人写清来源后再改。",
         "Keep what is unverified as unknown, and quote facts by number until their source is named."),
        ("没有事实可查。", "There were no facts to look at."),
        ("下次中途证伪一条已引用的事实。", "Let a quoted fact turn out false half-way next time."),
    ),
    "consistency": (
        ("只改主稿，再生成其他版本；发布前看一遍各版本的事实编号和下次更新时间。",
         "Edit the master and make the others from it; compare fact numbers and next update before posting."),
        ("没有第二个版本可比。", "There was no second text to compare."),
        ("下次多发一个平台。", "Post to one more platform next time."),
    ),
    "questions": (
        ("按热度从上往下，把前三个没有答案的问题各写一句“已做什么、何时再说”。",
         "From the hottest down: one sentence each (done so far, next news when) for the first three open questions."),
        ("问答单没有答案：起草时同时打开问答单，先补“现在该怎么办”。",
         "The sheet answers nothing: open it beside the draft, and fill in what people should do first."),
        ("下次让记者角色追问原因和责任。", "Let the reporter press for cause and blame next time."),
    ),
    "promises": (
        ("每条承诺写下负责人，提前 15 分钟的提醒响起时就发，不等结论。",
         "Give each promise an owner who posts when the 15-minute reminder rings, conclusion or not."),
        ("承诺没有一条兑现：下次只承诺一个时刻，并当场设好负责人。",
         "No promise was kept: promise one moment only next time, with an owner at once."),
        ("下次承诺两件事，由两个人负责。", "Promise two things with two owners next time."),
    ),
    "log": (
        ("改等级、放行、收尾时把理由写成一句话；观察员当场补上没写的决定。",
         "Say the reason in one sentence when you set a level, let a text go or close; observers add what is missing."),
        ("没有留下决定记录。", "No decision is on record."),
        ("下次请观察员另写一份时间线来对照。", "Let an observer keep a second timeline to compare next time."),
    ),
}  # fmt: skip
EXPECTED = (
    ("这一步练一次：注入一出现，由该角色当场动手，别人不代劳。",
     "Train this step once: when it happens that role acts at once, and nobody does it for them."),
    ("没有人做这一步：把它写进该角色的值班卡。", "Nobody did this: put it on that role's duty card."),
    ("下次换一个人做这一步。", "Let somebody else do this step next time."),
)  # fmt: skip


def name_of(result: Result, lang: str) -> str:
    """What people call the objective."""
    place = 0 if lang == "zh" else 1
    if result.name in NAMES:
        return NAMES[result.name][place]
    action = ACTIONS[result.about["action"]][place]
    said = result.about["said"]
    return f"“{said}”之后{action}" if lang == "zh" else f"{action} after “{said}”"


def advice_of(result: Result, lang: str) -> str:
    """The one thing to do about it."""
    missed, never, reached = ADVICE.get(result.name, EXPECTED)
    words = reached if result.reached else never if result.measured is None else missed
    return words[0 if lang == "zh" else 1]


def shown(result: Result, value: float | None, lang: str) -> str:
    """A measured value or a goal as people read it."""
    zh = lang == "zh"
    if value is None:
        return "未发生" if zh else "never"
    if result.unit == MINUTES:
        return f"{value:g} 分钟" if zh else f"{value:g} min"
    if result.unit == COUNT:
        return f"{value:g} 处问题" if zh else f"{value:g} faults"
    return f"{value:.0%}"
