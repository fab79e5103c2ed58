"""The operations database (PostgreSQL): batches, run history, quality results, published lists. Every function takes
its URL."""

from mend.foundation.operations.batches import (
    Batch,
    Counts,
    NewBatch,
    batches,
    copy_batches,
    last_loaded_day,
    loaded_dates,
    mark_core_loaded,
    mark_gated,
    mark_loaded,
    mark_loading,
    provided_columns,
    register_batch,
    register_batches,
)
from mend.foundation.operations.database import locked, transaction
from mend.foundation.operations.decisions import (
    Decision,
    DecisionError,
    accept,
    bring_back,
    decisions,
    latest,
    let_go,
    take_back,
    withdraw,
)
from mend.foundation.operations.deliveries import (
    Missing,
    Stretch,
    days_with_nothing,
    missing_deliveries,
    note_deliveries,
    stretches,
)
from mend.foundation.operations.due import due_days, mark_due_days, settle_due_days, take_due_days, taken_days
from mend.foundation.operations.identity import home_of, mark
from mend.foundation.operations.lists import ListVersion, listed_months, publish_list
from mend.foundation.operations.migrate import upgrade
from mend.foundation.operations.runs import recorded_step, replace_quality_results, steps

__all__ = [
    "Batch",
    "Counts",
    "Decision",
    "DecisionError",
    "ListVersion",
    "Missing",
    "NewBatch",
    "Stretch",
    "accept",
    "batches",
    "bring_back",
    "copy_batches",
    "days_with_nothing",
    "decisions",
    "due_days",
    "home_of",
    "last_loaded_day",
    "latest",
    "let_go",
    "listed_months",
    "loaded_dates",
    "locked",
    "mark",
    "mark_core_loaded",
    "mark_due_days",
    "mark_gated",
    "mark_loaded",
    "mark_loading",
    "missing_deliveries",
    "note_deliveries",
    "provided_columns",
    "publish_list",
    "recorded_step",
    "register_batch",
    "register_batches",
    "replace_quality_results",
    "settle_due_days",
    "steps",
    "stretches",
    "take_back",
    "take_due_days",
    "taken_days",
    "transaction",
    "upgrade",
    "withdraw",
]
