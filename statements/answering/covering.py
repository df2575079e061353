"""A stranger's words without what points to a person: numbers, addresses, accounts (pure)."""

import re

COVER = "…"
_LINK = re.compile(r"(?i)(?:https?://|www\.)[^\s，。；！？（）【】\u4e00-\u9fff]+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?i)(?:(?://|回复|回覆|\brt\b|via)\s*)?[@＠][\w·.-]{1,30}[:：]?|(?<!\w)/?u/[\w-]{3,30}")
# Accounts told in words: 微信 abc_123, VX: abc123, QQ 123456.
_ACCOUNT = re.compile(
    r"(?i)(微信号?|薇信|vx|v信|wechat|qq|telegram|whatsapp|\bline id\b)(\s*(?:[:：]|是|id)?\s*)[a-z0-9][\w-]{4,}"
)
_LONG_NUMBER = re.compile(r"[+＋(（]?\d[\d \-‐–—()（）.*]{4,}\d[xX]?")
_SPOKEN_NUMBER = re.compile(r"[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{7,}")
_PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}")
_ADDRESS = re.compile(r"\d{1,5}(号楼|单元|栋|室|幢)(?:\d{1,5}(单元|室|号))*")


def covered(text: str) -> str:
    """The text with links, mail addresses, handles, accounts, plates and long numbers taken out."""
    text = _LINK.sub(" ", text)
    text = _MAIL.sub(COVER, text)
    text = _ACCOUNT.sub(rf"\1 {COVER}", text)
    text = _HANDLE.sub(" ", text)
    text = _PLATE.sub(COVER, text)
    text = _ADDRESS.sub(COVER, text)
    return _SPOKEN_NUMBER.sub(COVER, _LONG_NUMBER.sub(COVER, text))
