"""Many are asked about at once by files: the answers are those of one request after the other, and nothing is taken."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text
from tests.mend.care.contact_rules.test_reasons import AT, DAY, OFFER, TERMS, N, known, reserved

from mend.care import contact_rules
from mend.care.contact_rules import reasons_by_request, reasons_of_set
from mend.care.contact_rules.sets import BETWEEN
from mend.foundation import operations
from mend.foundation.home import Home


def test_a_file_of_customers_gets_the_answers_of_each(home: Home, tmp_path: Path) -> None:
    requests = [
        replace(OFFER, key=f"offer:{name}", customer_id=name) for name in ("K", "left", "silent", "free", "none")
    ]
    with operations.transaction(home.database_url) as connection:
        known(connection)
        known(connection, "left", "+8613800000002", is_active=False)
        known(connection, "silent", "+8613800000003", has_marketing_consent=None)
        known(connection, "free", "+8613800000004")
        contact_rules.opt_out(connection, N, AT - DAY, "agent")
        reserved(connection, 2, "commercial", promised=False)
    (tmp_path / "customers.csv").write_text("".join(f"{each.customer_id}\n" for each in requests), "utf-8")
    asked = replace(OFFER, key="offer:", customer_id="")
    with operations.transaction(home.database_url) as connection:
        reasons_of_set(connection, tmp_path / "customers.csv", tmp_path / "answers.csv", asked, TERMS)
    with (tmp_path / "answers.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    answers = {name: row["reason_codes"].split(",") for row in told for name in row["customer_ids"].split(BETWEEN)}
    with operations.transaction(home.database_url) as connection:
        singly = {
            each.customer_id: [reason.code for reason in reasons_by_request(connection, [each], TERMS)[each.key]]
            for each in requests
        }
        assert connection.execute(text("select count(*) from contact_reservation")).scalar_one() == 2
        assert connection.execute(text("select count(*) from contact_budget")).scalar_one() == 0
    assert answers == {name: codes for name, codes in singly.items() if codes}
    assert singly["K"] == ["opted_out", "cap_kind", "cap_total"]
    assert "free" not in answers
