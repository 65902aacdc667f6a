"""Named reads of the vault. They give ciphertexts only to the service that opens them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from ercms.core.errors import NotFound
from ercms.extensions import db
from ercms.vault.enums import Compartment, TokenKind
from ercms.vault.models import Person, PersonCompartment, PersonFile, PersonToken

# SQLite takes 32,766 values in a statement, PostgreSQL 65,535.
_MOST_PARAMETERS = 20_000


class KeyRow(NamedTuple):
    """A person's wrapped data key; `wrapped_key` is None after an erasure."""

    person_id: str
    kek_id: str
    wrapped_key: bytes | None
    key_version: int


class SealedRow(NamedTuple):
    """A person's wrapped data key with one sealed document, or None where it was never written."""

    person_id: str
    kek_id: str
    wrapped_key: bytes | None
    key_version: int
    version: int | None
    sealed: bytes | None

    @property
    def key_row(self) -> KeyRow:
        """Return the part that the key is opened from."""
        return KeyRow(self.person_id, self.kek_id, self.wrapped_key, self.key_version)


class TokenRow(NamedTuple):
    """A stored token with its sealed value."""

    id: str
    person_id: str
    kind: TokenKind
    sealed: bytes


_KEY_COLUMNS = (Person.id, Person.kek_id, Person.wrapped_key, Person.key_version)
# Every sealing and every saving runs these, so they are built once.
_KEY_ROW = select(*_KEY_COLUMNS).where(Person.id == bindparam("person_id"))
_TOKEN_DIGESTS = select(PersonToken.id, PersonToken.token, PersonToken.key_id).where(
    PersonToken.person_id == bindparam("person_id"), PersonToken.kind == bindparam("kind")
)


def get_key_row(person_id: str) -> KeyRow:
    """Return the key of a person.

    Raises:
        NotFound: there was never such a person (`not_found`), or the person was erased (`person_erased`).
    """
    found = db.session.execute(_KEY_ROW, {"person_id": person_id}).one_or_none()
    if found is None:
        raise NotFound
    row = KeyRow(*found)
    if row.wrapped_key is None:
        raise NotFound("person_erased")
    return row


def list_key_rows(person_ids: Iterable[str]) -> dict[str, KeyRow]:
    """Return the keys of the persons that there are, the erased ones included."""
    rows = db.session.execute(select(*_KEY_COLUMNS).where(Person.id.in_(list(person_ids))))
    return {row[0]: KeyRow(*row) for row in rows}


def list_sealed(person_ids: Iterable[str], compartment: Compartment) -> list[SealedRow]:
    """Return key and sealed document of the persons that there are, in one query."""
    same_person = and_(PersonCompartment.person_id == Person.id, PersonCompartment.compartment == compartment)
    statement = (
        select(*_KEY_COLUMNS, PersonCompartment.version, PersonCompartment.sealed)
        .join_from(Person, PersonCompartment, same_person, isouter=True)
        .where(Person.id.in_(list(person_ids)))
    )
    return [SealedRow(*row) for row in db.session.execute(statement)]


def lock_persons(compartment: Compartment, without: TokenKind | None, after: str, limit: int) -> list[str]:
    """Return persons who have this compartment and a key, and lock both rows of each, in the order of identifiers."""
    same_person = and_(PersonCompartment.person_id == Person.id, PersonCompartment.compartment == compartment)
    statement = select(Person.id).join_from(Person, PersonCompartment, same_person)
    statement = statement.where(Person.wrapped_key.is_not(None), Person.id > after)
    if without is not None:
        token = select(PersonToken.id).where(PersonToken.person_id == Person.id, PersonToken.kind == without)
        statement = statement.where(~token.exists())
    locked = statement.order_by(Person.id).limit(limit).with_for_update(of=[Person, PersonCompartment])
    return list(db.session.scalars(locked))


def list_written(person_id: str) -> list[Compartment]:
    """Return which compartments of a person were ever written."""
    statement = select(PersonCompartment.compartment).where(PersonCompartment.person_id == person_id)
    return list(db.session.scalars(statement.order_by(PersonCompartment.compartment)))


def list_person_ids(kind: TokenKind, tokens: Sequence[bytes]) -> list[str]:
    """Return the persons who have one of these tokens, in a stable order."""
    if not tokens:
        return []
    statement = select(PersonToken.person_id).where(PersonToken.kind == kind, PersonToken.token.in_(tokens))
    return list(db.session.scalars(statement.distinct().order_by(PersonToken.person_id)))


