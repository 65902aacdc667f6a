"""Find the documents that a mission still has to issue without reading those that it has issued."""

from alembic import op

revision = "0019_index_requested_documents"
down_revision = "0018_index_times"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_travel_documents_waiting", "travel_documents", ["state", "mission_id", "case_id"])


def downgrade() -> None:
    op.drop_index("ix_travel_documents_waiting", table_name="travel_documents")
