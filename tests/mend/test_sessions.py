"""Sessions with PostgreSQL: one is kept, and a user gets it as good as new."""

from __future__ import annotations

import os

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from mend.foundation.home import Home
from mend.foundation.operations.database import locked, transaction

LOCKS = text("select count(*) from pg_locks where locktype = 'advisory' and pid = :session")


def backend(connection: Connection) -> int:
    return int(connection.execute(text("select pg_backend_pid()")).scalar_one())


def backend_of_the_next(home: Home) -> int:
    with transaction(home.database_url) as connection:
        return backend(connection)


def test_the_next_user_gets_the_same_session(home: Home) -> None:
    assert backend_of_the_next(home) == backend_of_the_next(home)


def test_users_at_the_same_time_get_one_each(home: Home) -> None:
    with transaction(home.database_url) as first, transaction(home.database_url) as second:
        assert backend(first) != backend(second)


def test_settings_temporary_tables_and_locks_of_a_user_end_with_him(home: Home) -> None:
    with transaction(home.database_url) as connection:
        mine = backend(connection)
        connection.execute(text("set statement_timeout = '5s'"))
        connection.execute(text("create temp table mine (number integer)"))
        connection.execute(text("select pg_advisory_lock(1, 2)"))
    with transaction(home.database_url) as connection:
        assert backend(connection) == mine
        assert connection.execute(text("show statement_timeout")).scalar_one() == "0"
        assert connection.execute(LOCKS, {"session": mine}).scalar_one() == 0
        with pytest.raises(ProgrammingError, match="mine"):
            connection.execute(text("select * from mine"))


def test_what_failed_is_rolled_back(home: Home) -> None:
    with pytest.raises(ProgrammingError, match="missing"):
        _write_and_fail(home)
    with transaction(home.database_url) as connection:
        assert connection.execute(text("select to_regclass('kept')")).scalar_one() is None


def _write_and_fail(home: Home) -> None:
    with transaction(home.database_url) as connection:
        connection.execute(text("create table kept (number integer)"))
        connection.execute(text("select * from missing"))


def test_a_lock_is_free_after_its_block_and_taken_within_it(home: Home) -> None:
    taken = text("select count(*) from pg_locks where locktype = 'advisory' and granted")
    for _ in range(2):
        with locked(home.database_url, "a step"), transaction(home.database_url) as connection:
            assert connection.execute(taken).scalar_one() == 1
        with transaction(home.database_url) as connection:
            assert connection.execute(taken).scalar_one() == 0


def test_a_session_that_the_server_ended_is_replaced(home: Home) -> None:
    before = backend_of_the_next(home)
    with psycopg.connect(home.database_url.replace("+psycopg", ""), autocommit=True) as administrator:
        administrator.execute("select pg_terminate_backend(%s, 5000)", (before,))
    assert backend_of_the_next(home) != before


def test_a_forked_process_has_a_session_of_its_own(home: Home) -> None:
    mine = backend_of_the_next(home)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(backend_of_the_next(home)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = int(os.read(reading, 32))
    assert theirs != mine
    assert backend_of_the_next(home) == mine
