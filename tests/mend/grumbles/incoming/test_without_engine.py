"""What answers loads no engine: it runs in the API server, where DuckDB and PyIceberg must never be."""

from __future__ import annotations

import subprocess
import sys

from tests.mend.grumbles.incoming.small import CUSTOMER

from mend.foundation.home import Home

ASKS = """
import datetime as dt, sys
from sqlalchemy import create_engine
from mend.grumbles.incoming.reading import IncomingReader, Question
from mend.grumbles.incoming.report import as_json, lines
reader = IncomingReader()
with create_engine(sys.argv[1]).connect() as connection:
    at = dt.datetime(2026, 5, 21, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    told = reader.tell(connection, Question(sys.argv[2], at, "marketing.lock_in"))
    read = reader.tell(connection, Question(sys.argv[2], at, text="账单看不懂，费用构成不清"))
assert as_json(told)["grumble_type_code"] == "marketing.lock_in"
assert read.answer.point == "tariff_billing.bill_unclear", read.answer.point
assert lines(told, "en")
print(sorted(name for name in ("duckdb", "pyiceberg", "sklearn") if name in sys.modules))
"""


def test_an_answer_loads_neither_engine_nor_lake(home: Home, night: None) -> None:
    words = [sys.executable, "-c", ASKS, home.database_url, CUSTOMER]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (said.stdout, said.returncode) == ("[]\n", 0), said.stderr
