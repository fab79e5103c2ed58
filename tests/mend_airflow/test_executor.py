"""The local executor: its workers have the steps' libraries before a task comes, and none of our own code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

LOOK = """
import json, multiprocessing, sys
from airflow.executors.local_executor import LocalExecutor
from mend_airflow.local.executor import LIBRARIES, WarmLocalExecutor

def say_missing():
    print(json.dumps([name for name in LIBRARIES if name not in sys.modules]))

def look(self):  # where the executor makes its workers: forks of this process
    worker = multiprocessing.get_context("fork").Process(target=say_missing)
    worker.start()
    worker.join()

LocalExecutor.start = look
WarmLocalExecutor(parallelism=1).start()
print(json.dumps(sorted(name for name in sys.modules if name.split(".")[0] == "mend")))
"""


def test_workers_have_the_libraries_and_import_our_code_anew(tmp_path: Path) -> None:
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    missing, ours = (json.loads(line) for line in done.stdout.splitlines()[-2:])
    assert (missing, ours) == ([], [])
