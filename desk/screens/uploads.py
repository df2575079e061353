"""Forms that carry a file: fields and files apart, nothing written to disk by us, no part without a name."""

from collections.abc import AsyncGenerator

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from config.errors import InputError

MOST_FILES = 2


async def read_files(request: Request, body: bytes, most_fields: int) -> dict[str, str]:
    """The fields of a multipart form; its files land in `request.state.files` as bytes by the name of their field."""

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    parser = MultiPartParser(
        request.headers, stream(), max_files=MOST_FILES, max_fields=most_fields, max_part_size=len(body) + 1
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise InputError("The form is damaged; load the screen again.") from error
    fields, files = {}, {}
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:
                fields[name] = value.replace("\x00", "")
    finally:
        await form.close()
    request.state.files = files
    return fields
