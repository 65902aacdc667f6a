"""Find the unread notices among all that were ever made: every page counts them."""

import sqlalchemy as sa
from alembic import op

revision = "0015_index_unread_notices"
down_revision = "0014_create_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unread = sa.text("read_at IS NULL")
    for name, columns in (
        ("ix_notifications_unread_desk", ["organisation_id", "user_id"]),
        ("ix_notifications_unread_user", ["user_id"]),
    ):
        op.create_index(name, "notifications", columns, sqlite_where=unread, postgresql_where=unread)


def downgrade() -> None:
    op.drop_index("ix_notifications_unread_user", "notifications")
    op.drop_index("ix_notifications_unread_desk", "notifications")
