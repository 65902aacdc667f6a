"""What the words of evidence are called on a page, and what its refusals mean."""

from flask_babel import lazy_gettext as _l

from ercms.evidence.enums import FileRole
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

ROLE_LABELS = {
    FileRole.EVIDENCE: _l("File of a piece of evidence"),
    FileRole.PHOTOGRAPH: _l("Photograph"),
    FileRole.LETTER: _l("Letter"),
    FileRole.SUPPORTING: _l("Supporting file"),
}
register(FileRole, ROLE_LABELS)
register_reasons(
    {
        "file_refused": _l("The file was not accepted, and nothing was stored."),
        "unknown_evidence": _l("Choose one of the kinds of evidence offered."),
        "too_much_evidence": _l("A request holds at most 60 pieces of evidence."),
        "unknown_person": _l("Choose one of the persons of this request."),
        "unknown_file": _l("The file to be replaced is not there any more."),
        "no_file": _l("Choose a file first."),
        "file_too_large": _l("The file is larger than 20 MB."),
    }
)
