"""What goes in and out, as JSON Schema (2020-12)."""

from collections.abc import Iterable

from checker import operators
from checker.delivery.verdict import Disposition, Outcome
from checker.domain import MAXIMUM_TYPED, Reason
from checker.facts import Port, RouteKind, Validation
from checker.function.interface import CODES, FALSE, LANGUAGES, TRUE, Json
from checker.function.openapi import examples
from checker.operators import Audience, ReportTo
from checker.problems import PROBLEMS, Stage
from checker.senders import Server, System

_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_WHOLE_NUMBER: Json = {"type": "integer", "minimum": 0}
_MOMENT: Json = {"type": "string", "format": "date-time"}


def ref(name: str) -> Json:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas() -> dict[str, Json]:
    """Every schema of the document, by name, with an example of each."""
    return {
        name: {**schema, "examples": [examples.OF_SCHEMAS[name]]}
        for name, schema in _schemas().items()
    }


def _schemas() -> dict[str, Json]:
    return {
        "CheckRequest": _check_request(),
        "Answer": _answer(),
        "Problem": _object(
            "A problem and where it was met. Of several the decisive one comes first.",
            {
                "id": ref("ProblemId"),
                "host": {**_TEXT_OR_NULL, "description": "The mail server, if one was involved."},
                "address": {**_TEXT_OR_NULL, "description": "Its IP address."},
                "decisive": {
                    "type": "boolean",
                    "description": "Whether this is what decided the outcome.",
                },
                "evidence": ref("Evidence"),
            },
        ),
        "Sender": _object(
            "The mail server that was simulated; assumed tells what of it is not stated.",
            {"server": _one_of(Server), "system": _one_of(System)},
        ),
        "Refusing": _object(
            "A sender that would not deliver, and why.",
            {
                "server": _one_of(Server),
                "system": _one_of(System),
                "problem": ref("ProblemId"),
            },
        ),
        "Finding": _object(
            "A problem as it was seen at one place.",
            {"id": ref("ProblemId"), "evidence": ref("Evidence")},
        ),
        "ProblemId": {
            "description": "Permanent name of a problem; its page is /p/{id}/ of the site.",
            **_one_of(PROBLEMS),
        },
        "Evidence": {
            "type": "object",
            "description": "Facts that show the problem; which ones depends on the problem.",
            "additionalProperties": {
                "type": ["string", "integer", "boolean", "array", "null"],
                "items": {"type": ["string", "integer"]},
            },
        },
        "Route": _route(),
        "Attempt": _attempt(),
        "Certificate": _certificate(),
        "Reply": _object(
            "One SMTP reply (RFC 5321, section 4.2).",
            {
                "command": {**_TEXT, "description": "What it answers; connect for the greeting."},
                "code": _WHOLE_NUMBER,
                "lines": _list(_TEXT),
            },
        ),
        "Step": _step(),
        "Operators": _object(
            "The senders whose mail servers can be simulated.",
            {"operators": _list(ref("Operator")), "default": _one_of(operators.names())},
        ),
        "Operator": _object(
            "One sender.",
            {
                "name": {**_one_of(operators.names()), "description": "For a check's operator."},
                "title": {**_TEXT, "description": "As people write it."},
                "audience": {**_one_of(Audience), "description": "Who comes to ask."},
            },
        ),
        "Health": _object(
            "How the function is.",
            {
                "status": {"type": "string", "enum": ["ok", "failing"]},
                "port_25": {
                    **_one_of(Port),
                    "description": "Whether connections get out; unknown without a canary.",
                },
                "dnssec": {
                    **_one_of(Validation),
                    "description": (
                        "Whether the resolver validates; where it does not, senders that use DANE "
                        "cannot be simulated."
                    ),
                },
                "authorities": {
                    "type": "string",
                    "enum": ["found", "none"],
                    "description": "Whether there are certificate authorities to believe.",
                },
            },
        ),
        "Error": _error(),
    }


def _check_request() -> Json:
    return {
        "type": "object",
        "description": "What to check. Unknown keys are ignored.",
        "required": ["domain"],
        "properties": {
            "domain": {
                "type": "string",
                "minLength": 1,
                "maxLength": MAXIMUM_TYPED,
                "description": (
                    "A domain, an e-mail address or a URL. Only the domain is used; what stands "
                    "before an @ is neither stored nor sent on."
                ),
                "examples": ["example.org", "anna@example.org"],
            },
            "operator": {
                **_one_of([*operators.names(), "", None]),
                "default": operators.DEFAULT,
                "description": "Whose mail server to simulate; the default if empty or null.",
            },
            "lang": {
                "type": "string",
                "default": LANGUAGES[0],
                "description": (
                    f"Language of the page that a plain form is led to: {', '.join(LANGUAGES)}; "
                    "any other is taken for the default."
                ),
                "examples": list(LANGUAGES),
            },
            "all": {
                "anyOf": [{"type": "boolean"}, _one_of([*TRUE, *FALSE])],
                "default": False,
                "description": "Whether to look at all mail servers, past the one that decides.",
            },
            "also": {
                "anyOf": [{"type": "boolean"}, _one_of([*TRUE, *FALSE])],
                "default": False,
                "description": "Whether to judge what was seen for other senders, too.",
            },
            "fresh": {
                "anyOf": [{"type": "boolean"}, _one_of([*TRUE, *FALSE])],
                "default": False,
                "description": (
                    "Whether to look again, although there is a result of the last minutes. "
                    "Granted about once a minute for each domain."
                ),
            },
        },
    }


