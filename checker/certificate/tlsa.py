"""What a TLSA record says by itself (RFC 6698, RFC 7671, RFC 7672). Pure."""

import hashlib
from collections.abc import Sequence

from checker.facts import Dane, TlsaRecord

TRUST_ANCHOR = 2
END_ENTITY = 3
FULL_CERTIFICATE = 0
EXACT = 0
DIGESTS = {1: hashlib.sha256, 2: hashlib.sha512}


def demand(records: Sequence[TlsaRecord]) -> Dane:
    """What the records ask of a sender that heeds them."""
    if not records:
        return Dane.ABSENT
    return Dane.USABLE if any(map(is_usable, records)) else Dane.UNUSABLE


def is_for_mail(records: Sequence[TlsaRecord]) -> bool:
    """Whether one of the records has a usage that counts for mail (RFC 7672 section 3.1)."""
    return any(record.usage in {TRUST_ANCHOR, END_ENTITY} for record in records)


def is_usable(record: TlsaRecord) -> bool:
    """Whether a mail server's record binds anyone (RFC 7672 section 3.1.3, RFC 7671 section 4)."""
    return (
        record.usage in {TRUST_ANCHOR, END_ENTITY}
        and record.selector in {0, 1}
        and _is_well_formed(record)
    )


def _is_well_formed(record: TlsaRecord) -> bool:
    """Whether the data can be what selector and matching type say."""
    data = bytes.fromhex(record.data)
    if digest := DIGESTS.get(record.matching_type):
        return len(data) == digest().digest_size
    if record.matching_type != EXACT:
        return False
    # Few records hold more than a digest, and only these take the cryptography.
    from checker.certificate.encoded import is_certificate, is_public_key  # noqa: PLC0415

    return is_certificate(data) if record.selector == FULL_CERTIFICATE else is_public_key(data)
