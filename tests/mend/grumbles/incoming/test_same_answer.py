"""What an agent is told when a grumble comes in is what the night says of the same facts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from tests.mend.grumbles.incoming.worlds import put_incoming_world
from tests.mend.grumbles.warning.tables import rows

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.answer import Answer, answers
from mend.grumbles.incoming.basis import NOBODY, Basis, Customer
from mend.grumbles.incoming.features import Facts
from mend.grumbles.incoming.reading import CUSTOMER, IncomingReader, Question, customer_of
from mend.grumbles.incoming.step import publish_night
from mend.grumbles.warning import warn

AUGUST = [dt.date(2026, 8, day) for day in range(1, 29)]
SOME = [AUGUST[2], AUGUST[4], AUGUST[18]]  # before models and cut points, the first with them, and in the middle
LEVEL = (
    "grumble_id, customer_id, grumbled_at, grumble_type_code, area_code, age_days, solved_state_code, value_code, "
    "behaviour_code, association_coefficient, duration_part, solved_part, association_part, tolerance_part, points, "
    "level, cut_month, probability_7_days, probability_30_days, probability_source_code, model_version"
)
Row = dict[str, Any]
ON_RECORD = {"contacts_today": 0, "is_on_record": True}


@pytest.fixture(scope="module")
def world(home: Home, bench: Workbench) -> None:
    put_incoming_world(home, bench, 1500)
    warn(home, bench, SOME)


def _dicts(bench: Workbench, table: str, columns: str, where: str) -> list[Row]:
    names = [name.strip() for name in columns.split(",")]
    return [dict(zip(names, row, strict=True)) for row in rows(bench, table, columns, "all", where)]


def _night(bench: Workbench, night: dt.date) -> list[Row]:
    return _dicts(bench, "mart_grumble_level", LEVEL, f"day_on = date '{night}'")


def _published(home: Home, names: set[str]) -> tuple[Basis, dict[str, Customer]]:
    with operations.transaction(home.database_url) as connection:
        basis = IncomingReader().basis(connection)
        found = {name: connection.execute(CUSTOMER, {"customer": name}).one_or_none() for name in sorted(names)}
    return basis, {name: customer_of(row) for name, row in found.items() if row is not None}


def _extra(bench: Workbench) -> dict[str, Row]:
    columns = "grumble_id, source_kind_code, mood_code, is_company_at_fault"
    return {row["grumble_id"]: row for row in _dicts(bench, "mart_grumble", columns, "true")}


def _facts(row: Row, extra: Row, night: dt.date, **more: Any) -> Facts:
    return Facts(
        day=night,
        grumbled_on=night - dt.timedelta(days=row["age_days"]),
        point=row["grumble_type_code"],
        area=row["area_code"],
        source_kind=extra["source_kind_code"],
        mood=extra["mood_code"],
        is_company_at_fault=extra["is_company_at_fault"],
        solved_state=row["solved_state_code"],
        **more,
    )


def _differences(row: Row, told: Answer) -> dict[str, Any]:
    exact = {
        "value_code": told.value,
        "behaviour_code": told.behaviour,
        "area_code": told.area,
        "duration_part": told.duration_part,
        "solved_part": told.solved_part,
        "association_part": told.association_part,
        "tolerance_part": told.tolerance_part,
        "points": told.points,
        "level": told.level,
        "cut_month": told.cut_month,
        "probability_source_code": told.probability_source,
        "model_version": told.model_version,
    }
    near = {
        "association_coefficient": told.coefficient,
        "probability_7_days": told.probability_7,
        "probability_30_days": told.probability_30,
    }
    if row["cut_month"] is None:  # a night before the first cut points has the shares of its own grumbles
        del exact["level"]
    wrong = {name: (row[name], value) for name, value in exact.items() if row[name] != value}
    return wrong | {
        name: (row[name], value)
        for name, value in near.items()
        if (row[name] is None) != (value is None) or (value is not None and abs(row[name] - value) > 1e-9)
    }


def _check_on_record(home: Home, bench: Workbench, night: dt.date, extra: dict[str, Row]) -> None:
    """All open grumbles of a night, from what the same night published."""
    levels = _night(bench, night)
    basis, people = _published(home, {row["customer_id"] for row in levels})
    basis, monthly = _before(home, bench, night, basis, set(people))
    people = {name: _with_monthly(each, monthly.get(name, NOBODY)) for name, each in people.items()}
    asked = [
        (people.get(row["customer_id"]), _facts(row, extra[row["grumble_id"]], night, **ON_RECORD)) for row in levels
    ]
    told = dict(zip((row["grumble_id"] for row in levels), answers(basis, asked), strict=True))
    wrong = {row["grumble_id"]: found for row in levels if (found := _differences(row, told[row["grumble_id"]]))}
    assert (len(levels) > 100, wrong) == (True, {})
    listed = "grumble_id, strategy_code, strategy_zh, department_code, survey_item_code, "
    listed += "reasons_en, reasons_zh, expects_en, does_zh"
    for row in _dicts(bench, "mart_warning", listed, f"day_on = date '{night}'"):
        own = told[row["grumble_id"]]
        if own.cut_month is None:  # then the level, and the strategy with it, is the night's own
            row |= {"strategy_code": own.strategy.code, "strategy_zh": own.strategy.zh}
        assert row == {
            "grumble_id": row["grumble_id"],
            "strategy_code": own.strategy.code,
            "strategy_zh": own.strategy.zh,
            "department_code": own.department,
            "survey_item_code": own.survey_item,
            "reasons_en": own.reasons_en,
            "reasons_zh": own.reasons_zh,
            "expects_en": own.expectation.expects.en if own.expectation else None,
            "does_zh": own.expectation.does.zh if own.expectation else None,
        }


def _before(
    home: Home, bench: Workbench, night: dt.date, basis: Basis, names: set[str]
) -> tuple[Basis, dict[str, Customer]]:
    """A night publishes for the day after it; results of months that the night itself used were published the night
    before."""
    publish_night(home, bench, night - dt.timedelta(days=1))
    own, people = _published(home, names)
    used = ("night", "rules", "models", "rates", "influence", "points", "cut_month", "cuts")
    return basis.model_copy(update={name: getattr(own, name) for name in used}), people


def _with_monthly(customer: Customer, before: Customer) -> Customer:
    return replace(
        customer, joined_on=before.joined_on, arpu=before.arpu, value=before.value, behaviour=before.behaviour
    )


def _check_new(home: Home, bench: Workbench, night: dt.date, extra: dict[str, Row]) -> Counter[str]:
    """All grumbles that came in on a day, from what the night before it published and what was known that day."""
    publish_night(home, bench, night - dt.timedelta(days=1))
    levels = _night(bench, night)
    new = [row for row in levels if row["age_days"] == 0]
    basis, people = _published(home, {row["customer_id"] for row in new})
    day = f"date '{night}'"
    contacts = dict(rows(bench, "mart_exposure_day", "customer_id, contact_count", "all", f"subject_on = {day}"))
    grumbles = Counter(name for (name,) in rows(bench, "mart_grumble", "customer_id", "1", f"grumbled_on = {day}"))
    complaints = Counter(
        name for (name,) in rows(bench, "mart_complaint", "customer_id", "1", f"complained_on = {day}")
    )
    seen, asked = Counter[str](), []
    for row in new:
        name, customer = row["customer_id"], people.get(row["customer_id"])
        own = [each for each in levels if each["customer_id"] == name and each is not row]
        before = tuple(
            (each["area_code"], night - dt.timedelta(days=each["age_days"])) for each in own if each["age_days"]
        )
        is_same = Counter(before) == Counter(
            each for each in (customer.open_grumbles if customer else ()) if (night - each[1]).days < 30
        )
        seen["as published" if is_same else "ended that day"] += 1
        if not is_same:  # what ended on the day is a fact of the day
            customer = replace(customer or NOBODY, open_grumbles=before)
        more = {
            "contacts_today": contacts.get(name, 0),
            "grumbles_today": grumbles[name],
            "complaints_today": complaints[name],
            "open_today": tuple(each["area_code"] for each in own if not each["age_days"]),
        }
        asked.append((customer, _facts(row, extra[row["grumble_id"]], night, **more)))
    told = answers(basis, asked)
    wrong = {
        row["grumble_id"]: found for row, each in zip(new, told, strict=True) if (found := _differences(row, each))
    }
    assert wrong == {}
    return seen


def _month(home: Home, bench: Workbench, nights: list[dt.date]) -> None:
    extra, seen = _extra(bench), Counter[str]()
    for night in nights:
        seen += _check_new(home, bench, night, extra)
        publish_night(home, bench, night)
        _check_on_record(home, bench, night, extra)
    assert seen["as published"] > 10 * len(nights), seen


def test_the_incoming_answer_is_the_nights_row(home: Home, bench: Workbench, world: None) -> None:
    _month(home, bench, SOME)


@pytest.mark.long
def test_the_incoming_answer_is_the_nights_row_on_every_night_of_a_month(
    home: Home, bench: Workbench, world: None
) -> None:
    warn(home, bench, AUGUST)
    _month(home, bench, AUGUST)


def test_the_reader_tells_what_the_function_says(home: Home, bench: Workbench, world: None) -> None:
    night = AUGUST[18]
    publish_night(home, bench, night - dt.timedelta(days=1))
    row = next(row for row in _night(bench, night) if row["age_days"] == 0 and row["solved_state_code"] == "untouched")
    extra = _extra(bench)[row["grumble_id"]]
    basis, people = _published(home, {row["customer_id"]})
    expected = answers(basis, [(people.get(row["customer_id"]), _facts(row, extra, night))])[0]
    question = Question(
        row["customer_id"],
        row["grumbled_at"],
        row["grumble_type_code"],
        mood=extra["mood_code"],
        is_company_at_fault=extra["is_company_at_fault"],
    )
    with operations.transaction(home.database_url) as connection:
        told = IncomingReader().tell(connection, question)
    assert (told.answer, told.classified_by) == (expected, "source")