def rank_person_ids(
    kind: TokenKind, tokens: Sequence[bytes], limit: int, person_ids: Select[str] | None = None
) -> list[tuple[str, int]]:
    """Return who has the most of these tokens, each with how many; the index alone answers this."""
    shared: Counter[str] = Counter()
    for start in range(0, len(tokens), _MOST_PARAMETERS):
        statement = ranking(kind, tokens[start : start + _MOST_PARAMETERS], limit, person_ids)
        for person_id, number in db.session.execute(statement):
            shared[person_id] += number
    return sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def ranking(
    kind: TokenKind, tokens: Sequence[bytes], limit: int, person_ids: Select[str] | None = None
) -> Select[str, int]:
    """Return the statement that counts how many of these tokens each person has, the most first."""
    count = func.count()
    conditions = [PersonToken.kind == kind, PersonToken.token.in_(tokens)]
    if person_ids is not None:
        conditions.append(PersonToken.person_id.in_(person_ids))
    statement = select(PersonToken.person_id, count).where(*conditions).group_by(PersonToken.person_id)
    return statement.order_by(count.desc(), PersonToken.person_id).limit(limit)


def list_token_digests(person_id: str, kind: TokenKind) -> list[tuple[str, bytes, str]]:
    """Return the tokens that a person has of one kind: the identifier, the token, and the key that made it."""
    found = db.session.execute(_TOKEN_DIGESTS, {"person_id": person_id, "kind": kind})
    return [(token_id, token, key_id) for token_id, token, key_id in found]


def list_tokens(*criteria: ColumnElement[bool], limit: int | None = None) -> list[TokenRow]:
    """Return stored tokens that meet the criteria, oldest identifier first."""
    statement = select(PersonToken.id, PersonToken.person_id, PersonToken.kind, PersonToken.sealed)
    rows = db.session.execute(statement.where(*criteria).order_by(PersonToken.id).limit(limit))
    return [TokenRow(*row) for row in rows]


def list_wrapped_otherwise(key_id: str, after: str, limit: int) -> list[KeyRow]:
    """Return keys that are wrapped under any key but this one, by the identifiers of their persons."""
    statement = select(*_KEY_COLUMNS).where(Person.kek_id != key_id, Person.wrapped_key.is_not(None), Person.id > after)
    return [KeyRow(*row) for row in db.session.execute(statement.order_by(Person.id).limit(limit))]


def count_wrapped(key_id: str) -> int:
    """Count the persons whose data key is wrapped under this key.

    A person is wrapped once under one key, so for the active key this is the number of its encryptions that exist.
    """
    return db.session.scalar(select(func.count()).where(Person.kek_id == key_id, Person.wrapped_key.is_not(None))) or 0


def count_encryptions(key_id: str) -> int:
    """Count what was ever encrypted under this key and not re-wrapped since; the rows of erased persons count."""
    return db.session.scalar(select(func.count()).where(Person.kek_id == key_id)) or 0


def count_tokens(key_id: str) -> int:
    """Count the tokens that were made with this key."""
    return db.session.scalar(select(func.count()).where(PersonToken.key_id == key_id)) or 0


def list_named_key_ids() -> set[str]:
    """Return every key that a row still needs."""
    wrapping = select(Person.kek_id).where(Person.wrapped_key.is_not(None)).distinct()
    searching = select(PersonToken.key_id).distinct()
    return set(db.session.scalars(wrapping)) | set(db.session.scalars(searching))


def list_files(*, person_id: str) -> list[PersonFile]:
    """Return the files of a person that are still on disk."""
    statement = select(PersonFile).where(PersonFile.person_id == person_id, PersonFile.erased_at.is_(None))
    return list(db.session.scalars(statement))


def list_erased_file_ids(limit: int) -> list[str]:
    """Return files that were given up and may still be on disk."""
    statement = select(PersonFile.file_id).where(PersonFile.erased_at.is_not(None))
    return list(db.session.scalars(statement.order_by(PersonFile.file_id).limit(limit)))


def list_known_file_ids(file_ids: Sequence[str]) -> set[str]:
    """Return those of these names that are files of somebody."""
    known: set[str] = set()
    for start in range(0, len(file_ids), 500):
        part = file_ids[start : start + 500]
        known |= set(db.session.scalars(select(PersonFile.file_id).where(PersonFile.file_id.in_(part))))
    return known
