"""What we may keep of a person (pure): names are masked, accounts become hashes, phone and ID numbers are covered."""

import hmac
import re
from datetime import date
from typing import Final

_PHONE: Final = re.compile(r"(?<![\d.])((?:\+?86[- ]?)?[1１][3-9３-９]\d)([- ]?)(\d{4})([- ]?)(\d{4})(?![\d])")
_ID: Final = re.compile(r"(?<![\dA-Za-z])(\d{3})(\d{3}(\d{4})(\d{2})(\d{2})\d{2})(\d)([\dXx])(?![\dA-Za-z])")
# Bank cards: 16 to 19 digits, in groups of four or in one piece.
_CARD: Final = re.compile(r"(?<!\d)(\d{4})((?:[- ]?\d{4}){2}(?:[- ]?\d{1,4})?)([- ]?\d{3})(\d)(?!\d)")
_DIGIT: Final = re.compile(r"\d")
# Fewer digits in a row, whatever parts them, are none of these numbers.
_LONG: Final = re.compile(r"\d(?:[- ]?\d){9}")
ERASED: Final = "［已按本人请求删除 · erased at the person's request］"


def mask_name(name: str) -> str:
    """The name with its first and (from three characters on) last character only: 张三 → 张*, 星禾老顾客 → 星***客."""
    text = name.strip()
    if len(text) < 3:
        return text[:1] + "*" if text else ""
    return f"{text[0]}{'*' * min(3, len(text) - 2)}{text[-1]}"


def mask_numbers(text: str) -> str:
    """The text with mobile numbers, Chinese ID numbers and bank cards covered in the middle; all else as it was."""
    if not _LONG.search(text):
        return text
    text = _ID.sub(_id, text)
    text = _CARD.sub(_card, text)
    return _PHONE.sub(r"\1\2****\4\5", text)


def author_hash(key: str, platform: str, account: str) -> str:
    """64 hex digits that tell one account of a platform from another, guessable only with the key; "" for nobody."""
    if not account:
        return ""
    said = f"author\0{platform}\0{account}".encode("utf-8", "replace")
    return hmac.digest(key.encode(), said, "sha256").hex()


def _id(match: re.Match[str]) -> str:
    try:
        born = date(int(match[3]), int(match[4]), int(match[5]))
    except ValueError:
        return match[0]
    return match[0] if not 1900 <= born.year <= 2100 else f"{match[1]}{'*' * 13}{match[6]}{match[7]}"


def _card(match: re.Match[str]) -> str:
    digits = [int(digit) for digit in _DIGIT.findall(match[0])]
    if not 16 <= len(digits) <= 19 or not _luhn(digits):
        return match[0]
    return f"{match[1]}{_DIGIT.sub('*', match[2])}{match[3]}{match[4]}"


def _luhn(digits: list[int]) -> bool:
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
