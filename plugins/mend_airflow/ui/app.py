"""The app that Airflow's API server mounts at /mend."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mend.foundation.home import Home
from mend_airflow.ui import answers
from mend_airflow.ui.database import Database, open_database
from mend_airflow.ui.gate import gate
from mend_airflow.ui.grumbles import Grumbles
from mend_airflow.ui.routes import ROUTERS
from mend_airflow.ui.words import all_words


def create_app(home: Home | None = None) -> FastAPI:
    """The app of this home; by default of the one that the environment names."""
    of_home = home or Home.from_environment()
    all_words()  # a mistake in them is to be seen at the start, not at the first page
    app = FastAPI(lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.home = of_home
    app.state.zone = of_home.zone
    app.state.grumbles = Grumbles(of_home.root / "taxonomy")
    app.middleware("http")(gate)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[Mapping[str, Database]]:
    database = open_database(app.state.home.database_url)
    app.state.database = database
    app.state.grumbles.start(database)
    yield {}
    app.state.grumbles.stop()
    database.close()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answers.refused(request, error.status_code)


async def _not_understood(request: Request, error: Exception) -> Response:
    del error  # it repeats what was sent
    return answers.refused(request, 422)
