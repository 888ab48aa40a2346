"""Who comes for a check: let in, answered, counted, and seen off."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace

from checker.check import Answer, Checker, Through
from checker.delivery.walk import Step, ignore
from checker.faults import describe
from checker.function.descriptors import UsedUp
from checker.function.errors import OUR_FAULT, HttpError
from checker.function.guard.guard import Guard
from checker.function.metrics import Metrics, PrometheusMetrics
from checker.function.options import Options
from checker.function.request import CheckRequest
from checker.tell.answer import Json

_LOG = logging.getLogger(__name__)


class Visits:
    """All of one function, with the one checker that serves them."""

    def __init__(self, checker: Checker, options: Options) -> None:
        """Expect visitors.

        Args:
            checker: Does the checks.
            options: How strictly they are let in, and where they are counted.

        Raises:
            SettingsError: What is remembered of them cannot be kept where the options say.
        """
        self._checker = checker
        self._guard = Guard(options.guard, checker.resolver, checker.circumstances)
        self._metrics = Metrics()
        if options.metrics is not None:
            self._metrics = PrometheusMetrics(options.metrics, checker.canary)

    @contextlib.asynccontextmanager
    async def expected(self) -> AsyncIterator[None]:
        """They may come meanwhile."""
        asyncio.get_running_loop().set_exception_handler(UsedUp())
        self._guard.entrance.make_room()
        forgetting = asyncio.create_task(self._guard.forget())
        async with self._metrics.serving():
            yield
        forgetting.cancel()
        await self._checker.close()
        await self._guard.close()

    async def enter(
        self, peer: str | None, forwarded: Sequence[str], asked: CheckRequest
    ) -> "Visit":
        """Let one in.

        Args:
            peer: IP address at the other end of the connection; none where it has no address.
            forwarded: The values of all X-Forwarded-For headers, in order.
            asked: What for.

        Returns:
            The visit, to be left in any case.

        Raises:
            HttpError: It is not to be now.
        """
        client = self._guard.entrance.client(peer, forwarded)
        await self._guard.entrance.enter(client)
        return Visit(self._checker, self._guard, self._metrics, client, asked)

    def refused(self, error: HttpError) -> None:
        """Count one that got this error."""
        self._metrics.refused(error)


class Visit:
    """One that was let in.

    Attributes:
        asked: What for.
    """

    def __init__(
        self, checker: Checker, guard: Guard, metrics: Metrics, client: str, asked: CheckRequest
    ) -> None:
        """Take what all visits share, and who comes for what."""
        self.asked = asked
        self._checker = checker
        self._guard = guard
        self._metrics = metrics
        self._client = client

    async def answer(self, watch: Callable[[Step], None] = ignore) -> Json:
        """The answer.

        Args:
            watch: Is told each step as it begins.

        Raises:
            HttpError: There is none, be it by a fault of ours.
        """
        try:
            with self._metrics.checking():
                answer = await self._guard.answering.answer(
                    self._client, self.asked, lambda through: self._check(watch, through)
                )
        except HttpError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is ours
            _LOG.error("a check failed: %s", describe(error))
            raise OUR_FAULT from None
        self._metrics.answered(answer)
        return answer

    def _check(self, watch: Callable[[Step], None], through: Through) -> Awaitable[Answer]:
        counted = replace(
            through, prober=lambda prober: self._metrics.through(through.prober(prober))
        )
        asked = self.asked
        return self._checker.check(
            asked.domain,
            asked.operator,
            watch,
            every=asked.every,
            also=asked.also,
            through=counted,
        )

    def leave(self) -> None:
        """It has ended."""
        self._guard.entrance.leave(self._client)
