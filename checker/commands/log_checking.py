"""What ``log --check`` does: a run over the domains of a log, as polite as that over a list."""

import asyncio
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.bulk.engine import Engine
from checker.bulk.lists import Entry
from checker.bulk.making import Making, OptOutError
from checker.bulk.port import PortClosedError
from checker.bulk.store import Answered, Run, Store, StoreError, StoreFullError
from checker.bulk.turns import Caps
from checker.commands.shared import (
    CONFIGURATION,
    FAULT_OF_OURS,
    UNAVAILABLE,
    UNWRITTEN,
    complain,
    remark,
)
from checker.conversation.imitation import ImitationError
from checker.delivery.verdict import Outcome
from checker.domain import DomainError, parse
from checker.moment import now, timestamp
from checker.operators import Operator
from checker.settings import PREFIX, Settings

STATE = "check.sqlite"
_INTERRUPTED = 130
_SOURCE = "log"
_NONE = "no-problem-found"

Outcomes = dict[str, dict[str, object]]


def check(
    settings: Settings, operator: Operator, names: Iterable[str], folder: Path | None = None
) -> tuple[Outcomes, int]:
    """Check domains: whom the sender reaches, through whichever of their mail servers.

    Args:
        settings: How the world is reached.
        operator: Whose server is simulated.
        names: The domains, as the log names them.
        folder: Where the state is kept, so that the same command goes on; nowhere unless given.

    Returns:
        By name the outcome and the ids of its decisive problems, as far as it got; and the exit
        status, of which a reason was said unless it is 0.

    Raises:
        SettingsError: A setting names something that is not there.
    """
    listed = _Listed(names)
    if not listed.is_any:
        return listed.outcomes(()), 0
    try:
        world = Making(settings, (operator,), _opt_out(), Caps())()
        if world.lacks_authorities():
            message = "no certificate authority is to be found: --ca-file"
            return {}, complain(message, CONFIGURATION)
        with _place(folder) as place, closing(Store(place / STATE)) as store:
            run = listed.begin(store, operator)
            status = _run(Engine(world, store, run), store, run, resumes=folder is not None)
            return listed.outcomes(store.answers(run)), status
    except (ImitationError, OptOutError) as error:
        return {}, complain(str(error), CONFIGURATION)
    except StoreError as error:
        status = UNWRITTEN if isinstance(error, StoreFullError) else CONFIGURATION
        return {}, complain(str(error), status)
    except OSError as error:
        return {}, complain(f"the checks cannot be kept: {error.strerror}", UNWRITTEN)


def _opt_out() -> Path | None:
    named = os.environ.get(f"{PREFIX}OPT_OUT")
    return Path(named) if named else None


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with TemporaryDirectory() as made:
            yield Path(made)
        return
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


def _run(engine: Engine, store: Store, run: Run, *, resumes: bool) -> int:
    """Do it, and return the exit status."""
    remark(f"{store.progress(run).total} domains are checked; Ctrl-C ends it")
    later = "; the same command goes on" if resumes else ""
    try:
        failed = asyncio.run(engine.run())
    except PortClosedError as error:
        return complain(f"{error}{later}", UNAVAILABLE)
    except KeyboardInterrupt:
        return complain(f"stopped{later}", _INTERRUPTED)
    if failed:
        return complain(f"a fault of our own: {failed} domains have no answer", FAULT_OF_OURS)
    store.end(run, timestamp(now()))
    return 0


class _Listed:
    """The domains, and what the log calls each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, list[str]] = {}
        self._unreadable: list[str] = []
        self._entries: list[Entry] = []
        for number, name in enumerate(names, 1):
            try:
                domain = parse(name)
            except DomainError:
                self._unreadable.append(name)
            else:
                self._names.setdefault(domain.ascii, []).append(name)
                self._entries.append(Entry(number, domain))

    @property
    def is_any(self) -> bool:
        """Whether there is anything to check."""
        return bool(self._entries)

    def begin(self, store: Store, operator: Operator) -> Run:
        """The run over them: the one that was not ended, if it is the same."""
        asked = repr((operator, sorted(self._names)))
        fingerprint = hashlib.sha256(asked.encode()).hexdigest()
        if (run := store.unfinished(fingerprint)) is not None:
            return run
        began = timestamp(now())
        return store.begin(began, _SOURCE, fingerprint, [operator.name], self._entries)

    def outcomes(self, answers: Iterable[Answered]) -> Outcomes:
        """What came of each."""
        found: Outcomes = {
            name: {"outcome": str(Outcome.UNKNOWN), "problems": []} for name in self._unreadable
        }
        for one in answers:
            decisive = [
                problem["id"]
                for problem in json.loads(one.answer)["problems"]
                if problem["decisive"]
            ]
            told: dict[str, object] = {
                "outcome": one.outcome,
                "problems": [id_ for id_ in decisive if id_ != _NONE],
            }
            found.update(dict.fromkeys(self._names.get(one.domain, ()), told))
        return found
