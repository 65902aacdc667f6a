from datetime import date
from pathlib import Path

import pytest

from ercms.agreements import file_rules, schemas
from workflows.agreement_files import agreement_paths, get_agreement, load_agreements

EU_TEXT = next(path for path in agreement_paths() if path.name.startswith("eu-")).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", agreement_paths(), ids=lambda path: path.stem)
def test_every_file_on_hand_is_good(path: Path) -> None:
    assert file_rules.check_file(path.read_text(encoding="utf-8"), path.name) == ()


def broken(old: str, new: str, after: str) -> tuple[str, int, int]:
    """Return the text with one change behind a marker, the line of the change, and that of the marker."""
    start = EU_TEXT.index(after)
    at = EU_TEXT.index(old, start)
    lines = [EU_TEXT.count("\n", 0, place) + 1 for place in (at, start)]
    return EU_TEXT[:at] + new + EU_TEXT[at + len(old) :], lines[0], lines[1]


SOURCE_LINE = 'source = { instrument = "EU-Azerbaijan readmission agreement", article = "11(4)", reference = "S9" }\n'
HEADER = '[terms."transfer.limit"]'

BAD = [
    ("a term without a source", SOURCE_LINE, "", HEADER, "terms.transfer.limit.source"),
    ("an unknown unit", 'unit = "months"', 'unit = "fortnights"', HEADER, "terms.transfer.limit.unit"),
    ("a negative length", "value = 3", "value = -3", HEADER, "terms.transfer.limit"),
    ("a length of zero", "value = 3", "value = 0", HEADER, "terms.transfer.limit"),
    ("a number without a unit", 'unit = "months"\n', "", HEADER, "terms.transfer.limit.unit"),
    ("no value and not unknown", "value = 3\n", "", HEADER, "terms.transfer.limit"),
    ("a value that is unknown", '"reported"', '"unknown"', HEADER, "terms.transfer.limit"),
    ("an unknown confidence", '"reported"', '"certain"', HEADER, "terms.transfer.limit.confidence"),
    ("an event nobody knows", '"acceptance"', '"handshake"', HEADER, "terms.transfer.limit.starts_on.0"),
    ("an unexplained reference", '"S9"', '"S99"', HEADER, "terms.transfer.limit.source.reference"),
    ("a key nobody knows", "value = 3", "valeu = 3", HEADER, "terms.transfer.limit"),
    (
        "a source without instrument",
        'instrument = "EU-Azerbaijan readmission agreement", ',
        "",
        HEADER,
        "terms.transfer",
    ),
    ("a bad State", 'state = "AT"', 'state = "Austria"', '  { state = "AT"', "partners.0.state"),
    ("a quoted day", "on = 2014-09-01", 'on = "2014-09-01"', '  { status = "in_force"', "status.3.on"),
]


@pytest.mark.parametrize(("name", "old", "new", "after", "path"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_file_is_refused_and_its_line_named(name: str, old: str, new: str, after: str, path: str) -> None:
    text, changed, around = broken(old, new, after)
    problems = file_rules.check_file(text, "eu.toml")
    assert problems
    # What is gone has no line any more: then the line is that of what it is missing from.
    line = problems[0].line
    assert around <= line <= changed, [str(problem) for problem in problems]
    assert problems[0].path.startswith(path), [str(problem) for problem in problems]
    assert str(problems[0]).startswith(f"eu.toml:{line}: ")


def test_a_term_that_is_passed_over_in_silence_is_refused() -> None:
    start = EU_TEXT.index(HEADER)
    end = EU_TEXT.index("[terms.", start + 1)
    problems = file_rules.check_file(EU_TEXT[:start] + EU_TEXT[end:], "eu.toml")
    assert problems[0].detail == "transfer.limit"


def test_a_file_that_is_no_toml_names_the_line() -> None:
    problems = file_rules.check_file('key = "x"\ntitle = \n', "x.toml")
    assert problems[0].line == 2


def test_two_agreements_in_force_for_one_state_are_found() -> None:
    eu = get_agreement("eu@2014-09-01")
    assert schemas.check_set(load_agreements(), date(2026, 3, 18)) == ()
    doubled = schemas.check_set((eu, get_agreement("eu@2014-09-01").with_terms([eu.silence])), date(2026, 3, 18))
    assert len(doubled) == 25
