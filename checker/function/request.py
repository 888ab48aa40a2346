"""What a request asks for: JSON or a plain form, read with a cap."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.requests import Request

from checker import operators
from checker.domain import Domain, DomainError, parse
from checker.function.errors import HttpError, bad_request, invalid_domain, unknown_operator
from checker.function.interface import BODY_PATIENCE, FALSE, LANGUAGES, MAXIMUM_BODY, TRUE
from checker.operators import Operator


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check.

    Attributes:
        domain: The domain.
        operator: Whose server is simulated.
        every: Look at all mail servers.
        also: Judge what was seen for other senders, too.
        fresh: Look again, although there is a result of a few minutes ago.
    """

    domain: Domain
    operator: Operator
    every: bool
    also: bool = False
    fresh: bool = False


def refuse_cross_site(request: Request, origins: frozenset[str]) -> None:
    """Let no other site make its visitors probe mail servers.

    Args:
        request: The request.
        origins: Origins that may call all the same.

    Raises:
        HttpError: The browser says that another site made this request.
    """
    origin = request.headers.get("origin")
    if origin in origins:
        return
    site = request.headers.get("sec-fetch-site", "none")
    if site == "same-origin":
        # No page can set this header (Fetch Metadata). Origin may be "null" all the same, where a
        # visitor's browser tells nobody where it comes from; and a proxy may have changed Host.
        return
    foreign = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if site != "none" or foreign:
        raise HttpError(HTTPStatus.FORBIDDEN, detail="cross-site request")


async def read_fields(request: Request, patience: float = BODY_PATIENCE) -> Mapping[str, object]:
    """The fields of the body.

    Args:
        request: The request.
        patience: Seconds to wait for the whole body.

    Raises:
        HttpError: The body is too long, too slow, of another type, or cannot be read.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        async with asyncio.timeout(patience):
            body = await _read(request)
    except TimeoutError as error:
        raise HttpError(HTTPStatus.REQUEST_TIMEOUT) from error
    if media_type == "application/json":
        return _read_json(body)
    if media_type == "application/x-www-form-urlencoded":
        return _read_form(body)
    raise HttpError(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        detail="application/json or application/x-www-form-urlencoded",
    )


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_BODY:
            raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bytes(body)


def read_check(fields: Mapping[str, object], known: Mapping[str, Operator]) -> CheckRequest:
    """What the fields ask for.

    Args:
        fields: As sent.
        known: The operators, by name.

    Raises:
        HttpError: The domain or the operator cannot be used.
    """
    typed = fields.get("domain", "")
    name = fields.get("operator")
    # A select without a choice sends an empty text, a program perhaps null.
    name = operators.DEFAULT if name is None or name == "" else name
    if not isinstance(typed, str) or not isinstance(name, str):
        raise bad_request("domain and operator must be strings")
    if not isinstance(fields.get("lang", ""), str):
        raise bad_request("lang must be a string")
    every, also, fresh = (_flag(fields, name) for name in ("all", "also", "fresh"))
    try:
        domain = parse(typed)
    except DomainError as error:
        raise invalid_domain(error.reason) from error
    if name not in known:
        raise unknown_operator(name)
    return CheckRequest(domain, known[name], every, also, fresh)


def language(fields: Mapping[str, object]) -> str:
    """The language of the page that asks; German unless it says otherwise."""
    wanted = fields.get("lang")
    return wanted if isinstance(wanted, str) and wanted in LANGUAGES else LANGUAGES[0]


def _flag(fields: Mapping[str, object], name: str) -> bool:
    value = fields.get(name, False)
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in (*TRUE, *FALSE):
        raise bad_request(f"{name} must be true or false")
    return value.lower() in TRUE


def _read_json(body: bytes) -> Mapping[str, object]:
    try:
        fields = json.loads(body, object_pairs_hook=_first_of_each)
    except (ValueError, RecursionError) as error:
        raise bad_request("the body is not JSON") from error
    if not isinstance(fields, dict):
        raise bad_request("the body must be a JSON object")
    return fields


def _first_of_each(members: list[tuple[str, object]]) -> dict[str, object]:
    """What is said twice counts as said first, as in a form (RFC 8259 section 4 leaves it open)."""
    return dict(reversed(members))


def _read_form(body: bytes) -> Mapping[str, object]:
    try:
        values = parse_qs(body.decode("utf-8"), max_num_fields=20, errors="strict")
    except ValueError as error:
        raise bad_request("the form cannot be read") from error
    return {name: entries[0] for name, entries in values.items()}
