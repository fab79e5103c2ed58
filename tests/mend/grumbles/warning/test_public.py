"""Public records give no probability, coefficient, correlation or model that they cannot support."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.mend.grumbles.records.test_report import loaded
from tests.mend.grumbles.warning.tables import rows

from mend.foundation.home import Home
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association import find_associations
from mend.grumbles.warning import grumble_index, train_models, warn


def _close(home: Home, bench: Workbench, month: str, night: dt.date) -> None:
    """What a month's close and a week of nights make of the records."""
    find_associations(home, bench, month)
    report = train_models(home, bench, month)
    assert (report.versions, report.promoted) == ((), ())
    assert [reason.split(":")[0] for reason in report.not_trained] == ["7 days", "30 days"]
    grumble_index(home, bench, month)
    warn(home, bench, [night - number * ONE_DAY for number in range(7)])


def _claims(bench: Workbench) -> dict[str, list[tuple[object, ...]]]:
    """Every number that claims to know something."""
    return {
        "probability": rows(
            bench, "mart_grumble_level", "*", "1", "probability_7_days is not null or probability_30_days is not null"
        ),
        "coefficient": rows(bench, "mart_association", "*", "1", "coefficient is not null or is_significant or is_key"),
        "correlation": rows(bench, "mart_grumble_correlation", "*", "1", "correlation is not null"),
        "index": rows(bench, "mart_grumble_index", "*", "1", "grumble_index > 0 or satisfaction is not null"),
        "model": rows(bench, "mart_complaint_model", "*", "1"),
    }


NOTHING: dict[str, list[tuple[object, ...]]] = {
    name: [] for name in ("probability", "coefficient", "correlation", "index", "model")
}


def test_a_banks_call_log_without_grumbles_and_complaints_claims_nothing(home: Home, shared_data: Path) -> None:
    loaded(home, "anonymous_bank", shared_data / "anonymous_bank", dt.date(1999, 1, 1), dt.date(1999, 2, 28))
    with Workbench.open(home) as bench:
        _close(home, bench, "1999-02", dt.date(1999, 2, 28))
        assert _claims(bench) == NOTHING


def test_complaints_of_nobody_in_particular_claim_nothing(home: Home, shared_data: Path) -> None:
    loaded(home, "comcast", shared_data / "comcast", dt.date(2015, 4, 1), dt.date(2015, 6, 30))
    with Workbench.open(home) as bench:
        _close(home, bench, "2015-06", dt.date(2015, 6, 30))
        assert _claims(bench) == NOTHING


@pytest.mark.long
def test_tickets_of_a_service_desk_that_are_no_complaints_claim_nothing(home: Home, shared_data: Path) -> None:
    folder = shared_data / "uci498_incidents"
    loaded(home, "uci498", folder / "incident_event_log.zip", dt.date(2016, 3, 1), dt.date(2016, 4, 30))
    with Workbench.open(home) as bench:
        _close(home, bench, "2016-04", dt.date(2016, 4, 30))
        assert _claims(bench) == NOTHING
