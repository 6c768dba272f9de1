"""Stories being written: what stands in a person's form, kept as they type."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("story", sa.String(80), nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("written", sa.JSON, nullable=False),
    )
    op.create_index("drafts_person", "drafts", ["person"])
