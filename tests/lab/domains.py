"""The lab's domains: the table that everything else in the lab is made from.

What is expected is the oracle: it follows from how real mail servers behave and from what the
operators say of theirs, not from the checker.
"""

from dataclasses import replace
from datetime import timedelta

from tests.lab.expectations import (
    DANE_REQUIRED,
    DELIVERS,
    EXPIRED,
    HAS_IPV6,
    HEALTHY,
    NO_STARTTLS,
    PRIVATE,
    TLS_1_3_NEEDED,
    WRONG_NAME,
    certificate_fault,
    dane_alone,
    dane_delivers,
    dane_fails,
    dane_host,
    fails,
    mail_server,
    policy,
    policy_text,
    postfix,
    scripted,
    signed_with_sha1,
    sts,
    sts_delivers,
    sts_fails,
    sts_warns,
    unknown,
    versions,
    warns,
)
from tests.lab.model import (
    Certificate,
    Chain,
    Delegation,
    Host,
    Issuer,
    Key,
    LabDomain,
    MtaSts,
    Of,
    Postfix,
    Purpose,
    Scripted,
    Tlsa,
)
from tests.lab.rows import certificates, conversations, dane, mta_sts, routes, tls

_HEALTHY_SERVERS = [
    LabDomain("healthy.test", "Postfix, TLS 1.2 and 1.3, a faultless certificate", HEALTHY),
    LabDomain(
        "tls-1-2-only.test", "TLS 1.2 and nothing else", HEALTHY, versions(">=TLSv1.2, <=TLSv1.2")
    ),
    LabDomain(
        "tls-1-3-only.test",
        "TLS 1.3 and nothing else",
        TLS_1_3_NEEDED,
        versions(">=TLSv1.3"),
    ),
    LabDomain(
        "wildcard.test",
        "the certificate bears a wildcard that fits",
        HEALTHY,
        postfix(Certificate(names=("*.wildcard.test",))),
    ),
    LabDomain(
        "common-name-only.test",
        "the certificate bears its name in the subject alone",
        HEALTHY,
        postfix(Certificate(common_name_only=True)),
    ),
    LabDomain(
        "old-cipher.test",
        "TLS 1.2 with AES128-SHA and RSA key exchange only",
        HEALTHY,
        postfix(
            Certificate(key=Key.RSA),
            smtpd_tls_protocols=">=TLSv1.2, <=TLSv1.2",
            tls_medium_cipherlist="AES128-SHA:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "xn--mller-kva.test",
        "a domain with an umlaut",
        HEALTHY,
        address="anna@müller.test",
    ),
    LabDomain(
        "unsigned.test",
        "a healthy domain in a zone without DNSSEC",
        HEALTHY,
        delegation=Delegation.UNSIGNED,
    ),
    LabDomain(
        "implicit-mx.test",
        "no MX record: the domain's own address takes the mail",
        HEALTHY,
        (Host("", None),),
    ),
    LabDomain(
        "equal-preference.test",
        "two healthy mail servers of the same preference",
        HEALTHY,
        (Host("mx1"), Host("mx2")),
    ),
    LabDomain(
        "cname-mx.test",
        "the MX record names an alias, and the certificate bears the alias",
        HEALTHY,
        (Host("target", None, Postfix(Certificate(names=("mx.cname-mx.test",)))),),
        ("cname-mx MX 10 mx.cname-mx", "mx.cname-mx CNAME target.cname-mx"),
    ),
    LabDomain(
        "alias.test",
        "the domain itself is an alias",
        HEALTHY,
        (),
        ("alias CNAME healthy",),
    ),
    LabDomain(
        "upper-case.test",
        "the certificate bears its name in capital letters",
        HEALTHY,
        postfix(Certificate(names=("MX.UPPER-CASE.TEST",))),
    ),
    LabDomain(
        "ipv6-only.test",
        "the mail server has an address of IPv6 alone",
        {**HEALTHY, "profihost": ("unknown", "no-mail-server")}
        if HAS_IPV6
        else unknown("checker-unreachable"),
        (
            Host(
                server=Postfix(Certificate(names=("mx.ipv6-only.test", "mx.ipv4-dead.test"))),
                ipv6=True,
            ),
        ),
    ),
    LabDomain(
        "ipv4-dead.test",
        "nothing listens at the mail server's address of IPv4, the one of IPv6 is healthy",
        {**warns("connection-failed"), "profihost": ("unknown", "connection-failed")}
        if HAS_IPV6
        else unknown("connection-failed"),
        mail_server(None),
        ("mx.ipv4-dead AAAA ::1",),
    ),
    LabDomain(
        "ipv6-link-local.test",
        "the mail server's address of IPv6 is of use in its own network only, that of IPv4 is fine",
        warns("mail-server-address-invalid"),
        records=("mx.ipv6-link-local AAAA fe80::1",),
    ),
    LabDomain(
        "ed25519.test",
        "a key of Ed25519",
        HEALTHY,
        postfix(Certificate(key=Key.ED25519)),
    ),
    LabDomain(
        "root-first.test",
        "the chain of certificates is sent in a wrong order",
        HEALTHY,
        postfix(Certificate(chain=Chain.ROOT_FIRST)),
    ),
    LabDomain(
        "greeting-250.test",
        "greets with 250 instead of 220, which senders do not mind",
        HEALTHY,
        scripted("greeting_250"),
    ),
    LabDomain(
        "recipient-refused.test",
        "healthy, but the recipient is refused, which shows only when a mail is sent",
        HEALTHY,
        scripted("recipient_550"),
    ),
    LabDomain(
        "greylisted.test",
        "healthy, but a first mail is put off, which shows only when it is sent",
        HEALTHY,
        scripted("recipient_450"),
    ),
    LabDomain(
        "greeting-slow.test",
        "the greeting has several lines, and they come late",
        HEALTHY,
        scripted("slow_greeting"),
    ),
    LabDomain(
        "hostile-text.test",
        "every reply holds HTML, ANSI escapes and bidirectional controls",
        HEALTHY,
        scripted("hostile_text"),
    ),
    LabDomain(
        "held-replies.test",
        "healthy, but every reply is held for a while",
        HEALTHY,
        (
            Host(server=Scripted("held_replies")),
            Host(
                "behind",
                None,
                Scripted("healthy", Certificate(names=("mx.held-replies.test",))),
            ),
        ),
    ),
]

_ENCRYPTION = [
    LabDomain(
        "tls-1-1-only.test",
        "TLS 1.1 and nothing else",
        fails("tls-version"),
        versions(">=TLSv1.1, <=TLSv1.1"),
    ),
    LabDomain(
        "tls-1-0-only.test",
        "TLS 1.0 and nothing else",
        fails("tls-version"),
        versions("<=TLSv1"),
    ),
    LabDomain(
        "ssl-3-only.test",
        "SSL 3.0 and nothing else",
        fails("tls-version"),
        scripted("ssl_3", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "triple-des-only.test",
        "the only cipher is 3DES",
        fails("tls-cipher"),
        scripted("triple_des", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "null-cipher.test",
        "the only ciphers do not encrypt at all",
        fails("tls-cipher"),
        scripted("null_cipher"),
    ),
    LabDomain(
        "dh-512.test",
        "the Diffie-Hellman group has 512 bits",
        fails("tls-weak-key"),
        scripted("dh_512", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "dh-1024.test",
        "the Diffie-Hellman group has 1024 bits: still accepted by Postfix, not by stricter ones",
        {**warns("tls-weak-key"), "profihost": ("unknown", "tls-weak-key")},
        postfix(
            Certificate(key=Key.RSA),
            smtpd_tls_protocols=">=TLSv1.2, <=TLSv1.2",
            smtpd_tls_dh1024_param_file="/lab/dh-1024.pem",
            tls_medium_cipherlist="kDHE:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "rsa-1024.test",
        "an RSA key of 1024 bits: still accepted by Postfix, not by stricter ones",
        warns("tls-weak-key"),
        postfix(Certificate(key=Key.RSA_1024)),
    ),
    LabDomain(
        "client-certificate.test",
        "demands a certificate of the sending server",
        fails("tls-client-certificate-required"),
        scripted("client_certificate"),
    ),
    LabDomain(
        "no-starttls.test",
        "offers no encryption",
        NO_STARTTLS,
        mail_server(Postfix(None, {"smtpd_tls_security_level": "none"})),
    ),
    LabDomain(
        "starttls-masked.test",
        "a middlebox puts XXXXXXXA in the place of STARTTLS",
        NO_STARTTLS,
        scripted("starttls_masked"),
    ),
    LabDomain(
        "starttls-454.test",
        "offers STARTTLS and then answers 454",
        {**fails("starttls-failed"), "profihost": ("unknown", "starttls-failed")},
        scripted("starttls_454"),
    ),
    LabDomain(
        "starttls-421.test",
        "offers STARTTLS, then answers 421 and closes the connection",
        unknown("temporarily-refused"),
        scripted("starttls_421"),
    ),
    LabDomain(
        "hello-only.test",
        "knows only HELO, so that it can offer no encryption",
        NO_STARTTLS,
        scripted("hello_only"),
    ),
    LabDomain(
        "starttls-502.test",
        "offers STARTTLS and then answers 502",
        {
            **fails("starttls-failed"),
            "exim": ("fails", "starttls-failed"),
            "profihost": ("unknown", "starttls-failed"),
        },
        scripted("starttls_502"),
    ),
    LabDomain(
        "first-starttls-502.test",
        "the preferred mail server answers 502 to STARTTLS, the second one is healthy",
        {
            **fails("starttls-failed"),
            "exim": ("delivers-with-warnings", "starttls-failed"),
            "mediafinanz": ("unknown", "starttls-failed"),
            "profihost": ("unknown", "starttls-failed"),
        },
        (Host("mx1", 10, Scripted("starttls_502")), Host("mx2", 20)),
    ),
    LabDomain(
        "first-starttls-454.test",
        "the preferred mail server answers 454 to STARTTLS, the second one is healthy",
        {**warns("starttls-failed"), "profihost": ("unknown", "starttls-failed")},
        (Host("mx1", 10, Scripted("starttls_454")), Host("mx2", 20)),
    ),
    LabDomain(
        "first-no-starttls.test",
        "the preferred mail server offers no encryption, the second one does",
        {**warns("starttls-not-supported"), "profihost": ("unknown", "starttls-not-supported")},
        (Host("mx1", 10, Scripted("starttls_masked")), Host("mx2", 20)),
    ),
    LabDomain(
        "tls-garbage.test",
        "random bytes come instead of a TLS handshake",
        fails("tls-handshake-failed"),
        scripted("tls_garbage"),
    ),
    LabDomain(
        "tls-text.test",
        "goes on in plain SMTP instead of a TLS handshake",
        fails("tls-handshake-failed"),
        scripted("tls_text"),
    ),
    LabDomain(
        "tls-hangs.test",
        "answers nothing to the TLS handshake",
        unknown("connection-timeout"),
        scripted("tls_hangs"),
    ),
    LabDomain(
        "closes-at-handshake.test",
        "closes the connection where the TLS handshake should begin",
        fails("tls-handshake-failed"),
        scripted("close_at_handshake"),
    ),
    LabDomain(
        "resets-at-handshake.test",
        "resets the connection where the TLS handshake should begin",
        fails("tls-handshake-failed"),
        scripted("reset_at_handshake"),
    ),
    LabDomain(
        "alert-at-handshake.test",
        "refuses every TLS handshake with an alert",
        fails("tls-handshake-failed"),
        scripted("alert_at_handshake"),
    ),
    LabDomain(
        "closes-at-starttls.test",
        "offers STARTTLS and then closes the connection",
        fails("starttls-failed"),
        scripted("close_at_starttls"),
    ),
    LabDomain(
        "starttls-250.test",
        "answers STARTTLS with 250 instead of 220, which senders take for a yes",
        HEALTHY,
        scripted("starttls_250"),
    ),
    LabDomain(
        "anonymous.test",
        "the only ciphers are those that need no certificate",
        {**fails("tls-cipher"), "profihost": ("unknown", "tls-cipher")},
        scripted("anonymous"),
    ),
    LabDomain(
        "ehlo-550.test",
        "refuses EHLO, so that it can offer no encryption, and takes HELO",
        NO_STARTTLS,
        scripted("ehlo_550"),
    ),
    LabDomain(
        "ehlo-450.test",
        "refuses EHLO for the moment, and takes HELO",
        NO_STARTTLS,
        scripted("ehlo_450"),
    ),
    LabDomain(
        "ehlo-and-helo-550.test",
        "refuses EHLO and HELO",
        unknown("greeting-refused"),
        scripted("ehlo_and_helo_550"),
    ),
    LabDomain(
        "first-ehlo-and-helo-550.test",
        "the preferred mail server refuses EHLO and HELO, the second one is healthy",
        unknown("greeting-refused"),
        (Host("mx1", 10, Scripted("ehlo_and_helo_550")), Host("mx2", 20)),
    ),
    LabDomain(
        "starttls-injection.test",
        "plaintext that somebody slipped in follows the answer to STARTTLS",
        {**warns("starttls-failed"), "exim": ("fails", "starttls-failed")},
        scripted("starttls_injection"),
    ),
]

_CERTIFICATES = [
    LabDomain(
        "expired.test",
        "the certificate has expired",
        certificate_fault("certificate-expired"),
        postfix(EXPIRED),
    ),
    LabDomain(
        "not-yet-valid.test",
        "the certificate is valid only from next month on",
        certificate_fault("certificate-not-yet-valid"),
        postfix(Certificate(begins=timedelta(days=30))),
    ),
    LabDomain(
        "expires-soon.test",
        "the certificate expires in five days",
        warns("certificate-expires-soon"),
        postfix(Certificate(begins=timedelta(days=-85), ends=timedelta(days=5, hours=1))),
    ),
    LabDomain(
        "self-signed.test",
        "the certificate has signed itself",
        certificate_fault("certificate-self-signed"),
        postfix(Certificate(issuer=Issuer.ITSELF)),
    ),
    LabDomain(
        "unknown-ca.test",
        "the issuer is a private CA, and only the leaf is sent",
        certificate_fault("certificate-not-trusted"),
        postfix(Certificate(issuer=Issuer.PRIVATE, chain=Chain.LEAF_ONLY)),
    ),
    LabDomain(
        "unknown-ca-with-root.test",
        "the issuer is a private CA, and its root is sent",
        certificate_fault("certificate-not-trusted"),
        postfix(Certificate(issuer=Issuer.PRIVATE, chain=Chain.WITH_ROOT)),
    ),
    LabDomain(
        "chain-incomplete.test",
        "the intermediate certificate is not sent",
        certificate_fault("certificate-chain-incomplete"),
        postfix(Certificate(chain=Chain.LEAF_ONLY)),
    ),
    LabDomain(
        "wrong-name.test",
        "the certificate bears another name",
        certificate_fault("certificate-host-mismatch"),
        postfix(WRONG_NAME),
    ),
    LabDomain(
        "wildcard-too-deep.test",
        "the wildcard stands for one label, the mail server's name has two",
        certificate_fault("certificate-host-mismatch"),
        (Host("mx.mail", server=Postfix(Certificate(names=("*.wildcard-too-deep.test",)))),),
    ),
    LabDomain(
        "cname-mx-target.test",
        "the MX record names an alias, and the certificate bears only the alias's target",
        certificate_fault("certificate-host-mismatch"),
        (Host("target", None),),
        (
            "cname-mx-target MX 10 mx.cname-mx-target",
            "mx.cname-mx-target CNAME target.cname-mx-target",
        ),
    ),
    LabDomain(
        "wrong-purpose.test",
        "the certificate is made for clients only",
        {
            **certificate_fault("certificate-invalid"),
            "mediafinanz": ("unknown", "certificate-invalid"),
        },
        postfix(Certificate(purposes=(Purpose.CLIENTS,))),
    ),
    LabDomain(
        "sha1-signature.test",
        "the certificate is signed with SHA-1",
        signed_with_sha1(),
        postfix(Certificate(issuer=Issuer.WEAK_HASH, key=Key.RSA)),
    ),
    LabDomain(
        "broken-signature.test",
        "the signature of the certificate does not fit",
        certificate_fault("certificate-invalid"),
        postfix(Certificate(spoiled=True)),
    ),
    LabDomain(
        "intermediate-expired.test",
        "the intermediate certificate has expired",
        certificate_fault("certificate-expired"),
        postfix(Certificate(issuer=Issuer.EXPIRED)),
    ),
    LabDomain(
        "issuer-no-authority.test",
        "the certificate was signed by one that may not sign others",
        certificate_fault("certificate-invalid"),
        postfix(Certificate(issuer=Issuer.NO_AUTHORITY)),
    ),
    LabDomain(
        "common-name-and-others.test",
        "the name stands in the subject alone, and others stand where it belongs",
        certificate_fault("certificate-host-mismatch"),
        postfix(
            Certificate(("www.somebody-else.test",), common_name="mx.common-name-and-others.test")
        ),
    ),
    LabDomain(
        "self-signed-expired-wrong-name.test",
        "the certificate has signed itself, has expired and bears another name",
        certificate_fault("certificate-expired"),
        postfix(
            Certificate(
                ("localhost.localdomain",),
                begins=EXPIRED.begins,
                ends=EXPIRED.ends,
                issuer=Issuer.ITSELF,
            )
        ),
    ),
    LabDomain(
        "hostile-certificate.test",
        "HTML, escapes and controls in every reply and in the names of a certificate that has "
        "signed itself",
        certificate_fault("certificate-self-signed"),
        scripted(
            "hostile_text",
            Certificate(
                ("<script>alert(3)</script>.test", "\x1b[31m\x07.test"),
                common_name="<img src=x onerror=alert(4)>\x1b]0;owned\x07\u202e\u2066",
                issuer=Issuer.ITSELF,
            ),
        ),
    ),
    LabDomain(
        "needs-sni.test",
        "shows a certificate only to a sender that says whom it wants (SNI)",
        {**fails("certificate-needs-sni"), "sni": DELIVERS},
        scripted("needs_sni"),
    ),
    LabDomain(
        "expired-and-wrong-name.test",
        "the certificate has expired and bears another name",
        certificate_fault("certificate-expired"),
        postfix(Certificate(("www.somebody-else.test",), begins=EXPIRED.begins, ends=EXPIRED.ends)),
    ),
]

_ROUTES = [
    LabDomain(
        "null-mx.test", "says that it takes no mail", fails("null-mx"), (), ("null-mx MX 0 .",)
    ),
    LabDomain(
        "null-mx-and-mx.test",
        "says that it takes no mail, and names a mail server",
        {
            **fails("null-mx"),
            "mediafinanz": ("unknown", "null-mx"),
            "profihost": ("unknown", "null-mx"),
        },
        (Host(),),
        ("null-mx-and-mx MX 0 .",),
    ),
    LabDomain(
        "mx-without-address.test",
        "the mail server's name has no address",
        fails("no-mail-server"),
        (),
        ("mx-without-address MX 10 mx.mx-without-address", "mx.mx-without-address TXT empty"),
    ),
    LabDomain(
        "no-mail-server.test",
        "has neither an MX record nor an address",
        fails("no-mail-server"),
        (),
        ('no-mail-server TXT "v=spf1 -all"',),
    ),
    LabDomain(
        "does-not-exist.test",
        "the domain does not exist",
        fails("domain-not-found"),
        (),
        exists=False,
    ),
    LabDomain(
        "mx-ip-address.test",
        "the MX record holds an IP address instead of a name",
        fails("mail-server-address-invalid"),
        (),
        ("mx-ip-address MX 10 192.0.2.1.",),
    ),
    LabDomain(
        "mx-ip-address-works.test",
        "the MX record holds a mail server's IP address instead of its name",
        {
            # Postfix connects all the same, and no certificate bears an address as its name.
            **fails("certificate-host-mismatch"),
            "profihost": ("delivers-with-warnings", "mail-server-address-invalid"),
            "exim": ("fails", "mail-server-address-invalid"),
        },
        (),
        ("mx-ip-address-works MX 10 127.25.0.10.",),
    ),
    LabDomain(
        "mx-localhost.test",
        "the mail server's address is 127.0.0.1",
        fails("mail-server-address-invalid"),
        (),
        ("mx-localhost MX 10 mx.mx-localhost", "mx.mx-localhost A 127.0.0.1"),
    ),
    LabDomain(
        "mx-private-address.test",
        "the mail server's address is a private one",
        fails("mail-server-address-invalid"),
        (),
        ("mx-private-address MX 10 mx.mx-private-address", "mx.mx-private-address A 10.1.2.3"),
    ),
    LabDomain(
        "dnssec-bogus.test",
        "healthy, but its DNSSEC signatures do not fit",
        warns("dnssec-invalid"),
        delegation=Delegation.BOGUS,
    ),
    LabDomain(
        "dns-lame.test",
        "its name servers refuse to answer",
        unknown("dns-failure"),
        (),
        delegation=Delegation.LAME,
    ),
    LabDomain(
        "dns-dead.test",
        "its name servers never answer",
        unknown("dns-failure"),
        (),
        delegation=Delegation.DEAD,
    ),
    LabDomain(
        "first-expired.test",
        "the preferred mail server's certificate has expired, the second one is healthy",
        warns("certificate-expired"),
        (Host("mx1", 10, Postfix(EXPIRED)), Host("mx2", 20)),
    ),
    LabDomain(
        "first-dead.test",
        "the preferred mail server is down, the second one is healthy",
        warns("connection-failed"),
        (Host("mx1", 10, None), Host("mx2", 20)),
    ),
    LabDomain(
        "first-not-found.test",
        "the preferred mail server's name does not exist, the second one is healthy",
        warns("no-mail-server"),
        (Host("mx2", 20),),
        ("first-not-found MX 10 mx1.first-not-found",),
    ),
    LabDomain(
        "first-unresolvable.test",
        "the name servers of the preferred mail server refuse to answer, the second one is healthy",
        warns("dns-failure"),
        (Host("mx2", 20),),
        ("first-unresolvable MX 10 mx.dns-lame",),
    ),
    LabDomain(
        "sixth-healthy.test",
        "five mail servers with expired certificates, the sixth is healthy",
        {
            **certificate_fault("certificate-expired"),
            "mediafinanz": ("unknown", "certificate-expired"),
        },
        (*(Host(f"mx{n}", n, Postfix(EXPIRED)) for n in range(1, 6)), Host("mx6", 6)),
    ),
    LabDomain(
        "equal-one-expired.test",
        "two mail servers of the same preference; the certificate of one has expired",
        warns("certificate-expired"),
        (Host("mx1", 10, Postfix(EXPIRED)), Host("mx2", 10)),
    ),
    LabDomain(
        "equal-one-starttls-502.test",
        "two mail servers of the same preference; one of them answers 502 to STARTTLS",
        {
            **unknown("starttls-failed"),
            **dict.fromkeys(("profihost", "exim"), ("delivers-with-warnings", "starttls-failed")),
        },
        (Host("mx1", 10, Scripted("starttls_502")), Host("mx2", 10)),
    ),
    LabDomain(
        "first-421.test",
        "the preferred mail server greets with 421, the second one is healthy",
        warns("temporarily-refused"),
        (Host("mx1", 10, Scripted("greeting_421")), Host("mx2", 20)),
    ),
    LabDomain(
        "first-554.test",
        "the preferred mail server greets with 554, the second one is healthy",
        {**warns("greeting-refused"), "profihost": ("unknown", "greeting-refused")},
        (Host("mx1", 10, Scripted("greeting_554")), Host("mx2", 20)),
    ),
    LabDomain(
        "first-554-then-421.test",
        "the preferred mail server greets with 554, the second one with 421",
        unknown("greeting-refused"),
        (Host("mx1", 10, Scripted("greeting_554")), Host("mx2", 20, Scripted("greeting_421"))),
    ),
    LabDomain(
        "first-421-then-554.test",
        "the preferred mail server greets with 421, the second one with 554",
        unknown("temporarily-refused"),
        (Host("mx1", 10, Scripted("greeting_421")), Host("mx2", 20, Scripted("greeting_554"))),
    ),
    LabDomain(
        "expired-and-421.test",
        "the preferred mail server's certificate has expired, the second one greets with 421",
        {
            **unknown("certificate-expired"),
            "profihost": ("delivers-with-warnings", "certificate-expired"),
        },
        (Host("mx1", 10, Postfix(EXPIRED)), Host("mx2", 20, Scripted("greeting_421"))),
    ),
    LabDomain(
        "all-greet-421.test",
        "five mail servers, and all greet with 421",
        unknown("temporarily-refused"),
        tuple(Host(f"mx{n}", n, Scripted("greeting_421")) for n in range(1, 6)),
    ),
    LabDomain(
        "many-servers.test",
        "31 mail servers, of which only the last is up",
        {
            **unknown("connection-failed"),
            "profihost": ("delivers-with-warnings", "connection-failed"),
        },
        (*(Host(f"mx{n}", n, None) for n in range(1, 31)), Host("mx31", 31)),
    ),
]

_CONVERSATIONS = [
    LabDomain(
        "connection-refused.test",
        "nothing listens at the mail server's address",
        unknown("connection-failed"),
        mail_server(None),
    ),
    LabDomain(
        "connection-reset.test",
        "every connection is reset at once",
        unknown("connection-failed"),
        scripted("reset"),
    ),
    LabDomain(
        "greeting-421.test",
        "greets with 421",
        unknown("temporarily-refused"),
        scripted("greeting_421"),
    ),
    LabDomain(
        "greeting-554.test",
        "greets with 554",
        unknown("greeting-refused"),
        scripted("greeting_554"),
    ),
    LabDomain(
        "greeting-refused-first.test",
        "greets with 554 in the first line and with 220 in the last",
        {
            **HEALTHY,
            "profihost": ("unknown", "greeting-refused"),
            "exim": ("unknown", "greeting-refused"),
        },
        scripted("greeting_refused_first"),
    ),
    LabDomain(
        "greeting-refused-last.test",
        "greets with 220 in the first line and with 554 in the last",
        {**unknown("greeting-refused"), "profihost": DELIVERS, "exim": DELIVERS},
        scripted("greeting_refused_last"),
    ),
    LabDomain(
        "ehlo-421.test",
        "answers EHLO with 421",
        unknown("temporarily-refused"),
        scripted("ehlo_421"),
    ),
    LabDomain(
        "closes-at-ehlo.test",
        "closes the connection at EHLO",
        unknown("connection-failed"),
        scripted("close_at_hello"),
    ),
    LabDomain(
        "closes-inside-tls.test",
        "closes the connection at EHLO inside TLS",
        unknown("connection-failed"),
        scripted("encrypted_close"),
    ),
    LabDomain(
        "ehlo-inside-tls-421.test",
        "answers EHLO inside TLS with 421",
        unknown("temporarily-refused"),
        scripted("encrypted_421"),
    ),
    LabDomain(
        "silent.test",
        "accepts the connection and says nothing",
        unknown("connection-timeout"),
        scripted("silent"),
    ),
    LabDomain(
        "one-byte-a-second.test",
        "sends one byte a second",
        unknown("connection-timeout"),
        scripted("one_byte_a_second"),
    ),
    LabDomain(
        "endless-greeting.test",
        "the greeting's lines never end",
        unknown("not-smtp"),
        scripted("endless_greeting"),
    ),
    LabDomain(
        "endless-line.test",
        "the greeting is a line of 64 MB",
        unknown("not-smtp"),
        scripted("endless_line"),
    ),
    LabDomain("http.test", "speaks HTTP instead of SMTP", unknown("not-smtp"), scripted("http")),
]

_DANE = [
    LabDomain(
        "dane-self-signed.test",
        "the certificate has signed itself, and DANE (3 1 1) says that it is the right one",
        dane_alone("certificate-self-signed"),
        (dane_host(Tlsa(), certificate=Certificate(issuer=Issuer.ITSELF)),),
    ),
    LabDomain(
        "dane-whole-certificate.test",
        "DANE names the whole certificate by its SHA-512 digest (3 0 2)",
        dane_delivers(),
        (dane_host(Tlsa(3, 0, 2)),),
    ),
    LabDomain(
        "dane-undigested.test",
        "DANE holds the whole key, not its digest (3 1 0)",
        dane_delivers(),
        (dane_host(Tlsa(3, 1, 0)),),
    ),
    LabDomain(
        "dane-expired.test",
        "the certificate has expired, which DANE with usage 3 does not mind",
        dane_alone("certificate-expired"),
        (dane_host(Tlsa(), certificate=EXPIRED),),
    ),
    LabDomain(
        "dane-wrong-name.test",
        "the certificate bears another name, which DANE with usage 3 does not mind",
        dane_alone("certificate-host-mismatch"),
        (dane_host(Tlsa(), certificate=WRONG_NAME),),
    ),
    LabDomain(
        "dane-mismatch.test",
        "DANE (3 1 1) names another key",
        dane_fails("tlsa-invalid"),
        (dane_host(Tlsa(of=Of.ANOTHER)),),
    ),
    LabDomain(
        "dane-issuer.test",
        "the issuer is a private CA that DANE names (2 0 1)",
        dane_alone("certificate-not-trusted"),
        (dane_host(Tlsa(2, 0, 1, Of.ISSUER), certificate=PRIVATE),),
    ),
    LabDomain(
        "dane-issuer-key.test",
        "the issuer is a private CA whose key DANE names (2 1 1)",
        dane_alone("certificate-not-trusted"),
        (dane_host(Tlsa(2, 1, 1, Of.ISSUER), certificate=PRIVATE),),
    ),
    LabDomain(
        "dane-issuer-not-sent.test",
        "DANE names the private CA (2 0 1), but its certificate is not sent",
        {
            **certificate_fault("certificate-not-trusted"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "tlsa-invalid")),
        },
        (
            dane_host(
                Tlsa(2, 0, 1, Of.ISSUER),
                certificate=Certificate(issuer=Issuer.PRIVATE, chain=Chain.LEAF_ONLY),
            ),
        ),
    ),
    LabDomain(
        "dane-issuer-wrong-name.test",
        "DANE names the issuer (2 1 1), and the certificate bears another name",
        {
            **certificate_fault("certificate-host-mismatch"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "certificate-host-mismatch")),
        },
        (
            dane_host(
                Tlsa(2, 1, 1, Of.ISSUER),
                certificate=WRONG_NAME,
            ),
        ),
    ),
    LabDomain(
        "dane-issuer-expired.test",
        "DANE names the issuer (2 1 1), and the certificate has expired",
        {
            **certificate_fault("certificate-expired"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "certificate-expired")),
        },
        (dane_host(Tlsa(2, 1, 1, Of.ISSUER), certificate=EXPIRED),),
    ),
    LabDomain(
        "dane-rollover.test",
        "two DANE records, of the old key and of the new one",
        dane_delivers(),
        (dane_host(Tlsa(of=Of.ANOTHER), Tlsa()),),
    ),
    LabDomain(
        "dane-unusable.test",
        "only DANE records that no mail server uses (usages 0 and 1, an unknown digest)",
        {
            **warns("tlsa-invalid"),
            "dane": ("delivers-with-warnings", "tlsa-invalid"),
            "dane-only": DANE_REQUIRED,
        },
        (dane_host(Tlsa(0, 0, 1, Of.ISSUER), Tlsa(1, 1, 1), Tlsa(3, 1, 9)),),
    ),
    LabDomain(
        "dane-too-short.test",
        "only DANE records whose data is cut short (a digest, a certificate, a key)",
        {
            **warns("tlsa-invalid"),
            "dane": ("delivers-with-warnings", "tlsa-invalid"),
            "dane-only": DANE_REQUIRED,
        },
        (dane_host(Tlsa(length=20), Tlsa(3, 0, 0, length=64), Tlsa(2, 1, 0, length=64)),),
    ),
    LabDomain(
        "dane-mixed-too-short.test",
        "a DANE record cut short, and one that fits",
        dane_delivers(),
        (dane_host(Tlsa(length=20), Tlsa()),),
    ),
    LabDomain(
        "dane-mixed.test",
        "a DANE record that no mail server uses (usage 1), and one that fits",
        dane_delivers(),
        (dane_host(Tlsa(1, 1, 1, Of.ANOTHER), Tlsa()),),
    ),
    LabDomain(
        "dane-mixed-mismatch.test",
        "a DANE record that no mail server uses (usage 1), and one of another key",
        dane_fails("tlsa-invalid"),
        (dane_host(Tlsa(1, 1, 1), Tlsa(of=Of.ANOTHER)),),
    ),
    LabDomain(
        "dane-unsigned.test",
        "a DANE record of another key in a zone without DNSSEC, which nobody heeds",
        {**HEALTHY, "dane": DELIVERS, "dane-only": DANE_REQUIRED},
        (dane_host(Tlsa(of=Of.ANOTHER)),),
        delegation=Delegation.UNSIGNED,
    ),
    LabDomain(
        "dane-bogus.test",
        "the DNSSEC signature of the DANE record does not fit",
        {
            **warns("dnssec-invalid"),
            **dict.fromkeys(("dane", "dane-only"), ("fails", "dnssec-invalid")),
        },
        (dane_host(Tlsa()),),
        tlsa_bogus=True,
    ),
    LabDomain(
        "dane-unsigned-mx.test",
        "a domain without DNSSEC whose mail server, in a signed zone, has DANE",
        {
            **certificate_fault("certificate-self-signed"),
            "dane": DELIVERS,
            "dane-only": DANE_REQUIRED,
        },
        (),
        ("dane-unsigned-mx.test. MX 10 mx.dane-self-signed.test.",),
        delegation=Delegation.UNSIGNED,
    ),
    LabDomain(
        "dane-alias-target.test",
        "the MX record names an alias, the DANE record that fits stands at its target",
        dane_delivers(),
        (
            dane_host(
                Tlsa(),
                Tlsa(of=Of.ANOTHER, at="mx"),
                certificate=Certificate(names=("mx.dane-alias-target.test",)),
                label="target",
                preference=None,
            ),
        ),
        (
            "dane-alias-target MX 10 mx.dane-alias-target",
            "mx.dane-alias-target CNAME target.dane-alias-target",
        ),
    ),
    LabDomain(
        "dane-alias.test",
        "the MX record names an alias, and the DANE record stands at the alias alone",
        dane_delivers(),
        (
            dane_host(
                Tlsa(at="mx"),
                certificate=Certificate(names=("mx.dane-alias.test",)),
                label="target",
                preference=None,
            ),
        ),
        ("dane-alias MX 10 mx.dane-alias", "mx.dane-alias CNAME target.dane-alias"),
    ),
    LabDomain(
        "dane-no-starttls.test",
        "has a DANE record and offers no encryption",
        {
            **NO_STARTTLS,
            **dict.fromkeys(("dane", "dane-only"), ("fails", "starttls-not-supported")),
        },
        (Host(server=Scripted("starttls_masked"), tlsa=(Tlsa(),)),),
    ),
    LabDomain(
        "dane-first-mismatch.test",
        "DANE names another key for the preferred mail server, and the right one for the second",
        {
            **warns("tlsa-invalid"),
            **dict.fromkeys(("dane", "dane-only"), ("delivers-with-warnings", "tlsa-invalid")),
        },
        (
            dane_host(Tlsa(of=Of.ANOTHER), label="mx1"),
            dane_host(Tlsa(), label="mx2", preference=20),
        ),
    ),
    LabDomain(
        "dane-first-without.test",
        "the preferred mail server has no DANE record, the second one has",
        {**HEALTHY, "dane": DELIVERS, "dane-only": ("delivers-with-warnings", "dane-required")},
        (Host("mx1"), dane_host(Tlsa(), label="mx2", preference=20)),
    ),
]

_MTA_STS = [
    LabDomain(
        "sts-enforce.test",
        "MTA-STS names the mail server",
        sts_delivers(),
        sts=policy("sts-enforce.test"),
    ),
    LabDomain(
        "sts-wildcard.test",
        "MTA-STS names the mail server by a wildcard",
        sts_delivers(),
        sts=MtaSts(policy_text("enforce", "*.sts-wildcard.test")),
    ),
    LabDomain(
        "sts-wildcard-too-deep.test",
        "the wildcard of MTA-STS stands for one label, the mail server's name has two",
        sts_fails("sts-policy-invalid"),
        (Host("mx.mail"),),
        sts=MtaSts(policy_text("enforce", "*.sts-wildcard-too-deep.test")),
    ),
    LabDomain(
        "sts-not-listed.test",
        "MTA-STS does not name the mail server",
        sts_fails("sts-policy-invalid"),
        sts=MtaSts(policy_text("enforce", "mail.somebody-else.test")),
    ),
    LabDomain(
        "sts-second-listed.test",
        "MTA-STS names only the second of two mail servers",
        {**warns("sts-policy-invalid"), **sts("delivers-with-warnings", "sts-policy-invalid")},
        (Host("mx1"), Host("mx2", 20)),
        sts=MtaSts(policy_text("enforce", "mx2.sts-second-listed.test")),
    ),
    LabDomain(
        "sts-testing.test",
        "MTA-STS, while it is being tested, does not name the mail server",
        sts_warns("sts-policy-invalid"),
        sts=MtaSts(policy_text("testing", "mail.somebody-else.test")),
    ),
    LabDomain(
        "sts-none.test",
        "MTA-STS has been switched off",
        sts_delivers(),
        sts=MtaSts("version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n"),
    ),
    LabDomain(
        "sts-line-feeds.test",
        "the lines of the MTA-STS policy end with a line feed alone, which is allowed",
        sts_delivers(),
        sts=MtaSts(policy_text("enforce", "mx.sts-line-feeds.test").replace("\r\n", "\n")),
    ),
    LabDomain(
        "sts-missing.test",
        "there is no MTA-STS policy where there should be one (404)",
        sts_warns("sts-policy-fetch-error"),
        sts=replace(policy("sts-missing.test"), status=404),
    ),
    LabDomain(
        "sts-redirect.test",
        "the MTA-STS policy has moved, which is not allowed",
        sts_warns("sts-policy-fetch-error"),
        sts=replace(policy("sts-redirect.test"), status=301),
    ),
    LabDomain(
        "sts-no-web-server.test",
        "nothing listens where the MTA-STS policy should be",
        sts_warns("sts-policy-fetch-error"),
        sts=replace(policy("sts-no-web-server.test"), listens=False),
    ),
    LabDomain(
        "sts-hangs.test",
        "the web server with the MTA-STS policy never answers",
        sts_warns("sts-policy-fetch-error"),
        sts=replace(policy("sts-hangs.test"), hangs=True),
    ),
    LabDomain(
        "sts-too-large.test",
        "the MTA-STS policy has more than 64 KiB",
        sts_warns("sts-policy-fetch-error"),
        sts=MtaSts(policy_text("enforce", *["mx.sts-too-large.test"] * 3000)),
    ),
    LabDomain(
        "sts-syntax.test",
        "the MTA-STS policy makes no sense",
        sts_warns("sts-policy-invalid"),
        sts=MtaSts("version: STSv1\r\nmode: perhaps\r\nmx: mx.sts-syntax.test\r\n"),
    ),
    LabDomain(
        "sts-self-signed.test",
        "the certificate of the web server with the MTA-STS policy has signed itself",
        sts_warns("sts-webpki-invalid"),
        sts=replace(policy("sts-self-signed.test"), certificate=Certificate(issuer=Issuer.ITSELF)),
    ),
    LabDomain(
        "sts-web-expired.test",
        "the certificate of the web server with the MTA-STS policy has expired",
        sts_warns("sts-webpki-invalid"),
        sts=replace(policy("sts-web-expired.test"), certificate=EXPIRED),
    ),
    LabDomain(
        "sts-web-wrong-name.test",
        "the certificate of the web server with the MTA-STS policy bears another name",
        sts_warns("sts-webpki-invalid"),
        sts=replace(
            policy("sts-web-wrong-name.test"),
            certificate=WRONG_NAME,
        ),
    ),
    LabDomain(
        "sts-record-broken.test",
        "the MTA-STS record has no id",
        sts_warns("sts-policy-invalid"),
        sts=replace(policy("sts-record-broken.test"), records=("v=STSv1;",)),
    ),
    LabDomain(
        "sts-two-records.test",
        "there are two MTA-STS records",
        sts_warns("sts-policy-invalid"),
        sts=replace(policy("sts-two-records.test"), records=("v=STSv1; id=1;", "v=STSv1; id=2;")),
    ),
    LabDomain(
        "sts-expired.test",
        "MTA-STS asks for a valid certificate, and the mail server's has expired",
        {**certificate_fault("certificate-expired"), **sts("fails", "certificate-expired")},
        postfix(EXPIRED),
        sts=policy("sts-expired.test"),
    ),
    LabDomain(
        "sts-no-starttls.test",
        "MTA-STS asks for encryption, and the mail server offers none",
        {**NO_STARTTLS, **sts("fails", "starttls-not-supported")},
        scripted("starttls_masked"),
        sts=policy("sts-no-starttls.test"),
    ),
]

DOMAINS: tuple[LabDomain, ...] = (
    *_HEALTHY_SERVERS,
    *_ENCRYPTION,
    *_CERTIFICATES,
    *_ROUTES,
    *_CONVERSATIONS,
    *_DANE,
    *_MTA_STS,
    *tls.ROWS,
    *certificates.ROWS,
    *conversations.ROWS,
    *routes.ROWS,
    *dane.ROWS,
    *mta_sts.ROWS,
)
"""Every domain of the lab."""
