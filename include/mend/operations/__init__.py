"""The operations database (PostgreSQL): batches, run history, quality results, published lists. Every function takes
its URL."""

from mend.operations.batches import (
    Batch,
    Counts,
    NewBatch,
    batches,
    copy_batches,
    loaded_dates,
    mark_core_loaded,
    mark_loaded,
    mark_loading,
    provided_columns,
    register_batch,
    register_batches,
)
from mend.operations.database import locked, transaction
from mend.operations.identity import home_of, mark
from mend.operations.lists import ListVersion, publish_list
from mend.operations.migrate import upgrade
from mend.operations.runs import recorded_step, replace_quality_results, steps

__all__ = [
    "Batch",
    "Counts",
    "ListVersion",
    "NewBatch",
    "batches",
    "copy_batches",
    "home_of",
    "loaded_dates",
    "locked",
    "mark",
    "mark_core_loaded",
    "mark_loaded",
    "mark_loading",
    "provided_columns",
    "publish_list",
    "recorded_step",
    "register_batch",
    "register_batches",
    "replace_quality_results",
    "steps",
    "transaction",
    "upgrade",
]
