"""Create referrals, their services and reports."""

import sqlalchemy as sa
from alembic import op

revision = "0010_create_reintegration"
down_revision = "0009_create_returns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("partner_id", sa.String(32), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("consented_fields", sa.JSON(), nullable=False),
        sa.Column("consent_purpose", sa.String(40), nullable=True),
        sa.Column("consent_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("consent_until", sa.Date(), nullable=True),
        sa.Column("consent_revoked_at", sa.DateTime(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("offered_by_id", sa.String(32), nullable=False),
        sa.Column("offered_at", sa.DateTime(), nullable=False),
        sa.Column("referred_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'declined_by_person', 'referred', 'accepted', 'declined_by_partner', 'in_progress', 'completed', 'discontinued', 'consent_revoked')",
            name=op.f("ck_referrals_state"),
        ),
        sa.CheckConstraint(
            "outcome IN ('sustained', 'partly_achieved', 'contact_lost', 'left_country', 'withdrew')",
            name=op.f("ck_referrals_outcome"),
        ),
        sa.CheckConstraint(
            "consent_purpose IN ('reintegration_support', 'needs_assessment', 'health_care', 'family_tracing')",
            name=op.f("ck_referrals_consent_purpose"),
        ),
        sa.CheckConstraint(
            "state != 'completed' OR outcome IS NOT NULL",
            name=op.f("ck_referrals_completed_has_outcome"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('referred', 'accepted', 'in_progress') OR (partner_id IS NOT NULL AND consented_on IS NOT NULL AND consent_purpose IS NOT NULL)",
            name=op.f("ck_referrals_referred_has_partner_and_consent"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_referrals_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_referrals_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index(op.f("ix_referrals_case_id"), "referrals", ["case_id"])
    op.create_index(op.f("ix_referrals_partner"), "referrals", ["partner_id", "state", "referred_at"])
    op.create_table(
        "referral_services",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("referral_id", sa.String(32), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("description_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("provided_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "area IN ('accommodation', 'health_care', 'employment', 'social_security', 'education')",
            name=op.f("ck_referral_services_area"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'ongoing', 'delivered', 'not_available')",
            name=op.f("ck_referral_services_state"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_services_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_services")),
    )
    op.create_index(op.f("ix_referral_services_referral_id"), "referral_services", ["referral_id"])
    op.create_table(
        "referral_reports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("referral_id", sa.String(32), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by_id", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_reports_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_reports")),
    )
    op.create_index(op.f("ix_referral_reports_referral_id"), "referral_reports", ["referral_id"])


def downgrade() -> None:
    op.drop_table("referral_reports")
    op.drop_table("referral_services")
    op.drop_table("referrals")
