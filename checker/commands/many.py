"""What ``bulk`` does once everything that was asked for makes sense."""

import asyncio
import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from checker.bulk import lists, results
from checker.bulk.cluster import Cluster, ClusterError, Tls
from checker.bulk.domains import World
from checker.bulk.engine import Engine, Help
from checker.bulk.garbage import look_rarely
from checker.bulk.lists import ListError
from checker.bulk.looker import UnfitError
from checker.bulk.making import Making, OptOutError
from checker.bulk.port import PortClosedError
from checker.bulk.progress import Progress
from checker.bulk.report import Wanted, render
from checker.bulk.store import Run, Store, StoreError, StoreFullError
from checker.bulk.turns import Caps
from checker.commands.shared import (
    CONFIGURATION,
    FAULT_OF_OURS,
    UNAVAILABLE,
    UNWRITTEN,
    USAGE,
    complain,
    remark,
    say,
)
from checker.conversation.imitation import ImitationError
from checker.moment import now, timestamp
from checker.operators import Operator
from checker.settings import PREFIX, Settings

STATE = "bulk.sqlite"
_INTERRUPTED = 130
_CHUNK = 1_048_576
_WORTH_IT = 200
"""Domains of each process; to start one takes as long."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    Attributes:
        file: The list.
        column: Where in CSV the domains are.
        operators: One, or the old and the new one.
        folder: Where state and results are.
        opt_out: The list of those who are left alone.
        site: Where the links of the report lead.
        languages: Those of the report.
        connections: Open at the same time.
        per_second: New connections.
        processes: That take part; as many as there are cores unless given.
        scheduler: Of the cluster whose workers take the looks.
        tls: How that is spoken to.
    """

    file: Path
    column: str | None
    operators: tuple[Operator, ...]
    folder: Path
    opt_out: Path | None
    site: str | None
    languages: tuple[str, ...]
    connections: int | None
    per_second: int | None
    processes: int | None = None
    scheduler: str | None = None
    tls: Tls | None = None


def check_many(settings: Settings, wish: Wish) -> int:
    """Check every domain of a list, or those that are left, and return the exit status.

    Raises:
        KeyboardInterrupt: Somebody ended it while the results were being written.
        SettingsError: A setting names something that is not there.
    """
    try:
        making = _making(settings, wish, os.environ)
        world = making()
        if world.lacks_authorities():
            return complain("no certificate authority is to be found: --ca-file", CONFIGURATION)
        wish.folder.mkdir(parents=True, exist_ok=True)
        store = Store(wish.folder / STATE)
        try:
            return _run(world, store, wish, making)
        finally:
            store.close()
    except (ImitationError, OptOutError) as error:
        return complain(str(error), CONFIGURATION)
    except ListError as error:
        return complain(f"{wish.file}: {error}", USAGE)
    except StoreError as error:
        return complain(
            str(error), UNWRITTEN if isinstance(error, StoreFullError) else CONFIGURATION
        )
    except OSError as error:
        return complain(f"cannot write to {str(wish.folder)!r}: {error.strerror}", UNWRITTEN)


def _making(settings: Settings, wish: Wish, environment: Mapping[str, str]) -> Making:
    named = environment.get(f"{PREFIX}OPT_OUT")
    opt_out = wish.opt_out or (Path(named) if named else None)
    caps = Caps()
    if wish.connections is not None:
        caps = replace(caps, connections=wish.connections)
    if wish.per_second is not None:
        caps = replace(caps, per_second=wish.per_second)
    return Making(settings, wish.operators, opt_out, caps)


def _run(world: World, store: Store, wish: Wish, making: Making) -> int:
    run = _begun(store, wish)
    before = store.progress(run)
    if not before.total:
        _write(store, run, wish)
        return complain(f"{wish.file}: no line names a domain", USAGE)
    if before.done:
        remark(f"goes on where it was: {before.done} of {before.total} are done")
    look_rarely()
    status = 0
    with Progress(before) as progress:
        processes = _processes(wish, before.total - before.done)
        help_ = Help(making, processes, _cluster(wish, making))
        engine = Engine(world, store, run, progress.advance, remark, help_)
        try:
            failed = asyncio.run(engine.run())
        except ClusterError as error:
            status = complain(f"{error}; the same command goes on", UNAVAILABLE)
        except UnfitError as error:
            status = complain(
                f"no worker can take looks: {error}; the same command goes on", UNAVAILABLE
            )
        except PortClosedError as error:
            status = complain(f"{error}; the same command goes on", UNAVAILABLE)
        except KeyboardInterrupt:
            status = complain("stopped; the same command goes on", _INTERRUPTED)
        else:
            if failed:
                message = f"a fault of our own: {failed} domains have no answer; ask again for them"
                status = complain(message, FAULT_OF_OURS)
            else:
                store.end(run, timestamp(now()))
    _write(store, run, wish)
    return status


def _cluster(wish: Wish, making: Making) -> Cluster | None:
    if wish.scheduler is None:
        return None
    return Cluster(wish.scheduler, making.elsewhere(), remark, wish.tls)


def _processes(wish: Wish, domains: int) -> int:
    """How many take part: as many as there are cores, where the list is worth it."""
    if sys.platform == "win32":
        return 1
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return wish.processes or max(1, min(cores, domains // _WORTH_IT))


def _begun(store: Store, wish: Wish) -> Run:
    fingerprint = _fingerprint(wish)
    if (run := store.unfinished(fingerprint)) is not None:
        return run
    names = [operator.name for operator in wish.operators]
    with wish.file.open("rb") as source:
        found = lists.read(source, wish.file.name, wish.column)
        return store.begin(timestamp(now()), wish.file.name, fingerprint, names, found)


def _fingerprint(wish: Wish) -> str:
    """Hexadecimal digits that change with the list, and with what is asked of it."""
    whole = hashlib.sha256(repr((wish.column, wish.operators)).encode())
    with wish.file.open("rb") as file:
        while chunk := file.read(_CHUNK):
            whole.update(chunk)
    return whole.hexdigest()


def _write(store: Store, run: Run, wish: Wish) -> None:
    folder = wish.folder
    results.write_jsonl(store, run, folder / "results.jsonl")
    results.write_csv(store, run, folder / "results.csv")
    unreadable = results.write_unreadable(store, run, folder / "unreadable.csv")
    if unreadable:
        said = "1 line names" if unreadable == 1 else f"{unreadable} lines name"
        remark(f"{said} no domain: {folder / 'unreadable.csv'}")
    ended = replace(run, ended=run.ended or store.ended(run))
    titles = tuple(operator.title for operator in wish.operators)
    for language in wish.languages:
        with results.replacing(folder / f"report.{language}.html") as file:
            file.writelines(render(store, ended, Wanted(language, titles, wish.site)))
    progress = store.progress(run)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in progress.outcomes.items())
    say(f"{progress.done} of {progress.total} domains: {counts or 'none yet'}", f"{folder}")
