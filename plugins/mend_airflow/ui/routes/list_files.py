"""A published list's files: masked for whoever sees Mend, with whole numbers by right, each such look on record."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Form, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mend.foundation.operations.looks import Look, record_look
from mend.repair.publishing.lists import CampaignList
from mend.repair.publishing.numbers import HoldOut
from mend.repair.publishing.whole import read_masked, with_numbers
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.needs import database_of, router, user_of
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.lists import known_list, version_of

LEAST_REASON: Final = 4  # characters: a look has a reason in words
KINDS: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Text = Annotated[str, Form()]
routes = router(Right.SEE)
whole = router(Right.WHOLE)


@routes.get("/lists/{list_id}/files/{name}")
def masked_file(request: Request, list_id: str, name: str) -> Response:
    """A file as it was published, numbers masked."""
    with database_of(request).read() as connection:
        listed = known_list(connection, list_id)
    content = _content(request, listed, name)
    return _file(content, f"{list_id}-{name}") if content is not None else _gone(request, listed)


@whole.post("/lists/{list_id}/whole")
def whole_file(request: Request, list_id: str, name: Text = "", reason: Text = "") -> Response:
    """A file with whole numbers, once the look is on record."""
    why = reason.strip()
    if len(why) < LEAST_REASON or not name.endswith(".csv"):
        return page(request, "list_file.html", 422, list_id=list_id, problem="no_reason_to_look")
    with database_of(request).read() as connection:
        listed = known_list(connection, list_id)
        version = version_of(connection, listed)
    content = _content(request, listed, name)
    if content is None:
        return _gone(request, listed)
    if not version:
        return page(request, "list_file.html", 409, list_id=list_id, problem="no_version")
    masked, at = read_masked(content), dt.datetime.now(dt.UTC)
    look = Look(
        user_of(request), f"page {place.PREFIX}/lists", at, "export", why, len(masked.rows), masked.digest,
        {"page": "lists", "file": name}, list_id=list_id,
    )  # fmt: skip
    with database_of(request).record() as connection:
        record_look(connection, look)
    with database_of(request).record() as connection:
        shown = with_numbers(connection, listed, masked, _hold_out(version), at, request.app.state.zone)
    return _file(shown, f"{list_id}-whole-{name}")


def _hold_out(version: Any) -> HoldOut:
    drawn = version["hold_out"]
    return HoldOut(drawn["season"], drawn["seed"], float(drawn["universal_share"]), drawn["shares"])


def _content(request: Request, listed: CampaignList, name: str) -> bytes | None:
    """A published file's bytes; None when it is not on this machine, or another than was published. 404 for a name that
    the list does not have: no name leads out of its folder."""
    known = (listed.published or {}).get("files", {})
    if listed.state_code != "published" or name not in known or listed.folder is None:
        raise HTTPException(404)
    try:
        content = (Path(request.app.state.home.lists_folder) / listed.folder / name).read_bytes()
    except OSError:
        return None
    return content if sha256(content).hexdigest() == known[name] else None


def _gone(request: Request, listed: CampaignList) -> Response:
    return page(request, "list_file.html", 409, list_id=listed.list_id, problem="file_gone")


def _file(content: bytes, name: str) -> Response:
    kind = KINDS.get(Path(name).suffix, "application/octet-stream")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=kind, headers=headers)
