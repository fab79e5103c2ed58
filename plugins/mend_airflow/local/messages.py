"""The relay on one machine, and where it can reach: the simulated message centre of the demo, or what the user names.
Nothing else.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mend.foundation.home import Home
from mend_airflow.local.clock import offset_of
from mend_airflow.local.components import Component
from mend_airflow.local.environment import Ports
from mend_airflow.local.errors import LocalError
from mend_airflow.local.ports import HOST

ACCOUNT: Final = "main"
MODE: Final = "MEND_SMS_MODE"
URL: Final = f"MEND_SMS_URL_{ACCOUNT.upper()}"
SUBSCRIBERS: Final = Path(__file__).parent / "subscribers.yaml"
MEND: Final = (sys.executable, "-m", "mend.cli")


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether the user has said where messages go or whether they do; then that holds, and nothing is simulated."""
    return bool(environment.get(MODE) or environment.get(URL))


def is_live(environment: Mapping[str, str]) -> bool:
    """Whether the user's own settings send to everybody."""
    return environment.get(MODE) == "live"


def require_complete(environment: Mapping[str, str]) -> None:
    """Raises LocalError for settings with which a relay could only fail, again and again."""
    from mend.care.sms.errors import SettingError
    from mend.care.sms.settings import address, sending

    settings = {name: value for name, value in environment.items() if value}
    try:
        if sending(settings).mode != "dry_run" or URL in settings:
            address(settings, ACCOUNT)
    except SettingError as error:
        raise LocalError(str(error)) from None


def components(home: Home, ports: Ports, environment: Mapping[str, str]) -> dict[str, Component]:
    """The relay with the user's settings; else relay and simulator, where the simulator has a port; else neither."""
    relay, zone = (*MEND, "relay", "--account", ACCOUNT), {"MEND_ZONE": home.zone}
    if is_configured(environment):
        return {"relay": Component(relay, zone)}
    if ports.smsc is None:
        return {}
    folder = _folder(home)
    files = ("--world", str(folder / "world.yaml"), "--journal", str(folder / "journal.jsonl"))
    centre = (*MEND, "smsc", "--host", HOST, "--port", str(ports.smsc), *files)
    # Toward the simulated centre alone: its subscribers may be asked at the demo's own hour.
    offset = ("--clock-offset", f"{offset_of(home).total_seconds():.0f}")
    to_it = {MODE: "live", URL: f"smpp://mend:simulated@{HOST}:{ports.smsc}"}
    return {"smsc": Component(centre), "relay": Component((*relay, "--to-simulator", *offset), zone | to_it)}


def _folder(home: Home) -> Path:
    """The simulator's folder, with the file that says how its subscribers answer; one that was changed stays."""
    folder = home.root / "smsc"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / "world.yaml").exists():
        shutil.copyfile(SUBSCRIBERS, folder / "world.yaml")
    return folder
