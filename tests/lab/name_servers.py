"""The configuration of the authority (Knot) and of the validating resolver (Unbound)."""

from collections.abc import Iterable
from ipaddress import IPv4Address

from tests.lab.model import AUTHORITY, RESOLVER
from tests.lab.zones import TOP, delegated


def knot_conf(port: int, origins: Iterable[str]) -> str:
    """The authority serves the zones as they are: they come signed."""
    zones = "".join(
        f"  - domain: {origin}\n    file: /run/knot/zones/{origin}zone\n" for origin in origins
    )
    return f"""\
server:
    listen: {AUTHORITY}@{port}
    rundir: /run/knot
    user: root:root
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: /run/knot
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: /run/knot
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
{zones}"""


def unbound_conf(port: int, address: IPv4Address = RESOLVER, *, validates: bool = True) -> str:
    """The resolver knows the lab's zones only; of the outside world it asks nothing."""
    modules = "validator iterator" if validates else "iterator"
    stubs = "".join(
        f"stub-zone:\n    name: {origin}\n    stub-addr: {address}@{port}\n"
        for origin, address in _authorities()
    )
    return f"""\
server:
    module-config: "{modules}"
    interface: {address}@{port}
    access-control: 127.0.0.0/8 allow
    do-not-query-localhost: no
    do-ip6: no
    chroot: ""
    username: ""
    directory: /run
    pidfile: ""
    use-syslog: no
    logfile: ""
    verbosity: 1
    trust-anchor-file: /lab/trust-anchor
    trust-anchor-signaling: no
    local-zone: "." refuse
    local-zone: "{TOP}" transparent
remote-control:
    control-enable: no
{stubs}"""


def _authorities() -> Iterable[tuple[str, str]]:
    yield TOP, str(AUTHORITY)
    for origin, kind in delegated().items():
        yield origin, str(kind.authority)
