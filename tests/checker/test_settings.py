"""Settings come from options and the environment; one that is no good is named."""

from pathlib import Path

import pytest

from checker.production import build_checker
from checker.settings import Settings, SettingsError, split_host_port


def test_the_environment_and_what_is_given() -> None:
    environment = {
        "CHECKER_RESOLVER": "127.0.0.1:5300",
        "CHECKER_SMTP_PORT": " 2525 ",
        "CHECKER_ALLOW_NETWORK": "127.25.0.0/16, fd00::/8 10.0.0.0/8",
        "CHECKER_CA_FILE": "ca.pem",
        "CHECKER_EHLO_NAME": "checker.example",
        "CHECKER_CANARY": "mx.example.org",
        "CHECKER_TOTAL_TIMEOUT": "12.5",
        "CHECKER_SOMETHING_ELSE": "x",
        "PATH": "/bin",
    }
    settings = Settings.from_environment(environment, smtp_port=26, resolver=None)
    assert settings == Settings(
        resolver="127.0.0.1:5300",
        smtp_port=26,
        allow_network=("127.25.0.0/16", "fd00::/8", "10.0.0.0/8"),
        ca_file=Path("ca.pem"),
        ehlo_name="checker.example",
        canary="mx.example.org",
        total_timeout=12.5,
    )


def test_an_empty_environment() -> None:
    empty = dict.fromkeys(("CHECKER_RESOLVER", "CHECKER_SMTP_PORT", "CHECKER_CA_FILE"), " ")
    assert Settings.from_environment(empty) == Settings.from_environment({}) == Settings()


@pytest.mark.parametrize("number", ["abc", "nan", "inf", "-inf", "1e999", "25.5", "-25", "0x19"])
def test_a_port_in_the_environment_that_is_no_number(number: str) -> None:
    with pytest.raises(SettingsError, match="CHECKER_SMTP_PORT"):
        Settings.from_environment({"CHECKER_SMTP_PORT": number})


@pytest.mark.parametrize("number", ["abc", "nan", "inf", "-1", "0"])
def test_a_time_in_the_environment_that_is_none(number: str) -> None:
    with pytest.raises(SettingsError, match="CHECKER_TOTAL_TIMEOUT"):
        Settings.from_environment({"CHECKER_TOTAL_TIMEOUT": number})


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (Settings(smtp_port=0), "SMTP port 0"),
        (Settings(smtp_port=65_536), "SMTP port 65536"),
        (Settings(smtp_port=-25), "SMTP port -25"),
        (Settings(ehlo_name="two words"), "EHLO name 'two words'"),
        (Settings(ehlo_name="x\r\nMAIL FROM:<>"), "EHLO name"),
        (Settings(ehlo_name="x\n"), "EHLO name"),
        (Settings(ehlo_name="-x"), "EHLO name"),
        (Settings(ehlo_name="ümlaut"), "EHLO name"),
        (Settings(ehlo_name="x" * 300), "EHLO name"),
        (Settings(canary="two words"), "canary 'two words'"),
        (Settings(canary="mx.example.org:25"), "canary"),
        (Settings(canary=""), "canary"),
        (Settings(allow_network=("127.25.0.1/16",)), "allowed network"),
        (Settings(allow_network=("everything",)), "allowed network"),
        (Settings(resolver="127.0.0.1:0"), "resolver"),
        (Settings(resolver="127.0.0.1:65536"), "resolver"),
        (Settings(resolver="127.0.0.1:dns"), "resolver"),
        (Settings(resolver="127.0.0.1:"), "resolver"),
        (Settings(resolver=":53"), "resolver"),
        (Settings(resolver=""), "resolver"),
        (Settings(resolver="a..b"), "resolver"),
        (Settings(resolver="does-not-exist.invalid"), "resolver"),
        (Settings(ca_file=Path("missing.pem")), "missing.pem"),
        (Settings(ca_file=Path("/")), "/: "),
        (Settings(ca_file=Path(__file__)), "test_settings.py"),
        (Settings(ca_file=Path("\udcff.pem")), ".pem"),
    ],
)
def test_a_setting_that_cannot_be_used(settings: Settings, named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        build_checker(settings)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        (None, None, 53),
        ("9.9.9.9", "9.9.9.9", 53),
        ("9.9.9.9:5300", "9.9.9.9", 5300),
        ("2620:fe::fe", "2620:fe::fe", 53),
        ("[2620:fe::fe]", "2620:fe::fe", 53),
        ("[2620:fe::fe]:5300", "2620:fe::fe", 5300),
        ("dns.example", "dns.example", 53),
        ("dns.example:53", "dns.example", 53),
    ],
)
def test_a_resolver(text: str | None, host: str | None, port: int) -> None:
    assert split_host_port(text) == (host, port)
