"""Create what people lay over the agreements' files, and the changes of the law."""

import sqlalchemy as sa
from alembic import op

revision = "0016_create_law_records"
down_revision = "0015_index_unread_notices"
branch_labels = None
depends_on = None

_UNITS = "'calendar_days', 'working_days', 'months', 'years', 'kilometres', 'percent'"
_STATUSES = "'negotiating', 'signed', 'ratified', 'in_force', 'suspended', 'terminated'"


def upgrade() -> None:
    op.create_table(
        "term_verifications",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("agreement_id", sa.String(60), nullable=False),
        sa.Column("term_name", sa.String(60), nullable=False),
        sa.Column("value", sa.String(500), nullable=False),
        sa.Column("unit", sa.String(40), nullable=True),
        *_source_and_people(),
        sa.CheckConstraint(f"unit IN ({_UNITS})", name=op.f("ck_term_verifications_unit")),
        *_decided_by_two("term_verifications"),
    )
    op.create_index("ix_term_verifications_term", "term_verifications", ["agreement_id", "term_name", "proposed_at"])
    _unique_where(
        "uq_term_verifications_open", "term_verifications", ["agreement_id", "term_name"], "state = 'proposed'"
    )
    op.create_table(
        "status_records",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("agreement_id", sa.String(60), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        *_source_and_people(),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_status_records_status")),
        *_decided_by_two("status_records"),
    )
    op.create_index(op.f("ix_status_records_agreement_id"), "status_records", ["agreement_id"])
    op.create_table(
        "calendar_days",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("calendar", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.String(400), nullable=False),
        sa.Column("recorded_by_id", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('holiday', 'working_weekend', 'ordinary')", name=op.f("ck_calendar_days_kind")),
        sa.CheckConstraint(
            "(ended_by_id IS NULL) = (ended_at IS NULL)", name=op.f("ck_calendar_days_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_calendar_days_recorded_by_id_users")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_calendar_days_ended_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_days")),
    )
    _unique_where("uq_calendar_days_current", "calendar_days", ["calendar", "day"], "ended_at IS NULL")
    op.create_table(
        "law_changes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("made_by_id", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("last_case_id", sa.String(32), nullable=False),
        sa.Column("cases_total", sa.Integer(), nullable=True),
        sa.Column("cases_done", sa.Integer(), nullable=False),
        sa.Column("cases_moved", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('term', 'status', 'calendar')", name=op.f("ck_law_changes_kind")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_law_changes_made_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_changes")),
        sa.UniqueConstraint("number", name=op.f("uq_law_changes_number")),
    )


def _source_and_people() -> list[sa.Column]:
    return [
        sa.Column("instrument", sa.String(200), nullable=False),
        sa.Column("article", sa.String(80), nullable=False),
        sa.Column("reference", sa.String(400), nullable=False),
        sa.Column("proposed_by_id", sa.String(32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
    ]


def _decided_by_two(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'rejected')", name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by_id IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name=op.f(f"ck_{table}_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "state != 'confirmed' OR decided_by_id != proposed_by_id", name=op.f(f"ck_{table}_confirmed_by_another")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f(f"fk_{table}_proposed_by_id_users")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f(f"fk_{table}_decided_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _unique_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for table in ("law_changes", "calendar_days", "status_records", "term_verifications"):
        op.drop_table(table)
