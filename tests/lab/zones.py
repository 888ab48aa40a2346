"""The lab's DNS zones, signed by the lab itself, so that every fault in them is a chosen one."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

import dns.dnssec
import dns.name
import dns.node
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.transaction
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from dns.dnssectypes import Algorithm
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.dnskeybase import Flag

from checker.network.dnspython_internals import read_digests_of_any_length
from tests.lab import odd_certificates
from tests.lab.certificates import Identity
from tests.lab.domains import DOMAINS
from tests.lab.model import AUTHORITY, IPV6, NOBODY, Delegation, LabDomain, Of, Tlsa
from tests.lab.servers import MAIL_SERVERS, MailServer

# The lab has records of a wrong length, too, which dnspython would not even write.
read_digests_of_any_length()

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


def make_zones(
    identities: Mapping[str, Identity], smtp_port: int, web_server: IPv4Address
) -> Zones:
    """Make and sign all zones.

    Args:
        identities: The mail servers' certificates, by name.
        smtp_port: The port of the mail servers.
        web_server: The address of the web server with the MTA-STS policies.
    """

    def records(domain: LabDomain) -> list[str]:
        return [
            *_records(domain),
            *_tlsa(domain, identities, {25, smtp_port}),
            *_sts(domain, web_server),
        ]

    top_key = _Key.generate()
    top_lines = _head(TOP)
    files = {}
    for domain in DOMAINS:
        if not domain.exists:
            continue
        if domain.delegation is Delegation.NONE:
            top_lines += records(domain)
            continue
        origin = f"{domain.domain}."
        top_lines += [
            f"{origin} NS ns.{origin}",
            f"ns.{origin} A {domain.delegation.authority}",
        ]
        text = "\n".join([*_head(origin), *records(domain)]) + "\n"
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
            kind = "AAAA" if server.address == IPV6 else "A"
            lines.append(f"{server.name}. {kind} {server.address}")
            if server.preference is not None and server.id == server.name:
                lines.append(f"{domain.domain}. MX {server.preference} {server.name}.")
    return lines


def _tlsa(domain: LabDomain, identities: Mapping[str, Identity], ports: set[int]) -> Iterator[str]:
    for server in MAIL_SERVERS.values():
        for record in server.tlsa:
            owner = _owner(record, server)
            if not f".{owner}".endswith(f".{domain.domain}."):
                continue
            parameters = f"{record.usage} {record.selector} {record.matching}"
            data = _association(record, identities[server.id]).hex()
            for port in ports:
                yield f"_{port}._tcp.{owner} TLSA {parameters} {data}"


def _owner(record: Tlsa, server: MailServer) -> str:
    if record.at is None:
        return f"{server.name}."
    return record.at if record.at.endswith(".") else f"{record.at}.{server.domain.domain}."


def _association(record: Tlsa, identity: Identity) -> bytes:
    """What a TLSA record holds (RFC 6698 section 2.1)."""
    certificate = identity.issuer if record.of is Of.ISSUER else identity.leaf
    if record.selector:
        data = odd_certificates.public_key(certificate)
    else:
        data = certificate.public_bytes(Encoding.DER)
    if record.of is Of.ANOTHER:
        data = bytes(reversed(data))
    digests = {1: hashlib.sha256, 2: hashlib.sha512}
    if record.matching in digests:
        data = digests[record.matching](data).digest()
    return data[: record.length]


def _sts(domain: LabDomain, web_server: IPv4Address) -> Iterator[str]:
    if domain.sts:
        address = web_server if domain.sts.listens else NOBODY
        yield f"mta-sts.{domain.domain}. A {address}"
        for record in domain.sts.records:
            yield f'_mta-sts.{domain.domain}. TXT "{record}"'


def _signed(text: str, origin: str, key: _Key) -> str:
    zone = dns.zone.from_text(text, origin, relativize=False)
    with zone.writer() as transaction:
        dns.dnssec.sign_zone(
            zone,
            transaction,
            keys=[(key.private, key.public)],
            lifetime=_SIGNATURE_LIFETIME,
        )
        for domain in DOMAINS:
            if domain.tlsa_bogus:
                _spoil_tlsa(transaction, dns.name.from_text(domain.domain))
    return zone.to_text(relativize=False)


def _spoil_tlsa(transaction: dns.transaction.Transaction, domain: dns.name.Name) -> None:
    for name, rdataset in list(transaction.iterate_rdatasets()):
        if name.is_subdomain(domain) and rdataset.covers == dns.rdatatype.TLSA:
            spoiled = [record.replace(signature=bytes(64)) for record in rdataset]
            transaction.replace(name, dns.rdataset.from_rdata_list(rdataset.ttl, spoiled))
