"""Keep what rebuts a piece of evidence, apart from the note of its check."""

import sqlalchemy as sa
from alembic import op

revision = "0034_keep_rebuttals"
down_revision = "0033_create_identity_providers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence_items", sa.Column("rebuttal_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("evidence_items") as table:
        table.drop_column("rebuttal_sealed")
