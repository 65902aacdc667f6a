"""Create travel documents."""

import sqlalchemy as sa
from alembic import op

revision = "0008_create_travel_documents"
down_revision = "0007_create_verification"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "travel_documents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("mission_id", sa.String(32), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issued_by_id", sa.String(32), nullable=True),
        sa.Column("replaced_by_id", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'issued', 'handed_over', 'used', 'expired', 'cancelled', 'replaced')",
            name=op.f("ck_travel_documents_state"),
        ),
        sa.CheckConstraint(
            "state != 'issued' OR (issued_on IS NOT NULL AND valid_until IS NOT NULL AND number_sealed IS NOT NULL)",
            name=op.f("ck_travel_documents_issued_has_number_and_dates"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR issued_on IS NULL OR valid_until >= issued_on",
            name=op.f("ck_travel_documents_valid_after_issue"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_travel_documents_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["organisations.id"], name=op.f("fk_travel_documents_mission_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_travel_documents_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_documents")),
    )
    op.create_index(op.f("ix_travel_documents_case_id"), "travel_documents", ["case_id"])


def downgrade() -> None:
    op.drop_table("travel_documents")
