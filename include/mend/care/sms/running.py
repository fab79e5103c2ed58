"""Starting a relay for one account of a home."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
from asyncio import Event
from zoneinfo import ZoneInfo

from mend.care.sms.errors import SettingError
from mend.care.sms.policy import AsksToStop, Guard
from mend.care.sms.relay import Clock, Relay, utc_now
from mend.care.sms.rules import Rules, rules_on
from mend.care.sms.settings import address, secret, sending
from mend.care.sms.transport import Transport
from mend.foundation.home import Home


def relay_of(
    home: Home,
    account: str,
    guards: tuple[Guard, ...] = (),
    rules: Rules | None = None,
    clock: Clock = utc_now,
    asks_to_stop: AsksToStop | None = None,
) -> Relay:
    """The relay of an account, as the environment and the rules in force today say. SettingError, RuleError.

    `guards` and `asks_to_stop` are other rooms': reasons not to send, and whether a reply is an opt-out.
    """
    zone = home.business_zone
    if zone is None:
        raise SettingError("set MEND_ZONE: a budget a day needs the business zone")
    in_force = rules or rules_on(clock().astimezone(ZoneInfo(zone)).date())
    mode = sending(home.settings)
    transport = None if mode.mode == "dry_run" else transport_of(home, account, in_force)
    return Relay(home.database_url, account, in_force, mode, transport, zone, guards, asks_to_stop, clock)


def transport_of(home: Home, account: str, rules: Rules) -> Transport:
    """The account's transport, by its rules, to the address in the environment."""
    its, to = rules.account(account), address(home.settings, account)
    expected = {"smpp": "smpp", "http": "http"}[its.transport]
    if to.scheme != expected:
        raise SettingError(f"MEND_SMS_URL_{account.upper()} must begin with {expected}://")
    if its.transport == "smpp":
        from mend.care.sms.smpp import SmppTransport

        return SmppTransport(to, its, rules.link, rules.retry.codes, rules.region)
    from mend.care.sms.http import HttpTransport

    return HttpTransport(to, account, rules.link, rules.region, secret(home.settings, account))


def run_relay(
    home: Home,
    account: str,
    guards: tuple[Guard, ...] = (),
    stop_after: dt.timedelta | None = None,
    asks_to_stop: AsksToStop | None = None,
    offset: dt.timedelta = dt.timedelta(0),
) -> dict[str, int]:
    """Run an account's relay in this process until SIGTERM or SIGINT, or for so long. Returns its counts.

    `offset`: of its clock from the wall clock, for a simulated message centre alone.
    """
    relay = relay_of(home, account, guards, clock=lambda: utc_now() + offset, asks_to_stop=asks_to_stop)
    asyncio.run(_until_stopped(relay, stop_after))
    return dict(relay.counts)


async def _until_stopped(relay: Relay, stop_after: dt.timedelta | None) -> None:
    stopping, loop = Event(), asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopping.set)
    if stop_after is not None:
        loop.call_later(stop_after.total_seconds(), stopping.set)
    await relay.run(stopping)
