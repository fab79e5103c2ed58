"""Simulate a telecom centre: its deliveries as files per business date, and the truth beside them."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from mend.foundation.schema import RECORDS
from mend.simulate import delivery, truth, world
from mend.simulate.faults import Fault, install_faults, written
from mend.simulate.groups import NONE
from mend.simulate.groups import TRUTH as GROUP_TRUTH
from mend.simulate.reactions import Reactions, defaults, digest_of, install_reactions
from mend.simulate.settings import WORLD, SimulationError, World, install, sql

Progress = Callable[[str], None]
SETTINGS_FILE: Final = "world.json"
SCRATCH: Final = ".simulating"
TRUTH_ORDER: Final = {
    "ledger": "customer_id, posted_at, subject_id, indicator_id, entry_kind_code, cause_id",
    "month": "customer_id, month_on",
}
# What each contact was about, and what its record says of that: the truth that a classifier of texts is held against.
GRUMBLES: Final = """
    select
        contact_id, customer_id, started_at, has_grumble as is_grumble, point_code as grumble_type_code,
        grumble_type_code as coded_type_code, note_text is not null as is_noted, other_phrases is not null as is_vague
    from inbound_contact
    where has_grumble or note_text is not null
    order by contact_id"""


# Which contacts went otherwise for a fault: its number among the faults.
FAULTS: Final = """
    select contact_id, customer_id, started_at, fault_number
    from inbound_contact
    where fault_number is not null
    order by contact_id"""


def _silent(message: str) -> None:
    """The progress of a caller that did not ask for any."""


@dataclass(frozen=True)
class Truth:
    """What a simulation made, in numbers; the rows themselves are the Parquet files in `folder`.

    `horizon` is the end of the last day, in the world's local time.
    """

    folder: Path
    horizon: dt.datetime
    rows_delivered: dict[str, int]
    rows_accepted: dict[str, int]
    ledger_rows: dict[str, int]
    level_counts: dict[str, dict[int, int]]


@dataclass(frozen=True)
class Workplace:
    """Where one simulation happens: a DuckDB in memory, and a scratch folder that is gone afterwards."""

    connection: duckdb.DuckDBPyConnection
    scratch: Path
    progress: Progress

    @property
    def lines(self) -> Path:
        """Lines of the files to be, by record and day of arrival."""
        return self.scratch / "lines"

    def copy(self, query: str, path: Path) -> None:
        """Write a query's rows as one Parquet file, local clock times as instants."""
        self.connection.execute(f"copy (select {self.instants(query)} from ({query})) to '{path}' (format parquet)")

    def instants(self, query: str) -> str:
        """All columns of a query, those with local clock times cast to instants."""
        columns = self.connection.execute(f"describe {query}").fetchall()
        return ", ".join(
            f"{name}::timestamptz as {name}" if kind == "TIMESTAMP" else name for name, kind, *_ in columns
        )


def simulate(
    into: Path,
    customers: int,
    first_month: str = "2026-05",
    months: int = 3,
    seed: int = 1,
    dirty: bool | float = True,
    *,
    contacts_per_month: float = 2.0,
    chunk_customers: int | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress = _silent,
    treatments: pa.Table | None = None,
    reactions: Reactions | None = None,
    faults: Sequence[Fault] = (),
    groups: str = NONE,
) -> Truth:
    """Write `<into>/<YYYY-MM-DD>/<record>.csv.gz` for every business date and `<into>/truth/*.parquet`.

    The same arguments give the same files, whatever the chunks, threads and memory. `dirty` scales the planted dirt:
    True is 1. A folder that already holds this very world is left as it is; one that holds anything else is refused
    with SimulationError.

    Args:
        treatments: what published lists gave (reactions.TREATMENT). Customers react to it: every day before the first
            campaign's month has the same files, and `truth/reaction.parquet` says of each candidate what would have
            happened without it.
        reactions: effects per strategy; by default those of world.yaml.
        faults: what is planted to go wrong. `truth/fault.parquet` says which contacts each fault changed; before the
            first fault every day has the same files.
        groups: of customers that are planted, a name in groups.yaml; `truth/cluster.parquet` says who is in which.
    """
    asked = World(customers, first_month, months, seed, contacts_per_month, groups)
    settings: dict[str, Any] = {**asdict(asked), "dirty": float(dirty)}
    if groups == NONE:
        del settings["groups"]  # worlds of earlier versions have none and say nothing of it
    effects = reactions or defaults()
    if treatments is not None:
        settings["reactions"] = digest_of(treatments, effects)
    if faults:
        settings["faults"] = written(faults)
    done = into / "truth" / SETTINGS_FILE
    if done.exists() and json.loads(done.read_text()) == settings:
        progress(f"{into} already holds this world")
        return summary(into)
    with _workplace(into, memory_limit, threads, progress) as place:
        install(place.connection, asked)
        install_faults(place.connection, faults)
        if treatments is not None:
            install_reactions(place.connection, treatments, effects)
        chunks = list(world.chunks(asked, chunk_customers))
        _live(place, asked, chunks, float(dirty), treatments is not None)
        _tell_truth(place, asked, into / "truth", len(chunks), treatments is not None)
        _deliver(place, asked, into)
    done.write_text(json.dumps(settings, indent=1))
    return summary(into)


