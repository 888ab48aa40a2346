"""What our OpenSSL says where a real sender says something else: each difference by its name.

A real hello goes in, and what ours must be comes out; a difference that is not here is a defect.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from checker.senders import Profile, Server, System
from checker.tls_version import TlsVersion
from tests.senders.cases import Case, Level
from tests.senders.client_hello import HEADER, ClientHello

_EXTENSION_HEADER = 4
_SHORTEST_PADDED, _PADDED = 256, 512

_SERVER_NAME, _POINT_FORMATS, _CERTIFICATE_TYPE = "0", "11", "20"
_PADDING, _COMPRESSION = "21", "27"
NEVER_SAID = (_SERVER_NAME, _POINT_FORMATS, _CERTIFICATE_TYPE, _COMPRESSION)
"""What OpenSSL's senders say and ours does not, or not there."""

_RECORD_SIZE_LIMIT, _RENEGOTIATION = "28", "65281"
_RENEGOTIATION_SUITE = "00ff"

Change = Callable[[ClientHello], ClientHello]


def expected(profile: Profile, case: Case, theirs: ClientHello) -> ClientHello:
    """What ours must be.

    Args:
        profile: Of the sender.
        case: What it was set to.
        theirs: What the real one said.
    """
    ours = theirs
    for change in changes(profile, case):
        ours = change(ours)
    return ours


def changes(profile: Profile, case: Case) -> Sequence[Change]:
    """The differences that are known for a profile in a case."""
    found: list[Change] = []
    if profile.server is Server.EXIM:
        found += [without_record_size_limit, in_any_order, with_oldest_record_version]
        if case.minimum is TlsVersion.TLS_1_0:
            found.append(signalling_by_suite)
        if case.minimum is TlsVersion.TLS_1_3:
            found.append(with_tls_1_3_alone)
    else:
        found.append(with_server_name_last)
    if profile.system is System.DEBIAN_13 and profile.server is not Server.EXIM:
        found.append(without_compression)
        if case.level in {Level.DANE_KEY, Level.DANE_UNUSABLE}:
            found.append(without_raw_public_keys)
    if case.minimum is TlsVersion.TLS_1_3:
        found.append(without_point_formats)
    return found


def with_server_name_last(hello: ClientHello) -> ClientHello:
    """OpenSSL 4.0 has moved the server name behind all but the padding."""
    if _SERVER_NAME not in hello.extensions:
        return hello
    others = [number for number in hello.extensions if number not in {_SERVER_NAME, _PADDING}]
    padding = [_PADDING] if _PADDING in hello.extensions else []
    return replace(hello, extensions=(*others, _SERVER_NAME, *padding))


def without_compression(hello: ClientHello) -> ClientHello:
    """The wheel's OpenSSL is built without a library that compresses certificates (RFC 8879)."""
    return _without(hello, _COMPRESSION)


def without_raw_public_keys(hello: ClientHello) -> ClientHello:
    """The binding has no SSL_set1_server_cert_type(3), which offers them (RFC 7250)."""
    return _without(hello, _CERTIFICATE_TYPE)


def without_point_formats(hello: ClientHello) -> ClientHello:
    """OpenSSL 4.0 names no point formats where TLS 1.3 is the only version."""
    return _without(hello, _POINT_FORMATS)


def without_record_size_limit(hello: ClientHello) -> ClientHello:
    """OpenSSL has no record_size_limit (RFC 8449)."""
    return _without(hello, _RECORD_SIZE_LIMIT)


def in_any_order(hello: ClientHello) -> ClientHello:
    """OpenSSL has another order of extensions than GnuTLS, which shuffles them since 3.8."""
    return replace(hello, extensions=tuple(sorted(hello.extensions, key=int)))


def with_oldest_record_version(hello: ClientHello) -> ClientHello:
    """The record bears TLS 1.0; GnuTLS writes the lowest version that it offers, up to 1.2."""
    return replace(hello, record_version="0301")


def signalling_by_suite(hello: ClientHello) -> ClientHello:
    """Where TLS 1.0 is offered OpenSSL signals secure renegotiation by a suite."""
    suites = (*hello.cipher_suites, _RENEGOTIATION_SUITE)
    signalling = replace(hello, cipher_suites=suites, record_bytes=hello.record_bytes + 2)
    return _without(signalling, _RENEGOTIATION)


def with_tls_1_3_alone(hello: ClientHello) -> ClientHello:
    """GnuTLS goes on to offer what no version that is left can use."""
    suites = tuple(suite for suite in hello.cipher_suites if suite.startswith("13"))
    # SHA-1 signs nothing in TLS 1.3 but certificates (RFC 8446 section 4.2.3).
    algorithms = tuple(one for one in hello.signature_algorithms if not one.startswith("02"))
    fewer = len(hello.cipher_suites) - len(suites)
    fewer += len(hello.signature_algorithms) - len(algorithms)
    shorter = replace(
        hello,
        cipher_suites=suites,
        signature_algorithms=algorithms,
        record_bytes=hello.record_bytes - 2 * fewer,
    )
    return _without(shorter, _RENEGOTIATION)


def _without(hello: ClientHello, number: str) -> ClientHello:
    """Without an extension, and padded anew where the hello is of a kind that is padded."""
    if number not in hello.extensions:
        return hello
    content = next(
        (other.partition(":")[2] for other in hello.others if other.startswith(f"{number}:")), ""
    )
    padding = hello.padding_bytes
    length = hello.record_bytes - _EXTENSION_HEADER - len(content) // 2
    if padding is not None:
        length -= _EXTENSION_HEADER + padding
    extensions = [one for one in hello.extensions if one not in {number, _PADDING}]
    padding = _padding(length - HEADER) if padding is not None else None
    if padding is not None:
        extensions.append(_PADDING)
        length += _EXTENSION_HEADER + padding
    return replace(
        hello,
        record_bytes=length,
        extensions=tuple(extensions),
        padding_bytes=padding,
        others=tuple(one for one in hello.others if not one.startswith(f"{number}:")),
    )


def _padding(length: int) -> int | None:
    """What OpenSSL fills up a hello of that length with (RFC 7685)."""
    if not _SHORTEST_PADDED <= length < _PADDED:
        return None
    # Some servers do not bear an empty extension at the end.
    return max(_PADDED - length - _EXTENSION_HEADER, 1)
