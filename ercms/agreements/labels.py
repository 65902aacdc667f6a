"""What the words of the law are called on a page, and its arithmetic in sentences."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date, gettext, ngettext
from flask_babel import lazy_gettext as _l

from ercms.agreements.enums import (
    AgreementStatus,
    CaseKind,
    ClockKind,
    ClockState,
    Confidence,
    Event,
    EvidencePurpose,
    EvidenceReason,
    MissingEvidence,
    Presumption,
    Procedure,
    ProofClass,
    Side,
    Silence,
    Unit,
)
from ercms.agreements.law_texts import HOLIDAYS, TERMS, VALUES
from ercms.agreements.partner_titles import state_of
from ercms.web.labels import label, register
from ercms.web.templating import country
from workflows.arithmetic import StepCode

register(
    Confidence,
    {
        Confidence.VERIFIED: _l("Verified"),
        Confidence.REPORTED: _l("Reported, not verified"),
        Confidence.INFERRED: _l("Inferred from a sister agreement"),
        Confidence.UNKNOWN: _l("Not known"),
    },
)
register(
    Unit,
    {
        Unit.CALENDAR_DAYS: _l("Calendar days"),
        Unit.WORKING_DAYS: _l("Working days"),
        Unit.MONTHS: _l("Months"),
        Unit.YEARS: _l("Years"),
        Unit.KILOMETRES: _l("Kilometres"),
        Unit.PERCENT: _l("Per cent"),
    },
)
register(
    AgreementStatus,
    {
        AgreementStatus.NEGOTIATING: _l("Under negotiation"),
        AgreementStatus.SIGNED: _l("Signed"),
        AgreementStatus.RATIFIED: _l("Ratified"),
        AgreementStatus.IN_FORCE: _l("In force"),
        AgreementStatus.SUSPENDED: _l("Suspended"),
        AgreementStatus.TERMINATED: _l("Terminated"),
    },
)
register(Side, {Side.REQUESTING: _l("Requesting State"), Side.REQUESTED: _l("Requested State")})
register(
    CaseKind,
    {
        CaseKind.OWN_NATIONAL: _l("National of the requested State"),
        CaseKind.THIRD_COUNTRY_NATIONAL: _l("Third-country national"),
        CaseKind.STATELESS: _l("Stateless person"),
        CaseKind.TRANSIT: _l("Transit request"),
    },
)
register(
    Procedure,
    {
        Procedure.NORMAL: _l("Normal procedure"),
        Procedure.ACCELERATED: _l("Accelerated procedure"),
        Procedure.NONE: _l("No application needed"),
    },
)
register(
    Silence,
    {
        Silence.DEEMED_CONSENT: _l("Consent is deemed given"),
        Silence.NONE: _l("Silence has no effect"),
        Silence.UNKNOWN: _l("What silence means is not known"),
    },
)
register(
    ProofClass,
    {
        ProofClass.PROOF: _l("Proof"),
        ProofClass.PRIMA_FACIE: _l("Prima facie evidence"),
        ProofClass.NEITHER: _l("Neither proof nor prima facie evidence"),
    },
)
register(
    EvidencePurpose,
    {
        EvidencePurpose.NATIONALITY: _l("Evidence of nationality"),
        EvidencePurpose.ENTRY_AND_STAY: _l("Evidence of entry and stay"),
    },
)
register(
    Presumption,
    {
        Presumption.ACCEPTED_WITHOUT_INQUIRY: _l("Accepted without further inquiry"),
        Presumption.PRESUMED_UNLESS_REBUTTED: _l("Presumed unless the contrary is shown"),
        Presumption.NOTHING: _l("Nothing follows from it by itself"),
    },
)
register(
    EvidenceReason,
    {
        EvidenceReason.LISTED: _l("Listed in the annex"),
        EvidenceReason.EXPIRED_WITHIN_LIMIT: _l("Expired, within the limit that the agreement allows"),
        EvidenceReason.EXPIRED_BEYOND_LIMIT: _l("Expired for longer than the agreement allows for proof"),
        EvidenceReason.EXPIRY_LIMIT_UNKNOWN: _l("Expired; how long that is allowed is not known"),
        EvidenceReason.FALSE_DOCUMENT: _l("False or falsified: never evidence"),
        EvidenceReason.NOT_LISTED: _l("Not listed for this purpose"),
        EvidenceReason.REBUTTED: _l("The contrary has been shown"),
        EvidenceReason.NO_LIST: _l("No list is known: a person weighs the document"),
    },
)
register(
    MissingEvidence,
    {
        MissingEvidence.NATIONALITY: _l("Nothing yet shows nationality"),
        MissingEvidence.NATIONALITY_PROOF: _l("A proof of nationality would spare the inquiry"),
        MissingEvidence.ENTRY_AND_STAY: _l("Nothing yet shows entry and stay"),
        MissingEvidence.ENTRY_AND_STAY_PROOF: _l("A proof of entry and stay would spare the inquiry"),
    },
)
register(
    Event,
    {
        Event.RECEIPT: _l("Receipt of the request"),
        Event.ACKNOWLEDGEMENT: _l("Acknowledgement of receipt"),
        Event.KNOWLEDGE: _l("Knowledge of the unlawful stay"),
        Event.APPREHENSION: _l("Apprehension in the border area"),
        Event.INTERVIEW_REQUESTED: _l("Interview asked for"),
        Event.INTERVIEWED: _l("Interview held"),
        Event.ACCEPTANCE: _l("Positive reply"),
        Event.REFUSAL: _l("Negative reply"),
        Event.CONSENT_DEEMED: _l("Consent deemed given"),
        Event.DOCUMENT_REQUESTED: _l("Travel document asked for"),
        Event.DOCUMENT_REISSUE_REQUESTED: _l("New travel document asked for"),
        Event.DOCUMENT_ISSUED: _l("Travel document issued"),
        Event.TRANSFER_PLANNED: _l("Planned day of transfer"),
        Event.TRANSFER_NOTIFIED: _l("Notice of the transfer"),
        Event.TRANSFER: _l("Transfer carried out"),
        Event.TAKEN_UP_AGAIN: _l("Request taken up again"),
        Event.RENEWED_REPLY: _l("Reply to the request taken up again"),
    },
)
register(
    ClockKind,
    {
        ClockKind.SUBMISSION: _l("Submission of the application"),
        ClockKind.SUBMISSION_ACCELERATED: _l("Submission, accelerated procedure"),
        ClockKind.REPLY: _l("Reply to the application"),
        ClockKind.REPLY_ACCELERATED: _l("Reply, accelerated procedure"),
        ClockKind.REPLY_RENEWED: _l("Reply to a request taken up again"),
        ClockKind.TRANSIT_REPLY: _l("Reply to the transit request"),
        ClockKind.AGENCY_INQUIRIES: _l("Answers of the agencies"),
        ClockKind.INTERVIEW: _l("Interview by the mission"),
        ClockKind.DOCUMENT_ISSUE: _l("Issue of the travel document"),
        ClockKind.DOCUMENT_DOMESTIC: _l("Issue of the return certificate by the mission"),
        ClockKind.DOCUMENT_REISSUE: _l("Re-issue of the travel document"),
        ClockKind.TRANSFER: _l("Transfer of the person"),
        ClockKind.TRANSFER_NOTICE: _l("Prior notice of the transfer"),
        ClockKind.TRANSIT_USE: _l("Use of the transit consent"),
        ClockKind.ERROR_WINDOW: _l("Taking back a person readmitted in error"),
    },
)
register(
    ClockState,
    {
        ClockState.WAITING: _l("Has not started yet"),
        ClockState.RUNNING: _l("Running"),
        ClockState.STOPPED: _l("Standing still"),
        ClockState.UNKNOWN_LENGTH: _l("Length not known"),
        ClockState.ENDED: _l("Ended"),
    },
)


def clock_label(kind: ClockKind | str) -> str:
    """Return what a kind of clock is called."""
    return label(ClockKind(kind))


def confidence_label(confidence: Confidence | str) -> str:
    """Return how sure we are of a term, in words."""
    return label(Confidence(confidence))


def term_label(name: str) -> str:
    """Return what a term is called; a name without words stands for itself."""
    return str(TERMS.get(name, name))


def law_text(text: str) -> str:
    """Return a text of an agreement's file (a ground, a document, a heading) in the language of the page.

    The title of a pending partner's agreement is no text of a file that is shipped: it is said with the State's name.
    """
    partner = state_of(text)
    if partner is not None:
        named = gettext(
            "Readmission agreement between %(partner)s and the Republic of Azerbaijan, under negotiation",
            partner=country(partner),
        )
        return str(named)
    return str(gettext(text))


def holiday_label(name: str) -> str:
    """Return a holiday's name: each part of a joined name translated, what is said in brackets kept in words."""
    return "; ".join(_holiday(part) for part in name.split("; "))


