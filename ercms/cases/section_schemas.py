"""The steps of the form that gather more than one section, and the first step of a new request."""

from ercms.cases.schemas import RequestSection
from ercms.core import fields
from ercms.core.text import msg
from ercms.persons.sections import DocumentsSection, HealthSection, IdentitySection, ObservationsSection


class NewRequest(RequestSection):
    """What a request cannot begin without."""

    organisation_id = fields.Line(
        longest=32,
        label=msg("Requesting authority"),
        hint=msg("Only where a mission enters a request that it received on paper."),
    )

    class Meta:
        """Leave the rest for the first step."""

        fields = ("kind", "procedure", "requesting_state", "own_reference", "organisation_id")


class PersonStep(IdentitySection, DocumentsSection):
    """Part A of the joint form, with the number of the best-known document."""


class CircumstancesStep(HealthSection, ObservationsSection):
    """Parts D and F of the joint form."""
