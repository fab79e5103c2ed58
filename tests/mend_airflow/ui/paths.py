"""Every page that the tests walk: path, and who of PEOPLE may see it. A new page is a line here."""

from __future__ import annotations

from typing import Final

SEERS: Final = ("viewer", "oncall", "admin", "handler")
WORKERS: Final = ("oncall", "admin", "handler")
RUN: Final = "/mend/runs/mend_nightly/night"
# A page: what people see in the browser, too.
PAGES: Final[dict[str, tuple[str, ...]]] = {
    "/mend/": SEERS,
    "/mend/customers": SEERS,
    "/mend/customers/K1": SEERS,
    "/mend/customers/K1?month=2026-04": SEERS,
    "/mend/customers/K2": SEERS,
    "/mend/card/K1": (*SEERS, "desktop"),
    RUN: SEERS,
    "/mend/touchpoints": SEERS,
    "/mend/touchpoints?month=2026-04": SEERS,
    "/mend/association": SEERS,
    "/mend/association?cluster=limited_patience": SEERS,
    "/mend/clusters": SEERS,
    "/mend/surveys": SEERS,
    "/mend/quality": SEERS,
    "/mend/rules": SEERS,
    "/mend/lists": SEERS,
    "/mend/lists/2026-05-v2": SEERS,
    "/mend/lists/2026-05-v2?customer=K1": SEERS,
    "/mend/lists/2026-05-v2/what-if": SEERS,
    "/mend/lists/2026-05-v2/what-if?strategy=phone_callback": SEERS,
    "/mend/lists/2026-04-v1": SEERS,
    "/mend/effect": SEERS,
    "/mend/effect?strategy=phone_callback": SEERS,
    "/mend/warnings": SEERS,
    "/mend/warnings?department=service&state=open": SEERS,
    "/mend/warnings/K1": SEERS,
    "/mend/desk": SEERS,
    "/mend/desk?handler=-": SEERS,
    "/mend/desk?which=answered": SEERS,
    "/mend/desk/ticket?id=complex_question%3Ac2": SEERS,
    "/mend/desk/ticket?id=complex_question%3Ac%2F3": SEERS,
    "/mend/queue": SEERS,
    "/mend/queue/8": SEERS,
    "/mend/problems": SEERS,
    "/mend/problems/one?id=2026-05-service-problem_solving": SEERS,
}
FILES: Final[dict[str, tuple[str, ...]]] = {
    "/mend/static/mend.css": (*SEERS, "desktop"),
    "/mend/static/mend.js": (*SEERS, "desktop"),
    "/mend/static/htmx.js": (*SEERS, "desktop"),
}
DOWNLOADS: Final[dict[str, tuple[str, ...]]] = {"/mend/lists/2026-04-v1/files/hangzhou-call.csv": SEERS}
PATHS: Final = PAGES | FILES | DOWNLOADS
# A form: path, what it sends, who may send it.
FORMS: Final[dict[str, tuple[dict[str, str], tuple[str, ...]]]] = {
    "/mend/customers": ({"number": "+8613812345678", "reason": "they called"}, ("oncall", "admin")),
    "/mend/customers/K1/whole": ({"reason": "they called"}, ("oncall", "admin")),
    "/mend/touchpoints/answer": (
        {"action": "hotline:operating:2026-05", "state": "open", "text": "a new menu is being built"},
        ("oncall", "admin"),
    ),
    "/mend/lists/2026-01-v1/decision": ({"decision": "refused", "reason": "made again"}, ("admin",)),
    "/mend/lists/2026-03-v1/what-if": (
        {"strategy": "phone_callback", "capacity_per_month": "500"},
        ("oncall", "admin"),
    ),
    "/mend/lists/2026-01-v1/go-on": ({}, ("admin",)),
    "/mend/lists/2025-12-v1/recall": ({"reason": "wrong month"}, ("admin",)),
    "/mend/lists/2026-04-v1/whole": ({"name": "hangzhou-call.csv", "reason": "they called"}, ("oncall", "admin")),
    "/mend/warnings/K1": ({"action": "note", "text": "called, no answer"}, WORKERS),
    "/mend/desk/ticket?id=complex_question%3Ac%2F3": ({"action": "take", "seen": "1"}, WORKERS),
    "/mend/desk/number?id=complex_question%3Ac2": ({}, WORKERS),
    "/mend/queue/stopped": ({"survey": "taken up"}, WORKERS),
    "/mend/queue/8": ({}, WORKERS),
    "/mend/queue/7/decide": ({"means": "unsolved"}, WORKERS),
    "/mend/problems/one?id=2026-05-service-problem_solving": (
        {"action": "acknowledge", "part": "service/province/all"},
        ("oncall", "admin"),
    ),
}
# What programs call, and forms that need more than the matrix's rows: each has tests of its own (test_grumble.py).
CALLS: Final = ("/mend/api/grumble", "/mend/card/K1/grumble")
