"""What the environment says: whether anything is sent, to whom, and where the message centre is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from mend.care.sms.errors import SettingError

Mode = Literal["dry_run", "allow_list", "live"]
MODES: Final[tuple[Mode, ...]] = ("dry_run", "allow_list", "live")
SECRET: Final = re.compile(r"[A-Za-z0-9._~-]{16,}")
NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True)
class Sending:
    """Whether messages go out: to nobody (dry_run, the default), to the numbers allowed, or to everybody (live)."""

    mode: Mode = "dry_run"
    # Not in repr: numbers of people.
    allowed: frozenset[str] = field(default=frozenset(), repr=False)

    def reason_not_to_send(self, phone_number: str) -> str | None:
        """
        >>> Sending().reason_not_to_send("+8613900001111")
        'dry_run'
        """
        if self.mode == "live" or (self.mode == "allow_list" and phone_number in self.allowed):
            return None
        return "dry_run" if self.mode == "dry_run" else "not_on_allow_list"


def sending(settings: Mapping[str, str]) -> Sending:
    """What MEND_SMS_MODE and MEND_SMS_ALLOW (E.164, separated by commas) say. SettingError for anything else."""
    mode = settings.get("MEND_SMS_MODE", "dry_run")
    found = next((known for known in MODES if known == mode), None)
    if found is None:
        raise SettingError(f"MEND_SMS_MODE is {mode!r}; it is one of {', '.join(MODES)}")
    allowed = frozenset(number.strip() for number in settings.get("MEND_SMS_ALLOW", "").split(",") if number.strip())
    if not all(NUMBER.fullmatch(number) for number in allowed):
        raise SettingError("MEND_SMS_ALLOW: numbers such as +8613900001111, separated by commas")
    return Sending(found, allowed)


@dataclass(frozen=True)
class Address:
    """A message centre: `smpp://system_id:password@host:port` or `http://user:password@host:port/path?option=value`."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    path: str = "/"
    options: Mapping[str, str] = field(default_factory=dict)


def address(settings: Mapping[str, str], account: str) -> Address:
    """Where the account's message centre is: MEND_SMS_URL_<ACCOUNT>. SettingError when it is missing or no such URL."""
    name = f"MEND_SMS_URL_{account.upper()}"
    if name not in settings:
        raise SettingError(f"set {name}, such as smpp://system_id:password@host:2775")
    return parse_address(settings[name], name)


def secret(settings: Mapping[str, str], account: str) -> str:
    """What a gateway must show to hand us receipts and messages: MEND_SMS_SECRET_<ACCOUNT>; empty when unset.
    SettingError.

    Only signs that a URL need not spell otherwise: gateways read a percent sign in a receipt's URL as one of theirs.
    """
    name = f"MEND_SMS_SECRET_{account.upper()}"
    found = settings.get(name, "")
    if found and not SECRET.fullmatch(found):
        raise SettingError(
            f"{name}: at least 16 letters, digits or signs of -._~, such as `openssl rand -hex 16` gives"
        )
    return found


def parse_address(url: str, name: str = "address") -> Address:
    """An address from its URL. The error does not repeat it: it holds a password.

    >>> parse_address("smpp://mend:secret@127.0.0.1:2775")
    Address(scheme='smpp', host='127.0.0.1', port=2775, user='mend', path='/', options={})
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        port = None
        parts = urlsplit("")
    if parts.scheme not in ("smpp", "http") or not parts.hostname or port is None:
        raise SettingError(
            f"{name}: not of the form smpp://system_id:password@host:port or http://user:password@host:port/path"
        )
    options = dict(parse_qsl(parts.query))
    return Address(
        parts.scheme,
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.path or "/",
        options,
    )
