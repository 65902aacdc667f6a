"""When two persons are shown as one, and when they are not."""

from typing import Any

import pytest

from ercms.identity.enums import Likeness, Sign
from ercms.identity.judging import judge

KAMIL = {"surname": "Əliyev", "given_names": "Kamil", "birth_date": "1988-04-17", "fin": "5ZK7QXA"}


def other(**changes: Any) -> dict[str, Any]:
    values = {**KAMIL, "surname": "Alijew", "fin": "", **changes}
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize(
    ("changes", "likeness"),
    [
        ({}, Likeness.SAME),
        ({"birth_date": "1988-04-18"}, Likeness.REVIEW),
        ({"birth_date": ""}, Likeness.REVIEW),
        ({"birth_date": "", "fin": "5ZK7QXA"}, Likeness.SAME),
        ({"fin": "7AAAAAA"}, Likeness.REVIEW),
        ({"fin": "7AAAAAA", "birth_date": "1988-04-18"}, None),
        ({"surname": "Həsənov"}, None),
        ({"surname": "Həsənov", "fin": "5ZK7QXA"}, Likeness.REVIEW),
        ({"surname": "Əliyli"}, Likeness.REVIEW),
        ({"surname": "Əliyli", "birth_date": "1988-04-18"}, None),
    ],
)
def test_the_name_the_birth_date_and_the_numbers_are_weighed(
    changes: dict[str, Any], likeness: Likeness | None
) -> None:
    assert judge(KAMIL, other(**changes)).likeness is likeness


def test_a_document_number_that_agrees_is_looked_at_whatever_the_names_say() -> None:
    judgement = judge(KAMIL, other(given_names="Tural"), number="C 0123-4567", other_number="c01234567")
    assert judgement.likeness is Likeness.REVIEW
    assert {Sign.DOCUMENT_AGREES, Sign.NAME_DIFFERS} <= set(judgement.signs)


def test_father_and_son_are_not_one_person() -> None:
    father, son = {**KAMIL, "patronymic": "Rəşid oğlu"}, other(given_names="Rəşid", patronymic="Kamil oğlu")
    assert judge(father, son).likeness is None
