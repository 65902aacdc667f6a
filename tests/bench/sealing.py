"""Persons in bulk: the rows that the vault would write, made with its own primitives and without its queries."""

import random
from typing import Any

from ercms.core import clock
from ercms.core.db_types import new_id
from ercms.persons.names.keys import folded_keys
from ercms.vault import blind_index, data_keys, envelope, runtime, service
from ercms.vault.enums import Compartment, KeyPurpose, TokenKind
from ercms.vault.queries import KeyRow
from tests.bench.made_names import people, spellings


class Sealer:
    """The keys in hand, and names enough for many people."""

    def __init__(self) -> None:
        self.keyring = runtime.keyring()
        self.token_key = self.keyring.active(KeyPurpose.TOKEN)
        self.names = [dict(spellings(person))["az_latin"] for person in people(3, 2000)]
        self.keys = [sorted(folded_keys(name))[:6] for name in self.names]


def fin_of(number: int) -> str:
    """Return the FIN of the copy of this number."""
    return f"B{number:06}"


def document_of(number: int) -> str:
    """Return the document number of the copy of this number."""
    return f"C{number:08}"


def sealed_text(data_key: bytes, person_id: str, label: str, record_id: str, text: str) -> bytes:
    """Seal a free text of another table as the vault's service does."""
    use = envelope.sub_key(data_key, person_id=person_id, use=service._text_use(label))
    row = KeyRow(person_id, "", None, 1)
    return envelope.seal(use, text.encode(), service._text_binding(row, label, record_id))


def sealed_person(
    sealer: Sealer, data_key: bytes, person_id: str, number: int, chance: random.Random
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of one person, by table."""
    wrapped = sealer.keyring.wrap(data_key, data_keys.context_of(person_id, 1))
    row = KeyRow(person_id, wrapped.key_id, wrapped.blob, 1)
    place = chance.randrange(len(sealer.names))
    surname, _, given = sealer.names[place].partition(", ")
    born = f"{chance.randint(1955, 2008)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    documents: dict[Compartment, dict[str, Any]] = {
        Compartment.IDENTITY: {
            "surname": surname,
            "given_names": given,
            "birth_date": born,
            "fin": fin_of(number),
            "birth_place": "Bakı",
            "nationalities": ["AZ"],
        },
        Compartment.DOCUMENTS: {"document_number": document_of(number)},
    }
    now = clock.now()
    compartments = [
        {
            "person_id": person_id,
            "compartment": compartment,
            "version": 1,
            "written_at": now,
            "sealed": envelope.seal(
                envelope.sub_key(data_key, person_id=person_id, use=data_keys.compartment_use(compartment)),
                envelope.document_bytes(document),
                data_keys.compartment_binding(row, compartment, 1),
            ),
        }
        for compartment, document in documents.items()
    ]
    values = [
        (TokenKind.FIN, fin_of(number)),
        (TokenKind.DOCUMENT_NUMBER, document_of(number)),
        (TokenKind.BIRTH_DATE, born),
        *((TokenKind.NAME_KEY, key) for key in sealer.keys[place]),
    ]
    person = {
        "id": person_id,
        "kek_id": wrapped.key_id,
        "wrapped_key": wrapped.blob,
        "key_version": 1,
        "created_at": now,
        "erased_at": None,
    }
    return {
        "persons": [person],
        "person_compartments": compartments,
        "person_tokens": [_token(sealer, row, data_key, kind, value) for kind, value in values],
    }


def _token(sealer: Sealer, row: KeyRow, data_key: bytes, kind: TokenKind, value: str) -> dict[str, Any]:
    normalised = blind_index.normalise(kind, value)
    token_id = new_id()
    sealing_key = envelope.sub_key(data_key, person_id=row.person_id, use="search-values")
    return {
        "id": token_id,
        "person_id": row.person_id,
        "kind": kind,
        "token": blind_index.digest(sealer.token_key, kind, normalised),
        "key_id": sealer.token_key.id,
        "sealed": envelope.seal(sealing_key, normalised.encode(), service.token_binding(row, token_id, kind)),
    }
