"""Create the findings of officers on two pictures of one person."""

import sqlalchemy as sa
from alembic import op

revision = "0031_compare_photographs"
down_revision = "0030_create_registries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photograph_comparisons",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("sent_id", sa.String(32), nullable=False),
        sa.Column("sent_page", sa.SmallInteger(), nullable=False),
        sa.Column("other_id", sa.String(32), nullable=False),
        sa.Column("other_page", sa.SmallInteger(), nullable=False),
        sa.Column("finding_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("found_by_id", sa.String(32), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("sent_id <> other_id", name=op.f("ck_photograph_comparisons_two_pictures")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_photograph_comparisons_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_photograph_comparisons_person_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["sent_id"], ["stored_files.id"], name=op.f("fk_photograph_comparisons_sent_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["stored_files.id"], name=op.f("fk_photograph_comparisons_other_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["found_by_id"], ["users.id"], name=op.f("fk_photograph_comparisons_found_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photograph_comparisons")),
    )
    op.create_index(op.f("ix_photograph_comparisons_person_id"), "photograph_comparisons", ["person_id"])
    op.create_index("ix_photograph_comparisons_case", "photograph_comparisons", ["case_id", "found_at"])


def downgrade() -> None:
    op.drop_table("photograph_comparisons")
