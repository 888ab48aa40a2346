"""Certificates: the words of TLS libraries and mail servers."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

_NOT_YET = Pattern(r"expired or is not yet valid: current time [\w :.\+]{1,40} is before")

_ALERTS_RECEIVED = (
    "alert certificate expired",
    "alert certificate revoked",
    "alert certificate unknown",
    "alert bad certificate",
    "alert unsupported certificate",
    "alert unknown ca",
)

# Words of the side that opened the connection.
_SENDING = (
    "postfix/smtp[",
    "postfix/tlsproxy client",
    "ssl connect",
    "starttls=client",
    "smtp out:",
    "smtp client",
    "r=dnslookup",
    "tls connect failed",
)

# An alert about a certificate is about the certificate of the side that reads it.
ALERTS = (
    Rule(
        ("sender-tls-fault", "certificate-invalid"),
        _ALERTS_RECEIVED,
        "postfix/smtp[7]: SSL_connect error to mx.example.org[192.0.2.1]:25: "
        "error:0A000415:SSL routines::sslv3 alert certificate expired:SSL alert number 45",
        beside=_SENDING,
        without=("postfix/smtpd[", "/smtpd["),
    ),
)

# The names of a HELO and of the reverse DNS are of no certificate.
_OF_NO_GREETING = r"(?![^\n]{0,60}\b(?:helo|ehlo|ptr|rdns|reverse)\b)"

_OF_A_LOGIN = ("sasl", "535 ", "auth login", "auth plain", "authentication failed: ")

CERTIFICATE = (
    # A list of revoked certificates that has expired is no expired certificate.
    Rule(
        ("certificate-invalid",),
        (
            "crl has expired",
            # Go, Qt
            "negative serial number",
            "x509: malformed",
            "x509: invalid",
            "x509: certificate contains duplicate",
            "issuer name does not match",
            "signature of the certificate is invalid",
            "certificaterevoked",
            "invalidcertificate(revoked)",
            "crypt_e_",
            "0x80092010",
            "0x80092012",
            "0x80092013",
            "revocation",
            "unsuitable certificate purpose",
            "unsupported certificate purpose",
            "does not match the intended purpose",
            "not designated for use",
            "key usage",
            "keyusage",
            "invalidpurpose",
            "sec_e_cert_wrong_usage",
            "0x80090349",
            "certificate signature failure",
            "badsignature",
            "signature in the certificate is invalid",
            "unsupportedsignaturealgorithm",
            "insecure algorithm",
            "causedasendentity",
            "conform to algorithm constraints",
            "violates the signer's constraints",
            "certificate chain too long",
            "certificate key too weak",
            "signature digest algorithm too weak",
            "signature algorithm too weak",
            "path length constraint",
            "subtree violation",
            "algorithm constraints check failed",
            "sperrfunktion",
            "ocsp verification",
            "unhandled critical extension",
            "failed to parse certificate from server",
            "missing authority key identifier",
            "basic constraints of ca cert",
            "unable to get certificate crl",
            "remotecertificatenotavailable",
        ),
        "tls: failed to verify certificate: x509: negative serial number",
    ),
    Rule(
        ("certificate-invalid",),
        ("revoked", "gesperrt", "widerrufen", "zurückgezogen"),
        "TLS session: (certificate verification failed): certificate revoked",
        pattern=Pattern(
            r"\bcert(?:ificate)?s?\b[^.\n]{0,40}\brevoked|\brevoked (?:\w{1,12} )?cert"
            r"|zertifikat\w{0,2}\b[^.\n]{0,80}\b(?:gesperrt|widerrufen|zurückgezogen)"
        ),
    ),
    Rule(
        ("certificate-invalid",),
        ("weak",),
        "the certificate is signed with a weak algorithm",
        pattern=Pattern(
            r"\bcert(?:ificate)?\b[^.\n]{0,40}\bweak (?:\w{1,12} )?algorithm"
            r"|\bweak signature[^.\n]{0,30} cert"
        ),
    ),
    Rule(
        ("certificate-not-yet-valid",),
        ("is before",),
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: "
        "current time 2026-01-01T00:00:00Z is before 2026-02-01T00:00:00Z",
        pattern=_NOT_YET,
    ),
    Rule(
        ("certificate-expired",),
        (
            "certificate has expired",
            "certificate expired",
            "certificate is expired",
            "cert has expired",
            "cert expired",
            "certificateexpired",
            "expired cert",
            "peer certificate: expired",
            "invalidcertificate(expired)",
            "certexpired",
            "errsslcertexpired",
            "verify error:num=10:",
            "current date after",
            "cert_e_expired",
            "0x800b0101",
            "0x80090328",
            "not within its validity period",
            "notafter:",
            "validity check failed",
            "nottimevalid",
            "not time valid",
            "expiration date has passed",
            "nicht im gültigkeitszeitraum",
            "4.7.322",
            "5.7.322",
            "zertifikat ist abgelaufen",
            "abgelaufenes zertifikat",
            "zertifikats ist abgelaufen",
            "abgelaufen oder noch nicht gültig",
            "certificat a expiré",
            "certificat expiré",
            "certificado ha caducado",
            "certificado expirou",
            "certificato è scaduto",
            "証明書の有効期限が切れ",
        ),
        "certificate verify failed: certificate has expired",
    ),
    Rule(
        ("certificate-not-yet-valid",),
        (
            "not yet valid",
            "notyetvalid",
            "notvalidyet",
            "verify error:num=9:",
            "notbefore:",
            "errsslcertnotyetvalid",
            "not yet activated",
            "not activated yet",
            "not valid yet",
            "current date before",
            "noch nicht gültig",
        ),
        "SSL certificate problem: certificate is not yet valid",
    ),
    Rule(
        ("certificate-host-mismatch", "certificate-needs-sni"),
        (
            "unrecognized name",
            "unrecognised name",
            "unrecognizedname",
            "unrecognisedname",
            "unrecognized host name",
            "name sent was not recognized",
            "sni host name not recognised",
            "no certificate for the requested dns name",
        ),
        "error:0A000458:SSL routines::tlsv1 unrecognized name",
    ),
    Rule(
        ("certificate-host-mismatch",),
        (
            "remotecertificatenamemismatch",
            "hostnamemismatch",
            "subjectmismatch",
            "certificate doesn't match the host",
            "not present in server certificate",
            "certificate's altnames",
            "altname_invalid",
            "no matching dnsname",
            "unable to match server name",
            "verify error:num=62:",
            "verify error:num=64:",
            "name im zertifikat",
            "name im sicherheitszertifikat",
            "nicht mit dem zertifikat",
            "nom du certificat",
            "nombre del certificado",
            "cannot validate certificate for",
            "legacy common name field",
            "notvalidforname",
            "certnotvalidfor",
            "received certificate for",
            "subject alternative name",
            "subject alternative dns name",
            "no name matching",
            "certificate subject name",
            "bad_cert_domain",
            "errsslhostnamemismatch",
            "match the server's certificate",
            "verify identity of server",
            "zielprinzipalname",
            "für dieses zertifikat gültigen hosts",
            "nicht der erwarteten identität",
            "sec_e_wrong_principal",
            "target principal name is incorrect",
            "0x80090322",
            "cert_e_cn_no_match",
            "0x800b010f",
            "4.7.325",
            "5.7.325",
        ),
        "tls: failed to verify certificate: x509: cannot validate certificate for 192.0.2.1",
        without=("subject alternative name missing",),
    ),
    Rule(
        ("certificate-host-mismatch",),
        ("mismatch", "mis match"),
        "certificate verify failed: Hostname mismatch, certificate is not valid for 'mx.test'",
        pattern=Pattern(
            r"(?<![eh][eh]lo.)(?<!dns.)(?<!ptr.)(?<!reverse.)(?<!client.)"
            r"\b(?:(?:host|peer|server|common|subject|certificate|cert) ?name"
            r"|cn|san|(?:host|server) identity|ip address|certificate(?: host)?) mis ?match"
            + _OF_NO_GREETING
        ),
    ),
    Rule(
        ("certificate-host-mismatch",),
        ("valid for", "invalid for"),
        "the certificate is valid for hoster.example, not mx.example.org",
        pattern=Pattern(
            r"\bcert(?:ificate)? (?:is )?(?:only )?(?:not |in)?valid (?:only )?for"
            r"|(?<!address )(?<!sender )\b(?:not |in)valid for (?:any |this |the )?"
            r"(?:host ?)?names?\b"
        ),
    ),
    Rule(
        ("certificate-host-mismatch",),
        ("doesn't match", "didn't match", "not match"),
        'hostname "mx.example.org" does not match the certificate',
        pattern=Pattern(
            r"(?:(?:host|peer|server|common|subject) ?name|certificate|altnames?)[^\n]{0,120}?"
            r" (?:does|did)(?: not|n't) match" + _OF_NO_GREETING + r"|\bcertificate not match"
            r"|\b(?:not|n't) match (?:\w{1,12} ){0,2}certificate"
        ),
        without=("tlsa", "fingerprint does not match"),
    ),
    Rule(
        ("certificate-not-trusted", "certificate-self-signed"),
        ("self signed", "verify error:num=19:"),
        "verify error:num=19:self-signed certificate in certificate chain",
        pattern=Pattern(
            r"\bself signed cert(?:ificate)? in (?:\w{1,11} ){0,2}chain|verify error:num=19:"
        ),
    ),
    Rule(
        ("certificate-self-signed",),
        (
            "self signed",
            "selfsigned",
            "verify error:num=18:",
            "selbstsigniert",
            "selbst signiert",
            "selbst ausgestellt",
            "auto-signé",
            "autofirmado",
            "auto-assinado",
            "autoassinado",
            "auto-firmato",
            "autofirmato",
            "zelfondertekend",
            "自己署名",
        ),
        "certificate verify failed: self-signed certificate",
        without=("self signed certificates are",),
    ),
    Rule(
        ("certificate-chain-incomplete", "certificate-not-trusted"),
        (
            "unable to verify the first certificate",
            "unable to verify leaf signature",
            "unable to get issuer",
            "verify error:num=21:",
            "verify error:num=2:",
        ),
        "Verify return code: 21 (unable to verify the first certificate)",
        without=("unable to get issuer cert locally",),
    ),
    Rule(
        ("certificate-chain-incomplete", "certificate-not-trusted"),
        ("intermediate", "chain", "zertifikatskette", "zertifikatkette", "zwischenzertifikat"),
        "mx.example.org:25: missing intermediate certificate",
        pattern=Pattern(
            r"\b(?:missing|lacks?|lacking|misses)(?: an| its| the| any)? intermediate"
            r"|(?:\b(?:no|without)|(?:\bnot|n't) (?:send|supply|provide|include|present))"
            r"(?: an| its| the| any)? intermediate (?:ca\b|cert)"
            r"|\bintermediate(?: ca)?(?: certificates?| certs?)?(?: is| are| was| were)? "
            r"(?:missing|not (?:sent|supplied|provided|presented|found))"
            r"|\bcert(?:ificate|ification)? chain (?:is |was )?(?:not complete|incomplete|broken)"
            r"|\b(?:incomplete|broken) cert(?:ificate|ification)? chain"
            r"|\bchain of certificates (?:is |was )?(?:not complete|incomplete|broken)"
            r"|\bzertifikats?kette(?: ist)? (?:unvollständig|nicht vollständig)"
            r"|\bzwischenzertifikate?s? (?:fehl|nicht (?:gesendet|mitgesendet|gefunden))"
        ),
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        (
            "unable to get local issuer certificate",
            "unable to get issuer cert locally",
            "untrusted issuer",
            "unknownissuer",
            "unknown issuer",
            "a known issuer",
            "missing trust anchor",
            "trust anchor for certification path",
            "issuer not found",
            # Qt
            "issuer certificate could not be found",
            "locally looked up certificate could not be found",
            "unknown ca",
            "unknownca",
            "unknown certificate",
            "certificate unknown",
            "certificateunknown",
            "unknown authority",
            "not authorized to sign",
            "path building failed",
            "unable to find valid certification path",
            "untrustedroot",
            "untrusted root",
            "errsslunknownrootcert",
            "errsslnorootcert",
            "errsslxcertchaininvalid",
            "root certificate which is not trusted",
            "terminated in a root",
            "cert_e_chaining",
            "0x800b0109",
            "0x800b010a",
            "0x80090325",
            "partialchain",
            "remotecertificatechainerrors",
            "issuer is not a ca",
            "invalid ca certificate",
            "asn no signer",
            "no signer error",
            "verify error:num=20:",
            "verify error:num=27:",
            "certificate is not trusted",
            "untrusted cert",
            "cert untrusted",
            "not trusted by local",
            "unable to verify server with",
            "nicht vertrauenswürdig",
            "unbekanntes zertifikat",
            "autorité de certification inconnue",
        ),
        "certificate verify failed: unable to get local issuer certificate",
        without=_OF_A_LOGIN,
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        (
            *("issuer", "root", "ca is", "ca not", "authority", "trust store"),
            "zertifizierungsstelle",
        ),
        "the certificate's issuer is not trusted",
        pattern=Pattern(
            r"\b(?:issuer|ca|root certificate|certificat(?:e|ion) authority) (?:(?:is|was) )?"
            r"(?:unknown|untrusted|not (?:known|trusted|recogni[sz]ed))"
            r"|\bunknown root (?:ca\b|cert|authority)"
            r"|\bnot in (?:\w{1,12} ){0,2}trust store"
            r"|\b(?:not|cannot|unable|failed) [^.\n]{0,40}\btrusted root\b"
            r"|\bunbekannte[rn]? zertifizierungsstelle"
            r"|\bzertifizierungsstelle(?: ist)? (?:unbekannt|nicht bekannt|nicht vertrauenswürdig)"
        ),
        without=_OF_A_LOGIN,
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        ("certificate not trusted",),
        "554 5.7.1 certificate not trusted",
        without=("server certificate not trusted", *_OF_A_LOGIN),
    ),
)

_ANY_FAULT = (
    "certificate-expired",
    "certificate-not-yet-valid",
    "certificate-host-mismatch",
    "certificate-not-trusted",
    "certificate-self-signed",
    "certificate-chain-incomplete",
)

# All that Postfix says of a chain that it does not follow to its end, for whatever reason.
CERTIFICATE_UNTRUSTED = (
    Rule(
        (
            "certificate-not-verified",
            "certificate-not-trusted",
            *(id_ for id_ in _ANY_FAULT if id_ != "certificate-not-trusted"),
            "certificate-invalid",
        ),
        ("server certificate not trusted",),
        "Server certificate not trusted",
        strength=Strength.GENERAL,
    ),
)

# All that many servers say of every fault.
CERTIFICATE_NOT_VERIFIED = (
    Rule(
        ("certificate-not-verified", *_ANY_FAULT, "certificate-invalid", "tlsa-invalid"),
        (
            "certificate not verified",
            "certificate verify failed",
            "certificate verification fail",
            "certificate verification error",
            "certificate validation fail",
            "certificate status check",
            "unacceptable tls certificate",
            "verify=fail",
            "tls verification",
            "tls peer verification",
            "tls authentication failed",
            "ssl verification",
            "454 4.7.0 authentication failed",
            "403 4.7.0 authentication failed",
            "454 4.7.0 not authenticated",
            "403 4.7.0 not authenticated",
            "failed to verify certificate",
            "could not verify certificate",
            "could not verify the certificate",
            "unable to verify the certificate",
            "verify the server certificate",
            "cannot verify certificate",
            "verify server certificate",
            "unable to verify server",
            "certificate could not be verified",
            "certificate could not be validated",
            "verify problem on certificate",
            "path validation failed",
            "error in the certificate",
            "no certificate was found",
            "certificate problem",
            "certificateexception",
            "certificate check failed",
            "certificate rejected",
            "no peer certificate",
            "sec_e_cert_unknown",
            "0x80090327",
            "0x7a00",
            "0x2700",
            "4.7.320",
            "5.7.320",
            "remote certificate was rejected",
            "zertifikatsprüfung fehlgeschlagen",
            "zertifikatüberprüfung",
            "zertifikatsüberprüfung",
            "verifizierung des zertifikats",
            "nicht akzeptables tls zertifikat",
            "証明書の検証",
            # .NET in other languages
            "certificato remoto non è stato ritenuto valido",
            "сертификат недействителен",
            "远程证书无效",
            "遠端憑證",
            "externe certificaat is ongeldig",
            "uzak sertifika",
            "certyfikat zdalny jest nieprawidłowy",
        ),
        "Server certificate not verified",
        strength=Strength.GENERAL,
        without=("client certificate", "sasl"),
    ),
)

CERTIFICATE_IN_GENERAL = (
    Rule(
        ("certificate-invalid", *_ANY_FAULT, "tlsa-invalid"),
        (
            "certificate is invalid",
            "invalid peer certificate",
            "certificate is bad",
            "bad certificate",
            "badcertificate",
            "certificate is not supported",
            "unsupported certificate",
            "unsupportedcertificate",
            "remotezertifikat",
            "validierungsverfahren ungültig",
            "fehlerhaftes zertifikat",
            "certificat distant n'est pas valide",
            "certificado remoto no es válido",
            "certificado remoto é inválido",
            "certificato remoto non è valido",
            "リモート証明書は無効",
        ),
        "The remote certificate is invalid according to the validation procedure.",
        strength=Strength.GENERAL,
        without=("client certificate", "sasl"),
    ),
)
