"""The closed vocabularies of corrections and restrictions (Convention 108, art. 8; GDPR, art. 16 and 18)."""

from enum import StrEnum


class MarkKind(StrEnum):
    """What is asked for."""

    CORRECTION = "correction"
    RESTRICTION = "restriction"


class MarkGround(StrEnum):
    """Why it is asked for."""

    INACCURATE = "inaccurate"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    ACCURACY_CONTESTED = "accuracy_contested"
    UNLAWFUL = "unlawful"
    NEEDED_FOR_CLAIMS = "needed_for_claims"
    OBJECTION = "objection"


GROUNDS: dict[MarkKind, tuple[MarkGround, ...]] = {
    MarkKind.CORRECTION: (MarkGround.INACCURATE, MarkGround.INCOMPLETE, MarkGround.OUTDATED),
    MarkKind.RESTRICTION: (
        MarkGround.ACCURACY_CONTESTED,
        MarkGround.UNLAWFUL,
        MarkGround.NEEDED_FOR_CLAIMS,
        MarkGround.OBJECTION,
    ),
}
"""Which ground stands for which kind: GDPR art. 16 for a correction, art. 18(1)(a) to (d) for a restriction."""


class MarkState(StrEnum):
    """What became of it."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    LIFTED = "lifted"


class Standing(StrEnum):
    """How a person's data stand, as every page of the record says it."""

    RESTRICTED = "restricted"
    CONTESTED = "contested"
    CORRECTED = "corrected"
