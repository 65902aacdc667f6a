"""The closed vocabularies of the return."""

from enum import StrEnum


class TransferMeans(StrEnum):
    """How a person travels."""

    SCHEDULED_FLIGHT = "scheduled_flight"
    CHARTER_FLIGHT = "charter_flight"
    LAND = "land"
    SEA = "sea"


class TransferFailure(StrEnum):
    """Why a transfer did not take place."""

    ABSCONDED = "absconded"
    RESISTANCE = "resistance"
    MEDICAL = "medical"
    CARRIER = "carrier"
    DOCUMENT = "document"
    LEGAL_REMEDY = "legal_remedy"
    NOT_ADMITTED = "not_admitted"
    OTHER = "other"
