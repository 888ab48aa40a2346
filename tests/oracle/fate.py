"""What became of a mail."""

import re
from dataclasses import dataclass
from enum import StrEnum

_ABOUT_ENCRYPTION = re.compile(r"TLS|certificate|not verified|handshake|SSL|DANE", re.IGNORECASE)


class Fate(StrEnum):
    """What a mail server did with a mail."""

    ACCEPTED = "accepted"
    RETRIED = "retried"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail.

    Attributes:
        fate: What the server did with it.
        reasons: What it said of each address that did not take the mail.
    """

    fate: Fate
    reasons: tuple[str, ...] = ()

    @property
    def only_about_encryption(self) -> bool:
        """Whether nothing but encryption was in the way."""
        return all(_ABOUT_ENCRYPTION.search(reason) for reason in self.reasons)
