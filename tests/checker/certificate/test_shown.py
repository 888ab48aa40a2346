"""What of the certificates that a server sends can be read."""

import pytest

from checker.certificate.shown import Flaw, Shown, read
from checker.facts import Handshake, PathError
from tests.checker.certificates import certificate, der_of, handwritten, name

LEAF = certificate("mx.example.org")
AUTHORITY = certificate(subject=name("Example Issuing CA"))
LEAF_DER, AUTHORITY_DER = der_of(LEAF), der_of(AUTHORITY)
BAD = b"no certificate"
UNDATED = handwritten().replace(b"261001000000Z", b"269901000000Z")
"""Its first day is in the 99th month."""


def test_in_the_order_in_which_they_were_sent() -> None:
    handshake = Handshake(
        chain=(LEAF_DER, AUTHORITY_DER),
        path=(LEAF_DER,),
        errors=(PathError(20, 1, AUTHORITY_DER), PathError(10, 0, LEAF_DER)),
    )
    flaws = (Flaw(20, 1, AUTHORITY), Flaw(10, 0, LEAF))
    assert read(handshake) == Shown(
        (LEAF, AUTHORITY), (LEAF,), flaws=flaws, sent=(LEAF_DER, AUTHORITY_DER)
    )


def test_nothing_sent() -> None:
    assert read(Handshake()) == Shown()


@pytest.mark.parametrize(
    "bad", [BAD, b"", LEAF_DER[:-1], UNDATED], ids=["bad", "nothing", "cut-off", "undated"]
)
def test_where_the_servers_own_cannot_be_read_no_other_takes_its_place(bad: bytes) -> None:
    handshake = Handshake(chain=(bad, AUTHORITY_DER), path=(AUTHORITY_DER,))
    assert read(handshake) == Shown(unreadable=True, sent=(bad, AUTHORITY_DER))


@pytest.mark.parametrize("bad", [BAD, UNDATED], ids=["bad", "undated"])
def test_another_one_that_cannot_be_read_is_left_out(bad: bytes) -> None:
    handshake = Handshake(
        chain=(LEAF_DER, bad, AUTHORITY_DER),
        path=(LEAF_DER, bad),
        errors=(PathError(13, 1, bad),),
    )
    flaws = (Flaw(13, 1, None),)
    sent = (LEAF_DER, AUTHORITY_DER, bad)
    assert read(handshake) == Shown(
        (LEAF, AUTHORITY), (LEAF,), unreadable=True, flaws=flaws, sent=sent
    )
