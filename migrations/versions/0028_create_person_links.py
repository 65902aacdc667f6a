"""Create the links that make one person of the persons of several cases."""

import sqlalchemy as sa
from alembic import op

revision = "0028_create_person_links"
down_revision = "0027_extend_stored_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("pair_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("other_person_id", sa.String(32), nullable=False),
        sa.Column("other_case_id", sa.String(32), nullable=False),
        sa.Column("decided_by_id", sa.String(32), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_by_id", sa.String(32), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by_id", sa.String(32), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("decided_by_id <> confirmed_by_id", name=op.f("ck_person_links_two_officers")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL) AND (undone_at IS NULL) = (undone_reason_sealed IS NULL)",
            name=op.f("ck_person_links_undone_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["duplicate_pairs.id"], name=op.f("fk_person_links_pair_id_duplicate_pairs")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_person_links_person_id_persons")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_person_links_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["other_person_id"], ["persons.id"], name=op.f("fk_person_links_other_person_id_persons")
        ),
        sa.ForeignKeyConstraint(["other_case_id"], ["cases.id"], name=op.f("fk_person_links_other_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_person_links_decided_by_id_users")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_person_links_confirmed_by_id_users")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_person_links_undone_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_links")),
    )
    op.create_index(op.f("ix_person_links_pair_id"), "person_links", ["pair_id"])
    op.create_index(op.f("ix_person_links_person_id"), "person_links", ["person_id"])
    op.create_index(op.f("ix_person_links_other_person_id"), "person_links", ["other_person_id"])
    stands = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_person_links_standing",
        "person_links",
        ["pair_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def downgrade() -> None:
    op.drop_table("person_links")
