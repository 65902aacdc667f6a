"""What an act brings to a case beside its trigger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from workflows.readmission import Proposal

CaseValue = str | date | datetime | bool | Proposal | None

# The columns of the case row that an act of another domain may set; the rest belongs to the transition itself.
SETTABLE = frozenset(
    {
        "proposal",
        "proposed_by_id",
        "document_issued_on",
        "document_valid_until",
        "transfer_on",
        "transferred_at",
        "referral_partner_id",
        "is_referral_finished",
        "minor_safeguards_on",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The facts that come with an act: its reason, and what it writes on the case row.

    Raises:
        ValueError: it would write a column that is not an act's to write.
    """

    reason: str | None = None
    has_legal_ground: bool = False
    has_written_reasons: bool = False
    has_consent: bool = False
    values: Mapping[str, CaseValue] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        foreign = set(self.values) - SETTABLE
        if foreign:
            raise ValueError(f"an act cannot write {sorted(foreign)}")


NOTHING_MORE = Act()
