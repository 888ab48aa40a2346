"""What OpenSSL offers, in Debian's packages, to Postfix and to a program that sets nothing.

Postfix 3.4 to 3.10 ask for their own groups and for the suites of smtp_tls_mandatory_ciphers =
medium; at the levels that verify without the anonymous ones, and at OpenSSL's security level 1 in
place of 0. A qmail sets nothing: it gets Debian's DEFAULT at security level 2.

Sources: ClientHellos of Debian's postfix 3.7.11-0+deb12u1 with libssl3 3.0.20-1~deb12u2 and postfix
3.10.13-0+deb13u1 with libssl3t64 3.5.9-1~deb13u1, and of `openssl s_client` of the same libraries;
for Debian 10 OpenSSL 1.1.1d set as Postfix 3.4.23 sets it, for that package can't be had any more.
With TLSA records that name the server's own key Postfix 3.10 offers raw public keys as well (RFC
7250), which can't be said here.
What the security levels mean is in SSL_CTX_set_security_level(3).
"""

from dataclasses import replace

from checker.senders.hello import Checking, Hello, Limits, Rules, RulesByChecking, names
from checker.tls_version import TlsVersion

_CIPHERSUITES = (
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_GCM_SHA256",
)

_ANONYMOUS = ("ADH-", "AECDH-")
_SHORT_TAG = "CCM8"
"""64 bits of strength by OpenSSL's count since 3.2, so that security level 1 leaves them out."""

_MEDIUM_3_0 = names(
    """
    ADH-AES256-GCM-SHA384 ADH-AES256-SHA256 ADH-CAMELLIA256-SHA256 AECDH-AES256-SHA ADH-AES256-SHA
    ADH-CAMELLIA256-SHA ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384
    DHE-DSS-AES256-GCM-SHA384 DHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305
    ECDHE-RSA-CHACHA20-POLY1305 DHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES256-CCM8
    ECDHE-ECDSA-AES256-CCM DHE-RSA-AES256-CCM8 DHE-RSA-AES256-CCM ECDHE-ECDSA-ARIA256-GCM-SHA384
    ECDHE-ARIA256-GCM-SHA384 DHE-DSS-ARIA256-GCM-SHA384 DHE-RSA-ARIA256-GCM-SHA384
    ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 DHE-RSA-AES256-SHA256 DHE-DSS-AES256-SHA256
    ECDHE-ECDSA-CAMELLIA256-SHA384 ECDHE-RSA-CAMELLIA256-SHA384 DHE-RSA-CAMELLIA256-SHA256
    DHE-DSS-CAMELLIA256-SHA256 ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA DHE-RSA-AES256-SHA
    DHE-DSS-AES256-SHA DHE-RSA-CAMELLIA256-SHA DHE-DSS-CAMELLIA256-SHA AES256-GCM-SHA384
    AES256-CCM8 AES256-CCM ARIA256-GCM-SHA384 AES256-SHA256 CAMELLIA256-SHA256 AES256-SHA
    CAMELLIA256-SHA ADH-AES128-GCM-SHA256 ADH-AES128-SHA256 ADH-CAMELLIA128-SHA256
    AECDH-AES128-SHA ADH-AES128-SHA ADH-CAMELLIA128-SHA ECDHE-ECDSA-AES128-GCM-SHA256
    ECDHE-RSA-AES128-GCM-SHA256 DHE-DSS-AES128-GCM-SHA256 DHE-RSA-AES128-GCM-SHA256
    ECDHE-ECDSA-AES128-CCM8 ECDHE-ECDSA-AES128-CCM DHE-RSA-AES128-CCM8 DHE-RSA-AES128-CCM
    ECDHE-ECDSA-ARIA128-GCM-SHA256 ECDHE-ARIA128-GCM-SHA256 DHE-DSS-ARIA128-GCM-SHA256
    DHE-RSA-ARIA128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256
    DHE-RSA-AES128-SHA256 DHE-DSS-AES128-SHA256 ECDHE-ECDSA-CAMELLIA128-SHA256
    ECDHE-RSA-CAMELLIA128-SHA256 DHE-RSA-CAMELLIA128-SHA256 DHE-DSS-CAMELLIA128-SHA256
    ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA DHE-RSA-AES128-SHA DHE-DSS-AES128-SHA
    DHE-RSA-CAMELLIA128-SHA DHE-DSS-CAMELLIA128-SHA AES128-GCM-SHA256 AES128-CCM8 AES128-CCM
    ARIA128-GCM-SHA256 AES128-SHA256 CAMELLIA128-SHA256 AES128-SHA CAMELLIA128-SHA
    """
)
"""aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH, as OpenSSL 3.0 spells it out."""

_MEDIUM_1_1_1 = (
    *_MEDIUM_3_0,
    "ADH-SEED-SHA",
    "DHE-RSA-SEED-SHA",
    "DHE-DSS-SEED-SHA",
    "SEED-SHA",
)
"""The same; Debian's OpenSSL 1.1.1 is built without IDEA."""

