"""The warning room: which grumble becomes a complaint, early enough to comfort the customer.

The names are loaded when they are first asked for: who applies a model alone (the pages) loads no engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mend.grumbles.warning.cuts import CutReport, fit_levels
    from mend.grumbles.warning.index import IndexReport, grumble_index
    from mend.grumbles.warning.rules import RuleError
    from mend.grumbles.warning.step import WarningReport, warn
    from mend.grumbles.warning.training import ModelReport, train_models

__all__ = [
    "CutReport",
    "IndexReport",
    "ModelReport",
    "RuleError",
    "WarningReport",
    "fit_levels",
    "grumble_index",
    "train_models",
    "warn",
]
PLACES: Final = {
    "cuts": ("CutReport", "fit_levels"),
    "index": ("IndexReport", "grumble_index"),
    "rules": ("RuleError",),
    "step": ("WarningReport", "warn"),
    "training": ("ModelReport", "train_models"),
}


def __getattr__(name: str) -> Any:
    for place, names in PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{place}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
