"""The closed vocabularies of evidence and of stored files."""

from enum import StrEnum


class FileRole(StrEnum):
    """What a stored file is to its case."""

    EVIDENCE = "evidence"
    PHOTOGRAPH = "photograph"
    LETTER = "letter"
    SUPPORTING = "supporting"


class AsylumAnswer(StrEnum):
    """Whether a document comes from an asylum procedure or mentions one; asked before it leaves the requesting side."""

    NO = "no"
    UNSURE = "unsure"
    YES = "yes"


class HoldReason(StrEnum):
    """Why a document is set aside until one named officer has looked at it."""

    UNSURE = "unsure"
    """Who uploaded it could not tell."""
    OBJECTION = "objection"
    """The person objects to its being passed on."""
    DOUBT = "doubt"
    """The requested State's officer, on reading it."""


class HoldOutcome(StrEnum):
    """What the named officer decided."""

    RELEASED = "released"
    WITHHELD = "withheld"


class Scan(StrEnum):
    """What the malware scanner said: there is none, it found nothing, it could not be asked yet, it found something."""

    OFF = "off"
    CLEAN = "clean"
    WAITING = "waiting"
    INFECTED = "infected"


class ReceiptVerdict(StrEnum):
    """What a check of a receipt finds: signed so, signed by a key of nobody here, or a key of ours and another text."""

    VALID = "valid"
    FOREIGN = "foreign"
    CHANGED = "changed"
