"""Mend's whole month: features and clusters, then the association with its models."""

from __future__ import annotations

from bench.association_data import MONTH, parse
from bench.measure import costing, own_cpu, report
from bench.steps import Steps
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association import find_associations
from mend.grumbles.clusters import fit_clusters


def main() -> None:
    given = parse(__doc__)
    home, steps = given.month.home, Steps()
    with Workbench.open(home) as bench, costing(home) as cost, steps.watching():
        begun = own_cpu()
        clusters = fit_clusters(home, bench, MONTH)
        between = own_cpu()
        found = find_associations(home, bench, MONTH)
        cost.notes |= {"clusters_cpu": between - begun, "association_cpu": own_cpu() - between}
    cost.notes |= {
        "customers": clusters.customers,
        "grumble_days": found.grumble_days,
        "complaints": found.complaints,
        "tests": found.tests,
    }
    (given.output / "steps.txt").write_text("\n".join(steps.lines(cost.cpu)) + "\n", "utf-8")
    report(cost, given.answer)


if __name__ == "__main__":
    main()
