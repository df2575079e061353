"""What can be wrong with a query, in both languages, with the column where it is."""

from config.errors import InputError

# code -> (中文, English). Each says what is wrong and what is allowed.
FAULTS = {
    "empty": ("检索式是空的；至少写一个词", "the query is empty; write at least one word"),
    "too_long": (
        "检索式有 {size} 个字符；最多 {most} 个",
        "the query has {size} characters; at most {most} are allowed",
    ),
    "too_many": ("词太多；最多 {most} 个", "too many words; at most {most} are allowed"),
    "too_deep": ("括号或 NEAR 嵌套太深；最多 {most} 层", "nested too deeply; at most {most} levels are allowed"),
    "open_quote": ("引号没有配对；请补上右引号", "this quote is never closed; add the closing one"),
    "lone_quote": ("右引号前面没有左引号；请补上或删去", "this quote closes nothing; open it first or take it away"),
    "open_bracket": ("括号没有配对；请补上右括号", "this parenthesis is never closed; add a closing one"),
    "extra_bracket": ("多了一个右括号；请删去", "this parenthesis closes nothing; take it away"),
    "empty_bracket": ("括号里是空的；请写词", "nothing stands in the parentheses; write words there"),
    "empty_word": (
        "“{word}”里没有可检索的文字；请写文字或数字",
        "{word!r} holds nothing to look for; write letters or digits",
    ),
    "no_left": ("{word} 左边缺少检索词", "{word} has nothing on its left; write a word before it"),
    "no_right": ("{word} 右边缺少检索词", "{word} has nothing on its right; write a word behind it"),
    "near_number": (
        "NEAR 后面要写距离：NEAR/5，分先后用 NEAR/5f，数字 0 到 {most}；要检索这个词请加引号",
        "NEAR needs a distance: NEAR/5, in this order NEAR/5f, 0 to {most}; to look for the word itself, quote it",
    ),
    "near_operand": (
        "NEAR 两边只能是词、带引号的短语，或括号里用 OR 连接的词",
        "NEAR joins words, quoted phrases and groups such as (a OR b), nothing else",
    ),
    "near_parts": (
        "NEAR 两边不在同一处（标题、正文、作者），永远不会相邻",
        "the two sides of NEAR stand in different fields and can never be near; use one field for both",
    ),
    "star": ("* 只能放在词尾，如 Cloud*", "* is allowed at the end of a word only, as in Cloud*"),
    "minus": (
        "减号后面要紧跟排除的词，如 -招聘",
        "- stands directly before what it excludes, as in -jobs; quote a dash to look for it",
    ),
    "unknown_field": (
        "没有“{word}”这个字段；可用：{known}；要检索文字本身请加引号",
        "there is no field {word!r}; allowed: {known}; to look for the text itself, quote it",
    ),
    "field_value": ("{word} 后面要写内容，如 {sample}", "{word} needs a value, as in {sample}"),
    "field_in_field": ("字段里不能再写字段“{word}”", "{word!r} stands inside another field; close that one first"),
    "field_operator": ("{word} 要用冒号，如 {sample}", "{word} is followed by a colon, as in {sample}"),
    "field_pattern": ("{word} 不接受正则；请写文字", "{word} takes no /pattern/; write the value itself"),
    "number": (
        "{word} 后面要比较数字，如 {sample}；不能是“{value}”",
        "{word} is compared with a number, as in {sample}; {value!r} is none",
    ),
    "site": ("“{value}”不是网站域名，如 site:news.example", "{value!r} is no host name, as in site:news.example"),
    "open_pattern": (
        "正则缺少结尾的 /；要检索斜杠请加引号",
        "this /pattern/ is never closed; add / at its end, or quote a slash to look for it",
    ),
    "pattern_flag": ("正则结尾的 / 后面不能写“{word}”", "nothing may follow the closing / of a pattern, not {word!r}"),
    "pattern_empty": ("正则是空的", "the pattern is empty; write what to look for between the slashes"),
    "pattern_unsupported": (
        "正则不支持 {word}；可用：文字 . [] () | * + ? {{n,m}} ^ $ \\d \\w \\s \\b",
        "patterns know no {word}; allowed: letters . [] () | * + ? {{n,m}} ^ $ \\d \\w \\s \\b",
    ),
    "pattern_bracket": ("正则里的 {word} 没有配对", "{word} in the pattern has no partner"),
    "pattern_repeat": ("正则里的 {word} 前面没有可重复的内容", "{word} in the pattern has nothing to repeat"),
    "pattern_range": (
        "正则里的 {word} 写反了或不完整",
        "{word} in the pattern is no range; write the smaller end first",
    ),
    "pattern_large": (
        "正则展开后太大；最多 {most} 步，请减少重复次数",
        "the pattern is too large when its repeats are written out; at most {most} steps",
    ),
}


class QueryError(InputError):
    """A query cannot be read. `column` counts from 1; `place` names the list it is in, "" for a query of its own."""

    def __init__(self, column: int, code: str, *, place: str = "", **words: object) -> None:
        self.column, self.code, self.place, self.words = column, code, place, words
        super().__init__(self.say("en"))

    def say(self, lang: str) -> str:
        """Where, what is wrong and what is allowed, in "zh" or "en"."""
        zh, en = FAULTS[self.code]
        said = (zh if lang == "zh" else en).format(**self.words)
        place = f"{self.place}: " if self.place else ""
        return f"{place}第 {self.column} 列：{said}" if lang == "zh" else f"{place}column {self.column}: {said}"

    def within(self, place: str) -> "QueryError":
        """The same fault, said of a word in the list `place`."""
        return QueryError(self.column, self.code, place=place, **self.words)
