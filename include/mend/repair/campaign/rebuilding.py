"""A version made once more from what was frozen with it: the same rows, whatever has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mend.foundation.home import Home
from mend.foundation.list_file import write_result
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.allocation import AllocationError
from mend.repair.campaign.building import build
from mend.repair.campaign.errors import CampaignError
from mend.repair.campaign.versions import Version, content_digest, find_version, open_version

ROOM = "repair/campaign"


@dataclass(frozen=True)
class Rebuilt:
    """A version that was made again: its content has the digest that was kept with it. `files` are the folder's."""

    month: str
    version: int
    content_sha256: str
    files: tuple[Path, ...]


def rebuild_campaign(
    home: Home,  # noqa: ARG001 - called as make_campaign is
    bench: Workbench,
    month: str,
    version: int | None = None,
    folder: Path | None = None,
) -> Rebuilt:
    """Make a version again (the newest by default) from its frozen candidates, its strategies' text and its flows. No
    other table is read, no solver is run, and nothing in the lake changes.

    Args:
        folder: where its rows go as CSV files: gate.csv, gate_pattern.csv, list.csv, price.csv, byte for byte the same
            each time.

    Raises:
        CampaignError: there is no such version, or what was made differs from what was kept.
    """
    kept = find_version(bench, month, version)
    with open_step(bench, "campaign_rebuild") as step:
        open_version(step, kept, "mart_campaign_candidate")
        try:
            build(step, kept.plan, kept.solver_flows)
        except AllocationError as error:
            raise _differs(kept, str(error)) from None
        if (made := content_digest(step)) != kept.content_sha256:
            raise _differs(kept, f"gave {made[:12]}, kept is {kept.content_sha256[:12]}")
        files = () if folder is None else tuple(write_rows(step, folder, month, kept.version))
    return Rebuilt(month, kept.version, kept.content_sha256, files)


def _differs(kept: Version, how: str) -> CampaignError:
    return CampaignError(
        f"{kept.month}: version {kept.version} cannot be rebuilt ({how}): its partition of mart_campaign_candidate was "
        "changed, or this Mend makes lists otherwise than the one that made it; what was published stays as it is"
    )


def write_rows(step: Step, folder: Path, month: str, version: int) -> list[Path]:
    """The rows of gate ledger, list and prices as CSV files, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {"gate": "campaign_gate", "gate_pattern": "campaign_gate_pattern", "list": "campaign_list"}
    names["price"] = "campaign_price"
    files = []
    for name, made in names.items():
        rows = step.stream(read_model(ROOM, f"{made}_file"), {"month": month, "version": version})
        write_result(folder / f"{name}.csv", rows, step.bench.zone)
        files.append(folder / f"{name}.csv")
    return files
