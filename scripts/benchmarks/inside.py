"""The checker as a library, in this process: what it takes where nothing has to start."""

import asyncio
import time
from collections.abc import Callable

from checker import operators
from checker.check import Answer, Checker
from checker.domain import parse
from scripts.benchmarks.cases import Case, Fault
from scripts.benchmarks.measure import Run
from scripts.benchmarks.peers import PROBLEMS
from scripts.benchmarks.place import Place
from scripts.benchmarks.slow_dns import slow_dns

FLIGHTS = 7
"""In a row: MX; addresses; greeting; EHLO; STARTTLS; one flight of TLS 1.3; EHLO inside."""

_FLOOR_CHECKS = 9
_SLOW = "held-replies.test"


class Inside:
    """A checker that has been running for a while."""

    name = "checker (in process)"

    def __init__(self, place: Place, loop: asyncio.Runner) -> None:
        """Load the authorities and do a first check."""
        self._loop = loop
        self._place = place
        self._operator = operators.load("careful")
        self._checker = self._within(place.checker)
        self.look("healthy.test")

    def run(self, case: Case) -> Run:
        """Check a domain once; the output is the decisive problem."""
        answer, wall, cpu = self.look(case.domain)
        return Run(wall, cpu, answer.verdict.troubles[0].id)

    @staticmethod
    def diagnosis(run: Run) -> Fault | None:
        """What was found."""
        return PROBLEMS.get(run.output)

    def look(self, domain: str, checker: Checker | None = None) -> tuple[Answer, float, float]:
        """Check a domain; how long it took, and the processor time."""

        async def check() -> tuple[Answer, float, float]:
            used = checker or self._checker
            began, cpu = time.perf_counter(), time.process_time()
            answer = await used.check(parse(domain), self._operator)
            times = time.perf_counter() - began, time.process_time() - cpu
            await used.close()
            return answer, *times

        return self._loop.run(check())

    def floor(self, hold: float) -> list[float]:
        """The times of checks where every reply is held, each over what cannot be avoided."""

        async def check() -> list[float]:
            async with slow_dns(self._place.resolver, hold) as resolver:
                checker = self._place.checker(resolver)
                times = []
                for _ in range(_FLOOR_CHECKS + 1):
                    began = time.perf_counter()
                    answer = await checker.check(parse(_SLOW), self._operator)
                    times.append(time.perf_counter() - began)
                    if answer.verdict.troubles[0].id != "no-problem-found":
                        raise RuntimeError(f"{_SLOW}: {answer.verdict}")
                await checker.close()
                # The first one has the resolver ask, too.
                return times[1:]

        return [wall / (FLIGHTS * hold) for wall in self._loop.run(check())]

    def _within(self, make: Callable[[], Checker]) -> Checker:
        async def made() -> Checker:
            return make()

        return self._loop.run(made())
