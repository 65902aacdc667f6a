"""Keep who may see a sealed case, and since when and why it is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0024_seal_cases"
down_revision = "0023_create_person_marks"
branch_labels = None
depends_on = None

_STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_cases_sealed",
        "cases",
        ["id"],
        sqlite_where=sa.text("is_sealed = 1"),
        postgresql_where=sa.text("is_sealed"),
    )
    op.create_table(
        "case_sealings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_by_id", sa.String(32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.Column("end_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("ground IN ('minor_alone', 'trafficking', 'other')", name=op.f("ck_case_sealings_ground")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_case_sealings_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_sealings_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_sealings")),
    )
    op.create_index(op.f("ix_case_sealings_case_id"), "case_sealings", ["case_id"])
    op.create_index(
        "uq_case_sealings_current",
        "case_sealings",
        ["case_id"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )
    op.create_table(
        "case_readers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("added_by_id", sa.String(32), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_case_readers_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_readers_case_id_cases")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_readers_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_readers")),
    )
    op.create_index(op.f("ix_case_readers_case_id"), "case_readers", ["case_id"])
    op.create_index(
        "uq_case_readers_current",
        "case_readers",
        ["user_id", "case_id"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def downgrade() -> None:
    op.drop_table("case_readers")
    op.drop_table("case_sealings")
    op.drop_index("ix_cases_sealed", table_name="cases")
