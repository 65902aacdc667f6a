"""The closed vocabularies of evidence and of stored files."""

from enum import StrEnum


class FileRole(StrEnum):
    """What a stored file is to its case."""

    EVIDENCE = "evidence"
    PHOTOGRAPH = "photograph"
    LETTER = "letter"
    SUPPORTING = "supporting"


class ReceiptVerdict(StrEnum):
    """What a check of a receipt finds: signed so, signed by a key of nobody here, or a key of ours and another text."""

    VALID = "valid"
    FOREIGN = "foreign"
    CHANGED = "changed"
