"""Create the pairs of persons who may be one."""

import sqlalchemy as sa
from alembic import op

revision = "0014_create_identity"
down_revision = "0013_cover_token_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duplicate_pairs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("other_person_id", sa.String(32), nullable=False),
        sa.Column("other_case_id", sa.String(32), nullable=False),
        sa.Column("likeness", sa.String(40), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("signs", sa.String(1000), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("decision", sa.String(40), nullable=True),
        sa.Column("decided_by_id", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("likeness IN ('same', 'review')", name=op.f("ck_duplicate_pairs_likeness")),
        sa.CheckConstraint("decision IN ('same_person', 'not_the_same')", name=op.f("ck_duplicate_pairs_decision")),
        sa.CheckConstraint("person_id < other_person_id", name=op.f("ck_duplicate_pairs_is_in_order")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL) "
            "AND (decision IS NULL) = (reason_sealed IS NULL)",
            name=op.f("ck_duplicate_pairs_decided_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_duplicate_pairs_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["other_person_id"], ["persons.id"], name=op.f("fk_duplicate_pairs_other_person_id_persons")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_duplicate_pairs_case_id_cases")),
        sa.ForeignKeyConstraint(["other_case_id"], ["cases.id"], name=op.f("fk_duplicate_pairs_other_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_duplicate_pairs_decided_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pairs")),
        sa.UniqueConstraint("person_id", "other_person_id", name=op.f("uq_duplicate_pairs_person_id_other_person_id")),
    )
    op.create_index(op.f("ix_duplicate_pairs_case_id"), "duplicate_pairs", ["case_id"])
    op.create_index(op.f("ix_duplicate_pairs_other_person_id"), "duplicate_pairs", ["other_person_id"])
    op.create_index(op.f("ix_duplicate_pairs_other_case_id"), "duplicate_pairs", ["other_case_id"])
    op.create_index("ix_duplicate_pairs_open", "duplicate_pairs", ["decision", "likeness", "found_at"])


def downgrade() -> None:
    op.drop_table("duplicate_pairs")
