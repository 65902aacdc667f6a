"""A file that a program sends: how the body is described, and the file in it."""

import hashlib
from typing import IO, Any

from flask import request

from ercms.core.errors import InvalidInput
from ercms.core.fields import NEEDED


def upload_body(**fields: dict[str, Any]) -> dict[str, Any]:
    """Describe a body with one file and these further fields; anything else is refused."""
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    schema = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": file, **fields},
        "additionalProperties": False,
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def sent_file() -> tuple[str, IO[bytes]]:
    """Return the name and the content of the file that came with the request.

    Raises:
        InvalidInput: there is none.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput(fields={"file": [NEEDED]})
    return upload.filename, upload.stream


def file_digest(content: Any) -> str:
    """Return the digest of an upload, and put the stream back to its beginning."""
    found = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    return found
