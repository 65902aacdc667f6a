"""Create second factors, recovery codes, passkeys and steps of sign-ins; sessions say how they were proved."""

import sqlalchemy as sa
from alembic import op

revision = "0021_create_factors"
down_revision = "0020_take_up_again"
branch_labels = None
depends_on = None

METHODS = "'password', 'passkey', 'identity_provider', 'demonstration'"
FACTORS = "'totp', 'recovery_code', 'passkey', 'identity_provider', 'demonstration'"
PURPOSES = "'second_factor', 'passkey_sign_in', 'passkey_registration', 'passkey_proof'"
REASONS = "'lost', 'replaced', 'misuse', 'other'"


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"))


def upgrade() -> None:
    op.add_column("users", sa.Column("password_expires_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("sign_in_sessions") as batch:
        batch.add_column(sa.Column("method", sa.String(40), nullable=True))
        batch.add_column(sa.Column("factor", sa.String(40), nullable=True))
        batch.add_column(sa.Column("proven_at", sa.DateTime(), nullable=True))
        batch.create_check_constraint(op.f("ck_sign_in_sessions_method"), f"method IN ({METHODS})")
        batch.create_check_constraint(op.f("ck_sign_in_sessions_factor"), f"factor IN ({FACTORS})")
    op.create_table(
        "sealed_secrets",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("use", sa.String(40), nullable=False),
        sa.Column("kek_id", sa.String(60), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_secrets")),
    )
    op.create_index(op.f("ix_sealed_secrets_kek_id"), "sealed_secrets", ["kek_id"])
    _create_factors()
    _create_steps()


def _create_factors() -> None:
    op.create_table(
        "totp_factors",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("secret_id", sa.String(32), nullable=True),
        sa.Column("pending_id", sa.String(32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        _of_user("totp_factors"),
        sa.ForeignKeyConstraint(
            ["secret_id"], ["sealed_secrets.id"], name=op.f("fk_totp_factors_secret_id_sealed_secrets")
        ),
        sa.ForeignKeyConstraint(
            ["pending_id"], ["sealed_secrets.id"], name=op.f("fk_totp_factors_pending_id_sealed_secrets")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        _of_user("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("user_id", "digest", name=op.f("uq_recovery_codes_user_id_digest")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        _of_user("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])


def _create_steps() -> None:
    op.create_table(
        "sign_in_steps",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("method", sa.String(40), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(f"purpose IN ({PURPOSES})", name=op.f("ck_sign_in_steps_purpose")),
        sa.CheckConstraint(f"method IN ({METHODS})", name=op.f("ck_sign_in_steps_method")),
        _of_user("sign_in_steps"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_steps")),
    )
    op.create_index(op.f("ix_sign_in_steps_begun_at"), "sign_in_steps", ["begun_at"])
    op.create_table(
        "factor_resets",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("reset_by_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reset_at", sa.DateTime(), nullable=False),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(f"reason IN ({REASONS})", name=op.f("ck_factor_resets_reason")),
        _of_user("factor_resets"),
        sa.ForeignKeyConstraint(["reset_by_id"], ["users.id"], name=op.f("fk_factor_resets_reset_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_resets")),
    )
    op.create_index("ix_factor_resets_user_id_reset_at", "factor_resets", ["user_id", "reset_at"])


def downgrade() -> None:
    tables = ("factor_resets", "sign_in_steps", "passkeys", "recovery_codes", "totp_factors", "sealed_secrets")
    for table in tables:
        op.drop_table(table)
    with op.batch_alter_table("sign_in_sessions") as batch:
        batch.drop_constraint(op.f("ck_sign_in_sessions_method"), type_="check")
        batch.drop_constraint(op.f("ck_sign_in_sessions_factor"), type_="check")
        for column in ("proven_at", "factor", "method"):
            batch.drop_column(column)
    op.drop_column("users", "password_expires_at")
