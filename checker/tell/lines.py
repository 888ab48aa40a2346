"""An answer as lines for a terminal: facts for the one who runs a mail server."""

from collections.abc import Iterator

from checker.check import Answer
from checker.facts import Attempt, Evidence
from checker.senders import Server


def lines(answer: Answer) -> Iterator[str]:
    """The lines of an answer, the outcome first."""
    verdict = answer.verdict
    fate = [str(verdict.disposition)]
    if verdict.when is not None:
        fate.append(f"when {verdict.when}{_probably(answer, 'delivery.retry_for')}")
    if verdict.report_to is not None:
        fate.append(f"report to {verdict.report_to}{_probably(answer, 'delivery.report_to')}")
    yield f"{answer.domain.ascii}, sent by {answer.operator.name}: {verdict.outcome}"
    yield f"  {', '.join(fate)}"
    for trouble in verdict.troubles:
        place = " ".join(part for part in (trouble.host, trouble.address) if part)
        mark = "*" if trouble.decisive else "-"
        yield f"  {mark} {trouble.id}{f'  {place}' if place else ''}{_evidence(trouble.evidence)}"
    for attempt in answer.attempts:
        yield f"  {_attempt(attempt)}"
    delivery = answer.operator.delivery
    yield f"  as {_one(delivery.server)} on {delivery.system} would"
    for other in answer.also:
        yield f"  not delivered by {_one(other.server)} on {other.system}: {other.problem}"
    if answer.assumed:
        yield f"  assumed, not stated by the sender: {', '.join(answer.assumed)}"


def _one(server: Server) -> str:
    return f"{'an' if server is Server.EXIM else 'a'} {server}"


def _probably(answer: Answer, key: str) -> str:
    return " (probably)" if key in answer.assumed else ""


def _evidence(evidence: Evidence) -> str:
    facts = [
        f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in evidence.items()
    ]
    return f"  ({'; '.join(facts)})" if facts else ""


def _attempt(attempt: Attempt) -> str:
    parts = [f"{attempt.preference} {attempt.host} [{attempt.address}]: {attempt.stage}"]
    parts += [part for part in (attempt.tls_version, attempt.cipher) if part]
    if attempt.certificate is not None:
        parts.append(f"certificate until {attempt.certificate.not_after:%Y-%m-%d}")
    return ", ".join(parts)
