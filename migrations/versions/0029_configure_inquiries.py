"""Create the rules on what inquiries may name, and the files of answers; keep how an inquiry's day was counted."""

import sqlalchemy as sa
from alembic import op

revision = "0029_configure_inquiries"
down_revision = "0028_create_person_links"
branch_labels = None
depends_on = None

PURPOSES = "'citizenship', 'identity_documents', 'civil_status', 'residence_title', 'border_crossings', 'security'"


def upgrade() -> None:
    with op.batch_alter_table("inquiries") as table:
        table.add_column(sa.Column("due_basis", sa.JSON(), nullable=True))
        table.add_column(sa.Column("answered_by", sa.String(40), nullable=True))
        table.create_check_constraint(
            op.f("ck_inquiries_answered_by"), "answered_by IN ('page', 'interface', 'register')"
        )
    op.create_table(
        "inquiry_files",
        sa.Column("inquiry_id", sa.String(32), nullable=False),
        sa.Column("file_id", sa.String(32), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_files_inquiry_id_inquiries")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_inquiry_files_file_id_stored_files")),
        sa.PrimaryKeyConstraint("inquiry_id", "file_id", name=op.f("pk_inquiry_files")),
    )
    op.create_table(
        "inquiry_purpose_rules",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("defaults", sa.JSON(), nullable=False),
        sa.Column("agency_ids", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(400), nullable=False),
        sa.Column("proposed_by_id", sa.String(32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(f"purpose IN ({PURPOSES})", name=op.f("ck_inquiry_purpose_rules_purpose")),
        sa.CheckConstraint(
            "state IN ('proposed', 'in_force', 'superseded', 'rejected')", name=op.f("ck_inquiry_purpose_rules_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'superseded') "
            "OR (decided_by_id IS NOT NULL AND decided_by_id != proposed_by_id)",
            name=op.f("ck_inquiry_purpose_rules_second_person_confirms"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_inquiry_purpose_rules_proposed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_inquiry_purpose_rules_decided_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_purpose_rules")),
    )
    op.create_index("ix_inquiry_purpose_rules_state", "inquiry_purpose_rules", ["state", "purpose"])
    op.create_index(
        "uq_inquiry_purpose_rules_in_force",
        "inquiry_purpose_rules",
        ["purpose"],
        unique=True,
        sqlite_where=sa.text("state = 'in_force'"),
        postgresql_where=sa.text("state = 'in_force'"),
    )


def downgrade() -> None:
    op.drop_table("inquiry_purpose_rules")
    op.drop_table("inquiry_files")
    with op.batch_alter_table("inquiries") as table:
        table.drop_constraint(op.f("ck_inquiries_answered_by"), type_="check")
        table.drop_column("answered_by")
        table.drop_column("due_basis")
