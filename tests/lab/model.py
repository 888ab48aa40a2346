"""What a lab domain is made of: its zone, its mail servers and their certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum, auto
from ipaddress import IPv4Address, IPv6Address

from cryptography.x509 import GeneralName

RESOLVER = IPv4Address("127.25.0.1")
AUTHORITY = IPv4Address("127.25.0.2")
SILENT_AUTHORITY = IPv4Address("127.25.0.3")
LAME_AUTHORITY = IPv4Address("127.25.0.4")
NOBODY = IPv4Address("127.25.0.5")
CREDULOUS_RESOLVER = IPv4Address("127.25.0.6")
"""It does not validate: for senders that do without DNSSEC."""
DENYING_AUTHORITY = IPv4Address("127.25.0.7")
FIRST_MAIL_SERVER = IPv4Address("127.25.0.10")
FIRST_WEB_SERVER = IPv4Address("127.26.0.0")
IPV6 = IPv6Address("::1")
"""The one address of IPv6 that every machine has to itself: all its mail servers share it."""
NETWORKS = ("127.25.0.0/16", "127.26.0.0/16", f"{IPV6}/128")

Address = IPv4Address | IPv6Address

Expectation = tuple[str, str]
"""An outcome, and the id of the problem that comes first."""


class Issuer(StrEnum):
    """Who signs a certificate."""

    INTERMEDIATE = auto()
    """The public-like CA: an intermediate below the root that ``ca_file`` holds."""
    WEAK_HASH = auto()
    """The same CA, but its signature is made with SHA-1."""
    EXPIRED = auto()
    """An intermediate below the same root, whose own time is up."""
    NO_AUTHORITY = auto()
    """A certificate below the same root that may not sign others."""
    PRIVATE = auto()
    """A root that nobody trusts."""
    ITSELF = auto()
    ENDS_SOON = auto()
    """An intermediate below the same root, whose time is up in three days."""
    HASHED_WEAKLY = auto()
    """One whose own certificate is signed with SHA-1."""
    RSA_1024 = auto()
    """One with such a key, as the two that follow."""
    RSA_512 = auto()
    ML_DSA = auto()
    FOR_CLIENTS = auto()
    """One that may sign certificates of clients alone."""
    FOR_TEST = auto()
    """One that may sign for names below ``test.`` alone."""
    FOR_EXAMPLE = auto()
    """One that may sign for names below ``example.`` alone."""
    NOT_FOR_GERMANY = auto()
    """Its name constraints exclude whatever is in Germany, as a directory names it."""
    T61_NAME = auto()
    """One whose name holds a T61String, which Python's library does not read."""
    BIT_STRING_NAME = auto()
    """One whose name holds a BIT STRING where there is to be a text."""
    DOUBLED_EXTENSION = auto()
    """One that has an extension twice."""
    TENTH = auto()
    """The last of ten authorities; the root is the first."""
    ELEVENTH = auto()
    """The last of eleven."""
    TWELFTH = auto()
    """The last of twelve."""
    CROSS_SIGNED = auto()
    """The same root, but signed by an older one that has expired: to be sent in addition."""


class Chain(StrEnum):
    """What a server sends."""

    COMPLETE = auto()
    LEAF_ONLY = auto()
    WITH_ROOT = auto()
    ROOT_FIRST = auto()
    """The leaf, then the root, then the one between them."""
    COPY_FIRST = auto()
    """The leaf, a copy of its issuer's certificate that has signed itself, then the real one."""


class Key(StrEnum):
    """The kind of a certificate's key."""

    EC = auto()
    ED25519 = auto()
    RSA = auto()
    RSA_1024 = auto()
    RSA_512 = auto()
    RSA_PSS = auto()
    """A key for signatures with PSS alone (RFC 4055)."""
    EC_COMPRESSED = auto()
    """The certificate holds its point in the compressed form."""
    P_521 = auto()
    BRAINPOOL = auto()
    ML_DSA = auto()


class Purpose(StrEnum):
    """What a certificate may be used for: its extended key usage."""

    SERVERS = auto()
    CLIENTS = auto()
    EMAIL = auto()
    ANY = auto()


