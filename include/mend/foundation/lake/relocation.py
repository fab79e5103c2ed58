"""The places of a table's files, written again after the folder of the lake was moved or copied.

Iceberg names every file by its whole path: the metadata names manifest lists, these name manifests, these name data
files, and delete files name the data file whose rows they delete. All of it is written again in place, from the bottom
to the top, each file in one step. The catalog turns to the new path last. Until then nobody reads the new place; after
a kill the whole is done again, and finds some of it done. A file is replaced and never written into: a copy may share
its files' blocks with the first home (hard links).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.avro.file import AvroFile, AvroOutputFile
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.schema import Schema
from pyiceberg.table.delete_file_index import PATH_FIELD_ID
from pyiceberg.typedef import Record
from pyiceberg.types import StructType

from mend.foundation.lake.errors import LakeError

# Field ids of Iceberg's manifest lists and manifests.
MANIFEST_PATH: Final = 500
MANIFEST_LENGTH: Final = 501
STATUS: Final = 0
DATA_FILE: Final = 2
FILE_PATH: Final = 100
FILE_SIZE: Final = 104
LOWER_BOUNDS: Final = 125
UPPER_BOUNDS: Final = 128
CONTENT: Final = 134
DELETED: Final = 2
POSITION_DELETES: Final = 1
DRAFT: Final = ".moving"


def bare(location: str) -> str:
    """The path of a folder's URL.

    >>> bare("file:///a/lake"), bare("/a#b/lake")
    ('/a/lake', '/a#b/lake')
    """
    return location.removeprefix("file://")


@dataclass(frozen=True)
class Move:
    """From one warehouse to another, both folders."""

    old: str
    new: str

    def moved(self, location: str) -> str:
        """The location after the move, a URL or a path (the engine gives paths); one that is elsewhere stays."""
        for old, new in ((self.old, self.new), (bare(self.old), bare(self.new))):
            if location == old or location.startswith(f"{old}/"):
                return new + location[len(old) :]
        return location

    def path(self, location: str) -> Path:
        """Where the file is now."""
        return Path(bare(self.moved(location)))


@dataclass
class Relocation:
    """One table's files, each looked at once."""

    table: str
    move: Move
    _seen: set[Path] = field(default_factory=set)

    def require_complete(self, metadata_location: str) -> None:
        """LakeError when a file of the newest snapshot is not in the new place. Nothing is written."""
        words = self._metadata(metadata_location)
        newest = words.get("current-snapshot-id")
        for snapshot in words.get("snapshots", []):
            if snapshot["snapshot-id"] == newest:
                missing = [path for path in self._files_of(snapshot["manifest-list"]) if not path.exists()]
                if missing:
                    raise self._missing(missing[0], len(missing))

    def rewrite(self, metadata_location: str) -> str:
        """Write all that names a path again; the new location of the metadata."""
        words = self._metadata(metadata_location)
        for snapshot in words.get("snapshots", []):
            self._rewrite_list(snapshot["manifest-list"])
        changed = _walked(words, self.move)
        if changed != words:
            replace_file(self.move.path(metadata_location), json.dumps(changed).encode())
        return self.move.moved(metadata_location)

    def _metadata(self, location: str) -> dict[str, Any]:
        return dict(json.loads(self._existing(location).read_bytes()))

    def _existing(self, location: str) -> Path:
        path = self.move.path(location)
        if not path.exists():
            raise self._missing(path, 1)
        return path

    def _missing(self, path: Path, count: int) -> LakeError:
        return LakeError(
            f"{self.table}: {count} files of the table are not there, the first is {path}. The lake's folder was not "
            f"moved or copied as a "
            f"whole: bring what is in {self.move.old} to {self.move.new}, then repeat"
        )

    def _files_of(self, list_location: str) -> Iterator[Path]:
        """Data and delete files that the manifest list leads to; those that are elsewhere did not move."""
        manifests = _Avro.read(self._existing(list_location))
        for manifest in manifests.records:
            entries = _Avro.read(self._existing(manifest[manifests.place(MANIFEST_PATH)]))
            file_path = entries.place_in(DATA_FILE, FILE_PATH)
            for entry in entries.records:
                location = entry[entries.place(DATA_FILE)][file_path]
                if entry[entries.place(STATUS)] != DELETED and self.move.moved(location) != location:
                    yield self.move.path(location)

    def _rewrite_list(self, location: str) -> None:
        path = self._existing(location)
        manifests = _Avro.read(path)
        manifest_path, length = manifests.place(MANIFEST_PATH), manifests.place(MANIFEST_LENGTH)
        changed = False
        for manifest in manifests.records:
            named = self._existing(manifest[manifest_path])
            self._rewrite_manifest(named)
            after = (self.move.moved(manifest[manifest_path]), named.stat().st_size)
            changed |= after != (manifest[manifest_path], manifest[length])
            manifest[manifest_path], manifest[length] = after
        if changed:
            manifests.write(path, "manifest_file")

    def _rewrite_manifest(self, path: Path) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        entries = _Avro.read(path)
        changed = [self._change(entries, entry) for entry in entries.records]
        if any(changed):
            entries.write(path, "manifest_entry")

    def _change(self, entries: _Avro, entry: Record) -> bool:
        """Whether the entry named the old place, or another size of a delete file."""
        file = entry[entries.place(DATA_FILE)]
        place = {
            each: entries.place_in(DATA_FILE, each)
            for each in (FILE_PATH, FILE_SIZE, CONTENT, LOWER_BOUNDS, UPPER_BOUNDS)
        }
        before = (file[place[FILE_PATH]], file[place[FILE_SIZE]])
        file[place[FILE_PATH]] = self.move.moved(before[0])
        if file[place[CONTENT]] == POSITION_DELETES:
            path = self.move.path(before[0])
            if path.exists():
                rewrite_deletes(path, self.move)
                file[place[FILE_SIZE]] = path.stat().st_size
            for bounds in (file[place[LOWER_BOUNDS]], file[place[UPPER_BOUNDS]]):
                if bounds and PATH_FIELD_ID in bounds:
                    bounds[PATH_FIELD_ID] = self.move.moved(bounds[PATH_FIELD_ID].decode()).encode()
        return before != (file[place[FILE_PATH]], file[place[FILE_SIZE]])


