"""What a sender may be set to, and the sender's name in EHLO that tells which case it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from checker.facts import TlsaRecord
from checker.senders.hello import Checking
from checker.tls_version import TlsVersion

_DIGEST = "ab" * 32


class Level(StrEnum):
    """What is demanded of a server, as far as hellos differ in it.

    Postfix says at "may" what it says at "encrypt", and at "secure" what it says at "verify".
    """

    ENCRYPT = "encrypt"
    VERIFY = "verify"
    DANE = "dane"
    DANE_KEY = "dane-key"
    """The record holds a key, so that a server may show that alone."""
    DANE_UNUSABLE = "dane-unusable"
    """The same, and nobody knows how."""
    DANE_PKIX = "dane-pkix"
    """The record is none for mail, which Postfix sees at once."""


CHECKING = {
    Level.ENCRYPT: Checking.NONE,
    Level.VERIFY: Checking.CERTIFICATE,
    Level.DANE: Checking.CERTIFICATE,
    Level.DANE_KEY: Checking.CERTIFICATE,
    Level.DANE_UNUSABLE: Checking.UNUSABLE_DANE,
    Level.DANE_PKIX: Checking.NONE,
}
"""How far certificates count."""

TLSA: Mapping[str, TlsaRecord] = {
    Level.DANE: TlsaRecord(3, 0, 1, _DIGEST),
    Level.DANE_KEY: TlsaRecord(3, 1, 1, _DIGEST),
    Level.DANE_UNUSABLE: TlsaRecord(3, 1, 9, _DIGEST),
    Level.DANE_PKIX: TlsaRecord(1, 1, 1, _DIGEST),
}
"""What stands in the DNS."""

_NAMING = {
    **dict.fromkeys((Level.ENCRYPT, Level.VERIFY), (False, True)),
    **dict.fromkeys((Level.DANE, Level.DANE_KEY, Level.DANE_UNUSABLE), (True,)),
    Level.DANE_PKIX: (False,),
}
"""Whether a name is asked for; whoever heeds a record says whom it wants."""


@dataclass(frozen=True, slots=True)
class Case:
    """One setting.

    Attributes:
        level: What is demanded.
        minimum: Lowest version.
        maximum: Highest version.
        sni: Whether a name is asked for.
    """

    level: Level
    minimum: TlsVersion
    maximum: TlsVersion
    sni: bool

    @property
    def checking(self) -> Checking:
        """How far certificates count."""
        return CHECKING[self.level]

    @property
    def verifies(self) -> bool:
        """Whether certificates are to be verified."""
        return self.checking is Checking.CERTIFICATE

    @property
    def host(self) -> str:
        """The server, which is asked for by this name where it is."""
        return f"{self.level if self.level in TLSA else 'mx'}.receiver.test"

    @property
    def name(self) -> str:
        """Its name in files and in EHLO."""
        return f"{self.level}-{self.minimum}-{self.maximum}{'-sni' if self.sni else ''}"


def cases(*levels: Level) -> Iterator[Case]:
    """Every setting of these levels."""
    for level, minimum, maximum in product(levels, TlsVersion, TlsVersion):
        if minimum <= maximum:
            yield from (Case(level, minimum, maximum, sni) for sni in _NAMING[level])
