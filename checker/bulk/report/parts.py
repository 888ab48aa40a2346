"""What report pages have in common: their frame, their words, and the letters in them."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from checker.bulk.report import letters

LANGUAGES = ("de", "en")

MOST_NAMED = 200
"""Domains that are named in one place."""

Words = dict[str, Any]


@cache
def template(package: str, folder: str) -> Any:  # noqa: ANN401 - jinja2's own is generic
    """The page of a package, which may extend and include what is here."""
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader(package, folder), PackageLoader("checker.bulk", "report")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
    )
    return environment.get_template("page.html")


@cache
def words(language: str) -> Words:
    """The words of the page in a language."""
    text = (Path(__file__).parent / "words" / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def named(domains: Iterable[str], told: Words) -> str:
    """Domains one after another; of many the first."""
    names = list(domains)
    further = len(names) - MOST_NAMED
    text = ", ".join(names[:MOST_NAMED])
    return f"{text}, {told['text']['further'].format(count=further)}" if further > 0 else text


def letters_about(  # noqa: PLR0913 - all that a letter depends on
    problem: str,
    facts: Mapping[str, object],
    domains: list[str],
    *,
    first: str,
    site: str | None,
    docs: Path,
    told_in: Callable[[str], Words] = words,
) -> Iterator[dict[str, str]]:
    """The letter about a problem, in each language.

    Args:
        problem: Its id.
        facts: What is known of it, by the names that ``words`` gives places for.
        domains: Those that it concerns.
        first: The language that comes first.
        site: The address of the site, with a slash at its end; none where it is not known.
        docs: Where the pages are.
        told_in: The words of a language.
    """
    for language in sorted(LANGUAGES, key=lambda one: one != first):
        told = told_in(language)
        folder = "" if language == "de" else f"{language}/"
        at = site or f"{told['text']['site_unknown']}/"
        link = f"{at}{folder}problems/{problem}/#admin"
        text = letters.letter(problem, language, dict(_known(facts, told)), link, docs)
        if text is not None:
            affected = f"{told['text']['affected']} {named(domains, told)}"
            yield {"language": language, "text": f"{text}\n\n{affected}"}


def moment(text: str, form: str) -> str:
    """A moment in the form of a language; any other text as it is."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).strftime(form)
    except ValueError:
        return text


def _known(facts: Mapping[str, object], told: Words) -> Iterator[tuple[str, str]]:
    """What can be filled into a letter, by its place."""
    for fact, place in told["places"].items():
        value = facts.get(fact)
        if value:
            listed = value if isinstance(value, list) else [moment(str(value), told["moment"])]
            yield place, ", ".join(map(str, listed))
