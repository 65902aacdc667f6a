"""Read the text of a file of the law that somebody sent: hostile input, so that everything has its bound.

The parser of the language knows no bounds of its own: a deep nesting exhausts the stack, a long dotted key takes time
by the square of its length, and a whole number may be as long as it likes.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ercms.core.text import msg

MOST_BYTES = 400_000
LONGEST_LINE = 2_000
MOST_LINES = 6_000
DEEPEST = 8
# Characters that turn the direction of a text around: what a reader sees would not be what a machine reads.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

TOO_LARGE = msg("The file is larger than an agreement can be.")
TOO_LONG_LINE = msg("The line is longer than a file of an agreement has.")
TOO_MANY_LINES = msg("The file has more lines than an agreement can have.")
TOO_DEEP = msg("The file is nested more deeply than an agreement is.")
NO_TOML = msg("The text is no TOML.")
NOT_UTF8 = msg("The file is not written in UTF-8.")
TURNING = msg("The line has a character that turns the direction of writing around.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file: where it stands, what it is, and what was found there. The message is to be translated."""

    file: str
    line: int
    path: str
    message: str
    detail: str = ""

    def __str__(self) -> str:
        written = f"{self.file}:{self.line}: {self.path}: {self.message}"
        return f"{written} ({self.detail})" if self.detail else written

    def described(self) -> dict[str, Any]:
        """Return the fault as a plain document, for whoever has no page to show it on."""
        return {"line": self.line, "path": self.path, "message": self.message, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read: its document, or what is wrong with it."""

    text: str
    document: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


def decode(data: bytes, name: str) -> Reading:
    """Return the text that the bytes of a file hold, not parsed yet."""
    if len(data) > MOST_BYTES:
        return _wrong("", Problem(name, 1, "file", TOO_LARGE))
    try:
        return Reading(data.decode("utf-8-sig").replace("\r\n", "\n"), {})
    except UnicodeDecodeError as error:
        return _wrong("", Problem(name, data.count(b"\n", 0, error.start) + 1, "file", NOT_UTF8))


def read(text: str, name: str) -> Reading:
    """Parse a text within the bounds."""
    problem = _unbearable(text, name)
    if problem is not None:
        return _wrong(text, problem)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        return _wrong(text, Problem(name, 1, "file", TOO_DEEP))
    except ValueError as error:
        at = re.search(r"line (\d+)", str(error))
        return _wrong(text, Problem(name, int(at.group(1)) if at else 1, "file", NO_TOML, str(error)[:200]))
    if any(depth > DEEPEST for depth in _depths(document)):
        return _wrong(text, Problem(name, 1, "file", TOO_DEEP))
    return Reading(text, document)


def _wrong(text: str, problem: Problem) -> Reading:
    return Reading(text, {}, (problem,))


def _unbearable(text: str, name: str) -> Problem | None:
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return Problem(name, 1, "file", TOO_LARGE)
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return Problem(name, MOST_LINES, "file", TOO_MANY_LINES)
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            return Problem(name, number, "file", TOO_LONG_LINE)
        if _TURNING.search(line):
            return Problem(name, number, "file", TURNING)
    return None


def _depths(document: Mapping[str, Any]) -> Iterator[int]:
    """Yield how deep each value lies, without recursion of its own."""
    waiting: list[tuple[Any, int]] = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield depth
        if depth > DEEPEST:
            return
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(one, depth + 1) for one in inner]
