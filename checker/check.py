"""A whole check: a typed domain becomes a route, attempts, a verdict and an answer."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from checker.conversation.probe import Probing
from checker.conversation.prober import Prober
from checker.conversation.trust import Trust
from checker.delivery.effort import judged
from checker.delivery.targets import targets
from checker.delivery.verdict import Verdict, decide
from checker.delivery.walk import Delivery, Step, ignore
from checker.domain import Domain
from checker.facts import (
    Attempt,
    Evidence,
    Finding,
    Route,
    RouteKind,
    StsPolicy,
    Validation,
    our_fault,
)
from checker.faults import contain, note
from checker.network import Network, Resolver, StsFetcher
from checker.operators import DANE_LEVELS, VERIFYING_LEVELS, Operator
from checker.problems import Cause, Stage
from checker.route import mta_sts
from checker.route.mail_servers import find_route
from checker.route.mta_sts import find_policy
from checker.route.validation import find_validation

if TYPE_CHECKING:
    from checker.canary import Canary
    from checker.delivery.others import Also
    from checker.delivery.walk import Joining

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check found.

    Attributes:
        domain: What was checked.
        operator: Whose server was simulated.
        checked_at: When the check began.
        ehlo_name: What was said to mail servers in EHLO (RFC 5321 section 4.1.1.1).
        route: The domain's mail servers.
        attempts: What came of each address.
        verdict: What would become of a mail.
        also: Other senders that would not deliver it, where that was asked for.
    """

    domain: Domain
    operator: Operator
    checked_at: datetime
    ehlo_name: str
    route: Route
    attempts: tuple[Attempt, ...]
    verdict: Verdict
    also: "tuple[Also, ...]" = ()

    @property
    def assumed(self) -> tuple[str, ...]:
        """Dotted keys of what the operator does not state about a mail that fares like this."""
        return self.operator.assumed_at(self.verdict.troubles[0].id)


def _itself(other: T) -> T:
    """Nothing stands between."""
    return other


async def _at_once() -> None:
    """There is time."""


@dataclass(frozen=True, slots=True)
class Through:
    """What stands between a check and the world.

    Attributes:
        prober: Puts something before what tries the addresses.
        fetcher: Puts something before what fetches policies.
        begin: Waits until there is time for the check.
        timeout: Ends it after so many seconds; asyncio's own, or one that stands still at times.
        joining: Says what came of an address; unless given, that is worked out anew each time.
    """

    prober: Callable[[Probing], Probing] = _itself
    fetcher: Callable[[StsFetcher], StsFetcher] = _itself
    begin: Callable[[], Awaitable[None]] = _at_once
    timeout: Callable[[float], asyncio.Timeout] = asyncio.timeout
    joining: "Joining | None" = None


_DIRECT = Through()

_BY_AUTHORITIES = {"certificate-not-trusted", "certificate-chain-incomplete"}


