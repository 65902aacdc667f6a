"""Date the taking up again of a request, and keep the day by which a stopped clock is reminded of."""

import sqlalchemy as sa
from alembic import op

revision = "0020_take_up_again"
down_revision = "0019_index_requested_documents"
branch_labels = None
depends_on = None

# A clock that stands still keeps the day that held before the stop, as the history of its case has it.
KEEP_FORMER_DAYS = """
UPDATE case_clocks SET held_on = (
    SELECT MAX(former.due_on) FROM case_clocks AS former
    WHERE former.case_id = case_clocks.case_id AND former.kind = case_clocks.kind AND former.status = 'superseded'
)
WHERE status = 'stopped'
"""
KEEP_FORMER_ACTS = """
UPDATE cases SET taken_up_again_at = (
    SELECT MAX(moved.at) FROM case_transitions AS moved
    WHERE moved.case_id = cases.id AND moved."trigger" IN ('reopen', 'reply_late')
)
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("taken_up_again_at", sa.DateTime(), nullable=True))
    op.add_column("case_clocks", sa.Column("held_on", sa.Date(), nullable=True))
    op.execute(KEEP_FORMER_DAYS)
    op.execute(KEEP_FORMER_ACTS)


def downgrade() -> None:
    op.drop_column("case_clocks", "held_on")
    op.drop_column("cases", "taken_up_again_at")
