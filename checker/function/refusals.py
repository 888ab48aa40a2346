"""How it is told that a request cannot be answered, whatever the reason."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from checker.function import security
from checker.function.errors import OUR_FAULT, HttpError
from checker.function.headers import OF_THE_MOMENT

_Handler = Callable[[Request, Exception], Awaitable[Response]]


def handlers(refused: Callable[[HttpError], None]) -> dict[type[Exception], _Handler]:
    """Who answers in place of a route that raised, by the class of the exception.

    Args:
        refused: Is told of each error of the function's own table.
    """

    async def refuse(_request: Request, error: Exception) -> Response:
        if not isinstance(error, HttpError):
            raise error
        refused(error)
        response = error.response()
        response.headers.update(OF_THE_MOMENT)
        return response

    return {
        HttpError: refuse,
        ClientDisconnect: _nobody,
        HTTPException: _http_error,
        Exception: _our_fault,
    }


async def _nobody(_request: Request, _error: Exception) -> Response:
    """For a client that has left; servers drop it."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def _http_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    response = HttpError(HTTPStatus(error.status_code)).response()
    response.headers.update({**OF_THE_MOMENT, **(error.headers or {})})
    return response


async def _our_fault(_request: Request, _error: Exception) -> Response:
    # Starlette raises it again after this answer, so that the server logs it.
    response = OUR_FAULT.response()
    # It answers outside of all middleware.
    response.headers.update({**OF_THE_MOMENT, **security.EVERYWHERE})
    return response
