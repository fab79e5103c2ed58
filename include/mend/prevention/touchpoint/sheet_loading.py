"""A sheet that was read becomes the next dated file of the home's inventory."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from mend.prevention.touchpoint.content import FileText
from mend.prevention.touchpoint.errors import InventoryError
from mend.prevention.touchpoint.inventory import ASPECTS, Inventory, inventory_of, read_inventory
from mend.prevention.touchpoint.sheet_columns import OWNERS, RATINGS, TOUCHPOINTS
from mend.prevention.touchpoint.sheet_reading import read_pages

MEASURES: Final = ("operating", "experience")
Row = Mapping[str, Any]


def load_sheet(path: Path, folder: Path, valid_from: dt.date, base: Inventory) -> Inventory:
    """Read a sheet and write <folder>/<valid_from>.yaml: whole, or not at all. The same sheet again changes nothing.

    Args:
        base: the inventory in force: measures and settings are its own, a sheet holds none.

    Raises:
        SheetError: with every mistake in the sheet.
        InventoryError: another inventory of that day is there.
    """
    pages = read_pages(path, base)
    content = content_of(pages, valid_from, f"sheet {path.name}", base)
    target = folder / f"{valid_from}.yaml"
    inventory = inventory_of(str(target), content)
    if target.exists():
        if read_inventory(target).digest != inventory.digest:
            raise InventoryError(
                f"{target}: another inventory begins on {valid_from}; choose a later day, or remove that file first"
            )
        return inventory
    _write(target, content)
    return read_inventory(target)


def content_of(pages: Mapping[str, Sequence[Row]], valid_from: dt.date, source: str, base: Inventory) -> FileText:
    """What the next file says: the sheet's touchpoints, owners and ratings; of the base measures, settings, and who may
    answer: owners do not name themselves."""
    ratings: dict[str, list[dict[str, Any]]] = {row["touchpoint_code"]: [] for row in pages[TOUCHPOINTS]}
    for row in pages[RATINGS]:
        scores = {aspect: row[aspect] for aspect in ASPECTS if row[aspect] is not None}
        ratings[row["touchpoint_code"]].append(
            {name: row[name] for name in ("rater_id", "kind_code", "rated_on")} | scores
        )
    touchpoints = {}
    for row in pages[TOUCHPOINTS]:
        code = row["touchpoint_code"]
        known = base.content.touchpoints.get(code)
        measures = {aspect: getattr(known, aspect) for aspect in MEASURES} if known is not None else {}
        own = {name: value for name, value in row.items() if name != "touchpoint_code"}
        touchpoints[code] = own | measures | {"ratings": ratings[code]}
    owners = {
        row["owner_id"]: {"en": row["en"], "zh": row["zh"], **_people(row["owner_id"], base)} for row in pages[OWNERS]
    }
    return FileText.model_validate(
        {
            "valid_from": valid_from,
            "source": source,
            "settings": base.content.settings,
            "owners": owners,
            "managers": base.content.managers,
            "touchpoints": touchpoints,
        }
    )


def _people(owner: str, base: Inventory) -> dict[str, tuple[str, ...]]:
    known = base.content.owners.get(owner)
    return {} if known is None else {"people": known.people, "deputies": known.deputies}


def _write(target: Path, content: FileText) -> None:
    """The file under its name only when it is whole and on disk."""
    text = yaml.safe_dump(_plain(content.model_dump(exclude_none=True)), allow_unicode=True, sort_keys=False, width=140)
    target.parent.mkdir(parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        os.link(draft, target)  # fails when somebody wrote one meanwhile
    except FileExistsError:
        raise InventoryError(
            f"{target}: somebody wrote this file at the same time; look at it, then try again"
        ) from None
    finally:
        Path(draft).unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    """Lists in place of tuples, which YAML does not know."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
