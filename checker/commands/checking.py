"""What ``check`` does once everything that was asked for makes sense."""

import asyncio
import json
from dataclasses import dataclass

from checker.check import Answer, Checker
from checker.commands.shared import CONFIGURATION, complain, say
from checker.commands.watching import Pace, Teller, watch
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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        domain: What is checked.
        operator: Whose server is simulated.
        every: Look at all mail servers, and judge what was seen for other senders, too.
    """

    domain: Domain
    operator: Operator
    every: bool


def tell(settings: Settings, question: Question, *, as_json: bool) -> int:
    """Check a domain, print what came of it, and return the exit status.

    Args:
        settings: How the world is reached.
        question: What is asked.
        as_json: Print the whole answer as JSON.

    Raises:
        SettingsError: A setting names something that is not there.
        SystemExit: This host cannot act as that operator's server; that was said.
    """
    checker = checker_for(settings, question.operator)
    answer = asyncio.run(_check(checker, question))
    if as_json:
        say(json.dumps(to_json(answer), indent=2))
    else:
        say(*lines(answer))
    return _EXIT[answer.verdict.outcome]


def tell_again(settings: Settings, question: Question, pace: Pace, *, as_json: bool) -> int:
    """Check a domain until the mail would be delivered; return the exit status of the last look.

    Args:
        settings: How the world is reached.
        question: What is asked.
        pace: How often and how long.
        as_json: Print each answer as one line of JSON.

    Raises:
        KeyboardInterrupt: Somebody ended it before there was an answer.
        SettingsError: A setting names something that is not there.
        SystemExit: This host cannot act as that operator's server; that was said.
    """
    checker = checker_for(settings, question.operator)
    teller = Teller(as_json=as_json)
    try:
        last = asyncio.run(_watch(checker, question, teller, pace))
    except KeyboardInterrupt:
        if teller.last is None:
            raise
        last = teller.last
    return _EXIT[last.verdict.outcome]


def checker_for(settings: Settings, operator: Operator) -> Checker:
    """A checker that can act as an operator's server.

    Raises:
        SettingsError: A setting names something that is not there.
        SystemExit: This host cannot act as that server; that was said.
    """
    try:
        check_imitations([operator])
    except ImitationError as error:
        raise SystemExit(complain(str(error), CONFIGURATION)) from None
    checker = build_checker(settings)
    if checker.lacks_authorities(operator):
        places = ", ".join(map(str, checker.places))
        message = (
            f"no certificate authority is to be found, and {operator.title} asks for one: looked "
            f"at {places}; --ca-file names a file"
        )
        raise SystemExit(complain(message, CONFIGURATION))
    return checker


async def _look(checker: Checker, question: Question) -> Answer:
    every = question.every
    return await checker.check(question.domain, question.operator, every=every, also=every)


async def _check(checker: Checker, question: Question) -> Answer:
    answer = await _look(checker, question)
    await checker.close()
    return answer


async def _watch(checker: Checker, question: Question, teller: Teller, pace: Pace) -> Answer:
    try:
        return await watch(lambda: _look(checker, question), teller, pace)
    finally:
        await checker.close()
