"""The words of the vault that other domains use."""

from enum import StrEnum


class Compartment(StrEnum):
    """What a person's data are divided into; a page opens only those that it needs."""

    IDENTITY = "identity"
    DOCUMENTS = "documents"
    CONTACT = "contact"
    FAMILY = "family"
    HEALTH = "health"
    ITINERARY = "itinerary"


class TokenKind(StrEnum):
    """What can be searched for without opening anything."""

    DOCUMENT_NUMBER = "document_number"
    FIN = "fin"
    BIRTH_DATE = "birth_date"
    NAME_KEY = "name_key"
    OWN_REFERENCE = "own_reference"


class KeyPurpose(StrEnum):
    """What a key of the keyring serves, and nothing else."""

    DATA = "data"
    TOKEN = "token"  # noqa: S105 - the name of a purpose, not a secret
    SESSION = "session"
    SIGNATURE = "signature"


class KeyState(StrEnum):
    """Where a key is in its life: one active key a purpose, any number of the others."""

    ACTIVE = "active"
    DECRYPT_ONLY = "decrypt_only"
    DESTROYED = "destroyed"
