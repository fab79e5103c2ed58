"""What if a strategy had another audience, capacity or budget: asked on a list's page, answered by a run of Airflow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.repair.publishing.errors import NoListError
from mend.repair.strategies import StrategyError, StrategySet
from mend.repair.trials.changes import AUDIENCE, changes_of, texts_of
from mend.repair.trials.errors import TrialError
from mend.repair.trials.questions import Trial, ask, put_problem, trials_of
from mend.repair.trials.rules import rules_of_list
from mend_airflow import trial_runs
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.language import language_of
from mend_airflow.ui.list_words import name_of
from mend_airflow.ui.needs import database_of, has_any, router, user_of
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.lists import known_list

ASKING: Final = (Right.APPROVE, Right.ON_CALL)
routes = router(Right.SEE)
asking = router(*ASKING)


@routes.get("/lists/{list_id}/what-if")
def questions(request: Request, list_id: str, strategy: str = "") -> Response:
    """The form of a strategy, and what was asked before."""
    return _page(request, 200, list_id, strategy)


@asking.post("/lists/{list_id}/what-if")
async def put_question(request: Request, list_id: str) -> Response:
    """Ask: on record, and started in Airflow. The same question twice is once."""
    form = await request.form(max_files=0)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_ask, request, list_id, given)


def _ask(request: Request, list_id: str, given: Mapping[str, str]) -> Response:
    code, at = given.get("strategy", ""), dt.datetime.now(dt.UTC)
    try:
        rules = _rules(request, list_id)
        changes = changes_of(rules, code, given)
    except TrialError as error:
        return _page(request, 422, list_id, code, given, error.code, str(error))
    except StrategyError as error:
        return _page(request, 409, list_id, code, given, "strategies_unread", str(error))
    with database_of(request).record() as connection:
        known_list(connection, list_id)
        trial = ask(connection, list_id, code, changes, rules.digest, user_of(request), at)
    try:
        trial_runs.start(trial.trial_id, user_of(request))
    except trial_runs.NoDagError as error:
        with database_of(request).record() as connection:
            put_problem(connection, trial.trial_id, str(error), at)
        return _page(request, 409, list_id, code, given, "no_dag")
    return RedirectResponse(place.address(f"/lists/{list_id}/what-if") + "#answers", 303)


def _rules(request: Request, list_id: str) -> StrategySet:
    """The strategies of the list's campaign; 404 for no list, StrategyError where this process cannot see the home."""
    home = request.app.state.home
    if not home.root.is_dir():
        raise StrategyError(f"{home.root} is not on this machine")
    try:
        return rules_of_list(home, list_id)
    except NoListError:
        raise HTTPException(404) from None


def _page(
    request: Request, status: int, list_id: str, code: str, given: Mapping[str, str] | None = None, problem: str = "",
    said: str = "",
) -> Response:  # fmt: skip
    language = language_of(request)
    try:
        rules: StrategySet | None = _rules(request, list_id)
    except StrategyError:
        rules, problem = None, "strategies_unread"
    with database_of(request).read() as connection:
        known_list(connection, list_id)
        found = trials_of(connection, list_id)
    strategies = [(each.code, each.name(language)) for each in rules.strategies] if rules else []
    chosen = code if code in dict(strategies) else ""
    waits = any(each.state_code == "asked" for each in found)
    return page(
        request,
        "what_if.html",
        status,
        list_id=list_id,
        path=place.address(f"/lists/{list_id}/what-if"),
        back=place.address(f"/lists/{list_id}"),
        strategies=strategies,
        chosen=chosen,
        fields=_fields(rules, chosen, given or {}),
        audience=AUDIENCE,
        may_ask=has_any(request, ASKING),
        problem=problem,
        said=said,
        trials=found,
        waits=waits,
        is_paused=waits and trial_runs.is_paused(),
        run=lambda trial: f"/dags/{trial_runs.DAG_ID}/runs/{trial_runs.run_id_of(trial.trial_id)}",
        title=lambda trial: dict(strategies).get(trial.strategy_code, trial.strategy_code.replace("_", " ")),
        name=lambda trial, of: name_of(of, trial.answer["names"], language),
        rows=_rows,
        outcomes=_outcomes,
        sums=_sums,
    )


def _fields(rules: StrategySet | None, code: str, given: Mapping[str, str]) -> dict[str, str]:
    """What the form shows of the strategy: what was written, or what holds today."""
    if rules is None or not code:
        return {}
    return {key: given.get(key, text) for key, text in texts_of(rules, code).items()}


def _rows(trial: Trial) -> list[tuple[str, Sequence[int]]]:
    """Strategies of either side, those that change first: customers and yuan, of today and of the other."""
    today, other = _sides(trial)
    codes = sorted({*today["rows"], *other["rows"]})
    found = [
        (code, [side[what].get(code, 0) for what in ("rows", "cost") for side in (today, other)]) for code in codes
    ]
    return sorted(found, key=lambda each: (each[1][0] == each[1][1], each[0]))


def _outcomes(trial: Trial) -> list[tuple[str, int, int]]:
    today, other = (side["outcomes"] for side in _sides(trial))
    return [(code, today.get(code, 0), other.get(code, 0)) for code in sorted({*today, *other})]


def _sums(trial: Trial) -> list[tuple[str, int, int]]:
    """Cost and benefit of both sides."""
    today, other = _sides(trial)
    return [
        ("cost", sum(today["cost"].values()), sum(other["cost"].values())),
        ("benefit", today["benefit"], other["benefit"]),
    ]


def _sides(trial: Trial) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    assert trial.answer is not None, "only what is answered has sides"
    return trial.answer["today"], trial.answer["other"]
