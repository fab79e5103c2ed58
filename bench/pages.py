"""How long the pages take: each page of the navigation, a customer's story, the card, and a grumble as it comes in.

    python -m bench.pages                                    # tables of a million customers
    python -m bench.pages --customers 10000000 --like HOME   # with the models and words of a home that has some

A server of its own (uvicorn, one process) with the pages alone: Airflow's look at the token comes on top. One client
at a time, then four; each request is of another customer. Aims: p95 of a page 500 ms, of the card 200 ms, of a grumble
300 ms.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from bench.pages_data import DAMAGED_EVERY, FIRST, LIST, NIGHT, fill
from mend.foundation import operations, server
from mend.foundation.home import Home

PAGE, CARD, GRUMBLE = 500, 200, 300  # ms, of 95 in 100
POINTS: Final = ("marketing", "tariff_billing", "marketing.lock_in")
HTML: Final = {"Accept": "text/html"}
JSON: Final = {"Accept": "application/json", "Content-Type": "application/json", "Authorization": "Bearer x"}


@dataclass(frozen=True)
class Asked:
    """What is measured: a path with the customer in it, what is sent, and the aim in milliseconds."""

    name: str
    path: str
    aim: int
    sends: bool = False

    def of(self, customer: str, chance: random.Random) -> tuple[str, str, str | None, dict[str, str]]:
        """A request of a customer."""
        path = self.path.format(customer=customer)
        if not self.sends:
            return "GET", path, None, JSON if self.name.endswith("JSON") else HTML
        body = {"customer_id": customer, "at": f"{NIGHT}T10:00", "point": chance.choice(POINTS), "mood": "angry"}
        return "POST", path, json.dumps(body), JSON


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200, help="of each page, and as many with four clients")
    parser.add_argument("--like", type=Path, metavar="HOME", help="its models, rules and words are taken; it must run")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="mend-bench-pages-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        home = Home.at(Path(folder) / "home", {"MEND_ZONE": "Asia/Shanghai"})
        home.prepare()
        server.start(home)
        try:
            operations.upgrade(home.database_url)
            began = time.perf_counter()
            fill(home, given.customers, Home.at(given.like) if given.like else None)
            _say(f"{given.customers:,} customers, tables filled in {time.perf_counter() - began:.0f} s")
            os.environ["AIRFLOW_HOME"] = str(Path(folder) / "airflow")
            with served(home) as port:
                _measure(port, given.customers, given.requests)
        finally:
            server.stop(home)
            shutil.rmtree(home.root, ignore_errors=True)


def _measure(port: int, customers: int, requests: int) -> None:
    _say(f"{'':<24} {'1 client: p50':>14} {'p95':>6} {'4 clients: p50':>15} {'p95':>6} {'aim':>5}   ms")
    for asked in what():
        alone = _times(port, asked, customers, requests, 1)
        four = _times(port, asked, customers, requests, 4)
        figures = f"{_share(alone, 0.5):>14.0f} {_share(alone, 0.95):>6.0f} {_share(four, 0.5):>15.0f}"
        met = "met" if _share(alone, 0.95) <= asked.aim else "NOT met"
        _say(f"{asked.name:<24} {figures} {_share(four, 0.95):>6.0f} {asked.aim:>5}   {met}")


def what() -> list[Asked]:
    """Everything that is measured: a page of the navigation is in it by itself."""
    from mend_airflow.ui.answers import PAGES

    found = [Asked(name, path, PAGE) for name, path, _ in PAGES]
    found += [Asked("a customer's story", "/customers/{customer}", PAGE), Asked("card", "/card/{customer}", CARD)]
    return [
        *found,
        Asked("a list, and why not", f"/lists/{LIST}?customer={{customer}}", PAGE),
        Asked("card, JSON", "/card/{customer}", CARD),
        Asked("grumble", "/api/grumble", GRUMBLE, sends=True),
    ]


def _times(port: int, asked: Asked, customers: int, requests: int, clients: int) -> list[float]:
    """Milliseconds of each request, sorted."""
    with ThreadPoolExecutor(clients) as pool:
        parts = pool.map(lambda seed: _client(port, asked, customers, requests // clients, seed), range(clients))
        return sorted(each for part in parts for each in part)


def _client(port: int, asked: Asked, customers: int, requests: int, seed: int) -> list[float]:
    chance = random.Random(f"{asked.name} {seed}")
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = []
    for _ in range(requests):
        customer = str(FIRST + DAMAGED_EVERY * chance.randint(1, customers // DAMAGED_EVERY))
        method, path, body, headers = asked.of(customer, chance)
        began = time.perf_counter()
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read()
        found.append(1000 * (time.perf_counter() - began))
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}: {text[:500]!r}")
    line.close()
    return found


def _share(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))]


@contextmanager
def served(home: Home) -> Iterator[int]:
    """The pages behind a real server, everybody signed in as the administrator: its port, once answers are loaded."""
    import uvicorn
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    from mend_airflow.ui import gate
    from mend_airflow.ui.app import create_app

    async def admin(_: Any) -> SimpleAuthManagerUser:
        return SimpleAuthManagerUser(username="admin", role="admin")

    gate.signed_in = admin  # type: ignore[assignment]
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    app = create_app(home)
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    for _ in count():
        if running.started and app.state.grumbles.points():
            break
        if not thread.is_alive():
            raise SystemExit("the server ended")
        time.sleep(0.1)
    yield port
    running.should_exit = True
    thread.join(20)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
