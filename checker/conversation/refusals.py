"""What a sender's TLS library refuses of what a server chose. Pure."""

from enum import StrEnum

from checker.certificate.reading import Key
from checker.facts import Handshake
from checker.senders.hello import Hello, Rules
from checker.tls_version import VERSIONS, TlsVersion


class Refusal(StrEnum):
    """What is refused."""

    VERSION = "version"
    CIPHER = "cipher"
    GROUP = "group"


def refusal(
    rules: Rules, minimum: TlsVersion, maximum: TlsVersion, handshake: Handshake
) -> Refusal | None:
    """What a sender refuses of a handshake that was completed with whatever hello.

    Args:
        rules: The sender's.
        minimum: The operator's lowest version.
        maximum: Its highest.
        handshake: What the server chose.

    Returns:
        The first thing that is refused; none where nothing is, or nothing was chosen.
    """
    if handshake.version is None:
        return None
    hello, limits = rules.hello, rules.limits
    version, cipher = VERSIONS[handshake.version], handshake.cipher or ""
    if not max(minimum, hello.oldest) <= version <= maximum:
        return Refusal.VERSION
    signed = cipher.startswith(("DHE-", "ECDHE-", "EDH-"))
    if version < TlsVersion.TLS_1_2 and signed and not limits.legacy_signatures:
        # Before TLS 1.2 the key exchange is signed with MD5 and SHA-1.
        return Refusal.VERSION
    if cipher not in {*hello.ciphers, *hello.ciphersuites}:
        return Refusal.CIPHER
    if handshake.group_bits is not None and handshake.group_bits < limits.dh_bits:
        return Refusal.GROUP
    return None


def encrypts_to_key(handshake: Handshake) -> bool:
    """Whether the secret was encrypted to the key of the certificate, as up to TLS 1.2 it may be.

    Elsewhere the server signs with that key, if it has one.
    """
    signing = ("DHE-", "ECDHE-", "EDH-", "TLS_", "ADH-", "AECDH-", "PSK-", "SRP-")
    return not (handshake.cipher or "TLS_").startswith(signing)


def is_anonymous(handshake: Handshake) -> bool:
    """Whether the server's cipher suite wants no certificate."""
    return (handshake.cipher or "").startswith(("ADH-", "AECDH-"))


_IN_HELLOS = {
    "secp256r1": "P-256",
    "secp384r1": "P-384",
    "secp521r1": "P-521",
    "x25519": "X25519",
    "x448": "X448",
}
"""Groups that OpenSSL spells otherwise where it tells of them than where it is given them."""


def is_offered(rules: Rules, handshake: Handshake, key: Key | None) -> bool:
    """Whether a sender offers the key exchange and the signature that a server has chosen.

    Args:
        rules: The sender's.
        handshake: What the server chose, completed with whatever hello.
        key: Of the server's certificate; none where none was shown.
    """
    if handshake.version is None:
        return False
    hello, version = rules.hello, VERSIONS[handshake.version]
    by_curve = version >= TlsVersion.TLS_1_3 or "ECDHE" in (handshake.cipher or "")
    if by_curve and handshake.group is not None and not _has_group(hello, handshake.group):
        return False
    return key is None or _has_algorithm(hello, key, version)


def _has_group(hello: Hello, group: str) -> bool:
    return _IN_HELLOS.get(group, group) in hello.groups


def _has_algorithm(hello: Hello, key: Key, version: TlsVersion) -> bool:
    algorithms = [name.lower() for name in hello.signature_algorithms]
    match key.algorithm:
        case "RSA" | "DSA":
            return any(name.startswith(key.algorithm.lower()) for name in algorithms)
        case "EC":
            curve = key.name.removeprefix("EC ")
            if version < TlsVersion.TLS_1_3:
                # The curve of a key is one of the groups there (RFC 8422 section 5.1.1).
                return _has_group(hello, curve)
            return any(name.startswith(f"ecdsa_{curve.lower()}") for name in algorithms)
    return key.algorithm.lower() in algorithms
