"""The pages' routes: a file each, and this list of them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from mend_airflow.ui.routes import card, customers, desk, overview, problems, queue, runs, static, warnings

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.routes,
    overview.routes,
    customers.routes,
    customers.whole,
    card.routes,
    runs.routes,
    warnings.routes,
    warnings.working,
    desk.routes,
    desk.working,
    desk.revealing,
    queue.routes,
    queue.working,
    problems.routes,
)
