"""Create the retention schedule, legal holds, erasures and their signed reports."""

import sqlalchemy as sa
from alembic import op

revision = "0017_create_retention"
down_revision = "0016_create_law_records"
branch_labels = None
depends_on = None

OUTCOMES = "'never_sent', 'withdrawn', 'refused', 'not_carried_out', 'returned'"


def upgrade() -> None:
    op.create_table(
        "retention_rules",
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.String(32), nullable=False),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_retention_rules_outcome")),
        sa.CheckConstraint("days >= 30", name=op.f("ck_retention_rules_days_are_enough")),
        sa.PrimaryKeyConstraint("outcome", name=op.f("pk_retention_rules")),
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("set_by_id", sa.String(32), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_by_id", sa.String(32), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_legal_holds_lifted_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_holds_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index("ix_legal_holds_case_id", "legal_holds", ["case_id", "lifted_at"])
    op.create_table(
        "erasure_reports",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_erasure_reports")),
    )
    op.create_table(
        "case_erasures",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=False),
        sa.Column("report_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_case_erasures_outcome")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_erasures_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["report_number"], ["erasure_reports.number"], name=op.f("fk_case_erasures_report_number_erasure_reports")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_erasures")),
    )
    op.create_index(op.f("ix_case_erasures_report_number"), "case_erasures", ["report_number"])


def downgrade() -> None:
    op.drop_table("case_erasures")
    op.drop_table("erasure_reports")
    op.drop_table("legal_holds")
    op.drop_table("retention_rules")
