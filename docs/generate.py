"""Write the generated pages of docs/, or with --check compare them with what is there. `make docs` calls it."""

from __future__ import annotations

import subprocess
import sys

GENERATORS = ("mend.docs", "mend_airflow.dag_pages")


def main(arguments: list[str]) -> int:
    """The worst exit code; each generator runs in a process of its own, since Airflow's must be set up before it is
    imported.
    """
    return max(subprocess.run([sys.executable, "-m", name, *arguments], check=False).returncode for name in GENERATORS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
