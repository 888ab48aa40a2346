"""What DANE makes of a certificate (RFC 6698, 7671 and 7672)."""

from tests.lab.expectations import (
    DANE_REQUIRED,
    DELIVERS,
    certificate_fault,
    dane_alone,
    dane_delivers,
    dane_fails,
    dane_host,
    signed_with_sha1,
)
from tests.lab.model import (
    Certificate,
    Chain,
    Delegation,
    Host,
    Issuer,
    Key,
    LabDomain,
    Of,
    Purpose,
    Tlsa,
)

_LEAF_ALONE = Certificate(issuer=Issuer.PRIVATE, chain=Chain.LEAF_ONLY)

ROWS = [
    LabDomain(
        "dane-authority-is-leaf.test",
        "DANE names the server's own certificate as if it were an authority's (2 1 1)",
        dane_fails("tlsa-invalid"),
        (dane_host(Tlsa(2, 1, 1, Of.LEAF)),),
    ),
    LabDomain(
        "dane-authority-is-leaf-self-signed.test",
        "the certificate has signed itself, and DANE names it as an authority's (2 0 1)",
        {
            **certificate_fault("certificate-self-signed"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "tlsa-invalid")),
        },
        (dane_host(Tlsa(2, 0, 1, Of.LEAF), certificate=Certificate(issuer=Issuer.ITSELF)),),
    ),
    LabDomain(
        "dane-stronger-digest-wrong.test",
        "the SHA-256 digest of DANE fits, the SHA-512 digest does not, and the stronger one counts",
        dane_fails("tlsa-invalid"),
        (dane_host(Tlsa(), Tlsa(3, 1, 2, Of.ANOTHER)),),
    ),
    LabDomain(
        "dane-weaker-digest-wrong.test",
        "the SHA-512 digest of DANE fits, the SHA-256 digest does not, and the stronger one counts",
        dane_delivers(),
        (dane_host(Tlsa(of=Of.ANOTHER), Tlsa(3, 1, 2)),),
    ),
    LabDomain(
        "dane-other-selector-wrong.test",
        "the digest of the key fits, a stronger one of the certificate does not",
        dane_delivers(),
        (dane_host(Tlsa(), Tlsa(3, 0, 2, Of.ANOTHER)),),
    ),
    LabDomain(
        "dane-stronger-digest-cut.test",
        "the SHA-256 digest of DANE fits, a SHA-512 digest is cut short",
        dane_delivers(),
        (dane_host(Tlsa(), Tlsa(3, 1, 2, length=20)),),
    ),
    LabDomain(
        "dane-undigested-and-digest.test",
        "DANE holds the whole of another key, and the digest of the right one",
        dane_delivers(),
        (dane_host(Tlsa(3, 1, 0, Of.ANOTHER), Tlsa()),),
    ),
    LabDomain(
        "dane-issuer-key-not-sent.test",
        "DANE holds the private authority's whole key (2 1 0), its certificate is not sent",
        dane_alone("certificate-not-trusted"),
        (dane_host(Tlsa(2, 1, 0, Of.ISSUER), certificate=_LEAF_ALONE),),
    ),
    LabDomain(
        "dane-issuer-whole-not-sent.test",
        "DANE holds the private authority's whole certificate (2 0 0), which is not sent",
        dane_alone("certificate-not-trusted"),
        (dane_host(Tlsa(2, 0, 0, Of.ISSUER), certificate=_LEAF_ALONE),),
    ),
    LabDomain(
        "dane-issuer-key-digest-not-sent.test",
        "DANE names the private authority's key (2 1 1), its certificate is not sent",
        {
            **certificate_fault("certificate-not-trusted"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "tlsa-invalid")),
        },
        (dane_host(Tlsa(2, 1, 1, Of.ISSUER), certificate=_LEAF_ALONE),),
    ),
    LabDomain(
        "dane-public-issuer-not-sent.test",
        "DANE names an authority (2 1 1) that senders would trust, but it is not sent",
        {
            **certificate_fault("certificate-chain-incomplete"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "tlsa-invalid")),
        },
        (dane_host(Tlsa(2, 1, 1, Of.ISSUER), certificate=Certificate(chain=Chain.LEAF_ONLY)),),
    ),
    LabDomain(
        "dane-or-issuer.test",
        "two DANE records, of the right key (3 1 1) and of another authority (2 1 1)",
        dane_delivers(),
        (dane_host(Tlsa(), Tlsa(2, 1, 1, Of.ANOTHER)),),
    ),
    LabDomain(
        "dane-rsa-pss.test",
        "DANE names a key that is for signatures with RSA-PSS alone (3 1 1)",
        dane_delivers(),
        (dane_host(Tlsa(), certificate=Certificate(key=Key.RSA_PSS)),),
    ),
    LabDomain(
        "dane-compressed.test",
        "DANE names a key whose point is written in the compressed form (3 1 1)",
        {**dane_delivers(), "exim": ("fails", "certificate-invalid")},
        (dane_host(Tlsa(), certificate=Certificate(key=Key.EC_COMPRESSED)),),
    ),
    LabDomain(
        "dane-weak-issuer.test",
        "DANE names the key of a certificate whose issuer uses SHA-1 (3 1 1)",
        {**signed_with_sha1(), **dict.fromkeys(("dane", "dane-only"), DELIVERS)},
        (dane_host(Tlsa(), certificate=Certificate(issuer=Issuer.HASHED_WEAKLY)),),
    ),
    LabDomain(
        "dane-purpose.test",
        "DANE names the key of a certificate that is made for clients (3 1 1)",
        {
            **dane_alone("certificate-invalid"),
            "mediafinanz": ("unknown", "certificate-invalid"),
            "exim": ("delivers-with-warnings", "certificate-invalid"),
        },
        (dane_host(Tlsa(), certificate=Certificate(purposes=(Purpose.CLIENTS,))),),
    ),
    LabDomain(
        "dane-issuer-purpose.test",
        "DANE names the authority (2 1 1) of a certificate that is made for clients",
        {
            **certificate_fault("certificate-invalid"),
            "mediafinanz": ("unknown", "certificate-invalid"),
            "exim": ("delivers-with-warnings", "certificate-invalid"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "certificate-invalid")),
        },
        (
            dane_host(
                Tlsa(2, 1, 1, Of.ISSUER), certificate=Certificate(purposes=(Purpose.CLIENTS,))
            ),
        ),
    ),
    LabDomain(
        "dane-issuer-sha1.test",
        "DANE names the authority (2 1 1) of a certificate that is signed with SHA-1",
        {
            **signed_with_sha1(),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "certificate-invalid")),
        },
        (dane_host(Tlsa(2, 1, 1, Of.ISSUER), certificate=Certificate(issuer=Issuer.WEAK_HASH)),),
    ),
    LabDomain(
        "dane-issuer-rsa-512.test",
        "DANE names an authority (2 1 1) whose key is an RSA key of 512 bits",
        {
            **certificate_fault("tls-weak-key"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "tls-weak-key")),
        },
        (dane_host(Tlsa(2, 1, 1, Of.ISSUER), certificate=Certificate(issuer=Issuer.RSA_512)),),
    ),
    LabDomain(
        "dane-issuer-itself-expired.test",
        "DANE names an authority (2 1 1) whose own certificate has expired, which OpenSSL allows",
        {
            **certificate_fault("certificate-expired"),
            **dict.fromkeys(("dane", "dane-only"), DELIVERS),
        },
        (dane_host(Tlsa(2, 1, 1, Of.ISSUER), certificate=Certificate(issuer=Issuer.EXPIRED)),),
    ),
    LabDomain(
        "dane-alias-unsigned-target.test",
        "the MX record names an alias, with a DANE record, of a name in a zone without DNSSEC",
        {
            **certificate_fault("certificate-host-mismatch"),
            **dict.fromkeys(("dane", "dane-only"), DELIVERS),
        },
        (),
        (
            "dane-alias-unsigned-target MX 10 mx.dane-alias-unsigned-target",
            "mx.dane-alias-unsigned-target CNAME target.dane-unsigned-target",
        ),
    ),
    LabDomain(
        "dane-unsigned-target.test",
        "a domain without DNSSEC to whose mail server an alias with a DANE record leads",
        {**dane_delivers(), "dane-only": ("fails", "dane-required")},
        (
            Host(),
            dane_host(
                Tlsa(at="mx.dane-alias-unsigned-target.test."), label="target", preference=None
            ),
        ),
        delegation=Delegation.UNSIGNED,
    ),
    LabDomain(
        "dane-unsigned-mx-wrong.test",
        "a domain without DNSSEC whose mail server, in a signed zone, has DANE for another key",
        {**dane_fails("tlsa-invalid"), "dane-only": DANE_REQUIRED},
        (),
        ("dane-unsigned-mx-wrong.test. MX 10 mx.dane-mismatch.test.",),
        delegation=Delegation.UNSIGNED,
    ),
]
