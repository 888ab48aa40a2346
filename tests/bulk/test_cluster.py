"""One run by the workers of a Dask cluster: the same answers, whatever becomes of them."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from checker.bulk import engine
from checker.bulk.cluster import Cluster, ClusterError, Tls
from checker.bulk.engine import Engine, Help
from checker.bulk.looker import UnfitError
from checker.bulk.port import PortClosedError
from checker.bulk.store import Run, Store
from tests.bulk.shared import Shared
from tests.bulk.world import began
from tests.lab.certificates import Certificates
from tests.lab.model import Certificate, Purpose

pytestmark = pytest.mark.programs

_ROLES = ("SCHEDULER", "WORKER", "CLIENT")
_PROGRAM = """\
import asyncio, sys
from distributed import Scheduler, Worker
async def main(protocol, kind, at):
    # Else its page would be served on every interface.
    local = dict(host="127.0.0.1", dashboard_address="127.0.0.1:0")
    is_worker = kind == "worker"
    local["protocol"] = protocol
    made = Worker(at, nthreads=1, **local) if is_worker else Scheduler(port=int(at), **local)
    async with made as one:
        print(one.address, flush=True)
        await one.finished()
asyncio.run(main(*sys.argv[1:]))
"""


class Loopback:
    """A scheduler and workers."""

    def __init__(
        self,
        folder: Path,
        protocol: str = "tcp",
        environment: Mapping[str, str] = MappingProxyType({}),
        *,
        installed: bool = True,
    ) -> None:
        """Take a folder for what they log, how they speak to each other, and if they know us."""
        self._protocol = protocol
        self._installed = installed
        self._environment = environment
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""
        self._scheduler: subprocess.Popen[bytes]
        self._folder = folder

    def schedule(self, port: int = 0) -> None:
        """Let there be a scheduler."""
        self._scheduler = self._start("scheduler", str(port))
        assert self._scheduler.stdout
        self.address = self._scheduler.stdout.readline().decode().strip()

    def unschedule(self) -> None:
        """Let there be none; workers end then."""
        _kill(self._scheduler)

    def work(self, count: int = 2) -> None:
        """Start workers."""
        self.workers += [self._start("worker", self.address) for _ in range(count)]

    def kill(self, process: int) -> None:
        """Kill a worker."""
        (worker,) = [one for one in self.workers if one.pid == process]
        _kill(worker)

    def close(self) -> None:
        """End everything."""
        for process in (*self.workers, self._scheduler):
            _kill(process)

    def said(self) -> str:
        """What all of them logged."""
        return "".join(file.read_text() for file in self._folder.glob("*.err"))

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self._folder / f"{arguments[0]}-{len(self.workers)}.err").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", _PROGRAM, self._protocol, *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self._folder,
                env={
                    **os.environ,
                    **self._environment,
                    "PYTHONPATH": str(Path(__file__).parents[2]) if self._installed else "",
                },
            )


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Loopback]:
    """A cluster of two workers."""
    made = Loopback(tmp_path)
    made.schedule()
    try:
        made.work()
        yield made
    finally:
        made.close()


class Trial:
    """A run by a cluster."""

    def __init__(self, folder: Path, shared: Shared, address: str, tls: Tls | None = None) -> None:
        """Begin it."""
        self._tls = tls
        self.remarks: list[str] = []
        self.shared = shared
        folder.mkdir(exist_ok=True)
        self.store = Store(folder / "bulk.sqlite")
        self._world = shared()
        self._address = address
        self.run: Run = began(self.store, self._world, *shared.names)

    def engine(self) -> Engine:
        """What does it."""
        remark = self.remarks.append
        cluster = Cluster(self._address, self.shared, remark, self._tls)
        help_ = Help(self.shared, 1, cluster)
        return Engine(self._world, self.store, self.run, remark=remark, help_=help_)

    def outcomes(self) -> dict[str, tuple[str, str]]:
        """What is committed."""
        return {one.domain: (one.outcome, one.problem) for one in self.store.answers(self.run)}

    @staticmethod
    async def until(is_so: Callable[[], bool]) -> None:
        """Wait for something."""
        async with asyncio.timeout(60):
            while not is_so():  # noqa: ASYNC110 - others do it
                await asyncio.sleep(0.02)


async def test_workers_look_once_at_each_and_whoever_dies_is_replaced(
    tmp_path: Path, cluster: Loopback
) -> None:
    shared = Shared(tmp_path / "log", domains=150, servers=100, dead=2)
    trial = Trial(tmp_path, shared, cluster.address)
    with closing(trial.store):
        task = asyncio.create_task(trial.engine().run())
        await trial.until(lambda: shared.log.exists() and len(shared.seen().processes) == 2)
        killed = min(shared.seen().processes)
        assert killed != os.getpid(), "routes are the client's, and looks are the workers'"
        cluster.kill(killed)
        assert await task == 0
        found = trial.outcomes()
    seen = shared.seen()
    assert len(found) == 150
    assert len(seen.connections) == 100
    twice = {one for one, count in seen.connections.items() if count > 1}
    assert len(twice) <= 8, "only what was in flight is asked again"
    assert max(seen.connections.values()) <= 2
    assert seen.most["all"] <= 9 + 8, "those of the dead were never closed in the log"
    assert [one for one in trial.remarks if "is gone, and others do its work" in one]
    assert len(set(found.values())) == 2
    assert found["d0.example"] == found["d101.example"] == ("unknown", "connection-failed")
    assert "example" not in cluster.said()


async def test_a_scheduler_that_is_lost_and_comes_back_costs_nothing_that_was_committed(
    tmp_path: Path, cluster: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_OFTEN", 0.05)
    shared = Shared(tmp_path / "log", domains=120, servers=120)
    trial = Trial(tmp_path, shared, cluster.address)
    with closing(trial.store):
        task = asyncio.create_task(trial.engine().run())
        await trial.until(lambda: len(trial.outcomes()) > 10)
        port = int(cluster.address.rpartition(":")[2])
        cluster.unschedule()
        committed = trial.outcomes()
        cluster.schedule(port)
        cluster.work()
        assert await task == 0
        found = trial.outcomes()
    assert 10 < len(committed) < 120
    assert len(found) == 120
    assert len(set(found.values())) == 1
    seen = shared.seen()
    twice = [one for one, count in seen.connections.items() if count > 1]
    assert len(twice) <= 8, "only what was in flight is asked again"
    assert max(seen.connections.values()) <= 2


async def test_a_worker_whose_port_is_closed_is_named_and_gets_nothing(
    tmp_path: Path, cluster: Loopback
) -> None:
    shared = replace(Shared(tmp_path / "log"), other_closes_at=1)
    trial = Trial(tmp_path, shared, cluster.address)
    with closing(trial.store):
        with pytest.raises(PortClosedError):
            await trial.engine().run()
        assert not trial.outcomes()
    assert not shared.seen().processes
    assert "port 25 is closed" in "".join(trial.remarks)


async def test_a_cluster_that_does_not_know_this_program_is_told_and_not_waited_for(
    tmp_path: Path,
) -> None:
    cluster = Loopback(tmp_path, installed=False)
    cluster.schedule()
    try:
        cluster.work(1)
        trial = Trial(tmp_path, Shared(tmp_path / "log"), cluster.address)
        async with asyncio.timeout(30):
            with closing(trial.store), pytest.raises(UnfitError, match="is this program installed"):
                await trial.engine().run()
    finally:
        cluster.close()


async def test_a_cluster_speaks_tls_to_those_of_its_own_authority_alone(tmp_path: Path) -> None:
    certificates = Certificates(datetime.now(UTC).replace(microsecond=0))
    (tmp_path / "ca.pem").write_text(certificates.root)
    anybody = Certificate(purposes=(Purpose.SERVERS, Purpose.CLIENTS))
    identity = certificates.identity("node.example", anybody)
    (tmp_path / "node.pem").write_text(identity.pem)
    settings = {"CA_FILE": "ca.pem"}
    settings |= {f"{role}__{what}": "node.pem" for role in _ROLES for what in ("CERT", "KEY")}
    environment = {
        f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(tmp_path / file)
        for name, file in settings.items()
    }
    cluster = Loopback(tmp_path, "tls", environment)
    cluster.schedule()
    try:
        cluster.work(1)
        shared = Shared(tmp_path / "log", domains=5, servers=5)
        tls = Tls(tmp_path / "ca.pem", tmp_path / "node.pem")
        trial = Trial(tmp_path, shared, cluster.address, tls)
        with closing(trial.store):
            assert await trial.engine().run() == 0
            assert len(trial.outcomes()) == 5
        assert cluster.address.startswith("tls://")
        stranger = Trial(tmp_path / "other", shared, cluster.address)
        with closing(stranger.store), pytest.raises(ClusterError):
            await stranger.engine().run()
    finally:
        cluster.close()


async def test_a_scheduler_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.bulk.cluster._PATIENCE", 0.3)
    trial = Trial(tmp_path, Shared(tmp_path / "log"), "tcp://127.0.0.1:9")
    with closing(trial.store), pytest.raises(ClusterError, match=r"127\.0\.0\.1:9"):
        await trial.engine().run()