_MEDIUM_3_5 = names(
    """
    ADH-AES256-GCM-SHA384 ADH-AES256-SHA256 ADH-CAMELLIA256-SHA256 AECDH-AES256-SHA ADH-AES256-SHA
    ADH-CAMELLIA256-SHA ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384
    DHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305
    DHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES256-CCM DHE-RSA-AES256-CCM
    ECDHE-ECDSA-ARIA256-GCM-SHA384 ECDHE-ARIA256-GCM-SHA384 DHE-RSA-ARIA256-GCM-SHA384
    ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 DHE-RSA-AES256-SHA256
    ECDHE-ECDSA-CAMELLIA256-SHA384 ECDHE-RSA-CAMELLIA256-SHA384 DHE-RSA-CAMELLIA256-SHA256
    ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA DHE-RSA-AES256-SHA DHE-RSA-CAMELLIA256-SHA
    AES256-GCM-SHA384 AES256-CCM ARIA256-GCM-SHA384 AES256-SHA256 CAMELLIA256-SHA256 AES256-SHA
    CAMELLIA256-SHA ADH-AES128-GCM-SHA256 ADH-AES128-SHA256 ADH-CAMELLIA128-SHA256
    AECDH-AES128-SHA ADH-AES128-SHA ADH-CAMELLIA128-SHA ECDHE-ECDSA-AES128-GCM-SHA256
    ECDHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-CCM
    DHE-RSA-AES128-CCM ECDHE-ECDSA-ARIA128-GCM-SHA256 ECDHE-ARIA128-GCM-SHA256
    DHE-RSA-ARIA128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256
    DHE-RSA-AES128-SHA256 ECDHE-ECDSA-CAMELLIA128-SHA256 ECDHE-RSA-CAMELLIA128-SHA256
    DHE-RSA-CAMELLIA128-SHA256 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA DHE-RSA-AES128-SHA
    DHE-RSA-CAMELLIA128-SHA AES128-GCM-SHA256 AES128-CCM ARIA128-GCM-SHA256 AES128-SHA256
    CAMELLIA128-SHA256 AES128-SHA CAMELLIA128-SHA ECDHE-ECDSA-AES256-CCM8 ECDHE-ECDSA-AES128-CCM8
    DHE-RSA-AES256-CCM8 DHE-RSA-AES128-CCM8 AES256-CCM8 AES128-CCM8
    """
)
"""Postfix 3.10 asks for none of DSS."""

_DEFAULT = names(
    """
    ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 DHE-RSA-AES256-GCM-SHA384
    ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 DHE-RSA-CHACHA20-POLY1305
    ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES128-GCM-SHA256
    ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 DHE-RSA-AES256-SHA256
    ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256 DHE-RSA-AES128-SHA256 ECDHE-ECDSA-AES256-SHA
    ECDHE-RSA-AES256-SHA DHE-RSA-AES256-SHA ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA
    DHE-RSA-AES128-SHA AES256-GCM-SHA384 AES128-GCM-SHA256 AES256-SHA256 AES128-SHA256 AES256-SHA
    AES128-SHA
    """
)
"""DEFAULT at security level 2, the same in 1.1.1, 3.0 and 3.5."""

# The algorithms of TLS 1.3, then those of TLS 1.2 alone.
_MODERN = (
    *("ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512"),
    *("ed25519", "ed448"),
)
_RSA = (
    *("rsa_pss_pss_sha256", "rsa_pss_pss_sha384", "rsa_pss_pss_sha512"),
    *("rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512"),
    *("RSA+SHA256", "RSA+SHA384", "RSA+SHA512"),
)
_OLD = ("ECDSA+SHA224", "RSA+SHA224", "DSA+SHA224", "DSA+SHA256", "DSA+SHA384", "DSA+SHA512")
_OLD_WITH_SHA1 = (
    *("ECDSA+SHA224", "ECDSA+SHA1", "RSA+SHA224", "RSA+SHA1", "DSA+SHA224", "DSA+SHA1"),
    *("DSA+SHA256", "DSA+SHA384", "DSA+SHA512"),
)
_ML_DSA = ("mldsa65", "mldsa87", "mldsa44")
_BRAINPOOL = (
    "ecdsa_brainpoolP256r1tls13_sha256",
    "ecdsa_brainpoolP384r1tls13_sha384",
    "ecdsa_brainpoolP512r1tls13_sha512",
)

_SIGNED = (*_MODERN, *_RSA, *_OLD)
_SIGNED_LEVEL_0 = (*_MODERN, *_RSA, *_OLD_WITH_SHA1)
_SIGNED_3_5 = (*_ML_DSA, *_MODERN, *_BRAINPOOL, *_RSA, *_OLD)
_SIGNED_3_5_LEVEL_0 = (*_ML_DSA, *_MODERN, *_BRAINPOOL, *_RSA, *_OLD_WITH_SHA1)

_FINITE_FIELDS = ("ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192")
_POSTFIX_GROUPS = ("X25519", "X448", "P-256", "P-521", "P-384")
"""The default of tls_eecdh_auto_curves up to Postfix 3.9."""


