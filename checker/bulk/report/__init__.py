"""The report of a run: one page that needs nothing but itself, to be read, filtered and printed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path

from markupsafe import Markup

from checker.bulk.providers import Provider, providers
from checker.bulk.report import letters
from checker.bulk.report.charts import bars
from checker.bulk.report.parts import (
    LANGUAGES,
    MOST_NAMED,
    letters_about,
    moment,
    named,
    template,
    words,
)
from checker.bulk.store import Answered, Change, Run, Store
from checker.delivery.verdict import Outcome
from checker.links.site import Site
from checker.operators import DEFAULT

__all__ = ["LANGUAGES", "Wanted", "render", "words"]

_MOST_ROWS = 20_000
"""Domains in the list of the page; a browser shows no more of them at ease."""

_MOST_PROVIDERS = 200
_MOST_CHANGES = 1_000
_MOST_BARS = 10
_REACHED = {Outcome.DELIVERS, Outcome.DELIVERS_WITH_WARNINGS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the report is to be like.

    Attributes:
        language: The language.
        operators: The titles of the operators, the one that it is about last.
        site: The address of the site, with a slash at its end; none where it is not known.
        docs: Where the pages are whose titles and letters it uses.
    """

    language: str
    operators: tuple[str, ...]
    site: str | None = None
    docs: Path = letters.DOCS


def render(store: Store, run: Run, wanted: Wanted) -> Iterator[str]:
    """The page, piece by piece.

    Args:
        store: Holds the run.
        run: The run.
        wanted: What the page is to be like.
    """
    yield from template("checker.bulk", "report").generate(_Page(store, run, wanted).values())


