"""Counts for Prometheus, on a listener of their own: no domain, no address, no client in them."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import nan

from starlette.concurrency import run_in_threadpool

from checker.canary import Canary
from checker.conversation.probe import Probe, Probing, Watch
from checker.conversation.smtp import Conversation
from checker.facts import Port, Seen
from checker.function.errors import HttpError
from checker.function.pauses import Pauses
from checker.settings import PREFIX, SettingsError
from checker.tell.answer import Json

VARIABLE = f"{PREFIX}METRICS"

_ADDRESS = re.compile(r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\s]+)):(?P<port>[0-9]{1,5})")
_HIGHEST_PORT = 65_535
_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0)

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the metrics can be fetched.

    Attributes:
        host: IP address or host name to listen on.
        port: TCP port.
    """

    host: str
    port: int


def read_listener(environment: Mapping[str, str]) -> Listener | None:
    """Read CHECKER_METRICS, such as ``127.0.0.1:9025``; none where it is not set.

    Raises:
        SettingsError: It is no address with a port.
    """
    text = environment.get(VARIABLE, "").strip()
    if not text:
        return None
    match = _ADDRESS.fullmatch(text)
    if match is None or not 1 <= int(match["port"]) <= _HIGHEST_PORT:
        raise SettingsError(f"{VARIABLE}: must be like 127.0.0.1:9025, not {text!r}")
    return Listener(match["ipv6"] or match["host"], int(match["port"]))


class Metrics:
    """What the function tells of its work. This one keeps nothing."""

    @contextlib.contextmanager
    def checking(self) -> Iterator[None]:
        """A check goes on."""
        yield

    def answered(self, answer: Json) -> None:
        """A check has ended with this answer."""

    def refused(self, error: HttpError) -> None:
        """A request got this error."""

    def through(self, prober: Probing) -> Probing:
        """A prober whose results are counted."""
        return prober

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Can be fetched meanwhile."""
        yield


class PrometheusMetrics(Metrics):
    """Keeps counts, and lets Prometheus fetch them."""

    def __init__(self, listener: Listener, canary: Canary | None) -> None:
        """Begin at zero.

        Args:
            listener: Where to listen.
            canary: Knows whether port 25 is open here.
        """
        # Not at the top: a cold start need not wait for it.
        from prometheus_client import (  # noqa: PLC0415
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            ProcessCollector,
            disable_created_metrics,
        )

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._listener = listener
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._checks = Counter(
            "zustellbar_checks",
            "Checks by sender, outcome and decisive problem.",
            ["operator", "outcome", "problem"],
            registry=registry,
        )
        self._seconds = Histogram(
            "zustellbar_check_duration_seconds",
            "How long checks took.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._running = Gauge(
            "zustellbar_checks_running", "Checks that go on just now.", registry=registry
        )
        self._refusals = Counter(
            "zustellbar_refusals",
            "Requests for a check that got an error, by its code or HTTP status.",
            ["code"],
            registry=registry,
        )
        self._addresses = Counter(
            "zustellbar_addresses",
            "Mail servers' addresses that checks asked for: looked at anew, or known already.",
            ["result"],
            registry=registry,
        )
        self._pauses = Pauses()
        pause = Gauge(
            "zustellbar_loop_longest_pause_seconds",
            "The longest time in the last minutes for which one thing kept all others waiting.",
            registry=registry,
        )
        pause.set_function(lambda: self._pauses.longest)
        if canary is not None:
            port = Gauge(
                "zustellbar_port_25_open",
                "1 if the canary answered when it was asked last, 0 if not; NaN before.",
                registry=registry,
            )
            port.set_function(lambda: _PORTS[canary.port])

    @contextlib.contextmanager
    def checking(self) -> Iterator[None]:
        """A check goes on."""
        with self._running.track_inprogress(), self._seconds.time():
            yield

    def answered(self, answer: Json) -> None:
        """A check has ended with this answer."""
        decisive = [problem["id"] for problem in answer["problems"] if problem["decisive"]]
        problem = decisive[0] if decisive else "none"
        self._checks.labels(answer["operator"], answer["outcome"], problem).inc()

    def refused(self, error: HttpError) -> None:
        """A request got this error."""
        self._refusals.labels(error.code or str(int(error.status))).inc()

    def through(self, prober: Probing) -> Probing:
        """A prober whose results are counted."""
        return _Counted(prober, lambda result: self._addresses.labels(result).inc())

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Can be fetched meanwhile; without, the function works all the same."""
        from prometheus_client import start_http_server  # noqa: PLC0415 - as above

        host, port = self._listener.host, self._listener.port
        try:
            server, thread = await run_in_threadpool(start_http_server, port, host, self._registry)
        except OSError as error:
            _LOG.error("no metrics: cannot listen on %s port %s: %s", host, port, error.strerror)
            yield
            return
        watching = asyncio.create_task(self._pauses.watch())
        try:
            yield
        finally:
            watching.cancel()
            await run_in_threadpool(server.shutdown)
            server.server_close()
            await run_in_threadpool(thread.join)


_PORTS = {Port.OPEN: 1.0, Port.CLOSED: 0.0, Port.UNKNOWN: nan}


class _Counted:
    """A prober, and who is told whether each result was new."""

    def __init__(self, prober: Probing, count: Callable[[str], None]) -> None:
        self._prober = prober
        self._count = count

    async def probe(self, probe: Probe, watch: Watch) -> tuple[Seen, Conversation | None]:
        asked_at = datetime.now(UTC)
        seen, conversation = await self._prober.probe(probe, watch)
        self._count("known" if seen.at < asked_at else "new")
        return seen, conversation
