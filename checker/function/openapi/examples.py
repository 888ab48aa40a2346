"""One of each message, as the function writes it."""

from typing import Any

from checker.function.interface import Json

REQUEST: Json = {"domain": "anna@example.org", "operator": "careful"}

_EXPIRED: Json = {"not_after": "2026-11-12T08:37:22Z", "subject": "CN=mx.example.org", "depth": 0}

ANSWER: Json = {
    "domain": "example.org",
    "operator": "careful",
    "outcome": "fails",
    "disposition": "retried",
    "when": "P5D",
    "report_to": "sender",
    "checked_at": "2026-11-22T08:37:26Z",
    "assumed": ["tls.sni", "delivery.retry_for"],
    "sender": {"server": "postfix", "system": "debian-13"},
    "also": [{"server": "exim", "system": "debian-12", "problem": "certificate-expired"}],
    "problems": [
        {
            "id": "certificate-expired",
            "host": "mx.example.org",
            "address": "192.0.2.25",
            "decisive": True,
            "evidence": _EXPIRED,
        }
    ],
    "route": {
        "kind": "mx",
        "authenticated": True,
        "mail_servers": [
            {
                "host": "mx.example.org",
                "preference": 10,
                "addresses": ["192.0.2.25"],
                "problems": [],
            }
        ],
    },
    "attempts": [
        {
            "host": "mx.example.org",
            "address": "192.0.2.25",
            "preference": 10,
            "stage": "certificate",
            "checked_at": "2026-11-22T08:37:26Z",
            "ehlo_name": "checker.example.net",
            "tls_version": "TLSv1.2",
            "cipher": "ECDHE-ECDSA-AES256-GCM-SHA384",
            "certificate": {
                "subject": "CN=mx.example.org",
                "issuer": "CN=Example Intermediate",
                "names": ["mx.example.org"],
                "not_before": "2026-08-24T08:37:22Z",
                "not_after": "2026-11-12T08:37:22Z",
                "key": "EC secp256r1",
                "signature": "sha256",
                "sha256": "878db89b8526be48724a773df085af126bfbb45fba7af70d3ee0d678586a90fe",
                "chain": ["CN=Example Intermediate"],
            },
            "replies": [
                {"command": "connect", "code": 220, "lines": ["mx.example.org ESMTP"]},
                {"command": "EHLO", "code": 250, "lines": ["mx.example.org", "STARTTLS"]},
                {"command": "STARTTLS", "code": 220, "lines": ["2.0.0 Ready to start TLS"]},
                {"command": "EHLO", "code": 250, "lines": ["mx.example.org"]},
            ],
            "problems": [{"id": "certificate-expired", "evidence": _EXPIRED}],
        }
    ],
}

STREAM = """\
event: step
data: {"stage": "domain", "domain": "example.org"}

event: step
data: {"stage": "route"}

event: step
data: {"stage": "connect", "host": "mx.example.org", "address": "192.0.2.25", "preference": 10}

event: answer
data: {"domain": "example.org", "outcome": "fails", "...": "the whole answer, as in JSON"}

"""

OPERATORS: Json = {
    "operators": [
        {"name": "mediafinanz", "title": "mediaFinanz GmbH", "audience": "recipients"},
        {"name": "careful", "title": "Careful sender", "audience": "recipients"},
    ],
    "default": "careful",
}

HEALTH: Json = {"status": "ok", "port_25": "open", "dnssec": "validated", "authorities": "found"}

FAILING: Json = {
    "status": "failing",
    "port_25": "closed",
    "dnssec": "validated",
    "authorities": "found",
}

INVALID_DOMAIN: Json = {
    "type": "urn:zustellbar:error:invalid-domain",
    "title": "invalid-domain",
    "status": 400,
    "code": "invalid-domain",
    "reason": "ip-address",
}

UNKNOWN_OPERATOR: Json = {
    "type": "urn:zustellbar:error:unknown-operator",
    "title": "unknown-operator",
    "status": 400,
    "code": "unknown-operator",
    "detail": "nobody",
}

TOO_MANY_CHECKS: Json = {
    "type": "urn:zustellbar:error:too-many-checks",
    "title": "too-many-checks",
    "status": 429,
    "code": "too-many-checks",
    "retry_after": 42,
}

OVERLOADED: Json = {
    "type": "urn:zustellbar:error:overloaded",
    "title": "overloaded",
    "status": 503,
    "code": "overloaded",
    "retry_after": 5,
}

OPTED_OUT: Json = {
    "type": "urn:zustellbar:error:opted-out",
    "title": "opted-out",
    "status": 403,
    "code": "opted-out",
}

CROSS_SITE: Json = {
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
    "detail": "cross-site request",
}

TOO_SLOW: Json = {
    "type": "about:blank",
    "title": "Request Timeout",
    "status": 408,
}

TOO_LONG: Json = {
    "type": "about:blank",
    "title": "Content Too Large",
    "status": 413,
}

WRONG_TYPE: Json = {
    "type": "about:blank",
    "title": "Unsupported Media Type",
    "status": 415,
    "detail": "application/json or application/x-www-form-urlencoded",
}

OUR_FAULT: Json = {
    "type": "about:blank",
    "title": "Internal Server Error",
    "status": 500,
}

DESCRIPTION: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Zustellbar", "version": "1.0.0"},
    "paths": {},
}

_ATTEMPT = ANSWER["attempts"][0]

OF_SCHEMAS: dict[str, Any] = {
    "CheckRequest": REQUEST,
    "Answer": ANSWER,
    "Sender": ANSWER["sender"],
    "Refusing": ANSWER["also"][0],
    "Problem": ANSWER["problems"][0],
    "Finding": _ATTEMPT["problems"][0],
    "ProblemId": "certificate-expired",
    "Evidence": _EXPIRED,
    "Route": ANSWER["route"],
    "Attempt": _ATTEMPT,
    "Certificate": _ATTEMPT["certificate"],
    "Reply": _ATTEMPT["replies"][1],
    "Step": {
        "stage": "connect",
        "host": "mx.example.org",
        "address": "192.0.2.25",
        "preference": 10,
    },
    "Operators": OPERATORS,
    "Operator": OPERATORS["operators"][0],
    "Health": HEALTH,
    "Error": INVALID_DOMAIN,
}
"""One of each schema, by its name."""
