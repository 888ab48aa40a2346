"""The ASGI application: the routes, and how an answer is given."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from checker import operators
from checker.check import Answer, Checker, Through
from checker.delivery.verdict import Disposition, Outcome
from checker.delivery.walk import Step, ignore
from checker.facts import Port
from checker.function import security
from checker.function.descriptors import UsedUp
from checker.function.errors import OUR_FAULT, HttpError
from checker.function.faults import describe
from checker.function.guard.guard import Guard
from checker.function.guard.options import GuardOptions
from checker.function.headers import SafeHeaders
from checker.function.interface import LANGUAGES
from checker.function.metrics import Listener, Metrics, PrometheusMetrics, read_listener
from checker.function.openapi import document
from checker.function.request import (
    CheckRequest,
    language,
    read_check,
    read_fields,
    refuse_cross_site,
)
from checker.function.static import SiteFiles
from checker.problems import Cause
from checker.tell.answer import Json

EVENT_STREAM = "text/event-stream"
HTML = "text/html"
JSON = "application/json"

_PATIENCE = 3.0
"""Seconds for which a question after our health waits for the canary; who asks has a deadline."""

_LOG = logging.getLogger(__name__)

# An answer is of its moment and its visitor; no cache may keep it.
_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept, Origin"}
_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Options:
    """What belongs to HTTP alone.

    Attributes:
        site: Folder of the built site, to be served beside the function.
        site_url: Where the site's pages are; the function's own origin unless given.
        origins: Other origins whose pages may call.
        guard: How strictly the function is guarded.
        metrics: Where Prometheus can fetch counts; nothing is counted unless given.
    """

    site: Path | None = None
    site_url: str = ""
    origins: frozenset[str] = field(default_factory=frozenset)
    guard: GuardOptions = field(default_factory=GuardOptions)
    metrics: Listener | None = None

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], site: Path | None = None
    ) -> "Options":
        """Read CHECKER_SITE, CHECKER_SITE_URL, CHECKER_ORIGINS (separated by spaces), and the rest.

        Raises:
            SettingsError: A variable cannot be read.
        """
        folder = site or (
            Path(environment["CHECKER_SITE"]) if "CHECKER_SITE" in environment else None
        )
        return cls(
            folder,
            environment.get("CHECKER_SITE_URL", "").rstrip("/"),
            frozenset(environment.get("CHECKER_ORIGINS", "").split()),
            GuardOptions.from_environment(environment),
            read_listener(environment),
        )


def create_app(checker: Checker, options: Options) -> Starlette:
    """Build the application.

    Args:
        checker: Does the checks.
        options: The site beside the function, and who else may call.
    """
    function = _Function(checker, options)
    routes: list[BaseRoute] = [
        # A mount of its own: else a wrong method would fall through to the site.
        Mount(
            "/api/v1",
            routes=[
                Route("/check", function.check, methods=["POST"]),
                Route("/operators", function.operators, methods=["GET"]),
            ],
        ),
        Route("/healthz", function.health, methods=["GET"]),
        Route("/openapi.json", _description, methods=["GET"]),
    ]
    if options.site is not None:
        site = SiteFiles(options.site)
        routes.append(Mount("/", SafeHeaders(site, security.read(options.site))))
    elif options.site_url:
        # Who looks up the name that a mail server has seen comes here.
        routes.append(Route("/", function.lead_to_site, methods=["GET"]))
    # Without this a browser would let the other origins ask, and not let them read the answer.
    others = Middleware(
        CORSMiddleware,
        allow_origins=sorted(options.origins),
        allow_methods=["GET", "POST"],
        expose_headers=["Retry-After"],
    )
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(SafeHeaders, security.EVERYWHERE),
            *([others] if options.origins else []),
        ],
        exception_handlers={
            HttpError: function.refuse,
            ClientDisconnect: _nobody,
            HTTPException: _http_error,
            Exception: _our_fault,
        },
        lifespan=function.lifespan,
    )


class _Function:
    """The routes, and the one checker that serves them."""

    def __init__(self, checker: Checker, options: Options) -> None:
        self._checker = checker
        # Read once: not at each request, and not when there may be no file left to open.
        self._operators = operators.load_all()
        self._options = options
        self._guard = Guard(options.guard, checker.resolver, checker.circumstances)
        self._metrics = Metrics()
        if options.metrics is not None:
            self._metrics = PrometheusMetrics(options.metrics, checker.canary)

    @contextlib.asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(UsedUp())
        self._guard.make_room()
        forgetting = asyncio.create_task(self._guard.forget())
        async with self._metrics.serving():
            yield
        forgetting.cancel()
        await self._checker.close()
        await self._guard.close()

    async def check(self, request: Request) -> Response:
        refuse_cross_site(request, self._options.origins)
        fields = await read_fields(request)
        wanted = _preferred(request.headers.get("accept", ""))
        client = self._client(request)
        try:
            asked = read_check(fields, self._operators)
            await self._guard.enter(client)
        except HttpError as error:
            if wanted == HTML and error.code is not None:
                return self._to_form(language(fields), error)
            raise
        if wanted == EVENT_STREAM:
            return _Stream(self._events(asked, client), lambda: self._guard.leave(client))
        try:
            body = await _unless_left(request, self._answer(asked, client))
        except HttpError as error:
            if wanted == HTML:
                return self._to_form(language(fields), error)
            raise
        finally:
            self._guard.leave(client)
        if wanted == HTML:
            return self._to_page(language(fields), body)
        return JSONResponse(body, headers=_HEADERS)

    async def _answer(
        self, asked: CheckRequest, client: str, watch: Callable[[Step], None] = ignore
    ) -> Json:
        def check(through: Through) -> Awaitable[Answer]:
            counted = replace(
                through, prober=lambda prober: self._metrics.through(through.prober(prober))
            )
            return self._checker.check(
                asked.domain, asked.operator, watch, every=asked.every, through=counted
            )

        try:
            with self._metrics.checking():
                answer = await self._guard.answer(client, asked, check)
        except HttpError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is ours
            _LOG.error("a check failed: %s", describe(error))
            raise OUR_FAULT from None
        self._metrics.answered(answer)
        return answer

    def _client(self, request: Request) -> str:
        peer = request.client.host if request.client else None
        return self._guard.client(peer, request.headers.getlist("x-forwarded-for"))

    async def operators(self, _request: Request) -> Response:
        known = [
            {"name": name, "title": operator.title, "audience": str(operator.audience)}
            for name, operator in self._operators.items()
        ]
        return JSONResponse({"operators": known, "default": operators.DEFAULT}, headers=_HEADERS)

    async def lead_to_site(self, _request: Request) -> Response:
        return self._see_other("/")

    async def health(self, _request: Request) -> Response:
        canary = self._checker.canary
        port = Port.UNKNOWN if canary is None else await canary.look(_PATIENCE)
        failing = port is Port.CLOSED
        body = {"status": "failing" if failing else "ok", "port_25": str(port)}
        status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
        return JSONResponse(body, status, _HEADERS)

    async def _events(self, asked: CheckRequest, client: str) -> AsyncIterator[str]:
        """The steps as they happen, then the answer; a visitor who leaves ends the check."""
        steps: asyncio.Queue[Step | None] = asyncio.Queue()
        task = asyncio.create_task(self._answer(asked, client, steps.put_nowait))
        task.add_done_callback(lambda _: steps.put_nowait(None))
        try:
            yield _event("step", {"stage": "domain", "domain": asked.domain.unicode})
            while (step := await steps.get()) is not None:
                yield _event("step", _step(step))
            try:
                yield _event("answer", task.result())
            except HttpError as error:
                self._metrics.refused(error)
                yield _event("error", error.body())
        finally:
            task.cancel()

    async def refuse(self, _request: Request, error: Exception) -> Response:
        """Answer with an error of the function's own table."""
        if not isinstance(error, HttpError):
            raise error
        self._metrics.refused(error)
        response = error.response()
        response.headers.update(_HEADERS)
        return response

    def _to_page(self, lang: str, body: Json) -> Response:
        """Without JavaScript the page of the decisive problem is the answer."""
        problem, evidence = (body["problems"][0][name] for name in ("id", "evidence"))
        outcome = body["outcome"]
        if outcome == Outcome.FAILS:
            # Tried again or not makes all the difference to the one who waits.
            outcome += "-later" if body["disposition"] == Disposition.RETRIED else "-now"
        fragment = f"outcome-{outcome}-{body['operator']}"
        if problem == "tls-version" and evidence.get("cause") == Cause.TOO_NEW:
            # Whose server speaks TLS 1.3 alone is not to be told that it is outdated.
            fragment += "-too-new"
        return self._see_other(f"{_root(lang)}problems/{problem}/#{fragment}")

    def _to_form(self, lang: str, error: HttpError) -> Response:
        """Without JavaScript the message beside the form's field is shown by the fragment."""
        self._metrics.refused(error)
        fragment = f"error-{error.reason or error.code or 'unexpected'}"
        return self._see_other(f"{_root(lang)}#{fragment}", error.headers())

    def _see_other(self, path: str, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
        return RedirectResponse(
            self._options.site_url + path,
            HTTPStatus.SEE_OTHER,
            headers={**_HEADERS, **headers},
        )


class _Stream(StreamingResponse):
    """A stream of events that tells when it has ended, also where it never began."""

    def __init__(self, events: AsyncIterator[str], ended: Callable[[], None]) -> None:
        headers = {**_HEADERS, "X-Accel-Buffering": "no"}
        super().__init__(events, media_type=EVENT_STREAM, headers=headers)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


async def _unless_left(request: Request, work: Coroutine[None, None, Json]) -> Json:
    """The result, unless the client leaves before: then the work ends, too."""
    task = asyncio.create_task(work)
    left = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        task.cancel()
        left.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _description(_request: Request) -> Response:
    return JSONResponse(document(), headers=_HEADERS)


def _root(lang: str) -> str:
    return "/" if lang == LANGUAGES[0] else f"/{lang}/"


def _preferred(accept: str) -> str:
    """Which of the three forms of an answer the client asks for; JSON unless it says otherwise."""
    types = [entry.partition(";")[0].strip().lower() for entry in accept.split(",")]
    return next((wanted for wanted in types if wanted in {EVENT_STREAM, HTML, JSON}), JSON)


def _step(step: Step) -> Json:
    if step.target is None:
        return {"stage": str(step.stage)}
    return {
        "stage": str(step.stage),
        "host": step.target.server.host,
        "address": step.target.probe.address,
        "preference": step.target.server.preference,
    }


def _event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


async def _nobody(_request: Request, _error: Exception) -> Response:
    """For a client that has left; servers drop it."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def _our_fault(_request: Request, _error: Exception) -> Response:
    # Starlette raises it again after this answer, so that the server logs it.
    response = OUR_FAULT.response()
    response.headers.update({**_HEADERS, **security.EVERYWHERE})
    return response


async def _http_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    response = HttpError(HTTPStatus(error.status_code)).response()
    response.headers.update({**_HEADERS, **(error.headers or {})})
    return response
