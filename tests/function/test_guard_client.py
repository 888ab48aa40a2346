"""Whom a request is counted for: nobody escapes by what a header says."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.function.guard.client import UNKNOWN, client_key, read_networks

PROXIES = read_networks(["10.0.0.0/8", "fd00::/8"])
_TEXT = st.text() | st.ip_addresses().map(str) | st.just("10.1.2.3")


@pytest.mark.parametrize(
    ("peer", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, UNKNOWN),
        ("", UNKNOWN),
        ("/run/socket", UNKNOWN),
    ],
)
def test_a_client_without_a_proxy(peer: str | None, key: str) -> None:
    assert client_key(peer, [], ()) == key


@pytest.mark.parametrize(
    ("forwarded", "key"),
    [
        (["192.0.2.1"], "192.0.2.1"),
        (["198.51.100.9, 192.0.2.1"], "192.0.2.1"),
        (["198.51.100.9", "192.0.2.1"], "192.0.2.1"),
        (["192.0.2.1, 10.9.9.9", "fd00::5"], "192.0.2.1"),
        (["192.0.2.1:50123"], "192.0.2.1"),
        (["[2001:db8::1]:50123"], "2001:db8::/64"),
        (["[2001:db8::1]"], "2001:db8::/64"),
        (["::ffff:192.0.2.1"], "192.0.2.1"),
        (["192.0.2.1, nonsense"], "10.0.0.1"),
        (["192.0.2.1, nonsense, 10.5.5.5"], "10.5.5.5"),
        (["10.7.7.7"], "10.7.7.7"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_a_proxy_is_believed_and_whoever_stands_before_it_is_not(
    forwarded: list[str], key: str
) -> None:
    assert client_key("10.0.0.1", forwarded, PROXIES) == key


@given(st.lists(_TEXT))
def test_who_is_no_proxy_is_not_believed(forwarded: list[str]) -> None:
    assert client_key("192.0.2.1", forwarded, PROXIES) == "192.0.2.1"


@given(_TEXT, st.lists(_TEXT))
def test_any_key_is_an_address_a_network_or_unknown(peer: str, forwarded: list[str]) -> None:
    key = client_key(peer, forwarded, PROXIES)
    assert key == UNKNOWN or ipaddress.ip_network(key)
