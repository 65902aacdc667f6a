"""Verification finds every kind of tampering by somebody who may do anything with the database."""

# ruff: noqa: S608 - these tests play an attacker who owns the database

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import insert, text

from config import Settings
from ercms.audit import canonical, checkpoints, service, spelling, stretch_process, stretches, verify
from ercms.audit.actions import AuditAction
from ercms.audit.checkpoints import Checkpoint
from ercms.audit.models import AuditEntry
from ercms.audit.stretches import Cut, Stretch
from ercms.audit.verify import Finding, Flaw
from ercms.core.actor import SYSTEM
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import keyring
from ercms.vault.enums import KeyPurpose

PER_CHAIN = 5


def record(chain: str, count: int = 1) -> None:
    with unit_of_work():
        for number in range(count):
            service.record(
                actor=SYSTEM,
                action=AuditAction.CASE_UPDATED,
                chain=chain,
                record_type="case",
                record_id=chain,
                payload={"count": number, "section": "identity"},
            )


@pytest.fixture
def chains(app: Flask) -> list[str]:
    made = ["case:a", "case:b", "org:c"]
    for chain in made:
        record(chain, PER_CHAIN)
    return made


@contextmanager
def tampering() -> Iterator[None]:
    """Change the database as its owner could, with the triggers switched off."""
    with unit_of_work():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for name in db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                db.session.execute(text(f"DROP TRIGGER {name}"))
        yield


def tamper(*statements: str) -> None:
    with tampering():
        for statement in statements:
            db.session.execute(text(statement))


def rewrite(chain: str, seq: int, **changes: object) -> None:
    """Change an entry and compute every hash from there on anew, the chain's head too."""
    names = (*canonical.FIELDS, "hash")
    with tampering():
        rows = db.session.execute(
            text(f"SELECT {', '.join(names)} FROM audit_entries WHERE chain = :chain AND seq >= :seq ORDER BY seq"),
            {"chain": chain, "seq": seq},
        ).all()
        last = rows[0].prev_hash
        for row in rows:
            entry = {**row._asdict(), "prev_hash": last, **(changes if row.seq == seq else {})}
            last = canonical.entry_hash([entry[name] for name in canonical.FIELDS])
            entry["hash"] = last
            assignments = ", ".join(f"{name} = :{name}" for name in names)
            db.session.execute(
                text(f"UPDATE audit_entries SET {assignments} WHERE chain = :chain AND seq = :seq"), entry
            )
        db.session.execute(
            text("UPDATE audit_chains SET last_hash = :last WHERE chain = :chain"), {"chain": chain, "last": last}
        )


def checkpoint() -> Checkpoint:
    with unit_of_work():
        return checkpoints.make_checkpoint(actor=SYSTEM)


def test_a_sound_audit_is_counted(chains: list[str]) -> None:
    assert verify.verify() == verify.Report(entries=15, chains=3, checkpoints=0, finding=None)
    checkpoint()
    report = verify.verify()
    assert (report.entries, report.chains, report.checkpoints, report.is_sound) == (16, 4, 1, True)


def test_an_empty_audit_is_sound(app: Flask) -> None:
    assert verify.verify().is_sound
    checkpoint()
    assert verify.verify(kept=checkpoint()).is_sound


@pytest.mark.parametrize("column", [*canonical.FIELDS[2:], "hash"])
def test_an_edit_of_any_column_is_found_at_its_entry(chains: list[str], column: str) -> None:
    tamper(f"UPDATE audit_entries SET {column} = 'x' WHERE chain = 'case:b' AND seq = 3")

    assert verify.verify().finding == Finding(Flaw.EDITED, "case:b", 3)


HOSTILE = '"quoted" \\ \b\f\n\r\t\x01\x1f\x7f/<>&\' Əliyev Ğ \u2028 \U0001f600 \u0301'


def test_the_database_spells_an_entry_as_python_does(chains: list[str]) -> None:
    tamper("DELETE FROM audit_entries")
    values: dict[str, object] = dict.fromkeys(canonical.FIELDS, HOSTILE[:20])
    values |= {"seq": 1, "address": None, "purpose": "", "payload": HOSTILE}
    row = values | {"hash": canonical.entry_hash([values[name] for name in canonical.FIELDS])}
    with tampering():
        db.session.execute(insert(AuditEntry).values(row))
    with spelling.one_moment() as connection:
        (only,) = (row for rows in spelling.partitions(connection) for row in rows)
    assert only[-1].decode() == canonical.entry_text([values[name] for name in canonical.FIELDS])
    assert only[:-1] == (HOSTILE[:20], 1, HOSTILE[:20], row["hash"])


