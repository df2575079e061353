"""A file of weights: a head (JSON) and a body of bytes whose hash the head holds, zipped; same content, same bytes."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from config.errors import InputError

_TIME = (1980, 1, 1, 0, 0, 0)


def write(path: Path, head: dict[str, Any], name: str, body: bytes) -> None:
    """`name` is the body's inside the zip file; the hash is added to the head."""
    told = {**head, "sha256": hashlib.sha256(body).hexdigest()}
    with zipfile.ZipFile(path, "w") as archive:
        for inner, data in (("head.json", json.dumps(told, ensure_ascii=False, sort_keys=True)), (name, body)):
            archive.writestr(zipfile.ZipInfo(inner, _TIME), data, zipfile.ZIP_DEFLATED, 9)


def read(path: Path, name: str, form: int | None, command: str) -> tuple[dict[str, Any], bytes]:
    """Head and body; InputError names the file, and the command that makes it anew, when it is missing, cut, changed
    or of another `form` than this version writes."""
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            head: dict[str, Any] = json.loads(archive.read("head.json"))
            body = archive.read(name)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise InputError(f"weights {path.name}: cannot be read ({type(error).__name__}); run `{command}`") from error
    if head.get("format") != form or head.get("sha256") != hashlib.sha256(body).hexdigest():
        raise InputError(f"weights {path.name}: the content is not what was saved; run `{command}`")
    return head, body
