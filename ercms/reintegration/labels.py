"""What referrals, their areas, services, outcomes and shared fields are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, ReferralOutcome, ServiceState, SharedField
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register
from workflows.referral import ReferralState


def register_labels(_state: object) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    _register_referral()
    _register_work()
    register_reasons(
        {
            "no_open_referral": _l("There is no open referral."),
            "referral_not_in_state": _l("The referral is no longer in the state for this."),
            "referral_not_at_work": _l("The support has not begun, or has ended."),
            "no_reintegration_at_work": _l("No reintegration is at work in this case."),
            "unknown_partner": _l("Choose one of the partners offered."),
            "consent_in_future": _l("The consent would be given in the future."),
            "consent_over": _l("The consent would be over already."),
            "needs_missing": _l("No area of support is named."),
            "outcome_missing": _l("The outcome is missing."),
        }
    )


def _register_referral() -> None:
    register(
        ReferralState,
        {
            ReferralState.OFFERED: _l("offered to the person"),
            ReferralState.DECLINED_BY_PERSON: _l("declined by the person"),
            ReferralState.REFERRED: _l("waits for the partner"),
            ReferralState.ACCEPTED: _l("accepted by the partner"),
            ReferralState.DECLINED_BY_PARTNER: _l("declined by the partner"),
            ReferralState.IN_PROGRESS: _l("support under way"),
            ReferralState.COMPLETED: _l("completed"),
            ReferralState.DISCONTINUED: _l("taken back"),
            ReferralState.CONSENT_REVOKED: _l("consent taken back"),
        },
    )
    register(
        SharedField,
        {
            SharedField.FULL_NAME: _l("Surname and given names"),
            SharedField.BIRTH_YEAR: _l("Year of birth"),
            SharedField.SEX: _l("Sex"),
            SharedField.LANGUAGES: _l("Languages"),
            SharedField.PHONE: _l("Telephone"),
            SharedField.DISTRICT: _l("District or city"),
            SharedField.FAMILY_MEMBERS: _l("Family members who came along"),
            SharedField.NEEDS: _l("Care or assistance needed"),
            SharedField.RETURN_DATE: _l("Day of return"),
        },
    )
    register(
        ConsentPurpose,
        {
            ConsentPurpose.REINTEGRATION_SUPPORT: _l("Support for reintegration"),
            ConsentPurpose.NEEDS_ASSESSMENT: _l("Finding out what is needed"),
            ConsentPurpose.HEALTH_CARE: _l("Health care"),
            ConsentPurpose.FAMILY_TRACING: _l("Tracing of the family"),
        },
    )


def _register_work() -> None:
    register(
        AssistanceArea,
        {
            AssistanceArea.ACCOMMODATION: _l("Accommodation"),
            AssistanceArea.HEALTH_CARE: _l("Health care"),
            AssistanceArea.EMPLOYMENT: _l("Employment"),
            AssistanceArea.SOCIAL_SECURITY: _l("Social security"),
            AssistanceArea.EDUCATION: _l("Education"),
        },
    )
    register(
        ServiceState,
        {
            ServiceState.PLANNED: _l("planned"),
            ServiceState.ONGOING: _l("ongoing"),
            ServiceState.DELIVERED: _l("delivered"),
            ServiceState.NOT_AVAILABLE: _l("not available"),
        },
    )
    register(
        ReferralOutcome,
        {
            ReferralOutcome.SUSTAINED: _l("Reintegration sustained"),
            ReferralOutcome.PARTLY_ACHIEVED: _l("Partly achieved"),
            ReferralOutcome.CONTACT_LOST: _l("Contact lost"),
            ReferralOutcome.LEFT_COUNTRY: _l("Left the country"),
            ReferralOutcome.WITHDREW: _l("The person withdrew"),
        },
    )
