"""Ask a malware scanner what it finds in a file: a client of clamd's INSTREAM, over TCP or a Unix socket.

The file goes over in pieces, each led by its length in four bytes, the last of length nought; the answer is one line
that ends with a nought byte. Nothing is written to a disk that both can see.

Source: clamd(8), "COMMANDS", INSTREAM.
"""

import re
import socket
import struct
import time
from dataclasses import dataclass
from typing import BinaryIO

_PIECE = 256 * 1024
_LONGEST_ANSWER = 4096
_CONNECT_SECONDS = 3.0
_FOUND = re.compile(r"^stream: (\S{1,200}) FOUND$")
_SIGNATURE = re.compile(r"[^A-Za-z0-9._:-]")


class ScannerDown(Exception):
    """The scanner cannot be reached, or does not answer in time."""


class NoFinding(ScannerDown):
    """The scanner answers, and not with a finding: of this one file it cannot say anything."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """A scanner by its address: host and port, or the path of a socket; `seconds` is what one file may take in all."""

    address: tuple[str, int] | str
    seconds: float

    def signature_in(self, source: BinaryIO) -> str | None:
        """Return what the scanner calls the malware in a file that it reads from the beginning; None if it finds none.

        Raises:
            ScannerDown: nobody can say; `NoFinding`, of this file.
        """
        deadline = time.monotonic() + self.seconds
        try:
            with self._connected() as connection:
                source.seek(0)
                _send(connection, b"zINSTREAM\0", deadline)
                while piece := source.read(_PIECE):
                    _send(connection, struct.pack(">L", len(piece)) + piece, deadline)
                _send(connection, struct.pack(">L", 0), deadline)
                answer = _answer(connection, deadline)
        except OSError as error:
            raise ScannerDown(type(error).__name__) from error
        return _signature_of(answer)

    def _connected(self) -> socket.socket:
        seconds = min(self.seconds, _CONNECT_SECONDS)
        if not isinstance(self.address, str):
            return socket.create_connection(self.address, timeout=seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _send(connection: socket.socket, content: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    connection.sendall(content)


def _answer(connection: socket.socket, deadline: float) -> bytes:
    answer = b""
    while b"\0" not in answer:
        connection.settimeout(_left(deadline))
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece or len(answer) > _LONGEST_ANSWER:
            raise ScannerDown("no whole answer")
        answer += piece
    return answer.partition(b"\0")[0]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _signature_of(answer: bytes) -> str | None:
    said = answer.decode("ascii", errors="replace").strip()
    if said == "stream: OK":
        return None
    found = _FOUND.match(said)
    if found is None:
        # An error, for one that the file is longer than clamd's own StreamMaxLength: that is no finding.
        raise NoFinding
    return _SIGNATURE.sub("_", found[1])
