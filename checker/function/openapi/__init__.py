"""The function's interface as an OpenAPI 3.1 document.

What can be one of a few values is taken from the code that makes it, so that a new problem or
sender is in the document without a further hand.
"""

from checker.function.interface import Json
from checker.function.openapi.paths import paths
from checker.function.openapi.schemas import schemas

VERSION = "1.0.0"
"""Of the interface, after semantic versioning: a new key or id is a minor step."""


def document() -> Json:
    """The whole document (OpenAPI Specification 3.1.0), ready for :func:`json.dumps`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zustellbar",
            "summary": "Would mail to this domain arrive over TLS?",
            "description": (
                "Does what a sender's mail server would do, up to the point where a mail would be "
                "handed over. No mail is sent. Answers hold ids and facts, never sentences: the "
                "page of a problem is /p/{id}/ of the site. New keys, ids and values may come; "
                "none is renamed or reused."
            ),
            "version": VERSION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths(),
        "components": {"schemas": schemas()},
    }