def test_bytes_in_the_place_of_a_text_are_found(chains: list[str], database_kind: str) -> None:
    # PostgreSQL makes a text of them, SQLite keeps them as they are.
    as_bytes = "decode('73', 'hex')::text" if database_kind == "postgresql" else "CAST(role AS BLOB)"
    tamper(f"UPDATE audit_entries SET role = {as_bytes} WHERE chain = 'case:b' AND seq = 3")

    assert verify.verify().finding == Finding(Flaw.EDITED, "case:b", 3)


@pytest.mark.parametrize(("seq", "found"), [(1, 1), (3, 3)])
def test_a_removed_entry_is_found(chains: list[str], seq: int, found: int) -> None:
    tamper(f"DELETE FROM audit_entries WHERE chain = 'case:b' AND seq = {seq}")

    assert verify.verify().finding == Finding(Flaw.MISSING, "case:b", found)


def test_a_removed_entry_is_found_when_the_others_move_up(chains: list[str]) -> None:
    tamper(
        "DELETE FROM audit_entries WHERE chain = 'case:b' AND seq = 3",
        "UPDATE audit_entries SET seq = 3 WHERE chain = 'case:b' AND seq = 4",
        "UPDATE audit_entries SET seq = 4 WHERE chain = 'case:b' AND seq = 5",
    )

    assert verify.verify().finding == Finding(Flaw.EDITED, "case:b", 3)


def test_reordered_entries_are_found(chains: list[str]) -> None:
    tamper(
        "UPDATE audit_entries SET seq = 99 WHERE chain = 'case:b' AND seq = 2",
        "UPDATE audit_entries SET seq = 2 WHERE chain = 'case:b' AND seq = 3",
        "UPDATE audit_entries SET seq = 3 WHERE chain = 'case:b' AND seq = 99",
    )

    assert verify.verify().finding == Finding(Flaw.EDITED, "case:b", 2)


def test_an_entry_with_a_right_hash_in_a_wrong_place_is_found(chains: list[str]) -> None:
    rewrite("case:b", 3, prev_hash="f" * 64)

    assert verify.verify().finding == Finding(Flaw.OUT_OF_PLACE, "case:b", 3)


@pytest.mark.parametrize("seq", [0, 6])
def test_an_inserted_entry_is_found(chains: list[str], seq: int) -> None:
    names = ", ".join(name for name in (*canonical.FIELDS, "hash") if name != "seq")
    tamper(
        f"INSERT INTO audit_entries (seq, {names})"
        f" SELECT {seq}, {names} FROM audit_entries WHERE chain = 'case:b' AND seq = 5"
    )

    finding = verify.verify().finding
    assert finding is not None
    assert (finding.chain, finding.seq) == ("case:b", seq)


def test_a_well_formed_entry_behind_the_head_is_found(chains: list[str]) -> None:
    record("case:b")
    tamper(
        "UPDATE audit_chains SET last_seq = 5, last_hash ="
        " (SELECT hash FROM audit_entries WHERE chain = 'case:b' AND seq = 5) WHERE chain = 'case:b'"
    )

    assert verify.verify().finding == Finding(Flaw.TAIL_ADDED, "case:b", 6)


def test_a_cut_tail_is_found(chains: list[str]) -> None:
    tamper("DELETE FROM audit_entries WHERE chain = 'case:b' AND seq > 3")

    assert verify.verify().finding == Finding(Flaw.TAIL_CUT, "case:b", 4)


def test_a_chain_that_was_emptied_is_found(chains: list[str]) -> None:
    tamper("DELETE FROM audit_entries WHERE chain = 'case:b'")

    assert verify.verify().finding == Finding(Flaw.TAIL_CUT, "case:b", 1)


def cut_with_head(chain: str, seq: int) -> None:
    tamper(
        f"DELETE FROM audit_entries WHERE chain = '{chain}' AND seq > {seq}",
        f"UPDATE audit_chains SET last_seq = {seq}, last_hash ="
        f" (SELECT hash FROM audit_entries WHERE chain = '{chain}' AND seq = {seq}) WHERE chain = '{chain}'",
    )


