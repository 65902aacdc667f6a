"""The closed vocabularies of reintegration."""

from enum import StrEnum


class AssistanceArea(StrEnum):
    """The five areas of assistance that Azerbaijan's GCM regional review report names."""

    ACCOMMODATION = "accommodation"
    HEALTH_CARE = "health_care"
    EMPLOYMENT = "employment"
    SOCIAL_SECURITY = "social_security"
    EDUCATION = "education"


class ServiceState(StrEnum):
    """How far a service has come."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    DELIVERED = "delivered"
    NOT_AVAILABLE = "not_available"


class ReferralOutcome(StrEnum):
    """How a referral ended."""

    SUSTAINED = "sustained"
    PARTLY_ACHIEVED = "partly_achieved"
    CONTACT_LOST = "contact_lost"
    LEFT_COUNTRY = "left_country"
    WITHDREW = "withdrew"


class SharedField(StrEnum):
    """What a person may consent to share with a partner, field by field."""

    FULL_NAME = "full_name"
    BIRTH_YEAR = "birth_year"
    SEX = "sex"
    LANGUAGES = "languages"
    PHONE = "phone"
    DISTRICT = "district"
    FAMILY_MEMBERS = "family_members"
    NEEDS = "needs"
    RETURN_DATE = "return_date"


class ConsentPurpose(StrEnum):
    """For what a person consents to the sharing: one purpose and one partner a consent."""

    REINTEGRATION_SUPPORT = "reintegration_support"
    NEEDS_ASSESSMENT = "needs_assessment"
    HEALTH_CARE = "health_care"
    FAMILY_TRACING = "family_tracing"
