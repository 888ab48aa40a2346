"""What the checks of one function remember: in this process, or shared with other copies."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from checker.function.guard.counter import Counter, MemoryCounter
from checker.function.guard.store import MemoryStore, Store

_KEPT = 48_000_000
"""Characters of results; some thousand of the usual size."""


@dataclass(frozen=True, slots=True)
class State:
    """Where it is remembered.

    Attributes:
        counter: Counts what is limited.
        store: Keeps results.
        close: Ends the connections.
        forget: Drops what this process's memory holds although its time is over.
    """

    counter: Counter
    store: Store
    close: Callable[[], Awaitable[None]]
    forget: Callable[[], None]


def make_state(address: str | None) -> State:
    """Memory, or a Valkey or Redis server with this process's memory in reserve.

    Args:
        address: Of the server; none for memory.

    Raises:
        SettingsError: The address cannot be used, or the client library is not there.
    """
    counter, store = MemoryCounter(), MemoryStore(_KEPT)

    def forget() -> None:
        counter.forget()
        store.forget()

    if address is None:
        return State(counter, store, _nothing, forget)
    from checker.function.guard.shared import (  # noqa: PLC0415 - a cold start need not wait for it
        SharedCounter,
        SharedServer,
        SharedStore,
    )

    server = SharedServer(address)
    return State(SharedCounter(server, counter), SharedStore(server, store), server.close, forget)


async def _nothing() -> None:
    """Memory ends with the process."""
