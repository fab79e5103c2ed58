"""The nearest centre in SQL is the nearest centre of the fit, missing values and logarithms included."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np

from mend.grumbles.clusters.assignment import nearest
from mend.grumbles.clusters.fitting import Fitted, Scale
from mend.grumbles.clusters.naming import Named, name_clusters
from mend.grumbles.clusters.rules import rules_on


def test_what_is_missing_stands_at_the_median_also_under_a_logarithm() -> None:
    kind = rules_on(dt.date(2026, 5, 1)).kinds["behaviour"]
    assert kind.features["abandon_seconds"].log
    scale = Scale(float(np.log1p(60)), float(np.log1p(60)), 0.5)
    fitted = Fitted(("abandon_seconds",), (), {"abandon_seconds": scale}, np.array([[-5.0], [0.0]]), {2: 0.5})
    hasty, usual = Named("hasty", 0.0), Named("usual", 0.0)
    expression, values = nearest(kind, fitted, [hasty, usual])
    feature = "(values (null), (0.0), (60.0), (-1.0)) as feature(abandon_seconds)"
    found = duckdb.connect().execute(f"select {expression} from {feature}", values).fetchall()
    assert [name for (name,) in found] == ["usual", "hasty", "usual", "hasty"]


def test_limited_tolerance_is_who_shows_anger_in_few_contacts_and_who_shows_nothing_is_not_named_so() -> None:
    kind = rules_on(dt.date(2026, 5, 1)).kinds["behaviour"]
    features = ("contact_count", "anger_share", "tariff_grumble_count", "complaint_count")
    centres = np.array([[-0.8, 1.8, -0.2, -0.2], [-0.8, -0.6, -0.5, -0.5], [0.5, 0.1, 2.0, 0.0], [0.9, 0.2, 0.0, 2.2]])
    fitted = Fitted(features, (), {name: Scale(0, 0, 1) for name in features}, centres, {4: 0.5})
    named = [each.name for each in name_clusters(fitted, kind.names, [], 1.5)]
    assert named == ["limited_tolerance", "not_shown_yet", "tariff_sensitive", "rational_assertive"]
