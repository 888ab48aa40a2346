"""The workers of a Dask cluster, which take all looks of a run.

The routes are found, and all is judged and committed, where the command runs. A worker has up to
fifty looks at a time, each when its host's turn has come: so no two workers meet one host at the
same time, and no more than those are asked again if it dies. Nothing of a list is in a task's key,
or in what a scheduler or a worker logs.
"""

import asyncio
import concurrent.futures
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import checker
from checker.bulk.desk import Broken, Order, Parcel, Proved, serve
from checker.bulk.domains import World
from checker.bulk.looker import LostError, UnfitError
from checker.bulk.lookers import Lookers
from checker.bulk.looks import Job, Looked

BATCH = 50
"""Looks that a worker has at a time."""

_OFTEN = 0.5
"""Seconds between two questions who is there."""

_PATIENCE = 10.0
"""Seconds for the scheduler to answer."""

_SILENCE = 120.0
"""Seconds for a worker to take an order; a cluster may do other work as well."""


class ClusterError(Exception):
    """The cluster cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Tls:
    """How the cluster is spoken to over TLS, as Dask has it: files in PEM.

    Attributes:
        ca_file: The authority of the cluster.
        cert: The client's certificate.
        key: Its key, where that is not in the same file.
    """

    ca_file: Path
    cert: Path
    key: Path | None = None


@dataclass(slots=True)
class Cluster:
    """A cluster that exists already.

    Attributes:
        scheduler: Its address.
        make: Makes what a worker looks with.
        remark: Is told what people should know.
        tls: How it is spoken to; as Dask's own settings say unless given.
    """

    scheduler: str
    make: Callable[[], World]
    remark: Callable[[str], None]
    tls: Tls | None = None
    _run: str = field(default_factory=lambda: secrets.token_hex(8))
    _workers: "dict[str, _Worker]" = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _is_lonely: bool = False

    @asynccontextmanager
    async def joined(self, lookers: Lookers) -> AsyncIterator[None]:
        """Let its workers take looks inside, whenever they come and go.

        Args:
            lookers: Where each is added that has proved that its port 25 is open.

        Raises:
            ClusterError: The scheduler cannot be reached, or TLS files cannot be read.
        """
        client = await self._connected()
        watching = asyncio.create_task(self._watch(client, lookers))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait({watching})
            await asyncio.gather(*(worker.close() for worker in self._workers.values()))

    async def _connected(self) -> Any:  # noqa: ANN401 - distributed has no types
        # It loads slowly, and most runs need none of it.
        from distributed import Client, Security  # noqa: PLC0415

        try:
            given: dict[str, object] = {}
            if self.tls is not None:
                given["security"] = Security(  # type: ignore[no-untyped-call]
                    tls_ca_file=str(self.tls.ca_file),
                    tls_client_cert=str(self.tls.cert),
                    tls_client_key=str(self.tls.key or self.tls.cert),
                    require_encryption=True,
                )
            client: Any = Client(  # type: ignore[no-untyped-call]
                self.scheduler,
                asynchronous=True,
                set_as_default=False,
                timeout=_PATIENCE,
                name="zustellbar",
                **given,
            )
            try:
                return await client
            except BaseException:
                with suppress(Exception):
                    await client.close()
                raise
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise ClusterError(f"--scheduler {self.scheduler}: {error}") from error

    async def _watch(self, client: Any, lookers: Lookers) -> None:  # noqa: ANN401 - as above
        try:
            while True:
                if client.status in {"closed", "closing"}:
                    with suppress(ClusterError):
                        client = await self._connected()
                present = await self._present(client)
                if present is not None:
                    self._compare(present, client, lookers)
                self._tell_whether_lonely()
                await asyncio.sleep(_OFTEN)
        finally:
            with suppress(Exception):
                await client.close()

    async def _present(self, client: Any) -> set[str] | None:  # noqa: ANN401 - as above
        """The addresses of the workers; none where the scheduler does not tell."""
        try:
            async with asyncio.timeout(_PATIENCE):
                identity = await client.scheduler.identity(n_workers=-1)
        except Exception:  # noqa: BLE001 - whatever it is, it may be over the next moment
            return None
        return set(identity["workers"])

    def _compare(
        self,
        present: set[str],
        client: Any,  # noqa: ANN401 - as above
        lookers: Lookers,
    ) -> None:
        """Take note of who came and who left."""
        for address in self._workers.keys() - present:
            self._workers[address].lose("it has left the cluster")
        self._workers = {address: one for address, one in self._workers.items() if not one.is_lost}
        for address in sorted(present - self._workers.keys() - self._refused):
            worker = self._workers[address] = _Worker(client, address, self._run, self.make)
            # One that dies meanwhile would never answer, and is not to be waited for.
            worker.begin(self._welcome(worker, lookers))

    async def _welcome(self, worker: "_Worker", lookers: Lookers) -> None:
        """Let a worker take looks, if it can."""
        if await lookers.add(worker):
            await worker.serve()
        elif not worker.is_lost:
            self._refused.add(worker.address)

    def _tell_whether_lonely(self) -> None:
        is_lonely = self._workers.keys() <= self._refused
        if is_lonely and not self._is_lonely:
            self.remark(f"{self.scheduler}: no worker can be given looks; waiting for one")
        self._is_lonely = is_lonely


class _Worker:
    """One worker, as the client sees it."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - as above
        address: str,
        run: str,
        make: Callable[[], World],
    ) -> None:
        self.name = f"worker {address}"
        self._client = client
        self.address = address
        self._run = run
        self._make = make
        self._numbers = count(1)
        self._new: deque[tuple[int, Job]] = deque()
        self._asked: dict[int, asyncio.Future[Looked]] = {}
        self._wanted = asyncio.Event()
        self._lost = ""
        self._task: asyncio.Task[None] | None = None

    def begin(self, what: Coroutine[Any, Any, None]) -> None:
        """Begin what ends when it is lost."""
        self._task = asyncio.create_task(what)

    @property
    def is_lost(self) -> bool:
        """Whether it can be asked nothing more."""
        return bool(self._lost)

    async def prove(self) -> bool | None:
        """Whether its port 25 is open; none where there is no canary."""
        proved = await self._send(Order(self._run, self._make, prove=True))
        if not isinstance(proved, Proved):
            raise UnfitError(proved.why if isinstance(proved, Broken) else "it does not answer")
        if proved.version != checker.__version__:
            raise UnfitError(f"it has version {proved.version} of this program")
        return proved.is_open

    async def take(self, job: Job) -> Looked:
        """Take a look."""
        if self._lost:
            raise LostError(self._lost)
        number = next(self._numbers)
        waiting: asyncio.Future[Looked] = asyncio.get_running_loop().create_future()
        self._asked[number] = waiting
        self._new.append((number, job))
        self._wanted.set()
        try:
            return await waiting
        finally:
            self._asked.pop(number, None)

    def lose(self, why: str) -> None:
        """Let others do what it was asked for."""
        self._lost = why
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(LostError(why))

    async def close(self) -> None:
        """Ask no more of it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def serve(self) -> None:
        """Bring it looks, and take along what it has seen, until it is lost."""
        try:
            while True:
                if not self._asked:
                    self._wanted.clear()
                    await self._wanted.wait()
                asked = (number for number, one in self._asked.items() if not one.done())
                begun = frozenset(asked) - {number for number, _ in self._new}
                room = min(BATCH - len(begun), len(self._new))
                jobs = tuple(self._new.popleft() for _ in range(room))
                outcomes = await self._send(Order(self._run, self._make, jobs, begun))
                if isinstance(outcomes, Broken):
                    self.lose(outcomes.why)
                    return
                assert isinstance(outcomes, tuple)  # noqa: S101 - as a desk answers an order
                for number, outcome in outcomes:
                    waiting = self._asked.get(number)
                    if waiting is None or waiting.done():
                        continue
                    if isinstance(outcome, Broken):
                        waiting.set_exception(RuntimeError(outcome.why))
                    else:
                        waiting.set_result(outcome)
        except LostError as error:
            self.lose(str(error))

    async def _send(self, order: Order) -> object:
        """What comes of an order.

        Raises:
            LostError: Nothing does.
        """
        future = self._client.submit(
            serve,
            Parcel(order),
            key=f"zustellbar-{secrets.token_hex(8)}",
            workers=[self.address],
            allow_other_workers=False,
            pure=False,
        )
        try:
            async with asyncio.timeout(_SILENCE):
                parcel = await future
            assert isinstance(parcel, Parcel)  # noqa: S101 - as serve returns it
            return parcel.open()
        except concurrent.futures.CancelledError:
            self._lost = "the scheduler is gone"
            raise LostError(self._lost) from None
        except TimeoutError:
            self._lost = "it does not answer"
            raise LostError(self._lost) from None
        except Exception as error:
            # Scheduler and worker both unpack what they are given, and load our modules for that.
            raise UnfitError(
                "is this program installed there and with the scheduler, in the same version? "
                f"({type(error).__name__})"
            ) from error
        finally:
            # What was delivered is the client's: nobody is to do it again if that worker dies.
            future.release()
