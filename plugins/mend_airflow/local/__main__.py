"""`make demo`, `make up`, `make stop`, `make clean` and `make pictures`.

python -m mend_airflow.local demo|up|stop|clean|pictures
"""

from __future__ import annotations

import os
import sys

from mend.errors import MendError
from mend.foundation.home import Home
from mend_airflow.local.demo import clean, demo, say_how_to_go_on, stop, up
from mend_airflow.local.pictures import take
from mend_airflow.local.screen import Screen
from mend_airflow.local.startup import client_of, wait_until_healthy


def main(arguments: list[str]) -> int:
    """The exit code: 0, or 1 with the reason on stderr."""
    os.umask(0o077)  # what is written here is about customers
    home, screen = Home.from_environment(), Screen(sys.stdout)
    try:
        match arguments:
            case ["demo"]:
                demo(home, screen)
            case ["up"]:
                services = up(home, screen)
                wait_until_healthy(services, client_of(services), screen)
                say_how_to_go_on(services, screen)
            case ["stop"]:
                stop(home, screen)
            case ["clean"]:
                clean(home, screen)
            case ["pictures"]:
                take(home, screen)
            case _:
                sys.stderr.write(f"{__doc__}\n")
                return 2
    except MendError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Airflow goes on: `make demo` returns to it, `make stop` ends it.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
