"""The picture of a post as evidence (pure): which files are taken, and what is kept of them."""

import hashlib

from config.errors import InputError

LARGEST = 5_000_000
# What such a file begins with. A drawing that may carry a script (SVG) is no picture of a post.
_BEGINS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def kind_of(file: bytes) -> str:
    """image/png, image/jpeg or image/webp, by what the file holds; InputError otherwise or when it is too large."""
    if len(file) > LARGEST:
        raise InputError(f"The screenshot has {len(file)} bytes; {LARGEST} are allowed.")
    found = next((kind for begin, kind in _BEGINS if file.startswith(begin)), "")
    if not found and file[:4] == b"RIFF" and file[8:12] == b"WEBP":
        found = "image/webp"
    if not found:
        raise InputError("The screenshot must be a picture: PNG, JPEG or WebP.")
    return found


def digest(file: bytes) -> str:
    """The 64 hex digits that name exactly this file."""
    return hashlib.sha256(file).hexdigest()
