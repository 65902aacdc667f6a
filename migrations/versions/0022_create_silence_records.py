"""Keep the sealed record of who was warned before a reply limit passed in silence."""

import sqlalchemy as sa
from alembic import op

revision = "0022_create_silence_records"
down_revision = "0021_create_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "silence_records",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_silence_records_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence_records")),
        sa.UniqueConstraint("case_id", name=op.f("uq_silence_records_case_id")),
    )


def downgrade() -> None:
    op.drop_table("silence_records")
