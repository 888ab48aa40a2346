"""What a lab domain is made of: its zone, its mail servers and their certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum, auto
from ipaddress import IPv4Address

RESOLVER = IPv4Address("127.25.0.1")
AUTHORITY = IPv4Address("127.25.0.2")
SILENT_AUTHORITY = IPv4Address("127.25.0.3")
LAME_AUTHORITY = IPv4Address("127.25.0.4")
FIRST_MAIL_SERVER = IPv4Address("127.25.0.10")
NETWORK = "127.25.0.0/16"

Expectation = tuple[str, str]
"""An outcome, and the id of the problem that comes first."""


class Issuer(StrEnum):
    """Who signs a certificate."""

    INTERMEDIATE = auto()
    """The public-like CA: an intermediate below the root that ``ca_file`` holds."""
    WEAK_HASH = auto()
    """The same CA, but its signature is made with SHA-1."""
    PRIVATE = auto()
    """A root that nobody trusts."""
    ITSELF = auto()


class Chain(StrEnum):
    """What a server sends."""

    COMPLETE = auto()
    LEAF_ONLY = auto()
    WITH_ROOT = auto()


class Key(StrEnum):
    """The kind of a certificate's key."""

    EC = auto()
    RSA = auto()
    RSA_1024 = auto()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate to be made; the defaults are those of a faultless one.

    Attributes:
        names: The names that it bears; none means the name of the host that uses it.
        begins: The start of its life, seen from the start of the lab.
        ends: The end of its life, seen from the start of the lab.
    """

    names: tuple[str, ...] = ()
    begins: timedelta = timedelta(days=-1)
    ends: timedelta = timedelta(days=60)
    issuer: Issuer = Issuer.INTERMEDIATE
    chain: Chain = Chain.COMPLETE
    key: Key = Key.EC
    for_servers: bool = True
    common_name_only: bool = False


@dataclass(frozen=True, slots=True)
class Postfix:
    """A listener of the real Postfix.

    Attributes:
        settings: Parameters of main.cf that this listener overrides.
    """

    certificate: Certificate | None = field(default_factory=Certificate)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scripted:
    """A server that does what no real one can be made to do.

    Attributes:
        script: The name of a function in ``scripts``.
    """

    script: str
    certificate: Certificate = field(default_factory=Certificate)


@dataclass(frozen=True, slots=True)
class Host:
    """A mail server's name.

    Attributes:
        label: What stands before the domain; empty for the domain itself.
        preference: That of its MX record; without one it has no MX record.
        server: What answers there; without one nothing listens.
    """

    label: str = "mx"
    preference: int | None = 10
    server: Postfix | Scripted | None = field(default_factory=Postfix)


class Delegation(StrEnum):
    """How a domain hangs in the tree."""

    NONE = auto()
    """It stands in the signed zone of ``test.`` itself."""
    UNSIGNED = auto()
    BOGUS = auto()
    """A signed zone whose DS record belongs to another key."""
    LAME = auto()
    """Its authority does not know the zone and refuses to answer."""
    DEAD = auto()
    """Its authority never answers."""

    @property
    def authority(self) -> IPv4Address:
        """The name server to which the domain is delegated."""
        others = {Delegation.LAME: LAME_AUTHORITY, Delegation.DEAD: SILENT_AUTHORITY}
        return others.get(self, AUTHORITY)


@dataclass(frozen=True, slots=True)
class LabDomain:
    """A domain of the lab, and what each operator's mail server makes of it.

    Attributes:
        domain: Its name in the DNS.
        explanation: What is special about it.
        expected: Per operator the outcome and the id of the problem that comes first.
        hosts: Its mail servers.
        records: Further lines of the zone; names are relative to ``test.``.
        address: What a visitor would type.
        exists: Whether the DNS knows the domain.
    """

    domain: str
    explanation: str
    expected: Mapping[str, Expectation]
    hosts: tuple[Host, ...] = (Host(),)
    records: tuple[str, ...] = ()
    delegation: Delegation = Delegation.NONE
    address: str = ""
    exists: bool = True

    def __post_init__(self) -> None:
        """Let somebody have an address there."""
        if not self.address:
            object.__setattr__(self, "address", f"anna@{self.domain}")
