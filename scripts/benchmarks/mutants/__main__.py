"""The mutation test's command line; ``scripts/bench mutants`` sets up what it needs."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scripts.benchmarks.mutants.mutant import Equivalent, Fate, Mutant, sample, share, table

_ROOT = Path(__file__).parents[3]
_HERE = Path(__file__).parent
_MUTMUT = _ROOT / ".cache" / "bench" / "mutmut" / "bin" / "python"

_TESTS = ("tests/checker", "tests/bounce")

# What decides, now and where it stood when all modules of the checker stood side by side.
_MODULES = (
    "checker/certificate/*.py",
    "checker/conversation/*.py",
    "checker/delivery/*.py",
    "checker/route/*.py",
    "checker/bounce/*.py",
    "checker/domain.py",
    "checker/certificate.py",
    "checker/client_hello.py",
    "checker/dane.py",
    "checker/deliver.py",
    "checker/mta_sts.py",
    "checker/policy.py",
    "checker/policy_fetcher.py",
    "checker/probe.py",
    "checker/route.py",
    "checker/second_look.py",
    "checker/session.py",
    "checker/smtp.py",
    "checker/tls.py",
    "checker/verdict.py",
)

_TARGET = 0.94


class _FailedError(Exception):
    """The mutants cannot be tried; the message says why."""


def main() -> int:
    """Try mutants, and return 1 where too many survive."""
    parser = argparse.ArgumentParser(prog="scripts/bench mutants")
    parser.add_argument("--number", type=int, default=400, help="how many are tried")
    parser.add_argument("--seed", type=int, default=1, help="another one tries others")
    parser.add_argument("--against", metavar="COMMIT", help="try an older commit as well")
    parser.add_argument("--function", metavar="NAME", help="only those of functions so named")
    options = parser.parse_args()
    # A shell that is closed ends this as Ctrl-C does: the copy is put away, and no process stays.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.against:
            _git("rev-parse", "--verify", f"{options.against}^{{commit}}")
        now = _measure(None, options)
        before = _measure(options.against, options) if options.against else []
    except _FailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return 130
    reached, least = share(now), max(_TARGET, share(before) if before else 0.0)
    _say(f"\nCaught: {reached:.1%}; target: {least:.1%}")
    return 0 if reached >= least else 1


def _measure(commit: str | None, options: argparse.Namespace) -> list[tuple[Mutant, Fate]]:
    """Try the mutants of a commit, or of the working tree, in a copy, and say what came of it."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "copy"
        copy.mkdir()
        _copy(commit, copy)
        mutants = [
            mutant
            for mutant in _mutants(copy)
            if options.function in {None, mutant.function, mutant.function.rpartition(".")[2]}
        ]
        chosen = sample(mutants, options.number, options.seed)
        if not chosen:
            raise _FailedError("there is nothing to change")
        fates = list(_known(_tried(chosen, copy, Path(folder))))
    _say(f"\n## {commit or 'The working tree'}: {len(chosen)} of {len(mutants)} mutants\n")
    for line in table(fates):
        _say(line)
    survivors = [mutant for mutant, fate in fates if fate is Fate.SURVIVED]
    if survivors:
        _say("\nSurvivors:\n")
    for mutant in sorted(survivors, key=lambda mutant: (mutant.path, mutant.begin)):
        _say(f"- {mutant.module}: {mutant.name}: `{mutant.before}` -> `{mutant.after}`")
    return fates


def _copy(commit: str | None, target: Path) -> None:
    """Copy what git knows, or would take, of the working tree; or a commit."""
    if commit is None:
        listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        for name in filter(None, listed.decode().split("\0")):
            if (_ROOT / name).is_file():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(_ROOT / name, target / name)
        return
    archive = target.with_suffix(".tar")
    archive.write_bytes(_git("archive", "--format=tar", commit))
    shutil.unpack_archive(archive, target, filter="data")


def _git(*arguments: str) -> bytes:
    done = subprocess.run(  # noqa: S603 - what is asked of git stands above
        ["git", *arguments],  # noqa: S607 - whichever git there is
        cwd=_ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise _FailedError(done.stderr.decode().strip())
    return done.stdout


def _mutants(copy: Path) -> list[Mutant]:
    paths = [str(path.relative_to(copy)) for glob in _MODULES for path in sorted(copy.glob(glob))]
    done = subprocess.run(  # noqa: S603 - our own script
        [_MUTMUT, _HERE / "generate.py", *paths],
        cwd=copy,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise _FailedError("mutmut made no mutants")
    return [Mutant(**json.loads(line)) for line in done.stdout.splitlines()]


def _tried(mutants: Sequence[Mutant], copy: Path, folder: Path) -> Iterator[tuple[Mutant, Fate]]:
    """What came of each."""
    texts = [(mutant, mutant.apply(_read(copy / mutant.path))) for mutant in mutants]
    given = folder / "mutants.jsonl"
    given.write_text(
        "".join(
            json.dumps({"path": mutant.path, "function": mutant.function, "text": text}) + "\n"
            for mutant, text in texts
        ),
        encoding="utf-8",
    )
    tests, *tried = _trial(given, copy, folder) or [{}]
    if len(tried) != len(mutants):
        log = (folder / "pytest.log").read_text(encoding="utf-8", errors="replace")
        raise _FailedError(
            f"{log[-2_000:]}\nonly {len(tried)} of {len(mutants)} mutants were tried"
        )
    sys.stderr.write(f"{tests['tests']} tests, of which {len(tests['failing'])} fail without any\n")
    for result in tried:
        mutant, text = texts[result["number"]]
        fate = Fate(result["fate"])
        if fate is not Fate.LOADING:
            yield mutant, fate
            continue
        # So they are loaded once more.
        path, original = copy / mutant.path, _read(copy / mutant.path)
        given.write_text("", encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        again = _trial(given, copy, folder)
        path.write_text(original, encoding="utf-8")
        harmed = not again or again[0]["failing"] != tests["failing"]
        yield mutant, Fate.CAUGHT if harmed else Fate.SURVIVED


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _trial(given: Path, copy: Path, folder: Path) -> list[dict[str, Any]]:
    """Run pytest over the copy; nothing where the tests cannot even be loaded."""
    results = folder / "results.jsonl"
    quiet = ["-q", "--no-header", "-p", "no:cacheprovider", f"--basetemp={folder / 'tests'}"]
    with (folder / "pytest.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-P", _HERE / "trial.py", given, results, *quiet, *_TESTS],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            if (status := process.wait()) < 0:
                log.write(f"\nended by signal {-status}\n")
        finally:
            # With every test that it runs just now, and all that those have started.
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]


def _known(
    fates: Iterable[tuple[Mutant, Fate]],
) -> Iterator[tuple[Mutant, Fate]]:
    """The same, with those that nobody can notice named so, and without what is no mutant."""
    with (_HERE / "equivalent.toml").open("rb") as file:
        known = [Equivalent(**entry) for entry in tomllib.load(file).get("mutant", [])]
    for mutant, fate in fates:
        if fate is Fate.SURVIVED and any(one.is_of(mutant) for one in known):
            yield mutant, Fate.EQUIVALENT
        elif fate is not Fate.NONE:
            yield mutant, fate


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
