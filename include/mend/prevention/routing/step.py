"""The step `problems`: what has become worse in a month goes to its departments, and what they did is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import day_begins, day_ends, days_of, first_day_of, month_before
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.routing.acts import read_problems
from mend.prevention.routing.following import Figures, Followed, Moment, Recorded, record, under_way
from mend.prevention.routing.judging import Exposure, Figure, Key, Tally, judge, moved, share_moved, still_worse
from mend.prevention.routing.month_figures import month_rows
from mend.prevention.routing.opening import Found, clock_begins, found_in
from mend.prevention.routing.problem import Problem
from mend.prevention.routing.reading import (
    Grumbles,
    months_before,
    read_grumbles,
    read_shares,
    read_sources,
    read_taxonomy,
)
from mend.prevention.routing.rows import figure_row
from mend.prevention.routing.rules import routing_rules_of, routing_rules_on
from mend.prevention.trouble.rules import rules_on as trouble_rules_on


@dataclass(frozen=True)
class RoutingReport:
    """A month's routing.

    Attributes:
        tested: departments and items (and cities) with data enough. top: those that are routed.
        sources: proven sources of trouble that are routed.
        opened, goes_on, moved, not_moved, not_sure, not_measurable: ids of problems that were put on record so.
        remade: closed months after it that were judged again, for they are held against this one.
    """

    month: str
    history: tuple[str, ...]
    tested: int
    top: int
    sources: int
    opened: tuple[str, ...]
    goes_on: tuple[str, ...]
    moved: tuple[str, ...]
    not_moved: tuple[str, ...]
    not_sure: tuple[str, ...]
    not_measurable: tuple[str, ...]
    remade: tuple[str, ...] = ()


def route_month(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """Route the month's problems, and judge again the closed months that are held against it: counts."""
    report = route(home, bench, month)
    again = _held_against(home, bench, month)
    for each in again:
        route(home, bench, each)
    return asdict(replace(report, remade=tuple(again)))


def route(home: Home, bench: Workbench, month: str) -> RoutingReport:
    """Judge a closed month (YYYY-MM), open its problems and measure those that were answered.

    Writes mart_routing_figure and mart_routing_month of the month.

    Raises:
        RoutingError: the month is not closed.
    """
    versions = routing_rules_of(home)
    rules = routing_rules_on(days_of(month)[-1], versions)
    last = days_of(month)[-1]
    known_from = day_ends(operations.last_loaded_day(home.database_url, last), bench.zone)
    moment = Moment(month, day_ends(last, bench.zone), clock_begins(month, rules, bench.zone), bench.zone, known_from)
    with operations.transaction(home.database_url) as connection:
        living = under_way(read_problems(connection, versions, moment.ends), moment)
    with open_step(bench, "problems") as step:
        history = months_before(step, month, rules.judging.history_months)
        taxonomy = read_taxonomy(step, days_of(month)[-1])
        grumbles = read_grumbles(step, month, history)
        known = {key_of_grumbles(each) for each in living if not each.details["source"]}
        figures = judge(grumbles.tallies, grumbles.whole, grumbles.exposures, rules.judging, known)
        sources = read_sources(step, month)
        found = found_in(month, figures, grumbles.factors, sources, taxonomy, rules)
        _write(step, "mart_routing_figure", month, [figure_row(month, each, grumbles.factors.get(each.key, {}))
                                                    for each in figures])  # fmt: skip
        followed = _followed(home, step, month, living, rules.judging.history_months)
        with operations.transaction(home.database_url) as connection:
            recorded = record(connection, found, followed, rules, versions, moment)
            problems = read_problems(connection, versions, moment.ends)
        rows = month_rows(month, problems, day_begins(days_of(month)[0], bench.zone), moment.ends)
        _write(step, "mart_routing_month", month, rows)
    return _report(month, history, figures, found, recorded)


