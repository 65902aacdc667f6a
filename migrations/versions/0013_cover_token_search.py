"""Let the index of the search tokens hold the person too: a search by name counts thousands of rows by it alone."""

from alembic import op

revision = "0013_cover_token_search"
down_revision = "0012_create_api"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_person_tokens_search", "person_tokens", ["kind", "token", "person_id"])
    op.drop_index("ix_person_tokens_kind_token", "person_tokens")


def downgrade() -> None:
    op.create_index("ix_person_tokens_kind_token", "person_tokens", ["kind", "token"])
    op.drop_index("ix_person_tokens_search", "person_tokens")
