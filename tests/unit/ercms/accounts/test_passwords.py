"""Common passwords are recognised by their parts; unrelated words are not taken for common."""

import pytest

from ercms.accounts import passwords
from ercms.core.errors import InvalidInput


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!", "P@ssw0rd1234", "qwertyuiop123", "1234567890123", "abcdefghijkl", "aaaaaaaaaaaaaa",
        "abcabcabcabc",
        "Azərbaycan1918", "bakubakubaku", "Salam12345678", "йцукенгшщзхъ", "парольпароль", "Aysel19951995",
        "iloveyouLeyla1",
        "Summer2026!!!!", "zxcvbnm987654", "Welcome@ERCMS1", "qarabağ qarabağ",
    ],
)  # fmt: skip
def test_a_chain_of_common_parts_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        passwords.check_strength(password)


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet pomegranates",
        "nine loud tangerines",
        "qəhvəyi pişik damda yatır",
        "зонтик кактус велосипед",
        "9xT-kk2!vmRq",
    ],
)
def test_unrelated_words_and_random_signs_are_accepted(password: str) -> None:
    passwords.check_strength(password)


def test_what_stands_on_the_account_does_not_count() -> None:
    with pytest.raises(InvalidInput):
        passwords.check_strength("katharina.brandt!", known=("katharina.brandt@bpolp.example", "Katharina Brandt"))


def test_one_time_passwords_are_never_common() -> None:
    for _ in range(200):
        passwords.check_strength(passwords.one_time_password())
