"""A telecom world with a known truth: deliveries as real sources make them, and what the ledger must say of them."""

from mend.simulate.live import LiveEvents, live_events, seed_handlers
from mend.simulate.settings import SimulationError, World
from mend.simulate.simulator import Truth, core_parquet, simulate, summary
from mend.simulate.variants import gbk_copy, without_column

__all__ = [
    "LiveEvents",
    "SimulationError",
    "Truth",
    "World",
    "core_parquet",
    "gbk_copy",
    "live_events",
    "seed_handlers",
    "simulate",
    "summary",
    "without_column",
]
