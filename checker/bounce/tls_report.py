"""A report of TLS sessions (RFC 8460) -> what failed at a domain's mail servers.

It is about a domain and about no single mail. Who sent it, and the contact that it names, is never
who is meant.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from checker.bounce.compressed import uncompressed
from checker.bounce.engine import problems_of
from checker.bounce.model import Piece, Problem, RecipientReport
from checker.bounce.patterns import Pattern
from checker.bounce.text import MAXIMUM_INPUT, attachments_of
from checker.text import printable

MAXIMUM_DOMAINS = 500
MAXIMUM_PROBLEMS = 1_000
_MAXIMUM_POLICIES = 10_000
_MAXIMUM_COUNT = 10**12
_MAXIMUM_DEPTH = 20
_MAXIMUM_NAME = 255

_FIELDS = ('"organization-name"', '"date-range"', '"contact-info"', '"report-id"', '"policies"')
_TOKEN = Pattern(r"\"[^\"\\]*(?:\\.[^\"\\]*)*\"|[\"{}\[\]]", re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}
_SUBJECT = Pattern(r"\bReport Domain: ?(\S{1,255})", re.IGNORECASE)

# Section 4.3: a result has the same name here.
_RESULTS = frozenset(
    {
        *("starttls-not-supported", "certificate-host-mismatch", "certificate-expired"),
        *("tlsa-invalid", "dnssec-invalid", "dane-required"),
        *("sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"),
    }
)
# These are reported of several faults, which the reason beside them may tell apart.
_GENERAL = {
    "certificate-not-trusted": "certificate-not-trusted",
    "validation-failure": "tls-handshake-failed",
}
_SILENT = frozenset({"not-tls", "cause-not-stated", "no-problem-found"})


@dataclass(frozen=True, slots=True)
class _Failure:
    """What went wrong at one server."""

    result: str
    reason: str
    host: str | None


@dataclass(slots=True)
class _Sessions:
    """What the policies of one domain have counted."""

    are_counted: bool = False
    successful: int = 0
    unexplained: int = 0
    failed: dict[_Failure, int] = field(default_factory=dict)
    host: str | None = None


def read(text: str) -> tuple[RecipientReport, ...]:
    """Read a report of TLS sessions.

    Args:
        text: JSON, even if it was cut off; or a whole message that carries such a report,
            compressed or not. Never raises.

    Returns:
        One for each domain, without a recipient. Each failure is one problem, the most frequent
        first, with ``failed_session_count`` in its evidence. Nothing if it is no such report.
    """
    head, documents = _documents(text)
    domains: dict[str | None, _Sessions] = {}
    for document in documents:
        _count(document, _addressed(head), domains)
    if documents and not domains:
        domains[_addressed(head)] = _Sessions()
    told = list(domains.items())[:MAXIMUM_DOMAINS]
    return tuple(_told(*one, MAXIMUM_PROBLEMS // len(told)) for one in told)


def identities(text: str) -> tuple[str, ...]:
    """What tells the reports of a text from all others: who sent each, and its id (section 4.4).

    Args:
        text: Of ``read``.
    """
    _, documents = _documents(text)
    return tuple(
        f"{_text(one.get('organization-name'))} {_text(one.get('report-id'))}" for one in documents
    )


def _documents(text: str) -> tuple[Mapping[str, str], list[Mapping[str, object]]]:
    head, attached = attachments_of(text)
    documents = [one for one in map(_document, _carried(attached)) if one is not None]
    if not documents:
        documents = [one for one in (_document(text),) if one is not None]
    return head, documents


def _carried(files: Iterable[bytes]) -> Iterator[str]:
    """What files hold, no more of all together than of one: a small one may hold a thousandfold."""
    room = MAXIMUM_INPUT
    for octets in files:
        content = uncompressed(octets, room)[:room]
        yield content.decode("utf-8", "replace")
        room -= len(content)
        if not room:
            return


def _addressed(head: Mapping[str, str]) -> str | None:
    """The domain that a message is for (section 5.3)."""
    subject = _SUBJECT.search(head.get("subject", ""))
    return _name(head.get("tls-report-domain")) or _name(subject and subject[1])


def _document(text: str) -> Mapping[str, object] | None:
    """The JSON object of a report, wherever it begins in a text."""
    if '"policies"' not in text:
        return None
    begin = text.rfind("{", 0, min(at for at in map(text.find, _FIELDS) if at >= 0))
    try:
        found = json.loads(_whole(text, begin), strict=False) if begin >= 0 else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _whole(text: str, begin: int) -> str:
    """The object that begins somewhere; of one that is cut off, what is complete."""
    still_open: list[str] = []
    end, missing = begin, ""
    for token in _TOKEN.finditer(text, begin):
        mark = token[0]
        if mark == '"':
            break
        if mark in _CLOSING:
            still_open.append(_CLOSING[mark])
            if len(still_open) > _MAXIMUM_DEPTH:
                return ""
        elif mark in {"}", "]"}:
            if still_open.pop() != mark:
                return ""
            end, missing = token.end(), "".join(reversed(still_open))
            if not still_open:
                break
    return text[begin:end] + missing


def _count(
    document: Mapping[str, object], addressed: str | None, domains: dict[str | None, _Sessions]
) -> None:
    policies = islice(_mappings(document.get("policies")), _MAXIMUM_POLICIES)
    entries = [(entry, _mapping(entry.get("policy"))) for entry in policies]
    named = {_name(p.get("policy-domain")) for _, p in entries if p.get("policy-type") != "tlsa"}
    named.discard(None)
    domain_of_all = addressed or (named.pop() if len(named) == 1 else None)
    for entry, policy in entries:
        name = _name(policy.get("policy-domain"))
        # For DANE some name the server, for the policy is its own.
        is_host = policy.get("policy-type") == "tlsa" and domain_of_all not in {None, name}
        domain = domain_of_all if is_host else name or domain_of_all
        sessions = domains.setdefault(domain, _Sessions())
        host = name if is_host else _only_host(policy)
        sessions.host = sessions.host or host
        summary = _mapping(entry.get("summary"))
        sessions.are_counted |= "total-successful-session-count" in summary
        sessions.successful += _number(summary.get("total-successful-session-count"))
        details = list(_mappings(entry.get("failure-details")))
        if not details:
            sessions.unexplained += _number(summary.get("total-failure-session-count"))
        for detail in details:
            failure = _Failure(
                _text(detail.get("result-type")).lower().replace("_", "-"),
                _text(detail.get("failure-reason-code")),
                _name(detail.get("receiving-mx-hostname")) or host,
            )
            count = _number(detail.get("failed-session-count"))
            sessions.failed[failure] = sessions.failed.get(failure, 0) + count


def _told(domain: str | None, sessions: _Sessions, share: int) -> RecipientReport:
    failed = sorted(sessions.failed.items(), key=lambda one: -one[1])[:share]
    problems = [_problem(*one) for one in failed]
    if sessions.unexplained:
        evidence = {"failed_session_count": sessions.unexplained}
        problems.append(Problem("cause-not-stated", evidence))
    if not problems and not sessions.are_counted:
        problems.append(Problem("cause-not-stated"))
    if not problems:
        evidence = {"successful_session_count": sessions.successful}
        problems.append(Problem("no-problem-found", evidence))
    host = failed[0][0].host if failed else sessions.host
    return RecipientReport(None, domain, host, tuple(problems))


def _problem(failure: _Failure, count: int) -> Problem:
    said = ": ".join(filter(None, (failure.result, failure.reason)))
    evidence: dict[str, str | int] = {"text": said} if said else {}
    if failure.host is not None:
        evidence["host"] = failure.host
    if count:
        evidence["failed_session_count"] = count
    return Problem(_id(failure), evidence)


def _id(failure: _Failure) -> str:
    if failure.result in _RESULTS:
        return failure.result
    told = problems_of((Piece(failure.reason),))[0].id
    return _GENERAL.get(failure.result, "cause-not-stated") if told in _SILENT else told


def _only_host(policy: Mapping[str, object]) -> str | None:
    """The server that a policy lists, if it is a single one and no pattern."""
    listed = policy.get("mx-host", policy.get("mx-host-pattern"))
    names = [_name(one) for one in (listed if isinstance(listed, list) else [listed])]
    return names[0] if len(names) == 1 and names[0] and "*" not in names[0] else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _mappings(values: object) -> Iterator[Mapping[str, object]]:
    listed: Iterable[object] = values if isinstance(values, list) else ()
    return (value for value in listed if isinstance(value, dict))


def _text(value: object) -> str:
    return printable(" ".join(value.split())) if isinstance(value, str) else ""


def _name(value: object) -> str | None:
    """A domain's or a server's name as it is compared; its brackets of an address stay away."""
    if not isinstance(value, str):
        return None
    first = value.strip().partition(" ")[0].partition("[")[0]
    return printable(first, _MAXIMUM_NAME).rstrip(".").lower() or None


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(0, value), _MAXIMUM_COUNT)
