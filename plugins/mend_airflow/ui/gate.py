"""The gate before every answer, static files and unknown paths included: who asks, may they, from where do they write.

It fails closed: whoever is not known, and whatever goes wrong while we find out, gets no page.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from airflow.api_fastapi.core_api.security import get_user
from fastapi import HTTPException
from fastapi.security import HTTPAuthorizationCredentials
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mend_airflow.ui import answers, place
from mend_airflow.ui.rights import rights_of

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie, Accept",
}
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
Next = Callable[[Request], Awaitable[Response]]

log = logging.getLogger(__name__)


async def gate(request: Request, call_next: Next) -> Response:
    """Let a signed-in user with a right through, and put our headers on whatever is answered."""
    response = await _answer(request, call_next)
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _answer(request: Request, call_next: Next) -> Response:
    try:
        user = await signed_in(request)
        if user is None:
            return answers.not_signed_in(request)
        request.state.mend_user = user
        request.state.mend_rights = await run_in_threadpool(rights_of, user)
        if not request.state.mend_rights:
            return answers.not_allowed(request)
        if request.method not in READING and not is_from_here(request):
            return answers.from_elsewhere(request)
        return await call_next(request)
    except Exception as error:  # an answer must not show what the error says: it may name data
        log.error("%s failed: %s", request.url.path, type(error).__name__, exc_info=True)
        return answers.failed(request, error)


async def signed_in(request: Request) -> Any:
    """The user whom Airflow knows by this request's Bearer token or cookie; None for anybody else."""
    try:
        return await get_user(request, None, bearer_of(request))
    except HTTPException:
        return None


def bearer_of(request: Request) -> HTTPAuthorizationCredentials | None:
    """The Bearer token of a request that has one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_bearer = scheme.lower() == "bearer" and bool(token)
    return HTTPAuthorizationCredentials(scheme=scheme, credentials=token) if is_bearer else None


def is_from_here(request: Request) -> bool:
    """Whether a writing request comes from one of our own pages: a cookie travels with requests from other ports, too.

    A Bearer token travels with no request that its owner did not make.
    """
    if bearer_of(request) is not None:
        return True
    origin = request.headers.get("origin")
    own = place.own_origin() or f"{request.url.scheme}://{request.url.netloc}"
    return request.headers.get("sec-fetch-site") == "same-origin" if origin is None else origin == own
