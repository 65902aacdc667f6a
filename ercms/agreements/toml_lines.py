"""Find on which line of a TOML text each key and each entry stands: the parser of the language tells values alone.

The text has been parsed before, so that it is good TOML; nothing is decided here, a path merely gets its line.
"""

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str, ...]

_KEY = re.compile(r"""\s*(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(\.)?""")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2}(?!"))', re.DOTALL),
    re.compile(r"'''.*?'''(?:'{0,2}(?!'))", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


def line_index(text: str) -> Mapping[Path, int]:
    """Return the line of every table, key and entry of a list, by its path; places in a list are numbers from 0."""
    return _Walk(text).lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a path, or of the nearest thing around it that the text has."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


class _Walk:
    """One walk through a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self._at = 0
        self._line = 1
        self._counted_to = 0
        self._arrays: dict[Path, int] = {}
        self._walk()

    def _walk(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self.text):
            if self.text.startswith("[[", self._at):
                table = self._array_table()
            elif self.text[self._at] == "[":
                table = self._table()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _table(self) -> Path:
        line = self._here()
        self._at += 1
        path = self._resolved(self._key())
        self._at = self.text.index("]", self._at) + 1
        self.lines.setdefault(path, line)
        return path

    def _array_table(self) -> Path:
        line = self._here()
        self._at += 2
        path = self._resolved(self._key())
        self._at = self.text.index("]]", self._at) + 2
        number = self._arrays.get(path, -1) + 1
        self._arrays[path] = number
        entry = (*path, str(number))
        self.lines.setdefault(path, line)
        self.lines[entry] = line
        return entry

    def _resolved(self, path: Path) -> Path:
        """Return the path with the present place of each array of tables on the way; its own place is not added."""
        found: Path = ()
        for depth, part in enumerate(path):
            found = (*found, part)
            if found in self._arrays and depth < len(path) - 1:
                found = (*found, str(self._arrays[found]))
        return found

    def _pair(self, table: Path) -> None:
        line = self._here()
        path = (*table, *self._key())
        for end in range(len(table) + 1, len(path) + 1):
            self.lines.setdefault(path[:end], line)
        self._at = self.text.index("=", self._at) + 1
        self._value(path)

    def _key(self) -> Path:
        parts: list[str] = []
        while match := _KEY.match(self.text, self._at):
            self._at = match.end()
            parts.append(_plain(match[0].strip().removesuffix(".").strip() if match[1] else match[0].strip()))
            if not match[1]:
                break
        return tuple(parts)

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        first = self.text[self._at : self._at + 1]
        if first == "[":
            self._list(path)
        elif first == "{":
            self._inline_table(path)
        elif first in ('"', "'"):
            string = next(found for kind in _STRINGS if (found := kind.match(self.text, self._at)))
            self._at = string.end()
        else:
            self._skip(_SCALAR)

    def _list(self, path: Path) -> None:
        self._at += 1
        number = 0
        self._skip(_BLANK)
        while self.text[self._at] != "]":
            self.lines[(*path, str(number))] = self._here()
            self._value((*path, str(number)))
            number += 1
            self._comma()
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        self._skip(_BLANK)
        while self.text[self._at] != "}":
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self.text[self._at] == ",":
            self._at += 1
        self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self._at)
        self._at = match.end() if match else self._at

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line


def _plain(written: str) -> str:
    if written[:1] not in ('"', "'"):
        return written
    return str(tomllib.loads(f"key = {written}")["key"])
