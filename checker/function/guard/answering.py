"""Answers with a check, as far as the limits allow one, or with what is known already."""

from collections.abc import Awaitable, Callable

from checker.check import Answer, Through
from checker.delivery.verdict import Outcome
from checker.function.errors import opted_out, too_many_checks
from checker.function.guard.between import Between
from checker.function.guard.last_answers import LastAnswers
from checker.function.guard.opt_out import OptOuts
from checker.function.guard.rations import Ration, Rations
from checker.function.guard.unasked import all_left_alone, is_rationed
from checker.function.request import CheckRequest
from checker.tell.answer import Json, to_json

Check = Callable[[Through], Awaitable[Answer]]
"""Does a check, through what it is given."""


class Answering:
    """Answers requests that were let in."""

    def __init__(
        self, opt_outs: OptOuts, rations: Rations, between: Between, last_answers: LastAnswers
    ) -> None:
        """Take what all requests share.

        Args:
            opt_outs: Whom to leave alone.
            rations: How much each may look at.
            between: What its check goes through.
            last_answers: What it gets where there is to be no check.
        """
        self._opt_outs = opt_outs
        self._rations = rations
        self._between = between
        self._last_answers = last_answers

    async def answer(self, client: str, asked: CheckRequest, check: Check) -> Json:
        """Answer a request.

        Args:
            client: Who asks.
            asked: What for.
            check: Does the check, through what it is given.

        Returns:
            The JSON object of the answer; it tells its age and, where a new look was wished for
            and an older one had to do, after how many seconds there may be one.

        Raises:
            HttpError: The owner of the domain wants no checks, or that of each mail server that
                would be tried; or there are too many checks to begin one more, or were too many of
                a mail server of which nothing is known.
        """
        domain = asked.domain.ascii
        if self._opt_outs.name(domain):
            raise opted_out()
        ration = await self._rations.ration(client, domain, fresh=asked.fresh)
        if ration.older and (last := await self._last_answers.find(asked)):
            return last | _wait(asked, ration)
        checked = await check(self._between.through(ration))
        if all_left_alone(checked.attempts):
            raise opted_out()
        if checked.verdict.outcome is Outcome.UNKNOWN and is_rationed(checked):
            raise too_many_checks(ration.retry_after)
        answer = to_json(checked)
        await self._last_answers.keep(asked, answer)
        is_new = not is_rationed(checked) and all(
            attempt.checked_at is None or attempt.checked_at >= checked.checked_at
            for attempt in checked.attempts
        )
        return answer if is_new else answer | _wait(asked, ration)


def _wait(asked: CheckRequest, ration: Ration) -> Json:
    return {"retry_after": ration.new_after} if asked.fresh and ration.new_after else {}
