"""Certificates that one sender's library takes and another one's does not."""

from dataclasses import replace
from datetime import timedelta

from cryptography.x509 import (
    DNSName,
    GeneralName,
    IPAddress,
    ObjectIdentifier,
    OtherName,
    RFC822Name,
    UniformResourceIdentifier,
)

from tests.lab.expectations import (
    DELIVERS,
    HEALTHY,
    certificate_fault,
    each,
    postfix,
    signed_with_sha1,
    warns,
)
from tests.lab.model import (
    FIRST_MAIL_SERVER,
    Certificate,
    Chain,
    Expectation,
    Host,
    Issuer,
    Key,
    LabDomain,
    Oddity,
    Postfix,
    Purpose,
)

_SERVICE_NAME = ObjectIdentifier("1.3.6.1.5.5.7.8.7")
"""id-on-dnsSRV (RFC 4985)."""


def _beside(domain: str, what: str, *names: GeneralName) -> LabDomain:
    return LabDomain(
        domain,
        f"among the certificate's names stands {what}, beside the right one",
        HEALTHY,
        postfix(Certificate(other_names=names)),
    )


_MINDED_BY_EXIM = {**warns("certificate-invalid"), "exim": ("fails", "certificate-invalid")}
"""Against the standard, and GnuTLS alone minds it."""

_NAMES = [
    _beside("name-star.test", "the name *", DNSName("*")),
    _beside("name-star-top.test", "the name *.test", DNSName("*.test")),
    _beside("name-two-stars.test", "the name *.*.test", DNSName("*.*.test")),
    _beside("name-part-star.test", "the name m*.test", DNSName("m*.name-part-star.test")),
    _beside("name-address-as-name.test", "an IP address as a name", DNSName("192.0.2.1")),
    replace(
        _beside("name-empty.test", "an empty name", DNSName("")),
        expected=_MINDED_BY_EXIM,
    ),
    _beside("name-odd-uri.test", "an odd URI", UniformResourceIdentifier("https://[::::")),
    _beside(
        "name-service.test", "the name of a service", OtherName(_SERVICE_NAME, b"\x16\x07_x.test")
    ),
    _beside(
        "name-service-empty.test", "an empty service name", OtherName(_SERVICE_NAME, b"\x16\x00")
    ),
    LabDomain(
        "common-name-and-address.test",
        "the name stands in the subject alone, and an IP address where it belongs",
        {**HEALTHY, "exim": ("fails", "certificate-host-mismatch")},
        postfix(Certificate(common_name_only=True, other_names=(IPAddress(FIRST_MAIL_SERVER),))),
    ),
    LabDomain(
        "common-name-and-uri.test",
        "the name stands in the subject alone, and a URI where it belongs",
        {**HEALTHY, "exim": ("fails", "certificate-host-mismatch")},
        postfix(
            Certificate(
                common_name_only=True,
                other_names=(UniformResourceIdentifier("https://mail.test/"),),
            )
        ),
    ),
]


def _minded_by_openssl(problem: str) -> dict[str, Expectation]:
    return {
        **certificate_fault(problem),
        "mediafinanz": ("unknown", problem),
        "exim": DELIVERS,
    }


_MINDED_BY_OPENSSL = _minded_by_openssl("certificate-host-mismatch")

_NAMES += [
    LabDomain(
        "common-name-and-address-of-mail.test",
        "the name stands in the subject alone, and an e-mail address where it belongs",
        HEALTHY,
        postfix(Certificate(common_name_only=True, other_names=(RFC822Name("a@name.test"),))),
    ),
    LabDomain(
        "name-before-blank.test",
        "a blank stands behind the certificate's name",
        certificate_fault("certificate-host-mismatch"),
        postfix(Certificate(names=("mx.name-before-blank.test ",))),
    ),
    LabDomain(
        "wildcard-international.test",
        "the certificate bears a wildcard, and the mail server's name has an umlaut",
        HEALTHY,
        (Host("xn--mx-fka", 10, Postfix(Certificate(("*.wildcard-international.test",)))),),
    ),
    LabDomain(
        "wildcard-underscore.test",
        "the certificate bears a wildcard, and the mail server's name has an underscore",
        _MINDED_BY_OPENSSL,
        (Host("mx_1", 10, Postfix(Certificate(("*.wildcard-underscore.test",)))),),
    ),
    LabDomain(
        "wildcard-part.test",
        "the certificate bears *x, where the mail server is called mx",
        _MINDED_BY_OPENSSL,
        postfix(Certificate(names=("*x.wildcard-part.test",))),
    ),
]

