"""A ledger row for each hit of an indicator on contacts, and the incident cap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bench.contenders.in_pandas.contacts import Hits
from bench.contenders.in_pandas.ledger import ENTRY_KINDS, INDICATORS, contact_rows, one_of
from bench.contenders.in_pandas.tables import Moments, Whole
from bench.contenders.rulebook import CAP, POINTS


def debits(inbound: pd.DataFrame, hits: Hits, decided: dict[str, Moments]) -> pd.DataFrame:
    """A ledger row per indicator hit, and the caps."""
    started = inbound["started_at"].to_numpy()
    found = pd.concat(
        [
            pd.DataFrame({
                "place": places,
                "indicator_id": one_of(INDICATORS, name, len(places)),
                "posted_at": decided[name] if name in decided else started[places],
                "points": _points(name, places, hits),
            })
            for name, places in hits.items()
        ],
        ignore_index=True,
    )  # fmt: skip
    found = found[found["points"] > 0].assign(entry_kind_code=lambda rows: one_of(ENTRY_KINDS, "debit", len(rows)))
    return contact_rows(pd.concat([found, _caps(found, inbound)], ignore_index=True), inbound)


def _points(indicator: str, places: Whole, hits: Hits) -> Any:
    """The indicator's points; of AGT-03 the difference to what the drop itself cost."""
    if indicator != "AGT-03":
        return np.int64(POINTS[indicator])
    posted = [np.isin(places, hits[drop]) * POINTS[drop] for drop in ("AGT-01", "AGT-02")]
    return POINTS[indicator] - np.sum(posted, axis=0)


def _caps(found: pd.DataFrame, inbound: pd.DataFrame) -> pd.DataFrame:
    incident = inbound["incident"].to_numpy()[found["place"].to_numpy()]
    is_over = np.bincount(incident, found["points"], len(inbound)) > CAP
    over = found[is_over[incident]].assign(incident=incident[is_over[incident]])
    over["contact_id"] = inbound["contact_id"].array.take(over["place"].to_numpy())
    over = over.sort_values(["incident", "posted_at", "contact_id", "indicator_id"])
    running = over.groupby("incident")["points"].cumsum()
    excess = (running - CAP).clip(lower=0) - (running - over["points"] - CAP).clip(lower=0)
    caps = over.assign(points=-excess, entry_kind_code=one_of(ENTRY_KINDS, "cap", len(over)))
    posted: pd.DataFrame = caps.loc[excess > 0, found.columns]
    return posted
