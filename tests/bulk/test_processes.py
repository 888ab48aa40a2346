"""One run by several processes: as polite as one, the same answers, whatever becomes of them."""

import asyncio
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from checker.bulk import engine as engines
from checker.bulk import looker
from checker.bulk.engine import Engine, Help
from checker.bulk.port import MANY
from checker.bulk.store import Store, StoreFullError
from tests.bulk.shared import Shared
from tests.bulk.world import began

pytestmark = pytest.mark.programs

REACHED = ("delivers", "no-problem-found")
WARNED = ("delivers-with-warnings", "no-problem-found")
DEAD = ("unknown", "connection-failed")


async def result(
    folder: Path, shared: Shared, *, processes: int = 2
) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Outcome and problem of each domain, and what was remarked."""
    remarks: list[str] = []
    world = shared()
    with closing(Store(folder / f"{processes}.sqlite")) as store:
        run = began(store, world, *shared.names)
        help_ = Help(shared, processes)
        assert await Engine(world, store, run, remark=remarks.append, help_=help_).run() == 0
        found = {one.domain: (one.outcome, one.problem) for one in store.answers(run)}
    assert len(found) == shared.domains
    return found, remarks


async def test_processes_share_the_work_and_ask_each_server_once_at_a_time(tmp_path: Path) -> None:
    shared = Shared(tmp_path / "log", dead=3)
    found, remarks = await result(tmp_path, shared)
    seen = shared.seen()
    assert remarks == []
    assert len(seen.processes) == 2
    assert set(seen.connections.values()) == {1}
    assert 1 < seen.most["all"] <= 9, "the caps hold over all, and one more is the canary's"
    alone, _ = await result(tmp_path, Shared(tmp_path / "alone", dead=3), processes=1)
    assert found == alone
    assert set(found.values()) == {DEAD, alone["d3.example"]}


async def test_a_process_that_is_killed_is_named_and_others_do_its_work(tmp_path: Path) -> None:
    shared = Shared(tmp_path / "log", other_dies_at=8)
    found, remarks = await result(tmp_path, shared)
    assert len(set(found.values())) == 1
    (told,) = remarks
    assert "process 2" in told
    assert "is gone, and others do its work: it was ended by SIGKILL" in told
    assert max(shared.seen().connections.values()) <= 2
    twice = [one for one, count in shared.seen().connections.items() if count == 2]
    assert len(twice) <= 8, "only what was in flight is asked again"
    assert max(count for one, count in shared.seen().most.items() if one != "all") <= 2


async def test_a_process_whose_port_is_closed_is_named_and_looks_at_nobody(tmp_path: Path) -> None:
    shared = Shared(tmp_path / "log", other_closes_at=1)
    found, remarks = await result(tmp_path, shared)
    assert len(set(found.values())) == 1
    assert [one for one in remarks if "process 2" in one and "port 25 is closed" in one]
    assert shared.seen().processes == {os.getpid()}


async def test_what_a_process_could_not_reach_is_asked_again_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its port closes in the middle; nothing that it says of any server then is believed."""
    monkeypatch.setattr(engines, "_OFTEN", 0.05)
    monkeypatch.setattr(looker, "APART", timedelta())
    shared = Shared(tmp_path / "log", domains=300, servers=300, other_closes_at=10)
    found, remarks = await result(tmp_path, shared)
    assert len(set(found.values())) == 1
    assert [one for one in remarks if "process 2" in one and "port 25 is closed" in one]
    failed = [one for one, count in shared.seen().connections.items() if count == 2]
    assert len(failed) >= MANY


async def test_a_run_that_is_stopped_leaves_no_process(tmp_path: Path) -> None:
    shared = Shared(tmp_path / "log", domains=2_000, servers=1_000)
    world = shared()
    with closing(Store(tmp_path / "bulk.sqlite")) as store:
        run = began(store, world, *shared.names)
        remarks: list[str] = []
        help_ = Help(shared, 2)
        engine = Engine(world, store, run, remark=remarks.append, help_=help_)
        task = asyncio.create_task(engine.run())
        while not shared.log.exists() or len(shared.seen().processes) < 2:  # noqa: ASYNC110 - it is others'
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert remarks == []
        (other,) = shared.seen().processes - {os.getpid()}
        with pytest.raises(ProcessLookupError):
            os.kill(other, 0)


async def test_a_full_disk_ends_the_run_and_every_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_OFTEN", 0.05)
    shared = Shared(tmp_path / "log", domains=2_000, servers=500)
    world = shared()
    with closing(Store(tmp_path / "bulk.sqlite")) as store:
        run = began(store, world, *shared.names)
        size = (tmp_path / "bulk.sqlite").stat().st_size // 4096
        store._database.execute(f"PRAGMA max_page_count = {size + 40}")  # noqa: SLF001 - as a full disk
        with pytest.raises(StoreFullError):
            await Engine(world, store, run, help_=Help(shared, 2)).run()
        assert 0 < len(list(store.answers(run))) < 2_000
    for other in shared.seen().processes - {os.getpid()}:
        with pytest.raises(ProcessLookupError):
            os.kill(other, 0)
