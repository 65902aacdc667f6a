"""Say in words why two names were judged as they were.

A reason is a code with parameters, which are letters, endings and counts, never a whole name. The English wording here
is what the command line prints; pages translate the same sentences.
"""

from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    """What spoke for or against one person."""

    IDENTICAL = "identical"
    LETTERS = "letters"
    LETTER_LEFT_OUT = "letter_left_out"
    RUSSIAN_LETTERS = "russian_letters"
    OLD_CYRILLIC_LETTERS = "old_cyrillic_letters"
    GERMAN_LETTERS = "german_letters"
    FRENCH_LETTERS = "french_letters"
    NORWEGIAN_LETTERS = "norwegian_letters"
    SURNAME_AGREES = "surname_agrees"
    GIVEN_AGREES = "given_agrees"
    FATHER_AGREES = "father_agrees"
    TYPING_ERROR_SURNAME = "typing_error_surname"
    TYPING_ERROR_GIVEN = "typing_error_given"
    TYPING_ERROR_FATHER = "typing_error_father"
    SURNAME_DIFFERS = "surname_differs"
    GIVEN_DIFFERS = "given_differs"
    OTHER_NAME_SURNAME = "other_name_surname"
    OTHER_NAME_GIVEN = "other_name_given"
    FATHER_CONFLICTS = "father_conflicts"
    RUSSIAN_PATRONYMIC = "russian_patronymic"
    SURNAME_SEX_ENDING = "surname_sex_ending"
    SURNAME_ENDING_CHANGED = "surname_ending_changed"
    SEX_CONFLICTS = "sex_conflicts"
    FIELDS_SWAPPED = "fields_swapped"
    SURNAME_MISSING = "surname_missing"
    GIVEN_MISSING = "given_missing"
    TRUNCATED = "truncated"
    FURTHER_NAME = "further_name"
    NO_NAME = "no_name"


ENGLISH: dict[ReasonCode, str] = {
    ReasonCode.IDENTICAL: "written alike",
    ReasonCode.LETTERS: "%(one)s written as %(other)s",
    ReasonCode.LETTER_LEFT_OUT: "%(one)s left out",
    ReasonCode.RUSSIAN_LETTERS: "Russian %(other)s for %(one)s",
    ReasonCode.OLD_CYRILLIC_LETTERS: "old Cyrillic %(other)s for %(one)s",
    ReasonCode.GERMAN_LETTERS: "German %(other)s for %(one)s",
    ReasonCode.FRENCH_LETTERS: "French %(other)s for %(one)s",
    ReasonCode.NORWEGIAN_LETTERS: "Norwegian %(other)s for %(one)s",
    ReasonCode.SURNAME_AGREES: "surname agrees",
    ReasonCode.GIVEN_AGREES: "given name agrees",
    ReasonCode.FATHER_AGREES: "patronymic agrees",
    ReasonCode.TYPING_ERROR_SURNAME: "possible typing error in the surname",
    ReasonCode.TYPING_ERROR_GIVEN: "possible typing error in the given name",
    ReasonCode.TYPING_ERROR_FATHER: "possible typing error in the patronymic",
    ReasonCode.SURNAME_DIFFERS: "surname differs",
    ReasonCode.GIVEN_DIFFERS: "given name differs",
    ReasonCode.OTHER_NAME_SURNAME: "surnames are made of two different known names",
    ReasonCode.OTHER_NAME_GIVEN: "given names are two different known names",
    ReasonCode.FATHER_CONFLICTS: "patronymic conflicts",
    ReasonCode.RUSSIAN_PATRONYMIC: "patronymic in Russian form",
    ReasonCode.SURNAME_SEX_ENDING: "surname in the form of the other sex",
    ReasonCode.SURNAME_ENDING_CHANGED: "ending of the surname changed: %(one)s, %(other)s",
    ReasonCode.SEX_CONFLICTS: "the names tell different sexes",
    ReasonCode.FIELDS_SWAPPED: "surname and given name change places",
    ReasonCode.SURNAME_MISSING: "surname missing",
    ReasonCode.GIVEN_MISSING: "given name missing",
    ReasonCode.TRUNCATED: "name cut off in the machine-readable zone",
    ReasonCode.FURTHER_NAME: "a further name on one side",
    ReasonCode.NO_NAME: "no name to compare",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, and the letters or endings that it speaks of."""

    code: ReasonCode
    one: str = ""
    other: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What goes into the places of the sentence."""
        return {"one": self.one, "other": self.other}

    @property
    def turned(self) -> "Reason":
        """The same reason with the two names in the other order."""
        has_order = self.code in (ReasonCode.LETTERS, ReasonCode.SURNAME_ENDING_CHANGED)
        return Reason(self.code, self.other, self.one) if has_order else self

    @property
    def words(self) -> str:
        """The sentence in English."""
        return ENGLISH[self.code] % self.parameters
