"""Create interviews with the times offered for them, and let a case say since when one is owed and when it was held."""

import sqlalchemy as sa
from alembic import op

revision = "0032_create_interviews"
down_revision = "0031_compare_photographs"
branch_labels = None
depends_on = None

_STATES = "'requested', 'slots_offered', 'agreed', 'missed', 'held', 'closed_without', 'cancelled'"


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("mission_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("is_of_application", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("request_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mode", sa.String(40), nullable=True),
        sa.Column("zone", sa.String(60), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("offer", sa.Integer(), nullable=False),
        sa.Column("absences", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=True),
        sa.Column("contact_confirmed_by_id", sa.String(32), nullable=True),
        sa.Column("contact_confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("protocol_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.String(32), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_interviews_state")),
        sa.CheckConstraint("mode IN ('in_person', 'video')", name=op.f("ck_interviews_mode")),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'not_confirmed', 'inconclusive')", name=op.f("ck_interviews_outcome")
        ),
        sa.CheckConstraint(
            "state != 'held' OR (outcome IS NOT NULL AND held_at IS NOT NULL AND protocol_sealed IS NOT NULL)",
            name=op.f("ck_interviews_held_has_protocol"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'held', 'missed') OR (starts_at IS NOT NULL AND contact_confirmed_at IS NOT NULL)",
            name=op.f("ck_interviews_agreed_has_time_and_confirmation"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('closed_without', 'cancelled') OR (ended_at IS NOT NULL AND reason_sealed IS NOT NULL)",
            name=op.f("ck_interviews_ended_has_reason"),
        ),
        sa.CheckConstraint("absences BETWEEN 0 AND 2", name=op.f("ck_interviews_two_appointments")),
        _key("interviews", "case_id", "cases"),
        _key("interviews", "person_id", "persons"),
        _key("interviews", "mission_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
    )
    op.create_index(op.f("ix_interviews_case_id"), "interviews", ["case_id"])
    op.create_index("ix_interviews_mission", "interviews", ["mission_id", "state"])
    op.create_index("ix_interviews_state", "interviews", ["state", "asked_at"])
    op.create_table(
        "interview_slots",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("offer", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 10 AND 480", name=op.f("ck_interview_slots_minutes_of_a_day")),
        _key("interview_slots", "interview_id", "interviews"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_slots")),
    )
    op.create_index(op.f("ix_interview_slots_interview_id"), "interview_slots", ["interview_id"])
    op.add_column("cases", sa.Column("interview_asked_at", sa.DateTime(), nullable=True))
    op.add_column("cases", sa.Column("interviewed_at", sa.DateTime(), nullable=True))
    op.add_column("cases", sa.Column("interview_dropped", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("cases", "interview_dropped")
    op.drop_column("cases", "interviewed_at")
    op.drop_column("cases", "interview_asked_at")
    op.drop_table("interview_slots")
    op.drop_table("interviews")
