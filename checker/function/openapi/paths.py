"""The addresses, what each takes, and everything that it may answer."""

from checker.function.interface import BODY_PATIENCE, MAXIMUM_BODY, PROBLEM, Json
from checker.function.openapi import examples
from checker.function.openapi.schemas import ref

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_RETRY_AFTER: Json = {
    "Retry-After": {
        "description": "Seconds after which it is worth to ask again (RFC 9110, 10.2.3).",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    }
}


def paths() -> dict[str, Json]:
    """The path items of the document, by path."""
    return {
        "/api/v1/check": {"post": _check()},
        "/api/v1/operators": {
            "get": _look_up(
                "listOperators", "The senders that can be named", "Operators", examples.OPERATORS
            )
        },
        "/healthz": {"get": _health()},
        "/openapi.json": {
            "get": {
                "operationId": "getDescription",
                "summary": "This document",
                "responses": {
                    "200": {
                        "description": "An OpenAPI 3.1 document.",
                        "content": {
                            _JSON: {
                                "schema": {"type": "object", "required": ["openapi"]},
                                "example": examples.DESCRIPTION,
                            }
                        },
                    }
                },
            }
        },
    }


def _check() -> Json:
    request = {"schema": ref("CheckRequest"), "example": examples.REQUEST}
    return {
        "operationId": "check",
        "summary": "Check whether mail to a domain would arrive",
        "description": (
            "The header Accept chooses the form of the answer: application/json (also where "
            "nothing is asked for), text/event-stream for the steps as they happen, or text/html "
            "for a redirection to the page of the decisive problem. A check takes 25 seconds at "
            "most."
        ),
        "requestBody": {"required": True, "content": {_JSON: request, _FORM: request}},
        "responses": {
            "200": {
                "description": (
                    "The answer. In a stream each event step holds a Step; the last event is "
                    "answer with an Answer, or error with an Error."
                ),
                "content": {
                    _JSON: {"schema": ref("Answer"), "example": examples.ANSWER},
                    "text/event-stream": {
                        "schema": {"type": "string"},
                        "example": examples.STREAM,
                    },
                },
            },
            "303": {
                "description": (
                    "To a browser's plain form: the page of the decisive problem, or the start "
                    "page with the message about what was typed."
                ),
                "headers": {
                    "Location": {
                        "required": True,
                        "schema": {"type": "string", "format": "uri-reference"},
                        "example": "/en/problems/certificate-expired/#outcome-fails-now-careful",
                    }
                },
            },
            "400": _error(
                "The domain, the operator or the request itself cannot be used.",
                {"domain": examples.INVALID_DOMAIN, "operator": examples.UNKNOWN_OPERATOR},
            ),
            "403": _error(
                "Another site's page asks, or the mail server's owner wants no checks.",
                {"cross-site": examples.CROSS_SITE, "opted-out": examples.OPTED_OUT},
            ),
            "408": _error(
                f"The body took longer than {BODY_PATIENCE:.0f} seconds.",
                {"too-slow": examples.TOO_SLOW},
            ),
            "413": _error(
                f"The body is longer than {MAXIMUM_BODY} bytes.", {"too-long": examples.TOO_LONG}
            ),
            "415": _error(
                "The body is of another media type.", {"wrong-type": examples.WRONG_TYPE}
            ),
            "429": _error(
                "Too many checks of late.", {"client": examples.TOO_MANY_CHECKS}, _RETRY_AFTER
            ),
            "500": _error("A fault of the function.", {"fault": examples.OUR_FAULT}),
            "503": _error(
                "More checks are asked for than can be done.",
                {"overloaded": examples.OVERLOADED},
                _RETRY_AFTER,
            ),
        },
    }


def _look_up(name: str, summary: str, schema: str, example: Json) -> Json:
    content = {_JSON: {"schema": ref(schema), "example": example}}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": {"description": f"{summary}.", "content": content}},
    }


def _health() -> Json:
    operation = _look_up("getHealth", "Whether port 25 is open here", "Health", examples.HEALTH)
    operation["responses"]["503"] = {
        "description": "It is closed: the canary does not answer, so checks find out little.",
        "content": {_JSON: {"schema": ref("Health"), "example": examples.FAILING}},
    }
    return operation


def _error(
    description: str, named: dict[str, Json] | None = None, headers: Json | None = None
) -> Json:
    content: Json = {"schema": ref("Error")}
    if named:
        content["examples"] = {name: {"value": value} for name, value in named.items()}
    response: Json = {"description": description, "content": {PROBLEM: content}}
    return response | ({"headers": headers} if headers else {})
