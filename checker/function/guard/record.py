"""Results as JSON text and back: what is kept can be read, and nothing in it is executable."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from checker.facts import (
    Choice,
    Connection,
    Failure,
    Finding,
    Handshake,
    MixedReply,
    Oddity,
    PathError,
    Reply,
    Seen,
    Speech,
)
from checker.problems import Cause, Stage


def dump(seen: Seen) -> str:
    """The text of what was seen."""
    return json.dumps(asdict(seen), default=_plain)


def load(text: str) -> Seen:
    """What was seen, of such a text.

    Raises:
        ValueError: The text is none of ours, or of another version.
    """
    try:
        return _seen(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("nothing seen") from error


def _plain(value: object) -> str | list[object]:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, frozenset):
        return list(value)
    raise TypeError(type(value).__name__)


_Kept = Mapping[str, Any]


def _seen(kept: _Kept) -> Seen:
    named, widened, choice = kept["named"], kept["widened"], kept["choice"]
    return Seen(
        datetime.fromisoformat(kept["at"]),
        _connection(kept["first"]),
        None if named is None else _connection(named),
        None if widened is None else _connection(widened),
        None if choice is None else Choice(**choice),
    )


def _connection(kept: _Kept) -> Connection:
    finding, handshake, speech = kept["finding"], kept["handshake"], kept["speech"]
    return Connection(
        Stage(kept["stage"]),
        None if finding is None else _finding(finding),
        tuple(Reply(**{**reply, "lines": tuple(reply["lines"])}) for reply in kept["replies"]),
        Speech(
            _oddities(speech["greeting"]),
            _oddities(speech["hello"]),
            frozenset(map(_oddities, speech["offers"])),
            _oddities(speech["ready"]),
            _oddities(speech["inside"]),
            tuple(
                MixedReply(**{**mixed, "stage": Stage(mixed["stage"])}) for mixed in speech["mixed"]
            ),
        ),
        kept["injected"],
        None if handshake is None else _handshake(handshake),
    )


def _oddities(kept: Iterable[str]) -> frozenset[Oddity]:
    return frozenset(map(Oddity, kept))


def _finding(kept: _Kept) -> Finding:
    return Finding(**{**kept, "cause": None if kept["cause"] is None else Cause(kept["cause"])})


def _handshake(kept: _Kept) -> Handshake:
    failure = kept["failure"]
    return Handshake(
        **{
            **kept,
            "failure": None if failure is None else Failure(failure),
            "chain": tuple(map(base64.b64decode, kept["chain"])),
            "path": tuple(map(base64.b64decode, kept["path"])),
            "anchors": tuple(map(base64.b64decode, kept["anchors"])),
            "errors": tuple(
                PathError(**{**error, "certificate": base64.b64decode(error["certificate"])})
                for error in kept["errors"]
            ),
        }
    )
