"""How far a run is, on the terminal: counts by outcome, and the time that is left."""

from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich import progress
from rich.console import Console

from checker.bulk import store
from checker.delivery.verdict import Outcome


class Progress:
    """A line that is kept up to date; where standard error is no terminal, there is none."""

    def __init__(self, before: store.Progress, console: Console | None = None) -> None:
        """Begin where the run is.

        Args:
            before: How far it was.
            console: Where it is shown; standard error unless given.
        """
        self._counts = Counter(before.outcomes)
        console = console or Console(stderr=True)
        self._shown = progress.Progress(
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.description}"),
            progress.TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._shown.add_task(self._told(), total=before.total, completed=before.done)

    def __enter__(self) -> Self:
        """Show it."""
        self._shown.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the last state on the terminal."""
        self._shown.stop()

    def advance(self, rows: Sequence[store.Row]) -> None:
        """One more domain is done."""
        self._counts[rows[-1].outcome] += 1
        self._shown.update(self._task, advance=1, description=self._told())

    def _told(self) -> str:
        return ", ".join(f"{self._counts[one]} {one}" for one in Outcome if self._counts[one])
