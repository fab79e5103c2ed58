"""What Alembic runs around each migration. Only `mend.foundation.operations.upgrade` calls it, with a connection of its
own.
"""

from alembic import context

from mend.foundation.operations.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
