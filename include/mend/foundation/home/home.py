"""The home: paths and settings of one installation. Nothing here writes to the disk before `prepare` or one of the
`remember_...` is called.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mend.foundation.home.errors import HomeError
from mend.foundation.home.file_lock import locked, write_json
from mend.foundation.home.server_layout import url
from mend.foundation.home.settings import DATABASES, require_zone, s3_options, settings_of, whole_number
from mend.foundation.periods import DEFAULT_ZONE

DEFAULT_FOLDER = ".mend"


@dataclass(frozen=True)
class AsOf:
    """What a home shows: the home in `root`, its lake at `warehouse`, as it was when the business date `day` was the
    last one loaded.
    """

    root: Path
    warehouse: str
    day: dt.date


@dataclass(frozen=True)
class Home:
    """Paths and settings of one installation; `settings` holds the MEND_* variables of the moment it was opened."""

    root: Path
    # Not in repr: the settings may hold passwords, and a repr ends up in logs.
    settings: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def at(cls, path: Path | str, environment: Mapping[str, str] | None = None) -> Home:
        """The home in this folder, which need not exist yet."""
        environment = os.environ if environment is None else environment
        return cls(Path(path).expanduser().resolve(), settings_of(environment))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Home:
        """The home that MEND_HOME names, else `.mend` in the working folder."""
        environment = os.environ if environment is None else environment
        return cls.at(environment.get("MEND_HOME") or Path.cwd() / DEFAULT_FOLDER, environment)

    @property
    def lake_folder(self) -> Path:
        return self.root / "lake"

    @property
    def airflow_folder(self) -> Path:
        return self.root / "airflow"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def lists_folder(self) -> Path:
        return self.root / "lists"

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"

    @property
    def warehouse(self) -> str:
        """URL of the folder or bucket that holds the lake's files.

        PyIceberg does not undo percent codes, so the path stands in the URL as it is; one with `?` or `#` goes without
        `file://`.
        """
        folder = str(self.lake_folder)
        return self._place("MEND_LAKE") or (folder if set("?#") & set(folder) else f"file://{folder}")

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL (psycopg 3) of the operations database."""
        return self._place("MEND_DATABASE_URL") or self._embedded_url("mend")

    @property
    def catalog_url(self) -> str:
        """SQLAlchemy URL (psycopg 3) of the lake's Iceberg catalog."""
        return self._place("MEND_CATALOG_URL") or self._embedded_url("mend_lake")

    @property
    def airflow_database_url(self) -> str:
        """SQLAlchemy URL (psycopg2, which Airflow wants) of Airflow's own metadata."""
        return self._place("MEND_AIRFLOW_DATABASE_URL") or self._embedded_url("airflow", driver="psycopg2")

    @property
    def needs_embedded_server(self) -> bool:
        """False where both of Mend's databases are elsewhere, as in production."""
        return not (self._place("MEND_DATABASE_URL") and self._place("MEND_CATALOG_URL"))

    @property
    def stores_inside(self) -> frozenset[str]:
        """Which of `operations`, `catalog` and `lake` a copy of the folder takes along. (The embedded server's data
        counts as inside wherever it lies: each folder has its own.) A lake behind a link lies elsewhere."""
        inside = {name for name, place in DATABASES.items() if not self._place(place)}
        folder = self._place("MEND_LAKE")
        path = Path(folder.removeprefix("file://")) if folder else self.lake_folder
        is_folder = folder is None or "://" not in folder or folder.startswith("file://")
        return frozenset(inside | ({"lake"} if is_folder and path.resolve().is_relative_to(self.root) else set()))

    def _place(self, name: str) -> str | None:
        """The setting, one of PLACES; None in an as-of home: the databases that it names are another home's."""
        return None if self.as_of else self.settings.get(name)

    def _embedded_url(self, database: str, driver: str = "psycopg") -> str:
        return url(self, database, driver=driver)

    @property
    def threads(self) -> int:
        """Threads that one engine may use."""
        return whole_number(self.settings, "MEND_THREADS", 2)

    @property
    def memory_limit(self) -> str:
        """Memory that one engine may use before it spills to disk, in DuckDB's notation."""
        return self.settings.get("MEND_MEMORY_LIMIT", "6GB")

    @property
    def sql_limit_seconds(self) -> int:
        """How long a query of `mend sql` may run."""
        return whole_number(self.settings, "MEND_SQL_LIMIT_SECONDS", 60)

    @property
    def s3_options(self) -> dict[str, str]:
        """PyIceberg's S3 properties, as far as MEND_S3_* variables set them; empty for a lake in a folder."""
        return s3_options(self.settings)

    @property
    def business_zone(self) -> str | None:
        """Time zone whose midnight begins a business date; None until it is set or remembered."""
        recorded = self._recorded().get("business_zone")
        return self.settings.get("MEND_ZONE") or (str(recorded) if recorded else None)

    @property
    def zone(self) -> str:
        """The business zone, or what holds until there is one."""
        return self.business_zone or DEFAULT_ZONE

    @property
    def as_of(self) -> AsOf | None:
        """What this home shows of another; None for a home in its own right."""
        recorded = self._recorded().get("as_of")
        if not recorded:
            return None
        return AsOf(Path(recorded["root"]), str(recorded["warehouse"]), dt.date.fromisoformat(recorded["day"]))

    def remember_as_of(self, shown: AsOf) -> None:
        """Make this the home that shows another one as of a day, for good."""
        self.prepare()
        with locked(self.root / "home.lock"):
            words = {"root": str(shown.root), "warehouse": shown.warehouse, "day": shown.day.isoformat()}
            write_json(self._record_path, self._recorded() | {"as_of": words})

    def remember_business_zone(self, zone: str) -> None:
        """Record the zone for later runs.

        Raises HomeError for a name that is no time zone, and for a second, different zone: days that are already in
        the lake were cut by the first.
        """
        require_zone(zone)
        self.prepare()
        with locked(self.root / "home.lock"):
            recorded = self._recorded()
            if recorded.get("business_zone", zone) != zone:
                raise HomeError(f"{self.root} already works in the business zone {recorded['business_zone']}")
            write_json(self._record_path, recorded | {"business_zone": zone})

    def prepare(self) -> None:
        """Create the home's folder, closed to others, if there is none.

        Root's embedded server runs as a user of its own who must pass through the folder, but need not list it.
        """
        try:
            self.root.mkdir(parents=True)
        except FileExistsError:
            if not self.root.is_dir():
                raise HomeError(f"{self.root} is a file, so it cannot be Mend's home") from None
            return
        self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)

    @property
    def _record_path(self) -> Path:
        return self.root / "home.json"

    def _recorded(self) -> dict[str, Any]:
        try:
            record = json.loads(self._record_path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except json.JSONDecodeError as error:
            raise HomeError(f"{self._record_path} is not JSON: {error}") from error
        return dict(record)
