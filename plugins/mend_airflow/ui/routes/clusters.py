"""Clusters: who the customers are, in words and pictures, and how stable that is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from mend.foundation.source_words import SourceWords
from mend_airflow.ui.answers import page
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.months import cluster_name, of_tongue, shown_of
from mend_airflow.ui.scales import draw_interval, scale_of
from mend_airflow.ui.words import say_code

TRAITS: Final = 6  # features shown of a cluster
LEAST: Final = 0.05  # less is nothing in the figures shown
routes = router(Right.SEE)


@routes.get("/clusters")
def clusters(request: Request, month: str | None = None) -> Response:
    """Each kind of cluster."""
    language = language_of(request)
    with database_of(request).read() as connection:
        found = shown_of(connection, "clusters", month)
    names = words_of(request.app.state.home)
    rows = [_said(each, names, language) for each in found.content.get("clusters", [])]
    kinds = [
        (say_code(language, "cluster_kind", kind), list(group))
        for kind, group in groupby(rows, key=lambda row: row["kind_code"])
    ]
    return page(request, "clusters.html", found.status, shown=found, kinds=kinds)


def _said(row: Mapping[str, Any], names: SourceWords, language: Language) -> dict[str, Any]:
    """A cluster with its words and drawings."""
    apart = [each for each in row["apart"] if each["off"] is not None and abs(each["off"]) >= LEAST][:TRAITS]
    scale = scale_of([each["off"] for each in apart])
    return {
        **row,
        "name": cluster_name(row["cluster_code"], names, language),
        "share_drawn": draw_interval(None, row["share"], None, (0.0, 1.0)),
        "traits": [(each[language], each["off"], draw_interval(None, each["off"], None, scale)) for each in apart],
        "claim": of_tongue(row, "claim", language) if row.get("claim_en") else "",
    }
