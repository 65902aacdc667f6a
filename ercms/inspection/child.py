"""The inside of the child process: read the file from the standard input, work on it, write the result out.

What is written is one line of JSON and, when the file is accepted, the content after it.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from ercms.inspection import limits
from ercms.inspection.kinds import Refusal, Refused, Result

Work = Callable[..., Result]


def main(work: Work) -> None:
    """Do one piece of work, its arguments being JSON in the first argument of the process."""
    arguments = json.loads(sys.argv[1])
    limits.close_doors()
    body = b""
    try:
        result = work(sys.stdin.buffer.read(), **arguments)
        body = result.content
        head: dict[str, Any] = {"media_type": result.media_type, "pages": result.pages}
    except Refused as error:
        head = {"refused": error.refusal.value}
    except MemoryError:
        head = {"refused": Refusal.TOO_HEAVY.value}
    _write(json.dumps({**head, "size": len(body), "peak_kib": limits.peak_kib()}).encode() + b"\n")
    _write(body)


def _write(content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(1, view) :]
