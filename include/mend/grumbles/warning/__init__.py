"""The warning room: which grumble becomes a complaint, early enough to comfort the customer. Its steps are in `step`,
`grumble_index` and `training`: they read the lake, and pages that work on warnings must not load it."""

from mend.grumbles.warning.rules import RuleError

__all__ = ["RuleError"]
