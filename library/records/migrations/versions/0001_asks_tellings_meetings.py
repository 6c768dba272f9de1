"""Asks, tellings, feedback, meetings and the people in them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "people",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("leads", sa.Boolean, nullable=False),
        sa.Column("started_on", sa.Date),
    )
    op.create_table(
        "asks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("facets", sa.JSON, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("results", sa.JSON, nullable=False),
    )
    op.create_index("asks_at", "asks", ["at"])
    op.create_table(
        "ask_uses",
        sa.Column("ask", sa.String(32), sa.ForeignKey("asks.id"), primary_key=True),
        sa.Column("story", sa.String(80), primary_key=True),
        sa.Column("did", sa.String(10), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "tellings",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("story", sa.String(80), nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("whom", sa.Text, nullable=False),
        sa.Column("landed", sa.String(20)),
        sa.Column("expected", sa.String(20)),
        sa.Column("asked_next", sa.Text, nullable=False),
        sa.Column("taken_back_at", sa.DateTime),
    )
    op.create_index("tellings_story", "tellings", ["story"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("story", sa.String(80), nullable=False),
        sa.Column("concern", sa.String(20), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("settled_by", sa.String(200), nullable=False),
        sa.Column("settled_at", sa.DateTime),
    )
    op.create_index("feedback_story", "feedback", ["story"])
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("voice", sa.JSON),
        sa.Column("saved_by", sa.String(200), nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("held_on", "version", name="meetings_version"),
    )
    op.create_table(
        "picks",
        sa.Column("meeting", sa.String(32), sa.ForeignKey("meetings.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("story", sa.String(80), nullable=False),
        sa.Column("because", sa.JSON, nullable=False),
        sa.Column("teller", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "hands",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("story", sa.String(80), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("whom", sa.Text, nullable=False),
    )
    op.create_index("hands_held_on", "hands", ["held_on"])
