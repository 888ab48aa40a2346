"""What a sender may be set to, and the sender's name in EHLO that tells which case it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from checker.senders.hello import Checking
from checker.tls_version import TlsVersion

SERVER_NAME = "mx.receiver.test"
"""What is asked for where a name is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One setting.

    Attributes:
        verifies: Whether certificates are to be verified.
        minimum: Lowest version.
        maximum: Highest version.
        sni: Whether a name is asked for.
    """

    verifies: bool
    minimum: TlsVersion
    maximum: TlsVersion
    sni: bool

    @property
    def checking(self) -> Checking:
        """How far certificates count."""
        return Checking.CERTIFICATE if self.verifies else Checking.NONE

    @property
    def name(self) -> str:
        """Its name in files and in EHLO."""
        level = "verify" if self.verifies else "encrypt"
        return f"{level}-{self.minimum}-{self.maximum}{'-sni' if self.sni else ''}"


def cases(*, verifying: bool = True) -> Iterator[Case]:
    """Every setting; those that verify only on demand."""
    levels = (False, True) if verifying else (False,)
    for verifies, minimum, maximum, sni in product(levels, TlsVersion, TlsVersion, (False, True)):
        if minimum <= maximum:
            yield Case(verifies, minimum, maximum, sni)