class _Page:
    def __init__(self, store: Store, run: Run, wanted: Wanted) -> None:
        self._store = store
        self._run = run
        self._wanted = wanted
        self._words = words(wanted.language)
        self._operator = run.operators[-1]
        self._titles = [
            self._words["careful"] if name == DEFAULT else title
            for name, title in zip(run.operators, wanted.operators, strict=True)
        ]
        self._title = cache(partial(letters.title, language=wanted.language, docs=wanted.docs))

    def values(self) -> dict[str, object]:
        """What the template asks for."""
        text, headings = self._words["text"], self._words["headings"]
        progress = self._store.progress(self._run)
        outcomes = [(self._words["outcome"][one], progress.outcomes.get(one, 0)) for one in Outcome]
        lost = [one for one in self._answers() if one.outcome not in _REACHED]
        problems = Counter(one.problem for one in lost).most_common()
        theirs, owners = providers(lost)
        return {
            "language": self._wanted.language,
            "words": self._words,
            "title": self._words["title"].format(operator=self._titles[-1]),
            "summary": self._words["summary"].format(
                done=progress.done,
                total=progress.total,
                source=self._run.source,
                began=moment(self._run.began, self._words["moment"]),
            ),
            "notes": list(self._notes()),
            "outcomes_chart": Markup(bars(outcomes)),  # noqa: S704 - the library escapes the labels
            "problems_chart": Markup(  # noqa: S704 - as above
                bars([(self._title(one), count) for one, count in problems[:_MOST_BARS]])
            ),
            "problems": [
                {"title": self._title(one), "count": count, "link": self._link(one)}
                for one, count in problems
            ],
            "comparisons": list(self._comparisons(headings, text)),
            "providers": [self._provider(one) for one in theirs[:_MOST_PROVIDERS]],
            "owners": [
                {
                    "title": self._title(problem),
                    "domains": named(
                        (one.domain for one in owners if one.problem == problem), self._words
                    ),
                }
                for problem in dict.fromkeys(one.problem for one in owners)
            ],
            "rows": self._rows(lost),
            "cut": text["cut"].format(count=_MOST_ROWS) if progress.done > _MOST_ROWS else "",
        }

    def _answers(self) -> Iterator[Answered]:
        return self._store.answers(self._run, self._operator)

    def _notes(self) -> Iterator[str]:
        if self._run.ended is None:
            yield self._words["unfinished"]
        if count := sum(1 for _ in self._store.unreadable(self._run)):
            yield self._words["unreadable"].format(count=count)

    def _rows(self, lost: Sequence[Answered]) -> Iterator[dict[str, object]]:
        reached = (one for one in self._answers() if one.outcome in _REACHED)
        for one in islice(chain(lost, reached), _MOST_ROWS):
            yield {
                "domain": one.domain,
                "lines": one.lines,
                "outcome": one.outcome,
                "title": self._title(one.problem),
                "host": one.host,
                "link": self._link(one.problem, one.domain),
            }

    def _comparisons(
        self, headings: dict[str, str], text: dict[str, str]
    ) -> Iterator[dict[str, object]]:
        if len(self._run.operators) > 1:
            old, new = self._titles
            changes = partial(
                self._store.changes, self._run, self._operator, self._run, self._run.operators[0]
            )
            for id_, before, after in (("lost", True, False), ("gained", False, True)):
                kept = partial(_turned, before=before, after=after)
                heading = headings[id_].format(old=old, new=new)
                yield self._comparison(id_, heading, filter(kept, changes()), text["nobody_lost"])
        if (before_ := self._store.before(self._run)) and self._operator in before_.operators:
            changed = self._store.changes(self._run, self._operator, before_, self._operator)
            found = self._comparison("changes", headings["changes"], changed, text["no_change"])
            yield found | {
                "since": text["since"].format(began=moment(before_.began, self._words["moment"]))
            }

    def _comparison(
        self, id_: str, heading: str, changes: Iterable[Change], nothing: str
    ) -> dict[str, object]:
        rows, further = list[dict[str, object]](), 0
        for one in changes:
            if len(rows) == _MOST_CHANGES:
                further += 1
                continue
            # What decides is the answer that is no delivery; of two such, the later one.
            is_now = one.now not in _REACHED or one.was in _REACHED
            problem = one.now_problem if is_now else one.was_problem
            rows.append(
                {
                    "domain": one.domain,
                    "lines": one.lines,
                    "was": one.was,
                    "now": one.now,
                    "reason": self._title(problem),
                    "host": one.host,
                }
            )
        return {
            "id": id_,
            "heading": heading,
            "since": "",
            "rows": rows,
            "further": self._words["text"]["further"].format(count=further) if further else "",
            "nothing": nothing,
        }

    def _provider(self, provider: Provider) -> dict[str, object]:
        text = self._words["text"]
        count = len(provider.answers)
        ((problem, _), *_) = provider.problems
        return {
            "name": provider.name,
            "call": text["call_one"] if count == 1 else text["call_many"].format(count=count),
            "problems": [f"{self._title(one)}: {number}" for one, number in provider.problems],
            "hosts": ", ".join(provider.hosts[:MOST_NAMED]),
            "domains": named((one.domain for one in provider.answers), self._words),
            "letters": list(self._letters(provider, problem)),
            "link": self._link(problem, provider.answers[0].domain),
        }

    def _letters(self, provider: Provider, problem: str) -> Iterator[dict[str, str]]:
        """The letter about what concerns most of the domains, in each language."""
        concerned = [one for one in provider.answers if one.problem == problem]
        return letters_about(
            problem,
            _facts(concerned[0]),
            [one.domain for one in concerned],
            first=self._wanted.language,
            site=self._wanted.site,
            docs=self._wanted.docs,
        )

    def _link(self, problem: str, domain: str = "") -> str:
        if self._wanted.site is None:
            return ""
        return Site(self._wanted.site, self._operator).permalink(problem, domain)


def _turned(change: Change, *, before: bool, after: bool) -> bool:
    """Whether a domain was reached before, or is reached after, as is asked for."""
    return (change.was in _REACHED, change.now in _REACHED) == (before, after)


def _facts(one: Answered) -> dict[str, object]:
    """What is known of a domain's problem."""
    answer = json.loads(one.answer)
    return {
        **answer["problems"][0]["evidence"],
        "domain": one.domain,
        "host": one.host,
        "checked_at": answer["checked_at"],
    }
