"""The report of a log: one page that needs nothing but itself, like that of a list.

It is made of the answer alone (``checker.log.answer.to_json``): what that leaves out of addresses
is in no page, either.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from checker.bulk.providers import organization
from checker.bulk.report import letters, parts
from checker.bulk.report.charts import bars
from checker.bulk.report.parts import Words, letters_about, named, template
from checker.links.site import Site
from checker.operators import DEFAULT
from checker.problems import PROBLEMS, Mender

LANGUAGES = parts.LANGUAGES

_MOST_ROWS = 20_000
"""In the list of the page; a browser shows no more of them at ease."""

_MOST_OF_EACH = 1_000
"""Rows of any other table."""

_MOST_PROVIDERS = 200
_MOST_BARS = 10
_MOST_DAYS = 62
"""Days that have a bar each; of more, each month has one."""

_MONTH = len("2026-11")
_FATES = ("bounced", "expired", "waiting")
_JUDGED = ("for_sure", "cannot_be_told")
_NOT_TLS = "not-tls"
_LINE = "line"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the report is to be like.

    Attributes:
        language: The language.
        operator: The name of the sender whose policy was asked about; none without one.
        title: What that sender is called.
        site: The address of the site, with a slash at its end; none where it is not known.
        docs: Where the pages are whose titles and letters it uses.
    """

    language: str
    operator: str | None = None
    title: str = ""
    site: str | None = None
    docs: Path = letters.DOCS


def render(answer: Mapping[str, Any], wanted: Wanted) -> Iterator[str]:
    """The page, piece by piece.

    Args:
        answer: What the log says.
        wanted: What the page is to be like.
    """
    yield from template("checker", "log_report").generate(_Page(answer, wanted).values())


@cache
def words(language: str) -> Words:
    """The words of the page in a language; what it does not say itself is said as in a list's."""
    text = (Path(__file__).parent / "words" / f"{language}.toml").read_text(encoding="utf-8")
    own, shared = tomllib.loads(text), parts.words(language)
    merged = {name: shared[name] | own.get(name, {}) for name in ("headings", "text", "columns")}
    return shared | own | merged


