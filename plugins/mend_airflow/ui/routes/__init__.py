"""The pages' routes: a file each, and this list of them."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from mend_airflow.ui.routes import card, customers, grumble, overview, runs, static

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.routes,
    overview.routes,
    customers.routes,
    customers.whole,
    card.routes,
    runs.routes,
    grumble.routes,
)
