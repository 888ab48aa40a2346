"""The last answer for each domain, in case that a limit lets no other be had."""

import hashlib
import json
from collections.abc import Callable

from checker.function.guard.store import LAST, Store
from checker.function.request import CheckRequest
from checker.tell.answer import Json

_KEYS = {"domain", "operator", "outcome", "disposition", "problems", "attempts", "checked_at"}


class LastAnswers:
    """Keeps them as they were given."""

    def __init__(self, store: Store, circumstances: Callable[[], str]) -> None:
        """Take where they are kept.

        Args:
            store: Keeps them.
            circumstances: Tells what shapes every answer: what is kept under others does not count.
        """
        self._store = store
        self._circumstances = circumstances

    async def find(self, asked: CheckRequest) -> Json | None:
        """The last one for such a request, where one is kept that can be read."""
        text = await self._store.get(self._key(asked))
        try:
            answer = json.loads(text or "")
        except ValueError:
            return None
        return answer if isinstance(answer, dict) and answer.keys() >= _KEYS else None

    async def keep(self, asked: CheckRequest, answer: Json) -> None:
        """Keep one."""
        await self._store.put(self._key(asked), json.dumps(answer), LAST)

    def _key(self, asked: CheckRequest) -> str:
        shaping = f"{asked.every} {asked.also} {asked.operator!r} {self._circumstances()}"
        return f"answer:{asked.domain.ascii} {hashlib.sha256(shaping.encode()).hexdigest()}"