class _Page:
    def __init__(self, answer: Mapping[str, Any], wanted: Wanted) -> None:
        self._answer = answer
        self._under = answer.get("under")
        self._wanted = wanted
        self._words = words(wanted.language)
        self._text = self._words["text"]
        self._named = cache(partial(letters.title, language=wanted.language, docs=wanted.docs))
        self._operator = (
            self._words["careful"] if wanted.operator in {None, DEFAULT} else wanted.title
        )

    def values(self) -> dict[str, object]:
        """What the template asks for."""
        answer, headings = self._answer, self._words["headings"]
        problems = [(self._title(one), _lost(one)) for one in answer["problems"]]
        servers = Counter[str]()
        for one in answer["servers"]:
            servers[one["server"] or self._text["no_server"]] += _lost(one)
        return {
            "language": self._wanted.language,
            "words": self._words,
            "title": self._words["title"],
            "summary": self._summary() if answer["length"] else "",
            "notes": list(self._notes()),
            "outcomes_chart": _chart(self._fates()),
            "days_chart": _chart(
                [(self._day(one), count) for one, count in _by_day(answer["days"])]
            ),
            "days": self._days(),
            "problems_chart": _chart(problems[:_MOST_BARS]),
            "problems": [
                {"title": self._title(one), "count": _lost(one), "link": self._link(one["problem"])}
                for one in answer["problems"]
            ],
            "servers_chart": _chart(servers.most_common(_MOST_BARS)),
            "under": self._judged(headings["under"].format(operator=self._operator)),
            "reports": self._reports(),
            "providers": list(self._providers()),
            "owners": self._owners(),
            **self._list(),
        }

    def _summary(self) -> str:
        people = self._answer["recipients"]
        lost = people["bounced"] + people["expired"]
        return str(
            self._words["summary"].format(
                all=people["delivered"] + lost + people["waiting"],
                delivered=people["delivered"],
                lost=lost,
                waiting=people["waiting"],
            )
        )

    def _fates(self) -> list[tuple[str, int]]:
        people, fates = self._answer["recipients"], self._words["fates"]
        return [
            (fates["at_once"], people["delivered"] - people["delivered_late"]),
            (fates["late"], people["delivered_late"]),
            *((fates[one], people[one]) for one in _FATES),
        ]

    def _notes(self) -> Iterator[str]:
        notes, answer = self._words["notes"], self._answer
        if self._under is not None and not self._under["tls_logged"]:
            yield notes["tls_not_logged"]
        if answer["years_assumed"]:
            yield notes["years_assumed"]
        counts = {
            "troubles": len(answer["troubles"]),
            "expired_unexplained": answer["expired_unexplained"],
            "forgotten": answer["forgotten"],
            "left_out": answer["left_out"] + (self._under["left_out"] if self._under else 0),
        }
        yield from (notes[name].format(count=count) for name, count in counts.items() if count)

    def _days(self) -> list[dict[str, object]]:
        return [
            {
                "day": self._day(one["day"] or ""),
                "title": self._title(one),
                "returned": one["returned"],
                "waiting": one["waiting"],
            }
            for one in self._answer["days"][-_MOST_OF_EACH:]
        ]

    def _title(self, one: Row) -> str:
        """What a row is about: a problem, or what a report that is not about TLS names."""
        if one["problem"] == _NOT_TLS and "kind" in one:
            return str(self._words["kinds"][one["kind"]])
        return self._named(one["problem"])

    def _judged(self, heading: str) -> dict[str, object] | None:
        if self._under is None:
            return None
        told: dict[str, object] = {
            "heading": heading,
            "passed": self._text["passed"].format(count=self._under["passed"]),
        }
        for name, rows in self._both():
            whys = Counter[tuple[str, str]]()
            for one in rows:
                problem = one["problems"][0] if one["problems"] else ""
                whys[one["why"], problem] += one["deliveries"]
            told[name] = {
                "count": whys.total(),
                "whys": [
                    {
                        "title": self._words["why"][why],
                        "told": self._text["judged"].format(
                            count=count,
                            domains=len({one["domain"] for one in rows if one["why"] == why}),
                        ),
                        "link": self._link(problem) if problem else "",
                    }
                    for (why, problem), count in whys.most_common()
                ],
            }
        return told

    def _both(self) -> Iterator[tuple[str, list[Row]]]:
        """What would be lost, and of what that cannot be told."""
        if self._under is not None:
            yield from ((name, self._under[name]) for name in _JUDGED)

    def _checked(self, checked: Row | None) -> Iterator[str]:
        if checked is None:
            return
        outcome = self._words["checked"][checked["outcome"]]
        problems = ", ".join(map(self._named, checked["problems"]))
        told = f"{outcome}: {problems}" if problems else outcome
        yield f"{self._text['checked']} {told}"

    def _further(self, count: int) -> str:
        further = count - _MOST_OF_EACH
        return self._text["further"].format(count=further) if further > 0 else ""

    def _reports(self) -> dict[str, object] | None:
        rows = self._answer.get("tls_reports")
        if rows is None:
            return None
        return {
            "rows": [{**one, "title": self._named(one["problem"])} for one in rows[:_MOST_OF_EACH]],
            "further": self._further(len(rows)),
        }

    def _providers(self) -> Iterator[dict[str, object]]:
        """Whom to call: who runs the mail servers that somebody there can mend."""
        groups: dict[str, list[tuple[str, Row]]] = {}
        for problem, one in self._mendable():
            groups.setdefault(organization(one["server"]), []).append((problem, one))
        most = sorted(groups.items(), key=lambda group: (-len(_domains(group[1])), group[0]))
        for name, rows in most[:_MOST_PROVIDERS]:
            yield self._provider(name, rows)

    def _mendable(self) -> Iterator[tuple[str, Row]]:
        found = [(one["problem"], one) for one in self._answer["domains"]]
        for name, rows in self._both():
            for one in rows:
                # What a check saw is more than what the log shows.
                told = one.get("checked") or (one if name == _JUDGED[0] else {"problems": []})
                found += [(problem, one) for problem in told["problems"][:1]]
        for problem, one in found:
            if one["server"] and PROBLEMS[problem].mender is Mender.RECEIVING_PROVIDER:
                yield problem, one

    def _owners(self) -> list[dict[str, str]]:
        """What the owners of domains can mend, each for their own."""
        rows = [
            (one["problem"], one)
            for one in self._answer["domains"]
            if PROBLEMS[one["problem"]].mender is Mender.DOMAIN_OWNER and one["domain"]
        ]
        return [
            {
                "title": self._named(problem),
                "domains": named(_domains(one for one in rows if one[0] == problem), self._words),
            }
            for problem in dict.fromkeys(problem for problem, _ in rows)
        ]

    def _provider(self, name: str, rows: Sequence[tuple[str, Row]]) -> dict[str, object]:
        domains = _domains(rows)
        problems = Counter({problem: 0 for problem, _ in rows})
        for problem in problems:
            problems[problem] = len(_domains(one for one in rows if one[0] == problem))
        ((worst, _), *_) = problems.most_common(1)
        concerned = [one for problem, one in rows if problem == worst]
        facts = {"domain": concerned[0]["domain"], "host": concerned[0]["server"]}
        if day := concerned[0].get("last_day"):
            facts["checked_at"] = self._day(day)
        return {
            "name": name,
            "call": self._text["call_one"]
            if len(domains) == 1
            else self._text["call_many"].format(count=len(domains)),
            "problems": [
                f"{self._named(problem)}: {count}" for problem, count in problems.most_common()
            ],
            "hosts": named(dict.fromkeys(one["server"] for _, one in rows), self._words),
            "domains": named(domains, self._words),
            "letters": list(
                letters_about(
                    worst,
                    facts,
                    _domains((worst, one) for one in concerned),
                    first=self._wanted.language,
                    site=self._wanted.site,
                    docs=self._wanted.docs,
                    told_in=words,
                )
            ),
            "link": self._link(worst),
        }

    def _list(self) -> dict[str, object]:
        fates = self._words["outcome"]
        rows = [
            {
                "outcome": " ".join(one_fate for one_fate in _FATES if one[one_fate]),
                "fates": [f"{fates[fate]}: {one[fate]}" for fate in _FATES if one[fate]],
                "title": self._title(one),
                "link": self._link(one["problem"]),
                "days": self._span(one["first_day"], one["last_day"]),
                "domain": one["domain"],
                "server": one["server"],
                _LINE: one[_LINE],
            }
            for one in self._answer["domains"][:_MOST_ROWS]
        ]
        everything = len(self._answer["domains"])
        for name, judged in self._both():
            everything += len(judged)
            rows += [
                {
                    "outcome": name,
                    "fates": [
                        f"{fates[name]}: {one['deliveries']}",
                        *self._checked(one.get("checked")),
                    ],
                    "title": self._words["why_in_short"][one["why"]],
                    "link": self._link(one["problems"][0]) if one["problems"] else "",
                    "days": "",
                    "domain": one["domain"],
                    "server": one["server"],
                    _LINE: one[_LINE],
                }
                for one in judged[: _MOST_ROWS - len(rows)]
            ]
        cut = self._text["cut"].format(count=_MOST_ROWS) if everything > _MOST_ROWS else ""
        return {"rows": rows, "cut": cut}

    def _span(self, first: str | None, last: str | None) -> str:
        days = [self._day(one) for one in dict.fromkeys((first, last)) if one]
        return str(self._text["span"]).join(days)

    def _day(self, day: str) -> str:
        return _moment(day, self._words["day"])

    def _link(self, problem: str) -> str:
        """Where the site explains a problem. No domain is in it: those of a log stay here."""
        if self._wanted.site is None:
            return ""
        return Site(self._wanted.site, self._wanted.operator or DEFAULT).permalink(problem)


