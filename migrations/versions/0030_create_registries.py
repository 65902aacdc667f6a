"""Create the connections to the registers of agencies and what became of each inquiry there."""

import sqlalchemy as sa
from alembic import op

revision = "0030_create_registries"
down_revision = "0029_configure_inquiries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registry_connections",
        sa.Column("agency_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(), nullable=True),
        sa.Column("probe_until", sa.DateTime(), nullable=True),
        sa.Column("last_error", sa.String(60), nullable=True),
        sa.Column("last_error_at", sa.DateTime(), nullable=True),
        sa.Column("last_ok_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organisations.id"], name=op.f("fk_registry_connections_agency_id_organisations")
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_registry_connections")),
    )
    op.create_table(
        "registry_exchanges",
        sa.Column("inquiry_id", sa.String(32), nullable=False),
        sa.Column("agency_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("bad_answers", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("last_error", sa.String(60), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'answered', 'by_hand', 'ended')", name=op.f("ck_registry_exchanges_state")
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_registry_exchanges_inquiry_id_inquiries")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organisations.id"], name=op.f("fk_registry_exchanges_agency_id_organisations")
        ),
        sa.PrimaryKeyConstraint("inquiry_id", name=op.f("pk_registry_exchanges")),
    )
    op.create_index("ix_registry_exchanges_agency", "registry_exchanges", ["agency_id", "state"])


def downgrade() -> None:
    op.drop_table("registry_exchanges")
    op.drop_table("registry_connections")
