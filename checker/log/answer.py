"""What a log says, as JSON: ids, names and numbers, the most frequent first."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from checker.log import policy
from checker.log.fates import Fates, Place, Row
from checker.log.reading import Log
from checker.log.reasons import Named
from checker.log.sessions import Sessions
from checker.text import printable

_MAXIMUM_LINE = 1_000
_ADDRESS = re.compile(r"(\"[^\"]{0,200}\"|[^\s<>\"(),:;=\[\]]+)(?=@[\w\[])")
_LEAST_NAME = 3
_ANYBODY = "x"

Outcomes = Mapping[str, Mapping[str, object]]
"""By domain what a check of it said."""


def to_json(
    log: Log, *, anonymise: bool = False, checked: Outcomes | None = None
) -> dict[str, object]:
    """The answer as the command line prints it.

    Args:
        log: What was read.
        anonymise: Replace what stands before the @ of addresses.
        checked: What the checker says of domains of which the log cannot tell.
    """
    fates = log.fates
    rows = list(fates.rows.items())
    told: dict[str, object] = {
        "length": log.length,
        "years_assumed": fates.calendar.is_assumed,
        "attempts": {
            "sent": fates.sent,
            "deferred": fates.deferred,
            "bounced": fates.bounced,
        },
        "recipients": {
            "delivered": fates.sent,
            "delivered_late": fates.late,
            "bounced": sum(row.bounced for _, row in rows),
            "expired": sum(row.expired for _, row in rows),
            "waiting": sum(row.waiting for _, row in rows),
        },
        "expired_unexplained": fates.unexplained,
        "forgotten": fates.forgotten,
        "left_out": fates.left_out,
        "problems": _by_problem(rows),
        "domains": [_row(log, *one, anonymise=anonymise) for one in sorted(rows, key=_most)],
        "servers": _by_server(rows),
        "days": _days(log),
        "troubles": log.troubles,
    }
    if log.sessions is not None:
        told["under"] = _under(log.sessions, anonymise=anonymise, checked=checked or {})
    return told


def shown(line: bytes, *, anonymise: bool) -> str:
    """A line of a log, made harmless."""
    text = printable(line.decode("utf-8", "replace"), _MAXIMUM_LINE)
    return without_addresses(text) if anonymise else text


def without_addresses(text: str) -> str:
    """A text in which what stands before the @ of addresses is replaced, wherever it stands."""
    names = {name for name in _ADDRESS.findall(text) if len(name) >= _LEAST_NAME}
    text = _ADDRESS.sub(_ANYBODY, text)
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _ANYBODY, text)
    return text


def _problem(named: Named) -> dict[str, object]:
    return {"problem": named.id, **({"kind": named.kind} if named.kind else {})}


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    listed = list(rows)
    return {
        "bounced": sum(row.bounced for row in listed),
        "expired": sum(row.expired for row in listed),
        "waiting": sum(row.waiting for row in listed),
    }


def _all_of(row: Row) -> int:
    return row.bounced + row.expired + row.waiting


def _most(one: tuple[Place, Row]) -> tuple[object, ...]:
    place, row = one
    lost = row.bounced + row.expired
    return (-lost, -row.waiting, place.domain, place.server, place.problem.id)


def _grouped(rows: list[tuple[Place, Row]], by: Any) -> list[tuple[Any, list[Row]]]:  # noqa: ANN401
    groups: dict[Any, list[Row]] = {}
    for place, row in rows:
        groups.setdefault(by(place), []).append(row)
    return sorted(groups.items(), key=lambda one: (-sum(map(_all_of, one[1])), str(one[0])))


def _by_problem(rows: list[tuple[Place, Row]]) -> list[dict[str, object]]:
    groups = _grouped(rows, lambda place: place.problem)
    return [{**_problem(named), **_counts(of_one)} for named, of_one in groups]


def _by_server(rows: list[tuple[Place, Row]]) -> list[dict[str, object]]:
    groups = _grouped(rows, lambda place: (place.server, place.problem))
    return [
        {"server": printable(server), **_problem(named), **_counts(of_one)}
        for (server, named), of_one in groups
    ]


def _row(log: Log, place: Place, row: Row, *, anonymise: bool) -> dict[str, object]:
    calendar = log.fates.calendar
    return {
        "domain": printable(place.domain),
        "server": printable(place.server),
        **_problem(place.problem),
        **_counts([row]),
        "first_day": row.first and calendar.written(row.first, log.changed),
        "last_day": row.last and calendar.written(row.last, log.changed),
        "line": shown(row.line, anonymise=anonymise),
    }


def _days(log: Log) -> list[dict[str, object]]:
    fates: Fates = log.fates
    written = fates.calendar.written
    days = [
        {
            "day": day and written(day, log.changed),
            **_problem(named),
            "returned": returned,
            "waiting": waiting,
        }
        for (day, named), (returned, waiting) in fates.days.items()
    ]
    return sorted(days, key=lambda one: (str(one["day"] or ""), str(one["problem"])))


def _under(sessions: Sessions, *, anonymise: bool, checked: Outcomes) -> dict[str, object]:
    told: dict[bool, list[dict[str, object]]] = {True: [], False: []}
    rows = sorted(
        sessions.rows.items(),
        key=lambda one: (-one[1].deliveries, one[0].domain, one[0].server, one[0].judgement),
    )
    for server, row in rows:
        found: dict[str, object] = {
            "domain": printable(server.domain),
            "server": printable(server.server),
            "why": str(server.judgement.why),
            "problems": list(policy.PROBLEMS[server.judgement.why]),
            "deliveries": row.deliveries,
            "line": shown(row.line, anonymise=anonymise),
        }
        if server.domain in checked:
            found["checked"] = checked[server.domain]
        told[server.judgement.sure].append(found)
    return {
        "tls_logged": sessions.is_logged,
        "passed": sessions.passed,
        "left_out": sessions.left_out,
        "for_sure": told[True],
        "cannot_be_told": told[False],
    }
