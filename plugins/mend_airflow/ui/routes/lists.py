"""Lists: from candidates to published, why and why not, and the decision of an approver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Form, HTTPException
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.foundation.home import Home
from mend.query.pages.campaigns import GATES, read_candidate, why
from mend.query.pages.published import read_document
from mend.query.pages.rule_history import strategy_names
from mend.repair.publishing.decisions import approvers_at, decide
from mend.repair.publishing.errors import ListStateError, NoListError, NotAllowedError, ReasonMissingError
from mend.repair.publishing.lists import CampaignList, read_list
from mend.repair.publishing.recalling import recall
from mend.repair.publishing.records import actions_of, decisions_about, lists_known, looks_at
from mend.repair.strategies import StrategyError
from mend.repair.trials.questions import trials_of
from mend_airflow import approvals
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import language_of
from mend_airflow.ui.list_words import Counted, bias_rows, by_strategy, checks, name_of, what_if
from mend_airflow.ui.needs import database_of, has, router, user_of
from mend_airflow.ui.rights import Right

OUTCOMES: Final = ("listed", "held_out", "deferred")
THROUGH: Final = f"page {place.PREFIX}/lists"
LONGEST: Final = 1000  # signs of a reason
SECONDS_TO_RECALL: Final = 60  # it ends the labels, actions and messages of a whole list
Text = Annotated[str, Form()]
routes = router(Right.SEE)
approving = router(Right.APPROVE)


@routes.get("/lists")
def lists(request: Request) -> Response:
    """All lists, the latest first."""
    with database_of(request).read() as connection:
        return page(request, "lists.html", lists=lists_known(connection))


@routes.get("/lists/{list_id}")
def one_list(request: Request, list_id: str, customer: str = "") -> Response:
    """One list; with a customer why they are on it, or not."""
    return _page(request, 200, list_id, customer.strip())


@approving.post("/lists/{list_id}/decision")
def decision(
    request: Request, list_id: str, decision: Text = "", reason: Text = "", bias_reason: Text = ""
) -> Response:
    """Approve or refuse, as one of the approvers of the strategies in force. The same again changes nothing."""
    if decision not in ("approved", "refused") or max(len(reason), len(bias_reason)) > LONGEST:
        return _page(request, 422, list_id, problem="not_understood")
    at = dt.datetime.now(dt.UTC)
    try:
        approvers = _approvers(request.app.state.home, at)
        with database_of(request).record() as connection:
            decide(
                connection, list_id, user_of(request), "approved" if decision == "approved" else "refused",
                approvers=approvers, at=at, through=THROUGH, reason=reason, bias_reason=bias_reason,
            )  # fmt: skip
    except NoListError:
        raise HTTPException(404) from None
    except NotAllowedError:
        return _page(request, 403, list_id, problem="not_an_approver")
    except ReasonMissingError:
        return _page(request, 422, list_id, problem="no_reason" if decision == "refused" else "no_bias_reason")
    except ListStateError:
        return _page(request, 409, list_id, problem="other_state")
    except StrategyError:
        return _page(request, 409, list_id, problem="strategies_unread")
    _answer_airflow(request, list_id)
    return RedirectResponse(place.address(f"/lists/{list_id}"), 303)


@approving.post("/lists/{list_id}/go-on")
def go_on(request: Request, list_id: str) -> Response:
    """Let Airflow's task go on that waits for a list that was decided otherwise, by a command say."""
    _answer_airflow(request, list_id)
    return RedirectResponse(place.address(f"/lists/{list_id}"), 303)


def _answer_airflow(request: Request, list_id: str) -> None:
    """Answer Airflow's waiting task by the decision that is on record."""
    with database_of(request).read() as connection:
        known_list(connection, list_id)
        made = [each for each in decisions_about(connection, list_id) if each["decision_code"] in approvals.OPTIONS]
    if made:
        words = {name: made[-1][name] or "" for name in ("reason", "bias_reason")}
        approvals.answer(list_id, made[-1]["decision_code"], request.state.mend_user, words)


