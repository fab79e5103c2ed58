"""Mend's own chain once more, with the cost of each of its steps. Not a contender: what to make faster."""

from __future__ import annotations

from bench.contenders.arguments import parse
from bench.data import DAYS, MONTH, unscored
from bench.measure import costing, report
from bench.steps import Steps
from mend.damage.closing import close_month
from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING


def main() -> None:
    given = parse(__doc__)
    month, steps = given.month, Steps()
    with unscored(month) as bench, costing(month.home) as cost, steps.watching():
        score(month.home, bench, DAYS, loaded=DAYS, provided=EVERYTHING)
        close_month(month.home, bench, MONTH, provided=EVERYTHING)
    print("\n".join(steps.lines(cost.cpu)), flush=True)
    report(cost, given.answer)


if __name__ == "__main__":
    main()
