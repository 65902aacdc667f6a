"""Named reads of evidence, files and receipts."""

from collections.abc import Sequence

from sqlalchemy import select

from ercms.evidence.models import EvidenceItem, StoredFile, SubmissionReceipt
from ercms.extensions import db


def list_items(case_id: str) -> Sequence[EvidenceItem]:
    """Return the evidence of a case that still stands, the first recorded first."""
    statement = (
        select(EvidenceItem)
        .where(EvidenceItem.case_id == case_id, EvidenceItem.removed_at.is_(None))
        .order_by(EvidenceItem.created_at, EvidenceItem.id)
    )
    return db.session.scalars(statement).all()


def find_item(case_id: str, evidence_id: str) -> EvidenceItem | None:
    """Return one item of a case that still stands."""
    item = db.session.get(EvidenceItem, evidence_id)
    return item if item is not None and item.case_id == case_id and item.removed_at is None else None


def list_files(case_id: str) -> Sequence[StoredFile]:
    """Return the files of a case that were neither removed nor replaced, the first stored first."""
    statement = (
        select(StoredFile)
        .where(
            StoredFile.case_id == case_id,
            StoredFile.removed_at.is_(None),
            StoredFile.replaced_by_id.is_(None),
        )
        .order_by(StoredFile.created_at, StoredFile.id)
    )
    return db.session.scalars(statement).all()


def find_file(file_id: str) -> StoredFile | None:
    """Return a stored file that was not removed; replaced ones are still there to read."""
    file = db.session.get(StoredFile, file_id)
    return file if file is not None and file.removed_at is None else None


def find_receipt(case_id: str) -> SubmissionReceipt | None:
    """Return the receipt of a case's submission."""
    return db.session.scalars(select(SubmissionReceipt).where(SubmissionReceipt.case_id == case_id)).one_or_none()
