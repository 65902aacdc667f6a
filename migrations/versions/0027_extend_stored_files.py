"""Know a file's pages, its versions and translations, and set documents aside that may come from an asylum procedure."""

import sqlalchemy as sa
from alembic import op

revision = "0027_extend_stored_files"
down_revision = "0026_create_law_texts"
branch_labels = None
depends_on = None


def _added() -> list[sa.Column[object]]:
    return [
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("change_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("translation_of_id", sa.String(32), nullable=True),
        sa.Column("translation_language", sa.String(40), nullable=True),
        sa.Column("translator_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("is_certified", sa.Boolean(), nullable=True),
        sa.Column("asylum_answer", sa.String(20), nullable=True),
        sa.Column("is_objected", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("is_held", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("scan", sa.String(20), nullable=False, server_default="off"),
    ]


def upgrade() -> None:
    for column in _added():
        op.add_column("stored_files", column)
    op.create_index(op.f("ix_stored_files_translation_of_id"), "stored_files", ["translation_of_id"])
    op.create_index(op.f("ix_stored_files_replaced_by_id"), "stored_files", ["replaced_by_id"])
    op.create_table(
        "held_files",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("file_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("officer_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("replaces_id", sa.String(32), nullable=True),
        sa.Column("held_by_id", sa.String(32), nullable=False),
        sa.Column("held_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("decision_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("reason IN ('unsure', 'objection', 'doubt')", name=op.f("ck_held_files_reason")),
        sa.CheckConstraint("outcome IN ('released', 'withheld')", name=op.f("ck_held_files_outcome")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_held_files_decided_has_decided_at")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_held_files_case_id_cases")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_held_files_file_id_stored_files")),
        sa.ForeignKeyConstraint(["officer_id"], ["users.id"], name=op.f("fk_held_files_officer_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_files")),
    )
    op.create_index(op.f("ix_held_files_case_id"), "held_files", ["case_id"])
    op.create_index(op.f("ix_held_files_file_id"), "held_files", ["file_id"])
    op.create_index(op.f("ix_held_files_officer"), "held_files", ["officer_id", "outcome"])


def downgrade() -> None:
    op.drop_table("held_files")
    op.drop_index(op.f("ix_stored_files_replaced_by_id"), table_name="stored_files")
    op.drop_index(op.f("ix_stored_files_translation_of_id"), table_name="stored_files")
    with op.batch_alter_table("stored_files") as table:
        for column in reversed(_added()):
            table.drop_column(column.name)
