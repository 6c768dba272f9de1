"""What the columns of imported tables were taken for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "mappings",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
