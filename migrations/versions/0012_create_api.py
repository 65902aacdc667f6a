"""Create the keys of programs, and what keeps a request that was sent twice from being carried out twice."""

import sqlalchemy as sa
from alembic import op

revision = "0012_create_api"
down_revision = "0011_create_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("acting_user_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_api_keys_revoked_by_somebody")
        ),
        sa.ForeignKeyConstraint(["acting_user_id"], ["users.id"], name=op.f("fk_api_keys_acting_user_id_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_api_keys_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_organisation_id"), "api_keys", ["organisation_id"])
    op.create_table(
        "api_answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("api_key_id", sa.String(32), nullable=False),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("case_state", sa.String(40), nullable=True),
        sa.Column("record_id", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_api_answers_api_key_id_api_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answers")),
        sa.UniqueConstraint("api_key_id", "key_digest", name=op.f("uq_api_answers_api_key_id_key_digest")),
    )
    op.create_index(op.f("ix_api_answers_created_at"), "api_answers", ["created_at"])


def downgrade() -> None:
    op.drop_table("api_answers")
    op.drop_table("api_keys")
