"""What people did: asks, tellings, feedback and meetings, in SQLite or PostgreSQL."""

from library.records.records import Records

__all__ = ["Records"]
