"""Whether links to other sites still arrive. Only on request: it takes the internet, and time."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.links import is_external, targets
from scripts.docs_checks.tree import Tree

Fetch = Callable[[str], "int | str"]
"""An address -> the status of the answer, or why there is none."""

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_AT_ONCE = 8
_TIMEOUT = 15


def check(tree: Tree, fetch: Fetch) -> Iterator[Complaint]:
    """Each address once, named where it first stands.

    A page that is gone fails the check. Anything else (a site that is down or shuts out programs)
    is a note, for a person may have to look.
    """
    places: dict[str, tuple[str, int]] = {}
    for page in tree:
        for line in page.prose:
            for target in targets(line.text):
                if is_external(target) and target.startswith(("http://", "https://")):
                    places.setdefault(target.partition("#")[0], (page.path, line.number))
    for address, answer in _fetch_all(places, fetch):
        path, number = places[address]
        if answer in _GONE:
            yield Complaint(path, number, f"{address} is gone ({answer}). Find its new place.")
        elif not (isinstance(answer, int) and answer < HTTPStatus.BAD_REQUEST):
            message = f"{address} could not be checked ({answer}). Open it in a browser."
            yield Complaint(path, number, message, fails=False)


def fetch(address: str) -> int | str:
    """Ask for an address and follow where it leads; the page itself is not read."""
    headers = {"User-Agent": "Mozilla/5.0 (compatible; link check)", "Accept": "*/*"}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - http only, see check
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def _fetch_all(addresses: Iterable[str], fetch: Fetch) -> Iterator[tuple[str, int | str]]:
    addresses = list(addresses)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from zip(addresses, pool.map(fetch, addresses), strict=True)
