"""Create identity providers, the subjects they vouched for, and sign-ins begun there."""

import sqlalchemy as sa
from alembic import op

revision = "0033_create_identity_providers"
down_revision = "0032_create_interviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_providers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("client_id", sa.String(200), nullable=False),
        sa.Column("secret_id", sa.String(32), nullable=False),
        sa.Column("second_step", sa.String(40), nullable=False),
        sa.Column("second_values", sa.String(200), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("second_step IN ('ours', 'providers')", name=op.f("ck_identity_providers_second_step")),
        sa.CheckConstraint(
            "second_step <> 'providers' OR length(second_values) > 0",
            name=op.f("ck_identity_providers_providers_step_has_values"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_identity_providers_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["secret_id"], ["sealed_secrets.id"], name=op.f("fk_identity_providers_secret_id_sealed_secrets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_providers")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_identity_providers_organisation_id")),
    )
    op.create_table(
        "provider_subjects",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("provider_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("linked_by_id", sa.String(32), nullable=True),
        sa.Column("linked_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(user_id IS NULL) = (linked_by_id IS NULL)", name=op.f("ck_provider_subjects_linked_by_somebody")
        ),
        sa.CheckConstraint(
            "user_id IS NULL OR user_id <> linked_by_id", name=op.f("ck_provider_subjects_linked_by_a_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity_providers.id"], name=op.f("fk_provider_subjects_provider_id_identity_providers")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_provider_subjects_user_id_users")),
        sa.ForeignKeyConstraint(["linked_by_id"], ["users.id"], name=op.f("fk_provider_subjects_linked_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_subjects")),
        sa.UniqueConstraint("provider_id", "subject", name=op.f("uq_provider_subjects_provider_id_subject")),
        sa.UniqueConstraint("provider_id", "user_id", name=op.f("uq_provider_subjects_provider_id_user_id")),
    )
    op.create_index("ix_provider_subjects_user_id", "provider_subjects", ["user_id"])
    op.create_table(
        "provider_steps",
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("provider_id", sa.String(32), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity_providers.id"], name=op.f("fk_provider_steps_provider_id_identity_providers")
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_provider_steps")),
    )
    op.create_index(op.f("ix_provider_steps_begun_at"), "provider_steps", ["begun_at"])


def downgrade() -> None:
    op.drop_table("provider_steps")
    op.drop_table("provider_subjects")
    op.drop_table("identity_providers")
