"""``POST /api/v1/check``: what is asked for, by whom, and in which form the answer is wanted."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from checker.function.answers.as_events import EVENT_STREAM, EventStream
from checker.function.answers.as_json import document
from checker.function.answers.as_page import HTML, Pages
from checker.function.errors import HttpError
from checker.function.request import language, read_check, read_fields, refuse_cross_site
from checker.function.visits import Visits
from checker.operators import Operator

JSON = "application/json"


class CheckRoute:
    """The route."""

    def __init__(
        self,
        visits: Visits,
        pages: Pages,
        known: Mapping[str, Operator],
        origins: frozenset[str],
    ) -> None:
        """Take what all requests share.

        Args:
            visits: Lets them in.
            pages: Where a plain form is led.
            known: The operators, by name.
            origins: Other origins whose pages may call.
        """
        self._visits = visits
        self._pages = pages
        self._known = known
        self._origins = origins

    async def answer(self, request: Request) -> Response:
        """Answer a request.

        Raises:
            ClientDisconnect: The client has left.
            HttpError: The request cannot be answered.
        """
        refuse_cross_site(request, self._origins)
        fields = await read_fields(request)
        wanted = _preferred(request.headers.get("accept", ""))
        peer = request.client.host if request.client else None
        try:
            asked = read_check(fields, self._known)
            visit = await self._visits.enter(
                peer, request.headers.getlist("x-forwarded-for"), asked
            )
        except HttpError as error:
            # What has no code is a fault of the program that asks, and no page explains it.
            if wanted == HTML and error.code is not None:
                return self._pages.message(language(fields), error)
            raise
        if wanted == EVENT_STREAM:
            return EventStream(visit, self._visits.refused)
        if wanted == HTML:
            return await self._pages.answer(request, visit, language(fields))
        return await document(request, visit)


def _preferred(accept: str) -> str:
    """Which of the three forms of an answer the client asks for; JSON unless it says otherwise."""
    types = [entry.partition(";")[0].strip().lower() for entry in accept.split(",")]
    return next((wanted for wanted in types if wanted in {EVENT_STREAM, HTML, JSON}), JSON)