@dataclass
class _Avro:
    """An Avro file as a whole: its schema, the words of its header, its records."""

    schema: Schema
    header: dict[str, str]
    records: list[Record]

    @classmethod
    def read(cls, path: Path) -> _Avro:
        with AvroFile[Record](PyArrowFileIO().new_input(str(path))) as file:
            records = list(file)
            return cls(file.schema, dict(file.header.meta), records)

    def place(self, field_id: int) -> int:
        return [each.field_id for each in self.schema.fields].index(field_id)

    def place_in(self, struct_id: int, field_id: int) -> int:
        struct = self.schema.find_field(struct_id).field_type
        assert isinstance(struct, StructType)
        return [each.field_id for each in struct.fields].index(field_id)

    def write(self, path: Path, name: str) -> None:
        draft = path.with_name(path.name + DRAFT)
        with AvroOutputFile[Record](
            PyArrowFileIO().new_output(str(draft)), self.schema, name, metadata=self.header
        ) as file:
            file.write_block(self.records)
        put(draft, path)


def rewrite_deletes(path: Path, move: Move) -> None:
    """The Parquet file of deleted rows' positions, with the data file's new path."""
    table = pq.ParquetFile(path).read()
    place = table.schema.get_field_index("file_path")
    names = table.column(place).combine_chunks().cast(pa.string()).dictionary_encode()
    moved = [move.moved(name) for name in names.dictionary.to_pylist()]
    if moved == names.dictionary.to_pylist():
        return
    column = pa.DictionaryArray.from_arrays(names.indices, pa.array(moved, pa.string())).cast(pa.string())
    draft = path.with_name(path.name + DRAFT)
    pq.write_table(table.set_column(place, table.schema.field(place), column), draft, compression="zstd")
    put(draft, path)


def replace_file(path: Path, content: bytes) -> None:
    """The file with other content, in one step."""
    draft = path.with_name(path.name + DRAFT)
    draft.write_bytes(content)
    put(draft, path)


def put(draft: Path, path: Path) -> None:
    """The draft, down to the disk and with the file's owner and rights, in place of the file."""
    status = path.stat()
    draft.chmod(status.st_mode & 0o7777)
    if os.geteuid() == 0:
        os.chown(draft, status.st_uid, status.st_gid)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)


def _walked(value: Any, move: Move) -> Any:
    """The same words with every location moved."""
    if isinstance(value, str):
        return move.moved(value)
    if isinstance(value, list):
        return [_walked(each, move) for each in value]
    if isinstance(value, dict):
        return {key: _walked(each, move) for key, each in value.items()}
    return value
