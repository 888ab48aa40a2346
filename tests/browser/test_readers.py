"""What readers want to know stands on the first screen of a phone: the tasks of tests/readers."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Enter
from tests.browser.expected import LANGUAGES
from tests.readers import TASKS, Task
from tests.readers.screen import seen, show

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _params() -> Iterator[object]:
    """Each task in one language, in turn; the other one repeats it."""
    for number, task in enumerate(TASKS):
        for turn, language in enumerate(LANGUAGES):
            marks = [] if number % len(LANGUAGES) == turn else [pytest.mark.repeats]
            yield pytest.param(task, language, id=f"{task.name}-{language}", marks=marks)


@pytest.mark.parametrize(("task", "language"), list(_params()))
async def test_the_first_screen_holds_the_answer(enter: Enter, task: Task, language: str) -> None:
    visitor = await enter(language)
    await show(visitor, task)
    screen = await seen(visitor)
    assert [words for words in task.seen[language] if words not in screen] == [], screen