def _held_against(home: Home, bench: Workbench, month: str) -> list[str]:
    """Later months that were judged before, and have this one among the months that they are held against."""
    bench.view("mart_closed_month", as_name="closed_month")
    bench.view("mart_routing_figure", as_name="judged")
    later = {each for (each,) in bench.sql("select month from closed_month semi join judged using (month)")}
    versions = routing_rules_of(home)
    found = []
    for each in sorted(each for each in later if each > month):
        back, before = routing_rules_on(days_of(each)[-1], versions).judging.history_months, each
        for _ in range(back):
            before = month_before(first_day_of(before))
            if before == month:
                found.append(each)
    return found


def _followed(home: Home, step: Step, month: str, problems: Sequence[Problem], most: int) -> Figures:
    """What the month says of open problems: against the month that opened each, and against the months before that."""
    found: dict[str, Followed] = {}
    rules = trouble_rules_on(days_of(month)[-1], home.root / "rules" / "trouble").sources
    for opened in sorted({each.month for each in problems}):
        before = months_before(step, opened, most)
        earlier = read_grumbles(step, month, before) if before else None
        since = read_grumbles(step, month, [opened])
        own = [each for each in problems if each.month == opened]
        wanted = [_source(each) for each in own if each.details["source"]]
        shares = read_shares(step, wanted, [*before, opened, month], rules)
        for each in own:
            found[each.problem_id] = (
                _of_source(each, shares.get(_source(each), {}), before, month)
                if each.details["source"]
                else _of_grumbles(each, since, earlier)
            )
    return found


def _source(problem: Problem) -> tuple[str, str]:
    kind, _, code = problem.details["source"].partition(":")
    return kind, code


def _of_source(problem: Problem, shares: Mapping[str, tuple[int, int]], before: Sequence[str], month: str) -> Followed:
    confidence = problem.rules.judging.confidence
    now, then = shares.get(month, (0, 0)), shares.get(problem.month, (0, 0))
    usual = [shares.get(each, (0, 0)) for each in before]
    against = share_moved(now, (sum(each for each, _ in usual), sum(each for _, each in usual)), confidence)
    numbers = {"now": now[0], "customers": now[1], "then": then[0], "customers_then": then[1]}
    return Followed(share_moved(now, then, confidence), numbers, against is not None and against.low > 1)


def _of_grumbles(problem: Problem, since: Grumbles, earlier: Grumbles | None) -> Followed:
    """A month in which nobody grumbled about anything was not recorded: nothing is known of it."""
    key = key_of_grumbles(problem)
    whole, judging = since.whole, problem.rules.judging
    nobody = Tally(0, 0, 0, 0, 0, (0,) * len(whole.days_now), (0,) * len(whole.days_before))
    own, at = since.tallies.get(key, nobody), since.exposures.get(key.city, Exposure(0, 0))
    numbers = {"now": int(own.now), "customers": at.now, "then": int(own.before), "customers_then": at.before}
    ratio = moved(own, at, judging.confidence) if whole.now else None
    stands_out = earlier is not None and still_worse(key, earlier.tallies, earlier.whole, earlier.exposures, judging)
    return Followed(ratio, numbers, stands_out)


def key_of_grumbles(problem: Problem) -> Key:
    """What its grumbles are counted by."""
    return Key(problem.details["department"], problem.details["item"], problem.details["city"])


def _write(step: Step, table: str, month: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put the rows in place of the month's."""
    files: list[Any] = []
    if rows:
        step.put_rows(f"{table}_row", table, rows)
        files = step.write(table, f"{table}_row")
    step.bench.lake.replace(table, equal("month", month), files)


def _report(
    month: str, history: tuple[str, ...], figures: Sequence[Figure], found: Sequence[Found], recorded: Recorded
) -> RoutingReport:
    return RoutingReport(
        month,
        history,
        sum(each.p_worse is not None for each in figures),
        sum(each.is_top for each in figures),
        sum(bool(each.details["source"]) for each in found),
        **vars(recorded),
    )
