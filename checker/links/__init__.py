"""The configuration that puts a link to the right page into every report of a TLS fault.

Pure: an operator and the site's address in, files out.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from checker.links import exchange, exim, postfix
from checker.links.model import File
from checker.links.site import Site, SiteError, parse
from checker.operators import Operator

__all__ = ["File", "Mta", "SiteError", "configuration", "lines"]


class Mta(StrEnum):
    """The mail servers that there is a configuration for."""

    POSTFIX = "postfix"
    EXIM = "exim"
    EXCHANGE = "exchange"


_GENERATORS: dict[Mta, Callable[[Operator, Site], tuple[File, ...]]] = {
    Mta.POSTFIX: postfix.files,
    Mta.EXIM: exim.files,
    Mta.EXCHANGE: exchange.files,
}


def configuration(mta: Mta, operator: Operator, address: str) -> tuple[File, ...]:
    """The files of a configuration.

    Args:
        mta: What the operator's mail server is.
        operator: Whose mail server it is.
        address: That of the site.

    Raises:
        SiteError: The address is none of a site.
    """
    return _GENERATORS[mta](operator, Site(parse(address), operator.name))


def lines(files: Iterable[File]) -> Iterator[str]:
    """The files one after the other, each below a line that says where it belongs."""
    for number, file in enumerate(files):
        if number:
            yield ""
        yield f"######## {file.name}"
        yield f"######## {file.place}"
        yield ""
        yield from file.text.splitlines()
