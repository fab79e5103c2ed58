"""Association: which grumble leads to complaints, how strongly and for whom; grumbles by life-cycle stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from mend.foundation.source_words import SourceWords
from mend.query.pages.published import grumble_names, read_document
from mend_airflow.ui.answers import page
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.complaint_models import drawn_model
from mend_airflow.ui.routes.months import Names, cluster_name, grumble_name, shown_of
from mend_airflow.ui.scales import draw_interval, scale_of
from mend_airflow.ui.words import say, say_code

USUAL_WINDOW: Final = 14  # the warning's
ALL: Final = "all"
ANY: Final = "any"
STAGES: Final = ("all", "exploration", "formation", "stable", "decline", "unknown")
Rows = Sequence[Mapping[str, Any]]
routes = router(Right.SEE)


@routes.get("/association")
def association(request: Request, month: str | None = None, cluster: str = ALL, window: str = "") -> Response:
    """Key grumble points of each cluster; influences of one cluster and window, with their intervals."""
    language, brands = language_of(request), words_of(request.app.state.home)
    with database_of(request).read() as connection:
        found = shown_of(connection, "association", month)
        names = grumble_names(connection)
        stages = read_document(connection, "stages", found.month or None)
        models = read_document(connection, "models", found.month or None)
    rows: Rows = found.content.get("rows", [])
    windows = sorted({each["window_days"] for each in rows})
    days = _chosen(window, windows)
    known = sorted({each["cluster_code"] for each in rows}, key=lambda code: (code != ALL, code))
    of = cluster if cluster in known else ALL
    of_window = [_said(each, names, language) for each in rows if each["window_days"] == days]
    return page(
        request,
        "association.html",
        found.status,
        shown=found,
        windows=windows,
        window=days,
        clusters=[(code, cluster_name(code, brands, language)) for code in known],
        cluster=of,
        keys=_by_cluster([each for each in of_window if each["is_key"]], known, brands, language),
        influences=_influences([each for each in of_window if each["cluster_code"] == of]),
        stages=_stages(stages.content, names, language) if stages else None,
        models=[drawn_model(each, language) for each in models.content["horizons"]] if models else [],
    )


def _chosen(window: str, windows: Sequence[int]) -> int:
    """The window that is asked for, the usual one, or the longest."""
    if window.isascii() and window.isdigit() and int(window[:4]) in windows:
        return int(window[:4])
    return USUAL_WINDOW if USUAL_WINDOW in windows else max(windows, default=USUAL_WINDOW)


def _said(row: Mapping[str, Any], names: Names, language: Language) -> dict[str, Any]:
    kind = row["complaint_type_code"]
    any_kind = say(language, "association.any_complaint")
    return {
        **row,
        "grumble": grumble_name(names, row["grumble_type_code"], language),
        "complaint": any_kind if kind == ANY else grumble_name(names, kind, language),
    }


def _by_cluster(
    rows: Rows, known: Sequence[str], brands: SourceWords, language: Language
) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Clusters in order, each with its key points by rank; those on complaints of any kind first."""

    def order(each: Mapping[str, Any]) -> tuple[bool, str, int]:
        return each["complaint_type_code"] != ANY, each["complaint_type_code"], each["rank"] or 0

    grouped = [(code, sorted((each for each in rows if each["cluster_code"] == code), key=order)) for code in known]
    return [(cluster_name(code, brands, language), own) for code, own in grouped if own]


def _influences(rows: Rows) -> list[dict[str, Any]]:
    """On complaints of any kind, the strongest first, each with its interval drawn on one scale."""
    shown = [each for each in rows if each["complaint_type_code"] == ANY and each["coefficient"] is not None]
    ends = [each[name] for each in shown for name in ("coefficient_low", "coefficient", "coefficient_high")]
    scale = scale_of(ends)
    return [
        {**each, "drawn": draw_interval(each["coefficient_low"], each["coefficient"], each["coefficient_high"], scale)}
        for each in sorted(shown, key=lambda each: (-each["coefficient"], each["grumble"]))
    ]


def _stages(content: Mapping[str, Any], names: Names, language: Language) -> dict[str, Any]:
    """Stages in the order of life, without levels at which there is nobody."""

    def place(each: Mapping[str, Any]) -> int:
        return STAGES.index(each["lifecycle_stage_code"]) if each["lifecycle_stage_code"] in STAGES else len(STAGES)

    leaving = [
        each
        for each in sorted(content.get("leaving", []), key=place)
        if each["customer_count"] or each["followed_count"]
    ]
    scale = (0.0, max([0.01, *(each["left_share_high"] or 0.0 for each in leaving)]))
    return {
        "leaving": [
            {**each, "drawn": draw_interval(each["left_share_low"], each["left_share"], each["left_share_high"], scale)}
            for each in leaving
        ],
        "points": [
            {**each, "grumble": grumble_name(names, each["grumble_type_code"], language)}
            for each in sorted(content.get("points", []), key=place)
        ],
        "forms": [
            {
                "form": say_code(language, "grumble_form", each["form_code"]),
                "trend": say_code(language, "form_trend", each["trend_code"]),
                "customers": each["customer_count"],
            }
            for each in content.get("forms", [])
        ],
    }
