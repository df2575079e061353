"""How people ask in Chinese and English: the words of questions, demands and insults dressed as questions (pure)."""

import re

# Every pattern meets a clause in one form: simplified, lower case, half width, without marks at its ends.
_CUE_ZH = re.compile(
    r"能不能|可不可以|是不是|有没有|会不会|要不要|该不该|应不应该|行不行|好不好|对不对|算不算|敢不敢|"
    r"给不给|退不退|赔不赔|"
    r"(?!动不动|时不时)([\u4e00-\u9fff])不\1|安不安全|需不需要|用不用|知不知道|严不严重|管不管|真不真|"
    r"是否|能否|可否|有无|请问|求问|想问|问一下|问一句|问下|问问|问个|想知道|想了解|求解|求告知|求助|"
    r"求科普|求回复|求证|求个|弱弱|"
    r"谁知道|谁能|谁来|谁负责|谁清楚|有人知道|有人能|有谁|有哪位|有懂|哪位|谁(?!知|都|让|叫|还?敢|懂|不)|"
    r"应该.{1,12}还是|"
    r"不知道?(能|会|是|有|该|要|还|可|到底|怎|什|哪|谁|多|几|咋|啥|现在)|不清楚(能|会|是|有|该|要|还|怎|"
    r"什|哪|谁)|不确定|"
    r"到底|究竟|怎么(?!这么(好|香|可爱|帅|美|便宜)|那么)|咋(?!这么好)|如何|为什么|为啥|为何|什么时候|"
    r"何时|啥时候|啥时|多久|多长时间|几天(能|才|可以|内)|"
    r"多少(?!有|还|都|是)|哪(家|个|些|里|儿|批|天|种|款|几|位|一|年|边|间|座|条|班)|"
    r"什么(?!都|也|的$|人都|事都)|第几(次|回)|(安全|靠谱|能[喝吃用退]|给退|可以|退|赔|行|有事|严重|管用|在)不$|"
    r"(是|做了|有|要|用|算|说|出了|发生了?|为了|泄露了|包括|需要)什么|啥(情况|意思|原因|问题|说法|态度|"
    r"事)|几点|几号|几时|第几次|几家|几个人|"
    r"真的假的|真假|靠谱不|有事没|(了|过)没有?$|(吗|嘛)$|(没事|没大碍|没问题|好了)吧$|(没事|还好|第一次|属实|真的|假的|安全|严重|"
    r"知道)了?(吧|啵)$|(?<![什怎那这多要])么$"
)
_NE = re.compile(r"^(?!.*(正在|还在|着呢|才不|可.{0,6}呢|怎么说呢|何况)).{2,14}呢$")
_NOT_ZH = re.compile(
    r"(?<!管)不管|无论|不论|不知道?怎么的|什么都|谁都|哪都|哪里都|怎么都|怎么也|没什么|没啥|没怎么|怎么说呢|"
    r"什么的$|这就是为什么|莫名|不知道?为什么就|"
    r"教(你|大家)|告诉(你|大家)|带你|想不通|谁知[^道]|谁让|谁叫|哪怕|哪知|什么时候都|任何|一文读懂|到底$|"
    r"解释了|说明了|公布了|"
    r"(^|我)(终于|总算|已经)?(知道|明白)(了|是|在)?(怎么|什么|为什么|如何|谁|哪)|无论如何|不知(不觉|所措|何故)|"
    r"看(看)?你们?怎么|多少(有点|还是|都|人的)"
)
_CUE_EN = re.compile(
    r"^(and |but |so |ok |okay |hey |also |then |well |um |lol |hi |hello |please |pls )*"
    r"((is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|am|isn't|aren't|doesn't|"
    r"didn't|won't|can't)"
    r" (i|we|you|u|they|he|she|it|this|that|these|those|there|the|my|your|our|any\w*|every\w*|all|more|other|"
    r"people|some\w*|"
    r"refunds?|stores?|customers?|kids?|children|both|it's)\b"
    r"|(what|where|who|why|how|when|which)('?s)? (is|are|was|were|do|does|did|can|could|should|would|"
    r"will|has|have|about|"
    r"many|much|long|far|come|happen(s|ed)|caused?|to|else|exactly|kind|bad|soon|serious|safe|do|the|"
    r"went|made|if|gets?|pays?)\b"
    r"|(which|what|whose) \w+( \w+)?( \w+)? (is|are|was|were|do|does|did|has|have|had|can|should|will|got|sold)\b"
    r"|what am i|(who|what|where|how|when)'s \w+|why \w+|.*\bor (not|all|just|only)\b"
    r"|which (store|shop|batch|branch|location|model|city|product|one)s?\b|any (idea|update|news|word|"
    r"info|clue|one|body)\w*)"
    r"|\b(any(one|body)|some(one|body)|any of you)( here| else| out there)?( \w+)? (know|knows|heard|"
    r"tell|confirm|explain|have|got|figure|able)\b"
    r"|\b(wonder(ing|s)?|curious|unsure|not sure|no idea|don'?t know|do not know|dunno|idk|unclear|"
    r"can'?t (tell|find out|work out)|"
    r"nobody (says|said|knows|tells)|tell (me|us)|let (me|us) know|question is|asking|ask|know|find out|"
    r"figure out|understand|told)"
    r"( \w+)? (if|whether|what|when|where|which|who|why|how)\b"
    r"|\b(does|do|would) (this|that|it|these) mean\b|\bis it true\b|\bplease (tell|explain|advise|confirm|clarify)\b"
    r"|\b(want|like|need|love|trying) to (know|ask|find out|understand)\b|\bcan (someone|anyone|somebody|"
    r"anybody|you|u)\b"
    r"|\b(what|how) about\b|\basking for (a|my)\b"
)
_NOT_EN = re.compile(
    r"\b(now i know|i know (what|how|why|who)|that'?s (what|why|how|when|where)|this is (what|why|how)|"
    r"no matter|told (me|us) "
    r"(what|how)|here'?s (what|how|why)|guess (what|who)|you know what|what a\b|how (nice|lovely|great)|"
    r"learn(ed)? how)"
)
_DEMAND = re.compile(
    r"(要求|我要|想要?|求|申请|给我|必须|赶紧|赶快|快|麻烦|请)(你们|商家|官方|贵司|尽快|马上|立刻|全额|"
    r"给我|帮忙|公司)*"
    r"(退|赔|补偿|公布|公开|解释|说明|给.{0,2}说法|给.{0,2}交代|告知|通报|澄清|召回)"
    r"|^(退款|退钱|退货|赔钱|赔偿|还钱)(退款|退钱|退货|赔钱|赔偿|还钱)*$|(给|求|要)(我们|消费者|大家|个|"
    r"一个)*(说法|交代|解释)"
    r"|\b(i|we) (just )?(want|demand|need|deserve) (a |my |our |an |the |full )*(refund|money back|"
    r"answers?|explanation|compensation)"
    r"|\bgive (me|us) .{0,10}(refund|money back|answers?|explanation)"
)
_INSULT_ZH = re.compile(
    r"要(点|不要)?脸|有脸|脸皮|多大的?脸|良心|良知|人性|是人[吗么]|人干的?事|做个人|当个人|还是人|配(做|"
    r"叫|当|吗|么|得上|开)|"
    r"脑子|智商|弱智|傻|瞎|眼睛长|蠢|白痴|有病|疯了|想钱|穷疯|丢不丢人|丢人|羞耻|可耻|无耻|恶心|垃圾|"
    r"缺德|黑心|害臊|脸红|心虚|愧疚|羞愧|"
    r"(算|是个|你们)什么(东西|玩意)|什么(玩意|垃圾|破|鬼|狗屁|素质|德行|货色)|难道|何必|何苦|开什么?玩笑|"
    r"搞(毛|笑|什么)|王法|天理|"
    r"有意思[吗么]|怎么还不(倒闭|关门|死|滚)|(什么时候|啥时候|何时|能不能|咋不|怎么不|快点?)(倒闭|去死|滚|破产)|"
    r"当(我们|消费者|大家|老百姓|顾客|我|人)(们)?(都)?是|糊弄|忽悠谁|骗(鬼|谁)|吃屎|去死|滚|睡得着|亏心|"
    r"你信[吗么]|谁信|鬼信|"
    r"(道歉|有什么|有个?屁|有啥|还)有?用[吗么]|坑人|坑爹|谁还?敢|胆子|哪来的?(脸|勇气|自信|底气)|哪有(这样|你们|这种)|"
    r"怎么(敢|好意思|有脸|做得出|下得去|能这么|可以这么|这么(恶心|坏|黑|垃圾|缺德|不要|差|烂|无|敷衍|"
    r"离谱|狠))|好意思|"
    r"能(再|更).{0,4}(恶心|无耻|敷衍|离谱|差|烂)|可笑|讽刺|笑死|呵呵|吃相|对得起|有没有(良心|底线|人性|"
    r"素质|搞错|常识|天理|一点|羞)|"
    r"(^|[^是])不(就)?是(在)?(坑|骗|害|抢|谋|耍|欺|明摆|故意|欺负|笑话|搞笑|活该|有病).{0,8}|(是|在)(想|"
    r"要)?(毒死|害死|谋财|杀人|坑害)|"
    r"(也|还)(敢|配|好意思|有脸)(卖|开|说|叫|来|出|拿|收|涨|做)|也能(上架|卖|开|叫)|脸呢$|还有没有人管|就这$|^就这|赔得起|这(就是|也叫|也算)|"
    r"自己(敢|家人|孩子|喝|吃|怎么不)|家人敢|"
    r"要(不要)?笑|惊不惊喜|服不服|意外吗|能要点|会死[吗么]|活该|智障|装(什么|死|傻|瞎)|几个意思|脸都不要|"
    r"想过(消费者|我们)"
)
_INSULT_EN = re.compile(
    r"\b(are (you|u|they|these people|you guys|y'all) (even |all |actually |freaking |fucking )?(kidding|"
    r"serious|joking|insane|stupid|dumb|blind|mad|"
    r"crazy|high|ashamed|human|out of|trying to (kill|poison)|for real|this (stupid|dumb|bad|"
    r"incompetent))|(must|got to|gotta) be (kidding|joking)|how dare|"
    r"shame|ashamed|disgust\w*|disgrace\w*|is this (a|some( kind of)?) joke|what (a joke|did you expect|"
    r"is wrong with|'?s wrong with)|what's wrong with|"
    r"who (the hell|even|in their right|cares|raised|would (ever|even|still|buy|eat|trust|want)|needs|"
    r"still (buys|eats|trusts|goes))|"
    r"what the (hell|heck|fuck) (is wrong|are you|were you|is this)|wtf|do you (even )?(have (a|any|no)|"
    r"think (we|people|anyone|customers)|care|sleep|"
    r"take us|hate|enjoy)|have you no|no shame|how do (you|they|these people) (people )?(sleep|"
    r"live with)|idiots?|morons?|clowns?|stupid|pathetic|trash|"
    r"garbage|scum|conscience|brains?|souls?|decency|shameless|what you call|any (more|worse|lazier|dumber|greedier)|"
    r"not surprised|surprised|supposed to believe|"
    r"expect (us|me|people|anyone) to|go(ing)? (bankrupt|out of business) already|rot in|go to hell|"
    r"proud of yoursel\w+|greed\w*|lol|even care|"
    r"isn't (it|that|this) (great|nice|lovely|funny|ironic|rich)|aren't you|don't you (feel|have|"
    r"people))\b|^(really|seriously|right|huh|what|why|oh|wow|no|yes)$"
)
_LEAD = re.compile(
    r"^(那|所以|然后|我|就|有点|真的|大家|姐妹们?|各位|朋友们|楼主|博主|小编|客服|官方|这个|在线|来个|"
    r"蹲一个|蹲个?|弱弱的?)*"
    r"(请问|求问|想问|问|想知道|求助|求解|求科普|求告知|求|有没有人|有没有|有人|谁|有谁|有懂的|知道|懂|"
    r"能|来|不知道?|到底|究竟|说下|科普|告诉|一下|"
    r"下|问问|问个|个|的|人|姐妹|朋友|大佬|懂行|内行|清楚|了解|说说|告诉我|我|你们|大家|各位|官方|这边|"
    r"这里|能不能|可以)+(吗|么|啊|呀|呢)?$"
    r"|^(hi|hey|hello|so|ok|and|does|do|can|could|any(one|body)|some(one|body)|all|out|there|here|know|"
    r"knows|please|tell|me|us|question|quick|"
    r"just|wondering|curious|genuine|serious|honest|asking|for|a|friend|i|have|one|who|idea|ideas|you|"
    r"guys|explain|help|want|to|ask)"
    r"( (hi|hey|does|do|can|could|any(one|body)|some(one|body)|all|out|there|here|know|knows|please|tell|"
    r"me|us|question|quick|just|wondering|"
    r"curious|genuine|serious|honest|asking|for|a|friend|i|have|one|who|idea|ideas|you|guys|explain|help|"
    r"want|to|ask))*$"
)
_TRAIL = re.compile(
    r"^(有没有人|有人|谁|有谁|大家|你们|各位|谁能|求|蹲)*(知道|清楚|了解|懂|告知|解答|解|回复|科普|"
    r"告诉我?|说说|确认一?下?|回答|说一?下|确定)(一下|下)?"
    r"(的|吗|么|嘛|没|呢|啊|呀|不|一个)*$|^(是吗|对吗|对吧|是吧|是不是|对不对|有吗|行吗|可以吗|好吗|"
    r"能行吗|咋说|求问|求解|求助|在线等|急)$"
    r"|^(does |do )?(any(one|body)|some(one|body)) (know|confirm|tell)s?$|^(any ideas?|please advise|"
    r"please help|thoughts|yes or no|is that right|right)$"
)


def asks(form: str, *, marked: bool) -> bool:
    """Whether a clause asks; `marked`: a question mark stands behind it."""
    if _CUE_ZH.search(form) or _NE.match(form):
        return marked or not _NOT_ZH.search(form)
    if _CUE_EN.search(form):
        return marked or not _NOT_EN.search(form)
    return False


def demands(form: str) -> bool:
    """Whether a clause asks for something to be done: 我要退款, 请公布批次, we want answers."""
    return _DEMAND.search(form) is not None


def rhetorical(form: str) -> bool:
    """Whether a clause is an insult or an outcry that expects no answer."""
    return _INSULT_ZH.search(form) is not None or _INSULT_EN.search(form) is not None


def leads_in(form: str) -> bool:
    """Whether the clause only announces the question that follows: 有没有人知道, anyone know."""
    return _LEAD.match(form) is not None


def trails(form: str) -> bool:
    """Whether the clause only hangs on what was said before it: …, 有人知道吗."""
    return _TRAIL.match(form) is not None
