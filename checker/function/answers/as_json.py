"""The answer as one JSON document, for programs."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from checker.function.headers import OF_THE_MOMENT
from checker.function.visits import Visit
from checker.tell.answer import Json


async def document(request: Request, visit: Visit) -> Response:
    """The response.

    Raises:
        ClientDisconnect: The client has left.
        HttpError: There is no answer.
    """
    return JSONResponse(await whole(request, visit), headers=OF_THE_MOMENT)


async def whole(request: Request, visit: Visit) -> Json:
    """The answer, unless the client leaves before: then the check ends, too.

    Args:
        request: Tells whether the client is still there; its body has been read.
        visit: Is left at the end.

    Raises:
        ClientDisconnect: The client has left.
        HttpError: There is no answer.
    """
    task = asyncio.create_task(visit.answer())
    left = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        task.cancel()
        left.cancel()
        visit.leave()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
