"""What the words of the joint form about a person are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.persons.enums import CivilStatus, Sex, TransitMode, Vulnerability
from ercms.web.labels import register

register(Sex, {Sex.FEMALE: _l("Female"), Sex.MALE: _l("Male"), Sex.UNSPECIFIED: _l("Unspecified")})
register(
    CivilStatus,
    {
        CivilStatus.SINGLE: _l("Single"),
        CivilStatus.MARRIED: _l("Married"),
        CivilStatus.DIVORCED: _l("Divorced"),
        CivilStatus.WIDOWED: _l("Widowed"),
        CivilStatus.SEPARATED: _l("Separated"),
        CivilStatus.UNKNOWN: _l("Not known"),
    },
)
register(
    Vulnerability,
    {
        Vulnerability.UNACCOMPANIED_CHILD: _l("Unaccompanied child"),
        Vulnerability.CHILD_IN_FAMILY: _l("Child in a family"),
        Vulnerability.SINGLE_PARENT: _l("Single parent"),
        Vulnerability.PREGNANT_OR_NURSING: _l("Pregnant or nursing"),
        Vulnerability.OLDER_PERSON: _l("Older person"),
        Vulnerability.ILLNESS: _l("Illness"),
        Vulnerability.DISABILITY: _l("Disability"),
        Vulnerability.SURVIVOR_OF_VIOLENCE: _l("Survivor of violence"),
        Vulnerability.POSSIBLE_TRAFFICKING: _l("Possible victim of trafficking"),
        Vulnerability.STATELESS_OR_UNCLEAR: _l("Stateless, or nationality unclear"),
        Vulnerability.NO_FAMILY_OR_HOME: _l("No family or home to return to"),
        Vulnerability.MINORITY: _l("Member of a minority"),
    },
)
register(TransitMode, {TransitMode.AIR: _l("Air"), TransitMode.LAND: _l("Land"), TransitMode.SEA: _l("Sea")})
