"""A home: its paths, its settings, and the little it remembers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mend.foundation.home import Home, HomeError


def test_every_path_lies_under_the_root(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "h", {})
    paths = [home.lake_folder, home.airflow_folder, home.inbox, home.lists_folder, home.scratch]
    assert paths == [home.root / name for name in ("lake", "airflow", "inbox", "lists", "scratch")]


def test_opening_a_home_writes_nothing(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "h", {})
    assert (home.warehouse, home.business_zone, home.database_url != "") == (f"file://{tmp_path}/h/lake", None, True)
    assert not home.root.exists()


def test_mend_home_names_the_folder(tmp_path: Path) -> None:
    assert Home.from_environment({"MEND_HOME": str(tmp_path / "elsewhere")}).root == tmp_path / "elsewhere"


def test_without_mend_home_it_lies_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment({}).root == tmp_path / ".mend"


def test_the_environment_overrides_every_setting(tmp_path: Path) -> None:
    environment = {
        "MEND_LAKE": "s3://lake/mend",
        "MEND_DATABASE_URL": "postgresql+psycopg://a@db/mend",
        "MEND_CATALOG_URL": "postgresql+psycopg://a@db/mend_lake",
        "MEND_AIRFLOW_DATABASE_URL": "postgresql+psycopg2://a@db/airflow",
        "MEND_THREADS": "8",
        "MEND_MEMORY_LIMIT": "20GB",
        "MEND_ZONE": "Asia/Shanghai",
    }
    home = Home.at(tmp_path, environment)
    assert {
        "MEND_LAKE": home.warehouse,
        "MEND_DATABASE_URL": home.database_url,
        "MEND_CATALOG_URL": home.catalog_url,
        "MEND_AIRFLOW_DATABASE_URL": home.airflow_database_url,
        "MEND_THREADS": str(home.threads),
        "MEND_MEMORY_LIMIT": home.memory_limit,
        "MEND_ZONE": home.business_zone,
    } == environment
    assert not home.needs_embedded_server


def test_defaults_suit_a_laptop_with_two_cores(tmp_path: Path) -> None:
    home = Home.at(tmp_path, {"MEND_THREADS": ""})
    assert (home.threads, home.memory_limit, home.s3_options, home.needs_embedded_server) == (2, "6GB", {}, True)


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(HomeError, match="MEND_THREADS"):
        _ = Home.at(tmp_path, {"MEND_THREADS": value}).threads


def test_s3_settings_become_the_lakes_options(tmp_path: Path) -> None:
    environment = {
        "MEND_S3_ENDPOINT": "http://minio:9000",
        "MEND_S3_ACCESS_KEY": "key",
        "MEND_S3_SECRET_KEY": "secret",
        "MEND_S3_REGION": "eu-west-1",
    }
    assert Home.at(tmp_path, environment).s3_options == {
        "s3.endpoint": "http://minio:9000",
        "s3.access-key-id": "key",
        "s3.secret-access-key": "secret",
        "s3.region": "eu-west-1",
    }


def test_secrets_do_not_show_in_the_repr(tmp_path: Path) -> None:
    assert "hunter2" not in repr(Home.at(tmp_path, {"MEND_S3_SECRET_KEY": "hunter2"}))


def test_the_business_zone_is_remembered_by_later_openings(tmp_path: Path) -> None:
    Home.at(tmp_path / "h", {}).remember_business_zone("Asia/Jerusalem")
    assert Home.at(tmp_path / "h", {}).business_zone == "Asia/Jerusalem"
    Home.at(tmp_path / "h", {}).remember_business_zone("Asia/Jerusalem")


def test_a_second_business_zone_is_refused(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "h", {})
    home.remember_business_zone("Asia/Jerusalem")
    with pytest.raises(HomeError, match="already works in the business zone Asia/Jerusalem"):
        home.remember_business_zone("Asia/Shanghai")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Asia"])
def test_a_zone_that_does_not_exist_is_refused(tmp_path: Path, zone: str) -> None:
    with pytest.raises(HomeError, match="is not a time zone"):
        Home.at(tmp_path, {}).remember_business_zone(zone)


def test_a_new_home_is_closed_to_others_and_an_old_one_keeps_its_permissions(tmp_path: Path) -> None:
    new, old = Home.at(tmp_path / "new", {}), Home.at(tmp_path / "old", {})
    old.root.mkdir(mode=0o750)
    new.prepare()
    old.prepare()
    expected = 0o711 if os.geteuid() == 0 else 0o700
    assert (new.root.stat().st_mode & 0o777, old.root.stat().st_mode & 0o777) == (expected, 0o750)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError, match="is a file"):
        Home.at(tmp_path / "file", {}).prepare()
