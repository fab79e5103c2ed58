"""Ports of this machine: the one the user chose, and free ones for what only Airflow's own processes use."""

from __future__ import annotations

import socket

from mend_airflow.local.errors import LocalError

DEFAULT_PORT = 8080
HOST = "127.0.0.1"


def this_machine() -> str:
    """The name by which Airflow's processes reach each other's logs (its setting hostname_callable)."""
    return HOST


def port_from(text: str) -> int:
    """A port number. Raises LocalError.

    >>> port_from("8081")
    8081
    """
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise LocalError(f"MEND_PORT must be a port number from 1024 to 65535, not {text!r}")
    return int(text)


def require_free(port: int) -> None:
    """Raise LocalError if another program listens on the port."""
    if not is_free(port):
        raise LocalError(f"Port {port} is taken by another program. Choose another one: MEND_PORT={port + 1} make demo")


def is_free(port: int) -> bool:
    """True if we could listen there, on the loopback and on all addresses."""
    for address in (HOST, ""):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses at this moment, all different."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
