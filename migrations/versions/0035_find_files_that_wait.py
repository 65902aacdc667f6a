"""Find the files that wait for the malware scanner without reading all others."""

from alembic import op

revision = "0035_find_files_that_wait"
down_revision = "0034_keep_rebuttals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_stored_files_scan", "stored_files", ["scan", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_stored_files_scan", table_name="stored_files")
