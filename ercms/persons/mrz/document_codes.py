"""Tell what kind of document the first two characters of a zone name (Doc 9303-4 and -8)."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """The kinds that the harmonised codes tell apart, and the wider ones for older documents."""

    ORDINARY_PASSPORT = "ordinary_passport"
    EMERGENCY_PASSPORT = "emergency_passport"
    DIPLOMATIC_PASSPORT = "diplomatic_passport"
    OFFICIAL_PASSPORT = "official_passport"
    REFUGEE_DOCUMENT = "refugee_document"
    ALIEN_DOCUMENT = "alien_document"
    STATELESS_DOCUMENT = "stateless_document"
    LAISSEZ_PASSER = "laissez_passer"
    MILITARY_PASSPORT = "military_passport"
    EMERGENCY_SHEET = "emergency_sheet"
    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    CREW_CERTIFICATE = "crew_certificate"
    VISA = "visa"
    OTHER = "other"


_HARMONISED = {
    "PP": DocumentKind.ORDINARY_PASSPORT,
    "PE": DocumentKind.EMERGENCY_PASSPORT,
    "PD": DocumentKind.DIPLOMATIC_PASSPORT,
    "PO": DocumentKind.OFFICIAL_PASSPORT,
    "PR": DocumentKind.REFUGEE_DOCUMENT,
    "PT": DocumentKind.ALIEN_DOCUMENT,
    "PS": DocumentKind.STATELESS_DOCUMENT,
    "PL": DocumentKind.LAISSEZ_PASSER,
    "PM": DocumentKind.MILITARY_PASSPORT,
    "PU": DocumentKind.EMERGENCY_SHEET,
    "AC": DocumentKind.CREW_CERTIFICATE,
}
# National second letters stay lawful until 2028, and documents that carry them until 2038.
_FIRST_LETTERS = {
    "P": DocumentKind.PASSPORT,
    "I": DocumentKind.IDENTITY_CARD,
    "A": DocumentKind.IDENTITY_CARD,
    "C": DocumentKind.IDENTITY_CARD,
    "V": DocumentKind.VISA,
}


def document_kind(code: str) -> DocumentKind:
    """Return the kind that the document code names.

    >>> document_kind("PU")
    <DocumentKind.EMERGENCY_SHEET: 'emergency_sheet'>
    >>> document_kind("PC")
    <DocumentKind.PASSPORT: 'passport'>
    """
    return _HARMONISED.get(code, _FIRST_LETTERS.get(code[:1], DocumentKind.OTHER))
