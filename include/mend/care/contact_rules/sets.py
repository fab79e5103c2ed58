"""The question for many customers at once: ids copied in, answers copied out. The rules are those of one request."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from mend.care.contact_rules.reasons import ROOM, Request, Terms, contact_query, open_requests, place_numbers
from mend.foundation.operations.statements import statement, statement_text

BLOCK_BYTES: Final = 1 << 20
BETWEEN: Final = chr(31)  # between ids: a separator of units, in no id


def reasons_of_set(connection: Connection, customers: Path, answers: Path, request: Request, terms: Terms) -> None:
    """Ask the same of every customer of a CSV file (ids, one a line, each once, no header); write a CSV file of those
    with a reason: reason_codes (all, in order, with commas), customer_ids (with BETWEEN between them). Nothing is
    reserved.

    Args:
        request: what is asked; its key comes before each customer's id.
    """
    open_requests(connection)
    for name in ("roomy", "asked_customer"):
        connection.execute(statement(ROOM, name))
    cursor = _cursor(connection)
    with cursor.copy("copy asked_customer from stdin (format csv)") as copy, customers.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            copy.write(block)
    connection.execute(statement(ROOM, "ask_customers"), asdict(request))
    place_numbers(connection)
    connection.execute(text("analyze contact_request"))
    connection.execute(_answer(), terms.values())
    with cursor.copy("copy contact_answer to stdout (format csv, header)") as copy, answers.open("wb") as file:
        for part in copy:
            file.write(part)


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


@cache
def _answer() -> TextClause:
    return text(statement_text(ROOM, "answer").format(reasons=contact_query()))
