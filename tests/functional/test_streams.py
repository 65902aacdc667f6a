"""A body without end is refused while it streams in, and nothing of it is kept."""

from io import RawIOBase

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests.conftest import csrf_token

TWO_GB = 2 * 1024**3


class Endless(RawIOBase):
    """A body of 2 GB that is made as it is read, and counts how much of it was."""

    def __init__(self, head: bytes) -> None:
        super().__init__()
        self._head = head
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = min(len(buffer), TWO_GB - self.given)
        start = self._head[self.given : self.given + size]
        buffer[:size] = start + bytes(size - len(start))
        self.given += size
        return size


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_of_2_gb_is_refused_while_it_streams(
    client: FlaskClient, app: Flask, settings: Settings, declared: bool
) -> None:
    token = csrf_token(client.get("/sign-in").text)
    form = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x\r\n'
    file = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'
    body = Endless((form + file).encode())
    length = {"CONTENT_LENGTH": str(TWO_GB)} if declared else {}
    answer = client.post(
        "/requests/ANY/files",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True, **length},
    )
    assert answer.status_code == 413
    # What comes without its length is read until it is too long; what says its length is not read at all.
    assert body.given <= (0 if declared else app.config["SETTINGS"].max_request_bytes + 1024 * 1024)
    assert not [path for path in settings.files_path.rglob("*") if path.is_file()]
