"""The question for many at once: requests copied in, answers copied out. The rules are those of one request."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from mend.care.contact_rules.reasons import ROOM, Terms, open_requests, place_numbers
from mend.care.contact_rules.room import decide_requests
from mend.foundation.operations.statements import statement_text

BLOCK_BYTES: Final = 1 << 20


def reasons_of_set(connection: Connection, requests: Path, answers: Path, terms: Terms) -> None:
    """Ask about every request of a CSV file (the columns of copy_requests, no header), and write a CSV file of those
    with a reason: customer_id, reason_codes (all, in order, with commas). Nothing is reserved."""
    open_requests(connection)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        with cursor.copy(statement_text(ROOM, "copy_requests")) as copy, requests.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                copy.write(block)
        place_numbers(connection)
        connection.execute(text("analyze contact_request"))
        decide_requests(connection, terms)
        with cursor.copy(statement_text(ROOM, "copy_reasons")) as copy, answers.open("wb") as file:
            for part in copy:
                file.write(part)
