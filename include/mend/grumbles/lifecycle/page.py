"""What a month's page and the command show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mend.grumbles.lifecycle.figures import UNDAMAGED, Leaving, Point, leaving_of, together
from mend.grumbles.lifecycle.reading import Read
from mend.grumbles.lifecycle.rules import LifecycleRules
from mend.grumbles.records import Taxonomy


@dataclass(frozen=True)
class Page:
    """A month by life-cycle stage; `with_tendency` are the damaged customers whose tendency to leave is known."""

    read: Read
    points: Sequence[Point]
    leavings: Sequence[Leaving]
    rules: LifecycleRules
    taxonomy: Taxonomy
    with_tendency: int

    def grumbling(self, stage: str) -> int:
        """Customers of the stage who grumbled."""
        return sum(each.customers for each in self.read.wholes if each.stage == stage)

    def leaving(self, stage: str, level: int) -> Leaving:
        """A group's."""
        [found] = [each for each in self.leavings if (each.group.stage, each.group.level) == (stage, level)]
        return found

    def damaged(self, stage: str) -> Leaving:
        """Of all damaged customers of a stage together; their group has the level 1."""
        groups = [each.group for each in self.leavings if each.group.stage == stage and each.group.level != UNDAMAGED]
        return leaving_of(together(stage, 1, groups), self.leaving(stage, UNDAMAGED).group, self.rules)

    def form_count(self, form: str, stage: str | None = None, trend: str | None = None) -> int:
        """Customers who showed this form, at a stage, with a trend."""
        return sum(
            each.customers
            for each in self.read.forms
            if each.form == form and stage in (None, each.stage) and trend in (None, each.trend)
        )

    def eased(self, stage: str) -> int:
        """Customers who showed a form last month and none now."""
        return sum(each.group.eased for each in self.leavings if each.group.stage == stage)
