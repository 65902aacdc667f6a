"""Create cases, their members, moves, clocks, stops, extensions and saved views."""

import sqlalchemy as sa
from alembic import op

revision = "0005_create_cases"
down_revision = "0004_create_persons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("procedure", sa.String(40), nullable=False),
        sa.Column("requesting_state", sa.String(2), nullable=False),
        sa.Column("requesting_organisation_id", sa.String(32), nullable=False),
        sa.Column("agreement_id", sa.String(60), nullable=True),
        sa.Column("created_by_id", sa.String(32), nullable=False),
        sa.Column("assigned_to_id", sa.String(32), nullable=True),
        sa.Column("principal_person_id", sa.String(32), nullable=False),
        sa.Column("own_reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("observations_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("has_name", sa.Boolean(), nullable=False),
        sa.Column("interview_requested", sa.Boolean(), nullable=False),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
        sa.Column("is_minor_alone", sa.Boolean(), nullable=False),
        sa.Column("minor_safeguards_on", sa.Date(), nullable=True),
        sa.Column("apprehended_at", sa.DateTime(), nullable=True),
        sa.Column("apprehended_where", sa.String(40), nullable=True),
        sa.Column("presence_known_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(), nullable=True),
        sa.Column("consent_deemed_on", sa.Date(), nullable=True),
        sa.Column("replied_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(), nullable=True),
        sa.Column("document_requested_at", sa.DateTime(), nullable=True),
        sa.Column("document_reissue_requested_at", sa.DateTime(), nullable=True),
        sa.Column("document_issued_on", sa.Date(), nullable=True),
        sa.Column("transfer_notified_at", sa.DateTime(), nullable=True),
        sa.Column("transferred_at", sa.DateTime(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("proposal", sa.String(40), nullable=True),
        sa.Column("proposed_by_id", sa.String(32), nullable=True),
        sa.Column("document_valid_until", sa.Date(), nullable=True),
        sa.Column("transfer_on", sa.Date(), nullable=True),
        sa.Column("referral_partner_id", sa.String(32), nullable=True),
        sa.Column("is_referral_finished", sa.Boolean(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column("document_due_on", sa.Date(), nullable=True),
        sa.Column("transfer_due_on", sa.Date(), nullable=True),
        sa.Column("error_window_ends_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("queue_on", sa.Date(), nullable=False),
        sa.Column("next_due_kind", sa.String(40), nullable=True),
        sa.Column("next_due_has_effect", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'incomplete', 'withdrawn', 'under_verification', 'decision_proposed', 'accepted', 'refused', 'lapsed', 'document_requested', 'document_issued', 'transfer_notified', 'transferred', 'transfer_failed', 'acceptance_expired', 'taken_back', 'referral_offered', 'referral_declined', 'referred', 'reintegrating', 'closed')",
            name=op.f("ck_cases_state"),
        ),
        sa.CheckConstraint(
            "kind IN ('own_national', 'third_country_national', 'stateless', 'transit')",
            name=op.f("ck_cases_kind"),
        ),
        sa.CheckConstraint(
            "procedure IN ('normal', 'accelerated', 'none')",
            name=op.f("ck_cases_procedure"),
        ),
        sa.CheckConstraint(
            "apprehended_where IN ('border_area', 'elsewhere')",
            name=op.f("ck_cases_apprehended_where"),
        ),
        sa.CheckConstraint(
            "proposal IN ('acceptance', 'refusal')",
            name=op.f("ck_cases_proposal"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('transferred', 'referral_offered', 'referral_declined', 'referred', 'reintegrating', 'taken_back') OR transferred_at IS NOT NULL",
            name=op.f("ck_cases_arrived_has_transferred_at"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_cases_closed_has_closed_at"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'accepted') OR decided_at IS NOT NULL",
            name=op.f("ck_cases_decided_has_decided_at"),
        ),
        sa.CheckConstraint(
            "state != 'document_issued' OR document_valid_until IS NOT NULL OR kind = 'transit'",
            name=op.f("ck_cases_issued_has_valid_until"),
        ),
        sa.CheckConstraint(
            "state != 'transfer_notified' OR transfer_on IS NOT NULL",
            name=op.f("ck_cases_notified_has_transfer_on"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'document_requested', 'document_issued', 'transfer_notified', 'transferred', 'transfer_failed', 'acceptance_expired', 'referral_offered', 'referred', 'reintegrating', 'taken_back') OR accepted_at IS NOT NULL OR procedure = 'none'",
            name=op.f("ck_cases_past_acceptance_has_accepted_at"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name=op.f("ck_cases_past_draft_has_submitted_at"),
        ),
        sa.CheckConstraint(
            "state != 'decision_proposed' OR (proposal IS NOT NULL AND proposed_by_id IS NOT NULL)",
            name=op.f("ck_cases_proposed_has_proposal"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('referred', 'reintegrating') OR referral_partner_id IS NOT NULL",
            name=op.f("ck_cases_referred_has_partner"),
        ),
        sa.ForeignKeyConstraint(["assigned_to_id"], ["users.id"], name=op.f("fk_cases_assigned_to_id_users")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_cases_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["principal_person_id"], ["persons.id"], name=op.f("fk_cases_principal_person_id_persons")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_cases_proposed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["referral_partner_id"], ["organisations.id"], name=op.f("fk_cases_referral_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["requesting_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_cases_requesting_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    op.create_index(op.f("ix_cases_assigned"), "cases", ["assigned_to_id", "queue_on", "id"])
    op.create_index(op.f("ix_cases_changed"), "cases", ["changed_at", "id"])
    op.create_index(op.f("ix_cases_organisation"), "cases", ["requesting_organisation_id", "changed_at", "id"])
    op.create_index(op.f("ix_cases_principal_person_id"), "cases", ["principal_person_id"])
    op.create_index(op.f("ix_cases_queue"), "cases", ["queue_on", "id"])
    op.create_index(op.f("ix_cases_requesting_state"), "cases", ["requesting_state", "changed_at", "id"])
    op.create_index(op.f("ix_cases_state_queue"), "cases", ["state", "queue_on", "id"])
    op.create_table(
        "case_members",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("relation", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "relation IN ('principal', 'spouse', 'child')",
            name=op.f("ck_case_members_relation"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_members_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_case_members_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_members")),
        sa.UniqueConstraint("person_id", name=op.f("uq_case_members_person_id")),
    )
    op.create_index(op.f("ix_case_members_case_id"), "case_members", ["case_id"])
    op.create_table(
        "case_transitions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("destination", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=True),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "trigger IN ('submit', 'register_without_application', 'withdraw', 'acknowledge', 'request_completion', 'complete', 'propose_acceptance', 'propose_refusal', 'send_back', 'confirm_acceptance', 'confirm_refusal', 'lapse', 'record_deemed_consent', 'reply_late', 'reopen', 'request_document', 'issue_document', 'record_standard_document', 'reissue_document', 'notify_transfer', 'cancel_transfer', 'confirm_arrival', 'record_transfer_failure', 'expire_acceptance', 'renew_acceptance', 'take_back', 'offer_referral', 'decline_referral', 'refer', 'return_referral', 'start_reintegration', 'revoke_consent', 'close')",
            name=op.f("ck_case_transitions_trigger"),
        ),
        sa.CheckConstraint(
            "source IN ('draft', 'submitted', 'incomplete', 'withdrawn', 'under_verification', 'decision_proposed', 'accepted', 'refused', 'lapsed', 'document_requested', 'document_issued', 'transfer_notified', 'transferred', 'transfer_failed', 'acceptance_expired', 'taken_back', 'referral_offered', 'referral_declined', 'referred', 'reintegrating', 'closed')",
            name=op.f("ck_case_transitions_source"),
        ),
        sa.CheckConstraint(
            "destination IN ('draft', 'submitted', 'incomplete', 'withdrawn', 'under_verification', 'decision_proposed', 'accepted', 'refused', 'lapsed', 'document_requested', 'document_issued', 'transfer_notified', 'transferred', 'transfer_failed', 'acceptance_expired', 'taken_back', 'referral_offered', 'referral_declined', 'referred', 'reintegrating', 'closed')",
            name=op.f("ck_case_transitions_destination"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_transitions_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_transitions")),
    )
    op.create_index(op.f("ix_case_transitions_case"), "case_transitions", ["case_id", "at"])
    op.create_table(
        "case_clocks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("has_legal_effect", sa.Boolean(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.String(20), nullable=False),
        sa.Column("term_name", sa.String(60), nullable=True),
        sa.Column("arithmetic", sa.String(), nullable=False),
        sa.Column("calendar_version", sa.String(60), nullable=True),
        sa.Column("rests_on_estimate", sa.Boolean(), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.Column("met_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_clocks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clocks")),
    )
    op.create_index(op.f("ix_case_clocks_case"), "case_clocks", ["case_id", "status"])
    op.create_index(op.f("ix_case_clocks_due"), "case_clocks", ["status", "due_on"])
    op.create_table(
        "clock_stops",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "ground IN ('remedy_with_suspensive_effect', 'crisis_measure', 'recognised_obstacle')",
            name=op.f("ck_clock_stops_ground"),
        ),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on",
            name=op.f("ck_clock_stops_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_clock_stops_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_stops")),
    )
    op.create_index(op.f("ix_clock_stops_case_id"), "clock_stops", ["case_id"])
    op.create_table(
        "clock_extensions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("ground_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by_id", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "length > 0",
            name=op.f("ck_clock_extensions_length_is_positive"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_clock_extensions_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_extensions")),
    )
    op.create_index(op.f("ix_clock_extensions_case_id"), "clock_extensions", ["case_id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_user_id"), "saved_views", ["user_id"])


def downgrade() -> None:
    op.drop_table("saved_views")
    op.drop_table("clock_extensions")
    op.drop_table("clock_stops")
    op.drop_table("case_clocks")
    op.drop_table("case_transitions")
    op.drop_table("case_members")
    op.drop_table("cases")
