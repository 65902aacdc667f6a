"""What other domains may do with personal data: seal, open, search by token, erase.

Who may do it, and the audit entry that goes with it, are the caller's.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, Table, delete, insert, select, update

from ercms.core import clock
from ercms.core.db_types import new_id
from ercms.core.errors import DamagedRecord, NotFound
from ercms.core.unit_of_work import after_commit
from ercms.extensions import db
from ercms.vault import blind_index, envelope, files, queries, runtime
from ercms.vault.data_keys import (
    compartment_binding,
    compartment_use,
    context_of,
    log_damage,
    open_row,
    sub_key_of,
)
from ercms.vault.enums import Compartment, KeyPurpose, TokenKind
from ercms.vault.keys import Signature
from ercms.vault.models import Person, PersonCompartment, PersonFile, PersonToken
from ercms.vault.queries import KeyRow

_FIRST_KEY_VERSION = 1
_COUNTED = 4  # hexadecimal digits; the rest of an identifier is random
_INSERT_TOKENS = insert(cast(Table, PersonToken.__table__))
_TOKEN_USE = "search-values"  # noqa: S105 - the name of a sub-key, not a secret


class SealedText(NamedTuple):
    """One sealed text of another table, as `open_texts` takes it."""

    person_id: str
    label: str
    record_id: str
    sealed: bytes


def create_person() -> str:
    """Make a person with a random data key and nothing else; return the identifier."""
    person_id = new_id()
    wrapped = runtime.keyring().wrap(envelope.new_data_key(), context_of(person_id, _FIRST_KEY_VERSION))
    person = Person(
        id=person_id,
        kek_id=wrapped.key_id,
        wrapped_key=wrapped.blob,
        key_version=_FIRST_KEY_VERSION,
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    return person_id


def seal(*, person_id: str, compartment: Compartment, document: dict[str, Any]) -> None:
    """Write a whole compartment: a JSON document in place of the former one.

    Raises:
        NotFound: there is no such person, or `person_erased`.
    """
    key_row = queries.get_key_row(person_id)
    row = db.session.get(PersonCompartment, (person_id, compartment))
    version = 1 if row is None else row.version + 1
    sealed = envelope.seal(
        sub_key_of(key_row, compartment_use(compartment)),
        envelope.document_bytes(document),
        compartment_binding(key_row, compartment, version),
    )
    if row is None:
        row = PersonCompartment(person_id=person_id, compartment=compartment)
        db.session.add(row)
    row.version, row.sealed, row.written_at = version, sealed, clock.now()
    db.session.flush()


def open(*, person_id: str, compartment: Compartment) -> dict[str, Any]:
    """Return a compartment's document; empty when it was never written.

    Raises:
        NotFound: there is no such person, or `person_erased`.
        DamagedRecord: `record_damaged`, it does not verify.
    """
    rows = queries.list_sealed([person_id], compartment)
    if not rows:
        raise NotFound
    return open_row(rows[0], compartment)


def open_many(*, person_ids: Iterable[str], compartment: Compartment) -> dict[str, dict[str, Any]]:
    """Return the documents of many persons for a list, in one query.

    Who was erased, never existed, or whose document does not verify (this is logged) is absent, so that one damaged
    record does not hide the others; a page shows an absent one as not readable.
    """
    documents = {}
    for row in queries.list_sealed(set(person_ids), compartment):
        try:
            documents[row.person_id] = open_row(row, compartment)
        except (NotFound, DamagedRecord):
            continue
    return documents


def written_compartments(*, person_id: str) -> list[Compartment]:
    """Return which compartments hold something, without opening any."""
    return queries.list_written(person_id)


def seal_text(*, person_id: str, label: str, record_id: str, text: str) -> bytes:
    """Seal a free text for a column of another table; `label` is `<table>.<column>`.

    Raises:
        NotFound: there is no such person, or `person_erased`.
    """
    row = queries.get_key_row(person_id)
    return envelope.seal(sub_key_of(row, _text_use(label)), text.encode(), _text_binding(row, label, record_id))


def open_text(*, person_id: str, label: str, record_id: str, sealed: bytes) -> str:
    """Open what `seal_text` gave, for the same person, label and record only.

    Raises:
        NotFound: there is no such person, or `person_erased`.
        DamagedRecord: `record_damaged`.
    """
    row = queries.get_key_row(person_id)
    return _open_text(row, sub_key_of(row, _text_use(label)), SealedText(person_id, label, record_id, sealed))


def open_texts(items: Iterable[SealedText]) -> list[str | None]:
    """Open many texts in one query, in the order given; None stands for one that cannot be read (erased, damaged)."""
    wanted = list(items)
    rows = queries.list_key_rows({item.person_id for item in wanted})
    keys: dict[tuple[str, str], bytes] = {}
    texts: list[str | None] = []
    for item in wanted:
        row = rows.get(item.person_id)
        try:
            if row is None or row.wrapped_key is None:
                texts.append(None)
                continue
            place = (item.person_id, item.label)
            if place not in keys:
                keys[place] = sub_key_of(row, _text_use(item.label))
            texts.append(_open_text(row, keys[place], item))
        except DamagedRecord:
            texts.append(None)
    return texts


def token(kind: TokenKind, value: str) -> bytes:
    """Return the present search token of a value, as the audit of a search names it."""
    key = runtime.keyring().active(KeyPurpose.TOKEN)
    return blind_index.digest(key, kind, blind_index.normalise(kind, value))


def set_tokens(*, person_id: str, kind: TokenKind, values: Iterable[str]) -> int:
    """Make a person findable by exactly these values of one kind; values that normalise to nothing are left out.

    Only what changes is written.

    Returns:
        How many tokens were written or taken away; 0 when everything stood as it should.

    Raises:
        NotFound: there is no such person, or `person_erased`.
    """
    row = queries.get_key_row(person_id)
    token_key = runtime.keyring().active(KeyPurpose.TOKEN)
    wanted = sorted({normalised for value in values if (normalised := blind_index.normalise(kind, value))})
    missing = dict(zip(blind_index.digests(token_key, kind, wanted), wanted, strict=True))
    outdated = []
    for token_id, digest, key_id in queries.list_token_digests(person_id, kind):
        # What was made with a former key is made anew; the value of a token that stays is not sealed again.
        if key_id != token_key.id or missing.pop(digest, None) is None:
            outdated.append(token_id)
    if outdated:
        db.session.execute(delete(PersonToken).where(PersonToken.id.in_(outdated)))
    if not missing:
        return len(outdated)
    sealing_key = sub_key_of(row, _TOKEN_USE)
    # The identifiers of one person's tokens stand together, so that one page of their index is written, not dozens.
    begin = new_id()[:-_COUNTED]
    rows = [
        {
            "id": (token_id := f"{begin}{number:0{_COUNTED}x}"),
            "person_id": person_id,
            "kind": kind,
            "token": digest,
            "key_id": token_key.id,
            "sealed": envelope.seal(sealing_key, value.encode(), token_binding(row, token_id, kind)),
        }
        for number, (digest, value) in enumerate(missing.items())
    ]
    # One statement for all: a name has dozens of keys.
    db.session.execute(_INSERT_TOKENS, rows)
    return len(outdated) + len(rows)


def lock_persons(
    *, compartment: Compartment, without: TokenKind | None = None, after: str = "", limit: int = 500
) -> list[str]:
    """Return who has a compartment to read, by identifier, and hold them until the transaction ends.

    Nobody is erased meanwhile, and nobody's compartment is written: what is made from it cannot be outdated when it is
    stored. Erased persons are not among them. `without` leaves out who has a token of that kind already.
    """
    return queries.lock_persons(compartment, without, after, limit)


def find_person_ids(*, kind: TokenKind, value: str) -> list[str]:
    """Return the persons who were made findable by this value; each token key still in use is tried."""
    return queries.list_person_ids(kind, blind_index.tokens_for_search(runtime.keyring(), kind, value))


def rank_person_ids(
    *, kind: TokenKind, values: Iterable[str], limit: int, person_ids: Select[str] | None = None
) -> list[tuple[str, int]]:
    """Return the persons who share the most of these values, each with how many, at most `limit` of them.

    `person_ids` selects whom alone to count.
    """
    tokens = blind_index.tokens_of_many(runtime.keyring(), kind, values)
    return queries.rank_person_ids(kind, sorted(set(tokens)), limit, person_ids)


def token_value(row: KeyRow, stored: queries.TokenRow) -> str:
    """Return the normalised value behind a stored token, for making it anew under another token key."""
    bound_to = token_binding(row, stored.id, stored.kind)
    return envelope.open_sealed(sub_key_of(row, _TOKEN_USE), stored.sealed, bound_to).decode()


def token_binding(row: KeyRow, token_id: str, kind: TokenKind) -> bytes:
    """Return what the sealed value of a token is bound to."""
    return envelope.binding("token", row.person_id, token_id, kind.value, row.key_version)


def erase_person(*, person_id: str) -> None:
    """Destroy a person's data key, tokens, compartments and files; texts in other tables die with the key.

    The files leave the disk once the transaction is safe; `files.sweep` removes what a crash left behind. An erased
    person is left alone.

    Raises:
        NotFound: there was never such a person.
    """
    if db.session.scalar(select(Person.id).where(Person.id == person_id)) is None:
        raise NotFound
    file_ids = [file.file_id for file in queries.list_files(person_id=person_id)]
    at = clock.now()
    db.session.execute(
        update(Person).where(Person.id == person_id, Person.erased_at.is_(None)).values(wrapped_key=None, erased_at=at)
    )
    db.session.execute(delete(PersonToken).where(PersonToken.person_id == person_id))
    db.session.execute(delete(PersonCompartment).where(PersonCompartment.person_id == person_id))
    db.session.execute(update(PersonFile).where(PersonFile.person_id == person_id).values(erased_at=at))
    folder = runtime.files_path()
    after_commit(lambda: files.remove_from_disk(folder, file_ids))


def erased_at(*, person_id: str) -> datetime | None:
    """Return when a person was erased; None for somebody whose data are there, and for nobody."""
    return db.session.scalar(select(Person.erased_at).where(Person.id == person_id))


def count_files(*, person_id: str) -> int:
    """Return how many files of a person are on the disk."""
    return len(queries.list_files(person_id=person_id))


def sign(message: bytes) -> Signature:
    """Sign a statement of this installation; the message itself must say what kind of statement it is."""
    return runtime.keyring().sign(message)


def is_signed(message: bytes, signature: Signature) -> bool:
    """Tell whether a signature is this installation's over exactly this message; past keys count."""
    return runtime.keyring().is_signed(message, signature)


def signature_keys() -> dict[str, bytes]:
    """Return the public signature keys by identifier, as they are published to partners."""
    return runtime.keyring().public_keys()


def _text_use(label: str) -> str:
    return f"text/{label}"


def _text_binding(row: KeyRow, label: str, record_id: str) -> bytes:
    return envelope.binding("text", row.person_id, label, record_id, row.key_version)


def _open_text(row: KeyRow, key: bytes, item: SealedText) -> str:
    try:
        return envelope.open_sealed(key, item.sealed, _text_binding(row, item.label, item.record_id)).decode()
    except DamagedRecord as error:
        log_damage("text", item.person_id, f"{item.label} {item.record_id}")
        raise DamagedRecord("record_damaged", label=item.label, record_id=item.record_id) from error
