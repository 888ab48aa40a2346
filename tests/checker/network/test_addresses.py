"""The checker connects to public addresses, and to what a lab opens."""

import errno
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.network import OUR_FAULTS
from checker.network.addresses import block_of, is_own, is_public, permission
from checker.network.connector import TcpConnector
from checker.problems import Cause

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2001:200::1",
    "2003::1",
    "2606:4700::1111",
    "2a00:1450:4001::1a",
    "3ffe::1",
]

# A row for each block of the IANA IPv4 and IPv6 special-purpose address registries, and for each
# form in which an IPv4 address can hide in an IPv6 one.
REFUSED = {
    "this network": ["0.0.0.1", "0.255.255.255"],
    "private 10/8": ["10.0.0.0", "10.255.255.255"],
    "shared, CGNAT": ["100.64.0.0", "100.127.255.255"],
    "loopback": ["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1"],
    "link-local": ["169.254.0.0", "169.254.169.254", "fe80::1", "febf::1"],
    "metadata": ["169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254"],
    "private 172.16/12": ["172.16.0.0", "172.31.255.255"],
    "IETF protocol assignments": [
        "192.0.0.0",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.10",
        "192.0.0.170",
        "192.0.0.255",
        "2001:1::1",
        "2001:1::2",
        "2001:1::3",
        "2001:1ff:ffff::1",
    ],
    "documentation": [
        "192.0.2.0",
        "192.0.2.255",
        "198.51.100.1",
        "203.0.113.1",
        "2001:db8::1",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff::1",
        "3fff:fff:ffff::1",
    ],
    "AS112": ["192.31.196.1", "192.175.48.1", "2001:4:112::1", "2620:4f:8000::1"],
    "AMT": ["192.52.193.1", "2001:3::1"],
    "6to4 relay": ["192.88.99.1", "192.88.99.2"],
    "private 192.168/16": ["192.168.0.0", "192.168.255.255"],
    "benchmarking": ["198.18.0.0", "198.19.255.255", "2001:2::1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved and broadcast": ["240.0.0.0", "255.255.255.254", "255.255.255.255"],
    "unspecified": ["::"],
    "IPv4-mapped": ["::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:0:0"],
    "IPv4-compatible": ["::127.0.0.1", "::8.8.8.8"],
    "IPv4-translated": ["::ffff:0:127.0.0.1"],
    "NAT64": ["64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"],
    "discard-only": ["100::1", "100:0:0:1::1"],
    "Teredo": ["2001::1", "2001:0:7f00:1::1"],
    "ORCHID": ["2001:10::1", "2001:20::1", "2001:30::1"],
    "6to4": ["2002::1", "2002:7f00:1::1", "2002:a00:1::"],
    "segment routing": ["5f00::1"],
    "unique local": ["fc00::1", "fd12:3456::1", "fdff::1"],
    "site-local": ["fec0::1", "feff::1"],
    "unassigned": ["4000::1", "1000::1", "e000::1"],
    "scoped": ["fe80::1%eth0", "2606:4700::1111%1"],
    "no address": [
        "",
        "example.org",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.4/32",
        "[::1]",
        "0x7f.1",
    ],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)
    assert permission()(address)


@pytest.mark.parametrize("kind", REFUSED)
async def test_refused(kind: str) -> None:
    connector = TcpConnector(permission())
    for address in REFUSED[kind]:
        assert not is_public(address), address
        assert not permission()(address), address
        with pytest.raises(PermissionError) as caught:
            await connector.connect(address, 25)
        assert caught.value.errno == errno.EPERM


async def test_nobody_is_led_back_to_the_checker_itself() -> None:
    connector = TcpConnector(permission(), lambda address: address == "8.8.8.8")
    with pytest.raises(PermissionError) as caught:
        await connector.connect("8.8.8.8", 25)
    assert OUR_FAULTS[caught.value.errno or 0] is Cause.NOT_PERMITTED


def test_the_machine_knows_its_own_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_own("8.8.8.8")
    # No test machine has a public one.
    monkeypatch.setattr("checker.network.addresses.is_public", lambda _: True)
    assert is_own("127.0.0.1")
    assert not is_own("198.51.100.7")


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("10.20.30.40", "10.0.0.0/8"),
        ("192.168.178.1", "192.168.0.0/16"),
        ("169.254.169.254", "169.254.0.0/16"),
        ("fd12:3456:789a::1", "fd00::/8"),
        ("fe80::1%eth0", "fe00::/8"),
        ("::ffff:10.0.0.1", "::/8"),
        ("2001:db8::25", "2001:db8::/32"),
    ],
)
def test_of_an_address_that_is_not_public_its_block_is_told(address: str, block: str) -> None:
    assert block_of(address) == block


def test_an_address_is_our_own_also_beside_the_one_that_we_talk_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("checker.network.addresses.is_public", lambda _: True)
    monkeypatch.setattr("checker.network.addresses._source", lambda _: ip_address("127.0.0.1"))
    assert is_own("127.0.0.2")
    assert not is_own("198.51.100.7")
    assert not is_own("2001:db8::25")


def test_where_every_address_can_be_bound_that_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As with net.ipv4.ip_nonlocal_bind on a host that takes over others' addresses.
    monkeypatch.setattr("checker.network.addresses._can_be_bound", lambda _: True)
    monkeypatch.setattr("checker.network.addresses._source", lambda _: ip_address("127.0.0.1"))
    assert not is_own("8.8.8.8")


def test_a_lab_opens_its_networks_and_nothing_more() -> None:
    permits = permission(["127.25.0.0/16", "fd00:25::/32"])
    assert permits("127.25.0.1")
    assert permits("fd00:25::1")
    assert permits("8.8.8.8")
    assert not permits("127.26.0.1")
    assert not permits("fd00:26::1")
    assert not permits("::ffff:127.25.0.1")
    assert not permits("not an address")


@pytest.mark.parametrize("network", ["", "127.25.0.1/16", "127.25.0.0/33", "example.org", "::/129"])
def test_a_network_that_is_none(network: str) -> None:
    with pytest.raises(ValueError, match=r"network|host bits|permitted|netmask"):
        permission([network])


@given(st.one_of(st.text(max_size=50), st.ip_addresses().map(str)))
def test_every_text_gets_an_answer(address: str) -> None:
    permits = permission(["10.0.0.0/8"])
    assert permits(address) in {True, False}
    assert permits(address) or not is_public(address)
