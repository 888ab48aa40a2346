"""What responses say in their headers about caches, and about safety."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OF_THE_MOMENT: Mapping[str, str] = MappingProxyType(
    {"Cache-Control": "no-store", "Vary": "Accept, Origin"}
)
"""Of what is true at its moment and for its visitor: no cache may keep it."""

_NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})


class SafeHeaders:
    """Adds headers to each response that does not have them yet."""

    def __init__(
        self,
        app: ASGIApp,
        headers: Mapping[str, str],
        single: Mapping[str, Mapping[str, str]] = _NOTHING,
    ) -> None:
        """Wrap an application.

        Args:
            app: The application.
            headers: Those of all addresses.
            single: Those of single paths, in the place of the same ones of all addresses.
        """
        self._app = app
        self._headers = headers
        self._single = {path: {**headers, **own} for path, own in single.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        own = self._single.get(scope.get("path", ""), self._headers)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in own.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class RelativeRedirects:
    """Lets a redirect for a slash at the end name no host.

    Starlette takes that of the request, which may say any, and "http" where a proxy speaks HTTPS.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application in which only Starlette redirects with 307."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def send_relative(message: Message) -> None:
            if message.get("status") == HTTPStatus.TEMPORARY_REDIRECT:
                MutableHeaders(scope=message)["location"] = _beside(scope)
            await send(message)

        await self._app(scope, receive, send_relative)


def _beside(scope: Scope) -> str:
    """The same address with a slash more, or less, at its end (RFC 3986 section 4.2)."""
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    name = quote(path.rstrip("/").rpartition("/")[2])
    target = f"../{name}" if path.endswith("/") else f"./{name}/"
    return f"{target}?{query}" if query else target
