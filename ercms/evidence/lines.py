"""Evidence and files as lists show them: sealed details, notes and names opened, many in one query."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ercms.accounts import service as accounts
from ercms.evidence.enums import FileRole, Scan
from ercms.evidence.models import EvidenceItem, StoredFile
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from workflows.evidence import EvidenceReason, MissingEvidence, Presumption, presumption_of
from workflows.terms import Confidence, EvidencePurpose, EvidenceRule, ProofClass

DETAILS_LABEL = "evidence_items.details"
NOTE_LABEL = "evidence_items.check_note"
REBUTTAL_LABEL = "evidence_items.rebuttal"
NAME_LABEL = "stored_files.name"
CHANGE_LABEL = "stored_files.change_note"
TRANSLATOR_LABEL = "stored_files.translator"

_DETAILS = ("number", "issue_place", "issued_on", "authority", "expires_on", "note")

Kind = tuple[str, EvidencePurpose]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One stored file, as a list shows it."""

    id: str
    person_id: str
    evidence_id: str | None
    role: FileRole
    name: str
    media_type: str
    size: int
    digest: str
    created_at: datetime
    is_image: bool
    is_internal: bool
    pages: int | None = None
    scan: Scan = Scan.OFF
    translation_of_id: str | None = None
    translation_language: str | None = None
    translator: str | None = None
    is_certified: bool | None = None
    is_of_earlier_version: bool = False
    translations: "tuple[FileLine, ...]" = ()

    @property
    def can_be_opened(self) -> bool:
        """Tell whether the scanner leaves the file to its readers: it waits for no answer, and nothing was found."""
        return self.scan not in (Scan.WAITING, Scan.INFECTED)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One means of evidence with its class, the details opened, and its files."""

    id: str
    person_id: str
    code: str
    label: str
    purpose: EvidencePurpose
    weight: ProofClass
    weight_reason: EvidenceReason
    weight_confidence: Confidence
    annex: str
    details: Mapping[str, Any]
    is_false: bool
    is_rebutted: bool
    is_internal: bool
    check_note: str | None
    rebuttal: str | None
    checked_by_id: str | None
    checked_at: datetime | None
    created_at: datetime
    files: tuple[FileLine, ...]
    checked_by: str = ""

    @property
    def presumption(self) -> Presumption:
        """What follows from it, as it is classified now."""
        return presumption_of(self.weight)


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """All evidence and files of a case that an actor may see, with what is still missing.

    `is_listed` is False where no list of evidence is known: then nothing missing does not mean that nothing is.
    """

    items: tuple[EvidenceLine, ...]
    loose_files: tuple[FileLine, ...]
    photographs: tuple[FileLine, ...]
    missing: tuple[MissingEvidence, ...]
    may_check: bool
    may_compare: bool = False
    agreement_id: str | None = None
    is_listed: bool = False


def sealed_details(*, person_id: str, item_id: str, values: Mapping[str, Any]) -> bytes:
    """Seal what stands on a document, with the item's own person."""
    details = {name: _written(values[name]) for name in _DETAILS if values.get(name)}
    text = json.dumps(details, ensure_ascii=False, sort_keys=True)
    return vault.seal_text(person_id=person_id, label=DETAILS_LABEL, record_id=item_id, text=text)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def opened_details(items: Sequence[EvidenceItem]) -> list[dict[str, Any]]:
    """Open the details of several items in one query; what cannot be read is empty."""
    texts = vault.open_texts(SealedText(i.person_id, DETAILS_LABEL, i.id, i.details_sealed) for i in items)
    opened: list[dict[str, Any]] = []
    for text in texts:
        details = dict.fromkeys(_DETAILS) | (json.loads(text) if text else {})
        for name in ("issued_on", "expires_on"):
            if details.get(name):
                details[name] = date.fromisoformat(details[name])
        opened.append(details)
    return opened


def details_of(item: EvidenceItem) -> dict[str, Any]:
    """Open the details of one item."""
    return opened_details([item])[0]


