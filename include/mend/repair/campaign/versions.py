"""Versions of a month's campaign: the same content is the same version, other content the next one beside it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES, quoted
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.repair.campaign.building import Built
from mend.repair.campaign.errors import CampaignError
from mend.repair.campaign.plan import Plan, kept_plan

ROOM: Final = "repair/campaign"
VERSION: Final = "mart_campaign_version"
# The lake's tables, and what a step makes them from. That of versions comes last: it says that all others are there.
PARTS: Final = {
    "mart_campaign_candidate": "campaign_candidate",
    "mart_campaign_gate_pattern": "campaign_gate_pattern",
    "mart_campaign_gate": "campaign_gate",
    "mart_campaign_list": "campaign_list",
    "mart_campaign_price": "campaign_price_value",
}
FILE_OF: Final = {
    "mart_campaign_price": "campaign_price_file"
}  # the model that writes a table, where it is not <name>_file
CONTENT: Final = ("mart_campaign_gate_pattern", "mart_campaign_gate", "mart_campaign_list", "mart_campaign_price")


@dataclass(frozen=True)
class Version:
    """A version that is there: its number, digest, sums, and all that it is rebuilt from. Columns as in
    mart_campaign_version."""

    month: str
    version: int
    content_sha256: str
    inputs_sha256: str
    strategies_text: str
    settings: str
    inputs: str
    flows: str
    candidate_count: int
    listed_count: int
    held_out_count: int
    deferred_count: int
    gated: str
    overload_count: int
    benefit: int
    bound: int
    gap: float
    cost: int

    @property
    def plan(self) -> Plan:
        return kept_plan(self.strategies_text, self.settings)

    @property
    def solver_flows(self) -> bytes:
        return base64.b64decode(self.flows)

    @property
    def gated_by_reason(self) -> dict[str, int]:
        return dict(json.loads(self.gated))


def versions_of(bench: Workbench, month: str) -> list[Version]:
    """All versions of a month, oldest first."""
    bench.view(VERSION, where=equal("month", month), as_name="version_file")
    names = ", ".join(quoted(name) for name in TABLES[VERSION].column_names)
    rows = bench.sql(f"select {names} from version_file where month = $month order by version", {"month": month})
    return [Version(*row) for row in rows]


def find_version(bench: Workbench, month: str, version: int | None = None) -> Version:
    """A version of a month, the newest by default.

    Raises:
        CampaignError: there is none.
    """
    found = versions_of(bench, month)
    if not found:
        raise CampaignError(f"{month} has no campaign list yet; make it with `mend campaign --month {month}`")
    if version is None:
        return found[-1]
    for each in found:
        if each.version == version:
            return each
    known = ", ".join(str(each.version) for each in found)
    raise CampaignError(f"{month} has no version {version} of its campaign list; there are {known}")


def open_version(step: Step, of: Version, *tables: str) -> None:
    """Open a version's tables under the names that models read."""
    where = all_of(equal("month", of.month), equal("version", of.version))
    for table in tables:
        step.view(table, PARTS[table], where=where)


def content_digest(step: Step) -> str:
    """SHA-256 of gate ledger, list and prices, whatever the order of the rows and the number of the version."""
    return _digest(step, CONTENT)


def inputs_digest(step: Step, plan: Plan) -> str:
    """SHA-256 of the frozen candidates and of the plan."""
    return hashlib.sha256(f"{plan.digest()} {_digest(step, ['mart_campaign_candidate'])}".encode()).hexdigest()


def _digest(step: Step, tables: Sequence[str]) -> str:
    parts = []
    for table in tables:
        columns = [name for name in TABLES[table].column_names if name not in ("month", "version")]
        cells = ", ".join(f"coalesce(cast({quoted(name)} as varchar), '~')" for name in columns)
        step.put_view("digested", f"select * from {quoted(PARTS[table])}")
        [sums] = step.rows(read_model(ROOM, "campaign_digest"), fills={"row_text": f"concat_ws('|', {cells})"})
        parts.append(f"{table} {' '.join(map(str, sums))}")
    step.drop("digested")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def write_version(step: Step, plan: Plan, built: Built, inputs: Mapping[str, int | None]) -> tuple[Version, bool]:
    """Write the list as the month's next version, or give the one of the same content; True when it is new.

    All tables of a version are written before the row that says it is there. A run that died between leaves rows of a
    version that nobody reads; the next one takes its number and puts its own in their place. Held under a lock, so that
    two runs at once agree.
    """
    content = content_digest(step)
    known = versions_of(step.bench, plan.month)
    for each in known:
        if each.content_sha256 == content:
            return each, False
    made = _version(step, plan, built, inputs, content, known[-1].version + 1 if known else 1)
    where = all_of(equal("month", made.month), equal("version", made.version))
    for table, name in PARTS.items():
        model = read_model(ROOM, FILE_OF.get(table, f"{name}_file"))
        files = step.write_partition(table, model, {"month": made.month, "version": made.version})
        step.bench.lake.replace(table, where, files)
    kinds = {column.name: DUCKDB_TYPES[column.type] for column in TABLES[VERSION].columns}
    step.put("campaign_version", kinds, [tuple(vars(made).values())])
    step.bench.lake.replace(VERSION, where, step.write(VERSION, "campaign_version"))
    return made, True


def _version(
    step: Step, plan: Plan, built: Built, inputs: Mapping[str, int | None], content: str, number: int
) -> Version:
    return Version(
        month=plan.month,
        version=number,
        content_sha256=content,
        inputs_sha256=inputs_digest(step, plan),
        strategies_text=plan.rules.text,
        settings=plan.settings_text(),
        inputs=json.dumps(inputs, separators=(",", ":")),
        flows=base64.b64encode(built.allocation.flows).decode(),
        candidate_count=built.candidates,
        listed_count=built.by_outcome.get("listed", 0),
        held_out_count=built.by_outcome.get("held_out", 0),
        deferred_count=built.by_outcome.get("deferred", 0),
        gated=json.dumps(built.by_reason, separators=(",", ":")),
        overload_count=built.overload,
        benefit=built.benefit,
        bound=built.bound,
        gap=built.allocation.gap,
        cost=built.cost,
    )
