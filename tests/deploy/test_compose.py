"""docker-compose.yaml as text: what would only fail on the day of the installation."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from mend.care.sms import relay_of
from mend.cli.main import parser
from mend.foundation.home import Home
from mend.foundation.source_files import source_files, source_folders

REPOSITORY = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = sorted(name for name in SERVICES if name.startswith(("airflow-", "mend-")))
SECRETS = {
    "POSTGRES_PASSWORD",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_JWT_SECRET",
    "AIRFLOW_SECRET_KEY",
    "AIRFLOW_ADMIN_PASSWORD",
}


def example_names(with_commented: bool) -> set[str]:
    pattern = r"^(?:# )?([A-Z0-9_]+)=" if with_commented else r"^([A-Z0-9_]+)="
    return set(re.findall(pattern, (REPOSITORY / ".env.example").read_text("utf-8"), re.MULTILINE))


def referenced(name_and_rest: str) -> set[str]:
    text = (REPOSITORY / "docker-compose.yaml").read_text("utf-8")
    return set(re.findall(rf"(?<!\$)\$\{{([A-Z0-9_]+){name_and_rest}", text))


def test_the_services_of_airflows_official_file_are_there() -> None:
    assert {name.removeprefix("airflow-") for name in SERVICES} >= {
        "apiserver",
        "scheduler",
        "dag-processor",
        "worker",
        "triggerer",
        "init",
        "postgres",
        "redis",
    }


@pytest.mark.parametrize("name", OURS)
def test_each_airflow_service_sees_the_sources_and_the_lake(name: str) -> None:
    service = SERVICES[name]
    targets = {
        volume.split(":")[1] for volume in (re.sub(r"\$\{[^}]*\}", "x", volume) for volume in service["volumes"])
    }
    assert targets >= {
        "/opt/airflow/include",
        "/opt/airflow/plugins",
        "/opt/airflow/dags",
        "/lake",
        "/opt/mend",
        "/opt/sources",
    }
    assert "PYTHONPATH" not in service["environment"]  # the image has Mend installed, editable


@pytest.mark.parametrize("name", OURS)
def test_each_airflow_service_knows_which_sources_there_are_and_are_read(name: str, tmp_path: Path) -> None:
    environment = SERVICES[name]["environment"]
    own = Home.at(tmp_path, {"MEND_SOURCES": environment["MEND_SOURCES"]})
    assert source_folders(own)[0] == Path("/opt/sources")
    default = re.fullmatch(r"\$\{MEND_SOURCES_ENABLED:-(.+)\}", environment["MEND_SOURCES_ENABLED"])
    assert default
    assert set(default[1].split(",")) <= source_files(Home.at(tmp_path, {})).keys()


@pytest.mark.parametrize("name", OURS)
def test_each_airflow_service_uses_mends_own_databases(name: str) -> None:
    environment = SERVICES[name]["environment"]
    databases = {variable: environment[variable].rpartition("/")[2] for variable in environment if "URL" in variable}
    databases["airflow"] = environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].rpartition("/")[2]
    assert (databases["MEND_DATABASE_URL"], databases["MEND_CATALOG_URL"], databases["airflow"]) == (
        "mend",
        "mend_lake",
        "airflow",
    )


def test_all_databases_are_created_with_the_volume() -> None:
    statements = (REPOSITORY / "deploy" / "databases.sql").read_text("utf-8")
    created = set(re.findall(r"create database (\w+);", statements)) | {
        SERVICES["postgres"]["environment"]["POSTGRES_DB"]
    }
    assert created == {"mend", "mend_lake", "airflow"}


def test_secrets_have_no_default_and_stand_in_the_example() -> None:
    assert referenced(r":\?") == SECRETS == example_names(with_commented=False)


def test_every_variable_stands_in_the_example() -> None:
    assert referenced("") <= example_names(with_commented=True)


def test_services_that_run_on_start_again_and_are_watched() -> None:
    running = {name: service for name, service in SERVICES.items() if service["restart"] != "no"}
    assert {name for name in SERVICES if name not in running} == {"airflow-init", "lake-init"}
    assert [name for name, service in running.items() if "healthcheck" not in service] == []


def test_the_relay_sends_to_nobody_until_it_is_told_to() -> None:
    environment = SERVICES["mend-relay"]["environment"]
    defaults = {
        name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value)
        for name, value in environment.items()
        if name.startswith("MEND_SMS_")
    }
    assert defaults == {"MEND_SMS_MODE": "dry_run", "MEND_SMS_ALLOW": "", "MEND_SMS_URL_MAIN": ""}
    assert relay_of(Home.at("/nowhere", defaults | {"MEND_ZONE": "Asia/Shanghai"}), "main").transport is None


def test_the_message_centres_password_reaches_the_relay_alone() -> None:
    assert [name for name, service in SERVICES.items() if "MEND_SMS_URL_MAIN" in service.get("environment", {})] == [
        "mend-relay"
    ]


def test_the_commands_of_our_own_services_are_commands() -> None:
    assert SERVICES["mend-relay"]["command"][0] == "mend"
    parser().parse_args(SERVICES["mend-relay"]["command"][1:])
    assert find_spec(SERVICES["mend-relay"]["healthcheck"]["test"][3])


def test_the_image_is_built_from_the_pins() -> None:
    lines = (REPOSITORY / "Dockerfile").read_text("utf-8")
    assert "pip install --requirement requirements.txt" in lines
    assert all(service["build"] == "." for name, service in SERVICES.items() if name in OURS)


def test_what_the_image_copies_is_not_ignored() -> None:
    allowed = set(re.findall(r"^!(.+)$", (REPOSITORY / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    copied = re.findall(r"^COPY (?:--\S+ )?(.+) \S+$", (REPOSITORY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert {name for line in copied for name in line.split()} <= allowed
