"""What people tell in sentences of their own: a thing and what is wrong with it, in any order.

Rules for what servers write come before these. What is joined here stands in one sentence.
"""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

# A full stop within a name or a number ends no sentence.
_WITHIN = r"(?:[^.!?]|\.(?=\w)|(?<=\d)\.(?!\w)){0,140}?"


def _joined(*pairs: tuple[str, str], other: str = "") -> Pattern:
    """A thing and what is said of it, whichever comes first; or another expression."""
    ways = [f"{thing}{_WITHIN}{fault}|{fault}{_WITHIN}{thing}" for thing, fault in pairs]
    return Pattern("|".join(filter(None, [*ways, other])))


_CERTIFICATE = r"(?:zertifikat|certificat|certyfikat|\bcerts?\b|\bausweis\b)"
_CERTIFICATES = ("zertifikat", "cert")
_OF_MESSAGES = ("s/mime", "smime", "dkim", "dmarc", "pgp", "signatur der", "verify return:1")
_STS = r"\b(?:mta sts|sts (?:policy|richtlinie)|política mta sts)\b"
_OF_WHAT_WENT_WELL = (
    *("übertragen", "transportverschlüsselt", "was sent", "received", "established", "using tls"),
    *("with cipher", "verified ok"),
)

STS_PROSE = (
    Rule(
        ("sts-webpki-invalid",),
        ("mta sts.",),
        "The web host mta-sts.example.org shows an expired certificate",
        pattern=_joined((r"\bmta sts\.\w", _CERTIFICATE)),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("sts-policy-fetch-error",),
        ("mta sts", "sts policy", "sts richtlinie"),
        "Google could not fetch our MTA-STS policy, the web server answers 404",
        pattern=_joined(
            (
                _STS,
                (
                    r"(?:\b(?:404|403)\b"
                    r"|\bnicht (?:\w{1,12} )?(?:ab(?:ge)?rufen|(?:ge)?laden)"
                    r"|(?:\bnot|n't) (?:be )?(?:fetch|load|download|retriev|reach)"
                    r"|não foi possível obter|no se pudo obtener|tempo esgotado)"
                ),
            )
        ),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("sts-policy-invalid",),
        ("mta sts", "sts policy", "sts richtlinie"),
        "The MTA-STS policy still lists the old mail server",
        pattern=_joined(
            (
                _STS,
                (
                    r"\b(?:noch de[rn] alte|alte[rn]? (?:mx|server)|nicht mehr|umgezogen"
                    r"|(?:the |an )?old (?:mx|mail|server)|still (?:lists|names)|not listed)"
                ),
            )
        ),
        strength=Strength.GENERAL,
    ),
)

