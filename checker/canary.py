"""Whether our own way out to port 25 is open: a host that must answer there is asked.

Many networks close port 25. Without this, a checker in such a network would call every mail server
dead.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from checker import moment
from checker.conversation.probe import Probe, Probing, Watch
from checker.conversation.smtp import Conversation
from checker.facts import Attempt, Finding, Port, Reply, Seen
from checker.network import Network
from checker.network.addresses import is_ip_address
from checker.problems import Cause, Stage

OLD = timedelta(minutes=5)
"""After this long the canary is asked again, without any reason to doubt."""

DOUBTFUL = timedelta(seconds=30)
"""Where there is a reason, but never more often than this."""

_PATIENCE = 8.0
"""Seconds for each connection and greeting."""

_MOST_ADDRESSES = 4
_READY = 220
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NOT_CONNECTED = {"connection-failed", "connection-timeout"}

_LOG = logging.getLogger(__name__)


class Canary:
    """A mail server that answers whenever our port 25 is open.

    Attributes:
        port: What was found last.
    """

    def __init__(
        self, host: str, network: Network, now: Callable[[], datetime] = moment.now
    ) -> None:
        """Ask nothing yet.

        Args:
            host: Name or IP address of the mail server.
            network: The outside world, as for a check.
            now: Tells the time.
        """
        self.port = Port.UNKNOWN
        self._host = host
        self._network = network
        self._now = now
        self._asked_at = self._failed_at = _LONG_AGO
        self._asking: asyncio.Task[None] | None = None

    async def look(self, patience: float) -> Port:
        """What is known; where that is old, the canary is asked meanwhile.

        Args:
            patience: Seconds to wait where nothing is known yet.
        """
        task = self._ask(OLD if self.port is Port.OPEN else DOUBTFUL)
        if task is not None and self.port is Port.UNKNOWN:
            await asyncio.wait({task}, timeout=patience)
        return self.port

    async def prove(self, apart: timedelta = DOUBTFUL) -> Port:
        """What the canary says when it is asked now.

        Args:
            apart: So long it is left alone first, since it was asked last.
        """
        since = self._now() - self._asked_at
        if self._asking is None and since < apart:
            await asyncio.sleep((apart - since).total_seconds())
        task = self._ask(timedelta()) or self._asking
        if task is not None:
            await asyncio.wait({task})
        return self.port

    def watching(self, prober: Probing) -> Probing:
        """A prober that lets the canary be asked as soon as an address cannot be connected to."""
        return _Watching(prober, self._doubt)

    async def settle(self, attempts: Sequence[Attempt]) -> None:
        """Wait for the canary where none of the attempts got a connection."""
        if _none_connected(attempts) and (task := self._doubt()):
            await asyncio.wait({task})

    def excuse(self, attempts: Sequence[Attempt]) -> Sequence[Attempt]:
        """The attempts; those that failed because our own port was closed say so.

        One connection proves that it was open.
        """
        began = [attempt.checked_at for attempt in attempts if attempt.checked_at is not None]
        # What was seen at an address is shared for minutes, also when the port is open again.
        if (
            _none_connected(attempts)
            and self._failed_at >= min(began, default=_LONG_AGO) - DOUBTFUL
        ):
            return [_excused(attempt) for attempt in attempts]
        return attempts

    async def close(self) -> None:
        """Ask no longer."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    def _doubt(self) -> asyncio.Task[None] | None:
        return self._ask(DOUBTFUL)

    def _ask(self, lifetime: timedelta) -> asyncio.Task[None] | None:
        """Who is being asked, if that is necessary; all who want to know share one question."""
        if self._asking is not None:
            return self._asking
        if self._now() - self._asked_at < lifetime:
            return None
        self._asked_at = self._now()
        self._asking = asyncio.create_task(self._listen())
        self._asking.add_done_callback(self._forget)
        return self._asking

    def _forget(self, _task: asyncio.Task[None]) -> None:
        self._asking = None

    async def _listen(self) -> None:
        before = self.port
        if await self._answers():
            self.port = Port.OPEN
        else:
            self.port, self._failed_at = Port.CLOSED, self._now()
        if self.port is not before and (before, self.port) != (Port.UNKNOWN, Port.OPEN):
            _LOG.warning("port 25 is %s: the canary is %s", self.port, self._host)

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                addresses = await self._addresses()
        except TimeoutError:
            return False
        asked = [asyncio.create_task(self._greets(address)) for address in addresses]
        try:
            for greeted in asyncio.as_completed(asked):
                if await greeted:
                    return True
        finally:
            for task in asked:
                task.cancel()
        return False

    async def _addresses(self) -> list[str]:
        if is_ip_address(self._host):
            return [self._host]
        resolve = self._network.resolver.resolve
        answers = await asyncio.gather(resolve(self._host, "A"), resolve(self._host, "AAAA"))
        found = [
            record.address
            for answer in answers
            for record in answer.records
            if isinstance(record, A | AAAA)
        ]
        return found[:_MOST_ADDRESSES]

    async def _greets(self, address: str) -> bool:
        network = self._network
        try:
            async with asyncio.timeout(_PATIENCE):
                stream = await network.connector.connect(address, network.smtp_port)
        except OSError:
            return False
        talk = Conversation(stream, network.client_name, _PATIENCE)
        try:
            greeting = await talk.greeting()
            return isinstance(greeting, Reply) and greeting.code == _READY
        finally:
            await talk.quit()


class _Watching:
    """A prober, and who is told of addresses that cannot be connected to."""

    def __init__(self, prober: Probing, doubt: Callable[[], object]) -> None:
        self._prober = prober
        self._doubt = doubt

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        seen, conversation = await self._prober.probe(probe, watch)
        if seen.first.stage is Stage.CONNECT and _is_no_connection(seen.first.finding):
            # Asked now, it answers while the next address is tried.
            self._doubt()
        return seen, conversation


def _none_connected(attempts: Sequence[Attempt]) -> bool:
    """Whether there were connections to be had, and none was."""
    reachable = [one for one in attempts if not _has(one, {"checker-unreachable"})]
    return bool(reachable) and all(_not_connected(attempt) for attempt in reachable)


def _is_no_connection(finding: Finding | None) -> bool:
    return finding is not None and finding.id in _NOT_CONNECTED


def _not_connected(attempt: Attempt) -> bool:
    return attempt.stage is Stage.CONNECT and any(map(_is_no_connection, attempt.findings))


def _has(attempt: Attempt, ids: set[str]) -> bool:
    return any(finding.id in ids for finding in attempt.findings)


def _excused(attempt: Attempt) -> Attempt:
    kept = [finding for finding in attempt.findings if finding.id not in _NOT_CONNECTED]
    if len(kept) == len(attempt.findings):
        return attempt
    return replace(attempt, findings=(Finding("checker-unreachable", cause=Cause.PORT_25), *kept))
