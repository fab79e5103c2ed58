"""What came and went in the lake since a publication: by the files that it read, so nobody has to say what was touched.

A publication notes the files of each of its inputs. The next one opens three views of an input: all of its rows, those
of files that came since, and those of files that are gone. A row that is in both of the latter is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.relocation import bare
from mend.foundation.operations.publications import Publication
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.workbench import readable_store


@dataclass
class Changes:
    """The inputs of a publication by name: table and files, and what of them is new since `before`.

    Args:
        shape: what tells whether other models or rules made the rows of before.
        before: what was noted last; None when there is nothing that can be relied on.
    """

    shape: str
    before: Publication | None = None
    tables: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[StoredFile]] = field(default_factory=dict)

    def add(self, name: str, table: str, files: Sequence[StoredFile]) -> None:
        """Add an input."""
        self.tables[name] = table
        self.files[name] = list(files)

    @property
    def publication(self) -> Publication:
        """What is to be noted when all is written."""
        return Publication(self.shape, {name: [each.path for each in files] for name, files in self.files.items()})

    def is_whole(self, home: Home) -> bool:
        """Whether everything is to be compared: nothing was noted, of other models, or a file that went is removed."""
        if self.before is None or self.before.shape != self.shape or self.before.files.keys() != self.files.keys():
            return True
        gone = [path for name in self.files for path in self._gone(name)]
        return not _are_there(home, gone)

    def open(self, step: Step, is_whole: bool) -> None:
        """Views of each input: `<name>`, `<name>_came`, `<name>_gone`; of a whole one every row came."""
        for name, table in self.tables.items():
            gone = [] if is_whole else self._gone(name)
            known = set() if is_whole or self.before is None else set(self.before.files[name])
            step.view_files(table, self.files[name], name)
            step.view_files(table, [each for each in self.files[name] if each.path not in known], f"{name}_came")
            step.view_files(table, [StoredFile(path) for path in gone], f"{name}_gone")

    def _gone(self, name: str) -> list[str]:
        there = {each.path for each in self.files[name]}
        before: Mapping[str, Sequence[str]] = self.before.files if self.before else {}
        return [path for path in before.get(name, ()) if path not in there]


def _are_there(home: Home, paths: Sequence[str]) -> bool:
    """The lake keeps files for some days after they went out of a table."""
    store = readable_store(home)
    return all(store.exists(path) if store else Path(bare(path)).exists() for path in paths)
