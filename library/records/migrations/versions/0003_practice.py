"""Tellings for practice, how well stories are held, first weeks, and choices between stories."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("story", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("minutes", sa.Float, nullable=False),
        sa.Column("beats", sa.JSON, nullable=False),
        sa.Column("flags", sa.JSON, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("example_by", sa.String(200), nullable=False),
    )
    op.create_index("attempts_person", "attempts", ["person"])
    op.create_table(
        "held",
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("story", sa.String(80), primary_key=True),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
    )
    op.create_table(
        "paths",
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("stories", sa.JSON, nullable=False),
        sa.Column("industry", sa.String(200), nullable=False),
        sa.Column("role", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
    )
    op.create_table(
        "choices",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("chosen", sa.String(80), nullable=False),
        sa.Column("best", sa.String(80), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
