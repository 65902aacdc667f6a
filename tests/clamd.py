"""A small malware scanner for tests: it speaks clamd's INSTREAM and finds the EICAR test string, in archives too."""

import socketserver
import struct
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test string of EICAR (eicar.org, "anti-malware testfile"): no malware, which every scanner reports as such."""


@dataclass
class Scanner:
    """A scanner at an address; `answer` is said instead of a finding, `pause` is waited before it, in seconds."""

    address: str = ""
    answer: bytes | None = None
    pause: float = 0
    longest: int = 25 * 1024 * 1024
    seen: list[bytes] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    """One question: the command, pieces led by their length, an answer that ends with a nought byte."""

    def handle(self) -> None:
        scanner: Scanner = self.server.scanner  # type: ignore[attr-defined]
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack(">L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > scanner.longest:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        scanner.seen.append(content)
        time.sleep(scanner.pause)
        found = b"stream: Eicar-Test-Signature FOUND" if _holds_eicar(content) else b"stream: OK"
        self.wfile.write((found if scanner.answer is None else scanner.answer) + b"\0")


def _holds_eicar(content: bytes) -> bool:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return any(EICAR in archive.read(name) for name in archive.namelist())
    return EICAR in content


@contextmanager
def scanner(at: Path | str = "127.0.0.1:0") -> Iterator[Scanner]:
    """Run a scanner at the path of a socket, or at host and port (0 chooses one); yield it with its address."""
    made = Scanner()
    server: socketserver.BaseServer
    if isinstance(at, Path):
        server = socketserver.ThreadingUnixStreamServer(str(at), _Session)
        made.address = f"unix:{at}"
    else:
        host, _, port = at.partition(":")
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        server = socketserver.ThreadingTCPServer((host, int(port)), _Session)
        made.address = "tcp://{}:{}".format(*server.server_address)
    server.scanner = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
