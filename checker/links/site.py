"""The address of the site, and the links to its pages that last."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MAXIMUM_ADDRESS = 120
"""Characters; an Exchange message holds the link twice, and 512 characters in all."""

# Nothing that means something to a shell, to a pattern, or to a mail server's own expansion.
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/\[\]-]+")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")


class SiteError(ValueError):
    """The address cannot be that of the site; the message says why."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site is, and for whom links lead there.

    Attributes:
        address: Ends with a slash.
        operator: The name of the operator whose reports hold the links.
    """

    address: str
    operator: str

    @property
    def operator_field(self) -> str:
        """The operator as a link names it."""
        return f"operator={quote(self.operator, safe='')}"

    def start(self, language: str) -> str:
        """The start page in a language."""
        folder = "" if language == "de" else f"{language}/"
        return f"{self.address}{folder}?{self.operator_field}"

    def permalink(self, problem: str, domain: str = "") -> str:
        """The link to a problem.

        Args:
            problem: The problem's id, or what a mail server puts in its place.
            domain: The recipient's domain, or what a mail server puts in its place.
        """
        domain_field = f"domain={domain}&" if domain else ""
        return f"{self.address}p/{problem}/?{domain_field}{self.operator_field}"


def parse(text: str) -> str:
    """The address of the site with a slash at its end.

    Raises:
        SiteError: It is no address of a site.
    """
    if len(text) > MAXIMUM_ADDRESS:
        raise SiteError(f"is longer than {MAXIMUM_ADDRESS} characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise SiteError(f"is no URL: {error}") from None
    if parts.scheme not in {"http", "https"}:
        raise SiteError("must begin with https:// or http://")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise SiteError("must end with the path, without ? or #")
    if "@" in parts.netloc:
        raise SiteError("must hold no user name")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or port == 0:
        raise SiteError("names no host; write one with umlauts as xn--…")
    if not _ADDRESS.fullmatch(text):
        raise SiteError("may hold letters, digits and . _ ~ : / - only")
    return text if text.endswith("/") else f"{text}/"
