"""The warning room: which grumble becomes a complaint, told in time to comfort the customer."""

from mend.warning.grumble_index import IndexReport, grumble_index
from mend.warning.night import WarningReport, warn
from mend.warning.rules import RuleError
from mend.warning.training import ModelReport, train_models

__all__ = ["IndexReport", "ModelReport", "RuleError", "WarningReport", "grumble_index", "train_models", "warn"]
