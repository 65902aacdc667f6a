"""What is written down, and which facts may go with it: a new action is one line here."""

from enum import StrEnum

COMMON_KEYS = frozenset({"reference", "kind", "code", "reason_code", "status", "count", "version", "has_text"})
"""What may go with every action: the case's public reference, codes, counts, and whether a sealed text exists."""


class AuditAction(StrEnum):
    """An act on record, `resource.past_tense`, followed by the payload keys that it may carry.

    A payload holds codes, references, identifiers, dates and counts; never a name, a text, or any other personal
    datum. `COMMON_KEYS` may go with every action.
    """

    payload_keys: frozenset[str]

    def __new__(cls, value: str, *payload_keys: str) -> "AuditAction":
        """Make a member whose value is its name on record."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.payload_keys = frozenset(payload_keys) | COMMON_KEYS
        return member

    CASE_CREATED = "case.created", "procedure", "state", "agreement", "partner", "channel"
    CASE_UPDATED = "case.updated", "fields", "section", "step"
    CASE_SUBMITTED = "case.submitted", "from", "to", "agreement", "agreement_version", "digest", "due_on"
    CASE_TRANSITION = "case.transition", "trigger", "from", "to", "agreement", "agreement_version", "ground", "due_on"
    CASE_CLOCK_STARTED = "case.clock_started", "clock", "starts_on", "due_on", "article"
    CASE_CLOCK_ENDED = "case.clock_ended", "clock", "ended_on", "outcome"
    DEADLINE_WARNED = "deadline.warned", "clock", "step", "due_on", "told", "stopped"
    SILENCE_SEALED = "silence.sealed", "clock", "due_on", "given", "missed", "digest", "key_id"
    CASE_VIEWED = "case.viewed", "page", "break_glass"
    CASE_OPENED = "case.opened", "opening_id"
    OPENING_MARKED = "opening.marked", "opening_id"
    CASE_LISTED = "case.listed", "filters", "total", "page", "references"
    CASE_SEARCHED = "case.searched", "kinds", "tokens", "total"
    CASE_ASSIGNED = "case.assigned", "from", "to"
    CASE_FLAGGED = "case.flagged", "flag", "value"
    CASE_SEALED = "case.sealed", "readers"
    CASE_UNSEALED = "case.unsealed", "readers"
    READER_NAMED = "reader.named", "user_id"
    READER_ENDED = "reader.ended", "user_id"
    CASE_EXPORTED = "case.exported", "break_glass", "format", "digest", "page", "language"
    MEMBER_ADDED = "member.added", "relation", "person_id"
    MEMBER_UPDATED = "member.updated", "relation", "person_id", "fields"
    MEMBER_REMOVED = "member.removed", "relation", "person_id"

    PERSON_CREATED = "person.created", "case_id"
    PERSON_UPDATED = "person.updated", "fields", "case_id"
    PERSON_VIEWED = "person.viewed", "page", "case_id", "break_glass", "found_by"
    PERSON_LISTED = "person.listed", "total", "page"
    PERSON_SEARCHED = "person.searched", "kinds", "tokens", "total"
    PERSON_CORRECTED = "person.corrected", "fields"
    PERSON_RESTRICTED = "person.restricted", "flag"
    MARK_ASKED = "mark.asked", "mark_id", "ground", "by_person"
    MARK_DECIDED = "mark.decided", "mark_id", "decision"
    MARK_LIFTED = "mark.lifted", "mark_id"
    PERSON_MATCHED = "person.matched", "person_id", "score", "decision"
    PERSON_LINKED = "person.linked", "person_id"
    PERSON_UNLINKED = "person.unlinked", "person_id"
    PERSON_ACCESS_SHEET_MADE = "person.access_sheet_made", "break_glass", "language"
    PERSON_NAMES_INDEXED = ("person.names_indexed",)
    PERSON_ERASED = "person.erased", "files", "rule", "report"
    ERASURE_REPORTED = "erasure.reported", "cases", "persons", "key_id"
    LEGAL_HOLD_SET = "legal_hold.set", "until"
    LEGAL_HOLD_LIFTED = "legal_hold.lifted"

    EVIDENCE_ADDED = "evidence.added", "document_kind", "class", "file_id", "evidence_id"
    EVIDENCE_UPDATED = "evidence.updated", "document_kind", "class", "fields", "evidence_id"
    EVIDENCE_REMOVED = "evidence.removed", "document_kind", "evidence_id"
    EVIDENCE_VIEWED = "evidence.viewed", "break_glass", "document_kind", "evidence_id", "file_id"
    EVIDENCE_ASSESSED = "evidence.assessed", "document_kind", "class", "evidence_id", "outcome"
    FILE_STORED = "file.stored", "file_id", "size", "media_type", "digest", "replaces_id", "translation_of_id"
    FILE_READ = "file.read", "break_glass", "file_id", "size", "media_type", "page"
    FILE_REMOVED = "file.removed", "file_id"
    FILE_SET_ASIDE = "file.set_aside", "file_id", "ground", "officer_id"
    FILE_HOLD_DECIDED = "file.hold_decided", "file_id", "outcome"
    FILE_SCANNED = "file.scanned", "file_id", "outcome", "signature"
    PHOTOGRAPHS_OPENED = "photographs.opened", "break_glass", "file_id", "other_id"
    PHOTOGRAPHS_COMPARED = "photographs.compared", "file_id", "other_id", "outcome"
    FILE_REFUSED = "file.refused", "size", "media_type", "signature"

    INQUIRY_CREATED = "inquiry.created", "inquiry_id", "agency", "fields"
    INQUIRY_SENT = "inquiry.sent", "inquiry_id", "agency", "fields", "due_on"
    INQUIRY_TRANSMITTED = "inquiry.transmitted", "inquiry_id", "agency", "fields", "number"
    INQUIRY_VIEWED = "inquiry.viewed", "break_glass", "inquiry_id"
    INQUIRY_ANSWERED = "inquiry.answered", "inquiry_id", "agency", "outcome"
    INQUIRY_CANCELLED = "inquiry.cancelled", "inquiry_id", "agency"
    INQUIRY_CHANGED = "inquiry.changed", "inquiry_id", "trigger", "from", "to", "agency", "due_on"
    INQUIRY_PURPOSE_PROPOSED = "inquiry_purpose.proposed", "setting", "fields", "agencies"
    INQUIRY_PURPOSE_CONFIRMED = "inquiry_purpose.confirmed", "setting", "fields", "agencies"
    INQUIRY_PURPOSE_REJECTED = "inquiry_purpose.rejected", "setting", "fields", "agencies"
    INTERVIEW_REQUESTED = "interview.requested", "interview_id", "mission", "due_on"
    INTERVIEW_CHANGED = "interview.changed", "interview_id", "mission", "trigger", "from", "to", "cause"
    INTERVIEW_VIEWED = "interview.viewed", "break_glass", "interview_id"
    INTERVIEW_RECORDED = "interview.recorded", "interview_id", "mission", "outcome"
    COMPLETION_REQUESTED = "completion.requested", "completion_id", "fields", "due_on"
    COMPLETION_ANSWERED = "completion.answered", "completion_id", "fields"
    DECISION_SHEET_OPENED = "decision.sheet_opened", "break_glass"
    DECISION_PROPOSED = "decision.proposed", "decision_id", "outcome", "ground"
    DECISION_CONFIRMED = "decision.confirmed", "decision_id", "outcome", "ground"
    DECISION_SENT_BACK = "decision.sent_back", "decision_id", "outcome", "ground"
    DECISION_REOPENED = "decision.reopened", "decision_id", "ground"
    CONSENT_DEEMED = "consent.deemed", "agreement", "article", "passed_on"

    STOP_RECORDED = "stop.recorded", "stop_id", "clock", "ground", "from_on"
    STOP_ENDED = "stop.ended", "stop_id", "clock", "ground", "until_on"
    EXTENSION_RECORDED = "extension.recorded", "extension_id", "clock", "length", "unit", "ground", "due_on"

    DOCUMENT_REQUESTED = "document.requested", "document_id", "document_kind", "mission"
    DOCUMENT_ISSUED = "document.issued", "document_id", "document_kind", "issued_on", "valid_until", "mission"
    DOCUMENT_RECORDED = "document.recorded", "document_id", "document_kind", "valid_until"
    DOCUMENT_REISSUED = "document.reissued", "document_id", "document_kind"
    DOCUMENT_REFUSED = "document.refused", "document_id", "document_kind", "ground"
    DOCUMENT_HANDED_OVER = "document.handed_over", "document_id", "document_kind"
    DOCUMENT_CANCELLED = "document.cancelled", "document_id", "document_kind", "ground"
    DOCUMENT_RETURNED = "document.returned", "document_id", "document_kind"
    DOCUMENT_VIEWED = "document.viewed", "break_glass", "document_id", "document_kind"
    DOCUMENT_CHANGED = "document.changed", "document_id", "trigger", "from", "to", "document_kind"

    TRANSFER_NOTIFIED = "transfer.notified", "transfer_id", "mode", "transfer_on", "border_point"
    TRANSFER_CHANGED = "transfer.changed", "transfer_id", "trigger", "from", "to", "fields"
    TRANSFER_CANCELLED = "transfer.cancelled", "transfer_id", "ground"
    TRANSFER_ARRIVED = "transfer.arrived", "transfer_id", "arrived_on", "border_point"
    TRANSFER_FAILED = "transfer.failed", "transfer_id", "ground"
    TRANSFER_TAKEN_BACK = "transfer.taken_back", "transfer_id", "ground"
    MANIFEST_IMPORTED = "manifest.imported", "manifest_id", "persons", "matched", "digest"
    MANIFEST_EXPORTED = "manifest.exported", "manifest_id", "persons", "format", "digest"
    MANIFEST_VIEWED = "manifest.viewed", "break_glass", "manifest_id", "persons"

    REFERRAL_OFFERED = "referral.offered", "referral_id", "partner"
    REFERRAL_DECLINED = "referral.declined", "referral_id", "partner", "ground"
    REFERRAL_SENT = "referral.sent", "referral_id", "partner", "fields", "until"
    REFERRAL_ACCEPTED = "referral.accepted", "referral_id", "partner"
    REFERRAL_RETURNED = "referral.returned", "referral_id", "partner", "ground"
    REFERRAL_CHANGED = "referral.changed", "referral_id", "partner", "trigger", "from", "to"
    REFERRAL_VIEWED = "referral.viewed", "break_glass", "referral_id", "partner"
    REFERRAL_FINISHED = "referral.finished", "referral_id", "partner", "outcome"
    CONSENT_RECORDED = "consent.recorded", "consent_id", "fields", "until", "language"
    CONSENT_REVOKED = "consent.revoked", "consent_id"
    GRANT_MADE = "grant.made", "grant_id", "partner", "fields", "until"
    GRANT_ENDED = "grant.ended", "grant_id", "partner", "ground"
    SERVICE_RECORDED = "service.recorded", "referral_id", "service_id", "area", "on"
    PROGRESS_REPORTED = "progress.reported", "referral_id", "report_id", "area", "on"

    MESSAGE_SENT = "message.sent", "message_id", "to_organisation", "attachments"
    MESSAGE_READ = "message.read", "message_id"
    NOTICE_SENT = "notice.sent", "notice_id", "topic", "channel"
    NOTICE_FAILED = "notice.failed", "notice_id", "topic", "channel"
    LETTER_MADE = "letter.made", "break_glass", "letter", "language", "digest", "letter_id"
    RECEIPT_MADE = "receipt.made", "digest", "key_id"
    RECEIPT_CHECKED = ("receipt.checked",)

    SIGN_IN_SUCCEEDED = "sign_in.succeeded", "method", "factor", "session_id"
    SIGN_IN_FAILED = "sign_in.failed", "method", "attempts"
    SIGN_IN_LOCKED = "sign_in.locked", "method", "until", "attempts"
    SESSION_ENDED = "session.ended", "session_id", "how"
    SESSION_REFUSED = ("session.refused",)
    FACTOR_CHANGED = "factor.changed", "method", "how", "passkey_id"
    FACTOR_RESET = "factor.reset", "until"
    FACTOR_REFUSED = "factor.refused", "method", "until", "session_id"
    PASSWORD_CHANGED = "password.changed", "how"
    REAUTHENTICATED = "session.reauthenticated", "method", "factor", "session_id"
    DEMONSTRATION_SIGNED_IN = "demonstration.signed_in", "role", "session_id"
    USER_CREATED = "user.created", "user_id", "role", "organisation_id"
    USER_CHANGED = "user.changed", "user_id", "fields", "role", "active"
    ORGANISATION_CREATED = "organisation.created", "organisation_id", "states"
    ORGANISATION_CHANGED = "organisation.changed", "organisation_id", "fields", "states", "active"
    REGISTRY_CHANGED = "registry.changed", "organisation_id", "active"
    PROVIDER_CHANGED = "provider.changed", "provider_id", "active", "fields"
    PROVIDER_LINKED = "provider.linked", "provider_id", "user_id"
    PROVIDER_UNLINKED = "provider.unlinked", "provider_id", "user_id"
    PROVIDER_REFUSED = "provider.refused", "provider_id"
    API_KEY_CREATED = "api_key.created", "key_id", "organisation_id", "scopes", "until"
    API_KEY_REVOKED = "api_key.revoked", "key_id", "organisation_id"
    API_CALLED = "api.called", "operation", "method", "key_id"
    WEBHOOK_CHANGED = "webhook.changed", "webhook_id", "topics", "active"

    KEY_CREATED = "key.created", "key_id", "purpose"
    KEY_ROTATED = "key.rotated", "key_id", "purpose", "retired"
    KEY_REWRAPPED = "key.rewrapped", "key_id", "purpose", "remaining"
    KEY_DESTROYED = "key.destroyed", "key_id", "purpose"
    CHECKPOINT_MADE = "checkpoint.made", "number", "root", "chains", "key_id"
    AUDIT_VERIFIED = "audit.verified", "entries", "chains", "sound", "checkpoint"
    AUDIT_EXPORTED = "audit.exported", "entries", "chains", "digest"
    AUDIT_VIEWED = "audit.viewed", "filters", "total", "page"

    TERM_PROPOSED = "term.proposed", "agreement", "term", "proposal_id"
    TERM_VERIFIED = "term.verified", "agreement", "agreement_version", "term", "source", "confidence", "proposal_id"
    TERM_REJECTED = "term.rejected", "agreement", "term", "proposal_id"
    AGREEMENT_STATUS_PROPOSED = "agreement.status_proposed", "agreement", "to", "from_on", "proposal_id"
    AGREEMENT_STATUS_CHANGED = "agreement.status_changed", "agreement", "to", "from_on", "proposal_id"
    AGREEMENT_STATUS_REJECTED = "agreement.status_rejected", "agreement", "to", "from_on", "proposal_id"
    DATES_RECOMPUTED = "dates.recomputed", "change", "subject", "cases", "moved"
    AGREEMENT_IMPORTED = "agreement.imported", "agreement", "text_kind", "from_on", "digest", "proposal_id"
    AGREEMENT_CONFIRMED = "agreement.confirmed", "agreement", "text_kind", "from_on", "digest", "proposal_id"
    AGREEMENT_TEXT_REJECTED = "agreement.text_rejected", "agreement", "text_kind", "from_on", "digest", "proposal_id"
    AGREEMENT_TEXT_WITHDRAWN = "agreement.text_withdrawn", "agreement", "text_kind", "from_on", "digest", "proposal_id"
    AGREEMENT_CHANGED = "agreement.changed", "agreement", "agreement_version", "fields", "from", "to"
    CALENDAR_CHANGED = "calendar.changed", "calendar", "day", "day_kind", "working", "calendar_version"
    RETENTION_CHANGED = "retention.changed", "rule", "from", "to"
    READING_ALARMED = "reading.alarmed", "alarm_id", "files", "hours"
    READING_STOPPED = "reading.stopped", "alarm_id", "files", "hours"
    READING_RELEASED = "reading.released", "alarm_id"
    READING_MARKED = "reading.marked", "alarm_id"
    READING_LIMIT_CHANGED = "reading.limit_changed", "role", "from", "to"
    SETTING_CHANGED = "setting.changed", "setting", "from", "to"
    EXPORT_MADE = "export.made", "export", "format", "rows", "digest", "filters"
    IMPORT_MADE = "import.made", "import", "format", "rows", "refused", "digest"
    STATISTICS_VIEWED = "statistics.viewed", "report", "period", "filters"
    REQUEST_REFUSED = "request.refused", "permission", "method", "endpoint", "http_status"


VIEWS = frozenset(
    {
        AuditAction.CASE_VIEWED,
        AuditAction.PERSON_VIEWED,
        AuditAction.EVIDENCE_VIEWED,
        AuditAction.FILE_READ,
        AuditAction.PHOTOGRAPHS_OPENED,
        AuditAction.INQUIRY_VIEWED,
        AuditAction.INTERVIEW_VIEWED,
        AuditAction.DECISION_SHEET_OPENED,
        AuditAction.DOCUMENT_VIEWED,
        AuditAction.REFERRAL_VIEWED,
        AuditAction.MANIFEST_VIEWED,
        AuditAction.CASE_EXPORTED,
        AuditAction.LETTER_MADE,
        AuditAction.PERSON_ACCESS_SHEET_MADE,
    }
)
"""The acts by which somebody came to see a person's data."""
