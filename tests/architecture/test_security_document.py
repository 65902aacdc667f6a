"""The security document says nothing that cannot be looked up: each line has a status, each test named there exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (met|met, read|n/a|open) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(test_\w+)`")


def _existing() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_each_of_the_81_lines_has_a_status_and_a_ground() -> None:
    assert [int(row[0]) for row in ROW.findall(DOCUMENT)] == list(range(1, 82))


def test_what_is_met_by_a_test_names_one() -> None:
    assert [number for number, _, status, ground in ROW.findall(DOCUMENT) if status == "met" and "line 10" not in ground
            and not TEST.search(ground)] == []  # fmt: skip


def test_each_test_that_the_document_names_exists() -> None:
    assert set(TEST.findall(DOCUMENT)) - _existing() == set()
