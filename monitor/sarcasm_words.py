"""The words of praise, of wrongs and of rescues that `sarcasm` looks for: a table of parts of regular expressions."""

from typing import Final


def joined(listed: str) -> str:
    """The lines of a table as one alternation."""
    return "".join(line.removeprefix("    ") for line in listed.splitlines())


# Praise as bitterness uses it: thanks, admiration, presents. Plain liking (好喝, tasty) is not of it.
PRAISE_ZH: Final = joined(
    r"""
    感谢|感謝|谢谢|謝謝|多谢|多謝|恭喜|佩服|致敬|点赞|点个赞|真好|真棒|太棒|好棒|真不错|真行|真牛|牛啊|厉害了|真有你
    |真会|可真|真是(?:体贴|體貼|贴心|用心|榜样|良心|大方|养生|省心|周到|慷慨)
    |真(?:体贴|贴心|大方|养生|人性化|用心|良心|周到|上心|省心|耐放|锻炼人)|贼贴心|绝对五星|五星好评|服务到位|执行力
    |好样的|干得漂亮|了不起|送惊喜|惊喜|附赠|福利|有仪式感|仪式感|👏|🙏|🙂|😊|👍|🌹|💐|❤
"""
)
PRAISE_EN: Final = joined(
    r"""
    great (?:job|work|perks?|service|news|stuff|start)|good (?:job|work|news)|nice (?:job|work|one|touch|of)|so nice
    |well done|well played|bravo|kudos|congrat\w*|big thanks|many thanks|thanks?|thankful
    |shout-?out|love (?:how|that|the|my|it when)|lovely (?:touch|of|gesture|surprise)|very generous|generous of
    |huge respect|respect to|fair play|hats off|props to|thrilled|delighted
    |so (?:cool|glad|happy|proud|thoughtful|kind)|how (?:thoughtful|kind|generous)|classy|amazing|fantastic
    |brilliant|wonderful|impressive|impressed|can't fault|praise|five stars|5 stars|10/10|slow clap
"""
)
# Wrongs; most are no risk words by themselves, but beside praise they make a reader look twice.
WRONG_ZH: Final = joined(
    r"""
    又(?:坏|断|停|崩|挂|漏|涨|扣|丢|黄|没)|第[二三四五六七八九十两几\d]+次(?:坏|断|修|停|丢|漏|退|返)|坏了|崩了|挂了
    |断网|断电|停水|停电|漏水|拉黑|踢出|跑路|不退|没退|退不了|不赔|扣(?:了|我|钱|工资|款|八百)|罚(?:款|我|钱)|骗
    |假的|造假|掺|过期|发霉|长毛|虫|蟑螂|老鼠|苍蝇|馊|臭|毒|铅|汞|碎了|裂|炸|着火|烧|冒烟|触电|漏电|流血|缝了|晕|吐
    |拉肚子|住院|医院|急诊|救护车|发烧|流产|死|没了|裁员|欠薪|拖欠|不发工资|加班|通宵|三十六个钟头|投诉|起诉|法院
    |查封|停业|罚单|处罚|通报|泄露|卖(?:了|给)|泄漏|偷拍|摸|骚扰|歧视|辱骂|骂|打人|嘲笑|肥羊|未成年|暴雷|爆雷|提现
    |失联|没人(?:接|管|理|回)|不接电话|贴牌|贿|回扣|内幕|减持|抄袭|羽毛|粪|污水|污染|尿血|急症|急诊室|加护病房
    |身份证|病历|床号|代签|黑人|黑的|长得黑|脏|针头|壁虎|小强|会动的|烟头|钢丝|下水道|翻白肚|淹|漂流|关隧道|锁在
    |锁驾驶室|上锁|法治频道|纪委|监管|出不了境|本金|保本|蒸发|拿不回|不派单|不要我|孕妇|怀孕|陪酒|腰上|睡衣|敲我房门
    |黄赌|毒品|初[一二三]|小学生|童工|暑假工|凌晨|连续第|连着开
"""
)
# An age that is none for work, hours that are too many. Apart, because what begins with a word is found far quicker.
WRONG_NUMBER_ZH: Final = joined(
    r"""
    (?:六|七|八|九|十|十一|十二|十三|十四|十五|[6-9]|1[0-5])岁
    |[一二两三四五六七八九十\d]+个?(?:半)?(?:小时|钟头|鐘頭|鐘|钟)
"""
)
WRONG_EN: Final = joined(
    r"""
    again|broke|broken|breaks|crashed|crash|outage|been down|down since|on hold
    |hour (?:five|six|seven|eight|nine|ten)|refus\w+|refund|never (?:arrived|came)|lost|stole\w*|stolen|charged
    |fined|docked?|ignored|deleted|fired|laid off|layoffs?|unpaid|overtime|burn\w*|fire|smoke|ward|icu|er|hospital
    |ambulance|stitches|sick|vomit\w*|poison\w*|mold|mould|rats?|roach\w*|maggots?|legs|glass|steroid|mercury|lead
    |dead|died|dies|killed|drown\w*|hurt|injur\w+|bleed\w*|bruis\w+|scam|ponzi|fake|fraud|lied|liar|leak\w*|sewage
    |dump\w*|bribe\w*|girlfriend|racist|racis\w+|sexist|harass\w*|gro(?:pe|ped|ping)|discriminat\w+|deposit for
    |lawsuit|sued|recall\w*|expired|someone else's|next door's|home address|anyone's|everyone's|everybody's
    |member number|(?:only|lad,|is )1[0-5]\b|1[0-5][- ]year|1[0-5]yo|night line|doing nights|withdraw\w*|weep|cries
    |crying|hours?|days without|attorney general|regulator|ministry|shares|missing|party deposit|white folks
    |black famil\w+|benefits|bald|beetle|maggot\w*|worms?|hair|clipped on|fell|folded up|spilled|bypassed|stapled
    |placards|police|arrested|handcuff\w*|nights on
"""
)
# A rescue, a recovery, a wrong that was put right: praise that is meant, though blood and fire stand beside it.
MEANT_ZH: Final = joined(
    r"""
    救(?:了|下|命|回|活|火|人|出|援|治)|抢救|施救|得救|多亏|康复|痊愈|治好|医好|平安|没事了|母子|捐|志愿|义务
    |免费(?:换|修|补)|马上(?:换|退|赔|修)|当天就(?:换|退|修|上门|给)|主动(?:换|退|赔|道歉|联系)|秒退|退得快|赔得快
    |全额退|修好|解决了|处理得|耐心|扶|送到医院|陪(?:着|我|到)|守了|血袋|善终|临终|宠物|火化
"""
)
MEANT_EN: Final = joined(
    r"""
    saved|owe you|owe them|rescued?|recover\w*|healed|cured|cancer free|remission|rang the bell|replaced|replacement
    |refunded (?:me|us|the|within|in|without|same)|no questions asked|sorted|fixed|patient with|donat\w+
    |volunteer\w*|sat with|held my hand|chemo|surgeon|nurses?|paramedics?|firefighters?|crew|cpr|cracking my ribs
    |god rest|rest in peace|still going|stayed with
"""
)
# Where none of these stands in a folded text there is no praise: found at once, where praise itself takes long to look
# for.
STEMS: Final = tuple(
    joined(
        """
    感谢|谢谢|多谢|恭喜|佩服|致敬|点赞|点个赞|真好|真棒|真不错|真行|真牛|真有你|真会|可真|真是|真体贴|真贴心|真大方
    |真养生|真人性化|真用心|真良心|真周到|真上心|真省心|真耐放|真锻炼|太棒|好棒|牛啊|厉害了|贼贴心|五星|服务到位
    |执行力|好样的|干得漂亮|了不起|惊喜|附赠|福利|仪式感|👏|🙏|🙂|🙃|😊|👍|🌹|💐|❤
    |great job|great work|great perk|great service|great news|great stuff|great start|good job|good work|good news
    |nice job|nice work|nice one|nice touch|nice of|so nice|well done|well played|bravo|kudos|congrat|thank|shout
    |love how|love that|love the|love my|love it when|lovely |generous|huge respect|respect to|fair play|hats off
    |props to|thrilled|delighted|so cool|so glad|so happy|so proud|so thoughtful|so kind|how thoughtful|how kind
    |classy|amazing|fantastic|brilliant|wonderful|impressi|impresse|t fault|praise|five stars|5 stars|10/10|slow clap
    |反话|/s|阴阳怪气|sarcasm|呵呵
"""
    ).split("|")
)
