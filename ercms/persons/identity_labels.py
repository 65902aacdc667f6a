"""What the outcomes of comparing names and of reading a machine-readable zone are called."""

from typing import Any

from flask_babel import lazy_gettext as _l

from ercms.persons.mrz.document_codes import DocumentKind
from ercms.persons.mrz.reader import MrzError, Problem
from ercms.persons.names.matching import Verdict
from ercms.persons.names.reasons import Reason, ReasonCode

R = ReasonCode

VERDICTS: dict[Verdict, Any] = {
    Verdict.SAME: _l("Same name"),
    Verdict.REVIEW: _l("May be the same name"),
    Verdict.DIFFERENT: _l("Different names"),
}

REASONS: dict[ReasonCode, Any] = {
    R.IDENTICAL: _l("written alike"),
    R.LETTERS: _l("%(one)s written as %(other)s"),
    R.LETTER_LEFT_OUT: _l("%(one)s left out"),
    R.RUSSIAN_LETTERS: _l("Russian %(other)s for %(one)s"),
    R.OLD_CYRILLIC_LETTERS: _l("old Cyrillic %(other)s for %(one)s"),
    R.GERMAN_LETTERS: _l("German %(other)s for %(one)s"),
    R.FRENCH_LETTERS: _l("French %(other)s for %(one)s"),
    R.NORWEGIAN_LETTERS: _l("Norwegian %(other)s for %(one)s"),
    R.SURNAME_AGREES: _l("surname agrees"),
    R.GIVEN_AGREES: _l("given name agrees"),
    R.FATHER_AGREES: _l("patronymic agrees"),
    R.TYPING_ERROR_SURNAME: _l("possible typing error in the surname"),
    R.TYPING_ERROR_GIVEN: _l("possible typing error in the given name"),
    R.TYPING_ERROR_FATHER: _l("possible typing error in the patronymic"),
    R.SURNAME_DIFFERS: _l("surname differs"),
    R.GIVEN_DIFFERS: _l("given name differs"),
    R.OTHER_NAME_SURNAME: _l("surnames are made of two different known names"),
    R.OTHER_NAME_GIVEN: _l("given names are two different known names"),
    R.FATHER_CONFLICTS: _l("patronymic conflicts"),
    R.RUSSIAN_PATRONYMIC: _l("patronymic in Russian form"),
    R.SURNAME_SEX_ENDING: _l("surname in the form of the other sex"),
    R.SURNAME_ENDING_CHANGED: _l("ending of the surname changed: %(one)s, %(other)s"),
    R.SEX_CONFLICTS: _l("the names tell different sexes"),
    R.FIELDS_SWAPPED: _l("surname and given name change places"),
    R.SURNAME_MISSING: _l("surname missing"),
    R.GIVEN_MISSING: _l("given name missing"),
    R.TRUNCATED: _l("name cut off in the machine-readable zone"),
    R.FURTHER_NAME: _l("a further name on one side"),
    R.NO_NAME: _l("no name to compare"),
}

MRZ_FIELDS: dict[str, Any] = {
    "document_number": _l("Document number"),
    "birth_date": _l("Date of birth"),
    "expiry_date": _l("Date of expiry"),
    "personal_number": _l("Personal number"),
    "sex": _l("Sex"),
    "composite": _l("Whole zone"),
}

MRZ_ERRORS: dict[str, Any] = {
    MrzError.FORMAT: _l("This is not a machine-readable zone."),
    MrzError.LINES: _l("A line is missing or there is one too many."),
    MrzError.LENGTH: _l("The line has the wrong length."),
    MrzError.CHARSET: _l("This character does not occur in a machine-readable zone."),
    MrzError.DATE: _l("There is no such date."),
    MrzError.SEX: _l("Only M, F or a filler may stand here."),
    "check_digit": _l("The check digit does not fit."),
}

DOCUMENT_KINDS: dict[DocumentKind, Any] = {
    DocumentKind.ORDINARY_PASSPORT: _l("Ordinary passport"),
    DocumentKind.EMERGENCY_PASSPORT: _l("Emergency passport"),
    DocumentKind.DIPLOMATIC_PASSPORT: _l("Diplomatic passport"),
    DocumentKind.OFFICIAL_PASSPORT: _l("Official passport"),
    DocumentKind.REFUGEE_DOCUMENT: _l("Travel document of a refugee"),
    DocumentKind.ALIEN_DOCUMENT: _l("Travel document of a foreigner"),
    DocumentKind.STATELESS_DOCUMENT: _l("Travel document of a stateless person"),
    DocumentKind.LAISSEZ_PASSER: _l("Laissez-passer"),
    DocumentKind.MILITARY_PASSPORT: _l("Military passport"),
    DocumentKind.EMERGENCY_SHEET: _l("Emergency document on a single sheet"),
    DocumentKind.PASSPORT: _l("Passport"),
    DocumentKind.IDENTITY_CARD: _l("Identity card"),
    DocumentKind.CREW_CERTIFICATE: _l("Crew member certificate"),
    DocumentKind.VISA: _l("Visa"),
    DocumentKind.OTHER: _l("Other document"),
}

CHECK_DIGITS_PROVE_NOTHING = _l(
    "Check digits that fit show that the text was copied rightly. They do not prove that the document is genuine."
)


def reason_text(reason: Reason) -> str:
    """Say the reason in the language of the reader."""
    return str(REASONS[reason.code]) % reason.parameters


def problem_text(problem: Problem) -> str:
    """Say what does not fit in the zone, with the field where one is known."""
    text = str(MRZ_ERRORS[problem.code])
    return f"{MRZ_FIELDS[problem.field]}: {text}" if problem.field else text
