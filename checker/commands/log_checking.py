"""What ``log --check`` does: it asks the checker of what a log cannot tell."""

import asyncio
from collections.abc import Iterable

from checker.check import Checker
from checker.commands.checking import checker_for
from checker.commands.shared import remark
from checker.delivery.verdict import Outcome
from checker.domain import DomainError, parse
from checker.operators import Operator
from checker.settings import Settings

_AT_ONCE = 8
_MANY = 500


def check(
    settings: Settings, operator: Operator, domains: Iterable[str]
) -> dict[str, dict[str, object]]:
    """Check domains, all of their mail servers.

    Args:
        settings: How the world is reached.
        operator: Whose server is simulated.
        domains: As the log names them.

    Returns:
        By domain the outcome and the ids of its decisive problems.

    Raises:
        SettingsError: A setting names something that is not there.
        SystemExit: This host cannot act as that operator's server; that was said.
    """
    listed = list(domains)
    if len(listed) > _MANY:
        remark(f"{len(listed)} domains are checked; this takes a while, and Ctrl-C ends it")
    return asyncio.run(_check_all(checker_for(settings, operator), operator, listed))


async def _check_all(
    checker: Checker, operator: Operator, domains: list[str]
) -> dict[str, dict[str, object]]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(domain: str) -> dict[str, object]:
        async with places:
            return await _check(checker, operator, domain)

    try:
        return dict(zip(domains, await asyncio.gather(*map(one, domains)), strict=True))
    finally:
        await checker.close()


async def _check(checker: Checker, operator: Operator, name: str) -> dict[str, object]:
    try:
        domain = parse(name)
    except DomainError:
        return {"outcome": str(Outcome.UNKNOWN), "problems": []}
    answer = await checker.check(domain, operator, every=True)
    verdict = answer.verdict
    return {
        "outcome": str(verdict.outcome),
        "problems": [one.id for one in verdict.troubles if one.decisive],
    }
