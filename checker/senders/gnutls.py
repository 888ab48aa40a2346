"""What GnuTLS offers to Exim, in Debian's packages: the priority string NORMAL at every level.

Source: ClientHellos of Debian's exim4-daemon-light 4.96-15+deb12u10 with libgnutls30
3.7.9-2+deb12u7, and 4.98.2-1+deb13u5 with libgnutls30t64 3.8.9-3+deb13u4. They differ in the order
of the extensions alone, which the latter shuffles anew for each hello.
"""

from dataclasses import replace

from checker.senders.hello import Checking, Hello, Limits, Rules, RulesByChecking, names

_CIPHERS = names(
    """
    ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES256-CCM
    ECDHE-ECDSA-AES256-SHA ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-CCM
    ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES256-GCM-SHA384 ECDHE-RSA-CHACHA20-POLY1305
    ECDHE-RSA-AES256-SHA ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-SHA AES256-GCM-SHA384
    AES256-CCM AES256-SHA AES128-GCM-SHA256 AES128-CCM AES128-SHA DHE-RSA-AES256-GCM-SHA384
    DHE-RSA-CHACHA20-POLY1305 DHE-RSA-AES256-CCM DHE-RSA-AES256-SHA DHE-RSA-AES128-GCM-SHA256
    DHE-RSA-AES128-CCM DHE-RSA-AES128-SHA
    """
)

_HELLO = Hello(
    ciphers=_CIPHERS,
    ciphersuites=(
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_128_CCM_SHA256",
    ),
    groups=(
        *("P-256", "P-384", "P-521", "X25519", "X448"),
        *("ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"),
    ),
    key_shares=("P-256", "X25519"),
    signature_algorithms=(
        *("RSA+SHA256", "rsa_pss_pss_sha256", "rsa_pss_rsae_sha256"),
        *("ecdsa_secp256r1_sha256", "ed25519"),
        *("RSA+SHA384", "rsa_pss_pss_sha384", "rsa_pss_rsae_sha384"),
        *("ecdsa_secp384r1_sha384", "ed448"),
        *("RSA+SHA512", "rsa_pss_pss_sha512", "rsa_pss_rsae_sha512"),
        *("ecdsa_secp521r1_sha512", "RSA+SHA1", "ECDSA+SHA1"),
    ),
    finite_fields_below_1_3=True,
    compressed_points=False,
    status_request=True,
    resumes_without_key_exchange=True,
)

_DH_BITS = 1024
"""Exim's tls_dh_min_bits."""

_BELOW = Limits(dh_bits=_DH_BITS, unsafe_renegotiation=True)

EXIM: RulesByChecking = {
    Checking.NONE: Rules(_HELLO, _BELOW),
    Checking.UNUSABLE_DANE: Rules(_HELLO, _BELOW),
    Checking.CERTIFICATE: Rules(_HELLO, replace(_BELOW, intermediates=15)),
}
