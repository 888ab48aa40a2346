"""Which well-known domain a misspelled one resembles."""

import pytest

from checker.route.alike import KNOWN, alike


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("ggmail.com", "gmail.com"),
        ("gmx.dee", "gmx.de"),
        ("wbe.de", "web.de"),
        ("t-onlin.de", "t-online.de"),
        ("tonline.de", "t-online.de"),
        ("t-onilne.ed", "t-online.de"),
        ("hotmial.de", "hotmail.de"),
        ("outlok.com", "outlook.com"),
        ("yahho.de", "yahoo.de"),
        ("iclould.com", "icloud.com"),
        ("freenett.de", "freenet.de"),
        ("www.example.org", "example.org"),
    ],
)
def test_a_slip_is_recognised(typed: str, first: str) -> None:
    assert alike(typed)[0] == first


@pytest.mark.parametrize(
    "typed", [*KNOWN, "example.org", "company.example", "gmx.firma.de", "abc.de", "www.de"]
)
def test_what_resembles_none_is_left_alone(typed: str) -> None:
    assert alike(typed) == []


def test_only_the_nearest_are_named() -> None:
    near = alike("gmx.d")
    assert near[0] == "gmx.de"
    assert len(near) <= 3
