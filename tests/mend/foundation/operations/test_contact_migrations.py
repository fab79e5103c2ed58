"""The migrations of the contact rules: there and back, with the rows that are there."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.migrate import configuration

REPLY = (
    "insert into survey_reply (inbound_id, received_at, read_at, match_code, meaning_code, {column}, needs_person) "
    "values (1, now(), now(), 'none', 'unclear', 'unmatched', true)"
)


def test_an_older_database_keeps_its_replies_and_loses_the_copy_of_the_rules(home: Home) -> None:
    with operations.transaction(home.database_url) as connection:
        command.downgrade(configuration(connection), "0011")
        connection.execute(text(REPLY.format(column="standing_code")))
        assert connection.execute(text("select contact_recheck('nothing', now())")).scalar() is None
    operations.upgrade(home.database_url)
    with operations.transaction(home.database_url) as connection:
        assert connection.execute(text("select counts_as_code from survey_reply")).scalar_one() == "unmatched"
        functions = "select count(*) from pg_proc where proname = 'contact_recheck'"
        assert connection.execute(text(functions)).scalar_one() == 0
