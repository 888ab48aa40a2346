"""What the function tells of itself: whom it knows, whether it is well, and how it is called."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from checker import operators
from checker.check import Checker
from checker.facts import Port, Validation
from checker.function.headers import OF_THE_MOMENT
from checker.function.openapi import document
from checker.route.validation import find_validation

_PATIENCE = 3.0
"""Seconds for which a question after our health waits for others; who asks has a deadline."""


class About:
    """The routes that start no check."""

    def __init__(self, checker: Checker, known: Mapping[str, operators.Operator]) -> None:
        """Take what is told of.

        Args:
            checker: Whose canary knows whether port 25 is open here.
            known: The operators, by name.
        """
        self._checker = checker
        self._known = known

    async def operators(self, _request: Request) -> Response:
        """``GET /api/v1/operators``."""
        known = [
            {"name": name, "title": operator.title, "audience": str(operator.audience)}
            for name, operator in self._known.items()
        ]
        body = {"operators": known, "default": operators.DEFAULT}
        return JSONResponse(body, headers=OF_THE_MOMENT)

    async def health(self, _request: Request) -> Response:
        """``GET /healthz``."""
        port, signatures = await asyncio.gather(self._port(), self._signatures())
        has_authorities = self._checker.has_authorities
        failing = port is Port.CLOSED or not has_authorities
        body = {
            "status": "failing" if failing else "ok",
            "port_25": str(port),
            "dnssec": str(signatures),
            "authorities": "found" if has_authorities else "none",
        }
        status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
        return JSONResponse(body, status, OF_THE_MOMENT)

    async def _port(self) -> Port:
        canary = self._checker.canary
        return Port.UNKNOWN if canary is None else await canary.look(_PATIENCE)

    async def _signatures(self) -> Validation:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await find_validation(self._checker.resolver)
        except TimeoutError:
            return Validation.UNKNOWN

    async def description(self, _request: Request) -> Response:
        """``GET /openapi.json``."""
        return JSONResponse(document(), headers=OF_THE_MOMENT)