def _holiday(part: str) -> str:
    plain, bracket, remark = part.partition(" (")
    named = str(HOLIDAYS.get(plain, plain))
    if not bracket:
        return named
    if "substituted" in remark:
        return str(gettext("%(name)s (moved by a decision of the Cabinet)", name=named))
    if "observed" in remark:
        return str(gettext("%(name)s (day off moved here)", name=named))
    return named


def length_text(count: int, unit: Unit | str) -> str:
    """Return a length in words: `15 calendar days`."""
    match Unit(unit):
        case Unit.CALENDAR_DAYS:
            return str(ngettext("%(num)d calendar day", "%(num)d calendar days", count))
        case Unit.WORKING_DAYS:
            return str(ngettext("%(num)d working day", "%(num)d working days", count))
        case Unit.MONTHS:
            return str(ngettext("%(num)d month", "%(num)d months", count))
        case Unit.YEARS:
            return str(ngettext("%(num)d year", "%(num)d years", count))
        case Unit.KILOMETRES:
            return str(gettext("%(count)d km", count=count))
        case Unit.PERCENT:
            return str(gettext("%(count)d per cent", count=count))


def value_text(term: Mapping[str, Any]) -> str:
    """Return the value of a described term in words; an unknown one says that it is not known."""
    value, unit = term["value"], term["unit"]
    if value is None:
        return label(Confidence.UNKNOWN)
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, int):
        return length_text(value, unit) if unit else str(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(VALUES.get(item, item)) for item in value)
    return str(VALUES.get(value, value))


