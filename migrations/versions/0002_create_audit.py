"""Create the audit: entries, chain heads, checkpoints; nothing in it is ever changed or removed."""

import sqlalchemy as sa
from alembic import op

revision = "0002_create_audit"
down_revision = "0001_create_accounts"
branch_labels = None
depends_on = None

CHAIN = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
APPEND_ONLY = ("audit_entries", "audit_checkpoints", "audit_checkpoint_heads")
MESSAGE = "the audit is append-only"


def upgrade() -> None:
    create_entries()
    op.create_table(
        "audit_chains",
        sa.Column("chain", CHAIN, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_chains")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "audit_checkpoint_heads",
        sa.Column("chain", CHAIN, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_checkpoint_heads")),
    )
    op.create_index(op.f("ix_audit_checkpoint_heads_number"), "audit_checkpoint_heads", ["number"])
    if op.get_bind().dialect.name == "postgresql":
        forbid_on_postgresql()
    else:
        forbid_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in (*APPEND_ONLY, "audit_chains"):
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP FUNCTION audit_refuse_change()")
    for table in ("audit_checkpoint_heads", "audit_checkpoints", "audit_chains", "audit_entries"):
        op.drop_table(table)


def create_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("chain", CHAIN, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(64)),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(64)),
        sa.Column("request_id", sa.String(64)),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("record_type", sa.String(40), nullable=False),
        sa.Column("record_id", sa.String(80), nullable=False),
        sa.Column("compartments", sa.String(120), nullable=False),
        sa.Column("purpose", sa.String(80)),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_entries")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_entries_record_type_record_id", "audit_entries", ["record_type", "record_id"])
    op.create_index("ix_audit_entries_actor_id_at", "audit_entries", ["actor_id", "at"])
    op.create_index("ix_audit_entries_action_at", "audit_entries", ["action", "at"])


def forbid_on_sqlite() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    for table in (*APPEND_ONLY, "audit_chains"):
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def forbid_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER audit_chains_append_only BEFORE DELETE ON audit_chains"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
    )
    for table in (*APPEND_ONLY, "audit_chains"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()"
        )
