"""Create completion requests, inquiries and decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0007_create_verification"
down_revision = "0006_create_evidence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "completion_requests",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by_id", sa.String(32), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_completion_requests_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_requests")),
    )
    op.create_index(op.f("ix_completion_requests_case_id"), "completion_requests", ["case_id"])
    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("agency_id", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sent_by_id", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("finding", sa.String(40), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by_id", sa.String(32), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawal_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_by_id", sa.String(32), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('citizenship', 'identity_documents', 'civil_status', 'residence_title', 'border_crossings', 'security')",
            name=op.f("ck_inquiries_purpose"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'answered', 'withdrawn')",
            name=op.f("ck_inquiries_state"),
        ),
        sa.CheckConstraint(
            "finding IN ('confirmed', 'not_confirmed', 'no_record', 'inconclusive')",
            name=op.f("ck_inquiries_finding"),
        ),
        sa.CheckConstraint(
            "state != 'answered' OR (finding IS NOT NULL AND answered_at IS NOT NULL)",
            name=op.f("ck_inquiries_answered_has_finding"),
        ),
        sa.CheckConstraint(
            "state != 'withdrawn' OR withdrawn_at IS NOT NULL",
            name=op.f("ck_inquiries_withdrawn_has_withdrawn_at"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["organisations.id"], name=op.f("fk_inquiries_agency_id_organisations")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inquiries_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_inquiries_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
    )
    op.create_index(op.f("ix_inquiries_agency"), "inquiries", ["agency_id", "state", "due_on"])
    op.create_index(op.f("ix_inquiries_case_id"), "inquiries", ["case_id"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("proposal", sa.String(40), nullable=False),
        sa.Column("ground", sa.String(60), nullable=False),
        sa.Column("reasons_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by_id", sa.String(32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("decided_by_id", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "proposal IN ('acceptance', 'refusal')",
            name=op.f("ck_decisions_proposal"),
        ),
        sa.CheckConstraint(
            "outcome IN ('pending', 'confirmed', 'sent_back')",
            name=op.f("ck_decisions_outcome"),
        ),
        sa.CheckConstraint(
            "(outcome = 'pending') = (decided_at IS NULL)",
            name=op.f("ck_decisions_decided_has_decided_at"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id != proposed_by_id",
            name=op.f("ck_decisions_second_officer_decides"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_decisions_decided_by_id_users")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_decisions_proposed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_case_id"), "decisions", ["case_id"])


def downgrade() -> None:
    op.drop_table("decisions")
    op.drop_table("inquiries")
    op.drop_table("completion_requests")
