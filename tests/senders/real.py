"""What every real sender says in every case: ``python -m tests.oracle.network tests.senders.real``.

In a network of its own there is a name server for those that ask one; it prints the records that a
sender sends, in hexadecimal digits, by the names of the cases.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

from checker.senders import PROFILES, Profile, Server, System
from checker.senders.hello import Checking
from tests.lab.folders import run_folder
from tests.lab.laboratory import end
from tests.lab.root import Root, prepare, start
from tests.oracle.launch import launch
from tests.senders import exim, openssl_1_1_1, postfix, s_client
from tests.senders.cases import TLSA, Case, Level, cases
from tests.senders.catcher import Catcher
from tests.senders.expected import in_any_order
from tests.senders.resolver import Resolver
from tests.senders.stored import Hellos, name, read_all
from tests.senders.systems import RELEASES, system_root

_PATIENCE = 60

_SENDERS: Mapping[Server, ModuleType] = {
    Server.POSTFIX: postfix,
    Server.EXIM: exim,
    Server.QMAIL: s_client,
}


def all_cases(profile: Profile) -> list[Case]:
    """The cases that a profile has an answer to."""
    levels = [Level.ENCRYPT]
    if Checking.CERTIFICATE in profile.measured:
        levels.append(Level.VERIFY)
    if profile.server is Server.POSTFIX and profile.system in RELEASES:
        levels += map(Level, TLSA)
    return list(cases(*levels))


def hellos(profile: Profile) -> Hellos:
    """What the real sender says in each case, alike at every call.

    Raises:
        TimeoutError: It does not say all of them.
    """
    found = read_all(capture(profile))
    if profile.server is not Server.EXIM:
        return found
    # GnuTLS 3.8 shuffles the extensions.
    return {case: hello and in_any_order(hello) for case, hello in found.items()}


def capture(profile: Profile) -> Mapping[str, bytes]:
    """The first record that the real sender sends in each case: a hello, or an alert in its place.

    Raises:
        TimeoutError: It does not say all of them; the message holds what it said instead.
    """
    wanted = all_cases(profile)
    if profile.system is System.DEBIAN_10:
        say = openssl_1_1_1.postfix if profile.server is Server.POSTFIX else openssl_1_1_1.qmail
        return say(wanted)
    with tempfile.TemporaryDirectory() as folder:
        arguments = ("tests.senders.real", name(profile))
        found, _ = launch(
            Path(folder), [system_root(profile.system)], *arguments, seconds=2 * _PATIENCE
        )
    return {case: bytes.fromhex(record) for case, record in found.items()}


def roots() -> list[Root]:
    """Where all of them are unpacked that are not out of a wheel."""
    return [system_root(system) for system in RELEASES]


def _run(profile: Profile, wanted: Sequence[Case]) -> Mapping[str, bytes]:
    sender = _SENDERS[profile.server]
    archive = prepare(system_root(profile.system))
    with ExitStack() as stack:
        stack.enter_context(Resolver())
        folder = stack.enter_context(run_folder())
        catcher = stack.enter_context(Catcher())
        for name, text in sender.files(wanted, catcher.port).items():
            (folder / name).write_text(text)
        stack.callback(end, start(archive, sender.SCRIPT, folder=folder))
        caught = catcher.wait([case.name for case in wanted], _PATIENCE)
        if len(caught) < len(wanted):
            said = "".join(
                log.read_text(errors="replace") for log in folder.glob("*") if log.suffix == ".log"
            )
            raise TimeoutError(
                f"{profile.name} said {len(caught)} of {len(wanted)}: {said[-2000:]}"
            )
    return caught


def main() -> None:
    """Print what one sender says."""
    profile = next(one for one in PROFILES.values() if name(one) == sys.argv[-1])
    caught = _run(profile, all_cases(profile))
    json.dump({case: record.hex() for case, record in caught.items()}, sys.stdout)


if __name__ == "__main__":
    main()
