"""The domains that every tool is tried on, and what is to be found there."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What a tool can say of a domain; the values are the table's headings."""

    NONE = "healthy"
    OLD_TLS = "TLS 1.0 only"
    EXPIRED = "expired"
    NO_STARTTLS = "no STARTTLS"
    TEMPORARY = "421"
    NOT_SMTP = "endless greeting"


@dataclass(frozen=True, slots=True)
class Case:
    """A domain of the lab whose one mail server is ``mx.`` and the domain."""

    domain: str
    fault: Fault

    @property
    def host(self) -> str:
        """The mail server."""
        return f"mx.{self.domain}"


CASES = (
    Case("healthy.test", Fault.NONE),
    Case("tls-1-0-only.test", Fault.OLD_TLS),
    Case("expired.test", Fault.EXPIRED),
    Case("no-starttls.test", Fault.NO_STARTTLS),
    Case("greeting-421.test", Fault.TEMPORARY),
    Case("endless-greeting.test", Fault.NOT_SMTP),
)
