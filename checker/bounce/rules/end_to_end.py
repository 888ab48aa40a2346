"""Encryption and signatures from end to end, S/MIME and PGP: no matter of the way between servers.

Their words are those of TLS: encryption required, certificate expired, unknown authority. A mail's
own signature below a reason speaks of them as well; so a demand or a fault must stand near, in the
same paragraph, and no word of TLS anywhere.
"""

from checker.bounce.model import Kind
from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule

_NOT_TLS = ("not-tls",)

_END_TO_END = (
    r"(?:s[/ ]?mime|(?:open|inline )?pgp(?: ?/ ?mime)?|gpg|gnupg|autocrypt|e2ee?"
    r"|end to end|ende zu ende|bout en bout|extremo a extremo|ponta a ponta)"
)
_ENCRYPTED = (
    r"(?:encrypt\w{0,3}|encryption|sign(?:ed|ature|ing)?|verschlüssel\w{0,4}|signier\w{0,3}|signatur"
    r"|chiffr\w{1,6}|signée?|cifrad[oa]|firmad[oa]|crittograf\w{1,4}|criptograf\w{1,5}"
    r"|versleuteld|ondertekend)"
)
# Not beyond what is said of a server, as in a bounce below somebody's signature.
_NEAR = r"(?:(?!  |tls|ssl|server|host |remote |peer)[^.:;])"
_OF_A_MESSAGE = rf"(?:{_ENCRYPTED}|unencrypted|certificate|zertifikat|certificat|key|message|mail)"
_OF_A_PERSON = r"(?:recipient|sender|signer|signatur|empfänger|absender)"
_MISSED = (
    r"(?:requir|must|need|mandator|missing|invalid|not|n't|fail|reject|refus|expired|revoked"
    r"|untrusted|self signed|unknown|error|could|cannot|unable|no|only|erforder|nicht|fehl"
    r"|ungültig|abgelaufen|selbstsigniert|widerrufen|unbekannt|pflicht|verschlüsselt sein|verwenden"
    r"|obligatoire|requis|exig|invalide|expiré|obligatori|requer|inválid|richiest|non|vereist"
    r"|verplicht)"
)

OF_THE_MESSAGE = (
    Rule(
        _NOT_TLS,
        (
            "523 encryption needed",
            "invalid unencrypted",
            "encrypting this message",
            "sign or encrypt this message",
            "digital id",
            "digitalen id",
        ),
        "523 Encryption Needed: Invalid Unencrypted Mail",
        kind=Kind.POLICY,
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            *("encryption certificate", "signing certificate not", "signer certificate"),
            *("verschlüsselungszertifikat", "certificate used to sign"),
            *("pkcs7 routines", "cms routines"),
        ),
        "No encryption certificate was found for anna@example.org",
        kind=Kind.POLICY,
        without=("tls", "ssl"),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        ("zertifikat", "certificate"),
        "Das Zertifikat, mit dem die Nachricht unterschrieben ist, ist abgelaufen",
        kind=Kind.POLICY,
        pattern=Pattern(
            r"\b(?:signieren|signierte|unterschrieben|unterschrift)\b[^.:]{0,60}?"
            rf"\bzertifikat\b[^.:]{{0,40}}?\b{_MISSED}"
            r"|\b(?:zertifikat|certificate)\b[^.:]{0,30}?\b(?:nachricht|message|e ?mail)\b"
            rf"[^.:]{{0,20}}?\b(?:unterschr|signier|signed)\w{{0,5}}\b[^.:]{{0,40}}?\b{_MISSED}"
        ),
        without=("tls", "ssl", "server", "self signed", "not signed", "issuer"),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        ("signatur",),
        "Die Signatur der Nachricht ist ungültig",
        kind=Kind.POLICY,
        pattern=Pattern(
            r"\b(?:signaturzertifikat|digitalen? signatur(?! des )"
            r"|signature (?:of|on) (?:the|this|your) (?:message|e ?mail|mail)"
            r"|signatur (?:der|dieser|ihrer) (?:nachricht|e ?mail|mail))"
            rf"\b{_NEAR}{{0,60}}?\b{_MISSED}"
        ),
        without=("tls", "ssl"),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            *("s/mime", "s-mime", "smime", "pgp", "openpgp", "gpg", "gnupg", "autocrypt", "e2e"),
            *("end to end", "ende zu ende", "bout en bout", "extremo a extremo"),
            "ponta a ponta",
        ),
        "550 5.7.1 Nachricht muss mit S/MIME oder PGP verschlüsselt sein",
        kind=Kind.POLICY,
        pattern=Pattern(
            # "must be encrypted with S/MIME", "requires PGP encryption", "no valid PGP key"
            r"\b(?:encrypt|decrypt|requir\w{1,4}|must|needs?|only|accepts?|unencrypted"
            r"|unverschlüsselt\w{0,2}|verschlüsseln sie|erforder\w{0,3}|verlangt|muss|müssen|nur"
            r"|exige|requis|requiert|doit|requiere|debe|sólo|solo|richiede|deve|precisa|moet)"
            rf"\b{_NEAR}{{0,40}}?\b{_END_TO_END}\b"
            rf"|\b(?:not|nicht|no está|n'est pas) (?:an? |{_ENCRYPTED} |mit |with ){{0,2}}"
            rf"{_END_TO_END}\b"
            r"|\b(?:no|missing|kein\w{0,2}|pas de|sin)(?: (?:valid|public|private|usable|known"
            r"|encryption|gültig\w{0,2}|öffentlich\w{0,2}|valide|válid\w)){0,2} "
            rf"{_END_TO_END}\b|\b{_MISSED}\w{{0,3}}(?: \w{{1,12}})? \({_END_TO_END}\)"
            # "Unable to send this message with end-to-end encryption"
            r"|\b(?:unable|impossible|no se puede|não é possível)"
            rf"\b{_NEAR}{{0,110}}?\b{_END_TO_END}\b"
            # "invalid S/MIME signature"
            r"|\b(?:invalid|untrusted|(?<!has )expired|unknown|self signed|ungültig\w{0,2}) "
            rf"{_END_TO_END} {_OF_A_MESSAGE}"
            # So too where a colon stands between, "S/MIME: the recipient's certificate ..."
            rf"|\b{_END_TO_END}: (?:{_OF_A_MESSAGE}|[^.:;]{{0,40}}\b{_OF_A_PERSON})"
            # What GnuPG says of somebody's key
            r"|\bgpg: [^\n]{0,160}?\b(?:abgelaufen|expired|no public key|kein öffentlicher)"
            # "S/MIME signature not trusted", "PGP key not found"
            rf"|\b{_END_TO_END}\b{_NEAR}{{0,60}}?\b{_MISSED}"
        ),
        without=("tls", "ssl", "x509"),
        in_reply=True,
    ),
)
