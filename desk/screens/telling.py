"""The English sentences of the wings as a Chinese screen says them (pure)."""

import re

# The wings speak English; these are their sentences as a Chinese screen says them. A sentence that stands here
# nowhere is shown as it is.
_ZH: tuple[tuple[str, str], ...] = (
    (r"Your role may not do this; it takes one of: (.*)\.", r"你的角色不能做这一步，需要：\1。"),
    (r"Your role may read, not write\.", "你的角色只能查看，不能写。"),
    (r"Sign in first\.", "请先登录。"),
    (r"Your sign-in has ended; nothing was changed\.", "登录已过期，什么都没有改动。"),
    (r"The form is older than your sign-in; nothing was changed\.", "这张表单早于你这次登录，什么都没有改动。"),
    (r"The form is too large; (\d+) bytes are allowed\.", r"提交的内容太大，最多 \1 字节。"),
    (r"The form has a kind that is not read here\.", "提交的格式无法读取。"),
    (r"The form has too many fields\.", "提交的字段太多。"),
    (r"This link is not valid\..*", "这个链接无效，可能被截断或改动过。"),
    (r"This link is too old\..*", "这个链接已过期。"),
    (r"You are no longer in the team.*", "你已不在团队名单中。"),
    (r"There is no such incident\.", "没有这个事件。"),
    (r"There is no such text\.", "没有这份文本。"),
    (r"Incident #(\d+) is (\w+); it cannot be taken or changed any more\.", r"事件 #\1 已结束，不能再接手或改动。"),
    (r"The first-hour clock still runs:.*", "首响计时还在走：请先发布首次回应，或标为误报。"),
    (r"A false alarm needs a reason.*", "标为误报需要写明理由，阈值靠它来调。"),
    (r"Correcting the time of the event needs a reason\.", "更正事发时间需要写明理由。"),
    (r"Incident #(\d+) is not in your hands\.", r"事件 #\1 不在你手上。"),
    (r"Incident #(\d+): no calls are held back\.", r"事件 #\1 没有被暂缓的呼叫。"),
    (r"Incident #(\d+) is (\w+) and cannot become (\w+); .*", r"事件 #\1 现在的状态不能这样改。"),
    (r"Incident #(\d+) is (\w+); choose another level\.", r"请选择与现在不同的等级。"),
    (r"Changing the level needs a reason\.", "调整等级需要写明理由。"),
    (r"Reopening needs a reason\.", "重新打开需要写明理由。"),
    (r"Opening an incident needs a title and a reason\.", "建立事件需要标题和理由。"),
    (r"The event cannot begin in the future\.", "事发时间不能在将来。"),
    (r"Choose yellow, orange or red; blue opens no incident\.", "请选择黄、橙或红；蓝色不建立事件。"),
    (r"This topic is open already: incident #(\d+)\.", r"这件事已经有了：事件 #\1。"),
    (r"An incident cannot be merged into itself\.", "事件不能并入自己。"),
    (r"#(\d+) and #(\d+) are of different brands; .*", r"#\1 与 #\2 属于不同品牌，不能合并。"),
    (
        r"Choose some, not all, of the (\d+) mentions of incident #(\d+)\.",
        r"要拆出一部分帖子：这个词在 \1 条里没有出现，或每条都有。",
    ),
    (r"A split needs a title and a reason\.", "拆分需要标题和理由。"),
    (r"Write a word the posts of the other story have in common\.", "请写一个那件事的帖子共有的词。"),
    (r"There is no incident (.*); write its number\.", "没有这个事件，请写编号。"),
    (r"This call is not held any more\.", "这条呼叫已经不在等待决定。"),
    (r"silence:\w+", "静默中"),
    (r"incident:\w+", "同品牌有更严重的事件"),
    (r"restored", "中断或恢复之后，等人决定"),
    (r"the first post belongs to the split incident", "最早的帖子归拆出的事件"),
    (r"The event cannot begin after we detected it\.", "事发时间不能晚于发现时间。"),
    (r"There is no fact (\w+) in this incident\.", r"这个事件里没有事实 \1。"),
    (r"A fact belongs to one of: .*", "请选择事实所属的部分。"),
    (r"A fact needs words in Chinese or English\.", "请用中文或英文写下这条事实。"),
    (r"A confirmed fact names its source or evidence\.", "已核实的事实要写明来源或证据。"),
    (r"The text is empty\.", "文本是空的。"),
    (r"The text has (\d+) characters; (\d+) are allowed\.", r"文本有 \1 字，最多 \2 字。"),
    (r"Version (\d+) exists already; yours is based on (\d+)\.", r"已有第 \1 版，你的修改基于第 \2 版。"),
    (r"Version (\d+) was saved by somebody else just now\.", r"别人刚刚保存了第 \1 版。"),
    (r"The text is not the one that was shown.*", "文本与你看到的不是同一份，请重新阅读后再批准。"),
    (r"version (\d+) is not the newest; version (\d+) is", r"第 \1 版不是最新，最新是第 \2 版。"),
    (r"a fact this text used has changed; save it again.*", "文本引用的事实已变更，请用新的事实重新保存。"),
    (r"a fact this text used has changed; it must be approved again", "文本引用的事实已变更，需要重新批准。"),
    (r"facts changed since this text was written: (.*)", r"写下这份文本之后，事实有变更：\1。"),
    (r"only a draft can be approved.*", "这份文本已不是草稿，不能再批准。"),
    (r"still to be confirmed: (.*)", r"还有待确认的内容：\1。"),
    (r"wording findings block this text: (.*)", r"措辞问题未解决：\1。"),
    (r"only the spokesperson or a named deputy approves a text", "只有发言人或指定副手能批准文本。"),
    (r"only the spokesperson or a named deputy releases a text", "只有发言人或指定副手能记录发布。"),
    (r"whoever wrote a text does not approve it", "写的人不能批准自己的文本。"),
    (r"a viewer approves nothing", "查看角色不能批准。"),
    (r"only an approved text can be released.*", "只有已批准的文本才能发布。"),
    (r"no standing approval of exactly this text.*", "这份文本还没有有效的批准。"),
    (r"The address of the post must begin with .*", "发布地址要以 http:// 或 https:// 开头。"),
    (r"The time of the post must lie between the event and now\.", "发布时间要在事发与现在之间。"),
    (r"The time is not readable.*", "时间读不懂，请写成 2026-03-12T14:05。"),
    (r"The choice (.*) is not one of the list\.", "请从列表中选择。"),
    (r"F(\d+) changed", r"F\1 已变更"),
    (r"F(\d+): was changed \(version (\d+)\)", r"F\1 已变更（第 \2 版）"),
    (r"F(\d+): is now .*", r"F\1 已不能对外说"),
    (r"F(\d+): is no longer in the fact log", r"F\1 已不在台账里"),
    (r"the text was edited", "文本被修改"),
    (r"a newer version exists", "有了更新的版本"),
    (r"an earlier post of this story", "找到同一件事更早的帖子"),
    (r"every walk of the escalation is over", "所有呼叫步骤都已走完"),
    (r"born breached: found after the hour", "发现时已超过一小时"),
    (r"call", "请接手"),
    (r"remind", "首响提醒"),
    (r"breach", "首响超时"),
    (r"exhausted", "无人应答"),
    (r"promise", "承诺到期"),
    (r"broken", "承诺逾期"),
    (r"test", "测试"),
)


def tell(said: str, lang: str) -> str:
    """A sentence of a failure or the journal in the reader's language; an English one begins with a capital."""
    if lang == "zh":
        for pattern, zh in _ZH:
            if re.fullmatch(pattern, said, re.DOTALL):
                return re.sub(pattern, zh, said, count=1, flags=re.DOTALL)
        return said
    if not said[:1].isascii():
        return said
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!")) else ".")
