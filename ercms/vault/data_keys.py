"""From a person's wrapped data key to the sub-key of one use."""

import logging
from typing import Any

from ercms.core.errors import DamagedRecord, NotFound
from ercms.vault import envelope, queries, runtime
from ercms.vault.enums import Compartment
from ercms.vault.keys import WrappedKey

logger = logging.getLogger(__name__)


def context_of(person_id: str, key_version: int) -> bytes:
    """Return what a wrapped data key is bound to."""
    return envelope.binding("person", person_id, key_version)


def data_key_of(row: queries.KeyRow) -> bytes:
    """Open a person's data key.

    Raises:
        NotFound: `person_erased`.
        DamagedRecord: the wrapped key does not verify.
        KeyUnavailable: the keyring lacks the key that it is wrapped under.
    """
    if row.wrapped_key is None:
        raise NotFound("person_erased")
    wrapped = WrappedKey(row.kek_id, row.wrapped_key)
    return runtime.keyring().unwrap(wrapped, context_of(row.person_id, row.key_version))


def sub_key_of(row: queries.KeyRow, use: str) -> bytes:
    """Open a person's data key and derive the key of one use."""
    return envelope.sub_key(data_key_of(row), person_id=row.person_id, use=use)


def compartment_use(compartment: Compartment) -> str:
    """Name the sub-key of a compartment."""
    return f"compartment/{compartment.value}"


def compartment_binding(row: queries.KeyRow, compartment: Compartment, version: int) -> bytes:
    """Return what a compartment's ciphertext is bound to; the version keeps an older one from being put back."""
    return envelope.binding("compartment", row.person_id, compartment.value, row.key_version, version)


def open_row(row: queries.SealedRow, compartment: Compartment) -> dict[str, Any]:
    """Open the document of one row; empty where nothing was ever written.

    Raises:
        NotFound: `person_erased`.
        DamagedRecord: it does not verify; this is logged with the identifier of the person.
    """
    if row.wrapped_key is None:
        raise NotFound("person_erased")
    if row.sealed is None or row.version is None:
        return {}
    try:
        key = sub_key_of(row.key_row, compartment_use(compartment))
        bound_to = compartment_binding(row.key_row, compartment, row.version)
        return envelope.document_from(envelope.open_sealed(key, row.sealed, bound_to))
    except DamagedRecord as error:
        log_damage("compartment", row.person_id, compartment.value)
        raise DamagedRecord("record_damaged", person_id=row.person_id, compartment=compartment.value) from error


def log_damage(what: str, person_id: str, where: str) -> None:
    """Write down that stored data do not verify: identifiers and places only."""
    logger.error("vault: damaged %s of person %s (%s)", what, person_id, where)
