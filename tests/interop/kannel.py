"""Kannel, a gateway that is not ours: bearerbox and smsbox with its fake message centre behind them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = secret
smsbox-port = {box}
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 0

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
log-file = "{folder}/smsbox.log"
log-level = 0
http-request-retry = 20
http-queue-delay = 1

group = sendsms-user
username = mend
password = secret
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "http://127.0.0.1:{relay}/inbound?from=%p&to=%P&text=%a&charset=%C&coding=%c{secret}"
max-messages = 0
omit-empty = true
"""


@dataclass
class Kannel:
    """A gateway at work, and what its fake message centre received."""

    sendsms: int
    relay: int
    received: Path
    command: list[str]
    centre: subprocess.Popen[bytes] | None = None

    def lines(self) -> list[str]:
        """What the fake message centre said so far."""
        return self.received.read_text("utf-8", "replace").splitlines() if self.received.exists() else []

    def answer(self, message: str | None) -> None:
        """Start the fake message centre again; with a message of a subscriber, 'sender receiver type text'."""
        self.stop()
        words = ["-m", "1" if message else "0", message or "1 2 text -"]
        with self.received.open("ab") as said:
            self.centre = subprocess.Popen([*self.command, *words], stdout=said, stderr=said, cwd=self.received.parent)

    def stop(self) -> None:
        """End the fake message centre."""
        if self.centre is not None:
            self.centre.kill()
            self.centre.wait()


def _fakesmsc() -> str | None:
    return os.environ.get("FAKESMSC") or shutil.which(
        "fakesmsc", path=f"{os.environ.get('PATH', '')}:/usr/lib/kannel/test"
    )


@contextmanager
def kannel(folder: Path, secret: str = "") -> Iterator[Kannel]:
    """The gateway, its fake message centre connected; skips the test where it is not installed. `secret` is what our
    listener wants.
    """
    boxes = [shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") for name in ("bearerbox", "smsbox")]
    fakesmsc = _fakesmsc()
    if not (all(boxes) and fakesmsc):
        pytest.skip("needs Kannel (Debian: apt install kannel kannel-extras)")
    ports = dict(zip(("admin", "box", "centre", "sendsms", "relay"), _free_ports(5), strict=True))
    configuration = folder / "kannel.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, secret=f"&secret={secret}" if secret else "", **ports), "utf-8"
    )
    with ExitStack() as stack:
        for box, port in zip(boxes, (ports["centre"], ports["sendsms"]), strict=True):
            stack.enter_context(_process(folder, [str(box), "-v", "4", str(configuration)]))
            _wait_for(port)
        command = [fakesmsc, "-H", "127.0.0.1", "-r", str(ports["centre"]), "-i", "0.1"]
        gateway = Kannel(ports["sendsms"], ports["relay"], folder / "fakesmsc.log", command)
        stack.callback(gateway.stop)
        gateway.answer(None)
        yield gateway


@contextmanager
def _process(folder: Path, command: list[str]) -> Iterator[None]:
    with (
        (folder / "said.log").open("ab") as said,
        subprocess.Popen(command, stdout=said, stderr=said, cwd=folder) as child,
    ):
        try:
            yield
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _wait_for(port: int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.1)
