"""The answer as a page of the site, for browsers without JavaScript: a redirect leads there."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checker.delivery.verdict import Disposition, Outcome
from checker.function.answers.as_json import whole
from checker.function.errors import HttpError
from checker.function.headers import OF_THE_MOMENT
from checker.function.interface import LANGUAGES
from checker.function.visits import Visit
from checker.problems import Cause
from checker.tell.answer import Json

HTML = "text/html"

_NO_HEADERS: Mapping[str, str] = {}


class Pages:
    """Leads to the pages of the site, wherever that is."""

    def __init__(self, site_url: str, refused: Callable[[HttpError], None]) -> None:
        """Take where they are.

        Args:
            site_url: The site's address without a slash at the end; empty for the function's own.
            refused: Is told of each error to whose message a visitor is led.
        """
        self._site_url = site_url
        self._refused = refused

    async def start(self, _request: Request) -> Response:
        """To the first page."""
        return self._see_other("/")

    async def answer(self, request: Request, visit: Visit, lang: str) -> Response:
        """To the page of the decisive problem, or the message why there is no answer.

        Args:
            request: Tells whether the client is still there; its body has been read.
            visit: Is left at the end.
            lang: Of the page.

        Raises:
            ClientDisconnect: The client has left.
        """
        try:
            answer = await whole(request, visit)
        except HttpError as error:
            return self.message(lang, error)
        return self._see_other(_root(lang) + _page(answer))

    def message(self, lang: str, error: HttpError) -> Response:
        """To the message beside the form's field; the fragment shows it."""
        self._refused(error)
        fragment = f"error-{error.reason or error.code or 'unexpected'}"
        return self._see_other(f"{_root(lang)}#{fragment}", error.headers())

    def _see_other(self, path: str, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
        return RedirectResponse(
            self._site_url + path, HTTPStatus.SEE_OTHER, headers={**OF_THE_MOMENT, **headers}
        )


def _root(lang: str) -> str:
    return "/" if lang == LANGUAGES[0] else f"/{lang}/"


def _page(answer: Json) -> str:
    problem, evidence = (answer["problems"][0][name] for name in ("id", "evidence"))
    outcome = answer["outcome"]
    if outcome == Outcome.FAILS:
        # Tried again or not makes all the difference to the one who waits.
        outcome += "-later" if answer["disposition"] == Disposition.RETRIED else "-now"
    if "depends_on" in evidence:
        outcome += "-setup"
    fragment = f"outcome-{outcome}-{answer['operator']}"
    if problem == "tls-version" and evidence.get("cause") == Cause.TOO_NEW:
        # Whose server speaks TLS 1.3 alone is not to be told that it is outdated.
        fragment += "-too-new"
    return f"problems/{problem}/#{fragment}"
