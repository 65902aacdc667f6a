"""The closed vocabularies of evidence and of stored files."""

from enum import StrEnum


class FileRole(StrEnum):
    """What a stored file is to its case."""

    EVIDENCE = "evidence"
    PHOTOGRAPH = "photograph"
    LETTER = "letter"
    SUPPORTING = "supporting"
