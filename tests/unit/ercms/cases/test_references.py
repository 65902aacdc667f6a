"""References are random, unmistakable, and caught when one character is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ercms.cases.references import new_reference, tidy_reference

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_new_reference_is_its_own_tidy_form() -> None:
    for _ in range(200):
        reference = new_reference(2026)
        assert tidy_reference(reference) == reference


def test_what_was_typed_in_small_letters_or_with_blanks_is_understood() -> None:
    reference = new_reference(2026)
    assert tidy_reference(f"  {reference.lower()} ") == reference


def test_letters_that_look_like_digits_are_read_as_such() -> None:
    while "0" not in (reference := new_reference(2026))[8:15]:
        continue
    head, tail = reference[:8], reference[8:]
    assert tidy_reference(head + tail.replace("0", "O")) == reference


@given(st.integers(0, 6), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_caught(place: int, letter: str) -> None:
    reference = new_reference(2026)
    body = reference[8:15]
    wrong = body[:place] + letter + body[place + 1 :]
    found = tidy_reference(f"{reference[:8]}{wrong}{reference[15:]}")
    assert (found is None) == (wrong != body)


@pytest.mark.parametrize(
    "text", ["", "RA", "RA-2026-123-4", "XX-2026-ABCDEFG-H", "RA-20x6-ABCDEFG-H", "RA-2026-ABC!EFG-H"]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert tidy_reference(text) is None
