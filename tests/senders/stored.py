"""The hellos of real senders, kept in files so that tests need not run them each time."""

import json
from collections.abc import Mapping
from pathlib import Path

from checker.senders import Profile
from tests.senders import client_hello
from tests.senders.client_hello import ClientHello

_FOLDER = Path(__file__).with_name("hellos")
_ALERT = 21

Hellos = Mapping[str, ClientHello | None]
"""By the name of the case; none where the sender says an alert instead."""


def name(profile: Profile) -> str:
    """The profile's name in files."""
    return f"{profile.server}-{profile.system}"


def file(profile: Profile) -> Path:
    """Where a profile's hellos are."""
    return _FOLDER / f"{name(profile)}.json"


def read_all(records: Mapping[str, bytes]) -> Hellos:
    """What stands in records."""
    return {
        case: None if record[0] == _ALERT else client_hello.read(record)
        for case, record in records.items()
    }


def write(profile: Profile, hellos: Hellos) -> None:
    """Keep a profile's hellos."""
    document = {
        case: hello and client_hello.to_json(hello) for case, hello in sorted(hellos.items())
    }
    _FOLDER.mkdir(exist_ok=True)
    file(profile).write_text(f"{json.dumps(document, indent=1)}\n")


def read(profile: Profile) -> Hellos:
    """What was kept."""
    return {
        case: hello and client_hello.from_json(hello)
        for case, hello in json.loads(file(profile).read_text()).items()
    }
