"""What is known of a person, compartment by compartment, in the order of the joint form.

The content of an application is owed "as far as possible": nothing here is required. What a submission cannot do
without is for the process to say. Names are kept exactly as given.
"""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ercms.core import fields
from ercms.core.text import msg
from ercms.persons.enums import CivilStatus, Sex, TransitMode, Vulnerability


class IdentitySection(fields.FormSchema):
    """Part A of the joint form: who the person is."""

    surname = fields.Line(label=msg("Surname"), hint=msg("Exactly as in the person's papers, in any alphabet."))
    given_names = fields.Line(label=msg("Given names"))
    patronymic = fields.Line(label=msg("Father's name (patronymic)"), hint=msg("With oğlu or qızı where it is known."))
    maiden_name = fields.Line(label=msg("Maiden name"))
    former_names = fields.Line(label=msg("Former names, aliases and other spellings"), longest=500)
    sex = fields.Choice(Sex, label=msg("Sex"))
    birth_date = fields.Day(label=msg("Date of birth"))
    birth_place = fields.Line(label=msg("Place of birth"))
    birth_country = fields.Country(label=msg("Country of birth"))
    nationalities = fields.Countries(label=msg("Nationality"), hint=msg("Present and former, as claimed or as found."))
    languages = fields.Line(label=msg("Languages"))
    civil_status = fields.Choice(CivilStatus, label=msg("Civil status"))
    fin = fields.Line(
        longest=7, label=msg("FIN"), hint=msg("Seven characters, on Azerbaijani identity cards and passports.")
    )
    height_cm = fields.WholeNumber(least=30, most=260, label=msg("Height in centimetres"))
    eye_colour = fields.Line(longest=60, label=msg("Colour of eyes"))
    distinguishing_marks = fields.Line(longest=300, label=msg("Distinguishing marks"))


class DocumentsSection(fields.FormSchema):
    """The number of the document under which the person is best known."""

    document_number = fields.Line(
        longest=40, label=msg("Number of a passport or identity card"), hint=msg("Also of an expired or lost one.")
    )


class ContactSection(fields.FormSchema):
    """Where the person lived and can be reached."""

    last_residence = fields.Prose(longest=500, label=msg("Last address in Azerbaijan"))
    district = fields.Line(label=msg("District or city in Azerbaijan"))
    present_address = fields.Prose(longest=500, label=msg("Address in the requesting State"))
    phone = fields.Line(longest=60, label=msg("Telephone"))
    relatives = fields.Prose(longest=1000, label=msg("Relatives in Azerbaijan who can be asked"))


class HealthSection(fields.FormSchema):
    """Part D of the joint form: special circumstances, and only with the consent that the form demands."""

    has_consent = fields.YesNo(label=msg("The person has expressly consented to these statements being passed on"))
    care_needed = fields.Prose(longest=2000, label=msg("Care or assistance that the person needs"))
    health_for_transfer = fields.Prose(longest=2000, label=msg("Health information needed for the transfer"))
    protection_measures = fields.Prose(
        longest=2000, label=msg("Protection or security measures needed for the transfer")
    )
    vulnerabilities = fields.Choices(Vulnerability, label=msg("Circumstances to look at"))
    minor_guardian = fields.Line(label=msg("Guardian or representative of a child alone"))
    minor_determination = fields.Line(label=msg("Best-interests determination: body, date and outcome"), longest=300)
    minor_receiving_adult = fields.Line(label=msg("Adult or institution that receives the child"))

    @validates_schema
    def _consent_first(self, data: dict[str, Any], **_: Any) -> None:
        stated = [name for name in ("care_needed", "health_for_transfer") if data.get(name)]
        if stated and not data.get("has_consent"):
            message = msg("Health and care may be stated only with the person's express consent.")
            raise ValidationError({"has_consent": [message]})


class JourneySection(fields.FormSchema):
    """The journey: entry and stay of third-country nationals, and what a transit asks for."""

    route = fields.Prose(longest=2000, label=msg("Route, stop-overs and dates"))
    residence_title = fields.Line(longest=300, label=msg("Visa or residence permit of the requested State"))
    origin_impossible = fields.Prose(
        longest=1000,
        label=msg("Why return to the State of origin is not possible"),
    )
    transit_mode = fields.Choice(TransitMode, label=msg("Transit by"))
    destination = fields.Country(label=msg("State of final destination"))
    other_transit_states = fields.Countries(label=msg("Other States of transit"))
    crossing_point = fields.Line(label=msg("Border crossing point"))
    crossing_on = fields.Day(label=msg("Day of the transit"))
    escorts = fields.Line(label=msg("Escorts"), longest=300)
    admission_assured = fields.YesNo(label=msg("Onward travel and admission are assured"))
    no_refusal_ground_known = fields.YesNo(label=msg("No ground for refusing the transit is known"))


class FamilySection(fields.FormSchema):
    """What else is known of the family, beside its members in the application."""

    parents = fields.Prose(longest=1000, label=msg("Parents: names, dates and places of birth"))
    family_note = fields.Prose(longest=2000, label=msg("Family ties that matter for the return"))


class ObservationsSection(fields.FormSchema):
    """Part F of the joint form."""

    observations = fields.Prose(longest=4000, label=msg("Observations"))
