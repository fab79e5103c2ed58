"""A large centre's deliveries: those of a smaller one several times, each time under other ids."""

from __future__ import annotations

import gzip
from pathlib import Path

from bench.chain import copy

HEADER = b"ticket_id,customer_id,contact_id,handler_id,description_text\n"
ROWS = b'T03214988-000160,120003214988,C03214988-000160,H0368,"no 120003214988, no"\nbroken,line\n'


def test_rows_are_there_once_per_copy_under_ids_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "ticket.csv.gz").write_bytes(gzip.compress(HEADER + ROWS))
    copy(tmp_path / "ticket.csv.gz", tmp_path / "day" / "ticket.csv.gz", 3)
    second = b'T13214988-000160,120103214988,C13214988-000160,H0368,"no 120003214988, no"\nbroken,line\n'
    third = b'T23214988-000160,120203214988,C23214988-000160,H0368,"no 120003214988, no"\nbroken,line\n'
    assert gzip.decompress((tmp_path / "day" / "ticket.csv.gz").read_bytes()) == HEADER + ROWS + second + third
