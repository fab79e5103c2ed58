"""Airflow's pools as Mend needs them. `python -m mend_airflow.pools` creates or updates them in Airflow's database."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from mend.foundation.yaml_text import read_yaml

FILE = Path(__file__).with_name("pools.yaml")


@dataclass(frozen=True)
class Pool:
    """One pool: `slots` tasks at a time."""

    name: str
    slots: int
    description: str


def pools() -> list[Pool]:
    """The pools of pools.yaml."""
    return [Pool(name, **settings) for name, settings in read_yaml(FILE.read_text("utf-8")).items()]


def create() -> None:
    """Bring Airflow's database to the state of the file; slots changed in the UI are set back."""
    from airflow.models.pool import Pool as AirflowPool  # takes seconds

    for pool in pools():
        AirflowPool.create_or_update_pool(pool.name, pool.slots, pool.description, include_deferred=False)


if __name__ == "__main__":
    create()
    sys.stdout.write(f"{len(pools())} pools are in place\n")
