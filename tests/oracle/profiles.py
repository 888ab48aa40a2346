"""Who sends: the operators' own servers, and every software on every system at every level."""

from dataclasses import dataclass, replace
from pathlib import Path

from checker import operators
from checker.operators import Level, Operator, WithoutStarttls
from checker.senders import Server, System
from checker.tls_version import TlsVersion
from tests.lab.model import LabDomain
from tests.senders.systems import RELEASES

_FURTHER = Path(__file__).parents[1] / "lab" / "operators"


_LEVELS = {
    Server.POSTFIX: (Level.MAY, Level.ENCRYPT, Level.VERIFY, Level.DANE),
    Server.EXIM: (Level.MAY, Level.ENCRYPT, Level.VERIFY),
}
_RECORDS_THAT_POSTFIX_TAKES = 100
_SERVER = {"delivery.server", "delivery.system"}
_ADDRESSES = {"A", "AAAA"}
_IN_CLEAR = {Level.MAY, Level.DANE}


@dataclass(frozen=True, slots=True)
class Profile:
    """A mail server that sends.

    Attributes:
        operator: How it is set.
        is_of_matrix: It is there for its software, system and level alone.
    """

    operator: Operator
    is_of_matrix: bool = False

    @property
    def name(self) -> str:
        """The operator's name."""
        return self.operator.name


def all_profiles() -> list[Profile]:
    """The checker's operators and those for tests, as far as their servers are here; the matrix."""
    folders = (operators.FOLDER, _FURTHER)
    files = [file for folder in folders for file in sorted(folder.glob("*.toml"))]
    loaded = [operators.load_file(file) for file in files]
    own = [
        Profile(_as_stated(one))
        for one in loaded
        if one.delivery.server in _LEVELS and one.delivery.system in RELEASES
    ]
    return [*own, *_matrix(operators.load_file(_FURTHER / "may.toml"))]


def _as_stated(operator: Operator) -> Operator:
    """An operator as if it had said which server it has: here is no other one that may be meant."""
    assumed = tuple(key for key in operator.assumed if key not in _SERVER)
    return replace(operator, assumed=assumed)


def alternatives() -> list[Profile]:
    """The operators whose server or system is assumed, with each of the others."""
    found = []
    for operator in operators.load_all().values():
        if operator.name == operators.DEFAULT:
            continue
        for server in _LEVELS:
            for system in RELEASES:
                name = f"{operator.name}-{server}-{system}"
                delivery = replace(operator.delivery, server=server, system=system)
                other = replace(_as_stated(operator), name=name, delivery=delivery)
                found.append(Profile(other))
    return found


def _matrix(pattern: Operator) -> list[Profile]:
    return [
        Profile(_set(_as_stated(pattern), server, system, level), is_of_matrix=True)
        for server, levels in _LEVELS.items()
        for system in RELEASES
        for level in levels
    ]


def _set(pattern: Operator, server: Server, system: System, level: Level) -> Operator:
    """An operator with a server as it comes: all versions of TLS that it knows."""
    tls = replace(
        pattern.tls,
        minimum=TlsVersion.TLS_1_0,
        level=level,
        without_starttls=(
            WithoutStarttls.SEND_IN_CLEAR if level in _IN_CLEAR else WithoutStarttls.REFUSE
        ),
        validating_resolver=level is Level.DANE,
    )
    delivery = replace(pattern.delivery, server=server, system=system)
    name = f"{server}-{system}-{level}"
    return replace(pattern, name=name, tls=tls, delivery=delivery)


def depends_on_chance(domain: LabDomain) -> bool:
    """Whether a sender has equal addresses to choose from, so that each attempt may differ."""
    if len(domain.records) > _RECORDS_THAT_POSTFIX_TAKES:
        return True
    preferences = [host.preference for host in domain.hosts if host.preference is not None]
    zone_name = domain.domain.removesuffix(".test")
    addressed = {record.split()[0] for record in domain.records if record.split()[1] in _ADDRESSES}
    return (
        len(set(preferences)) < len(preferences)
        or any(host.others for host in domain.hosts)
        or any(f"{host.label}.{zone_name}" in addressed for host in domain.hosts)
    )