def core_parquet(
    into: Path,
    customers: int,
    first_month: str = "2026-05",
    months: int = 1,
    seed: int = 1,
    *,
    contacts_per_month: float = 2.0,
    groups: str = NONE,
    records: tuple[str, ...] = (*world.PERSONAL_RECORDS, "ticket_version"),
    chunk_customers: int | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress = _silent,
) -> dict[str, int]:
    """Write the clean world alone, shaped like the core tables: `<into>/<record>/<event_column>=<day>/*.parquet`.

    The event day stands in the file too; timestamps are instants. For benchmarks: no CSV, no dirt, no truth.
    Returns the rows of each record.
    """
    asked = World(customers, first_month, months, seed, contacts_per_month, groups)
    rows = dict.fromkeys(records, 0)
    with _workplace(into, memory_limit, threads, progress) as place:
        install(place.connection, asked)
        for number, (first, last) in enumerate(world.chunks(asked, chunk_customers)):
            world.live(place.connection, first, last)
            for record in records:
                rows[record] += _write_core(place, record, into, number)
            progress(f"customers {first} to {last} of {customers} written")
    return rows


def summary(into: Path) -> Truth:
    """The numbers of a world that was simulated into `into`."""
    folder = into / "truth"
    settings = json.loads((folder / SETTINGS_FILE).read_text())
    made = World(*(settings[name] for name in ("customers", "first_month", "months", "seed", "contacts_per_month")))
    with duckdb.connect() as connection:
        connection.execute(f"set file_search_path = '{folder}'")
        files = connection.execute("""
            select record_code, sum(row_count)::bigint, sum(accepted_count)::bigint
            from 'files.parquet' group by 1 order by 1""").fetchall()
        ledger = connection.execute("""
            select indicator_id, count(*) from 'ledger.parquet'
            where entry_kind_code <> 'cap' group by 1 order by 1""").fetchall()
        levels = connection.execute("""
            select strftime(month_on, '%Y-%m') as month, map_from_entries(list((level, customers) order by level))
            from (select month_on, level_by_score as level, count(*) as customers from 'month.parquet' group by all)
            group by 1 order by 1""").fetchall()
    return Truth(
        folder=folder,
        horizon=dt.datetime.combine(made.month_starts[-1], dt.time()),
        rows_delivered={record: rows for record, rows, _ in files},
        rows_accepted={record: accepted for record, _, accepted in files},
        ledger_rows=dict(ledger),
        level_counts=dict(levels),
    )


