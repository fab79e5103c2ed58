"""Results, refusals and groups as rows of the tables."""

from __future__ import annotations

from typing import Any, Final

from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES
from mend.repair.effect.judging import GroupResult, Refused, Result

SHOWN: Final = """
select strategy_code, estimand_code, outcome_code, difference, low, high, adjusted_p_value, verdict_code
from effect_file where month = $month and verdict_code <> 'no_proof'
union all
select strategy_code, estimand_code, outcome_code, null, null, null, null, reason_code
from refusal_file where month = $month
order by strategy_code <> 'all', strategy_code, estimand_code, outcome_code, verdict_code"""


def verdicts_of(bench: Workbench, month: str, language: str) -> tuple[list[str], list[list[Any]]]:
    """What a month's evaluation proved and refused, as a table in words."""
    bench.view("mart_effect", where=equal("month", month), as_name="effect_file")
    bench.view("mart_effect_refusal", where=equal("month", month), as_name="refusal_file")
    place = language == "zh"
    words = {**CODES["effect_verdict"], **CODES["effect_refusal"]}
    rows = [
        [
            strategy,
            CODES["effect_estimand"][estimand][place],
            CODES["effect_outcome"][outcome][place] if outcome else "-",
            *(None if figure is None else round(figure, 4) for figure in figures),
            words[code][place],
        ]
        for strategy, estimand, outcome, *figures, code in bench.sql(SHOWN, {"month": month})
    ]
    return ["strategy", "compared", "outcome", "difference", "low", "high", "p_corrected", "verdict"], rows


def result_row(month: str, version: int, found: Result) -> dict[str, Any]:
    """A row of mart_effect."""
    interval, before_after = found.found.interval, found.before_after
    return {
        "month": month,
        "version": version,
        "strategy_code": found.key.strategy,
        "outcome_code": found.outcome.code,
        "estimand_code": found.key.estimand,
        "treated_count": found.treated.count,
        "treated_mean": found.treated.mean,
        "treated_missing_count": found.treated.missing,
        "control_count": found.control.count,
        "control_mean": found.control.mean,
        "control_missing_count": found.control.missing,
        "difference": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "confidence": interval.confidence,
        "interval_code": found.found.interval_code,
        "p_value": interval.p_value,
        "adjusted_p_value": found.adjusted_p_value,
        "is_cuped": found.found.is_cuped,
        "variance_reduction": found.found.variance_reduction,
        "look_number": found.look.number,
        "naive_before": before_after.before if before_after else None,
        "naive_after": before_after.after if before_after else None,
        "regression_to_mean": before_after.regression_to_mean if before_after else None,
        "verdict_code": found.verdict,
        "is_good_high": found.outcome.is_good_high,
    }


def refusal_row(month: str, version: int, found: Refused) -> dict[str, Any]:
    """A row of mart_effect_refusal."""
    refusal = found.refusal
    return {
        "month": month,
        "version": version,
        "strategy_code": found.key.strategy,
        "estimand_code": found.key.estimand,
        "outcome_code": found.outcome_code,
        "reason_code": refusal.reason,
        "subject_code": refusal.subject,
        "value": refusal.value,
        "bound": refusal.bound,
        "words_en": refusal.en,
        "words_zh": refusal.zh,
    }


def group_row(month: str, version: int, found: GroupResult) -> dict[str, Any]:
    """A row of mart_effect_group."""
    effect, interval = found.effect, found.effect.measured.interval
    return {
        "month": month,
        "version": version,
        "strategy_code": found.key.strategy,
        "outcome_code": found.outcome.code,
        "grouping_code": effect.cell.grouping,
        "group_code": effect.cell.group,
        "half_number": effect.cell.half,
        "treated_count": effect.cell.treated.count,
        "control_count": effect.cell.control.count,
        "found_difference": effect.found_difference,
        "difference": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "is_chosen": effect.is_chosen,
        "p_value": interval.p_value,
        "adjusted_p_value": effect.adjusted_p_value,
        "verdict_code": effect.verdict,
    }
