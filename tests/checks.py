"""Every check of the lab's table, made once for all tests that look at an answer."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checker import operators
from checker.check import Answer, Checker
from checker.domain import parse
from checker.operators import Operator
from checker.production import build_checker
from checker.settings import FUNCTION_TIMEOUT, Settings
from tests.lab import Lab
from tests.lab.domains import DOMAINS
from tests.lab.model import LabDomain
from tests.lab.servers import RUNNING
from tests.lab.traffic import Traffic

# Most of the time is spent waiting for servers that are silent.
_AT_ONCE = 24
_SLOW = {"connection-timeout", "dns-failure", "sts-policy-fetch-error"}
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Table:
    """The answers of all checks, and what the lab's mail servers saw of them.

    Attributes:
        answers: By domain and operator.
        seconds: How long each check took.
        traffic: What clients did to each mail server, by its name.
    """

    answers: dict[tuple[str, str], Answer]
    seconds: dict[tuple[str, str], float]
    traffic: dict[str, Traffic]


def settings_of(lab: Lab) -> Settings:
    """Everything as in production, but for where the lab stands."""
    return Settings(
        resolver=lab.resolver,
        smtp_port=lab.smtp_port,
        allow_network=lab.allow_network,
        ca_file=lab.ca_file,
        ehlo_name="checker.test",
        total_timeout=FUNCTION_TIMEOUT,
    )


def check_all(lab: Lab) -> Table:
    """Check every domain of the lab for every operator of its row."""
    before = _traffic(lab)
    answers, seconds = asyncio.run(_check_all(build_checker(settings_of(lab))))
    deadline = time.monotonic() + _PATIENCE
    while not _is_at_rest(after := _traffic(lab)) and time.monotonic() < deadline:
        time.sleep(0.1)
    traffic = {
        name: Traffic(
            after[name].connections - before[name].connections,
            Counter(after[name].commands - before[name].commands),
        )
        for name in after
    }
    return Table(answers, seconds, traffic)


async def _check_all(
    checker: Checker,
) -> tuple[dict[tuple[str, str], Answer], dict[tuple[str, str], float]]:
    known = operators.load_all()
    for path in sorted((Path(__file__).with_name("lab") / "operators").glob("*.toml")):
        known[path.stem] = operators.load_file(path)
    answers: dict[tuple[str, str], Answer] = {}
    seconds: dict[tuple[str, str], float] = {}
    free = asyncio.Semaphore(_AT_ONCE)

    async def check(row: LabDomain, operator: Operator) -> None:
        async with free:
            begun = time.monotonic()
            answer = await checker.check(parse(row.address), operator)
            seconds[row.domain, operator.name] = time.monotonic() - begun
            answers[row.domain, operator.name] = answer

    async with asyncio.TaskGroup() as tasks:
        for row in _slowest_first(DOMAINS):
            for name in row.expected:
                tasks.create_task(check(row, known[name]))
    await checker.close()
    return answers, seconds


def _slowest_first(rows: Iterable[LabDomain]) -> list[LabDomain]:
    return sorted(rows, key=lambda row: row.expected["careful"][1] not in _SLOW)


def _traffic(lab: Lab) -> dict[str, Traffic]:
    return {server.id: lab.traffic(server.id) for server in RUNNING}


def _is_at_rest(traffic: dict[str, Traffic]) -> bool:
    """Whether Postfix has told of every connection how it ended."""
    return all(
        seen.commands["QUIT"] >= seen.connections
        for name, seen in traffic.items()
        if name.endswith(("healthy.test", "wildcard.test", "implicit-mx.test"))
    )
