"""The pictures of a case: photographs, and pages that may carry one, as they can be looked at."""

from ercms.cases.service import Case
from ercms.core.actor import Actor
from ercms.evidence import queries, service
from ercms.evidence.enums import FileRole, Scan
from ercms.evidence.lines import FileLine, file_lines
from ercms.inspection.kinds import IMAGE_TYPES, PDF

_SHOWN = IMAGE_TYPES | {PDF}


def pictures_of(*, actor: Actor, case: Case) -> tuple[FileLine, ...]:
    """Return what of a case's present files can be looked at as a picture: photographs, then pictures, then PDF.

    The caller has opened the case. What is set aside or waits for the scanner is left out, and from the requesting side
    what is internal.
    """
    sees_internal = service.is_internal_author(actor)
    files = [
        file
        for file in queries.list_shown_files(case.id)
        if file.media_type in _SHOWN
        and file.role is not FileRole.LETTER
        and file.scan not in {Scan.WAITING, Scan.INFECTED}
        and (sees_internal or not file.is_internal)
    ]
    return file_lines(sorted(files, key=lambda file: (file.role is not FileRole.PHOTOGRAPH, file.media_type == PDF)))
