"""Ways of putting it: what servers that no other rule knows say in words of their own."""

import re

from checker.bounce.rules.rule import Rule, Strength

_FAILS = (
    r"(?:fail|error|abort|unable|could not|couldn't|cannot|can't|problem|not possible"
    r"|mismatch|fehler|fehlgeschlagen|nicht m|timed out|timeout)"
)
_TLS = r"\b(?:tls|ssl|starttls)\b"
_CERTIFICATE = r"(?:certificate|\bcert\b|zertifikat|certificat\b|certificado|certificato)"
_CERTIFICATES = ("certificate", "cert ", "zertifikat", "certificat", "certificado")

VERSIONS = (
    Rule(
        ("tls-version",),
        ("tls 1", "tlsv1", "tls1", "tls version", "ssl version", "sslv2", "sslv3"),
        "451 4.7.1 Please use TLS 1.2 or better",
        pattern=re.compile(
            r"(?:tls ?v?1[ .][0-3]|tls version|ssl version|sslv[23])[^.]{0,40}"
            r"\b(?:better|newer|higher|later|above|required|minimum|mismatch|old|outdated"
            r"|deprecated|not supported|unsupported|upgrade|disabled|not allowed)"
        ),
        without=("alert handshake failure", "alert bad certificate", "alert certificate"),
        in_reply=True,
    ),
)

MISSING = (
    Rule(
        ("starttls-not-supported",),
        ("tls", "verschlüsselung", "encryption"),
        "the peer is not able to support STARTTLS",
        pattern=re.compile(
            r"(?:\bnot?\b|n't\b|\bkeine?\b|\bwithout\b|\black)[^.:]{0,30}"
            r"\b(?:support|offer|advertis|announc|anbiet|unterstütz)[^.:]{0,20}"
            r"\b(?:tls|starttls|encryption|verschlüsselung)"
            r"|\b(?:bietet|unterstützt)[^.:]{0,20}\bkeine? [^.:]{0,20}(?:tls|verschlüsselung)"
            r"|\b(?:tls|starttls|encryption)\b[^.:]{0,25}"
            r"(?:\bnot\b|n't\b)[^.:]{0,15}\b(?:support|offer|advertis|announc)"
        ),
        without=("tls 1", "tlsv1", "version"),
    ),
)

DEMANDS = (
    Rule(
        ("receiver-requires-tls",),
        ("tls", "encrypt", "verschlüssel", "secure"),
        "550 5.7.1 We demand that all mail arrives encrypted",
        pattern=re.compile(
            r"\b(?:requir|must|need|demand|mandat|insist|only accept|erforder|verlang)\w{0,9}\b"
            r"[^.:]{0,40}\b(?:tls|starttls|encrypt|verschlüssel|secure (?:connection|transport))"
            r"|\b(?:tls|starttls|encryption|encrypted)\b[^.:]{0,25}"
            r"\b(?:required|mandatory|needed|enforced|erforderlich|obligatory)\b"
        ),
        without=("but host", "but the server", "but was not", "but our", "to send mail", "auth"),
        strength=Strength.GENERAL,
        in_reply=True,
    ),
)

CERTIFICATES = (
    Rule(
        ("certificate-expired",),
        _CERTIFICATES,
        "the certificate of the peer seems to have expired",
        pattern=re.compile(
            _CERTIFICATE + r"[^.]{0,60}?\b(?:expired|outdated|abgelaufen|expiré|caducad|expirad)"
            r"|\bexpired[^.]{0,20} certificate"
        ),
        without=("crl", "sts"),
    ),
    Rule(
        ("certificate-host-mismatch",),
        _CERTIFICATES,
        "certificate presented for another name: mismatch",
        pattern=re.compile(
            _CERTIFICATE + r"[^.]{0,60}?(?:mismatch|wrong name|another name|other name"
            r"|unexpected name|stimmt nicht|passt nicht|nicht überein)"
        ),
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        _CERTIFICATES,
        "the peer's certificate is from no authority that we trust",
        pattern=re.compile(
            _CERTIFICATE + r"[^.]{0,60}?\b(?:untrusted|trust|vertrau|de confianza|approuvé)"
            r"|\b(?:no trusted|untrusted|not trusted|unknown issuer)\b[^.]{0,40}certificate"
        ),
        without=("sts",),
    ),
)

CERTIFICATE_TROUBLE = (
    Rule(
        (
            "certificate-invalid",
            "certificate-expired",
            "certificate-host-mismatch",
            "certificate-not-trusted",
            "certificate-self-signed",
            "certificate-chain-incomplete",
        ),
        _CERTIFICATES,
        "there was a problem with the certificate of mx.example.org",
        pattern=re.compile(
            _CERTIFICATE + r"[^.]{0,60}?(?:invalid|not valid|fail|error|reject|problem|unable"
            r"|not standards|not conform|ungültig|nicht gültig|überprüf|geprüft|inválid|válido)"
            r"|(?:invalid|fail|error|reject|problem|unable|verify fail|ungültig)[^.]{0,40}?"
            + _CERTIFICATE
        ),
        strength=Strength.GENERAL,
        without=("sts", "smime", "s/mime"),
    ),
)

STS_WORDING = (
    Rule(
        ("sts-policy-fetch-error",),
        ("mta sts",),
        "mta-sts: the policy could not be loaded, fetch failed",
        pattern=re.compile(r"mta sts[^.]{0,80}?\b(?:fetch|retriev|download|lookup|load)"),
    ),
    Rule(
        ("sts-policy-invalid",),
        ("mta sts",),
        "the MTA-STS policy of example.org does not allow mx.example.net",
        pattern=re.compile(
            r"mta sts[^\n]{0,80}?\b"
            r"(?:not allow|not list|not match|not permit|malformed|pars|syntax|invalid)"
            r"|not (?:allow|list|match|permit)[^.]{0,60}mta sts"
        ),
    ),
)

DANE_WORDING = (
    Rule(
        ("tlsa-invalid",),
        ("tlsa", "dane"),
        "DANE: no usable TLSA",
        pattern=re.compile(
            r"\btlsa\b[^.]{0,40}(?:mismatch|invalid|unusable|wrong|fail|match|valid|error)"
            r"|(?:mismatch|invalid|unusable|usable|valid|fail\w{0,3})[^.]{0,40}\btlsa\b"
            r"|\bdane\b[^.]{0,40}(?:fail|error|invalid|mismatch|reject)"
        ),
    ),
)

TROUBLE = (
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        ("tls", "ssl"),
        "it was not possible to go on with TLS",
        pattern=re.compile(f"{_TLS}[^.]{{0,60}}?{_FAILS}|{_FAILS}[^.]{{0,60}}?{_TLS}"),
        strength=Strength.GENERAL,
        without=("/ssl", "ssl.", "x=tls", "using tls", "version=tls"),
    ),
)

NAMES = (
    Rule(
        ("dns-failure",),
        ("dns", "lookup", "resolv"),
        "unable to look into the DNS for example.org, DNS trouble: error",
        pattern=re.compile(
            r"\b(?:dns|mx lookup|host lookup|name resolution|nameserver)\b[^.]{0,40}?"
            r"(?:fail|error|timeout|timed out|unable|problem|unavailable)"
            r"|(?:fail|unable|could not|cannot|error)[^.]{0,30}?\b(?:dns|mx lookup)\b"
        ),
        without=("dnsbl", "reverse", "ptr", "nxdomain", "dns.", "dns name does not exist"),
    ),
)
