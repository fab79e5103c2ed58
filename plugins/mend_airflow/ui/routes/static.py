"""Style, scripts and htmx, served by us and by name: a mount would not ask who comes."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

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
    content, tag = _content(name)
    headers = {"Cache-Control": "private, no-cache", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=FILES[name][1], headers=headers)


@cache
def _content(name: str) -> tuple[bytes, str]:
    content = FILES[name][0].read_bytes()
    return content, f'"{sha256(content).hexdigest()[:32]}"'
