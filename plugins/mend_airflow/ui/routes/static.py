"""Style, scripts and htmx, served by us and by name: a mount would not ask who comes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from mend_airflow.ui.needs import router
from mend_airflow.ui.rights import Right

FOLDER: Final = Path(__file__).parents[1] / "static"
FILES: Final = {
    "mend.css": (FOLDER / "mend.css", "text/css"),
    "mend.js": (FOLDER / "mend.js", "text/javascript"),
    "htmx.js": (FOLDER / "vendor" / "htmx-2.0.11.min.js", "text/javascript"),
}
routes = router(*Right)


@routes.get("/static/{name}")
def static_file(request: Request, name: str) -> Response:
    """One of our few files; the browser keeps it for itself and asks whether it changed."""
    if name not in FILES:
        raise HTTPException(404)
    path, kind = FILES[name]
    made = FileResponse(path, media_type=kind, headers={"Cache-Control": "private, no-cache"})
    etag = made.headers.get("etag")
    return Response(status_code=304) if etag and request.headers.get("if-none-match") == etag else made
