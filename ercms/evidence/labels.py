"""What the words of evidence are called on a page, and what its refusals mean."""

from flask_babel import lazy_gettext as _l

from ercms.evidence.enums import FileRole, HoldOutcome, HoldReason, Scan
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

ROLE_LABELS = {
    FileRole.EVIDENCE: _l("File of a piece of evidence"),
    FileRole.PHOTOGRAPH: _l("Photograph"),
    FileRole.LETTER: _l("Letter"),
    FileRole.SUPPORTING: _l("Supporting file"),
}
register(FileRole, ROLE_LABELS)
register(
    HoldReason,
    {
        HoldReason.UNSURE: _l("Its officer is not sure whether it comes from an asylum procedure"),
        HoldReason.OBJECTION: _l("The person objects to its being passed on"),
        HoldReason.DOUBT: _l("An officer of the requested State doubts that it should have come"),
    },
)
register(HoldOutcome, {HoldOutcome.RELEASED: _l("may pass"), HoldOutcome.WITHHELD: _l("kept back")})
register(
    Scan,
    {
        Scan.OFF: _l("not scanned"),
        Scan.CLEAN: _l("nothing found"),
        Scan.WAITING: _l("waits for the scan"),
        Scan.INFECTED: _l("malware found"),
    },
)
register_reasons(
    {
        "asylum_question": _l("Say first whether the document comes from an asylum procedure."),
        "asylum_document": _l("The file was not accepted, and nothing was stored."),
        "decider_needed": _l("Choose the officer who decides about this document."),
        "file_was_replaced": _l("The document was replaced meanwhile. Look at the present version first."),
        "page_not_drawn": _l("This page cannot be shown. Download the file instead."),
        "file_refused": _l("The file was not accepted, and nothing was stored."),
        "unknown_evidence": _l("Choose one of the kinds of evidence offered."),
        "too_much_evidence": _l("A request holds at most 60 pieces of evidence."),
        "unknown_person": _l("Choose one of the persons of this request."),
        "unknown_file": _l("The file to be replaced is not there any more."),
        "no_file": _l("Choose a file first."),
        "file_infected": _l("The file was not accepted, and nothing was stored."),
        "file_too_large": _l("The file is larger than 20 MB."),
    }
)
