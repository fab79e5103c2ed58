"""A simulated folder goes on otherwise after a list was published: in place, once, never in days that are loaded."""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from pathlib import Path

import pytest
from tests.mend.simulate.test_determinism import content
from tests.mend.simulate.test_reactions import CAMPAIGN, treatments

from mend.simulate import SimulationError, simulate
from mend.simulate.reacting import DRAFT, react

CUSTOMERS = 60
JANUARY = [dt.date(2026, 1, day) for day in range(1, 32)]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("usual") / "world"
    simulate(folder, CUSTOMERS, "2026-01", 2, 3)
    return folder


@pytest.fixture
def world(usual: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(usual, tmp_path / "world"))


def test_the_days_after_are_those_of_a_world_that_reacted_from_the_beginning(world: Path, tmp_path: Path) -> None:
    simulate(tmp_path / "whole", CUSTOMERS, "2026-01", 2, 3, treatments=treatments(CUSTOMERS))
    react(world, treatments(CUSTOMERS), JANUARY)
    assert content(world) == content(tmp_path / "whole")
    assert not (world / DRAFT).exists()


def test_once_more_changes_nothing_and_after_a_death_it_goes_on(world: Path) -> None:
    react(world, treatments(CUSTOMERS), JANUARY)
    done = content(world)
    # Dead between two files: some days are new, the settings are old, the draft is still there.
    changed = world / f"{CAMPAIGN + dt.timedelta(days=20)}" / "repair_action.csv.gz"
    changed.write_bytes(b"")
    (world / DRAFT / "truth").mkdir(parents=True)
    react(world, treatments(CUSTOMERS), JANUARY)
    assert content(world) == done


def test_loaded_days_that_an_earlier_version_packed_otherwise_are_no_others(world: Path) -> None:
    for path in (world / "2026-01-05").glob("*.csv.gz"):
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), 1))
    packed = content(world)["2026-01-05/contact.csv.gz"]
    react(world, treatments(CUSTOMERS), JANUARY)
    assert content(world)["2026-01-05/contact.csv.gz"] == packed


def test_a_day_that_is_loaded_is_past(world: Path) -> None:
    before = content(world)
    with pytest.raises(SimulationError, match="2026-02-01 is loaded already, and customers would have lived it"):
        react(world, treatments(CUSTOMERS), [*JANUARY, CAMPAIGN])
    assert content(world) == before
    assert not (world / DRAFT).exists()


def test_a_folder_without_a_world_is_named(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match=f"{tmp_path} holds no simulated world"):
        react(tmp_path, treatments(1), [])
