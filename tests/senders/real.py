"""What every real sender says in every case."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import ModuleType

from checker.senders import Profile, Server, System
from checker.senders.hello import Checking
from tests.lab.folders import run_folder
from tests.lab.laboratory import end
from tests.lab.root import Root, prepare, start
from tests.senders import exim, openssl_1_1_1, postfix, s_client
from tests.senders.cases import Case, cases
from tests.senders.catcher import Catcher
from tests.senders.expected import in_any_order
from tests.senders.stored import Hellos, read_all
from tests.senders.systems import RELEASES, system_root

_PATIENCE = 60

_SENDERS: Mapping[Server, ModuleType] = {
    Server.POSTFIX: postfix,
    Server.EXIM: exim,
    Server.QMAIL: s_client,
}


def all_cases(profile: Profile) -> list[Case]:
    """The cases that a profile has an answer to."""
    return list(cases(verifying=Checking.CERTIFICATE in profile.measured))


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
    return _run(profile, wanted)


def roots() -> list[Root]:
    """Where all of them are unpacked that are not out of a wheel."""
    return [system_root(system) for system in RELEASES]


def _run(profile: Profile, wanted: Sequence[Case]) -> Mapping[str, bytes]:
    sender = _SENDERS[profile.server]
    archive = prepare(system_root(profile.system))
    with ExitStack() as stack:
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
