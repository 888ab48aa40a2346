"""All that guards one function, put together."""

import asyncio
from collections.abc import Callable

from checker.function.guard.answering import Answering
from checker.function.guard.between import Between
from checker.function.guard.entrance import Entrance
from checker.function.guard.last_answers import LastAnswers
from checker.function.guard.options import GuardOptions
from checker.function.guard.rations import Rations
from checker.function.guard.state import make_state
from checker.network import Resolver

_OFTEN = 30.0
"""Seconds between two looks for what is to be forgotten."""


class Guard:
    """What all checks of one function share to stay within the limits.

    Attributes:
        entrance: Lets them begin.
        answering: Answers those that were let in.
    """

    def __init__(
        self, options: GuardOptions, resolver: Resolver, circumstances: Callable[[], str] = str
    ) -> None:
        """Start with what is remembered.

        Args:
            options: The limits.
            resolver: Is asked whom to leave alone.
            circumstances: Tells what shapes every answer: what is kept under others does not count.

        Raises:
            SettingsError: The store cannot be used.
        """
        self._state = make_state(options.store)
        store = self._state.store
        rations = Rations(options, self._state.counter)
        between = Between(options, resolver, store, circumstances)
        last_answers = LastAnswers(store, circumstances)
        self.entrance = Entrance(options, self._state.counter)
        self.answering = Answering(options.opt_out, rations, between, last_answers)

    async def forget(self, every: float = _OFTEN) -> None:
        """Drop, again and again, what is kept longer than is told, also while nobody asks.

        Args:
            every: Seconds between.
        """
        while True:
            await asyncio.sleep(every)
            self._state.forget()

    async def close(self) -> None:
        """End the connections to the store."""
        await self._state.close()
