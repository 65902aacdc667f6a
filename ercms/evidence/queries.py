"""Named reads of evidence, files and receipts."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select

from ercms.evidence.enums import Scan
from ercms.evidence.models import EvidenceItem, HeldFile, StoredFile, SubmissionReceipt
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


def list_shown_files(case_id: str) -> list[StoredFile]:
    """Return the present files of a case but those that are set aside for one officer to decide."""
    return [file for file in list_files(case_id) if not file.is_held]


def list_translations(file_id: str) -> Sequence[StoredFile]:
    """Return the present translations of a file, the first stored first."""
    statement = select(StoredFile).where(
        StoredFile.translation_of_id == file_id,
        StoredFile.removed_at.is_(None),
        StoredFile.replaced_by_id.is_(None),
        StoredFile.is_held.is_(False),
    )
    return db.session.scalars(statement.order_by(StoredFile.created_at, StoredFile.id)).all()


def list_versions(file: StoredFile) -> list[StoredFile]:
    """Return the versions of a file, the present one first, each with the one that it replaced after it."""
    versions = [file]
    while versions[-1].replaced_by_id:
        newer = db.session.get(StoredFile, versions[-1].replaced_by_id)
        if newer is None:
            break
        versions.append(newer)
    versions.reverse()
    while older := db.session.scalars(
        select(StoredFile).where(StoredFile.replaced_by_id == versions[-1].id, StoredFile.removed_at.is_(None))
    ).first():
        versions.append(older)
    return versions


def find_hold(file_id: str) -> HeldFile | None:
    """Return the hold of a file on which nobody has decided yet."""
    return db.session.scalars(
        select(HeldFile).where(HeldFile.file_id == file_id, HeldFile.outcome.is_(None))
    ).one_or_none()


def list_holds(case_id: str) -> Sequence[HeldFile]:
    """Return the holds of a case on which nobody has decided yet."""
    statement = select(HeldFile).where(HeldFile.case_id == case_id, HeldFile.outcome.is_(None))
    return db.session.scalars(statement.order_by(HeldFile.held_at, HeldFile.id)).all()


def list_holds_ever(case_id: str) -> Sequence[HeldFile]:
    """Return what was ever set aside in a case, decided or not."""
    return db.session.scalars(select(HeldFile).where(HeldFile.case_id == case_id)).all()


def list_holds_of(officer_id: str, hidden: Select[str]) -> Sequence[HeldFile]:
    """Return what waits for one officer, the oldest first, but for cases that are hidden from the officer."""
    statement = select(HeldFile).where(
        HeldFile.officer_id == officer_id, HeldFile.outcome.is_(None), HeldFile.case_id.not_in(hidden)
    )
    return db.session.scalars(statement.order_by(HeldFile.held_at, HeldFile.id)).all()


def find_file(file_id: str) -> StoredFile | None:
    """Return a stored file that was not removed; replaced ones are still there to read."""
    file = db.session.get(StoredFile, file_id)
    return file if file is not None and file.removed_at is None else None


def list_files_by_id(file_ids: Iterable[str]) -> Sequence[StoredFile]:
    """Return these files, but for removed ones, the first stored first."""
    statement = select(StoredFile).where(StoredFile.id.in_(list(file_ids)), StoredFile.removed_at.is_(None))
    return db.session.scalars(statement.order_by(StoredFile.created_at, StoredFile.id)).all()


def find_receipt(case_id: str) -> SubmissionReceipt | None:
    """Return the receipt of a case's submission."""
    return db.session.scalars(select(SubmissionReceipt).where(SubmissionReceipt.case_id == case_id)).one_or_none()


def list_waiting_ids(*, limit: int) -> Sequence[str]:
    """Return the files that no scanner has seen yet and that wait for one, the longest waiting first."""
    statement = select(StoredFile.id).where(StoredFile.scan == Scan.WAITING, StoredFile.removed_at.is_(None))
    return db.session.scalars(statement.order_by(StoredFile.created_at, StoredFile.id).limit(limit)).all()
