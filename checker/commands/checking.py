"""What ``check`` does once everything that was asked for makes sense."""

import asyncio
import json

from checker.check import Answer, Checker
from checker.commands.shared import CONFIGURATION, complain, say
from checker.conversation.imitation import ImitationError
from checker.delivery.verdict import Outcome
from checker.domain import Domain
from checker.operators import Operator
from checker.production import build_checker, check_imitations
from checker.settings import Settings
from checker.tell.answer import to_json
from checker.tell.lines import lines

_EXIT = {
    Outcome.DELIVERS: 0,
    Outcome.DELIVERS_WITH_WARNINGS: 0,
    Outcome.FAILS: 1,
    Outcome.UNKNOWN: 2,
}


def tell(
    settings: Settings, domain: Domain, operator: Operator, *, every: bool, as_json: bool
) -> int:
    """Check a domain, print what came of it, and return the exit status.

    Args:
        settings: How the world is reached.
        domain: What is checked.
        operator: Whose server is simulated.
        every: Look at all mail servers, and judge what was seen for other senders, too.
        as_json: Print the whole answer as JSON.

    Raises:
        SettingsError: A setting names something that is not there.
    """
    try:
        check_imitations([operator])
    except ImitationError as error:
        return complain(str(error), CONFIGURATION)
    checker = build_checker(settings)
    if checker.lacks_authorities(operator):
        places = ", ".join(map(str, checker.places))
        return complain(
            f"no certificate authority is to be found, and {operator.title} asks for one: looked "
            f"at {places}; --ca-file names a file",
            CONFIGURATION,
        )
    answer = asyncio.run(_check(checker, domain, operator, every=every))
    if as_json:
        say(json.dumps(to_json(answer), indent=2))
    else:
        say(*lines(answer))
    return _EXIT[answer.verdict.outcome]


async def _check(checker: Checker, domain: Domain, operator: Operator, *, every: bool) -> Answer:
    answer = await checker.check(domain, operator, every=every, also=every)
    await checker.close()
    return answer