_USAGES = [
    LabDomain(
        "key-usage.test",
        "the key may not be used for signatures, which all of today's TLS needs",
        {
            **_MINDED_BY_EXIM,
            "mediafinanz": ("fails", "tls-version"),
        },
        postfix(Certificate(may_sign=False)),
    ),
    LabDomain(
        "key-usage-rsa.test",
        "the same with an RSA key",
        _MINDED_BY_EXIM,
        postfix(Certificate(key=Key.RSA, may_sign=False)),
    ),
    LabDomain(
        "key-usage-rsa-exchange.test",
        "the key may not be used for signatures, and the only key exchange encrypts to it",
        HEALTHY,
        postfix(
            Certificate(key=Key.RSA, may_sign=False),
            smtpd_tls_protocols=">=TLSv1.2, <=TLSv1.2",
            tls_medium_cipherlist="AES128-GCM-SHA256:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "purpose-any.test",
        "the certificate is for any purpose, which is not to say for servers",
        {
            **each(
                "certificate-invalid",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        postfix(Certificate(purposes=(Purpose.ANY,))),
    ),
    LabDomain(
        "purpose-email.test",
        "the certificate is made for mails and not for servers",
        {
            **each(
                "certificate-invalid",
                mediafinanz="unknown",
                profihost="delivers-with-warnings",
                careful="fails",
            ),
            "exim": ("delivers-with-warnings", "certificate-invalid"),
        },
        postfix(Certificate(purposes=(Purpose.EMAIL,))),
    ),
    LabDomain(
        "purpose-none.test",
        "the certificate does not say what it is for",
        HEALTHY,
        postfix(Certificate(purposes=())),
    ),
    LabDomain(
        "purpose-of-issuer.test",
        "the issuer may sign for clients alone",
        {
            **each(
                "certificate-invalid",
                mediafinanz="unknown",
                profihost="delivers-with-warnings",
                careful="fails",
            ),
            "exim": ("delivers-with-warnings", "certificate-invalid"),
        },
        postfix(Certificate(issuer=Issuer.FOR_CLIENTS)),
    ),
    LabDomain(
        "constrained.test",
        "the issuer may sign for names below test alone",
        HEALTHY,
        postfix(Certificate(issuer=Issuer.FOR_TEST)),
    ),
    LabDomain(
        "constrained-by-country.test",
        "the issuer may not sign for whom a directory names as German; the certificate names none",
        {**HEALTHY, "exim": ("fails", "certificate-invalid")},
        postfix(Certificate(issuer=Issuer.NOT_FOR_GERMANY)),
    ),
    LabDomain(
        "constrained-elsewhere.test",
        "the issuer may sign for names below example alone",
        certificate_fault("certificate-invalid"),
        postfix(Certificate(issuer=Issuer.FOR_EXAMPLE)),
    ),
]

_PATHS = [
    LabDomain(
        "path-of-ten.test",
        "ten authorities stand above the certificate",
        HEALTHY,
        postfix(Certificate(issuer=Issuer.TENTH)),
    ),
    LabDomain(
        "path-of-eleven.test",
        "eleven authorities stand above the certificate",
        HEALTHY,
        postfix(Certificate(issuer=Issuer.ELEVENTH)),
    ),
    LabDomain(
        "path-of-twelve.test",
        "twelve authorities stand above the certificate",
        {
            **each(
                "certificate-invalid",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        postfix(Certificate(issuer=Issuer.TWELFTH)),
    ),
    LabDomain(
        "sha1-issuer.test",
        "the issuer's certificate is signed with SHA-1",
        signed_with_sha1(),
        postfix(Certificate(issuer=Issuer.HASHED_WEAKLY)),
    ),
    LabDomain(
        "sha1-off-path.test",
        "a certificate signed with SHA-1 is sent besides, which the path does not need",
        HEALTHY,
        postfix(Certificate(also_sent=(Issuer.HASHED_WEAKLY,))),
    ),
    LabDomain(
        "expired-off-path.test",
        "an expired certificate is sent besides, which the path does not need",
        HEALTHY,
        postfix(Certificate(also_sent=(Issuer.EXPIRED,))),
    ),
    LabDomain(
        "weak-off-path.test",
        "a certificate with an RSA key of 512 bits is sent besides, which the path does not need",
        HEALTHY,
        postfix(Certificate(also_sent=(Issuer.RSA_512,))),
    ),
    LabDomain(
        "cross-signed.test",
        "the root is sent as well, signed by an older one that has expired",
        HEALTHY,
        postfix(Certificate(also_sent=(Issuer.CROSS_SIGNED,))),
    ),
    LabDomain(
        "copy-of-issuer-first.test",
        "a copy of the intermediate that has signed itself is sent before the real one",
        _minded_by_openssl("certificate-not-trusted"),
        postfix(Certificate(chain=Chain.COPY_FIRST)),
    ),
    LabDomain(
        "other-certificate-of-issuer.test",
        "the certificate names its issuer's by a serial number that this does not have",
        _minded_by_openssl("certificate-chain-incomplete"),
        postfix(Certificate(oddity=Oddity.OTHER_CERTIFICATE_OF_ISSUER)),
    ),
    LabDomain(
        "intermediate-expires-soon.test",
        "the intermediate certificate expires in three days",
        warns("certificate-expires-soon"),
        postfix(Certificate(issuer=Issuer.ENDS_SOON)),
    ),
    LabDomain(
        "six-days.test",
        "the certificate lives six days in all, and has five left",
        HEALTHY,
        postfix(Certificate(ends=timedelta(days=5))),
    ),
    LabDomain(
        "six-days-last.test",
        "the certificate lives six days in all, and has one left",
        warns("certificate-expires-soon"),
        postfix(Certificate(begins=timedelta(days=-5), ends=timedelta(days=1))),
    ),
]

_ODD = [
    LabDomain(
        "odd-path-length.test",
        "the certificate is no authority's, and limits the path below it all the same",
        HEALTHY,
        postfix(Certificate(oddity=Oddity.LEAF_WITH_PATH_LENGTH)),
    ),
    LabDomain(
        "odd-t61-name.test",
        "a name in the certificate is a T61String",
        HEALTHY,
        postfix(Certificate(oddity=Oddity.T61_NAME)),
    ),
    LabDomain(
        "odd-bit-string-name.test",
        "a name in the certificate is a BIT STRING",
        HEALTHY,
        postfix(Certificate(oddity=Oddity.BIT_STRING_NAME)),
    ),
    LabDomain(
        "odd-doubled-extension.test",
        "the certificate has an extension twice",
        _MINDED_BY_EXIM,
        postfix(Certificate(oddity=Oddity.DOUBLED_EXTENSION)),
    ),
    LabDomain(
        "odd-doubled-key-identifier.test",
        "the certificate says twice which key it is of",
        {**certificate_fault("certificate-invalid"), "mediafinanz": ("fails", "tls-version")},
        postfix(Certificate(oddity=Oddity.DOUBLED_KEY_IDENTIFIER)),
    ),
    LabDomain(
        "odd-alternative-names.test",
        "the alternative names are cut off",
        {**certificate_fault("certificate-invalid"), "mediafinanz": ("fails", "tls-version")},
        postfix(Certificate(oddity=Oddity.GARBLED_NAMES)),
    ),
    LabDomain(
        "odd-t61-issuer.test",
        "a name of the issuer is a T61String",
        HEALTHY,
        postfix(Certificate(issuer=Issuer.T61_NAME)),
    ),
    LabDomain(
        "odd-bit-string-issuer.test",
        "a name of the issuer is a BIT STRING",
        HEALTHY,
        postfix(Certificate(issuer=Issuer.BIT_STRING_NAME)),
    ),
    LabDomain(
        "odd-doubled-issuer.test",
        "the issuer's certificate has an extension twice",
        {**HEALTHY, "exim": ("fails", "certificate-invalid")},
        postfix(Certificate(issuer=Issuer.DOUBLED_EXTENSION)),
    ),
]

ROWS = [*_NAMES, *_USAGES, *_PATHS, *_ODD]
