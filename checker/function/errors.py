"""Errors as problem details (RFC 9457): the function's own small table, and HTTP's."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response

from checker.function.interface import PROBLEM


@dataclass(eq=False)
class HttpError(Exception):
    """A request that cannot be answered.

    Attributes:
        status: HTTP status.
        code: Of the function's own table, or none where HTTP's status says it all.
        reason: What exactly, as an id.
        detail: What exactly, for the one who writes the calling program.
        retry_after: Seconds after which the same request may be answered.
    """

    status: HTTPStatus
    code: str | None = None
    reason: str | None = None
    detail: str | None = None
    retry_after: int | None = None

    def body(self) -> dict[str, str | int]:
        """The members of the problem details object."""
        members: dict[str, str | int | None] = {
            "type": f"urn:zustellbar:error:{self.code}" if self.code else "about:blank",
            "title": self.code or self.status.phrase,
            "status": int(self.status),
            "code": self.code,
            "reason": self.reason,
            "detail": self.detail,
            "retry_after": self.retry_after,
        }
        return {name: value for name, value in members.items() if value is not None}

    def headers(self) -> dict[str, str]:
        """What belongs into the header of any response that tells of it (RFC 9110, 10.2.3)."""
        if self.status is HTTPStatus.REQUEST_TIMEOUT:
            # Nobody knows what of the body is still to come (RFC 9110, 15.5.9).
            return {"Connection": "close"}
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}

    def response(self) -> Response:
        """The response."""
        body = json.dumps(self.body())
        return Response(body, self.status, self.headers(), media_type=PROBLEM)


def invalid_domain(reason: str) -> HttpError:
    """What was typed is no domain that mail could go to."""
    return HttpError(HTTPStatus.BAD_REQUEST, "invalid-domain", reason)


def unknown_operator(name: str) -> HttpError:
    """No operator of that name."""
    return HttpError(HTTPStatus.BAD_REQUEST, "unknown-operator", detail=name[:100])


def too_many_checks(seconds: int) -> HttpError:
    """The client has asked too often, or all have for one mail server; seconds until the next."""
    return HttpError(HTTPStatus.TOO_MANY_REQUESTS, "too-many-checks", retry_after=seconds)


def overloaded(seconds: int) -> HttpError:
    """As many checks go on as can be done; another one perhaps after so many seconds."""
    return HttpError(HTTPStatus.SERVICE_UNAVAILABLE, "overloaded", retry_after=seconds)


def opted_out() -> HttpError:
    """The owner of the domain or of its mail server wants no checks."""
    return HttpError(HTTPStatus.FORBIDDEN, "opted-out")


def bad_request(detail: str) -> HttpError:
    """The request itself is malformed."""
    return HttpError(HTTPStatus.BAD_REQUEST, detail=detail)


OUR_FAULT = HttpError(HTTPStatus.INTERNAL_SERVER_ERROR)
"""Something is wrong with the checker itself; nothing of what is told to the one who asked."""
