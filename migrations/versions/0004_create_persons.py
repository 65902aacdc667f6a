"""Create persons (a wrapped key each), their sealed compartments, search tokens and files."""

import sqlalchemy as sa
from alembic import op

revision = "0004_create_persons"
down_revision = "0003_create_outbox"
branch_labels = None
depends_on = None

COMPARTMENTS = ("identity", "documents", "contact", "family", "health", "itinerary")
TOKEN_KINDS = ("document_number", "fin", "birth_date", "name_key", "own_reference")


def one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kek_id", sa.String(60), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("erased_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (wrapped_key IS NOT NULL)", name=op.f("ck_persons_erased_has_no_key")
        ),
    )
    op.create_index(op.f("ix_persons_kek_id"), "persons", ["kek_id"])
    op.create_table(
        "person_compartments",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("compartment", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "compartment", name=op.f("pk_person_compartments")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_person_compartments_person_id_persons")),
        sa.CheckConstraint(one_of("compartment", COMPARTMENTS), name=op.f("ck_person_compartments_compartment")),
    )
    op.create_table(
        "person_tokens",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_tokens")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_person_tokens_person_id_persons")),
        sa.CheckConstraint(one_of("kind", TOKEN_KINDS), name=op.f("ck_person_tokens_token_kind")),
    )
    op.create_index("ix_person_tokens_kind_token", "person_tokens", ["kind", "token"])
    op.create_index(op.f("ix_person_tokens_person_id"), "person_tokens", ["person_id"])
    op.create_index(op.f("ix_person_tokens_key_id"), "person_tokens", ["key_id"])
    op.create_table(
        "person_files",
        sa.Column("file_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.Column("erased_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_person_files")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_person_files_person_id_persons")),
    )
    op.create_index(op.f("ix_person_files_person_id"), "person_files", ["person_id"])
    op.create_index(op.f("ix_person_files_erased_at"), "person_files", ["erased_at"])


def downgrade() -> None:
    for table in ("person_files", "person_tokens", "person_compartments", "persons"):
        op.drop_table(table)
