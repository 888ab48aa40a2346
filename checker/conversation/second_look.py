"""Further connections to one address, where the first handshake left a doubt. Two at the most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from checker.certificate.faults import find_faults
from checker.conversation.session import Seen, converse, greet_by_hand
from checker.conversation.tls import Failure, Handshake, Offer, Trust
from checker.facts import Evidence, Finding
from checker.network import Network
from checker.network.addresses import is_ip_address
from checker.operators import Tls
from checker.tls_version import VERSIONS, TlsVersion

_OLDEST = TlsVersion.TLS_1_0
_NEWEST = TlsVersion.TLS_1_3

_SMALLEST_GROUP = 2_048
"""Bits of a Diffie-Hellman group (RFC 9325 section 4.1)."""

# The name in a certificate, or who issued it, may depend on the name that the client asks for.
_MAY_DEPEND_ON_SNI = {
    "certificate-host-mismatch",
    "certificate-not-trusted",
    "certificate-self-signed",
    "certificate-chain-incomplete",
}


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Looks at one address again.

    Attributes:
        host: Name of the mail server.
        address: Its IP address.
        expected: Names of which the certificate must bear one.
        tls: What the operator's server offers.
        network: The outside world.
        trust: The certificate authorities.
    """

    host: str
    address: str
    expected: Sequence[str]
    tls: Tls
    network: Network
    trust: Trust

    def is_needed(self, shown: Handshake, findings: Sequence[Finding]) -> bool:
        """Whether a completed handshake leaves a doubt."""
        return self._may_need_sni(findings) or _shows_group(shown)

    async def at_completed(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Settle the doubt that a completed handshake left.

        Args:
            findings: What was found until now.

        Returns:
            The findings with what the second look adds.
        """
        if self._may_need_sni(findings):
            second = await self._converse(_OLDEST, self.tls.maximum)
            if second.shown is not None and second.shown.version is not None:
                better = find_faults(
                    second.shown, self.expected, datetime.now(UTC), self.trust.organizations
                )
                if not _is_certificate_fault(better):
                    return [self._needs_sni(), *findings]
            return findings
        answer = await greet_by_hand(
            self.address, self._server_name(), self.network, diffie_hellman_only=True
        )
        if answer.group_bits is not None and answer.group_bits < _SMALLEST_GROUP:
            weak = Finding("tls-weak-key", {"key": "DH", "bits": answer.group_bits})
            return [*findings, weak]
        return findings

    async def at_failed(self, shown: Handshake, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Find out why a handshake failed.

        Args:
            shown: The handshake that failed.
            findings: What it showed by itself.

        Returns:
            Better findings, or the same.
        """
        if shown.failure is Failure.NOT_TLS or _is_explained(findings):
            return findings
        if self._may_take_another_offer(shown):
            # A server that names the missing name is asked for nothing but that.
            named = "unrecognized name" in shown.reason
            second = await self._converse(_OLDEST, self.tls.maximum if named else _NEWEST)
            if second.shown is None:
                # It no longer gets as far as TLS: enough connections for this minute.
                return findings
            if second.shown.version is not None:
                if second.findings:
                    return second.findings
                if VERSIONS[second.shown.version] > self.tls.maximum:
                    return [wrong_version(self.tls, second.shown.version)]
                return [self._needs_sni()]
        return await self._by_hand(findings)

    async def _by_hand(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        answer = await greet_by_hand(self.address, self._server_name(), self.network)
        if answer.version is None:
            return findings
        supported = VERSIONS.get(answer.version)
        if supported is None or supported < self.tls.minimum:
            return [wrong_version(self.tls, answer.version)]
        evidence: Evidence = {"version": answer.version, "cipher": answer.cipher}
        if answer.anonymous:
            return [Finding("tls-cipher", {**evidence, "anonymous": True})]
        if answer.group_bits is not None and answer.group_bits < _SMALLEST_GROUP:
            return [Finding("tls-weak-key", {"key": "DH", "bits": answer.group_bits})]
        return [Finding("tls-cipher", evidence)]

    async def _converse(self, minimum: TlsVersion, maximum: TlsVersion) -> Seen:
        offer = Offer(minimum, maximum, self.host)
        seen = await converse(self.address, offer, self.network, self.trust)
        if seen.open is not None:
            await seen.open.quit()
        return seen

    def _server_name(self) -> str | None:
        return self.host if self.tls.sni and not is_ip_address(self.host) else None

    def _needs_sni(self) -> Finding:
        return Finding("certificate-needs-sni", {"server_name": self.host})

    def _may_need_sni(self, findings: Sequence[Finding]) -> bool:
        return self._may_name() and any(finding.id in _MAY_DEPEND_ON_SNI for finding in findings)

    def _may_name(self) -> bool:
        """Whether there is a name to ask for that was not asked for yet."""
        return not self.tls.sni and not is_ip_address(self.host)

    def _may_take_another_offer(self, shown: Handshake) -> bool:
        """Whether a newer version or a server name may change what the server does."""
        if self.tls.maximum < _NEWEST:
            return True
        return self._may_name() and "protocol version" not in shown.reason


def wrong_version(tls: Tls, supported: str) -> Finding:
    """The server speaks no version that the operator's server speaks.

    Args:
        tls: What the operator's server offers.
        supported: What the server speaks, in OpenSSL's spelling.
    """
    offered = [name for name, version in VERSIONS.items() if tls.minimum <= version <= tls.maximum]
    version = VERSIONS.get(supported)
    cause = "too-new" if version is not None and version > tls.maximum else "too-old"
    return Finding("tls-version", {"cause": cause, "offered": offered, "supported": [supported]})


def _is_explained(findings: Sequence[Finding]) -> bool:
    return any(finding.id == "tls-client-certificate-required" for finding in findings)


def _is_certificate_fault(findings: Sequence[Finding]) -> bool:
    return any(finding.id in _MAY_DEPEND_ON_SNI for finding in findings)


def _shows_group(shown: Handshake) -> bool:
    return shown.cipher is not None and shown.cipher.startswith("DHE-")
