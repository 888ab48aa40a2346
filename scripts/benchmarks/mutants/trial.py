"""Tries mutants inside one run of pytest, each in a process that is forked off before any test.

    trial.py MUTANTS RESULTS [pytest arguments]

Runs in a copy of the project, whose ``checker`` and ``tests`` it loads. MUTANTS and RESULTS are
files of a JSON object a line. What a mutant costs is the tests that call its function, until the
first one fails: nothing is loaded or collected again, because the changed code takes the place of
the original one in every function that has it.
"""

import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import IO, Any

import pytest

# Whoever takes these starts programs, and cannot see what is changed in this process.
_IMPURE = {"build", "built", "lab", "server", "site"}

_PATIENCE = 10.0
"""Seconds that the tests of a mutant may take at least, and ..."""

_FACTOR = 10.0
"""... times as long as they take without it."""

_MEMORY = 2 << 30
"""Bytes: a mutant may build a list without an end."""

_Called = set[tuple[str, str]]


class Trial:
    """The plugin: takes the pure tests, sees which functions each calls, and tries the mutants."""

    def __init__(self, mutants: Sequence[dict[str, Any]], results: IO[str]) -> None:
        """Take the mutants, and where to say what came of each."""
        self._mutants = mutants
        self._results = results
        self._root = str(Path.cwd() / "checker") + os.sep
        self._failed = False
        self._loading: _Called = set()
        self._functions: list[FunctionType] = []

    def pytest_sessionstart(self) -> None:
        """Note what is called while the tests are loaded: that is over when a mutant comes."""
        sys.setprofile(self._recorder(self._loading))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the pure tests."""
        sys.setprofile(None)
        items[:] = [item for item in items if _IMPURE.isdisjoint(getattr(item, "fixturenames", ()))]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test has failed."""
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all mutants."""
        for path in sorted({mutant["path"] for mutant in self._mutants}):
            # Some are loaded only when they are needed: too late to change them.
            importlib.import_module(
                path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            )
        self._functions = [
            it
            for it in gc.get_objects()
            if isinstance(it, FunctionType) and it.__code__.co_filename.startswith(self._root)
        ]
        # What is here stays, and no child need look through it.
        gc.freeze()
        seen = self._see(session)
        self._say({"tests": len(seen), "failing": [name for name, *_, failed in seen if failed]})
        for number, mutant in enumerate(self._mutants):
            self._say({"number": number, "fate": self._try(mutant, session, seen)})
        return True

    def _say(self, result: dict[str, object]) -> None:
        self._results.write(json.dumps(result) + "\n")
        self._results.flush()

    def _recorder(self, called: _Called) -> Callable[[FrameType, str, object], None]:
        def record(frame: FrameType, event: str, _argument: object) -> None:
            code = frame.f_code
            if event == "call" and code.co_filename.startswith(self._root):
                called.add((code.co_filename, code.co_qualname))

        return record

    def _see(self, session: pytest.Session) -> list[tuple[str, float, _Called, bool]]:
        """What each test calls, how long it takes, and whether it fails without any mutant."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with os.fdopen(writer, "w") as out:
                for item, following in _in_turn(session.items):
                    called: _Called = set()
                    self._failed = False
                    began = time.monotonic()
                    sys.setprofile(self._recorder(called))
                    _run(item, following)
                    sys.setprofile(None)
                    took = time.monotonic() - began
                    out.write(json.dumps([item.nodeid, took, sorted(called), self._failed]) + "\n")
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as lines:
            seen = [json.loads(line) for line in lines]
        _, status = os.waitpid(child, 0)
        if status or len(seen) != len(session.items):
            raise RuntimeError(f"the tests ended after {len(seen)} of {len(session.items)}")
        return [
            (name, took, {(path, function) for path, function in called}, failed)
            for name, took, called, failed in seen
        ]

    def _try(
        self,
        mutant: dict[str, Any],
        session: pytest.Session,
        seen: Sequence[tuple[str, float, _Called, bool]],
    ) -> str:
        path = Path.cwd() / mutant["path"]
        key = (str(path), mutant["function"])
        try:
            after = _code(mutant["text"], *key)
        except SyntaxError:
            return "none"
        before = _code(path.read_text(encoding="utf-8"), *key)
        changed = {old: new for old, new in zip(before, after, strict=True) if old != new}
        if not changed:
            return "none"
        # Who never calls it cannot notice; the quick ones first.
        order = sorted(
            (took, index)
            for index, (_, took, called, failed) in enumerate(seen)
            if key in called and not failed
        )
        items = [session.items[index] for _, index in order]
        allowed = _PATIENCE + _FACTOR * sum(took for took, _ in order)
        child = os.fork()
        if child == 0:
            self._child(key[0], changed, items, allowed)
        try:
            _, status = os.waitpid(child, 0)
        except KeyboardInterrupt:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        if os.waitstatus_to_exitcode(status) != 0:
            return "caught"
        # What was worked out while the tests were loaded is as it was without the mutant.
        return "loading" if key in self._loading else "survived"

    def _child(
        self,
        path: str,
        changed: dict[CodeType, CodeType],
        items: Sequence[pytest.Item],
        allowed: float,
    ) -> None:
        """Run the tests with the change; ends with 1 where one fails, by a signal if it hangs."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 4 * allowed)
        seconds = int(allowed)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
        for function in self._functions:
            if function.__code__.co_filename == path and function.__code__ in changed:
                function.__code__ = changed[function.__code__]
        self._failed = False
        for item, following in _in_turn(items):
            _run(item, following)
            if self._failed:
                os._exit(1)
        os._exit(0)


def _in_turn(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each with the one that follows: what both are given stays."""
    return zip(items, [*items[1:], None], strict=True)


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _code(text: str, path: str, name: str) -> list[CodeType]:
    """The code of every function of that qualified name; a property may have several.

    Raises:
        SyntaxError: The text is no Python.
    """

    def walk(code: CodeType) -> Iterator[CodeType]:
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                if constant.co_qualname == name:
                    yield constant
                yield from walk(constant)

    return list(walk(compile(text, path, "exec")))


def main(mutants: str, results: str, *arguments: str) -> int:
    """Run pytest and return its exit status."""
    known = [json.loads(line) for line in Path(mutants).read_text(encoding="utf-8").splitlines()]
    with Path(results).open("w", encoding="utf-8") as out:
        return int(pytest.main([*arguments], plugins=[Trial(known, out)]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