def file_lines(files: Sequence[StoredFile]) -> tuple[FileLine, ...]:
    """Return files as a list shows them, with their names opened; a name that cannot be read is left empty."""
    names = vault.open_texts(SealedText(file.person_id, NAME_LABEL, file.id, file.name_sealed) for file in files)
    translators = _translators(files)
    stored_at = {file.id: file.created_at for file in files}
    return tuple(
        FileLine(
            id=file.id,
            person_id=file.person_id,
            evidence_id=file.evidence_id,
            role=file.role,
            name=name or "",
            media_type=file.media_type,
            size=file.size,
            digest=file.digest,
            created_at=file.created_at,
            is_image=file.media_type.startswith("image/"),
            is_internal=file.is_internal,
            pages=file.pages,
            scan=Scan(file.scan),
            translation_of_id=file.translation_of_id,
            translation_language=file.translation_language,
            translator=translators.get(file.id),
            is_certified=file.is_certified,
            is_of_earlier_version=stored_at.get(file.translation_of_id or "", file.created_at) > file.created_at,
        )
        for file, name in zip(files, names, strict=True)
    )


def with_translations(lines: tuple[FileLine, ...]) -> tuple[FileLine, ...]:
    """Return the originals with their translations under them; one whose original is not shown stands alone."""
    shown = {line.id for line in lines}
    return tuple(
        replace(line, translations=tuple(other for other in lines if other.translation_of_id == line.id))
        for line in lines
        if line.translation_of_id not in shown
    )


def _translators(files: Sequence[StoredFile]) -> dict[str, str | None]:
    named = [file for file in files if file.translator_sealed is not None]
    opened = vault.open_texts(
        SealedText(file.person_id, TRANSLATOR_LABEL, file.id, file.translator_sealed or b"") for file in named
    )
    return {file.id: text for file, text in zip(named, opened, strict=True)}


def _opened_of_checks(items: Sequence[EvidenceItem]) -> dict[tuple[str, str], str | None]:
    """Open what checks of these items left in words, by item and label, in one query."""
    sealed = [
        SealedText(item.person_id, label, item.id, text)
        for item in items
        for label, text in ((NOTE_LABEL, item.check_note_sealed), (REBUTTAL_LABEL, item.rebuttal_sealed))
        if text is not None
    ]
    return {(one.record_id, one.label): text for one, text in zip(sealed, vault.open_texts(sealed), strict=True)}


def item_lines(
    rules: Mapping[Kind, EvidenceRule], items: Sequence[EvidenceItem], files: tuple[FileLine, ...], *, with_notes: bool
) -> tuple[EvidenceLine, ...]:
    """Return evidence as a list shows it, under the rules that name its kinds; the notes of checks only on demand."""
    notes = _opened_of_checks(items) if with_notes else {}
    checked_by = {item.checked_by_id for item in items if with_notes and item.checked_by_id}
    checkers = accounts.user_names(checked_by) if checked_by else {}
    lines = []
    for item, details in zip(items, opened_details(items), strict=True):
        purpose = EvidencePurpose(item.purpose)
        rule = rules.get((item.code, purpose))
        lines.append(
            EvidenceLine(
                id=item.id,
                person_id=item.person_id,
                code=item.code,
                label=rule.label if rule else item.code,
                purpose=purpose,
                weight=ProofClass(item.weight),
                weight_reason=EvidenceReason(item.weight_reason),
                weight_confidence=Confidence(item.weight_confidence),
                annex=rule.annex if rule else "",
                details=details,
                is_false=item.is_false,
                is_rebutted=item.is_rebutted,
                is_internal=item.is_internal,
                check_note=notes.get((item.id, NOTE_LABEL)),
                rebuttal=notes.get((item.id, REBUTTAL_LABEL)),
                checked_by_id=item.checked_by_id if with_notes else None,
                checked_at=item.checked_at if with_notes else None,
                created_at=item.created_at,
                files=tuple(file for file in files if file.evidence_id == item.id),
                checked_by=checkers.get(item.checked_by_id or "", ""),
            )
        )
    return tuple(lines)