def _chart(rows: Sequence[tuple[str, int]]) -> Markup:
    return Markup(bars(rows))  # noqa: S704 - the library escapes the labels


def _moment(day: str, form: str) -> str:
    """A day in the form of a language; a month, and any other text, as it is."""
    try:
        return date.fromisoformat(day).strftime(form)
    except ValueError:
        return day


def _lost(one: Row) -> int:
    return int(sum(one[fate] for fate in _FATES))


def _domains(rows: Iterable[tuple[str, Row]]) -> list[str]:
    return list(dict.fromkeys(one["domain"] for _, one in rows))


def _by_day(rows: Iterable[Row]) -> list[tuple[str, int]]:
    """How many a day, also on days without any; of very many days, how many a month."""
    counts = Counter[str]()
    for one in rows:
        if one["day"]:
            counts[one["day"]] += one["returned"] + one["waiting"]
    if not counts:
        return []
    try:
        first, last = (date.fromisoformat(one) for one in (min(counts), max(counts)))
    except ValueError:
        return sorted(counts.items())[-_MOST_DAYS:]
    if (last - first).days < _MOST_DAYS:
        days = (first + timedelta(one) for one in range((last - first).days + 1))
        return [(day.isoformat(), counts[day.isoformat()]) for day in days]
    months = Counter[str]()
    for day, count in counts.items():
        months[day[:_MONTH]] += count
    return sorted(months.items())[-_MOST_DAYS:]
