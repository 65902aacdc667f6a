"""A small mail server for tests: it takes every mail and keeps it, or refuses as it is told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What arrived: the envelope's recipients and the mail; `refuses` makes the server answer that it is busy."""

    port: int = 0
    envelopes: list[tuple[list[str], bytes]] = field(default_factory=list)
    refuses: bool = False

    @property
    def mails(self) -> list[EmailMessage]:
        """Return the mails, parsed."""
        parsed = [message_from_bytes(content, policy=policy.default) for _, content in self.envelopes]
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]


class _Session(socketserver.StreamRequestHandler):
    """One SMTP conversation (RFC 5321), with as much of it as smtplib speaks."""

    server: "_Server"

    def handle(self) -> None:
        recipients: list[str] = []
        self._say("220 test")
        while line := self.rfile.readline():
            verb = line.decode("utf-8").strip().upper()
            if verb.startswith("EHLO"):
                self._say("250-test\r\n250 8BITMIME")
            elif verb.startswith("MAIL") and self.server.mailbox.refuses:
                self._say("451 busy")
            elif verb.startswith("RCPT"):
                recipients.append(line.decode("utf-8").strip()[len("RCPT TO:<") :].rstrip(">"))
                self._say("250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.mailbox.envelopes.append((recipients, self._content()))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox


@contextmanager
def listening() -> Iterator[Mailbox]:
    """Run the server on a free port of this machine for the length of the block."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.mailbox = Mailbox(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.mailbox
        finally:
            server.shutdown()
            thread.join()
