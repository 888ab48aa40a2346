"""Which ports are free, and which are served, without ever connecting to one."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.model import RESOLVER

_LISTENS = "0A"


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((str(RESOLVER), 0))
        port: int = probe.getsockname()[1]
        return port


def demand_free(addresses: Iterable[IPv4Address], port: int) -> None:
    """Raise an error if a port is in use at one of the addresses."""
    for address in addresses:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(type=kind) as probe:
                if kind == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((str(address), port))
                except OSError as error:
                    reason = error.strerror
                    message = f"the mail lab cannot use port {port} at {address}: {reason}"
                    raise LabError(message) from error


def listening() -> set[tuple[IPv4Address, int]]:
    """The addresses and ports at which a TCP server listens."""
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, *_ = line.split()
        address, port = local.split(":")
        if state == _LISTENS:
            octets = int(address, 16).to_bytes(4, "little")
            found.add((IPv4Address(octets), int(port, 16)))
    return found
