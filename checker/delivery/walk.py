"""Walks a route the way an operator's server would, until one address takes the mail."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from checker import faults
from checker.conversation.probe import Probing
from checker.delivery.effort import judged
from checker.delivery.habits import Consequence, Reaction, react
from checker.delivery.targets import Target, untried
from checker.facts import Attempt, Finding, Seen, our_fault
from checker.operators import Operator
from checker.problems import FLOODS, Cause, Stage

if TYPE_CHECKING:
    from checker.conversation.smtp import Conversation
    from checker.delivery.joining import Organizations

    Joining = Callable[[Operator, Target, Seen, Organizations], Attempt]

_MOST_FLOODS = 3
"""Addresses of one domain that flood; each costs as much as a dozen that do not."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that began just now.

    Attributes:
        stage: What began.
        target: With which address; none before the route is known.
    """

    stage: Stage
    target: Target | None = None


def ignore(_step: Step) -> None:
    """Nobody watches."""


class Delivery:
    """One walk; readable at any moment, also when time has run out.

    Attributes:
        attempts: What came of each address tried, in order.
        looks: What was seen, by host and address.
    """

    def __init__(
        self,
        operator: Operator,
        prober: Probing,
        organizations: "Organizations",
        watch: Callable[[Step], None],
        joining: "Joining | None" = None,
    ) -> None:
        """Prepare a walk.

        Args:
            operator: Whose server sends.
            prober: Looks at each address.
            organizations: Tells the organizations whose authorities are trusted.
            watch: Is told each step as it begins.
            joining: Says what came of an address; ``join`` unless given.
        """
        self.attempts: list[Attempt] = []
        self.looks: dict[tuple[str, str], Seen] = {}
        self._operator = operator
        self._prober = prober
        self._organizations = organizations
        self._watch = watch
        self._joining = joining
        self._open: list[Conversation] = []

    async def run(self, targets: Sequence[Target], *, every: bool = False) -> None:
        """Try the addresses in turn until one takes the mail, or the server would give up.

        Mail servers of the same preference, and addresses of one name, are picked in any order:
        another one might have been asked instead of the one that decides, so each of them is asked.

        Args:
            targets: The addresses in order.
            every: Look at the remaining addresses as well.
        """
        decided: int | None = None
        for target in targets:
            if decided is not None and not every and target.server.preference != decided:
                return
            # Never two connections at once to one host, which may have several addresses.
            await self.take_leave()
            if self._is_flooded():
                self._cut_off(target, Stage.CONNECT, datetime.now(UTC))
                return
            reaction = await self._try(target)
            if reaction.consequence is not Consequence.NEXT and decided is None:
                decided = target.server.preference

    async def take_leave(self) -> None:
        """End the conversations that are still open; an answer need not wait for this."""
        leaving, self._open = self._open, []
        parting = (conversation.quit() for conversation in leaving)
        for fault in await asyncio.gather(*parting, return_exceptions=True):
            if isinstance(fault, Exception):
                faults.note("no leave could be taken of an address", fault)

    async def _try(self, target: Target) -> Reaction:
        attempt = await self._attempt(target)
        reaction = react(self._operator, attempt)
        self.attempts.append(replace(attempt, stage=reaction.stage))
        return reaction

    async def _attempt(self, target: Target) -> Attempt:
        stage, began = Stage.CONNECT, datetime.now(UTC)
        if target.refused:
            return untried(target, stage, target.findings, began)

        def note(begun: Stage) -> None:
            nonlocal stage
            stage = begun
            self._watch(Step(begun, target))

        try:
            seen, conversation = await self._prober.probe(target.probe, note)
            if conversation is not None:
                self._open.append(conversation)
            self.looks[target.probe.host, target.probe.address] = seen
            # Not every domain has an address that is reached, and to read certificates loads much.
            from checker.delivery.joining import join  # noqa: PLC0415

            joining = self._joining or join
            judging = partial(joining, self._operator, target, seen, self._organizations)
            return await judged([seen], [target.server], judging)
        except asyncio.CancelledError:
            self._cut_off(target, stage, began)
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, other addresses are no worse
            faults.note("an address could not be looked at", error)
            return untried(target, stage, (our_fault(),), began)

    def _is_flooded(self) -> bool:
        """Whether there is no more time for a domain that has spent it on floods."""
        floods = [
            attempt
            for attempt in self.attempts
            if any(finding.cause in FLOODS for finding in attempt.findings)
        ]
        return len(floods) >= _MOST_FLOODS

    def _cut_off(self, target: Target, stage: Stage, began: datetime) -> None:
        finding = Finding("connection-timeout", {"stage": str(stage)}, Cause.DEADLINE)
        self.attempts.append(untried(target, stage, (finding,), began))
