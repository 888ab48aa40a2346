"""The limits as whoever runs the function sets them."""

import pytest

from checker.function.guard.client import read_networks
from checker.function.guard.options import GuardOptions
from checker.function.interface import Rate
from checker.settings import SettingsError

HOUR = 3_600


def test_limits_come_from_the_environment() -> None:
    options = GuardOptions.from_environment(
        {
            "CHECKER_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8",
            "CHECKER_CLIENT_LIMIT": "7/10 minutes",
            "CHECKER_CLIENT_AT_ONCE": "off",
        }
    )
    assert options == GuardOptions(
        trusted_proxies=read_networks(["10.0.0.0/8", "fd00::/8"]),
        client_limit=Rate(7, 600),
        client_at_once=None,
    )
    assert GuardOptions.from_environment({"CHECKER_CLIENT_LIMIT": " "}) == GuardOptions()
    hourly = GuardOptions.from_environment({"CHECKER_CLIENT_LIMIT": "9/hour"})
    assert hourly.client_limit == Rate(9, HOUR)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("CHECKER_TRUSTED_PROXIES", "everyone"),
        ("CHECKER_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CHECKER_CLIENT_LIMIT", "many"),
        ("CHECKER_CLIENT_LIMIT", "0/minute"),
        ("CHECKER_CLIENT_LIMIT", "5/fortnight"),
        ("CHECKER_CLIENT_AT_ONCE", "0"),
        ("CHECKER_CLIENT_AT_ONCE", "-1"),
    ],
)
def test_a_limit_that_cannot_be_used_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        GuardOptions.from_environment({variable: text})
