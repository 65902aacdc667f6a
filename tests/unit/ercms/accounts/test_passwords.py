"""Common passwords are recognised by their parts; unrelated words are not taken for common."""

import pytest

from ercms.accounts import breached_passwords, passwords
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


@pytest.mark.parametrize(
    "password",
    # Each is common elsewhere, and none is put together of the common parts.
    [
        "1qaz2wsx3edc",
        "Justinbieber",
        "SUPERNATURAL",
        "finalfantasy",
        "needforspeed",
        "Unbelievable2026!",
        "leavemealone",
    ],
)
def test_what_was_found_in_breaches_is_refused_in_any_spelling(password: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        passwords.check_strength(password)
    assert caught.value.fields == {"password": [passwords.TOO_COMMON]}


def test_the_list_of_breached_passwords_is_whole_and_takes_nothing_for_one_of_them() -> None:
    content = breached_passwords.FILE.read_bytes()
    digests = [content[start : start + 6] for start in range(0, len(content), 6)]
    assert len(digests) == 43_940
    assert digests == sorted(set(digests))
    assert not any(breached_passwords.is_breached(passwords.one_time_password()) for _ in range(2000))


def test_what_stands_on_the_account_does_not_count() -> None:
    with pytest.raises(InvalidInput):
        passwords.check_strength("katharina.brandt!", known=("katharina.brandt@bpolp.example", "Katharina Brandt"))


def test_one_time_passwords_are_never_common() -> None:
    for _ in range(200):
        passwords.check_strength(passwords.one_time_password())
