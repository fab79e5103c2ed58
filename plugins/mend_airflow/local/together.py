"""Several commands of `mend` in one process: the libraries that they need are loaded once.

python -m mend_airflow.local.together '[["run", ...], ["month", "2026-01"]]'
"""

from __future__ import annotations

import json
import sys
from typing import Final

DONE: Final = "\x1edone"  # a line for whoever reads, after each command


def main(commands: list[list[str]]) -> int:
    """Run them in order; the exit code of the first that fails, else 0."""
    from mend.cli.main import main as mend

    for command in commands:
        if code := mend(command):
            return code
        sys.stdout.write(f"{DONE}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
