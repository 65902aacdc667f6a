"""The audit: `flask audit verify` over a million entries, in entries a second.

    script/bench audit
    script/bench audit -- --sizes 1000000 --database postgresql

The entries are written by SQL, each hashed as the service hashes it: a million through the service take an hour. Twenty
to a chain, as a case has them. Sizes count entries, not cases.
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from config import Settings
from ercms.app import create_app
from ercms.audit import canonical, checkpoints, verify
from ercms.audit.models import AuditChain, AuditEntry
from ercms.core.actor import SYSTEM
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import keyring
from tests import postgres
from tests.bench import harness
from tests.conftest import migrate

PER_CHAIN = 20
CHAINS_AT_ONCE = 250
PAYLOAD = canonical.statement_text({"page": "case", "references": ["RA-2026-XKS1A08-Y"]})


def main() -> None:
    """Print how many entries a second are verified, three times each."""
    options = harness.options(__doc__, (100_000, 1_000_000))
    report = harness.Report("Audit")
    for size in options.sizes:
        with ExitStack() as stack:
            _open(stack, options.database)
            fill(size)
            with unit_of_work():
                checkpoints.make_checkpoint(actor=SYSTEM)
            db.session.remove()
            began = time.perf_counter()
            timing = report.measure(
                "verify the whole audit", size, lambda _, size=size: _verified(size), range(3), warm_up=1
            )
            rate = size / timing.median * 1000
            print(f"{size:,} entries: {rate:,.0f} entries a second ({time.perf_counter() - began:.0f} s in all)")
    print(report.table())


def _open(stack: ExitStack, database: str) -> None:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    keyring.create(folder / "keyring.json")
    url = {}
    if database == "postgresql":
        url = {"database_url": stack.enter_context(postgres.server()).create("bench_audit")}
    settings = Settings.for_tests(folder, **url)
    migrate(settings)
    stack.enter_context(create_app(settings).app_context())


def fill(size: int) -> None:
    """Write sound chains of `PER_CHAIN` entries each, until there are `size` entries."""
    for first in range(0, size // PER_CHAIN, CHAINS_AT_ONCE):
        entries: list[dict[str, Any]] = []
        heads = []
        for number in range(first, min(first + CHAINS_AT_ONCE, size // PER_CHAIN)):
            chain = f"case:{number:032x}"
            last = canonical.START
            for seq in range(1, PER_CHAIN + 1):
                entry = _entry(chain, seq, last)
                last = entry["hash"]
                entries.append(entry)
            heads.append({"chain": chain, "last_seq": PER_CHAIN, "last_hash": last})
        with unit_of_work():
            _insert(AuditEntry.__table__, entries)
            _insert(AuditChain.__table__, heads)


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    assert isinstance(table, Table)
    db.session.execute(insert(table), rows)


def _entry(chain: str, seq: int, last: str) -> dict[str, Any]:
    values = {
        "chain": chain,
        "seq": seq,
        "at": "2026-11-24T08:00:00.000000Z",
        "actor_id": "5f" * 16,
        "organisation_id": "6a" * 16,
        "role": "case_worker",
        "channel": "web",
        "address": "192.0.2.17",
        "request_id": "7b" * 16,
        "action": "case.viewed",
        "record_type": "case",
        "record_id": chain[5:],
        "compartments": "contact,documents,family,identity,itinerary",
        "purpose": None,
        "result": "done",
        "payload": PAYLOAD,
        "prev_hash": last,
    }
    return {**values, "hash": canonical.entry_hash([values[name] for name in canonical.FIELDS])}


def _verified(size: int) -> None:
    found = verify.verify()
    assert found.is_sound, found
    assert found.entries >= size


if __name__ == "__main__":
    main()