PROSE = (
    Rule(
        ("dane-required",),
        ("dane",),
        "We deliver only to domains with DANE, and this one has none",
        pattern=_joined((r"\bdane\b", r"\b(?:nur noch|only (?:to|deliver))\b")),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("tlsa-invalid",),
        ("hash", "tlsa", "prüfsumme", "fingerabdruck", "fingerprint"),
        "They use DANE, and the hash in the DNS stayed the old one",
        pattern=_joined(
            (
                r"\b(?:hash|tlsa|prüfsummen?|fingerabdruck|fingerprint)\b",
                (
                    r"\b(?:the old one|stayed (?:the )?old|noch de[rn] alte|not updated"
                    r"|nicht (?:mit)?(?:geändert|angepasst|aktualisiert)"
                    r"|alten (?:schlüssel|zertifikat)"
                    r"|passt nicht|vergess|forgot|does not (?:fit|match)|doesn't (?:fit|match))"
                ),
            )
        ),
        beside=("dane", "tlsa", "dns"),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("tls-client-certificate-required",),
        ("client zertifikat", "client cert"),
        "The server insists on a client certificate",
        pattern=_joined(
            (
                r"\bclient (?:zertifikat|cert)",
                r"\b(?:ausweis|verlangt|besteht|fordert|insist|wants?|asks?|demand|requir)",
            )
        ),
        without=("no client certificate", "kein client zertifikat"),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("sender-tls-fault",),
        ("unser", "our own", "eigene"),
        "Unser eigener Server kann seine Schlüsseldatei nicht lesen",
        pattern=_joined(
            (
                (
                    r"\b(?:unser\w{0,2}|eigene\w?|our own) (?:\w{1,12} )?"
                    r"(?:mail ?)?(?:server|postfix|exim|exchange|gateway|relay)\b"
                ),
                (
                    r"(?:\b(?:schlüsseldatei|zertifikatsdatei|privater schlüssel)\b"
                    r"[^.]{0,30}\bnicht"
                    r"|\btls einrichtung\b[^.]{0,20}(?:kaputt|defekt|fehlerhaft)"
                    r"|(?:\bnot|n't|\bunable to) (?:read|load|open|find) (?:its |the )?"
                    r"(?:key|ca bundle|certificate|trust))"
                ),
            )
        ),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("certificate-not-yet-valid",),
        _CERTIFICATES,
        "The certificate says 'not before' tomorrow noon",
        pattern=_joined(
            (
                _CERTIFICATE,
                (
                    r"\b(?:not before|not valid yet|start date|in the future|becomes valid|erst ab"
                    r"|in der zukunft)\b"
                ),
            )
        ),
        without=("notafter", "not after", *_OF_MESSAGES),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("certificate-expired",),
        (*_CERTIFICATES, "ausweis"),
        "Das Zertifikat ist ausgelaufen, die müssen es verlängern",
        pattern=_joined(
            (
                _CERTIFICATE,
                (
                    r"\b(?:ausgelaufen|verfallen|nicht mehr gültig|no longer valid|nur bis"
                    r"|bis \S{1,12} gültig"
                    r"|nicht (?:rechtzeitig )?(?:verlängert|erneuert)|forgot to renew"
                    r"|never renewed|lapsed|let it expire"
                    r"|vergessen[^.]{0,20}(?:verlängern|erneuern))"
                ),
            )
        ),
        without=_OF_MESSAGES,
        strength=Strength.GENERAL,
    ),
    Rule(
        ("certificate-self-signed",),
        _CERTIFICATES,
        "The school signed its own certificate",
        pattern=_joined(
            (
                _CERTIFICATE,
                (
                    r"\b(?:selbst (?:gebastelt|gemacht|erzeugt|generiert)"
                    r"|selber (?:gebastelt|gemacht|ausgestellt|signiert)"
                    r"|signed (?:its|their) own|generated (?:it)?self|snake ?oil|home ?made)"
                ),
            )
        ),
        without=_OF_MESSAGES,
        strength=Strength.GENERAL,
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        _CERTIFICATES,
        "Das Zertifikat ist von ihrer internen CA, der draußen niemand vertraut",
        pattern=_joined(
            (
                _CERTIFICATE,
                (
                    r"(?:\b(?:interne\w?|hauseigene\w?|internal|private|own(?: company)?|company)"
                    r" (?:ca|zertifizierungsstelle)\b"
                    r"|\bvertraut[^.]{0,30}\bniemand|\bniemand[^.]{0,20}\bvertraut|\bnobody[^.]{0,30}"
                    r" (?:trusts|heard)|(?:aussteller|stelle|authority|issuer)\b[^.]{0,60}"
                    r"(?:nicht bekannt|nicht anerkannt|unbekannt|not known|not recogni)"
                    r"|\bnieznany urząd|\bniezaufan)"
                ),
            ),
            other=r"\baussteller\b[^.]{0,100}(?:nicht bekannt|nicht anerkannt|unbekannt)\b",
        ),
        without=_OF_MESSAGES,
        strength=Strength.GENERAL,
    ),
    Rule(
        ("certificate-chain-incomplete", "certificate-not-trusted"),
        ("intermediate", "zwischenzertifikat", "zertifikatskette", "chain", "kette"),
        "They forgot the intermediate, so we cannot build the chain",
        pattern=_joined(
            (
                r"\b(?:zertifikats|certificate )?(?:kette|chain)\b",
                (
                    r"(?:\bfehl(?:t|en)\b|\bglied\b|lücke|\bunterbrochen"
                    r"|(?:not|n't) (?:be )?(?:build|built|complete))"
                ),
            ),
            (
                r"\b(?:intermediate|zwischenzertifikat)",
                r"\b(?:forgot|vergess|left out|weggelassen|missing|nicht mit|fehl(?:t|en))",
            ),
        ),
        without=("self signed certificate in certificate chain", *_OF_MESSAGES),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("certificate-host-mismatch",),
        _CERTIFICATES,
        "The certificate is for the web host, not for the MX",
        pattern=_joined(
            (
                _CERTIFICATE,
                (
                    r"(?:\bsteht [^.]{0,60}\b(?:und nicht|statt|anstatt|anstelle)\b"
                    r"|\bname de[rs] (?:alten|anderen|früheren|hoster|webserver)"
                    r"|\b(?:der|the) mx (?:heißt|ist|is called|is named|points)\b|\bheißt aber\b"
                    r"|\bnot for the (?:mx|mail)|\b(?:is|was) (?:only )?for the (?:web|wrong|other)"
                    r"|\bfalsche\w? (?:host|server|rechner)?namen?\b|\bpresented cn=)"
                ),
            )
        ),
        without=_OF_MESSAGES,
        strength=Strength.GENERAL,
    ),
    Rule(
        ("certificate-invalid",),
        _CERTIFICATES,
        "Das Zertifikat ist noch mit SHA-1 signiert",
        pattern=_joined(
            (
                _CERTIFICATE,
                r"\b(?:(?:sha ?1|md5)\b[^.]{0,20}\b(?:signiert|signed)|revoked|widerrufen)\b",
            )
        ),
        without=_OF_MESSAGES,
        strength=Strength.GENERAL,
    ),
    Rule(
        ("tls-weak-key",),
        ("diffie hellman", "dh ", "rsa", "schlüssel", "key is"),
        "Their RSA key is only 1024 bits",
        pattern=_joined(
            (
                r"\b(?:diffie hellman|dh|rsa|schlüssel|key)\b",
                (
                    r"\b(?:zu (?:kurz|schwach|klein)e?[nrs]?|too (?:short|weak|small)"
                    r"|(?:only|nur) (?:512|768|1024))\b"
                ),
            )
        ),
        without=("dkim", "domainkey", "passwor"),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("tls-cipher",),
        ("cipher", "chiff", "rc4", "3des", "verschlüsselungsverfahren"),
        "The two servers share no cipher",
        pattern=_joined(
            (
                r"\b(?:cipher|chiff|rc4|3des|verschlüsselungsverfahren)",
                (
                    r"\b(?:shares? no|no (?:common|shared)|bietet nur|offers only|only offers"
                    r"|kein\w{0,2} gemeinsam|nicht (?:mehr )?(?:zu|erlaubt|unterstützt))\b"
                ),
            )
        ),
        without=_OF_WHAT_WENT_WELL,
        strength=Strength.GENERAL,
    ),
    Rule(
        ("starttls-failed",),
        ("starttls",),
        "Gegenstelle kündigt STARTTLS an und legt dann auf",
        pattern=_joined(
            (
                r"\bstarttls\b",
                (
                    r"\b(?:legt [^.]{0,50}\bauf\b|hängt [^.]{0,30}\bauf\b|bricht [^.]{0,30}\bab\b"
                    r"|(?:answers|antwortet)(?: mit)? 4\d\d|hangs up|stays in plain)"
                ),
            )
        ),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("starttls-not-supported",),
        ("starttls", "tls", "chiffrement"),
        "Le serveur ne propose pas STARTTLS",
        pattern=_joined(
            (
                r"\b(?:starttls|tls|chiffrement|cifrado|crittografia)\b",
                (
                    r"\b(?:ne (?:propose|supporte|prend) pas|no (?:ofrece|soporta|admite)"
                    r"|non (?:supporta|offre)|(?:ondersteunt|biedt) geen|nie (?:obsługuje|oferuje)"
                    r"|não (?:suporta|oferece))\b"
                ),
            )
        ),
        without=("tls 1", "version", "versión", "versão"),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("tls-version",),
        ("tls", "sslv3"),
        "Their Exchange tops out at TLS 1.0",
        pattern=_joined(
            (
                r"\b(?:tls ?v?1(?:[ .][0-3])?|sslv3)\b",
                (
                    r"\b(?:tops out|at most|höchstens|alleen|apenas|seulement|solamente|soltanto"
                    r"|(?:turned|switched) [^.]{0,20}off|(?:ab|aus)geschaltet|uitgeschakeld|ancient"
                    r"|kann (?:aber )?nur|can only)"
                ),
            ),
            (
                r"\b(?:neue|aktuelle|moderne|neuere)\w? tls\b",
                r"\b(?:nicht|kann|kein\w?)\b",
            ),
        ),
        without=_OF_WHAT_WENT_WELL,
        strength=Strength.GENERAL,
    ),
    Rule(
        ("receiver-requires-tls", "tls-handshake-failed"),
        ("starttls", "tls", "verschlüssel", "encrypted", "cifrad", "chiffr"),
        "They only take mail over an encrypted connection",
        pattern=_joined(
            (
                r"\b(?:starttls|tls|verschlüssel\w{0,4}|encrypted|cifrad[oa]s?|chiffrée?s?)\b",
                (
                    r"\b(?:zuerst|besteht darauf|only takes?|nur annehm|sólo acepta|solo acepta"
                    r"|n'accepte que|accetta solo|in the clear)\b"
                ),
            )
        ),
        without=(*_OF_WHAT_WENT_WELL, "tls 1", "s/mime", "pgp", "port 587", "passwor"),
        strength=Strength.GENERAL,
        in_reply=True,
    ),
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        ("verschlüsselung", "handshake", "negociação tls", "negociación tls", "négociation"),
        "Die Server konnten sich nicht auf eine Verschlüsselung einigen",
        pattern=_joined(
            (
                r"\b(?:verschlüsselung|handshake|negociação tls|negociación tls|négociation tls)\b",
                (
                    r"\b(?:einigen|scheitert|klappt nicht|breaks off|bricht|gets stuck|dies"
                    r"|falha|falló|fallo|échou|échec|kam nicht zustande)"
                ),
            )
        ),
        without=("s/mime", "pgp", "ende zu ende"),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("domain-not-found",),
        ("domain", "domäne", "domein", "dominio", "domínio", "domena"),
        "Angeblich gibt es die Domain example.org nicht",
        pattern=_joined(
            (
                r"\b(?:domain|domäne|domein|dominio|domínio|domena)\b",
                (
                    r"\b(?:gibt es nicht|die es nicht (?:mehr )?gibt|bestaat [^.]{0,20}niet"
                    r"|bestaat niet|no existe|non esiste"
                    r"|não existe|nie istnieje)\b"
                ),
            ),
            other=r"\b(?:gibt es (?:die |diese )?(?:domain|domäne)\b[^.]{0,80}? nicht"
            r"|bestaat het domein\b[^.]{0,80}? ?niet)\b",
        ),
        without=("absender", "benutzer", "postfach"),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("connection-timeout",),
        ("port 25", "telnet", "mx"),
        "telnet to port 25 just hangs until it times out",
        pattern=_joined(
            (r"\b(?:port 25|telnet|mx)\b", r"\b(?:hangs? (?:until|there)|times out|bleibt hängen)")
        ),
        strength=Strength.GENERAL,
    ),
)
