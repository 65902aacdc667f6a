"""Find what happened last without sorting everything: audit entries by time, moves by what they were."""

from alembic import op

revision = "0018_index_times"
down_revision = "0017_create_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at", "chain", "seq"])
    op.create_index(op.f("ix_case_transitions_trigger"), "case_transitions", ["trigger", "at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_case_transitions_trigger"), table_name="case_transitions")
    op.drop_index(op.f("ix_audit_entries_at"), table_name="audit_entries")
