"""Which IP addresses the checker may connect to: public unicast, and what a lab opens.

A table of our own after the IANA special-purpose address registries (IPv4 and IPv6, RFC 6890),
because :attr:`ipaddress.IPv6Address.is_global` lets several forms pass that lead to private hosts.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

# The registries mark a few blocks below as globally reachable; none of them holds mail servers.
_REFUSED_IPV4 = [
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private use
        "100.64.0.0/10",  # shared address space (CGNAT)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's metadata, public by its number alone
        "169.254.0.0/16",  # link-local, and the clouds' metadata services
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay anycast
        "192.168.0.0/16",  # private use
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the limited broadcast
    )
]

# Only global unicast is open at all. What lies outside it includes loopback, IPv4-mapped,
# IPv4-compatible, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), unique local, link-local, site-local
# and multicast addresses.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_REFUSED_IPV6 = [
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
]


def is_public(address: str) -> bool:
    """Whether mail servers on the open internet can have this IP address; False if it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if parsed.version == 4:  # noqa: PLR2004 - the protocol's own version number
        return not any(parsed in block for block in _REFUSED_IPV4)
    return (
        parsed.scope_id is None
        and parsed in _GLOBAL_UNICAST
        and not any(parsed in block for block in _REFUSED_IPV6)
    )


def is_loopback(address: str) -> bool:
    """Whether it means one's own machine, whoever asks.

    An IPv4 address in IPv6's notation is to mail servers none of these.
    """
    parsed = ip_address(address)
    is_mapped = isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None
    return parsed.is_loopback and not is_mapped


def is_this_host(address: str) -> bool:
    """Whether it is IPv4's "this host on this network" (RFC 1122 section 3.2.1.3)."""
    return address == "0.0.0.0"  # noqa: S104 - nothing is bound to it


def leads_back(address: str) -> bool:
    """Whether who connects to it meets the own machine, and few know that before.

    0.0.0.0, its counterpart of IPv6, and what means the own machine in IPv4 in IPv6's notation.
    """
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
        return parsed.is_loopback or parsed.is_unspecified
    return parsed.is_unspecified


def block_of(address: str) -> str:
    """The block of addresses that an address which is not public is of (CIDR).

    It says of which kind the address is, and nothing of the network that it stands in.
    """
    parsed = ip_address(address)
    blocks: Iterable[IPv4Network | IPv6Network] = (
        _REFUSED_IPV4 if parsed.version == 4 else _REFUSED_IPV6  # noqa: PLR2004 - as above
    )
    known = next((block for block in blocks if parsed in block), None)
    return str(known or ip_network(f"{address.partition('%')[0]}/8", strict=False))


def is_ip_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_own(address: str) -> bool:
    """Whether a public IP address is this machine's.

    Nothing is sent for that. A socket that is to talk to the machine itself gets the very address,
    or the first of its network where the machine has several there; and only a machine's own can be
    bound, unless it lets sockets bind any.
    """
    if not is_public(address):
        return False
    if _source(address) == ip_address(address):
        return True
    return _can_be_bound(address) and not _can_be_bound(_NOBODYS[ip_address(address).version])


_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
_NOBODYS = {4: "192.0.2.0", 6: "2001:db8::"}
"""Addresses for documentation, that no machine has."""


def sources() -> tuple[str, ...]:
    """The addresses from which this machine talks to the internet, IPv4's first.

    Nothing is sent for that. Where a router puts its own in their place, they are not public.
    """
    found = (_source(far) for far in _NOBODYS.values())
    return tuple(str(address) for address in found if address is not None)


def _can_be_bound(address: str) -> bool:
    try:
        with socket.socket(_FAMILIES[ip_address(address).version], socket.SOCK_DGRAM) as unused:
            unused.bind((address, 0))
    except OSError:
        return False
    return True


def _source(address: str) -> IPv4Address | IPv6Address | None:
    """The address from which this machine would talk to another one; none without a way there."""
    try:
        with socket.socket(_FAMILIES[ip_address(address).version], socket.SOCK_DGRAM) as unused:
            unused.connect((address, 9))
            return ip_address(unused.getsockname()[0])
    except OSError:
        return None


def within(networks: Iterable[str]) -> Callable[[str], bool]:
    """A test of addresses: those of the given networks (CIDR).

    Raises:
        ValueError: A network is not written as CIDR.
    """
    opened = [ip_network(network) for network in networks]

    def is_within(address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in opened)
        except ValueError:
            return False

    return is_within


def permission(networks: Iterable[str] = ()) -> Callable[[str], bool]:
    """A test of addresses: the public ones, and those of the given networks (CIDR).

    Raises:
        ValueError: A network is not written as CIDR.
    """
    is_opened = within(networks)
    return lambda address: is_public(address) or is_opened(address)