def _live(place: Workplace, asked: World, chunks: list[tuple[int, int]], factor: float, is_reacting: bool) -> None:
    """First pass: every chunk's life, staged as clean rows for the truth and as lines for the files."""
    for number, (first, last) in enumerate(chunks):
        world.live(place.connection, first, last, is_reacting=is_reacting)
        truth.count_handling(place.connection)
        if is_reacting:
            place.copy(sql("truth_reaction"), place.scratch / f"reaction_{number:05d}.parquet")
        for record in world.PERSONAL_RECORDS:
            delivery.write_lines(place.connection, record, asked, factor, place.lines, number)
        place.copy(GRUMBLES, place.scratch / f"grumble_{number:05d}.parquet")
        place.copy(FAULTS, place.scratch / f"fault_{number:05d}.parquet")
        place.copy(GROUP_TRUTH, place.scratch / f"cluster_{number:05d}.parquet")
        for record in truth.RECORDS_USED:
            place.connection.execute(f"copy clean_{record} to '{_clean_file(place, record, number)}' (format parquet)")
        place.progress(f"customers {first} to {last} of {asked.customers} have lived {asked.months} months")
    world.plan(place.connection)
    delivery.write_lines(place.connection, "marketing_plan", asked, factor, place.lines, 0)


def _tell_truth(place: Workplace, asked: World, into: Path, chunk_count: int, is_reacting: bool) -> None:
    """Second pass, once every chunk's handling times are known: the ledger and the months' scores, chunk by chunk."""
    into.mkdir(parents=True)
    truth.find_medians(place.connection)
    world.forget(place.connection)
    for number in range(chunk_count):
        for record in truth.RECORDS_USED:
            source = _clean_file(place, record, number)
            place.connection.execute(f"create or replace temp table clean_{record} as from '{source}'")
        truth.derive(place.connection)
        truth.months(place.connection, asked)
        for table, order in TRUTH_ORDER.items():
            place.copy(f"select * from truth_{table} order by {order}", place.scratch / f"{table}_{number:05d}.parquet")
    for table in (*TRUTH_ORDER, "grumble", "fault", "cluster", *(("reaction",) if is_reacting else ())):
        place.copy(f"select * from '{place.scratch}/{table}_*.parquet'", into / f"{table}.parquet")
    place.copy("select * from topic_median order by all", into / "topic_median.parquet")
    place.progress("the truth is told: ledger and scores")


def _deliver(place: Workplace, asked: World, into: Path) -> None:
    for month in asked.month_starts[:-1]:
        days = [day for day in asked.days if day.replace(day=1) == month]
        delivery.write_files(place.connection, place.lines, into, days)
        place.progress(f"files of {month:%Y-%m} are written")
    place.copy("select * from dirt order by all", into / "truth" / "dirt.parquet")
    place.copy("select * from delivered order by all", into / "truth" / "files.parquet")


def _write_core(place: Workplace, record: str, into: Path, number: int) -> int:
    written = place.connection.execute(f"""
        copy (select {place.instants(f"select * from clean_{record}")} from clean_{record}) to '{into / record}' (
            format parquet, compression zstd, partition_by ({RECORDS[record.removesuffix("_version")].event_column}),
            write_partition_columns true, overwrite_or_ignore, filename_pattern 'chunk_{number:05d}_{{i}}'
        )""").fetchone()
    return int(written[0]) if written else 0


def _clean_file(place: Workplace, record: str, number: int) -> Path:
    return place.scratch / f"clean_{record}_{number:05d}.parquet"


@contextmanager
def _workplace(into: Path, memory_limit: str, threads: int, progress: Progress) -> Iterator[Workplace]:
    """Work in an empty folder: a failure leaves nothing half-written, and what a killed run left is removed."""
    if (into / SCRATCH).exists():
        _empty(into)
    if into.exists() and any(into.iterdir()):
        raise SimulationError(f"{into} is not empty, and does not hold this world: choose another folder or remove it")
    scratch = into / SCRATCH
    existed = into.exists()
    (scratch / "lines").mkdir(parents=True)
    settings: dict[str, Any] = {
        "threads": threads,
        "memory_limit": memory_limit,
        "temp_directory": str(scratch / "spill"),
    }
    connection = duckdb.connect(config=settings)
    # Casting a local clock time to an instant reads it in this zone.
    connection.execute(f"set TimeZone = '{WORLD['zone']}'")
    try:
        yield Workplace(connection, scratch, progress)
    except BaseException:
        _empty(into)
        if not existed:
            into.rmdir()
        raise
    else:
        shutil.rmtree(scratch)
    finally:
        connection.close()


def _empty(folder: Path) -> None:
    """Remove everything in a folder that a simulation found empty; the scratch folder, which says so, last."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == SCRATCH):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