class Checker:
    """Checks domains through one network, with one set of certificate authorities.

    Attributes:
        canary: Tells whether port 25 is open here.
    """

    def __init__(self, network: Network, trust: Trust, canary: "Canary | None" = None) -> None:
        """Take what all checks share.

        Args:
            network: The outside world.
            trust: The certificate authorities.
            canary: Tells whether port 25 is open here; without it that is never doubted.
        """
        self.canary = canary
        self._network = network
        self._trust = trust
        self._prober = Prober(network, trust)
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def resolver(self) -> Resolver:
        """Asks the DNS."""
        return self._network.resolver

    @property
    def places(self) -> Sequence[Path]:
        """Where certificate authorities are looked for."""
        return self._trust.places

    @property
    def has_authorities(self) -> bool:
        """Whether any is believed."""
        return not self._trust.is_empty()

    def lacks_authorities(self, operator: Operator) -> bool:
        """Whether an operator needs certificate authorities, and there is none."""
        needs = operator.tls.level in VERIFYING_LEVELS or operator.tls.mta_sts
        return needs and self._trust.is_empty()

    def circumstances(self) -> str:
        """Hexadecimal digits that change with what shapes every answer, whatever is asked for."""
        network = self._network
        shaping = [
            (network.smtp_port, network.client_name, astuple(network.limits)),
            self._trust.fingerprint(),
        ]
        return hashlib.sha256(json.dumps(shaping).encode()).hexdigest()

    async def check(  # noqa: PLR0913 - everything that can be asked for
        self,
        domain: Domain,
        operator: Operator,
        watch: Callable[[Step], None] = ignore,
        *,
        every: bool = False,
        also: bool = False,
        through: Through = _DIRECT,
    ) -> Answer:
        """Do what the operator's server would do with a mail to the domain.

        Args:
            domain: The domain.
            operator: Whose server is simulated.
            watch: Is told each step as it begins.
            every: Look at all mail servers, also behind the first that takes the mail.
            also: Judge what was seen for other senders, too.
            through: What stands between the check and the world.

        Returns:
            The answer, within the network's total limit of seconds: what is not known by then is
            told as a time-out.
        """
        began = datetime.now(UTC)
        fetcher = through.fetcher(self._network.sts_fetcher)
        network = replace(self._network, sts_fetcher=fetcher)
        prober = through.prober(self._prober)
        if self.canary is not None:
            prober = self.canary.watching(prober)
        organizations = self._trust.organizations
        delivery = Delivery(operator, prober, organizations, watch, through.joining)
        route = _unanswered(domain)
        try:
            async with through.timeout(self._network.limits.total):
                await through.begin()
                async with asyncio.TaskGroup() as tasks:
                    watch(Step(Stage.ROUTE))
                    policy = tasks.create_task(_find_policy(domain, network))
                    signatures = tasks.create_task(self._signatures(domain, operator))
                    route = _doubtful(await _find_route(domain, self._network), await signatures)
                    if self.lacks_authorities(operator):
                        route = _with_fault(route, Cause.NO_AUTHORITIES)
                    if operator.tls.mta_sts:
                        route = mta_sts.apply(route, await policy)
                    await delivery.run(targets(operator, route), every=every)
                    if self.canary is not None:
                        await self.canary.settle(delivery.attempts)
                    if not operator.tls.mta_sts and not _is_ours(found := await policy):
                        # Told all the same, but nobody waits for it before the servers are asked.
                        route = mta_sts.apply(route, found)
        except TimeoutError:
            # The deadline is ours; what was seen until then still counts.
            pass
        except ExceptionGroup as group:
            note("a check could not go on", group.exceptions[0])
            route = _missed(domain)
        finally:
            self._take_leave(delivery)
        attempts = self._excused(delivery.attempts)
        verdict, others = await contain(
            "what was seen could not be judged",
            self._judge(operator, route, attempts, delivery, also=also),
            lambda: (decide(operator, _missed(domain), ()), ()),
        )
        name = self._network.client_name
        return Answer(domain, operator, began, name, route, attempts, verdict, others)

    def _excused(self, attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
        """The attempts, without what is by our own fault alone."""
        if self._trust.is_empty():
            attempts = list(map(_unjudged, attempts))
        if self.canary is not None:
            attempts = self.canary.excuse(attempts)
        return tuple(attempts)

    async def _judge(
        self,
        operator: Operator,
        route: Route,
        attempts: Sequence[Attempt],
        delivery: Delivery,
        *,
        also: bool,
    ) -> "tuple[Verdict, tuple[Also, ...]]":
        # What reads certificates loads slowly, and a name that does not exist needs none of it.
        from checker.delivery.others import refused_by_others, with_doubt  # noqa: PLC0415

        organizations, looks = self._trust.organizations, delivery.looks
        verdict = decide(operator, route, attempts)

        def judge() -> "tuple[Verdict, tuple[Also, ...]]":
            doubted = with_doubt(operator, route, verdict, looks, organizations)
            if not also:
                return doubted, ()
            return doubted, refused_by_others(operator, route, looks, organizations)

        return await judged(looks.values(), route.mail_servers, judge)

    async def _signatures(self, domain: Domain, operator: Operator) -> Validation:
        """Whether signatures are validated, where that matters to an operator."""
        if operator.tls.level not in DANE_LEVELS:
            return Validation.UNKNOWN
        return await contain(
            "nobody knows whether signatures are validated",
            find_validation(self._network.resolver, domain.ascii),
            lambda: Validation.UNKNOWN,
        )

    def _take_leave(self, delivery: Delivery) -> None:
        task = asyncio.create_task(delivery.take_leave())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Wait until every server has been said good-bye to."""
        if self.canary is not None:
            await self.canary.close()
        await asyncio.gather(*self._leaving)


async def _find_route(domain: Domain, network: Network) -> Route:
    route = find_route(domain.ascii, network)
    return await contain("a route could not be found", route, partial(_missed, domain))


async def _find_policy(domain: Domain, network: Network) -> StsPolicy | Finding | None:
    policy = find_policy(domain.ascii, network)
    return await contain("a policy could not be looked for", policy, our_fault)


def _is_ours(found: object) -> bool:
    """Whether it is by our own fault that a policy is not known."""
    return isinstance(found, Finding) and found.id == "checker-unreachable"


def _doubtful(route: Route, signatures: Validation) -> Route:
    """A route, and that nobody can tell what DANE asks there if signatures are not validated."""
    if signatures is not Validation.NOT_VALIDATED:
        return route
    return _with_fault(route, Cause.NOT_VALIDATING)


def _with_fault(route: Route, cause: Cause) -> Route:
    """A route to mail servers of which nobody here can tell what becomes of a mail."""
    if not route.mail_servers:
        return route
    finding = Finding("checker-unreachable", cause=cause)
    return replace(route, findings=(*route.findings, finding))


def _unjudged(attempt: Attempt) -> Attempt:
    """An attempt without what only authorities could tell."""
    findings = tuple(one for one in attempt.findings if one.id not in _BY_AUTHORITIES)
    return replace(attempt, findings=findings)


def _missed(domain: Domain) -> Route:
    """A route that was not found by a fault of ours."""
    return Route(domain.ascii, RouteKind.FAILED, findings=(our_fault(),))


def _unanswered(domain: Domain) -> Route:
    evidence: Evidence = {"name": domain.ascii, "record_type": "MX", "cause": "timeout"}
    finding = Finding("dns-failure", evidence)
    return Route(domain.ascii, RouteKind.FAILED, findings=(finding,))
