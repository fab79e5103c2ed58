"""The warning room: which grumble becomes a complaint, early enough to comfort the customer."""

from mend.grumbles.warning.grumble_index import IndexReport, grumble_index
from mend.grumbles.warning.rules import RuleError
from mend.grumbles.warning.step import WarningReport, warn
from mend.grumbles.warning.training import ModelReport, train_models

__all__ = ["IndexReport", "ModelReport", "RuleError", "WarningReport", "grumble_index", "train_models", "warn"]
