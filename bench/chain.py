"""What one more nightly run costs, all of it: the last day of a month, against rebuilding the month.

All goes through the command `mend`, from the simulated deliveries (dirt, late and re-sent rows included) to the last
task of the chain. Rebuilding is one run over the whole month in a fresh home, and the month's close. The night is run
several times from the same state, which one run over the days before it has left: once before the rebuilding, the other
times after it, as a shared machine changes its speed within minutes. The server tidies up after those days first, which
between two nights it has a day for.

Simulating millions of customers takes longer than all of it: the deliveries of a centre larger than four million are
those of a smaller one several times, each time under other ids.
"""

from __future__ import annotations

import argparse
import gzip
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

from bench.data import DAYS, MONTH, default_folder
from bench.measure import Cost, ServerWatch
from bench.nightly import AT_MOST
from mend.foundation import server
from mend.foundation.home import Home

SIMULATED: Final = 4_000_000  # customers, at most; ids have room for ten times as many
CUSTOMER: Final = re.compile(rb"(?<![^,\n])(120)0([0-9]{8})(?![^,\n])")
SUBJECT: Final = re.compile(rb"(?<![^,\n])([A-Z]{1,3})0([0-9]{7}-)")
MONTHS: Final = 2  # the month after as well: its deliveries bring the month's late rows


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.chain", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, default=1_000_000, help="some two contacts a month each")
    parser.add_argument(
        "--folder", type=Path, default=default_folder(), help="where the deliveries and the homes are kept"
    )
    parser.add_argument("--nights", type=int, default=3, help="times that the last day is run")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="use what an earlier run kept of the days before, and keep it for the next one",
    )
    given = parser.parse_args(argv)
    folder = given.folder / f"chain-{given.customers}"
    deliveries(folder, given.customers)
    last_day = days(DAYS[-1].isoformat(), DAYS[-1].isoformat())
    before, home = Home.at(folder / "before", {}), Home.at(folder / "grown", {})
    if not (given.keep and before.root.exists()):
        copy_home(grown(folder), before.root)
    copy_home(before, home.root)  # where it was made: the lake's tables name their folder
    nights = [mend(home, *last_day)]
    whole = fresh_home(folder, "whole")
    month, close = mend(whole, *days(DAYS[0].isoformat(), DAYS[-1].isoformat())), mend(whole, "month", MONTH)
    server.stop(whole)
    for _ in range(given.nights - 1):
        copy_home(before, home.root)
        nights.append(mend(home, *last_day))
    server.stop(home)
    for each in (whole,) if given.keep else (whole, before):
        shutil.rmtree(each.root)
    print("\n".join(table(given.customers, month, close, nights)))


def grown(folder: Path) -> Home:
    """The home after one run over the days before the last one, when the server has tidied up."""
    home = fresh_home(folder, "grown")
    mend(home, *days(DAYS[0].isoformat(), DAYS[-2].isoformat()))
    with create_engine(home.database_url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("vacuum (analyze)"))
    return home


def deliveries(folder: Path, customers: int) -> None:
    """The simulated centre's deliveries, made when they are not there yet."""
    if (folder / "made").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    folder.chmod(0o755)  # root's embedded server runs as another user and passes through
    copies = -(-customers // SIMULATED)
    if copies > 1:
        smaller = folder.parent / f"chain-{customers // copies}"
        deliveries(smaller, customers // copies)
        for day in DAYS:
            for path in sorted((smaller / "inbox" / day.isoformat()).iterdir()):
                copy(path, folder / "inbox" / day.isoformat() / path.name, copies)
    else:
        making = Home.at(folder / "making", {})
        size = ("--customers", str(customers), "--months", str(MONTHS), "--first-month", MONTH)
        mend(making, "simulate", *size, "--into", str(folder / "inbox"))
    (folder / "made").touch()


def copy(path: Path, target: Path, copies: int) -> None:
    """The file's rows so many times, each time under ids of their own: a nought of theirs becomes the copy's digit."""
    header, _, rows = gzip.decompress(path.read_bytes()).partition(b"\n")
    target.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(target, "wb", compresslevel=1) as file:
        file.write(header + b"\n" + rows)
        for digit in map(b"%d".__mod__, range(1, copies)):
            file.write(SUBJECT.sub(rb"\g<1>%b\g<2>" % digit, CUSTOMER.sub(rb"\g<1>%b\g<2>" % digit, rows)))


def fresh_home(folder: Path, name: str) -> Home:
    """A home without anything in it but the deliveries."""
    home = Home.at(folder / name, {})
    if home.root.exists():
        server.stop(home)
        shutil.rmtree(home.root)
    home.root.mkdir()
    home.inbox.symlink_to(folder / "inbox")
    return home


def copy_home(home: Home, target: Path) -> None:
    """A copy in place of what is there; neither of the two servers runs meanwhile."""
    for each in (home, Home.at(target, {})):
        if each.root.exists():
            server.stop(each)
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(
        ["cp", "-a", str(home.root), str(target)], check=True
    )  # with the owners: the server's files are its user's


def days(first: str, last: str) -> list[str]:
    return ["run", "--source", "simulator", "--from", first, "--to", last]


def mend(home: Home, *words: str) -> Cost:
    """Run the command in a process of its own; the embedded server's time counts, too."""
    with ServerWatch(home) as watch:
        wall, cpu = time.perf_counter(), children_cpu()
        subprocess.run([sys.executable, "-m", "mend.cli", "--home", str(home.root), *words], check=True)
        cost = Cost(time.perf_counter() - wall, children_cpu() - cpu)
    cost.cpu += watch.cpu
    print(f"{cost.wall:.1f} s, {cost.cpu:.1f} CPU s: mend {' '.join(words)}", flush=True)
    return cost


def children_cpu() -> float:
    """CPU seconds of this process's ended children so far. (The server detaches itself and is not among them.)"""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(customers: int, month: Cost, close: Cost, nights: Sequence[Cost]) -> list[str]:
    """The figures as a Markdown table; the ratio is that of the nights' mean."""
    night = statistics.mean(each.cpu for each in nights)
    share = night / (month.cpu + close.cpu)
    of_rebuilding = f"1/{1 / share:.1f} of rebuilding (aim 1/{1 / AT_MOST:.0f}{'' if share <= AT_MOST else ', missed'})"
    return [
        f"### One more nightly run at {customers:,} customers".replace(",", " "),
        "",
        "| | wall s | CPU s |",
        "|---|---|---|",
        f"| mend run, the month's {len(DAYS)} days in one run | {month.wall:.1f} | {month.cpu:.1f} |",
        f"| mend month | {close.wall:.1f} | {close.cpu:.1f} |",
        *(f"| mend run, the last day alone | {night.wall:.1f} | {night.cpu:.1f} |" for night in nights),
        "",
        f"The night is {of_rebuilding}, 1/{month.cpu / night:.1f} of the days without the close.",
        "",
    ]


if __name__ == "__main__":
    main()
