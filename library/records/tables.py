"""The tables of the records, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect


class UTCTime(TypeDecorator[datetime]):
    """A moment with its zone, kept in UTC: SQLite would forget the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """UTC without a zone; raises ValueError for a time that has none."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"A time without a zone: {value.isoformat()}; records are kept in UTC.")
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The same moment in UTC."""
        return value.replace(tzinfo=UTC) if value else None


metadata = MetaData()

people = Table(
    "people",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("leads", Boolean, nullable=False, default=False),
    Column("started_on", Date),
)

asks = Table(
    "asks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("facets", JSON, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("results", JSON, nullable=False),
    Index("asks_at", "at"),
)

ask_uses = Table(
    "ask_uses",
    metadata,
    Column("ask", String(32), ForeignKey("asks.id"), primary_key=True),
    Column("story", String(80), primary_key=True),
    Column("did", String(10), primary_key=True),
    Column("at", UTCTime, nullable=False),
)

tellings = Table(
    "tellings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("story", String(80), nullable=False),
    Column("audience", String(10), nullable=False),
    Column("whom", Text, nullable=False),
    Column("landed", String(20)),
    Column("expected", String(20)),
    Column("asked_next", Text, nullable=False),
    Column("taken_back_at", UTCTime),
    Index("tellings_story", "story"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("story", String(80), nullable=False),
    Column("concern", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("settled_by", String(200), nullable=False),
    Column("settled_at", UTCTime),
    Index("feedback_story", "story"),
)

meetings = Table(
    "meetings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("held_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("voice", JSON),
    Column("saved_by", String(200), nullable=False),
    Column("saved_at", UTCTime, nullable=False),
    UniqueConstraint("held_on", "version", name="meetings_version"),
)

picks = Table(
    "picks",
    metadata,
    Column("meeting", String(32), ForeignKey("meetings.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("story", String(80), nullable=False),
    Column("because", JSON, nullable=False),
    Column("teller", String(200), nullable=False),
    Column("note", Text, nullable=False),
)

hands = Table(
    "hands",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("story", String(80), nullable=False),
    Column("person", String(200), nullable=False),
    Column("whom", Text, nullable=False),
    Index("hands_held_on", "held_on"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("story", String(80), nullable=False),
    Column("act", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("proposal", String(32), nullable=False, default=""),
    Index("reviews_story", "story"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("made_at", UTCTime, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("wanted", Text, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("due_on", Date),
    Column("customer", String(300), nullable=False),
    Column("asks", JSON, nullable=False),
    Column("fitted", JSON, nullable=False),
    Column("closed_at", UTCTime),
    Column("closed_by", String(200), nullable=False),
    Column("story", String(80), nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("live_on", Date, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("industry", String(200), nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("story", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("minutes", Float, nullable=False),
    Column("beats", JSON, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("example_by", String(200), nullable=False),
    Index("attempts_person", "person"),
)

held = Table(
    "held",
    metadata,
    Column("person", String(200), primary_key=True),
    Column("story", String(80), primary_key=True),
    Column("card", Text, nullable=False),
    Column("due", Date, nullable=False),
)

paths = Table(
    "paths",
    metadata,
    Column("person", String(200), primary_key=True),
    Column("stories", JSON, nullable=False),
    Column("industry", String(200), nullable=False),
    Column("role", String(200), nullable=False),
    Column("made_by", String(200), nullable=False),
)

choices = Table(
    "choices",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("chosen", String(80), nullable=False),
    Column("best", String(80), nullable=False),
    Column("why", Text, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(200), nullable=False),
    Column("story", String(80), nullable=False),
    Column("begun_at", UTCTime, nullable=False),
    Column("changed_at", UTCTime, nullable=False),
    Column("written", JSON, nullable=False),
    Index("drafts_person", "person"),
)

mappings = Table(
    "mappings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("columns", JSON, nullable=False),
    Column("person", String(200), nullable=False),
    Column("at", UTCTime, nullable=False),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("story", String(80), nullable=False),
    Column("person", String(200), nullable=False),
    Column("at", UTCTime, nullable=False),
    Column("base_text", Text, nullable=False),
    Column("new_text", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", UTCTime),
    Index("proposals_story", "story"),
)

comments = Table(
    "comments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCTime, nullable=False),
    Column("person", String(200), nullable=False),
    Column("story", String(80), nullable=False),
    Column("proposal", String(32), nullable=False),
    Column("words", Text, nullable=False),
    Column("settled_by", String(200), nullable=False),
    Column("settled_at", UTCTime),
    Index("comments_story", "story"),
)