_SENTENCES = {
    StepCode.START: _l("%(on)s is the day of the event and is not counted"),
    StepCode.CAUTIOUS_START: _l("What starts the limit is not known: counted from the earlier day, %(on)s"),
    StepCode.COUNTED: _l("%(length)s, counted from %(on)s to %(to_on)s"),
    StepCode.WEEKEND: _l("%(on)s to %(to_on)s: weekend, not counted"),
    StepCode.HOLIDAY: _l("%(on)s: %(holiday)s, not counted"),
    StepCode.WORKED_WEEKEND: _l("%(on)s: a weekend day that was made a working day, counted"),
    StepCode.MONTH_END: _l("The month has no such day; its last day is %(on)s"),
    StepCode.STOPPED: _l("%(on)s to %(to_on)s: the clock stands still, %(length)s added"),
    StepCode.STOP_OPEN: _l("The clock stands still since %(on)s"),
    StepCode.EXTENDED: _l("Extended by %(length)s"),
    StepCode.EXTENSION_LATE: _l("An extension by %(length)s was notified on %(on)s, too late: not counted"),
    StepCode.COUNTED_BACK: _l("%(length)s, counted back to %(on)s"),
    StepCode.SHARE: _l("%(length)s of the span from %(on)s to %(to_on)s"),
    StepCode.UNKNOWN_LENGTH: _l("No length is known: a person sets the day"),
    StepCode.DUE: _l("Last day: %(on)s"),
}


def step_text(step: Mapping[str, Any]) -> str:
    """Return one line of the arithmetic, as `service.describe` writes it, as a sentence."""
    count, unit = step.get("count"), step.get("unit")
    sentence = str(_SENTENCES[StepCode(step["code"])]) % {
        "on": _day(step.get("on")),
        "to_on": _day(step.get("to_on")),
        "length": length_text(count, unit) if count is not None and unit else "",
        "holiday": holiday_label(step.get("detail", "")),
    }
    if not step.get("is_estimated"):
        return sentence
    remark = gettext("(day not announced yet)")
    return f"{sentence} {remark}"


def _day(written: str | None) -> str:
    return "" if written is None else format_date(date.fromisoformat(written), "dd.MM.yyyy")
