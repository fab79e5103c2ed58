"""Rules as Great Expectations, run on DuckDB. Loading GX takes seconds: it is imported where used, never above."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from mend.foundation.pipeline.workbench import Workbench
from mend.intake.quality.errors import CrossCheckError
from mend.intake.quality.measure import Measured
from mend.intake.quality.rules import Rule, Suite

# No bad values in results and pages: they may be personal.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Judged:
    """GX's counts of bad rows by rule (of `rows_present`: the rows), and its page in HTML."""

    counts: dict[str, int]
    page: str


def judge(bench: Workbench, suite: Suite) -> Judged:
    """Let GX judge the view `gated`. CrossCheckError when it cannot judge a rule."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    from mend.intake.quality.duckdb_for_gx import lent

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    with lent(bench.engine.connection) as address:
        context = gx.get_context(mode="ephemeral", project_config=config)
        source = context.data_sources.add_sql("lake", connection_string=address)
        asset = source.add_query_asset(suite.record.raw.name, query="select * from gated")
        batch = asset.add_batch_definition_whole_table("arrived").get_batch()
        expected = [expectation(rule) | _about(rule) for rule in suite.rules if has_expectation(rule)]
        asked = gx.ExpectationSuite(name=suite.record.name, expectations=expected)
        result = batch.validate(asked, result_format=RESULT_FORMAT)
    return Judged({_rule_of(each): _count(each) for each in result.results}, _page(result))


def cross_check(suite: Suite, judged: Judged, measured: dict[int, Measured]) -> None:
    """CrossCheckError unless GX and our own SQL counted the same bad rows for each rule."""
    for rule_id, found in judged.counts.items():
        kind = next(rule.kind for rule in suite.rules if rule.id == rule_id)
        own = sum(each.rows if kind == "rows_present" else each.broken.get(rule_id, 0) for each in measured.values())
        if own != found:
            raise CrossCheckError(f"{suite.record.name}, rule {rule_id}: GX counts {found}, SQL {own}")


def has_expectation(rule: Rule) -> bool:
    """Not those that look at the register of batches or at each batch by itself."""
    return rule.judges_rows or rule.kind in ("unique", "rows_present")


def expectation(rule: Rule) -> dict[str, Any]:
    """The rule's type and arguments in GX.

    >>> from mend.intake.quality.rules import suite
    >>> expectation({rule.id: rule for rule in suite("ticket").rules}["tier_range"])["type"]
    'expect_column_values_to_be_between'
    """
    mostly = {"mostly": 1 - rule.warn_share}
    if rule.kind == "rows_present":
        return {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}}
    if rule.kind == "unique":
        columns = {"column_list": ["batch_number", *rule.columns]}
        return {"type": "expect_compound_columns_to_be_unique", "kwargs": columns | mostly}
    if rule.kind == "not_before":
        later, earlier = rule.columns
        pair = {"column_A": later, "column_B": earlier, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
        return {"type": "expect_column_pair_values_a_to_be_greater_than_b", "kwargs": pair | mostly}
    kind, arguments = _of_column(rule)
    return {"type": kind, "kwargs": arguments | mostly}


def _of_column(rule: Rule) -> tuple[str, dict[str, Any]]:
    column = {"column": rule.columns[0]}
    match rule.kind:
        case "required":
            return "expect_column_values_to_not_be_null", column
        case "range":
            bounds = {"min_value": rule.low, "max_value": rule.high}
            return "expect_column_values_to_be_between", column | bounds
        case "codes":
            return "expect_column_values_to_be_in_set", column | {"value_set": list(rule.codes)}
        case "pattern":
            return "expect_column_values_to_match_regex", column | {"regex": f"^({rule.pattern})$"}
        case _:  # `holds`: the view has a column of the rule's name
            return "expect_column_values_to_be_in_set", {"column": rule.id, "value_set": [True]}


def _about(rule: Rule) -> dict[str, Any]:
    words = {"rule": rule.id, "zh": rule.zh, "runbook": rule.runbook}
    return {"severity": rule.severity, "meta": words, "description": f"{rule.en} · {rule.zh}"}


def _rule_of(result: Any) -> str:
    return str(result.expectation_config.meta["rule"])


def _count(result: Any) -> int:
    # GX swallows what its checks raise. The text may hold values: it is left out.
    if "exception_message" not in result.exception_info or result.exception_info["raised_exception"]:
        raise CrossCheckError(f"rule {_rule_of(result)}: Great Expectations could not judge it")
    found = result.result.get("unexpected_count", result.result.get("observed_value"))
    return int(found or 0)  # null where there are no rows


def _page(result: Any) -> str:
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    result.meta.setdefault("run_id", {})
    return str(_view().render(ValidationResultsPageRenderer(run_info_at_end=True).render(result)))


@cache
def _view() -> Any:
    """One view for all pages of a process: it compiles its templates once."""
    from great_expectations.render.view.view import DefaultJinjaPageView

    return DefaultJinjaPageView()
