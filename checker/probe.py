"""One address, asked the way a sender would, with further connections where a doubt is left."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from checker.certificate import describe, judge
from checker.facts import Attempt, Finding
from checker.network import Network
from checker.operators import Tls, TlsVersion
from checker.problems import Stage
from checker.session import Seen, converse
from checker.smtp import Conversation
from checker.tls import VERSIONS, Failure, Offer, Trust

_NEWEST = TlsVersion.TLS_1_3


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
        """Try one address: one connection, and a second one where the handshake leaves a doubt.

        Args:
            target: The address.
            watch: Is told each stage as it begins.

        Returns:
            What came of it; and the conversation where it is still open, to be ended politely
            when there is time: an answer need not wait for a server's good-bye.
        """
        # Widened downwards, so that a server which is too old is met and named; never above what
        # the operator's server offers, because that decides what such a server picks.
        seen = await self._converse(target, TlsVersion.TLS_1_0, self._tls.maximum, watch)
        if self._may_speak_newer_only(seen):
            second = await self._converse(target, self._tls.minimum, _NEWEST, watch)
            if second.open is not None:
                await second.open.quit()
            if second.shown is not None and second.shown.version is not None:
                seen.findings = [self._wrong_version(second.shown.version)]
        return self._attempt(target, seen), seen.open

    async def _converse(
        self,
        target: Target,
        minimum: TlsVersion,
        maximum: TlsVersion,
        watch: Callable[[Stage], None],
    ) -> Seen:
        offer = Offer(minimum, maximum, target.host if self._tls.sni else None)
        return await converse(target.address, offer, self._network, self._trust, watch)

    def _wrong_version(self, supported: str) -> Finding:
        offered = [
            name
            for name, version in VERSIONS.items()
            if self._tls.minimum <= version <= self._tls.maximum
        ]
        return Finding("tls-version", {"offered": offered, "supported": [supported]})

    def _may_speak_newer_only(self, seen: Seen) -> bool:
        return (
            self._tls.maximum < _NEWEST
            and seen.shown is not None
            and seen.shown.failure not in {None, Failure.NOT_TLS}
        )

    def _attempt(self, target: Target, seen: Seen) -> Attempt:
        shown = seen.shown
        stage = seen.stage
        findings = list(seen.findings)
        if shown is not None and shown.version is not None:
            if VERSIONS[shown.version] < self._tls.minimum:
                stage = Stage.TLS
                findings.insert(0, self._wrong_version(shown.version))
            now = datetime.now(UTC)
            findings += judge(shown, target.host, now, self._trust.organizations)
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
