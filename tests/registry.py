"""A small register that speaks the other side over real HTTP, and misbehaves as it is told."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request as the register saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Register:
    """What the register holds and how it behaves: `manner` is read anew at each request."""

    address: str = ""
    manner: str = "answers"
    received: list[Received] = field(default_factory=list)
    subjects: dict[str, str] = field(default_factory=dict)
    hold: threading.Event = field(default_factory=threading.Event)

    def reply(self, received: Received) -> tuple[int, bytes]:
        """Return status and content for a request, in the present manner."""
        if received.method == "POST":
            asked = received.json
            self.subjects[asked["inquiry"]] = asked["subject"]
            inquiry = asked["inquiry"]
        else:
            inquiry = received.path.rsplit("/", 1)[-1]
        subject = self.subjects.get(inquiry, "")
        usual = {"inquiry": inquiry, "subject": subject}
        answered = {**usual, "status": "answered", "finding": "confirmed", "answer": "Entry 77 of the register."}
        replies: dict[str, tuple[int, bytes]] = {
            "answers": (200, json.dumps(answered).encode()),
            "accepts": (202, json.dumps({**usual, "status": "accepted"}).encode()),
            "wrong_person": (200, json.dumps({**answered, "subject": "0" * 32}).encode()),
            "wrong_inquiry": (200, json.dumps({**answered, "inquiry": "0" * 32}).encode()),
            "nonsense": (200, b"<html>It works!</html>"),
            "half": (200, json.dumps({**usual, "status": "answered"}).encode()),
            "more": (200, json.dumps({**answered, "surname": "Invented"}).encode()),
            "deep": (200, b"[" * 5000),
            "huge": (200, b" " * 5_000_000 + json.dumps(answered).encode()),
            "broken": (500, b"stack trace"),
            "refuses": (403, b""),
            "elsewhere": (302, b""),
            "unknown": (404, b"{}"),
        }
        return replies.get(self.manner, replies["answers"])


def _send(handler: BaseHTTPRequestHandler, register: Register, status: int, content: bytes) -> None:
    handler.send_response(status)
    if status == 302:
        handler.send_header("Location", f"{register.address}/elsewhere")
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    if register.manner != "drips":
        handler.wfile.write(content)
        return
    for number in range(len(content)):
        if register.hold.wait(0.05):
            return
        handler.wfile.write(content[number : number + 1])
        handler.wfile.flush()


@contextmanager
def running(*, tls: ssl.SSLContext | None = None) -> Iterator[Register]:
    """Run a register on a free port of this machine until the block ends, over TLS where a context is given."""
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            received = Received(self.command, self.path, dict(self.headers), self.rfile.read(length))
            register.received.append(received)
            if register.manner == "slow":
                register.hold.wait(5)
            status, content = register.reply(received)
            try:
                _send(self, register, status, content)
            except (BrokenPipeError, ConnectionResetError):
                return

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    register.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield register
    finally:
        register.hold.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
