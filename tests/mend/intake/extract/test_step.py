"""The extract step says how many rows were rejected, and why."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from mend.chain import run_step, step
from mend.foundation.home import Home
from mend.foundation.periods import Period
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.extract.connections import url_from_environment
from mend.intake.extract.errors import ConfigError, SourceParameterError
from mend.intake.extract.step import note_sources

SOURCE = """
source: centre
en: Test centre
zh: 测试中心
zone: Asia/Shanghai
records:
  contact:
    path: '{business_date}.csv'
    expand: {count: calls}
    columns:
      contact_id: {from: [line, server, '#'], separator: '-'}
      customer_id: caller
      started_at: {from: day, formats: '%Y-%m-%d'}
      outcome: {constant: hung_up}
"""
ROWS = """line,server,caller,day,calls
A,S1,700,2026-05-01,2
A,,700,2026-05-01,1
B,,,2026-05-01,1
B,S2,,2026-05-01,0
C,S3,,2026-05-01,1
"""


def test_rows_that_are_lost_stand_in_the_step_s_counts_with_the_part_that_they_lack(home: Home) -> None:
    (home.root / "sources").mkdir(exist_ok=True)
    (home.root / "sources" / "centre.yaml").write_text(SOURCE, "utf-8")
    home.inbox.mkdir(exist_ok=True)
    (home.inbox / "2026-05-01.csv").write_text(ROWS, "utf-8")
    day = dt.date(2026, 5, 1)
    counts = run_step(step("extract"), home, Period(day, day), {"source": "centre"})
    assert counts == {
        "files": 1,
        "known": 0,
        "accepted": 3,
        "rejected": 2,
        "outside": 0,
        "repaired": 0,
        "expanded": 1,
        "folded": 1,
        "unattributed": 1,
        "source": "centre",
        "contact": 3,
        "rejected_for": ["contact.contact_id: empty_part (server): 2"],
        "warnings": [],
    }


def test_without_airflow_a_sources_connection_is_read_from_its_variable_in_both_forms() -> None:
    uri = {"AIRFLOW_CONN_CALLS": "postgres://reader:p%40ss@db:5433/calls?sslmode=require"}
    words = {"conn_type": "postgres", "login": "reader", "password": "p@ss", "host": "db", "port": 5433}
    both = {"AIRFLOW_CONN_CALLS": json.dumps({**words, "schema": "calls", "extra": '{"sslmode": "require"}'})}
    url = "postgresql+psycopg://reader:p%40ss@db:5433/calls?sslmode=require"
    assert (url_from_environment("calls", uri), url_from_environment("calls", both)) == (url, url)


@pytest.mark.parametrize("text", ["", "secret", '{"login": "secret"}', "{secret", "postgres://u:secret@db:no/x"])
def test_a_connection_that_cannot_be_read_is_named_and_shows_nothing(text: str) -> None:
    with pytest.raises(ConfigError, match=r"connection calls: .*AIRFLOW_CONN_CALLS") as raised:
        url_from_environment("calls", {"AIRFLOW_CONN_CALLS": text})
    assert "secret" not in str(raised.value)


def test_files_of_a_run_are_of_one_source(home: Home, bench: Workbench) -> None:
    with pytest.raises(SourceParameterError, match="`sources` names a, b: name the one"):
        note_sources(home, bench, [dt.date(2026, 5, 1)], sources="a, b", paths=["x.csv"])