class Oddity(StrEnum):
    """What no library for certificates would write, and some would not read."""

    LEAF_WITH_PATH_LENGTH = auto()
    """No authority, and a limit to the path below it: ``CA:FALSE, pathlen:0``."""
    T61_NAME = auto()
    BIT_STRING_NAME = auto()
    DOUBLED_EXTENSION = auto()
    """An extension of its own, twice."""
    DOUBLED_KEY_IDENTIFIER = auto()
    GARBLED_NAMES = auto()
    """Of its alternative names the end is missing."""
    OTHER_CERTIFICATE_OF_ISSUER = auto()
    """It names its issuer's certificate by a serial number that this does not have."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate to be made; the defaults are those of a faultless one.

    Attributes:
        names: The names that it bears; none means the name of the host that uses it.
        begins: The start of its life, seen from the start of the lab.
        ends: The end of its life, seen from the start of the lab.
        also_sent: Authorities whose certificates are sent at the end, off the path.
        purposes: Its extended key usages; none means that the extension is missing.
        may_sign: Its key usage allows signatures, which all but the key exchange of old need.
        common_name: That of the subject; none means the first of the names.
        other_names: What stands among the alternative names besides.
        common_name_only: The names do not stand among the alternative names.
        spoiled: Its signature does not fit.
    """

    names: tuple[str, ...] = ()
    begins: timedelta = timedelta(days=-1)
    ends: timedelta = timedelta(days=60)
    issuer: Issuer = Issuer.INTERMEDIATE
    chain: Chain = Chain.COMPLETE
    key: Key = Key.EC
    also_sent: tuple[Issuer, ...] = ()
    purposes: tuple[Purpose, ...] = (Purpose.SERVERS,)
    may_sign: bool = True
    common_name_only: bool = False
    common_name: str | None = None
    other_names: tuple[GeneralName, ...] = ()
    oddity: Oddity | None = None
    spoiled: bool = False


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


class Of(StrEnum):
    """What a TLSA record is made from."""

    LEAF = auto()
    """The mail server's own certificate."""
    ISSUER = auto()
    """The certificate of the CA that issued it."""
    ANOTHER = auto()
    """Something that the mail server does not have."""


@dataclass(frozen=True, slots=True)
class Tlsa:
    """A TLSA record (RFC 6698).

    Attributes:
        at: What stands before the domain in the name that it belongs to, or a whole name with a dot
            at its end; none means the host.
        length: Bytes of the data that were left when it was typed in.
    """

    usage: int = 3
    selector: int = 1
    matching: int = 1
    of: Of = Of.LEAF
    at: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """A mail server's name.

    Attributes:
        label: What stands before the domain; empty for the domain itself.
        preference: That of its MX record; without one it has no MX record.
        server: What answers there; without one nothing listens.
        tlsa: The TLSA records that say which certificate it has.
        ipv6: It has an address of IPv6 and none of IPv4.
        others: What answers at further addresses of the same name.
    """

    label: str = "mx"
    preference: int | None = 10
    server: Postfix | Scripted | None = field(default_factory=Postfix)
    tlsa: tuple[Tlsa, ...] = ()
    ipv6: bool = False
    others: tuple[Postfix | Scripted | None, ...] = ()


@dataclass(frozen=True, slots=True)
class MtaSts:
    """What a domain publishes for MTA-STS (RFC 8461).

    Attributes:
        policy: The policy file.
        records: The TXT records.
        status: The status of the HTTP answer.
        certificate: That of the web server.
        hangs: The web server never answers a request.
        listens: There is a web server.
    """

    policy: str
    records: tuple[str, ...] = ("v=STSv1; id=20261122T000000;",)
    status: int = 200
    certificate: Certificate = field(default_factory=Certificate)
    hangs: bool = False
    listens: bool = True


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
    DENYING = auto()
    """Its authority denies its name when asked for MX, and knows its address."""

    @property
    def authority(self) -> IPv4Address:
        """The name server to which the domain is delegated."""
        others = {
            Delegation.LAME: LAME_AUTHORITY,
            Delegation.DEAD: SILENT_AUTHORITY,
            Delegation.DENYING: DENYING_AUTHORITY,
        }
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
        sts: What it publishes for MTA-STS.
        tlsa_bogus: The DNSSEC signatures of its TLSA records do not fit.
        address: What a visitor would type.
        exists: Whether the DNS knows the domain.
    """

    domain: str
    explanation: str
    expected: Mapping[str, Expectation]
    hosts: tuple[Host, ...] = (Host(),)
    records: tuple[str, ...] = ()
    sts: MtaSts | None = None
    delegation: Delegation = Delegation.NONE
    tlsa_bogus: bool = False
    address: str = ""
    exists: bool = True

    def __post_init__(self) -> None:
        """Let somebody have an address there."""
        if not self.address:
            object.__setattr__(self, "address", f"anna@{self.domain}")
