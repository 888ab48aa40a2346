"""The answer as lines for a terminal, the most frequent first."""

from collections.abc import Iterator, Mapping
from typing import Any

_MOST = 40
_WIDEST = 60

TLS_LEVEL = "your log does not say how mail went over the wire; set smtp_tls_loglevel = 1"


def lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """The lines of an answer.

    Args:
        answer: Of ``answer.to_json``.
    """
    under = answer.get("under")
    if under is not None and not under["tls_logged"]:
        yield TLS_LEVEL
        yield ""
    if answer["length"]:
        yield from _fates(answer)
    if under is not None:
        yield from _under(under)
    yield from _reports(answer.get("tls_reports", ()))


def _fates(answer: Mapping[str, Any]) -> Iterator[str]:
    people = answer["recipients"]
    late = people["delivered_late"]
    yield f"delivered {people['delivered']}{f', {late} of them late' if late else ''}"
    yield (
        f"returned {people['bounced'] + people['expired']} ({people['expired']} expired), "
        f"still waiting {people['waiting']}"
    )
    if answer["expired_unexplained"]:
        yield f"mails that expired for a reason before this log: {answer['expired_unexplained']}"
    if answer["forgotten"]:
        yield f"too many were waiting: {answer['forgotten']} were counted as waiting too early"
    yield from _left_out(answer["left_out"])
    if answer["years_assumed"]:
        yield "the log names no year: it is taken from when the file was last written"
    for title, name in (
        ("problem", "problems"),
        ("mail server", "servers"),
        ("domain", "domains"),
        ("day", "days"),
    ):
        if answer[name]:
            yield from ("", f"returned  waiting  by {title}")
            yield from _some([_counted(one) for one in answer[name]])


def _counted(one: Mapping[str, Any]) -> list[str]:
    returned = one.get("returned", one.get("bounced", 0) + one.get("expired", 0))
    names = [one.get("day"), one.get("domain"), one.get("server")]
    kind = f" ({one['kind']})" if "kind" in one else ""
    told = "  ".join([name or "-" for name in names if name is not None] + [one["problem"] + kind])
    return [
        f"{returned:8}  {one['waiting']:7}  {told}",
        *([f"{'':19}{one['line']}"] if "line" in one else []),
    ]


def _under(under: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"delivered, and would be again: {under['passed']}")
    yield from _left_out(under["left_out"])
    for title, name in (
        ("delivered, and would not be to this server, for sure", "for_sure"),
        ("delivered, and would it be? That cannot be told from the log", "cannot_be_told"),
    ):
        rows = under[name]
        yield from ("", f"{title}: {sum(row['deliveries'] for row in rows)}")
        yield from _some([_judged(row) for row in rows])


def _left_out(count: int) -> Iterator[str]:
    if count:
        yield f"too many domains and mail servers: {count} are counted without them"


def _judged(row: Mapping[str, Any]) -> list[str]:
    checked = row.get("checked")
    said = f"  checked: {' '.join([checked['outcome'], *checked['problems']])}" if checked else ""
    return [
        f"{row['deliveries']:8}  {_where(row)}  {row['why']}{said}",
        f"{'':10}{row['line']}",
    ]


def _where(row: Mapping[str, Any]) -> str:
    return f"{row['domain'] or '-'}  {row['server'] or '-'}"


def _reports(rows: Any) -> Iterator[str]:  # noqa: ANN401 - of JSON
    if not rows:
        return
    yield from ("", "sessions  by domain and mail server, from TLS reports")
    yield from _some([[f"{one['sessions']:8}  {_where(one)}  {one['problem']}"] for one in rows])


def _some(rows: list[list[str]]) -> Iterator[str]:
    for row in rows[:_MOST]:
        yield from row
    if len(rows) > _MOST:
        yield f"{'':10}and {len(rows) - _MOST} more; --json tells all"
