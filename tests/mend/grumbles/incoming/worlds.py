"""A world of grumbles with contacts, tickets, clusters, associations and a taxonomy, its models and cut points in
force from the fifth of August on."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pyarrow as pa
from tests.mend.grumbles.warning.tables import put, put_world

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.taxonomy import load_taxonomies, publish_taxonomy
from mend.grumbles.warning.complaint_model import ComplaintModel
from mend.grumbles.warning.cuts import fit_levels
from mend.grumbles.warning.fit import Fitted, Lesson, fit
from mend.grumbles.warning.history import history
from mend.grumbles.warning.rules import load_rules
from mend.simulate.hazard_world import HazardWorld, hazard_world

RULES = load_rules()[0]
MONTHS = ("2026-06", "2026-07")
INFLUENCE = {
    "tariff_billing": 2.0,
    "network_coverage": 1.2,
    "service_attitude": 1.6,
    "call_quality": 0.5,
    "marketing": 0.1,
}


def put_incoming_world(home: Home, bench: Workbench, customers: int) -> HazardWorld:
    world = hazard_world(seed=11, customers=customers, days=150)
    put_world(bench, world, clusters=False)
    publish_taxonomy(bench, load_taxonomies())
    luck = random.Random(3)
    people = sorted(
        zip(world.customers["customer_id"].to_pylist(), world.customers["true_cluster"].to_pylist(), strict=True)
    )
    _clusters(bench, luck, dict(people))
    _contacts(bench, luck, world)
    _models(bench)
    assert fit_levels(home, bench, "2026-07").cuts
    return world


def _clusters(bench: Workbench, luck: random.Random, people: dict[str, str]) -> None:
    """A tenth is not clustered; some change their cluster from June to July."""
    rows = [
        {"month": month, "customer_id": name, "behaviour_code": cluster if luck.random() < 0.9 else "limited_tolerance",
         "value_code": luck.choice(("high", "normal", "low"))}
        for month in MONTHS for name, cluster in people.items() if luck.random() < 0.9
    ]  # fmt: skip
    put(bench, "mart_customer_cluster", rows)
    put(bench, "mart_association", [
        {"month": month, "cluster_code": cluster, "grumble_type_code": kind, "coefficient": value + more,
         "is_significant": value > 0.2, "is_key": value > 1}
        for month, more in zip(MONTHS, (0.0, 0.15), strict=True) for cluster in ("all", "tariff_sensitive")
        for kind, value in INFLUENCE.items()
    ])  # fmt: skip


def _contacts(bench: Workbench, luck: random.Random, world: HazardWorld) -> None:
    """Each grumble is in a contact; there are others. Of every third grumble there is a ticket."""
    grumbles = world.grumbles.select(["customer_id", "grumbled_on", "source_id", "grumble_id"]).to_pylist()
    counts: dict[tuple[str, dt.date], int] = {}
    for row in grumbles:
        key = row["customer_id"], row["grumbled_on"]
        counts[key] = counts.get(key, 0) + 1
        other = row["customer_id"], row["grumbled_on"] - dt.timedelta(days=luck.randrange(20))
        counts[other] = counts.get(other, 0) + luck.randrange(3)
    put(bench, "mart_exposure_day", [
        {"customer_id": name, "subject_on": day, "contact_count": number, "incident_count": 1,
         "last_contact_at": f"{day} 10:00:00+08:00", "last_contact_id": f"{name}{day}"}
        for (name, day), number in counts.items() if number
    ])  # fmt: skip
    tickets = []
    for row in grumbles:
        if luck.random() < 0.3:
            opened = row["grumbled_on"] + dt.timedelta(days=luck.randrange(3))
            words = {"ticket_id": f"T{row['source_id']}", "contact_id": row["source_id"], "kind_code": "grumble"}
            tickets.append({**words, "opened_at": f"{opened} 23:00:00+08:00", "opened_on": opened})
    put(bench, "core_ticket", tickets)


def _models(bench: Workbench) -> None:
    past = history(bench, RULES, dt.date(2026, 7, 31))
    assert past is not None
    shorter = _model(past.rows, past.areas, 7, None)
    _register(bench, [shorter.model, _model(past.rows, past.areas, 30, shorter).model])


def _model(rows: pa.Table, areas: tuple[str, ...], horizon: int, near: Fitted | None) -> Fitted:
    kept = rows.filter(pa.compute.is_valid(rows[f"is_complaint_{horizon}"]))
    happened = kept[f"is_complaint_{horizon}"].to_numpy().astype(bool)
    _, customer = np.unique(kept["customer_id"].to_pylist(), return_inverse=True)
    return fit(horizon, areas, Lesson(kept, happened, customer % 3, 3), RULES.model.penalty, None, near)


def _register(bench: Workbench, models: list[ComplaintModel]) -> None:
    day = dict.fromkeys(("trained_from", "trained_to", "held_out_from", "held_out_to"), "2026-07-01")
    counts = dict.fromkeys(("training_count", "calibration_count", "held_out_count"), 1)
    words = dict.fromkeys(("decision_en", "decision_zh", "data_digest", "comparisons"), "as the test says")
    put(bench, "mart_complaint_model", [
        {"month": "2026-07", "horizon_days": model.horizon_days, "model_version": f"test-{model.horizon_days}",
         "valid_from": "2026-08-05", "is_promoted": True, "model": model.to_json(), **day, **counts, **words}
        for model in models
    ])  # fmt: skip
