"""What the TLS library behind a sender decides: the hello, the key exchange, the keys."""

from tests.lab.expectations import (
    DELIVERS,
    HEALTHY,
    certificate_fault,
    each,
    fails,
    postfix,
    scripted,
)
from tests.lab.model import Certificate, Issuer, Key, LabDomain

_TLS_1_2 = ">=TLSv1.2, <=TLSv1.2"

_LONG_HELLOS = [
    LabDomain(
        f"hello-{limit}-{how}.test",
        f"{what} when the sender's first message in TLS has more than {limit} bytes",
        HEALTHY,
        scripted(f"hello_{limit}_{how}"),
    )
    for limit in (768, 1024, 1448)
    for how, what in (
        ("closes", "closes the connection"),
        ("resets", "resets the connection"),
        ("silent", "falls silent"),
    )
]

ROWS = [
    *_LONG_HELLOS,
    LabDomain(
        "hello-512-closes.test",
        "closes the connection when the sender's first message in TLS has more than 512 bytes",
        {
            **each(
                "tls-handshake-failed",
                mediafinanz="delivers",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        scripted("hello_512_closes"),
    ),
    LabDomain(
        "warning-first.test",
        "warns, before it answers the sender's first message in TLS, that it knows no such name",
        {**HEALTHY, "exim": ("fails", "tls-handshake-failed")},
        scripted("warning_first"),
    ),
    LabDomain(
        "empty-record-first.test",
        "sends an empty record before it answers the sender's first message in TLS",
        {**HEALTHY, "exim": ("fails", "tls-handshake-failed")},
        scripted("empty_record_first"),
    ),
    LabDomain(
        "ml-kem-only.test",
        "takes the key exchange X25519MLKEM768 and no other",
        fails("tls-handshake-failed"),
        scripted("ml_kem"),
    ),
    LabDomain(
        "ffdhe2048-only.test",
        "TLS 1.3 with the key exchange ffdhe2048 and no other",
        {
            **each(
                "tls-handshake-failed", mediafinanz="fails", profihost="unknown", careful="delivers"
            ),
            "mediafinanz": ("fails", "tls-version"),
        },
        scripted("ffdhe2048"),
    ),
    LabDomain(
        "ffdhe4096-only.test",
        "TLS 1.3 with the key exchange ffdhe4096 and no other",
        {
            **each(
                "tls-handshake-failed", mediafinanz="fails", profihost="unknown", careful="fails"
            ),
            "mediafinanz": ("fails", "tls-version"),
            "exim": DELIVERS,
        },
        scripted("ffdhe4096"),
    ),
    LabDomain(
        "tls-1-3-ccm-only.test",
        "TLS 1.3 with TLS_AES_128_CCM_SHA256 and no other cipher",
        {
            **each("tls-cipher", mediafinanz="fails", profihost="unknown", careful="fails"),
            "mediafinanz": ("fails", "tls-version"),
            "exim": DELIVERS,
        },
        scripted("ccm"),
    ),
    LabDomain(
        "tls-1-2-ccm8-only.test",
        "TLS 1.2 with a CCM cipher whose tag has eight bytes",
        each("tls-cipher", mediafinanz="unknown", profihost="unknown", careful="fails"),
        postfix(
            Certificate(key=Key.RSA),
            smtpd_tls_protocols=_TLS_1_2,
            tls_medium_cipherlist="AES128-CCM8:AES256-CCM8:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "dhe-2048-only.test",
        "TLS 1.2 with a Diffie-Hellman group of 2048 bits and no other key exchange",
        HEALTHY,
        postfix(
            Certificate(key=Key.RSA),
            smtpd_tls_protocols=_TLS_1_2,
            tls_medium_cipherlist="kDHE:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "chacha20-only.test",
        "TLS 1.2 with ChaCha20-Poly1305 and no other cipher",
        HEALTHY,
        postfix(smtpd_tls_protocols=_TLS_1_2, tls_medium_cipherlist="CHACHA20:@SECLEVEL=0"),
    ),
    LabDomain(
        "sha1-key-exchange.test",
        "TLS 1.2, and the key exchange is signed with SHA-1",
        {
            **each(
                "tls-handshake-failed", mediafinanz="unknown", profihost="unknown", careful="fails"
            ),
            "exim": DELIVERS,
        },
        scripted("sha1_key_exchange", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "no-secure-renegotiation.test",
        "TLS 1.2 as it was before RFC 5746: no secure renegotiation",
        {
            **each(
                "tls-handshake-failed", mediafinanz="unknown", profihost="delivers", careful="fails"
            ),
            "exim": DELIVERS,
        },
        scripted("no_secure_renegotiation", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "rsa-512.test",
        "an RSA key of 512 bits",
        certificate_fault("tls-weak-key"),
        postfix(
            Certificate(key=Key.RSA_512),
            smtpd_tls_protocols=_TLS_1_2,
            tls_medium_cipherlist="ALL:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "rsa-1024-issuer.test",
        "the issuer's key is an RSA key of 1024 bits",
        HEALTHY,
        postfix(Certificate(issuer=Issuer.RSA_1024)),
    ),
    LabDomain(
        "rsa-512-issuer.test",
        "the issuer's key is an RSA key of 512 bits",
        certificate_fault("tls-weak-key"),
        postfix(Certificate(issuer=Issuer.RSA_512)),
    ),
    LabDomain(
        "rsa-pss-key.test",
        "an RSA key that is for signatures with PSS alone",
        HEALTHY,
        postfix(Certificate(key=Key.RSA_PSS)),
    ),
    LabDomain(
        "p-521.test",
        "a key on the curve P-521",
        HEALTHY,
        postfix(Certificate(key=Key.P_521)),
    ),
    LabDomain(
        "ml-dsa.test",
        "a key of ML-DSA-65",
        {
            **each(
                "tls-handshake-failed", mediafinanz="fails", profihost="unknown", careful="delivers"
            ),
            "mediafinanz": ("fails", "tls-version"),
            "exim": ("fails", "tls-handshake-failed"),
        },
        scripted("modern", Certificate(key=Key.ML_DSA)),
    ),
    LabDomain(
        "ml-dsa-issuer.test",
        "the issuer signs with ML-DSA-65",
        {
            **HEALTHY,
            "profihost": ("delivers-with-warnings", "certificate-invalid"),
            "exim": ("fails", "certificate-invalid"),
        },
        scripted("modern", Certificate(issuer=Issuer.ML_DSA)),
    ),
    LabDomain(
        "brainpool.test",
        "TLS 1.3 with a key on the curve brainpoolP256r1",
        {
            **each(
                "tls-handshake-failed", mediafinanz="fails", profihost="unknown", careful="delivers"
            ),
            "mediafinanz": ("fails", "tls-version"),
            "exim": ("fails", "tls-handshake-failed"),
        },
        scripted("tls_1_3", Certificate(key=Key.BRAINPOOL)),
    ),
]
