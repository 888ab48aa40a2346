"""A checker as production and the lab have it: with sockets, a resolver and OpenSSL."""

import re
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

from checker.check import Checker
from checker.conversation.trust import Trust, TrustError
from checker.network import Limits, Network, Resolver
from checker.network.addresses import is_own, permission, within
from checker.network.connector import TcpConnector
from checker.network.pooled import PooledResolver
from checker.network.resolver import DnspythonResolver, ResolverError
from checker.operators import Operator
from checker.route.sts_fetcher import HttpsStsFetcher
from checker.senders import profile
from checker.settings import Settings, SettingsError, split_host_port

if TYPE_CHECKING:
    from checker.canary import Canary

_HIGHEST_PORT = 65_535
_HOST = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\.?|[0-9A-Fa-f:.]+"
_EHLO_NAME = r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Za-z.:]+\]"


def check_imitations(simulated: Iterable[Operator]) -> None:
    """See to it that the libraries of this host can do what these operators' servers do.

    Raises:
        ImitationError: They can't.
    """
    # What knows OpenSSL loads slowly, and whoever builds a checker need not wait for it.
    from checker.conversation.imitation import check_imitation  # noqa: PLC0415

    deliveries = (operator.delivery for operator in simulated)
    for pair in sorted({(delivery.server, delivery.system) for delivery in deliveries}):
        check_imitation(profile(*pair))


class NoResolverError(SettingsError):
    """No resolver is named, and the system has none."""


def find_resolver(settings: Settings) -> DnspythonResolver:
    """The resolver that is asked.

    Raises:
        NoResolverError: None is named, and the system has none.
        SettingsError: The named one is not known.
    """
    try:
        return DnspythonResolver(*split_host_port(settings.resolver))
    except ResolverError as error:
        kind = NoResolverError if settings.resolver is None else SettingsError
        raise kind(str(error)) from error


def find_quick_resolver(settings: Settings) -> DnspythonResolver | PooledResolver:
    """The same for so many questions that it matters how long one takes; it may want a close.

    Raises:
        SettingsError: As for :func:`find_resolver`.
    """
    resolver = find_resolver(settings)
    return resolver if resolver.local is None else PooledResolver(resolver, *resolver.local)


def find_trust(settings: Settings) -> Trust:
    """The certificate authorities that are believed.

    Raises:
        SettingsError: The named file holds none.
    """
    try:
        return Trust([settings.ca_file] if settings.ca_file else [])
    except TrustError as error:
        raise SettingsError(str(error)) from error


def client_name(settings: Settings) -> str:
    """What EHLO says.

    Raises:
        SettingsError: It cannot be said.
    """
    name = settings.ehlo_name or socket.gethostname()
    if not re.fullmatch(_EHLO_NAME, name):
        raise SettingsError(f"EHLO name {name!r}: must be a host name or an address literal")
    return name


def build_network(settings: Settings, resolver: Resolver, trust: Trust) -> Network:
    """Build the way to the outside world.

    Args:
        settings: How it is reached.
        resolver: Asks the DNS.
        trust: The certificate authorities for what is fetched over HTTPS.

    Raises:
        SettingsError: A setting names something that is not there.
    """
    if not 1 <= settings.smtp_port <= _HIGHEST_PORT:
        raise SettingsError(f"SMTP port {settings.smtp_port}: must be from 1 to {_HIGHEST_PORT}")
    try:
        permits = permission(settings.allow_network)
        is_opened = within(settings.allow_network)
    except ValueError as error:
        raise SettingsError(f"allowed network: {error}") from error
    connector = TcpConnector(permits, lambda address: is_own(address) and not is_opened(address))
    return Network(
        resolver=resolver,
        connector=connector,
        sts_fetcher=HttpsStsFetcher(resolver, connector, trust),
        permits=permits,
        client_name=client_name(settings),
        smtp_port=settings.smtp_port,
        limits=Limits(total=settings.total_timeout),
    )


def build_canary(settings: Settings, network: Network) -> "Canary | None":
    """Build what tells whether port 25 is open, where a host is named for that.

    Raises:
        SettingsError: It can be no host.
    """
    if settings.canary is None:
        return None
    if not re.fullmatch(_HOST, settings.canary):
        raise SettingsError(f"canary {settings.canary!r}: must be a host name or an IP address")
    # Most have none, and need not load it.
    from checker.canary import Canary  # noqa: PLC0415

    return Canary(settings.canary, network)


def build_checker(settings: Settings) -> Checker:
    """Build a checker.

    Raises:
        SettingsError: A setting names something that is not there.
    """
    trust = find_trust(settings)
    network = build_network(settings, find_resolver(settings), trust)
    return Checker(network, trust, build_canary(settings, network))
