"""What people did: asks, tellings, feedback and meetings, in SQLite or PostgreSQL: `library.records.records.Records`.

It is imported where it is opened: SQLAlchemy takes a fifth of a second that Browse need not wait for.
"""
