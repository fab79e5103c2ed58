"""The warning lists of nights, each made from its graded grumbles and from the lists of the quiet period before it.

With them the line of each type and cluster, the routed problems, and the departments' time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import all_of, at_least, at_most, one_of
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.expectations import Expectations, expectations_on, load_expectations
from mend.grumbles.warning.nights import ROOM, nights_at_once, spans
from mend.grumbles.warning.rule_tables import put_expectations, put_rules
from mend.grumbles.warning.rules import Rules, rules_on
from mend.grumbles.warning.warning_line import capacity_rows

AGE_PLACE: Final = "{days}"  # in the rules' words
# Table → model. In the order of their commits: with the last, the nights count as made.
TABLES: Final = {
    "mart_warning": "warning",
    "mart_warning_line": "warning_line",
    "mart_routed_problem": "routed_problem",
    "mart_warning_capacity": "warning_capacity",
}


@dataclass(frozen=True)
class Derived:
    """Nights whose lists were made, and the rows of the lists that were asked for."""

    nights: tuple[dt.date, ...]
    listed: int
    new: int


@dataclass
class _Night:
    """Of a night that was made: the digest of its list, and of the lists that it was made from."""

    own: str
    source: str


@dataclass
class _Run:
    """A run under way: the nights that are known, those made by now, their files (which no reader sees before they are
    committed), and the rows of the lists asked for.
    """

    known: dict[dt.date, _Night]
    asked: frozenset[dt.date]
    made: list[dt.date] = field(default_factory=list)
    files: dict[str, list[StoredFile]] = field(default_factory=lambda: {table: [] for table in TABLES})
    counts: Counter[str] = field(default_factory=Counter)


def derive_lists(
    bench: Workbench,
    versions: Sequence[Rules],
    days: Sequence[dt.date],
    expectations: Sequence[Expectations] | None = None,
) -> Derived:
    """Make the lists of these days, oldest first, and of every later night that was made from other lists than are now
    before it.

    Whether a customer is new, and so what their case takes, follows from the lists of the quiet period before; a night
    that is run again may change the nights after it. Each night keeps a digest of the lists it was made from, so nights
    in any order end as one run over them all does, also when a run died. All nights of a run are committed together,
    table by table; the table with the digests last.

    Args:
        expectations: every version of what customers expect; those that Mend ships where none are given.
    """
    if not days:
        return Derived((), 0, 0)
    expected = load_expectations() if expectations is None else expectations
    with open_step(bench, "warning lists") as step:
        step.view("mart_warning_capacity", "capacity_night")
        known = {day: _Night(own, source) for day, own, source in step.rows(read_model(ROOM, "night_digest"))}
        run = _Run(known, frozenset(days))
        nights = sorted(run.asked | {each for each in run.known if each > min(days)})
        rules = {day: rules_on(day, versions) for day in nights}
        step.view("mart_grumble_type", "every_taxonomy")
        taxonomies = [version for (version,) in step.rows(read_model(ROOM, "taxonomy_version"))]

        def rests_on(day: dt.date) -> object:
            taxonomy = max((each for each in taxonomies if each <= day), default=None)
            return rules[day].valid_from, taxonomy, expectations_on(day, expected).valid_from, day in run.asked

        _open_earlier(step, nights, max(each.warning.quiet_days for each in rules.values()))
        most = nights_at_once(bench, max(each.open.days for each in rules.values()), nights)
        for span in spans(nights, rests_on, most):
            _derive_span(step, run, rules[span[0]], expectations_on(span[0], expected), span)
    for table in TABLES if run.made else ():
        bench.lake.replace(table, one_of("day_on", run.made), run.files[table])
    return Derived(tuple(run.made), run.counts["listed"], run.counts["new"])


def _derive_span(step: Step, run: _Run, rules: Rules, expectations: Expectations, span: Sequence[dt.date]) -> None:
    """Make the lists of nights that share rules, taxonomy and expectations, as far as they must be made. The
    first that must opens the span's tables.
    """
    made: list[dt.date] = []
    for place, day in enumerate(span):
        source = _source_digest(run.known, day, rules.warning.quiet_days)
        if day not in run.asked and run.known[day].source == source:
            continue
        if not made:
            _open(step, rules, expectations, span[place:])
        made.append(day)
        run.known[day] = _Night(_list(step, rules, [*run.made, *made]), source)
    if not made:
        return
    _write(step, rules, {day: (run.known[day].own, run.known[day].source) for day in made}, run.files)
    run.made += made
    if made[0] in run.asked:  # nights asked for and others are never in one span
        listed, new = step.rows(read_model(ROOM, "listed_count"))[0]
        run.counts.update(listed=listed, new=new)


def _source_digest(known: dict[dt.date, _Night], day: dt.date, quiet_days: int) -> str:
    before = [night for back in range(quiet_days, 0, -1) if (night := day - back * ONE_DAY) in known]
    return hashlib.sha256("\n".join(f"{night} {known[night].own}" for night in before).encode()).hexdigest()


def _open_earlier(step: Step, nights: Sequence[dt.date], quiet_days: int) -> None:
    """The lists as they are, as `earlier`: each list that the run makes takes the place of that night's."""
    within = all_of(at_least("day_on", nights[0] - quiet_days * ONE_DAY), at_most("day_on", nights[-1]))
    step.view("mart_warning", "list_before", where=within)
    step.put("made_day", {"day": "date"}, [])
    columns = dict.fromkeys(("customer_id", "department_code", "owner_id"), "varchar")
    step.put("made_list", {"day_on": "date", **columns, "first_warned_on": "date"}, [])
    step.make(read_model(ROOM, "earlier"), "earlier", is_view=True)


