"""Case references: random, so that they tell neither volume nor order, with a check character for the telephone."""

import secrets

# Crockford's base 32: no I, L, O, U, so that nothing is misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_LENGTH = 7


def new_reference(year: int) -> str:
    """Return a new reference such as `RA-2026-7K3M9QB-T`."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"RA-{year}-{body}-{_check_character(f'{year}{body}')}"


def tidy_reference(text: str) -> str | None:
    """Return the reference that somebody meant to type, or None when it cannot be one."""
    parts = text.strip().upper().replace(" ", "").split("-")
    if len(parts) != 4 or parts[0] != "RA" or not parts[1].isdigit():
        return None
    body, check = parts[2].translate(_MISREAD), parts[3].translate(_MISREAD)
    if len(body) != _LENGTH or any(letter not in _ALPHABET for letter in body):
        return None
    return f"RA-{parts[1]}-{body}-{check}" if _check_character(f"{parts[1]}{body}") == check else None


def _check_character(text: str) -> str:
    total = 0
    for position, letter in enumerate(text, start=1):
        # Odd weights are coprime to 32: one wrong character changes the sum, whatever it is.
        total += (2 * position + 1) * _ALPHABET.index(letter)
    return _ALPHABET[total % len(_ALPHABET)]
