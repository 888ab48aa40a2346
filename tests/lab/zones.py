"""The lab's DNS zones, signed by the lab itself, so that every fault in them is a chosen one."""

from dataclasses import dataclass

import dns.dnssec
import dns.name
import dns.node
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.dnssectypes import Algorithm
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.dnskeybase import Flag

from tests.lab.domains import DOMAINS
from tests.lab.model import AUTHORITY, Delegation, LabDomain
from tests.lab.servers import MAIL_SERVERS

TOP = "test."
_TTL = 300
_SIGNATURE_LIFETIME = 30 * 86400


@dataclass(frozen=True, slots=True)
class Zones:
    """What the authority serves and the resolver trusts.

    Attributes:
        files: The text of each zone that the authority serves, by its origin.
        trust_anchor: The key of ``test.`` as a line of a trust anchor file.
    """

    files: dict[str, str]
    trust_anchor: str


@dataclass(frozen=True, slots=True)
class _Key:
    private: ec.EllipticCurvePrivateKey
    public: DNSKEY

    @classmethod
    def generate(cls) -> "_Key":
        private = ec.generate_private_key(ec.SECP256R1())
        public = dns.dnssec.make_dnskey(
            private.public_key(), Algorithm.ECDSAP256SHA256, Flag.ZONE | Flag.SEP
        )
        return cls(private, public)

    def delegation_signer(self, origin: str) -> str:
        """The DS record that a parent zone holds for this key."""
        ds = dns.dnssec.make_ds(dns.name.from_text(origin), self.public, "SHA256")
        return ds.to_text()


def make_zones() -> Zones:
    """Make and sign all zones."""
    top_key = _Key.generate()
    top_lines = _head(TOP)
    files = {}
    for domain in DOMAINS:
        if not domain.exists:
            continue
        if domain.delegation is Delegation.NONE:
            top_lines += _records(domain)
            continue
        origin = f"{domain.domain}."
        top_lines += [
            f"{origin} NS ns.{origin}",
            f"ns.{origin} A {domain.delegation.authority}",
        ]
        text = "\n".join([*_head(origin), *_records(domain)]) + "\n"
        if domain.delegation is Delegation.BOGUS:
            other_key = _Key.generate().delegation_signer(origin)
            top_lines.append(f"{origin} DS {other_key}")
            files[origin] = _signed(text, origin, _Key.generate())
        elif domain.delegation is Delegation.UNSIGNED:
            files[origin] = text
    files[TOP] = _signed("\n".join(top_lines) + "\n", TOP, top_key)
    return Zones(files, f"{TOP} DS {top_key.delegation_signer(TOP)}\n")


def delegated() -> dict[str, Delegation]:
    """The zones below ``test.``, by their origin."""
    return {
        f"{domain.domain}.": domain.delegation
        for domain in DOMAINS
        if domain.delegation is not Delegation.NONE
    }


def _head(origin: str) -> list[str]:
    return [
        f"$TTL {_TTL}",
        f"$ORIGIN {TOP}",
        f"{origin} SOA ns.{origin} hostmaster.{origin} 1 3600 900 604800 {_TTL}",
        f"{origin} NS ns.{origin}",
        f"ns.{origin} A {AUTHORITY}",
    ]


def _records(domain: LabDomain) -> list[str]:
    lines = list(domain.records)
    for server in MAIL_SERVERS.values():
        if server.domain is domain:
            lines.append(f"{server.name}. A {server.address}")
            if server.preference is not None:
                lines.append(f"{domain.domain}. MX {server.preference} {server.name}.")
    return lines


def _signed(text: str, origin: str, key: _Key) -> str:
    zone = dns.zone.from_text(text, origin, relativize=False)
    with zone.writer() as transaction:
        dns.dnssec.sign_zone(
            zone,
            transaction,
            keys=[(key.private, key.public)],
            lifetime=_SIGNATURE_LIFETIME,
        )
    return zone.to_text(relativize=False)