@approving.post("/lists/{list_id}/recall")
def take_back(request: Request, list_id: str, reason: Text = "") -> Response:
    """Recall a published list, as an approver. Twice is once."""
    if len(reason) > LONGEST:
        return _page(request, 422, list_id, problem="not_understood")
    at = dt.datetime.now(dt.UTC)
    try:
        approvers = _approvers(request.app.state.home, at)
        with database_of(request).record(seconds=SECONDS_TO_RECALL) as connection:
            recall(connection, list_id, user_of(request), reason, approvers=approvers, at=at, through=THROUGH)
    except NoListError:
        raise HTTPException(404) from None
    except NotAllowedError:
        return _page(request, 403, list_id, problem="not_an_approver")
    except ReasonMissingError:
        return _page(request, 422, list_id, problem="no_recall_reason")
    except ListStateError:
        return _page(request, 409, list_id, problem="not_published")
    except StrategyError:
        return _page(request, 409, list_id, problem="strategies_unread")
    return RedirectResponse(place.address(f"/lists/{list_id}"), 303)


def _approvers(home: Home, at: dt.datetime) -> tuple[str, ...]:
    """The approvers; StrategyError where this process cannot see the home: what is shipped is not what was set."""
    if not home.root.is_dir():
        raise StrategyError(f"{home.root} is not on this machine: nobody knows who may approve")
    return approvers_at(home, at)


def known_list(connection: Connection, list_id: str) -> CampaignList:
    """The list; 404 when there is none."""
    try:
        return read_list(connection, list_id)
    except NoListError:
        raise HTTPException(404) from None


def version_of(connection: Connection, listed: CampaignList) -> Mapping[str, Any]:
    """What was published of the list's version; empty when nothing was."""
    found = read_document(connection, "lists", listed.month)
    versions: Sequence[Mapping[str, Any]] = found.content["versions"] if found else ()
    return next((each for each in versions if each["version"] == listed.version), {})


def _page(request: Request, status: int, list_id: str, customer: str = "", problem: str = "") -> Response:
    language = language_of(request)
    with database_of(request).read() as connection:
        listed = known_list(connection, list_id)
        version = version_of(connection, listed)
        decisions = decisions_about(connection, list_id)
        actions = actions_of(connection, list_id)
        looks = looks_at(connection, list_id) if has(request, Right.WHOLE) else []
        trials = len(trials_of(connection, list_id))
        candidate = read_candidate(connection, list_id, customer) if customer else None
    summary: Mapping[str, Any] = listed.summary
    names: Mapping[str, Sequence[str]] = strategy_names(request.app.state.home.root) | version.get("names", {})
    files = sorted((listed.published or {}).get("files", {})) if listed.state_code == "published" else []
    return page(
        request,
        "list.html",
        status,
        listed=listed,
        version=version,
        summary=summary,
        path=place.address(f"/lists/{list_id}"),
        problem=problem,
        sums=sums(summary),
        strategies=by_strategy(summary, version.get("names", ()), names, language),
        strategy_names=[(code, name_of(code, names, language)) for code in names],
        trials=trials,
        bias=bias_rows(summary.get("bias", []), words_of(request.app.state.home), language),
        checks=checks(summary, language),
        what_if=what_if(summary.get("what_if", {}), language),
        name=lambda code: name_of(code, names, language),
        decisions=decisions,
        actions=actions,
        looks=looks,
        files=files,
        whole_files=[each for each in files if each.endswith(".csv")] if has(request, Right.WHOLE) else [],
        may_approve=has(request, Right.APPROVE) and listed.state_code in ("draft", "approved"),
        may_recall=has(request, Right.APPROVE) and listed.state_code == "published",
        waiting=approvals.waiting_for(list_id) if listed.state_code != "draft" else [],
        customer=customer,
        candidate=candidate,
        reasons=why(candidate, version.get("out_of_season", {})) if candidate else [],
        longest=LONGEST,
    )


def sums(summary: Mapping[str, Any]) -> Counted:
    """Candidates = listed + held out + deferred + each first reason."""
    outcomes = {name: int(summary.get("outcomes", {}).get(name, 0)) for name in OUTCOMES}
    found: Mapping[str, int] = summary.get("gated", {})
    gates = [code for code in GATES if code in found] + sorted(found.keys() - set(GATES))
    gated = {code: int(found[code]) for code in gates}
    return Counted(sum(outcomes.values()) + sum(gated.values()), outcomes, gated)
