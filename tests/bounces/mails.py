"""Which mails a sender sends: pairs of a level and a domain."""

from collections.abc import Iterator

from tests.bounces.refusals import REFUSALS
from tests.bounces.senders.sender import Sender
from tests.lab.domains import DOMAINS

# At these levels not all domains are of interest, but those whose names begin so.
_OF_INTEREST = {
    "encrypt": ("no-starttls.", "starttls-454.", "tls-1-0-only.", "dh-512."),
    "dane": ("dane-", "dnssec-", "no-starttls"),
    "dane-only": ("dane-", "dnssec-", "no-starttls", "healthy", "unsigned"),
    "sts": ("sts-",),
    "delayed": ("expired.", "no-starttls.", "dns-lame.", "greylisted."),
}

# Senders say of it what they say of a certificate that has signed itself and bears plain names.
_SAID_ALREADY = {"hostile-certificate.test"}


def mails_of(sender: Sender) -> Iterator[tuple[str, str]]:
    """Every mail that may come back; those to domains without a fault do not."""
    for level in sender.levels:
        for refusal in REFUSALS:
            # Who demands TLS is of interest to those alone who would send in clear.
            if level == ("verify" if refusal.starttls else "may"):
                yield level, refusal.domain
        if level != "may":
            for domain in DOMAINS:
                of_interest = domain.domain.startswith(_OF_INTEREST.get(level, ""))
                if of_interest and domain.domain not in sender.unfit | _SAID_ALREADY:
                    yield level, domain.domain
