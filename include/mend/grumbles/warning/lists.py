"""The warning lists of nights, each made from its graded grumbles and from the lists of the quiet period before it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.list_tables import Drafts, write_tables
from mend.grumbles.warning.rule_tables import rule_tables
from mend.grumbles.warning.rules import Rules, rules_on
from mend.grumbles.warning.spans import nights_at_once, spans


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
    """A run under way: the nights that are known, those made by now, their files, and the rows of the lists asked
    for.
    """

    known: dict[dt.date, _Night]
    asked: frozenset[dt.date]
    made: list[dt.date] = field(default_factory=list)
    drafts: Drafts = field(default_factory=Drafts)
    counts: Counter[str] = field(default_factory=Counter)


def derive_lists(bench: Workbench, versions: Sequence[Rules], days: Sequence[dt.date]) -> Derived:
    """Make the lists of these days, oldest first, and of every later night that was made from other lists than now
    stand before it.

    Whether a customer is new, and so what their case takes, follows from the lists of the quiet period before; a night
    that is run again may change the nights after it. Each night keeps a digest of the lists it was made from, so nights
    in any order end as one run over them all does, also when a run died. All nights of a run are committed together,
    table by table; the table with the digests last.
    """
    if not days:
        return Derived((), 0, 0)
    run = _Run(_known_nights(bench), frozenset(days))
    nights = sorted(run.asked | {each for each in run.known if each > min(days)})
    rules = {day: rules_on(day, versions) for day in nights}
    taxonomies = _taxonomies(bench)

    def rests_on(day: dt.date) -> object:
        return rules[day].valid_from, _taxonomy_on(taxonomies, day), day in run.asked

    _open_earlier(bench, nights, max(each.warning.quiet_days for each in rules.values()))
    most = nights_at_once(bench, max(each.open.days for each in rules.values()), nights)
    for span in spans(nights, rests_on, most):
        _derive_span(bench, run, rules[span[0]], span)
    run.drafts.commit(bench, run.made)
    return Derived(tuple(run.made), run.counts["listed"], run.counts["new"])


def _derive_span(bench: Workbench, run: _Run, rules: Rules, span: Sequence[dt.date]) -> None:
    """Make the lists of nights that share rules and taxonomy, as far as they must be made. The first that must opens
    the span's tables.
    """
    made: list[dt.date] = []
    for place, day in enumerate(span):
        source = _source_digest(run.known, day, rules.warning.quiet_days)
        if day not in run.asked and run.known[day].source == source:
            continue
        if not made:
            _open(bench, rules, span[place:])
        run.known[day] = _Night(_list(bench, rules, day), source)
        made.append(day)
    if not made:
        return
    write_tables(bench, rules, {day: (run.known[day].own, run.known[day].source) for day in made}, run.drafts)
    run.made += made
    if made[0] in run.asked:  # nights asked for and others are never in one span
        listed, new = bench.sql("select count(*), count(case when is_new then 1 end) from listed")[0]
        run.counts.update(listed=int(listed), new=int(new))


def _known_nights(bench: Workbench) -> dict[dt.date, _Night]:
    bench.view("mart_warning_capacity", as_name="capacity_night")
    found = bench.sql(
        "select day_on, any_value(list_digest), any_value(derived_from) from capacity_night group by day_on"
    )
    return {day: _Night(own, source) for day, own, source in found}


def _source_digest(known: dict[dt.date, _Night], day: dt.date, quiet_days: int) -> str:
    before = [night for back in range(quiet_days, 0, -1) if (night := day - back * ONE_DAY) in known]
    return hashlib.sha256("\n".join(f"{night} {known[night].own}" for night in before).encode()).hexdigest()


def _taxonomies(bench: Workbench) -> list[dt.date]:
    bench.view("mart_grumble_type", as_name="every_taxonomy")
    return [row[0] for row in bench.sql("select distinct taxonomy_version from every_taxonomy order by 1")]


def _taxonomy_on(versions: Sequence[dt.date], day: dt.date) -> dt.date | None:
    return max((each for each in versions if each <= day), default=None)


def _open_earlier(bench: Workbench, nights: Sequence[dt.date], quiet_days: int) -> None:
    """The lists as they stand, as the temp table `earlier`: the run puts each list that it makes in its place."""
    within = all_of(at_least("day_on", nights[0] - quiet_days * ONE_DAY), at_most("day_on", nights[-1]))
    bench.view("mart_warning", where=within, as_name="list_before")
    columns = "day_on, customer_id, department_code, owner_id, first_warned_on"
    bench.execute(f"create or replace temp table earlier as select {columns} from list_before")


def _open(bench: Workbench, rules: Rules, span: Sequence[dt.date]) -> None:
    """The span's inputs: level_row, candidate, an empty `listed`, the taxonomy, and the rules' tables."""
    bench.view("mart_grumble_level", days=span, as_name="level_row")
    open_taxonomy(bench, span[0])
    rule_tables(bench, rules)
    values = {"department": rules.open.department, "lowest_level": rules.warning.lowest_level}
    bench.execute(f"create or replace temp table candidate as {models.load('grumbles/warning', 'candidate')}", values)
    bench.execute(
        f"create or replace temp table listed as select * from ({models.load('grumbles/warning', 'listed')}) limit 0",
        _values(rules, span[0]),
    )


def _values(rules: Rules, day: dt.date) -> dict[str, object]:
    return {"day": day, "quiet_from": day - rules.warning.quiet_days * ONE_DAY, "day_number": day.toordinal()}


def _list(bench: Workbench, rules: Rules, day: dt.date) -> str:
    """Add one night's list to `listed`, put it in place of the night's earlier one, and give its digest."""
    bench.execute(f"insert into listed {models.load('grumbles/warning', 'listed')}", _values(rules, day))
    bench.execute("delete from earlier where day_on = $day", {"day": day})
    bench.execute(
        "insert into earlier select day_on, customer_id, department_code, owner_id, first_warned_on from listed where "
        "day_on = $day",
        {"day": day},
    )
    digest = hashlib.sha256()
    query = (
        "select concat_ws('|', customer_id, department_code, owner_id, first_warned_on) from listed where day_on "
        "= $day order by 1"
    )
    rows = bench.engine.run(query, {"day": day})
    while block := rows.fetchmany(50_000):
        digest.update("".join(f"{row[0]}\n" for row in block).encode())
    return digest.hexdigest()


def open_taxonomy(bench: Workbench, day: dt.date) -> None:
    """The taxonomy in force on the day as `taxonomy`, and each type's survey item as `item_of_type`."""
    bench.view("mart_grumble_type", as_name="every_taxonomy")
    bench.execute(
        "create or replace temp table taxonomy as select * from every_taxonomy where taxonomy_version = "
        "(select max(taxonomy_version) from every_taxonomy where taxonomy_version <= $day)",
        {"day": day},
    )
    bench.execute(f"create or replace temp table item_of_type as {models.load('grumbles/warning', 'item_of_type')}")
