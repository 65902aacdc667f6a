"""Collect, check and compile the translations.

Each part of the application keeps its own `ercms/translations/<language>/<part>.po`; `compile` merges them into the one
catalogue that pages read. English is the source: its texts are the message identifiers.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "ercms" / "translations"
LANGUAGES = ("az", "ru")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "msg": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
SOURCES = ("ercms", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
JINJA = {"extensions": "jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
OPTIONS = {"**.html": JINJA, "**.txt": JINJA}

MessageId = str | tuple[str, ...]


@dataclass(slots=True)
class Source:
    """A text that somebody sees, and where it stands."""

    id: MessageId
    places: list[str] = field(default_factory=list)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/translations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("compile", help="write the catalogues, where a source is newer")
    commands.add_parser("check", help="fail when a text is untranslated, or a translation is wrong")
    missing = commands.add_parser("missing", help="list the texts without a translation, ready to be filled in")
    missing.add_argument("paths", nargs="*", help="only those that stand below these paths")
    options = parser.parse_args(arguments)
    if options.command == "compile":
        for path in compile_all():
            print(f"Wrote {path.relative_to(ROOT)}")
        return 0
    if options.command == "missing":
        return _print_missing(tuple(options.paths))
    found = complaints()
    print("\n".join(found) if found else "Every text is translated.")
    return 1 if found else 0


def compile_all() -> list[Path]:
    """Write the catalogue of each language whose sources are newer; return what was written."""
    written = []
    for language in LANGUAGES:
        sources = _sources_of(language)
        target = CATALOGUES / language / "LC_MESSAGES" / "messages.mo"
        newest = max((path.stat().st_mtime_ns for path in (*sources, CATALOGUES / language)), default=0)
        if target.exists() and target.stat().st_mtime_ns >= newest:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and put in place whole: two processes may compile at the same moment.
        draft = target.with_name(f"messages.{os.getpid()}.new")
        with draft.open("wb") as file:
            write_mo(file, merged(language))
        draft.replace(target)
        written.append(target)
    return written


def merged(language: str) -> Catalog:
    """Return one catalogue made of all parts of a language; untranslated and uncertain entries are left out."""
    whole = Catalog(locale=language)
    for path in _sources_of(language):
        for message in _read(path, language):
            if message.id and not message.fuzzy and _is_full(message.string):
                whole.add(message.id, message.string, context=message.context)
    return whole


@cache
def sources() -> dict[str, Source]:
    """Return every text of the application by its identifier; read once, for both languages."""
    found: dict[str, Source] = {}
    for folder in SOURCES:
        extracted = extract_from_dir(ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS)
        for name, line, message, _comments, _context in extracted:
            key = message if isinstance(message, str) else message[0]
            if not key:
                continue
            source = found.setdefault(key, Source(message))
            if isinstance(message, tuple):
                source.id = message
            source.places.append(f"{folder}/{name}:{line}")
    return found


def untranslated(language: str, below: tuple[str, ...] = ()) -> list[Source]:
    """Return the texts that a language lacks, of those that stand below the given paths."""
    known = merged(language)
    return [
        source
        for source in sources().values()
        if _lacks(known, source.id) and (not below or any(place.startswith(below) for place in source.places))
    ]


def complaints() -> list[str]:
    """Return what is wrong with the translations: missing, uncertain, contradicting, or with other placeholders."""
    found = []
    for language in LANGUAGES:
        found += [f"{source.places[0]}: no {language} for {source.id!r}" for source in untranslated(language)]
        seen: dict[str, tuple[str, object]] = {}
        for path in _sources_of(language):
            for message in _read(path, language):
                if not message.id:
                    continue
                place = f"{path.relative_to(ROOT)}:{message.lineno}"
                if message.fuzzy:
                    found.append(f"{place}: {message.id!r} is marked as uncertain")
                found += [f"{place}: {error}" for error in message.check()]
                key = message.id if isinstance(message.id, str) else message.id[0]
                earlier = seen.setdefault(key, (place, message.string))
                if earlier[1] != message.string:
                    found.append(f"{place}: {key!r} is translated otherwise at {earlier[0]}")
    return found


def _print_missing(below: tuple[str, ...]) -> int:
    status = 0
    for language in LANGUAGES:
        lacking = untranslated(language, below)
        status = 1 if lacking else status
        print(f"# {language}: {len(lacking)} without a translation")
        for source in lacking:
            print(f"\n#: {' '.join(source.places[:3])}")
            print("\n".join(_entry(source.id, 2 if language == "az" else 3)))
    return status


def _entry(message: MessageId, plurals: int) -> Iterator[str]:
    parts = [message] if isinstance(message, str) else message[:2]
    if "%(" in parts[0]:
        yield "#, python-format"
    yield f"msgid {_quoted(parts[0])}"
    if len(parts) == 1:
        yield 'msgstr ""'
        return
    yield f"msgid_plural {_quoted(parts[1])}"
    yield from (f'msgstr[{number}] ""' for number in range(plurals))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _sources_of(language: str) -> list[Path]:
    return sorted((CATALOGUES / language).glob("*.po"))


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _lacks(known: Catalog, message: MessageId) -> bool:
    entry = known.get(message if isinstance(message, str) else message[0])
    return entry is None or (isinstance(message, tuple) and isinstance(entry.id, str))


def _is_full(string: str | tuple[str, ...]) -> bool:
    return bool(string) if isinstance(string, str) else all(string)


if __name__ == "__main__":
    sys.exit(main())
