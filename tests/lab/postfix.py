"""The configuration of the one real Postfix, which answers at many addresses."""

from collections.abc import Iterator

from tests.lab import instance
from tests.lab.expectations import HAS_IPV6
from tests.lab.model import IPV6, Postfix
from tests.lab.servers import RUNNING

_MAIN = (
    instance.MAIN
    + """\
maillog_file = /lab/postfix.log
inet_protocols = {protocols}
mynetworks = 127.0.0.0/8, [::1]/128
smtpd_relay_restrictions = permit_mynetworks, reject
default_transport = discard
relay_transport = discard
smtpd_peername_lookup = no
smtpd_client_event_limit_exceptions = static:all
default_process_limit = 100
smtpd_tls_security_level = may
smtpd_tls_protocols = >=TLSv1.2
"""
)

_SERVICES = (
    instance.SERVICES
    + """\
proxymap  unix  - - n - - proxymap
discard   unix  - - n - - discard
anvil     unix  - - n - 1 anvil
"""
)


def main_cf() -> str:
    """What holds for all listeners."""
    return _MAIN.format(protocols="all" if HAS_IPV6 else "ipv4")


def master_cf(port: int) -> str:
    """The services: one listener a mail server, and what they need to take a mail and drop it."""
    return _SERVICES + "\n".join(_listeners(port)) + "\n"


def _listeners(port: int) -> Iterator[str]:
    for host in RUNNING:
        if not isinstance(host.server, Postfix):
            continue
        # The log tells the servers apart by this name.
        settings = {"syslog_name": host.id, "myhostname": host.name}
        if host.server.certificate:
            settings["smtpd_tls_chain_files"] = f"/lab/certificates/{host.id}.pem"
        settings |= host.server.settings
        address = f"[{host.address}]" if host.address == IPV6 else host.address
        yield f"{address}:{port} inet n - n - - smtpd"
        yield from (f"  -o {{ {name} = {value} }}" for name, value in settings.items())
