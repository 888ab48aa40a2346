"""One address, asked the way a sender would, with further connections where a doubt is left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from checker.certificate import describe, judge
from checker.facts import Attempt, Finding
from checker.network import Network
from checker.operators import Tls, TlsVersion
from checker.problems import Stage
from checker.second_look import SecondLook, wrong_version
from checker.session import Seen, converse
from checker.smtp import Conversation
from checker.tls import VERSIONS, Offer, Trust


@dataclass(frozen=True, slots=True)
class Target:
    """One address of one mail server."""

    host: str
    address: str
    preference: int


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
        # Widened downwards, so that a server which is too old is met and named; never above what
        # the operator's server offers, because that decides what such a server picks.
        offer = Offer(TlsVersion.TLS_1_0, self._tls.maximum, target.host if self._tls.sni else None)
        seen = await converse(target.address, offer, self._network, self._trust, watch)
        stage, findings = seen.stage, await self._findings(target, seen)
        if findings and findings[0].id == "tls-version":
            stage = Stage.TLS
        return _attempt(target, stage, seen, findings), seen.open

    async def _findings(self, target: Target, seen: Seen) -> Sequence[Finding]:
        shown = seen.shown
        if shown is None:
            return seen.findings
        look = SecondLook(target.host, target.address, self._tls, self._network, self._trust)
        if shown.version is None:
            return await look.at_failed(shown, seen.findings)
        now = datetime.now(UTC)
        findings = [*seen.findings, *judge(shown, target.host, now, self._trust.organizations)]
        if VERSIONS[shown.version] < self._tls.minimum:
            return [wrong_version(self._tls, shown.version), *findings]
        if not look.is_needed(shown, findings):
            return findings
        if seen.open is not None:
            # One connection at a time to one host.
            await seen.open.quit()
            seen.open = None
        return await look.at_completed(findings)


def _attempt(target: Target, stage: Stage, seen: Seen, findings: Sequence[Finding]) -> Attempt:
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
    )
