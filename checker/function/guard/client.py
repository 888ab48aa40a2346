"""Who asks: one key for each client, whatever it claims about itself."""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = Sequence[IPv4Network | IPv6Network]

_WITH_PORT = re.compile(r"\[(?P<ipv6>[^\]]+)\](?::[0-9]+)?|(?P<ipv4>[0-9.]+):[0-9]+")
_CLIENT_PREFIX = 64
"""Bits of an IPv6 address that tell one subscriber from another (RFC 6177)."""

UNKNOWN = "unknown"


def read_networks(entries: Iterable[str]) -> Networks:
    """Networks written as CIDR.

    Raises:
        ValueError: One of them is not.
    """
    return tuple(ip_network(entry) for entry in entries)


def is_one_of(peer: str | None, networks: Networks) -> bool:
    """Whether the other end of a connection is in one of these networks."""
    address = _read(peer or "")
    return address is not None and any(address in network for network in networks)


def client_key(peer: str | None, forwarded: Sequence[str], proxies: Networks) -> str:
    """The key under which a client is counted.

    Args:
        peer: IP address at the other end of the connection; none where it has no address.
        forwarded: The values of all X-Forwarded-For headers, in order.
        proxies: Whom to believe what they say of their own peer.

    Returns:
        An IPv4 address, or the /64 that an IPv6 address is in.
    """
    address = _read(peer or "")
    if address is None:
        return UNKNOWN
    # Each proxy adds its peer at the right; what stands further left anyone may have made up.
    hops = [hop for value in forwarded for hop in value.split(",")]
    while hops and any(address in proxy for proxy in proxies):
        hop = _read(hops.pop())
        if hop is None:
            break
        address = hop
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _CLIENT_PREFIX), strict=False))
    return str(address)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """An address, also with the port that some proxies add; an IPv4-mapped one as IPv4."""
    text = text.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match["ipv6"] or match["ipv4"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
