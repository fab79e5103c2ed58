"""Mend on one machine, from nothing to the first list: what `make demo`, `make up`, `make stop` and `make clean` do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.opening import open_home
from mend_airflow.local import history
from mend_airflow.local.clock import last_night
from mend_airflow.local.runs import Step, follow, leave_asking, wait_for_dag
from mend_airflow.local.screen import Screen
from mend_airflow.local.services import Services
from mend_airflow.local.shown import pages_of
from mend_airflow.local.startup import client_of, wait_until_healthy
from mend_airflow.local.surveys import ask
from mend_airflow.local.world import DemoWorld, known_world, mend, show_results, simulate

HOW_TO_GO_ON = """
  Airflow's UI     {address}   login: admin, password: {password}
                   on call: oncall, password: {oncall_password}
                   masked numbers: viewer, password: {viewer_password}
                   agents' desktops (card alone): desktop, password: {desktop_password}
  Logs             {logs}
  Stop             make stop        (everything stays)
  Start again      make demo        (goes on where it stopped; `make up` starts Airflow without the demo's runs)
"""


def up(home: Home, screen: Screen, with_messages: bool = False) -> Services:
    """PostgreSQL, Mend's tables, and Airflow in the background; returns while Airflow still starts.

    With messages: also the relay, to the simulated message centre unless the environment says otherwise
    (Services.start).
    """
    screen.step("PostgreSQL")
    open_home(home)
    operations.upgrade(home.database_url)  # the relay needs its tables when it starts
    screen.step("Airflow")
    services = Services(home)
    services.start(screen.say, with_messages)
    mend(["init"], services.environment(), screen)
    return services


def stop(home: Home, screen: Screen) -> None:
    """End Airflow, then PostgreSQL; the data stays."""
    if not home.root.exists():
        return screen.say(f"nothing to stop: there is no home in {home.root}")
    count = Services(home).stop()
    server.stop(home)
    screen.say(f"stopped ({count} processes of Airflow, and PostgreSQL). Everything is kept in {home.root}")


def clean(home: Home, screen: Screen) -> None:
    """Stop everything and delete the home with all its data."""
    if not home.root.exists():
        return
    Services(home).stop()
    server.remove(home)
    shutil.rmtree(home.root)
    screen.say(f"deleted {home.root}")


def demo(home: Home, screen: Screen) -> None:
    """The whole demo; what an earlier demo finished is not repeated."""
    world = DemoWorld.from_environment(os.environ, last_night(home), known_world(home))
    services = up(home, screen, with_messages=True)
    until = world.calendar[-1].last
    screen.step(f"simulated centre: {world.customers:,} customers, {world.months} months, until {until}")
    simulate(home, world, services.environment(), screen)  # while Airflow starts
    history.live(home, world, services.environment(), screen)
    airflow = client_of(services)
    wait_until_healthy(services, airflow, screen)
    steps = list(_steps(world))
    for step in steps:
        wait_for_dag(airflow, step.dag_id)
    for step in steps:
        follow(airflow, step, screen)
    if world.closed:
        last = Step("mend_campaign", f"demo-{world.closed[-1].month}", {"month": world.closed[-1].month})
        wait_for_dag(airflow, last.dag_id)
        leave_asking(airflow, last, "approve", screen)
    screen.step("surveys: customers of the last day call once more, and are asked by SMS")
    ask(home, world.seed, airflow, services, screen)
    screen.step("results")
    show_results(home, world, services.environment(), screen)
    say_how_to_go_on(services, screen, pages_of(airflow, home))


def _steps(world: DemoWorld) -> list[Step]:
    """Per month one nightly run over all its days, then the month's close, in calendar order: scores carry over. A
    close takes the months before along that late rows have changed since. The month under way is not closed. Then
    whether the campaign worked."""
    steps = []
    for month in world.calendar[len(history.early(world)) :]:
        days = {"from_day": str(month.first), "to_day": str(month.last), "sources": ["simulator"]}
        steps.append(Step("mend_nightly", f"demo-{month.month}", days))
        if month in world.closed:
            steps.append(Step("mend_monthly", f"demo-{month.month}", {"month": month.month}))
    if (judged := history.campaign_month(world)) is not None:
        steps.append(Step("mend_effect", f"demo-{judged}", {"month": judged}))
    return steps


def say_how_to_go_on(services: Services, screen: Screen, pages: Sequence[tuple[str, str]] = ()) -> None:
    """Where to look: the pages, as the server shows them, Airflow, the logs."""
    if pages:
        screen.text("\n  Pages of Mend (sign in as below; in Airflow's UI: Mend, in the navigation)")
        for path, name in pages:
            screen.text(f"    {name:<30} {services.address}{path}")
    passwords = services.keys.passwords
    screen.text(
        HOW_TO_GO_ON.format(
            address=services.address,
            password=passwords["admin"],
            oncall_password=passwords["oncall"],
            viewer_password=passwords["viewer"],
            desktop_password=passwords["desktop"],
            logs=services.log_folder,
        )
    )
