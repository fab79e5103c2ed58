"""The step `recording_agreement`: how far centres and agents agree in what they recorded in a month."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.recording.kappa import Pair
from mend.grumbles.recording.rates import Side
from mend.grumbles.recording.rows import pair_rows, rate_rows
from mend.grumbles.recording.rules import RecordingRules, load_rules, rules_on
from mend.grumbles.records.plan import view_between
from mend.grumbles.records.reading import Readers
from mend.grumbles.records.step import put_taxonomies
from mend.grumbles.records.taxonomy import Taxonomy, area_of, load_taxonomies, taxonomy_on

ROOM: Final = "grumbles/recording"
TABLE: Final = "mart_recording_agreement"
TICKET_REACH: Final = 3 * ONE_DAY
By = dict[tuple[str, str], Counter[Pair]]  # centre and agent → pairs


@dataclass(frozen=True)
class AgreementReport:
    """A month's agreement: notes read again and those of them that could not be read, pairs of ticket and contact,
    calls, and the rows by their verdict."""

    month: str
    notes: int
    unread: int
    ticket_pairs: int
    calls: int
    verdicts: Mapping[str, int]


def measure_agreement(home: Home, bench: Workbench, month: str) -> AgreementReport:
    """Write mart_recording_agreement of a month (YYYY-MM). A rerun takes its place."""
    last = days_of(month)[-1]
    rules = rules_on(last, load_rules(home.root / "rules" / "recording"))
    taxonomies = load_taxonomies(home.root / "taxonomy")
    taxonomy = taxonomy_on(last, taxonomies)
    readers = Readers(bench)
    with open_step(bench, "recording agreement") as step:
        _open(step, taxonomy, month)
        notes, points, unread = _note_pairs(step, rules, readers, taxonomies)
        tickets = _ticket_pairs(step)
        sides = _calls(step)
        rows = [
            *pair_rows(rules.agreement, month, "note_area", _areas(points)),
            *pair_rows(rules.agreement, month, "note_point", points, with_agents=False),
            *pair_rows(rules.agreement, month, "ticket_area", _areas(tickets), with_agents=False),
            *rate_rows(rules.agreement, month, sides),
        ]
        step.put_rows("agreement", TABLE, [{**row, "rule_version": rules.valid_from} for row in rows])
        bench.lake.replace(TABLE, equal("month", month), step.write(TABLE, "agreement") if rows else [])
    calls = sum(sum(side.calls.values()) for side in sides.get("", {}).values())
    counted = Counter(row["verdict_code"] for row in rows)
    return AgreementReport(month, notes, unread, sum(map(Counter.total, tickets.values())), calls, dict(counted))


def _open(step: Step, taxonomy: Taxonomy, month: str) -> None:
    first, last = days_of(month)[0], days_of(month)[-1]
    view_between(step, "core_contact", "started_on", first, last, "contact_file")
    view_between(step, "mart_grumble", "grumbled_on", first, last, "grumble")
    view_between(step, "core_ticket", "opened_on", first, last + TICKET_REACH, "ticket_file")
    view_between(step, "mart_complaint", "complained_on", first, last + TICKET_REACH, "complaint")
    put_taxonomies(step, [taxonomy])


def _note_pairs(step: Step, rules: RecordingRules, readers: Readers, taxonomies: list[Taxonomy]) -> tuple[int, By, int]:
    """Notes read, pairs of the agent's code and the note's reading (no grumble is a reading, too), and notes that could
    not be read surely."""
    pairs: By = defaultdict(Counter)
    notes, unread = 0, 0
    for day, its in groupby(_notes(step, rules), key=lambda row: row[1]):
        rows = list(its)
        taxonomy = taxonomy_on(day, taxonomies)
        least = taxonomy.settings.least_confidence
        read = readers.on(day, taxonomy).read([row[-1] for row in rows], least)
        notes += len(rows)
        for (_, _, center, agent, code, _), reading in zip(rows, read, strict=True):
            if reading.code is None:
                unread += 1
            else:
                pairs[center, agent][code, reading.code] += 1
    return notes, pairs, unread


def _notes(step: Step, rules: RecordingRules) -> Iterator[tuple[str, dt.date, str, str, str, str]]:
    """All of them: a model that is stored is read from the lake between two days."""
    yield from step.rows(read_model(ROOM, "coded_note"), {"most": rules.agreement.most_notes})


def _ticket_pairs(step: Step) -> By:
    pairs: By = defaultdict(Counter)
    for center, agent, code, other in step.rows(read_model(ROOM, "ticket_pair")):
        pairs[center, agent][code, other] += 1
    return pairs


def _areas(pairs: By) -> By:
    """The same by area alone."""
    found: By = defaultdict(Counter)
    for key, counts in pairs.items():
        for (one, other), count in counts.items():
            found[key][area_of(str(one)), area_of(str(other))] += count
    return found


def _calls(step: Step) -> dict[str, dict[str, Side]]:
    """Area ('': any grumble) → centre → its calls, and those recorded as a grumble of the area."""
    calls: dict[str, Counter[Any]] = defaultdict(Counter)
    recorded: dict[str, dict[str, Counter[Any]]] = defaultdict(lambda: defaultdict(Counter))
    for center, agent, topic, area, count in step.rows(read_model(ROOM, "like_call")):
        calls[center][agent, topic] += count
        if area is not None:
            for name in ("", area):
                recorded[name][center][agent, topic] += count
    names = sorted({"", *recorded}) if calls else []
    return {name: {center: Side(its, recorded[name][center]) for center, its in calls.items()} for name in names}
