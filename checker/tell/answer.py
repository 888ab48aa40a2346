"""An answer as JSON: the same on the command line and over HTTP. Facts, never prose."""

from typing import Any

from checker.check import Answer
from checker.delivery.verdict import Trouble
from checker.facts import Attempt, Certificate, Finding, Reply, Route
from checker.moment import timestamp

Json = dict[str, Any]


def to_json(answer: Answer) -> Json:
    """The JSON object of an answer, ready for :func:`json.dumps`."""
    verdict = answer.verdict
    return {
        "domain": answer.domain.ascii,
        "operator": answer.operator.name,
        "outcome": str(verdict.outcome),
        "disposition": str(verdict.disposition),
        "when": verdict.when,
        "report_to": verdict.report_to and str(verdict.report_to),
        "checked_at": timestamp(answer.checked_at),
        "assumed": list(answer.assumed),
        "sender": {
            "server": str(answer.operator.delivery.server),
            "system": str(answer.operator.delivery.system),
        },
        "also": [
            {"server": str(one.server), "system": str(one.system), "problem": one.problem}
            for one in answer.also
        ],
        "problems": [_trouble(trouble) for trouble in verdict.troubles],
        "route": _route(answer.route),
        "attempts": [_attempt(attempt, answer.ehlo_name) for attempt in answer.attempts],
    }


def _trouble(trouble: Trouble) -> Json:
    return {
        "id": trouble.id,
        "host": trouble.host,
        "address": trouble.address,
        "decisive": trouble.decisive,
        "evidence": dict(trouble.evidence),
    }


def _finding(finding: Finding) -> Json:
    return {"id": finding.id, "evidence": finding.told}


def _route(route: Route) -> Json:
    return {
        "kind": str(route.kind),
        "authenticated": route.authenticated,
        "mail_servers": [
            {
                "host": server.host,
                "preference": server.preference,
                "addresses": list(server.addresses),
                "problems": [_finding(finding) for finding in server.findings],
            }
            for server in route.mail_servers
        ],
    }


def _attempt(attempt: Attempt, ehlo_name: str) -> Json:
    return {
        "host": attempt.host,
        "address": attempt.address,
        "preference": attempt.preference,
        "stage": str(attempt.stage),
        "checked_at": attempt.checked_at and timestamp(attempt.checked_at),
        "ehlo_name": ehlo_name,
        "tls_version": attempt.tls_version,
        "cipher": attempt.cipher,
        "certificate": attempt.certificate and _certificate(attempt.certificate),
        "replies": [_reply(reply) for reply in attempt.replies],
        "problems": [_finding(finding) for finding in attempt.findings],
    }


def _certificate(certificate: Certificate) -> Json:
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "names": list(certificate.names),
        "not_before": timestamp(certificate.not_before),
        "not_after": timestamp(certificate.not_after),
        "key": certificate.key,
        "signature": certificate.signature,
        "sha256": certificate.sha256,
        "chain": list(certificate.chain),
    }


def _reply(reply: Reply) -> Json:
    return {"command": reply.command, "code": reply.code, "lines": list(reply.lines)}
