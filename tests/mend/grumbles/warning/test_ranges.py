"""A range of nights is worked on together and gives, row for row, what its nights give one by one; files are written
for few of them.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
from typing import Any

import pytest
import yaml
from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import complaint, grumble, put, put_world, rows
from tests.mend.grumbles.warning.test_lists import TAXONOMY, put_small_rules

from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning import RuleError, warn
from mend.grumbles.warning import rules as rule_files
from mend.grumbles.warning.list_files import write_night
from mend.simulate.hazard_world import hazard_world

FIRST = dt.date(2026, 5, 27)
NIGHTS = [FIRST + dt.timedelta(days=number) for number in range(7)]  # over a month's end
TABLES = ("mart_grumble_level", "mart_warning", "mart_warning_line", "mart_routed_problem", "mart_warning_capacity")
STATES: tuple[dict[str, str], ...] = (
    {},
    {"closed_at": "2026-05-29 12:00:00+08:00"},
    {"reopened_at": "2026-05-30 12:00:00+08:00"},
)


def _stricter_from(home: Home, first: dt.date) -> None:
    """A second version of the rules: other weights, another quiet period."""
    folder = home.root / "rules" / "warning"
    content = yaml.safe_load((folder / "1990-01-01.yaml").read_text("utf-8")) | {"valid_from": first}
    content["parts"]["duration"]["weight"], content["parts"]["solved"]["weight"] = 5, 45
    content["warning"] |= {"quiet_days": 2}
    (folder / f"{first}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def _put_busy_month(home: Home, bench: Workbench) -> None:
    """Grumbles of a month, some solved, complained of or with a ticket; rules and taxonomy that change within the
    range.
    """
    luck = random.Random(8)
    put_small_rules(home)
    _stricter_from(home, NIGHTS[3])
    taxonomy: list[Any] = list(TAXONOMY)
    moved = [{**row, "department_codes": "market", "taxonomy_version": str(NIGHTS[2])} for row in taxonomy]
    put(bench, "mart_grumble_type", [*taxonomy, *moved])
    days = [FIRST + dt.timedelta(days=luck.choice((-40, -20, -9, -2, 1, 4))) for _ in range(600)]
    kinds = ("indoor_weak", "network_coverage", "tariff_billing", None)
    solved = [f"{NIGHTS[luck.randint(0, 6)]} 12:00:00+08:00" if luck.random() < 0.3 else None for _ in days]
    put(bench, "mart_grumble", [
        grumble(f"{n:03}", f"C{luck.randint(0, 250):03}", f"{day} "
f"10:{n % 60:02}", luck.choice(kinds), solved_at=solved[n])
        for n, day in enumerate(days)
    ])  # fmt: skip
    put(bench, "mart_complaint", [complaint(f"K{n:02}", f"C{n * 5:03}", f"{days[n]} 18:00") for n in range(40)])
    put_record(bench, "ticket", [
        {"ticket_id": f"T{n:03}", "contact_id": f"{n:03}", "kind_code": "grumble", "opened_at": f"{days[n]} "
f"11:00:00+08:00",
         **STATES[n % 3]}
        for n in range(0, 600, 4)
    ])  # fmt: skip


def _everything(bench: Workbench) -> list[list[tuple[Any, ...]]]:
    return [rows(bench, table, "*", "all") for table in TABLES]


def _emptied(bench: Workbench) -> None:
    for table in TABLES:
        bench.lake.replace(table, every_row(), [])


def test_a_range_gives_what_its_nights_give_one_by_one(home: Home, bench: Workbench) -> None:
    _put_busy_month(home, bench)
    for night in NIGHTS:
        warn(home, bench, [night])
    expected = _everything(bench)
    assert {len({row[0] for row in table}) for table in expected} == {7}
    assert {row[-1] for row in expected[0]} == {dt.date(1990, 1, 1), NIGHTS[3]}
    sources = rows(bench, "mart_grumble_level", "distinct probability_source_code", "1")
    assert sources == [("rate",)]
    _emptied(bench)
    report = warn(home, bench, NIGHTS)
    assert _everything(bench) == expected
    assert (report.nights, report.open_grumbles, report.listed) == (7, len(expected[0]), len(expected[1]))


@pytest.mark.parametrize("shares", [pytest.param(2, marks=pytest.mark.long), 7])
def test_any_number_of_shares_gives_the_rows_of_one(home: Home, bench: Workbench, shares: int) -> None:
    """Also where the tickets name no customer: they go with the grumble that they are about."""
    _put_busy_month(home, bench)
    report = warn(home, bench, NIGHTS, shares=1)
    expected = _everything(bench)
    _emptied(bench)
    assert warn(home, bench, NIGHTS, shares=shares) == report
    assert _everything(bench) == expected


@pytest.mark.parametrize("most", [1, pytest.param(1000, marks=pytest.mark.long)])
def test_how_many_nights_fit_at_once_changes_nothing(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    _put_busy_month(home, bench)
    warn(home, bench, NIGHTS)
    expected = _everything(bench)
    _emptied(bench)
    monkeypatch.setattr("mend.grumbles.warning.nights.ROWS_AT_ONCE", most)
    warn(home, bench, NIGHTS)
    assert _everything(bench) == expected


def test_a_range_writes_each_table_once(home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bench, "mart_grumble", [grumble("A", "A", "2026-05-25 10:00")])
    written: list[str] = []
    replace = bench.lake.replace

    def counted(name: str, *arguments: Any, **named: Any) -> bool:
        written.append(name)
        return replace(name, *arguments, **named)

    monkeypatch.setattr(bench.lake, "replace", counted)
    warn(home, bench, NIGHTS)
    assert written == list(TABLES)


def test_files_and_pictures_are_those_of_the_last_night_and_of_month_ends(home: Home, bench: Workbench) -> None:
    put_world(bench, hazard_world(5, 300, days=70))
    folder = home.lists_folder / "warning"
    pictures = home.root / "reports" / "warning"
    report = warn(home, bench, NIGHTS)
    assert report.folder == str(folder / "2026-06-02")
    assert sorted(path.name for path in folder.iterdir()) == ["2026-05-31", "2026-06-02"]
    assert sorted(path.name for path in pictures.iterdir()) == ["2026-05-31.svg", "2026-06-02.svg"]


def test_a_nights_files_and_picture_can_be_made_from_its_tables_at_any_time(home: Home, bench: Workbench) -> None:
    put_world(bench, hazard_world(5, 300, days=70))
    night = NIGHTS[2]
    picture = home.root / "reports" / "warning" / f"{night}.svg"
    folder = home.lists_folder / "warning" / str(night)
    warn(home, bench, NIGHTS[:3])
    expected = {path.name: path.read_bytes() for path in (*folder.iterdir(), picture)}
    assert len(expected) >= 2
    shutil.rmtree(folder)
    picture.unlink()
    warn(home, bench, NIGHTS)
    assert not folder.exists()
    assert write_night(home, bench, night) == folder
    assert {path.name: path.read_bytes() for path in (*folder.iterdir(), picture)} == expected


def test_files_that_are_there_follow_when_their_night_is_made_again(home: Home, bench: Workbench) -> None:
    put_small_rules(home)
    put(bench, "mart_grumble", [grumble("B", "B", "2026-05-26 10:00")])
    for night in NIGHTS[:2]:
        warn(home, bench, [night])
    put(bench, "mart_grumble", [grumble("A", "A", "2026-05-25 10:00"), grumble("B", "B", "2026-05-26 10:00")])
    warn(home, bench, NIGHTS[:2])
    for night in NIGHTS[:2]:
        (file,) = (home.lists_folder / "warning" / str(night)).iterdir()
        assert [line.split(",")[2] for line in file.read_text("utf-8").splitlines()[1:]] == ["A", "B"]


def test_words_must_be_there_for_every_part(home: Home, bench: Workbench) -> None:
    content = yaml.safe_load((rule_files.FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    del content["words"]["tolerance"][3]
    folder = home.root / "rules" / "warning"
    folder.mkdir(parents=True)
    (folder / "1990-01-01.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(RuleError, match=r"1990-01-01\.yaml: words: .*tolerance must name parts 1 to 5"):
        warn(home, bench, [FIRST])
