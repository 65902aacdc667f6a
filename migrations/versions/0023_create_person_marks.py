"""Create the corrections and restrictions of persons' data."""

import sqlalchemy as sa
from alembic import op

revision = "0023_create_person_marks"
down_revision = "0022_create_silence_records"
branch_labels = None
depends_on = None

KINDS = "'correction', 'restriction'"
GROUNDS = "'inaccurate', 'incomplete', 'outdated', 'accuracy_contested', 'unlawful', 'needed_for_claims', 'objection'"
STATES = "'pending', 'granted', 'refused', 'lifted'"
COMPARTMENTS = "'identity', 'documents', 'contact', 'family', 'health', 'itinerary'"


def upgrade() -> None:
    op.create_table(
        "person_marks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("compartment", sa.String(40), nullable=True),
        sa.Column("field", sa.String(60), nullable=True),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("former_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_by_person", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.String(32), nullable=False),
        sa.Column("asked_by_organisation_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("reasons_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by_id", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.String(32), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_person_marks_kind")),
        sa.CheckConstraint(f"ground IN ({GROUNDS})", name=op.f("ck_person_marks_ground")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_person_marks_state")),
        sa.CheckConstraint(f"compartment IN ({COMPARTMENTS})", name=op.f("ck_person_marks_compartment")),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)", name=op.f("ck_person_marks_decided_has_decided_at")
        ),
        sa.CheckConstraint(
            "(state = 'lifted') = (lifted_at IS NOT NULL)", name=op.f("ck_person_marks_lifted_has_lifted_at")
        ),
        sa.CheckConstraint(
            "(compartment IS NULL) = (field IS NULL)", name=op.f("ck_person_marks_field_has_compartment")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_person_marks_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_person_marks_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["asked_by_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_person_marks_asked_by_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_marks")),
    )
    op.create_index(op.f("ix_person_marks_case_id"), "person_marks", ["case_id"])
    op.create_index(op.f("ix_person_marks_person_id"), "person_marks", ["person_id"])
    op.create_index("ix_person_marks_state", "person_marks", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("person_marks")
