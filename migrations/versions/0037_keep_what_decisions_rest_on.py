"""Keep with a proposal which records of the case carry it."""

import sqlalchemy as sa
from alembic import op

revision = "0037_keep_what_decisions_rest_on"
down_revision = "0036_notice_unusual_reading"
branch_labels = None
depends_on = None

KINDS = "'evidence', 'inquiry', 'interview', 'photographs', 'duplicate'"


def upgrade() -> None:
    op.create_table(
        "decision_references",
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_decision_references_kind")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_references_decision_id_decisions")
        ),
        sa.PrimaryKeyConstraint("decision_id", "kind", "record_id", name=op.f("pk_decision_references")),
    )


def downgrade() -> None:
    op.drop_table("decision_references")
