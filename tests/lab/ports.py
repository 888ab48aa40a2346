"""Which ports are free, and which are served, without ever connecting to one."""

import socket
import sys
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.model import FIRST_WEB_SERVER, IPV6, RESOLVER, Address

_LISTENS = "0A"
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_UNPRIVILEGED = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((str(RESOLVER), 0))
        port: int = probe.getsockname()[1]
        return port


def has_ipv6() -> bool:
    """Whether this machine can talk to itself over IPv6; many a container cannot."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((str(IPV6), 0))
    except OSError:
        return False
    return True


def needs_root(port: int) -> bool:
    """Whether a user is kept from listening at a port."""
    return port < int(_UNPRIVILEGED.read_text())


def web_server(dns_port: int) -> IPv4Address:
    """The web server's address: its port is given, so that labs can only differ in this."""
    return FIRST_WEB_SERVER + dns_port


def demand_free(addresses: Iterable[Address], port: int) -> None:
    """Raise an error if a port is in use at one of the addresses."""
    for address in addresses:
        family = _family(address)
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(family, kind) as probe:
                if kind == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((str(address), port))
                except OSError as error:
                    reason = error.strerror
                    message = f"the mail lab cannot use port {port} at {address}: {reason}"
                    raise LabError(message) from error


def listening() -> set[tuple[Address, int]]:
    """The addresses and ports at which a TCP server listens."""
    found = set()
    for table in _TABLES:
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, port = local.split(":")
            if state == _LISTENS:
                found.add((_address(address), int(port, 16)))
    return found


def _family(address: Address) -> socket.AddressFamily:
    return socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET


def _address(text: str) -> Address:
    """Read an address as the kernel writes it: words of four bytes in the machine's own order."""
    words = [text[start : start + 8] for start in range(0, len(text), 8)]
    return ip_address(b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words))
