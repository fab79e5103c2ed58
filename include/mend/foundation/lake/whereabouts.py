"""Which home a lake and its catalog belong to, and where the catalog says that the tables are."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyiceberg.catalog.sql import IcebergNamespaceProperties, IcebergTables
from pyiceberg.exceptions import NamespaceAlreadyExistsError
from pyiceberg.io import load_file_io
from sqlalchemy import select, update

from mend.foundation.lake.errors import LakeError
from mend.foundation.lake.lake import NAMESPACE, Lake
from mend.foundation.lake.relocation import Move, Relocation, bare

PROPERTY: Final = "mend.home-id"
FILE: Final = "mend-home.json"


@dataclass(frozen=True)
class Lying:
    """A table of the catalog: the warehouse under which its newest metadata is, and its own place."""

    table: str
    warehouse: str
    metadata_location: str


class Whereabouts:
    """The marks of one lake: a property of the catalog's namespace, and a file in the warehouse's folder or bucket."""

    def __init__(self, lake: Lake) -> None:
        self._catalog = lake.catalog
        self.warehouse = lake.warehouse

    def tables(self) -> list[Lying]:
        """Mend's tables, as the catalog has them, in order; those that somebody registered from elsewhere are none of
        them.
        """
        asked = select(IcebergTables.table_name, IcebergTables.metadata_location).where(
            IcebergTables.catalog_name == self._catalog.name, IcebergTables.table_namespace == NAMESPACE
        )
        with self._catalog.engine.connect() as connection:
            rows = connection.execute(asked.order_by(IcebergTables.table_name)).all()
        return [
            Lying(name, location.rpartition(f"/{NAMESPACE}/{name}/metadata/")[0], location)
            for name, location in rows
            if location and f"/{NAMESPACE}/{name}/metadata/" in location
        ]

    def elsewhere(self) -> list[Lying]:
        """The tables whose path is not in the warehouse. Another name of the same folder is the warehouse, too."""
        found = [each for each in self.tables() if bare(each.warehouse) != bare(self.warehouse)]
        same = {
            warehouse for warehouse in {each.warehouse for each in found} if is_same_folder(warehouse, self.warehouse)
        }
        return [each for each in found if each.warehouse not in same]

    def relocate(self, lying: Lying) -> None:
        """Make the catalog read the table in the warehouse, to which its files were moved or copied. LakeError when
        they were not.
        """
        relocation = self._relocation(lying)
        new = relocation.rewrite(lying.metadata_location)
        moved = {"metadata_location": new, "previous_metadata_location": None}
        changed = update(IcebergTables).where(
            IcebergTables.catalog_name == self._catalog.name,
            IcebergTables.table_namespace == NAMESPACE,
            IcebergTables.table_name == lying.table,
            IcebergTables.metadata_location == lying.metadata_location,
        )
        with self._catalog.engine.begin() as connection:
            if connection.execute(changed.values(moved)).rowcount != 1:
                raise LakeError(
                    f"{lying.table}: somebody else wrote to the table while its paths were written again; run it again"
                )

    def require_complete(self, lying: Lying) -> None:
        """LakeError when files of the table's newest snapshot are not in the warehouse."""
        self._relocation(lying).require_complete(lying.metadata_location)

    def _relocation(self, lying: Lying) -> Relocation:
        if "s3://" in (lying.warehouse[:5], self.warehouse[:5]):
            raise LakeError(
                f"{lying.table} is in {lying.warehouse}, not in {self.warehouse}: a lake in a bucket is not moved. "
                f"Set MEND_LAKE={lying.warehouse}"
            )
        return Relocation(lying.table, Move(lying.warehouse, self.warehouse))

    def home_of_catalog(self) -> str | None:
        """The identity in the catalog; None where there is none."""
        asked = select(IcebergNamespaceProperties.property_value).where(
            IcebergNamespaceProperties.catalog_name == self._catalog.name,
            IcebergNamespaceProperties.namespace == NAMESPACE,
            IcebergNamespaceProperties.property_key == PROPERTY,
        )
        with self._catalog.engine.connect() as connection:
            return connection.execute(asked).scalar()

    def home_of_lake(self) -> str | None:
        """The identity in the warehouse; None where there is none."""
        file = load_file_io(self._catalog.properties, self.warehouse).new_input(f"{self.warehouse}/{FILE}")
        try:
            with file.open() as stream:
                return str(json.loads(stream.read())["home_id"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise LakeError(
                f"{self.warehouse}/{FILE} is not the identity of a lake ({error!r}): put it back from a backup"
            ) from error

    def mark_catalog(self, home_id: str) -> None:
        """The catalog belongs to this home."""
        with suppress(NamespaceAlreadyExistsError):
            self._catalog.create_namespace(NAMESPACE)
        self._catalog.update_namespace_properties(NAMESPACE, updates={PROPERTY: home_id})

    def mark_lake(self, home_id: str) -> None:
        """The warehouse belongs to this home."""
        words = json.dumps({"home_id": home_id}).encode() + b"\n"
        if "://" not in self.warehouse or self.warehouse.startswith("file://"):
            folder = Path(bare(self.warehouse))
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f"{FILE}.draft"
            draft.write_bytes(words)
            draft.replace(folder / FILE)
            return
        file = load_file_io(self._catalog.properties, self.warehouse).new_output(f"{self.warehouse}/{FILE}")
        with file.create(overwrite=True) as stream:
            stream.write(words)

    def holds_unknown_tables(self) -> bool:
        """Whether the folder holds tables, and the catalog knows none (a bucket is not looked into)."""
        folder = Path(bare(self.warehouse)) / NAMESPACE
        return folder.is_dir() and any(folder.glob("*/metadata/*.metadata.json")) and not self.tables()


def is_same_folder(one: str, other: str) -> bool:
    """Whether both are names of one folder, by links or mounts."""
    with suppress(OSError):
        return Path(bare(one)).samefile(bare(other))
    return False
