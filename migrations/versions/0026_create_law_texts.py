"""Create the texts of the law that administrators import."""

import sqlalchemy as sa
from alembic import op

revision = "0026_create_law_texts"
down_revision = "0025_ask_for_reasons"
branch_labels = None
depends_on = None

_LIVE = sa.text("state != 'rejected' AND withdrawn_at IS NULL")
_KINDS = "kind IN ('term', 'status', 'calendar')"
_MORE_KINDS = "kind IN ('term', 'status', 'calendar', 'text')"


def upgrade() -> None:
    op.create_table(
        "law_texts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("proposed_by_id", sa.String(32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.String(32), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'rejected')", name=op.f("ck_law_texts_state")),
        sa.CheckConstraint("kind IN ('version', 'protocol', 'partner')", name=op.f("ck_law_texts_kind")),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by_id IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_law_texts_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "state != 'confirmed' OR decided_by_id != proposed_by_id", name=op.f("ck_law_texts_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "(withdrawn_by_id IS NULL) = (withdrawn_at IS NULL)", name=op.f("ck_law_texts_withdrawn_by_somebody")
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR state = 'confirmed'", name=op.f("ck_law_texts_withdrawn_when_confirmed")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_law_texts_{column}_users"))
            for column in ("proposed_by_id", "decided_by_id", "withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_texts")),
    )
    op.create_index(
        "uq_law_texts_subject", "law_texts", ["subject"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    )
    _change_kinds(_MORE_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM law_changes WHERE kind = 'text'")
    _change_kinds(_KINDS)
    op.drop_table("law_texts")


def _change_kinds(condition: str) -> None:
    with op.batch_alter_table("law_changes") as table:
        table.drop_constraint(op.f("ck_law_changes_kind"), type_="check")
        table.create_check_constraint(op.f("ck_law_changes_kind"), condition)
