"""Create transfers."""

import sqlalchemy as sa
from alembic import op

revision = "0009_create_returns"
down_revision = "0008_create_travel_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("means", sa.String(40), nullable=False),
        sa.Column("crossing_point", sa.String(80), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notified_by_id", sa.String(32), nullable=False),
        sa.Column("notified_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("failure", sa.String(40), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'notified', 'departed', 'arrived', 'failed', 'cancelled')",
            name=op.f("ck_transfers_state"),
        ),
        sa.CheckConstraint(
            "means IN ('scheduled_flight', 'charter_flight', 'land', 'sea')",
            name=op.f("ck_transfers_means"),
        ),
        sa.CheckConstraint(
            "failure IN ('absconded', 'resistance', 'medical', 'carrier', 'document', 'legal_remedy', 'not_admitted', 'other')",
            name=op.f("ck_transfers_failure"),
        ),
        sa.CheckConstraint(
            "state != 'failed' OR failure IS NOT NULL",
            name=op.f("ck_transfers_failed_has_failure"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_transfers_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("case_id", "attempt", name=op.f("uq_transfers_case_id_attempt")),
    )
    op.create_index(op.f("ix_transfers_arrivals"), "transfers", ["state", "planned_on"])


def downgrade() -> None:
    op.drop_table("transfers")
