"""The pages' routes: a file each, and this list of them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from mend_airflow.ui.routes import (
    association,
    card,
    clusters,
    customers,
    desk,
    effect,
    grumble,
    list_files,
    lists,
    overview,
    problems,
    quality,
    queue,
    rules,
    runs,
    static,
    surveys,
    touchpoints,
    trials,
    warnings,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.routes,
    overview.routes,
    customers.routes,
    customers.whole,
    card.routes,
    runs.routes,
    touchpoints.routes,
    touchpoints.answering,
    association.routes,
    clusters.routes,
    surveys.routes,
    quality.routes,
    rules.routes,
    lists.routes,
    lists.approving,
    trials.routes,
    trials.asking,
    list_files.routes,
    list_files.whole,
    effect.routes,
    warnings.routes,
    warnings.working,
    desk.routes,
    desk.working,
    desk.revealing,
    queue.routes,
    queue.working,
    problems.routes,
    grumble.routes,
)