def test_a_tail_cut_together_with_its_head_is_found_by_a_checkpoint(chains: list[str]) -> None:
    checkpoint()
    cut_with_head("case:b", 3)

    assert verify.verify().finding == Finding(Flaw.TAIL_CUT, "case:b", 5)


def test_a_whole_chain_removed_together_with_its_head_is_found_by_a_checkpoint(chains: list[str]) -> None:
    checkpoint()
    tamper("DELETE FROM audit_entries WHERE chain = 'case:b'", "DELETE FROM audit_chains WHERE chain = 'case:b'")

    assert verify.verify().finding == Finding(Flaw.TAIL_CUT, "case:b", 5)


def test_a_chain_rewritten_with_right_hashes_is_found_by_a_checkpoint(chains: list[str]) -> None:
    checkpoint()
    rewrite("case:b", 2, actor_id="somebody-else")

    assert verify.verify().finding == Finding(Flaw.REWRITTEN, "case:b", 5)


def test_heads_changed_along_with_a_rewritten_chain_contradict_the_signed_root(chains: list[str]) -> None:
    checkpoint()
    rewrite("case:b", 2, actor_id="somebody-else")
    tamper(
        "UPDATE audit_checkpoint_heads SET hash ="
        " (SELECT last_hash FROM audit_chains WHERE chain = 'case:b') WHERE chain = 'case:b'"
    )

    assert verify.verify().finding == Finding(Flaw.CHECKPOINT_CONTRADICTED, "checkpoint", 1)


def test_a_forged_statement_is_found(chains: list[str]) -> None:
    made = checkpoint()
    forged = canonical.statement_text({**made.content, "entries": 14})
    with tampering():
        db.session.execute(text("UPDATE audit_checkpoints SET statement = :forged"), {"forged": forged})

    assert verify.verify().finding == Finding(Flaw.CHECKPOINT_FORGED, "checkpoint", 1)
    tamper("UPDATE audit_checkpoints SET signature = 'no hex'")
    assert verify.verify().finding == Finding(Flaw.CHECKPOINT_FORGED, "checkpoint", 1)


def test_a_removed_checkpoint_is_found_by_the_next_or_by_a_kept_one(chains: list[str]) -> None:
    checkpoint()
    record("case:a")
    second = checkpoint()
    record("case:a")
    checkpoint()
    tamper("DELETE FROM audit_checkpoints WHERE number = 3")
    assert verify.verify(kept=second).is_sound
    tamper("DELETE FROM audit_checkpoints WHERE number = 1")
    assert verify.verify().finding == Finding(Flaw.CHECKPOINT_MISSING, "checkpoint", 1)
    tamper("DELETE FROM audit_checkpoints", "DELETE FROM audit_checkpoint_heads")
    assert verify.verify().is_sound
    assert verify.verify(kept=second).finding == Finding(Flaw.CHECKPOINT_MISSING, "checkpoint", 2)


def test_a_kept_checkpoint_survives_growth_rotation_and_later_checkpoints(
    chains: list[str], settings: Settings
) -> None:
    kept = checkpoints.checkpoint_from(checkpoint().to_text())
    keyring.rotate(settings.keyring_path, KeyPurpose.SIGNATURE)
    record("case:a", 3)
    record("case:new", 2)
    second = checkpoint()

    assert second.key_id != kept.key_id
    assert second.content["previous"] == kept.digest
    assert verify.verify(kept=kept).is_sound


