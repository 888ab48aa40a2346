"""What the HTTP interface lays down, for those who speak it and for those who describe it.

Nothing here needs more than Python, so that the site's build can read it.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

PROBLEM = "application/problem+json"
"""Media type of an error (RFC 9457)."""

MAXIMUM_BODY = 16_384
"""Bytes of a request's body."""

BODY_PATIENCE = 10.0
"""Seconds for a request's body to arrive."""

LANGUAGES = ("de", "en")

TRUE = ("1", "on", "true", "yes")
FALSE = ("0", "off", "false", "no", "")
"""What a form says for yes and no."""

CODES = ("invalid-domain", "unknown-operator", "too-many-checks", "opted-out", "overloaded")
"""The function's own errors (``code`` of a problem details object)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something may happen.

    Attributes:
        count: This many times
        seconds: within so many seconds.
    """

    count: int
    seconds: int


CLIENT_LIMIT = Rate(60, 600)
"""Checks by one client. This and what follows is so unless the one who runs it says otherwise."""

CLIENT_AT_ONCE = 10
"""Checks by one client that run at the same time."""

DOMAIN_LIMIT = Rate(60, 600)
"""Checks of one domain; beyond, the last answer is given again."""

ADDRESS_LIMIT = Rate(120, 600)
"""Looks at one mail server's address; beyond, the last result is used."""

RESULT_LIFETIME = 300
"""Seconds for which the result at one address counts."""

FRESH = Rate(1, 60)
"""New looks that one client is granted at one domain, although there is a result."""
