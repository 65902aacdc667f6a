from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from ercms.persons import identity_labels as labels
from ercms.persons.mrz.document_codes import DocumentKind
from ercms.persons.mrz.reader import MrzError
from ercms.persons.names.matching import Verdict
from ercms.persons.names.reasons import ENGLISH, ReasonCode

TABLES: list[tuple[dict[Any, Any], set[Any]]] = [
    (labels.REASONS, set(ReasonCode)),
    (labels.VERDICTS, set(Verdict)),
    (labels.MRZ_ERRORS, {*MrzError, "check_digit"}),
    (labels.DOCUMENT_KINDS, set(DocumentKind)),
]
TRANSLATIONS = Path(labels.__file__).parents[1] / "translations"


def msgid(label: Any) -> str:
    return str(label._args[0])


@pytest.mark.parametrize(("table", "members"), TABLES)
def test_every_outcome_has_a_label(table: dict[Any, Any], members: set[Any]) -> None:
    assert set(table) == members


def test_pages_and_command_line_give_the_same_reasons() -> None:
    assert {code: msgid(label) for code, label in labels.REASONS.items()} == ENGLISH


@pytest.mark.parametrize("language", ["az", "ru"])
def test_every_label_is_translated(language: str) -> None:
    with (TRANSLATIONS / language / "persons_names.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    for table, _ in [*TABLES, (labels.MRZ_FIELDS, set())]:
        for label in table.values():
            assert catalogue[msgid(label)].string