def test_a_forged_kept_checkpoint_is_named_as_such(chains: list[str]) -> None:
    made = checkpoint()
    forged = Checkpoint(canonical.statement_text({**made.content, "root": "0" * 64}), made.key_id, made.signature)

    assert verify.verify(kept=forged).finding == Finding(Flaw.CHECKPOINT_FORGED, "checkpoint", 1)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"statement": "{}", "key_id": "k", "signature": "00"}', '{"statement": 1, "key_id": 1}'],
)
def test_what_is_no_checkpoint_is_refused(content: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        checkpoints.checkpoint_from(content)
    assert caught.value.code == "checkpoint_malformed"


def test_a_checkpoint_stores_only_what_has_grown(chains: list[str]) -> None:
    checkpoint()
    record("case:a")
    checkpoint()

    heads = db.session.execute(text("SELECT number, chain FROM audit_checkpoint_heads ORDER BY number, chain")).all()
    assert [tuple(row) for row in heads] == [
        (1, "case:a"),
        (1, "case:b"),
        (1, "org:c"),
        (2, "case:a"),
        (2, "system"),
    ]
    assert [made.number for made in checkpoints.list_checkpoints()] == [1, 2]


def test_more_chains_than_one_comparison_takes_are_all_compared(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "_CHAINS_AT_ONCE", 3)
    for number in range(8):
        record(f"case:{number}", 2)
    assert verify.verify().chains == 8

    cut = "UPDATE audit_chains SET last_seq = 9 WHERE chain = 'case:{}'"
    tamper(cut.format(7))
    assert verify.verify().finding == Finding(Flaw.TAIL_CUT, "case:7", 3)
    tamper(cut.format(1))
    assert verify.verify().finding == Finding(Flaw.TAIL_CUT, "case:1", 3)


REMOVE = "DELETE FROM audit_entries WHERE chain = 'case:b' AND seq {}"
_HEAD = "UPDATE audit_chains SET last_seq = {} WHERE chain = 'case:b'"


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE audit_entries SET role = 'x' WHERE chain = 'case:b' AND seq = 3", (Flaw.EDITED, "case:b", 3)),
        ("UPDATE audit_entries SET seq = 0 WHERE chain = 'case:b' AND seq = 3", (Flaw.OUT_OF_PLACE, "case:b", 0)),
        (REMOVE.format("= 1"), (Flaw.MISSING, "case:b", 1)),
        (REMOVE.format("= 3"), (Flaw.MISSING, "case:b", 3)),
        (REMOVE.format("> 3"), (Flaw.TAIL_CUT, "case:b", 4)),
        (_HEAD.format(4), (Flaw.TAIL_ADDED, "case:b", 5)),
        (_HEAD.format(6), (Flaw.TAIL_CUT, "case:b", 6)),
    ],
)
def test_wherever_the_audit_is_cut_the_first_flaw_is_the_same(
    chains: list[str], change: str, finding: tuple[Flaw, str, int]
) -> None:
    # A later flaw of every kind is there too, so that each stretch has something to find.
    tamper(change, "UPDATE audit_entries SET role = 'x' WHERE chain = 'org:c' AND seq = 5")
    with spelling.one_moment() as connection:
        source = spelling.source_of(connection)
        rows = [row for part in source.rows(Stretch()) for row in part]
        for chain, seq, _, own, _ in rows:
            cut = Cut(chain, seq, own)
            outcomes = [stretches.check(source, one) for one in (Stretch(None, cut), Stretch(cut, None))]
            first = next(outcome.finding for outcome in outcomes if outcome.finding is not None)
            assert first == Finding(*finding), cut


def test_several_processes_find_what_one_finds(chains: list[str]) -> None:
    for number in range(4):
        record(f"case:{number}", 3)
    alone = verify.verify(parts=1)
    assert verify.verify(parts=3) == alone
    assert (alone.entries, alone.is_sound) == (27, True)
    tamper(
        "UPDATE audit_entries SET role = 'x' WHERE chain = 'org:c' AND seq = 2",
        "UPDATE audit_entries SET role = 'x' WHERE chain = 'case:3' AND seq = 3",
    )
    assert verify.verify(parts=3).finding == Finding(Flaw.EDITED, "case:3", 3)
    tamper(
        "UPDATE audit_entries SET role = 'system' WHERE chain = 'case:3' AND seq = 3",
    )
    assert verify.verify(parts=3).finding == Finding(Flaw.EDITED, "org:c", 2)


def test_a_stretch_whose_process_fails_is_read_here(chains: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    tamper("UPDATE audit_entries SET role = 'x' WHERE chain = 'org:c' AND seq = 5")
    monkeypatch.setattr(stretch_process, "_CODE", "import sys; sys.stdin.read(); sys.exit(3)")
    assert verify.verify(parts=3).finding == Finding(Flaw.EDITED, "org:c", 5)


def test_no_personal_data_can_be_in_a_checkpoint(chains: list[str]) -> None:
    assert set(json.loads(checkpoint().statement)) == {
        "type",
        "number",
        "made_at",
        "chains",
        "entries",
        "root",
        "previous",
    }