def _open(step: Step, rules: Rules, expectations: Expectations, span: Sequence[dt.date]) -> None:
    """The span's inputs: level_row, candidate, the taxonomy, and the rules' tables."""
    step.view("mart_grumble_level", "level_row", span)
    open_taxonomy(step, span[0])
    put_rules(step, rules)
    put_expectations(step, expectations)
    values = {"department": rules.open.department, "lowest_level": rules.warning.lowest_level}
    step.run(read_model(ROOM, "candidate"), values)
    step.drop("listed")


def _values(rules: Rules, day: dt.date) -> dict[str, object]:
    return {"day": day, "quiet_from": day - rules.warning.quiet_days * ONE_DAY, "day_number": day.toordinal()}


def _list(step: Step, rules: Rules, made: Sequence[dt.date]) -> str:
    """Add the list of the last of these nights to `listed` and to what later nights see; gives its digest."""
    day = made[-1]
    step.add(read_model(ROOM, "listed"), "listed", _values(rules, day))
    step.add(read_model(ROOM, "made_list"), "made_list", {"day": day})
    step.put("made_day", {"day": "date"}, [(each,) for each in made])
    digest = hashlib.sha256()
    for block in step.blocks(read_model(ROOM, "list_key"), {"day": day}, 50_000):
        digest.update("".join(f"{key}\n" for (key,) in block).encode())
    return digest.hexdigest()


def _write(
    step: Step, rules: Rules, nights: dict[dt.date, tuple[str, str]], files: dict[str, list[StoredFile]]
) -> None:
    """Write the tables of these nights. `nights`: each one's digest of its list, and of the lists it was made from."""
    step.view("mart_grumble_level", "level_row", list(nights))
    step.put("made_night", {"day_on": "date"}, [(day,) for day in nights])
    step.put_arrow("warning_capacity", capacity_rows(step, rules, nights))
    values = {"recent_days": rules.open.recent_days, "age_place": AGE_PLACE}
    step.run(read_models(ROOM, "warning", "warning_line", "routed_problem"), values)
    for table, name in TABLES.items():
        files[table] += step.write(table, name)


def open_taxonomy(step: Step, day: dt.date) -> None:
    """The taxonomy in force on the day as `taxonomy`, and each type's survey item as `item_of_type`."""
    step.view("mart_grumble_type", "every_taxonomy")
    step.run(read_models(ROOM, "taxonomy", "item_of_type"), {"day": day})
