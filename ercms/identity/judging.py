"""Judge whether two opened persons may be one. Pure: what is compared was opened by the caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ercms.identity.enums import Likeness, Sign
from ercms.persons import name_tokens
from ercms.persons.matching_service import compare_names
from ercms.persons.names.matching import Verdict
from ercms.persons.names.reasons import Reason

# What a number that agrees makes of the score when the names say otherwise; it is looked at, never decided alone.
_BY_NUMBER = 0.8


@dataclass(frozen=True, slots=True)
class Judgement:
    """How alike two persons are; None where they are too different to be shown to anybody."""

    likeness: Likeness | None
    score: float
    reasons: tuple[Reason, ...]
    signs: tuple[Sign, ...]


def judge(
    one: Mapping[str, Any], other: Mapping[str, Any], *, number: str | None = None, other_number: str | None = None
) -> Judgement:
    """Compare two identity compartments, with the document numbers where they are known.

    Same: the names are the same and the whole birth date agrees, or the FIN agrees and the names do not conflict.
    Review: the names may be the same and nothing contradicts twice, or a number agrees.
    """
    comparison = compare_names(name_tokens.names_in(one), name_tokens.names_in(other))
    verdict = comparison.verdict if comparison else Verdict.DIFFERENT
    signs = _signs(one, other, number, other_number)
    reasons = comparison.reasons if comparison else ()
    if verdict is Verdict.DIFFERENT:
        signs = (*signs, Sign.NAME_DIFFERS)
    has_number = Sign.FIN_AGREES in signs or Sign.DOCUMENT_AGREES in signs
    score = max(comparison.score if comparison else 0.0, _BY_NUMBER if has_number else 0.0)
    return Judgement(_likeness(verdict, set(signs), has_number=has_number), score, reasons, signs)


def _likeness(verdict: Verdict, signs: set[Sign], *, has_number: bool) -> Likeness | None:
    against = signs & {Sign.FIN_DIFFERS, Sign.BIRTH_DATE_DIFFERS}
    if verdict is Verdict.DIFFERENT:
        return Likeness.REVIEW if has_number else None
    if not against and (Sign.FIN_AGREES in signs or (verdict is Verdict.SAME and Sign.BIRTH_DATE_AGREES in signs)):
        return Likeness.SAME
    if has_number:
        return Likeness.REVIEW
    if len(against) > 1 or (verdict is Verdict.REVIEW and against):
        return None
    return Likeness.REVIEW


def _signs(
    one: Mapping[str, Any], other: Mapping[str, Any], number: str | None, other_number: str | None
) -> tuple[Sign, ...]:
    found = []
    if one.get("fin") and other.get("fin"):
        found.append(Sign.FIN_AGREES if _plain(one["fin"]) == _plain(other["fin"]) else Sign.FIN_DIFFERS)
    if number and other_number and _plain(number) == _plain(other_number):
        found.append(Sign.DOCUMENT_AGREES)
    born, other_born = one.get("birth_date"), other.get("birth_date")
    if not born or not other_born:
        found.append(Sign.BIRTH_DATE_UNKNOWN)
    else:
        found.append(Sign.BIRTH_DATE_AGREES if born == other_born else Sign.BIRTH_DATE_DIFFERS)
    return tuple(found)


def _plain(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum())
