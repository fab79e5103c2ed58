"""Mend's clusters alone: figures, fits, every customer's labels, claims and stability."""

from __future__ import annotations

from bench.association_data import MONTH, parse
from bench.measure import costing, report
from bench.steps import Steps
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters import fit_clusters


def main() -> None:
    given = parse(__doc__)
    home, steps = given.month.home, Steps()
    with Workbench.open(home) as bench, costing(home) as cost, steps.watching():
        clusters = fit_clusters(home, bench, MONTH)
    cost.notes |= {"customers": clusters.customers}
    (given.output / "steps.txt").write_text("\n".join(steps.lines(cost.cpu)) + "\n", "utf-8")
    report(cost, given.answer)


if __name__ == "__main__":
    main()
