"""Say where each field of each format stands (Doc 9303 parts 4 to 7). Lines and columns count from 0 here."""

from dataclasses import dataclass
from enum import StrEnum


class MrzFormat(StrEnum):
    """The five formats."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"


@dataclass(frozen=True, slots=True)
class Span:
    """Columns of one line, the end not included."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """One format: its size, its fields, the check digit of a field, and what the composite digit covers."""

    lines: int
    width: int
    fields: dict[str, Span]
    digits: dict[str, Span]
    composite: tuple[Span, ...] = ()
    long_number_in: str | None = None  # the optional data that takes the rest of a long document number


def _spans(line: int, **columns: tuple[int, int]) -> dict[str, Span]:
    """Build spans from columns as Doc 9303 prints them: from 1, the last included."""
    return {name: Span(line, first - 1, last) for name, (first, last) in columns.items()}


def _two_lines(width: int, optional: str, optional_end: int) -> dict[str, Span]:
    first = _spans(0, document_code=(1, 2), issuing_state=(3, 5), name=(6, width))
    second = _spans(
        1,
        document_number=(1, 9),
        nationality=(11, 13),
        birth_date=(14, 19),
        sex=(21, 21),
        expiry_date=(22, 27),
        **{optional: (29, optional_end)},
    )
    return first | second


_DIGITS = _spans(1, document_number=(10, 10), birth_date=(20, 20), expiry_date=(28, 28))


def _covered(line: int, *columns: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(line, first - 1, last) for first, last in columns)


LAYOUTS = {
    MrzFormat.TD1: Layout(
        lines=3,
        width=30,
        fields=_spans(0, document_code=(1, 2), issuing_state=(3, 5), document_number=(6, 14), optional_data_1=(16, 30))
        | _spans(1, birth_date=(1, 6), sex=(8, 8), expiry_date=(9, 14), nationality=(16, 18), optional_data_2=(19, 29))
        | _spans(2, name=(1, 30)),
        digits=_spans(0, document_number=(15, 15))
        | _spans(1, birth_date=(7, 7), expiry_date=(15, 15), composite=(30, 30)),
        composite=_covered(0, (6, 30)) + _covered(1, (1, 7), (9, 15), (19, 29)),
        long_number_in="optional_data_1",
    ),
    MrzFormat.TD2: Layout(
        lines=2,
        width=36,
        fields=_two_lines(36, "optional_data", 35),
        digits=_DIGITS | _spans(1, composite=(36, 36)),
        composite=_covered(1, (1, 10), (14, 20), (22, 35)),
        long_number_in="optional_data",
    ),
    MrzFormat.TD3: Layout(
        lines=2,
        width=44,
        fields=_two_lines(44, "personal_number", 42),
        digits=_DIGITS | _spans(1, personal_number=(43, 43), composite=(44, 44)),
        composite=_covered(1, (1, 10), (14, 20), (22, 43)),
    ),
    MrzFormat.MRV_A: Layout(lines=2, width=44, fields=_two_lines(44, "optional_data", 44), digits=_DIGITS),
    MrzFormat.MRV_B: Layout(lines=2, width=36, fields=_two_lines(36, "optional_data", 36), digits=_DIGITS),
}


def at(lines: tuple[str, ...], span: Span) -> str:
    """Return the characters of the span."""
    return lines[span.line][span.start : span.end]
