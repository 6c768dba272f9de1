"""What Alembic runs: the migrations, on the connection that Database hands in."""

from alembic import context

from library.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
