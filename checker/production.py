"""A checker as production and the lab have it: with sockets, a resolver and OpenSSL."""

import re
import socket
from collections.abc import Iterable

from checker.check import Checker
from checker.conversation.trust import Trust, TrustError
from checker.network import Limits, Network
from checker.network.addresses import is_own, permission, within
from checker.network.connector import TcpConnector
from checker.network.resolver import DnspythonResolver, ResolverError
from checker.operators import Operator
from checker.route.sts_fetcher import HttpsStsFetcher
from checker.senders import profile
from checker.settings import Settings, SettingsError, split_host_port

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


def build_checker(settings: Settings) -> Checker:
    """Build a checker.

    Raises:
        SettingsError: A setting names something that is not there.
    """
    if not 1 <= settings.smtp_port <= _HIGHEST_PORT:
        raise SettingsError(f"SMTP port {settings.smtp_port}: must be from 1 to {_HIGHEST_PORT}")
    name = settings.ehlo_name or socket.gethostname()
    if not re.fullmatch(_EHLO_NAME, name):
        raise SettingsError(f"EHLO name {name!r}: must be a host name or an address literal")
    if settings.canary is not None and not re.fullmatch(_HOST, settings.canary):
        raise SettingsError(f"canary {settings.canary!r}: must be a host name or an IP address")
    try:
        permits = permission(settings.allow_network)
        is_opened = within(settings.allow_network)
    except ValueError as error:
        raise SettingsError(f"allowed network: {error}") from error
    try:
        resolver = DnspythonResolver(*split_host_port(settings.resolver))
        trust = Trust([settings.ca_file] if settings.ca_file else [])
    except (ResolverError, TrustError) as error:
        raise SettingsError(str(error)) from error
    connector = TcpConnector(permits, lambda address: is_own(address) and not is_opened(address))
    network = Network(
        resolver=resolver,
        connector=connector,
        sts_fetcher=HttpsStsFetcher(resolver, connector, trust),
        permits=permits,
        client_name=name,
        smtp_port=settings.smtp_port,
        limits=Limits(total=settings.total_timeout),
    )
    if settings.canary is None:
        return Checker(network, trust)
    # Most have none, and need not load it.
    from checker.canary import Canary  # noqa: PLC0415

    return Checker(network, trust, Canary(settings.canary, network))
