"""Store from how many files on reading is unusual and when it was; count what somebody opened out of one index."""

import sqlalchemy as sa
from alembic import op

revision = "0036_notice_unusual_reading"
down_revision = "0035_find_files_that_wait"
branch_labels = None
depends_on = None

_INDEX = "ix_audit_entries_actor_id_at"
_ROLES = (
    "consular_officer",
    "case_worker",
    "supervisor",
    "verifier",
    "border_officer",
    "reintegration_partner",
    "analyst",
    "data_protection_officer",
    "administrator",
    "system",
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.create_table(
        "reading_limits",
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("hours", sa.SmallInteger(), nullable=False),
        sa.Column("alarm_at", sa.Integer(), nullable=False),
        sa.Column("stop_at", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.String(32), nullable=False),
        sa.CheckConstraint(_one_of("role", _ROLES), name=op.f("ck_reading_limits_role")),
        sa.CheckConstraint("hours BETWEEN 1 AND 168", name=op.f("ck_reading_limits_a_week_at_most")),
        sa.CheckConstraint("alarm_at >= 1 AND stop_at > alarm_at", name=op.f("ck_reading_limits_alarm_before_stop")),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_reading_limits")),
    )
    op.create_table(
        "reading_alarms",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("hours", sa.SmallInteger(), nullable=False),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("stops", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("released_by_id", sa.String(32), nullable=True),
        sa.Column("mark", sa.String(40), nullable=True),
        sa.Column("marked_by_id", sa.String(32), nullable=True),
        sa.Column("marked_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(_one_of("mark", ("explained", "questioned")), name=op.f("ck_reading_alarms_mark")),
        sa.CheckConstraint("(mark IS NULL) = (marked_at IS NULL)", name=op.f("ck_reading_alarms_marked_has_marked_at")),
        sa.CheckConstraint("(stops = 0) = (stopped_at IS NULL)", name=op.f("ck_reading_alarms_stopped_has_stopped_at")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reading_alarms_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_alarms")),
    )
    op.create_index("ix_reading_alarms_user", "reading_alarms", ["user_id", "channel", "raised_at"])
    op.create_index("ix_reading_alarms_raised", "reading_alarms", ["raised_at", "id"])
    op.drop_index(_INDEX, table_name="audit_entries")
    op.create_index(_INDEX, "audit_entries", ["actor_id", "at", "action", "channel", "chain"])


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="audit_entries")
    op.create_index(_INDEX, "audit_entries", ["actor_id", "at"])
    op.drop_table("reading_alarms")
    op.drop_table("reading_limits")
