"""Keep why officers looked at cases outside their own work."""

import sqlalchemy as sa
from alembic import op

revision = "0025_ask_for_reasons"
down_revision = "0024_seal_cases"
branch_labels = None
depends_on = None

_PURPOSES = "'standing_in', 'authority_asked', 'person_asked', 'same_person', 'quality', 'other'"


def upgrade() -> None:
    op.create_table(
        "case_openings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("mark", sa.String(40), nullable=True),
        sa.Column("marked_by_id", sa.String(32), nullable=True),
        sa.Column("marked_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(f"purpose IN ({_PURPOSES})", name=op.f("ck_case_openings_purpose")),
        sa.CheckConstraint("mark IN ('looked_at', 'questioned')", name=op.f("ck_case_openings_mark")),
        sa.CheckConstraint("(mark IS NULL) = (marked_at IS NULL)", name=op.f("ck_case_openings_marked_has_marked_at")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_openings_case_id_cases")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_openings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_openings")),
    )
    op.create_index(op.f("ix_case_openings_case_id"), "case_openings", ["case_id"])
    op.create_index("ix_case_openings_user", "case_openings", ["user_id", "case_id", "ends_at"])
    op.create_index("ix_case_openings_opened", "case_openings", ["opened_at", "id"])


def downgrade() -> None:
    op.drop_table("case_openings")
