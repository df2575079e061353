"""The public address of a Weibo post, which its API never gives: the long number of a post and its short spelling."""

import string
from typing import Final

from config.errors import InputError

_DIGITS: Final = string.digits + string.ascii_lowercase + string.ascii_uppercase
_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS)}
# Seven decimal digits become four of base 62; only the first group may be shorter.
_LONG: Final = 7
_SHORT: Final = 4
_MOST: Final = 30


def bid_of(mid: str) -> str:
    """`K3fnuEfZK` for `4607741009594608`; InputError when `mid` is no decimal number of at most 30 digits."""
    if not (mid.isascii() and mid.isdigit() and len(mid) <= _MOST):
        raise InputError("the number of a post is 1 to 30 decimal digits")
    groups = [_written(int(group)).rjust(_SHORT, "0") for group in _groups(mid, _LONG)]
    return "".join(groups).lstrip("0") or "0"


def mid_of(bid: str) -> str:
    """`4607741009594608` for `K3fnuEfZK`; InputError when `bid` is no such spelling."""
    if not bid or len(bid) > _MOST or not all(digit in _VALUES for digit in bid):
        raise InputError("the short name of a post is 1 to 30 letters and digits")
    numbers = [_value(group) for group in _groups(bid, _SHORT)]
    if any(number >= 10**_LONG for number in numbers):
        raise InputError("no post has this short name")
    return "".join(str(number).rjust(_LONG, "0") for number in numbers).lstrip("0") or "0"


def permalink(uid: str, mid: str) -> str:
    """Where people see the post: with its author's number, or the mobile page, which needs none; "" without a mid."""
    if not (mid.isascii() and mid.isdigit() and len(mid) <= _MOST):
        return ""
    return f"https://weibo.com/{uid}/{bid_of(mid)}" if uid.isdigit() else f"https://m.weibo.cn/status/{mid}"


def _groups(text: str, size: int) -> list[str]:
    """`text` cut into pieces of `size` from the right."""
    first = len(text) % size
    return [text[:first]] * bool(first) + [text[at : at + size] for at in range(first, len(text), size)]


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _value(text: str) -> int:
    number = 0
    for digit in text:
        number = number * len(_DIGITS) + _VALUES[digit]
    return number
