"""The systems on which real senders are to be had, each unpacked once with all of them."""

from collections.abc import Mapping

from checker.senders import System
from tests.lab.root import Root

RELEASES: Mapping[System, str] = {System.DEBIAN_12: "bookworm", System.DEBIAN_13: "trixie"}
"""The code names of their releases."""

# Postfix's own scripts are partly in Perl. Postfix and Exim conflict as packages, and not as files
# that nobody starts.
_SENDERS = ("postfix postfix-mta-sts-resolver perl", "exim4-daemon-light", "openssl")


def system_root(system: System) -> Root:
    """Where the senders of a system are unpacked."""
    return Root(f"{system}-senders", _SENDERS, RELEASES[system])
