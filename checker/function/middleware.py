"""What every response says, whichever route it is of."""

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from checker.function import security
from checker.function.headers import RelativeRedirects, SafeHeaders


def middleware(origins: frozenset[str]) -> list[Middleware]:
    """What stands around the routes, the outermost first.

    Args:
        origins: Other origins whose pages may call.
    """
    safe = Middleware(SafeHeaders, security.EVERYWHERE)
    relative = Middleware(RelativeRedirects)
    if not origins:
        return [safe, relative]
    # Without this a browser would let the other origins ask, and not let them read the answer.
    others = Middleware(
        CORSMiddleware,
        allow_origins=sorted(origins),
        allow_methods=["GET", "POST"],
        expose_headers=["Retry-After"],
    )
    return [safe, others, relative]
