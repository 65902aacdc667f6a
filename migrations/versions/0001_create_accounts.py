"""Create organisations, users, sign-in sessions and the brakes on guessing."""

import sqlalchemy as sa
from alembic import op

revision = "0001_create_accounts"
down_revision = None
branch_labels = None
depends_on = None

KINDS = (
    "requesting_authority",
    "mission",
    "migration_service",
    "agency",
    "border_service",
    "reintegration_partner",
    "statistics",
)
ROLES = (
    "consular_officer",
    "case_worker",
    "supervisor",
    "verifier",
    "border_officer",
    "reintegration_partner",
    "analyst",
    "data_protection_officer",
    "administrator",
    "system",
)


def one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("short_name", sa.String(40)),
        sa.Column("contact_email", sa.String(254)),
        sa.Column("contact_phone", sa.String(40)),
        sa.Column("address", sa.Text()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("kind", "name", name="uq_organisations_kind_name"),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_organisations_kind")),
    )
    op.create_table(
        "organisation_states",
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "state", name="pk_organisation_states"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_organisation_states_organisation_id_organisations"
        ),
        sa.CheckConstraint("length(state) = 2", name=op.f("ck_organisation_states_state_is_alpha_2")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_users_organisation_id_organisations"
        ),
        sa.CheckConstraint(one_of("role", ROLES), name=op.f("ck_users_role")),
        sa.CheckConstraint("role <> 'system'", name=op.f("ck_users_role_is_a_persons")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_is_lower_case")),
    )
    op.create_index("ix_users_organisation_id_role", "users", ["organisation_id", "role"])
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(45)),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_sessions_token_hash"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sign_in_sessions_user_id_users"),
    )
    op.create_index("ix_sign_in_sessions_user_id_ended_at", "sign_in_sessions", ["user_id", "ended_at"])
    op.create_table(
        "sign_in_brakes",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(), nullable=False),
        sa.Column("locked_until", sa.DateTime()),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_brakes"),
    )


def downgrade() -> None:
    for table in ("sign_in_brakes", "sign_in_sessions", "users", "organisation_states", "organisations"):
        op.drop_table(table)
