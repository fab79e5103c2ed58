"""Brings Airflow's metadata database up to date and creates the pools, in a process and environment of Airflow's own.

python -m mend_airflow.local.prepare
"""

from __future__ import annotations

import logging
import sys


def main() -> None:
    """Migrate, then pools: in one process, since importing Airflow is most of the time."""
    logging.disable(logging.INFO)
    from airflow.utils import db

    from mend_airflow import pools

    db.initdb()
    pools.create()
    sys.stdout.write("prepared\n")


if __name__ == "__main__":
    main()
