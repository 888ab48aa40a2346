"""Each question to the DNS is asked once a run, however many domains lead to it."""

import asyncio
from collections import OrderedDict

from checker.network import DnsAnswer, DnsStatus, Resolver

_MOST = 20_000
"""Answers that are kept; of more, those that were asked for last."""

_KNOWN = {DnsStatus.ANSWER, DnsStatus.NO_DATA, DnsStatus.NAME_ERROR}
"""What else comes of a question may be over the next moment."""

_Question = tuple[str, str, bool]


class AskedOnce:
    """A resolver that keeps what another one said, and asks nothing twice at the same time."""

    def __init__(self, resolver: Resolver, most: int = _MOST) -> None:
        """Know nothing yet.

        Args:
            resolver: Asks the DNS.
            most: Answers to keep.
        """
        self._resolver = resolver
        self._most = most
        self._asked: OrderedDict[_Question, asyncio.Future[DnsAnswer]] = OrderedDict()

    async def resolve(
        self, name: str, record_type: str, *, checking_disabled: bool = False
    ) -> DnsAnswer:
        """Ask one question; see :class:`checker.network.Resolver`."""
        question = (name, record_type, checking_disabled)
        task = self._asked.get(question)
        if task is None:
            task = asyncio.ensure_future(
                self._resolver.resolve(name, record_type, checking_disabled=checking_disabled)
            )
            self._asked[question] = task
            if len(self._asked) > self._most:
                self._asked.popitem(last=False)
        else:
            self._asked.move_to_end(question)
            if task.done() and not task.cancelled() and task.exception() is None:
                return task.result()
        # Who no longer waits takes the answer from nobody else.
        try:
            answer = await asyncio.shield(task)
        except asyncio.CancelledError:
            raise
        except BaseException:
            self._forget(question, task)
            raise
        if answer.status not in _KNOWN:
            self._forget(question, task)
        return answer

    def _forget(self, question: _Question, task: asyncio.Future[DnsAnswer]) -> None:
        if self._asked.get(question) is task:
            del self._asked[question]
