"""Every page that the tests walk: path, and who of PEOPLE may see it. A new page is a line here."""

from __future__ import annotations

from typing import Final

SEERS: Final = ("viewer", "oncall", "admin")
PATHS: Final[dict[str, tuple[str, ...]]] = {
    "/mend/": SEERS,
    "/mend/customers": SEERS,
    "/mend/customers/K1": SEERS,
    "/mend/card/K1": (*SEERS, "desktop"),
    "/mend/static/mend.css": (*SEERS, "desktop"),
    "/mend/static/mend.js": (*SEERS, "desktop"),
    "/mend/static/htmx.js": (*SEERS, "desktop"),
}
