"""One address, asked the way a sender would, with further connections where a doubt is left."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from checker.certificate import dane
from checker.certificate.faults import describe, find_faults
from checker.conversation.second_look import SecondLook, wrong_version
from checker.conversation.session import Seen, converse
from checker.conversation.smtp import Conversation
from checker.conversation.tls import Offer, Trust
from checker.facts import Attempt, Dane, Evidence, Finding, TlsaRecord
from checker.network import Network
from checker.operators import Level, Tls
from checker.problems import Stage
from checker.tls_version import VERSIONS, TlsVersion

_DANE = {Level.DANE, Level.DANE_ONLY}


@dataclass(frozen=True, slots=True)
class Target:
    """One address of one mail server.

    Attributes:
        host: Name of the mail server, as the MX record has it.
        address: Its IP address.
        preference: Of the MX record.
        expected: Names of which the certificate must bear one; a leading dot stands for any below.
        names: Any of them may stand in a certificate under a trust anchor named by TLSA.
        tlsa: The mail server's TLSA records.
        sts_enforced: The domain's MTA-STS policy is to be enforced.
        refused: The operator's server would not even connect; the findings say why.
        findings: What is wrong with the mail server before anything is said to it.
    """

    host: str
    address: str
    preference: int
    expected: tuple[str, ...]
    names: tuple[str, ...] = ()
    tlsa: tuple[TlsaRecord, ...] = ()
    sts_enforced: bool = False
    refused: bool = False
    findings: tuple[Finding, ...] = ()

    def bare(self) -> "Target":
        """Without what belongs to one domain and changes nothing of what is seen there."""
        names = self.names if self.tlsa else ()
        return replace(self, preference=0, names=names, sts_enforced=False, findings=())

    def claim(self, attempt: Attempt) -> Attempt:
        """What came of the bare target, as what came of this one."""
        return replace(
            attempt,
            preference=self.preference,
            sts_enforced=self.sts_enforced,
            findings=(*attempt.findings, *self.findings),
        )


class Probing(Protocol):
    """Tries addresses, or knows already what comes of it."""

    def circumstances(self, target: Target) -> list[object]:
        """All that shapes what comes of a target, ready for :func:`json.dumps`."""

    async def probe(
        self, target: Target, watch: Callable[[Stage], None]
    ) -> tuple[Attempt, Conversation | None]:
        """Try one address; see :meth:`Prober.probe`."""


class Prober:
    """Tries addresses for one operator."""

    def __init__(self, tls: Tls, network: Network, trust: Trust) -> None:
        """Remember what is the same for every address.

        Args:
            tls: What the operator's server would offer.
            network: The outside world.
            trust: The certificate authorities.
        """
        self._tls = tls
        self._network = network
        self._trust = trust

    def circumstances(self, target: Target) -> list[object]:
        """All that shapes what comes of a target, ready for :func:`json.dumps`."""
        tls, network = self._tls, self._network
        return [
            (target.host, target.address, target.expected, target.names),
            [astuple(record) for record in target.tlsa],
            (tls.minimum, tls.maximum, tls.sni, tls.level in _DANE),
            (network.smtp_port, network.client_name, astuple(network.limits)),
            self._trust.fingerprint(),
        ]

    async def probe(
        self, target: Target, watch: Callable[[Stage], None]
    ) -> tuple[Attempt, Conversation | None]:
        """Try one address: one connection, and up to two more where a doubt is left.

        Args:
            target: The address.
            watch: Is told each stage as it begins.

        Returns:
            What came of it; and the conversation where it is still open, to be ended politely
            when there is time: an answer need not wait for a server's good-bye.
        """
        began = datetime.now(UTC)
        if target.refused:
            seen = Seen(Stage.CONNECT, [])
            return _attempt(target, Stage.CONNECT, seen, target.findings, began), None
        # Widened downwards, so that a server which is too old is met and named; never above what
        # the operator's server offers, because that decides what such a server picks.
        tls = self._tls
        if tls.level in _DANE and dane.demand(target.tlsa) is Dane.USABLE:
            # Whoever heeds TLSA says which server it wants (RFC 7672 section 8.1).
            tls = replace(tls, sni=True)
        offer = Offer(TlsVersion.TLS_1_0, tls.maximum, target.host if tls.sni else None)
        seen = await converse(target.address, offer, self._network, self._trust, watch)
        stage, findings = seen.stage, await self._findings(target, tls, seen)
        if findings and findings[0].id == "tls-version":
            stage = Stage.TLS
        if seen.shown is not None and seen.shown.version is not None:
            by_tlsa = dane.compare(target.tlsa, seen.shown.chain, target.names)
            known = {finding.id for finding in by_tlsa}
            findings = [*(f for f in findings if f.id not in known), *by_tlsa]
        return _attempt(target, stage, seen, [*findings, *target.findings], began), seen.open

    async def _findings(self, target: Target, tls: Tls, seen: Seen) -> Sequence[Finding]:
        shown = seen.shown
        if shown is None:
            return seen.findings
        look = SecondLook(
            target.host, target.address, target.expected, tls, self._network, self._trust
        )
        if shown.version is None:
            return await look.at_failed(shown, seen.findings)
        now = datetime.now(UTC)
        findings = [
            *_injected(seen),
            *seen.findings,
            *find_faults(shown, target.expected, now, self._trust.organizations),
        ]
        if VERSIONS[shown.version] < tls.minimum:
            return [wrong_version(tls, shown.version), *findings]
        if not look.is_needed(shown, findings):
            return findings
        if seen.open is not None:
            # One connection at a time to one host.
            await seen.open.quit()
            seen.open = None
        return await look.at_completed(findings)


def _injected(seen: Seen) -> list[Finding]:
    """What somebody slipped in before the handshake (RFC 3207 section 6)."""
    evidence: Evidence = {"cause": "injected", "text": seen.injected}
    return [Finding("starttls-failed", evidence)] if seen.injected else []


def _attempt(
    target: Target, stage: Stage, seen: Seen, findings: Sequence[Finding], began: datetime
) -> Attempt:
    shown = seen.shown
    return Attempt(
        host=target.host,
        address=target.address,
        preference=target.preference,
        stage=stage,
        tls_version=shown.version if shown else None,
        cipher=shown.cipher if shown else None,
        certificate=describe(shown.chain) if shown else None,
        replies=seen.replies,
        findings=tuple(findings),
        dane=dane.demand(target.tlsa),
        sts_enforced=target.sts_enforced,
        checked_at=began,
    )