def _without(ciphers: tuple[str, ...], *parts: str) -> tuple[str, ...]:
    return tuple(cipher for cipher in ciphers if not any(part in cipher for part in parts))


_INTERMEDIATES = 10
"""smtp_tls_scert_verifydepth is 9, and Postfix adds the server's own."""

_LEVEL_1_SINCE_3_0 = Limits(
    legacy_signatures=False,
    dh_bits=1024,
    intermediates=_INTERMEDIATES,
)

_HELLO_1_1_1 = Hello(
    ciphers=_MEDIUM_1_1_1,
    ciphersuites=_CIPHERSUITES,
    groups=_POSTFIX_GROUPS,
    key_shares=("X25519",),
    signature_algorithms=_SIGNED_LEVEL_0,
    always_signals=True,
    padded=True,
)
_CERTAIN_1_1_1 = Rules(
    replace(_HELLO_1_1_1, ciphers=_without(_MEDIUM_1_1_1, *_ANONYMOUS)),
    Limits(
        dh_bits=1024,
        # OpenSSL counts 80 bits of strength in SHA-1 up to 1.1.1, 63 since.
        sha1=True,
        intermediates=_INTERMEDIATES,
        unsafe_renegotiation=True,
    ),
)
_ANY_1_1_1 = Rules(_HELLO_1_1_1, Limits(unsafe_renegotiation=True))
POSTFIX_DEBIAN_10: RulesByChecking = {
    Checking.NONE: _ANY_1_1_1,
    # Postfix 3.4 sees by itself which records can be used, before it chooses its suites.
    Checking.UNUSABLE_DANE: _ANY_1_1_1,
    Checking.CERTIFICATE: _CERTAIN_1_1_1,
}

_HELLO_3_0 = replace(_HELLO_1_1_1, ciphers=_MEDIUM_3_0)
_NAMED_3_0 = replace(_HELLO_3_0, ciphers=_without(_MEDIUM_3_0, *_ANONYMOUS))
POSTFIX_DEBIAN_12: RulesByChecking = {
    Checking.NONE: Rules(_HELLO_3_0, Limits()),
    Checking.UNUSABLE_DANE: Rules(_NAMED_3_0, Limits()),
    Checking.CERTIFICATE: Rules(
        replace(_NAMED_3_0, signature_algorithms=_SIGNED), _LEVEL_1_SINCE_3_0
    ),
}

_HELLO_3_5 = replace(
    _HELLO_3_0,
    ciphers=_MEDIUM_3_5,
    groups=("X25519", "X448", "P-256", "P-384", "P-521", "ffdhe2048", "ffdhe3072"),
    signature_algorithms=_SIGNED_3_5_LEVEL_0,
    always_signals=False,
)
_NAMED_3_5 = replace(_HELLO_3_5, ciphers=_without(_MEDIUM_3_5, *_ANONYMOUS))
POSTFIX_DEBIAN_13: RulesByChecking = {
    Checking.NONE: Rules(_HELLO_3_5, Limits()),
    Checking.UNUSABLE_DANE: Rules(_NAMED_3_5, Limits()),
    Checking.CERTIFICATE: Rules(
        replace(
            _NAMED_3_5,
            ciphers=_without(_NAMED_3_5.ciphers, _SHORT_TAG),
            signature_algorithms=_SIGNED_3_5,
            oldest=TlsVersion.TLS_1_2,
        ),
        _LEVEL_1_SINCE_3_0,
    ),
}

# No certificate is looked at, whatever the level.
_LEVEL_2 = Limits(legacy_signatures=False, dh_bits=2048)

_DEFAULT_HELLO_1_1_1 = Hello(
    ciphers=_DEFAULT,
    ciphersuites=_CIPHERSUITES,
    groups=("X25519", "P-256", "X448", "P-521", "P-384"),
    key_shares=("X25519",),
    signature_algorithms=_SIGNED,
    always_signals=True,
)
_QMAIL_1_1_1 = Rules(_DEFAULT_HELLO_1_1_1, Limits(dh_bits=2048, unsafe_renegotiation=True))
_QMAIL_3_0 = Rules(
    replace(_DEFAULT_HELLO_1_1_1, groups=(*_DEFAULT_HELLO_1_1_1.groups, *_FINITE_FIELDS)),
    _LEVEL_2,
)
_QMAIL_3_5 = Rules(
    replace(
        _DEFAULT_HELLO_1_1_1,
        groups=(
            *("X25519MLKEM768", "X25519", "P-256", "X448", "P-384", "P-521"),
            *("ffdhe2048", "ffdhe3072"),
        ),
        key_shares=("X25519MLKEM768", "X25519"),
        signature_algorithms=_SIGNED_3_5,
        oldest=TlsVersion.TLS_1_2,
        always_signals=False,
    ),
    _LEVEL_2,
)

QMAIL_DEBIAN_10: RulesByChecking = {Checking.NONE: _QMAIL_1_1_1}
QMAIL_DEBIAN_12: RulesByChecking = {Checking.NONE: _QMAIL_3_0}
QMAIL_DEBIAN_13: RulesByChecking = {Checking.NONE: _QMAIL_3_5}
