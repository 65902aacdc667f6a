"""Create evidence items, stored files and the receipts of submissions."""

import sqlalchemy as sa
from alembic import op

revision = "0006_create_evidence"
down_revision = "0005_create_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_items",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("weight", sa.String(20), nullable=False),
        sa.Column("weight_reason", sa.String(60), nullable=False),
        sa.Column("weight_confidence", sa.String(20), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_false", sa.Boolean(), nullable=False),
        sa.Column("is_rebutted", sa.Boolean(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("check_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("checked_by_id", sa.String(32), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("created_by_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evidence_items_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_evidence_items_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_items")),
    )
    op.create_index(op.f("ix_evidence_items_case_id"), "evidence_items", ["case_id"])
    op.create_table(
        "stored_files",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("evidence_id", sa.String(32), nullable=True),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_by_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("replaced_by_id", sa.String(32), nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('evidence', 'photograph', 'letter', 'supporting')",
            name=op.f("ck_stored_files_role"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stored_files_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_items.id"], name=op.f("fk_stored_files_evidence_id_evidence_items")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_stored_files_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    op.create_index(op.f("ix_stored_files_case"), "stored_files", ["case_id", "role"])
    op.create_index(op.f("ix_stored_files_evidence_id"), "stored_files", ["evidence_id"])
    op.create_table(
        "submission_receipts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("statement", sa.String(400), nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_submission_receipts_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_receipts")),
        sa.UniqueConstraint("case_id", name=op.f("uq_submission_receipts_case_id")),
    )


def downgrade() -> None:
    op.drop_table("submission_receipts")
    op.drop_table("stored_files")
    op.drop_table("evidence_items")