def _answer() -> Json:
    answer = _object(
        "What would become of a mail.",
        {
            "domain": {**_TEXT, "description": "A-labels (RFC 5890)."},
            "operator": _one_of(operators.names()),
            "outcome": {
                **_one_of(Outcome),
                "description": "What the operator's server would do.",
            },
            "disposition": {**_one_of(Disposition), "description": "What would happen now."},
            "when": {
                **_TEXT_OR_NULL,
                "description": (
                    "ISO 8601 duration until the mail comes back: PT0S at once, P3D after "
                    "three days. Null if it does not, or nobody knows."
                ),
            },
            "report_to": {
                **_one_of([*ReportTo, None]),
                "description": "Who gets the report of failure.",
            },
            "checked_at": {**_MOMENT, "description": "UTC."},
            "assumed": {
                **_list(_TEXT),
                "description": (
                    "What the operator does not state of its server, or states only of other "
                    "problems than the decisive one."
                ),
            },
            "sender": ref("Sender"),
            "also": {
                **_list(ref("Refusing")),
                "description": (
                    "Other senders that would not deliver, as far as what was seen shows; "
                    "empty unless it was asked for."
                ),
            },
            "problems": {**_list(ref("Problem")), "minItems": 1},
            "route": ref("Route"),
            "attempts": _list(ref("Attempt")),
        },
    )
    answer["properties"]["retry_after"] = {
        **_WHOLE_NUMBER,
        "description": (
            "Only where a new look was asked for and an older one had to do: seconds after which "
            "there may be one."
        ),
    }
    return answer


def _route() -> Json:
    server = _object(
        "One MX record.",
        {
            "host": _TEXT,
            "preference": _WHOLE_NUMBER,
            "addresses": _list(_TEXT),
            "problems": _list(ref("Finding")),
        },
    )
    return _object(
        "The domain's mail servers.",
        {
            "kind": {
                **_one_of(RouteKind),
                "description": "How they were found (RFC 5321 section 5.1, RFC 7505).",
            },
            "authenticated": {
                "type": "boolean",
                "description": "Whether the answer was validated with DNSSEC.",
            },
            "mail_servers": _list(server),
        },
    )


def _attempt() -> Json:
    return _object(
        "What came of trying one address.",
        {
            "host": _TEXT,
            "address": _TEXT,
            "preference": _WHOLE_NUMBER,
            "stage": {**_one_of(Stage), "description": "Where it stopped."},
            "checked_at": {
                **_MOMENT,
                "description": "UTC. May lie some minutes before the check: results are shared.",
            },
            "ehlo_name": {
                **_TEXT,
                "description": "What the checker said in EHLO (RFC 5321, section 4.1.1.1).",
            },
            "tls_version": {**_TEXT_OR_NULL, "examples": ["TLSv1.2"]},
            "cipher": {**_TEXT_OR_NULL, "description": "In OpenSSL's spelling."},
            "certificate": {"anyOf": [ref("Certificate"), {"type": "null"}]},
            "replies": _list(ref("Reply")),
            "problems": _list(ref("Finding")),
        },
    )


def _certificate() -> Json:
    return _object(
        "A server's certificate.",
        {
            "subject": {**_TEXT, "description": "Distinguished name (RFC 4514)."},
            "issuer": {**_TEXT, "description": "Distinguished name (RFC 4514)."},
            "names": {**_list(_TEXT), "description": "The DNS names that it is for."},
            "not_before": _MOMENT,
            "not_after": _MOMENT,
            "key": {**_TEXT, "examples": ["RSA 2048", "EC secp256r1"]},
            "signature": {**_TEXT, "description": "The hash of its signature."},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "chain": {
                **_list(_TEXT),
                "description": "Subjects of the certificates sent after it.",
            },
        },
    )


def _step() -> Json:
    stage = {**_one_of(["domain", *Stage]), "description": "What begins."}
    optional = {
        "domain": {**_TEXT, "description": "As people write it; with the stage domain."},
        "host": {**_TEXT, "description": "With the stages of a connection."},
        "address": _TEXT,
        "preference": _WHOLE_NUMBER,
    }
    step = _object("One step of a check.", {"stage": stage})
    step["properties"].update(optional)
    return step


def _error() -> Json:
    error = _object(
        "A problem details object (RFC 9457).",
        {"type": {"type": "string", "format": "uri-reference"}, "title": _TEXT},
    )
    error["required"].append("status")
    error["properties"] |= {
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {**_one_of(CODES), "description": "The function's own errors."},
        "reason": {**_one_of(Reason), "description": "With invalid-domain: what exactly."},
        "detail": {**_TEXT, "description": "For the one who writes the calling program."},
        "retry_after": {**_WHOLE_NUMBER, "description": "Seconds, as in the header Retry-After."},
    }
    return error


def _object(description: str, properties: dict[str, Json]) -> Json:
    """An object that has all these keys, and may have more one day."""
    return {
        "type": "object",
        "description": description,
        "required": list(properties),
        "properties": properties,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _one_of(values: Iterable[str | None]) -> Json:
    # Members of an enumeration are written as the plain strings that they are.
    return {"enum": [None if value is None else str(value) for value in values]}
