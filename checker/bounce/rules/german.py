"""What servers, providers and people write in German, in words of their own."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

_CERTIFICATE = r"zertifikat(?:e?s)?\b"
_FAILS = (
    r"(?:fehlgeschlagen|schlug fehl|schlägt fehl|gescheitert|scheitert|misslungen|misslang"
    r"|abgebrochen|nicht möglich|unmöglich|nicht (?:zustande|geklappt|funktioniert))"
)
_MISSING = r"(?:fehl(?:t|en)\b|unvollständig|nicht (?:mit|vollständig|ausgeliefert|übermittelt))"
_SECURE = r"(?:verschlüsselte[nr]?|sichere[nr]?|gesicherte[nr]?|geschützte[nr]?|tls|ssl)"
_OTHER_SIDE = r"(?:server|host|\bmx|\bgegenstelle|\bgegenseite)\b"
_OF_MESSAGES = ("s/mime", "smime", "dkim", "dmarc", "pgp", "signatur der nachricht")
_OF_THE_SENDER = ("absender", "passwor", "kennwort", "port 587", "port 465")

TLS_IN_GERMAN = (
    Rule(
        ("sts-policy-fetch-error",),
        ("mta sts", "sts richtlinie", "sts policy"),
        "Die MTA-STS-Richtlinie ist nicht abrufbar",
        pattern=Pattern(
            r"\bsts (?:policy|richtlinie)\b[^.]{0,40}?\bnicht "
            r"(?:abrufbar|abgerufen|geladen|ladbar|erreichbar|verfügbar|gefunden)"
        ),
    ),
    Rule(
        ("dane-required",),
        ("dane", "tlsa"),
        "DANE ist Pflicht, es gibt aber keinen TLSA-Eintrag",
        pattern=Pattern(
            r"\bdane\b[^.]{0,40}?\b(?:verlangt|erforder\w{0,5}|pflicht|erzwungen|vorgeschrieben)\b"
            r"|\b(?:verlangt|erfordert|erzwingt) dane\b|\bkeine?n? tlsa\b(?![^.]{0,40} pass)"
        ),
    ),
    Rule(
        ("tlsa-invalid",),
        ("tlsa",),
        "Keiner der TLSA-Einträge passt zum Zertifikat",
        pattern=Pattern(r"\bkeine?[rn]? (?:der )?tlsa\b[^.]{0,30}\bpass\w{1,3}\b"),
    ),
    Rule(
        ("tls-client-certificate-required",),
        ("client zertifikat", "clientzertifikat"),
        "Der Server verlangt ein Client-Zertifikat",
        pattern=Pattern(
            r"\bclient ?zertifikat\b[^.]{0,40}?\b(?:verlangt|erforder|gefordert|angefordert|nötig)"
            r"|\b(?:verlangt|fordert|erwartet|benötigt)\b[^.]{0,20}\bclient ?zertifikat"
        ),
    ),
    Rule(
        ("certificate-chain-incomplete", "certificate-not-trusted"),
        (
            *("zwischenzertifikat", "intermediate", "zertifikatskette"),
            "kette",
        ),
        "Der Server schickt das Zwischenzertifikat nicht mit",
        pattern=Pattern(
            rf"\b(?:zwischenzertifikate?|intermediates?(?: zertifikate?)?|zertifikatskette)\b"
            rf"[^.]{{0,40}}?{_MISSING}"
            rf"|\bfehl\w{{1,5}}\b[^.]{{0,20}}\b(?:zwischen|intermediate) ?zertifikat"
            rf"|\bunvollständige\w? (?:zertifikats?)?kette\b"
            rf"|\bohne (?:die |das )?(?:zwischen|intermediate ?)zertifikat"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-self-signed",),
        ("selbst", "eigenes zertifikat", "eigenen zertifikat"),
        "Die Gegenstelle zeigt ein selbst erstelltes Zertifikat",
        pattern=Pattern(
            r"\bselbst ?(?:signiert|ausgestellt|erstellt|unterschrieben|erzeugt|gemacht)\w{0,2}\b"
            rf"[^.]{{0,20}}{_CERTIFICATE}"
            rf"|{_CERTIFICATE}[^.]{{0,60}}?\bselbst ?(?:signiert|ausgestellt|erstellt)"
            r"|\beigene[ns] zertifikat\b[^.]{0,30}(?:nicht von|statt|ohne)"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-expired",),
        ("zertifikat", "abgelaufene informationen"),
        "Abgelaufene Informationen: Das Zertifikat ist derzeit nicht gültig. Es ist abgelaufen.",
        pattern=Pattern(
            r"\babgelaufene informationen\b|\bzertifikat[^.]{0,60}\. es ist (?:seit [^.]{1,30} )?"
            r"abgelaufen\b"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-not-yet-valid",),
        ("zertifikat", "serverzertifikat"),
        "Das Zertifikat gilt erst ab morgen",
        pattern=Pattern(
            rf"{_CERTIFICATE}[^.]{{0,60}}?(?:\berst (?:ab|am|in|von)\b|noch nicht gültig"
            r"|gilt noch nicht|gültig erst)"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-host-mismatch",),
        ("zertifikat", "serverzertifikat", "cn ", "common name"),
        "Das Zertifikat läuft auf den falschen Namen",
        pattern=Pattern(
            rf"{_CERTIFICATE}[^.]{{0,80}}?(?:\b(?:falsche|fremde)[nrs]? (?:\w{{1,12}} ?)?namen?\b"
            r"|\bnur für [^.]{1,120}? (?:gilt|gültig|ausgestellt)\b"
            r"|\bander\w{1,2} (?:host|server|rechner|domain)? ?namen?\b"
            r"|\b(?:gehört|ausgestellt|bestimmt|gilt) (?:zu |für |auf |nur )?(?:die |den )?"
            r"(?:einem?n? |eine )?(?:ander|fremd|falsch))"
            r"|\b(?:cn|common name)\b[^.]{0,60}?(?:stimmt nicht|passt nicht|weicht|nicht überein)"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("tls-version",),
        ("protokollversion", "tls version", "gemeinsame", "ssl version"),
        "Die Server haben keine gemeinsame TLS-Version",
        pattern=Pattern(
            r"\b(?:tls |ssl )?(?:protokoll ?)?version\w{0,2}\b[^.]{0,40}?"
            r"(?:nicht (?:mehr )?(?:unterstützt|akzeptiert|angenommen|erlaubt)|zu alt|veraltet"
            r"|zu niedrig)"
            r"|\bprotokollversion\w{0,2}\b[^.]{0,40}?nicht (?:mehr )?unterstützt"
            r"|\bkeine?\w? gemeinsame\w? (?:tls|ssl|protokoll)"
        ),
        without=("cipher", "chiff", "browser"),
    ),
    Rule(
        ("tls-cipher",),
        ("kein gemeinsames", "keine gemeinsame"),
        "Es gibt kein gemeinsames Verschlüsselungsverfahren",
        pattern=Pattern(
            r"\bkeine? gemeinsame\w? (?:verschlüsselungs|chiff|cipher|algorithm|krypto)"
        ),
    ),
)

TROUBLE_IN_GERMAN = (
    Rule(
        ("starttls-not-supported",),
        ("nicht", "verschlüsseln"),
        "Der Server kann gar nicht verschlüsseln",
        pattern=Pattern(rf"{_OTHER_SIDE}[^.]{{0,80}}?\bkann\b[^.]{{0,80}}? nicht verschlüsseln\b"),
        strength=Strength.GENERAL,
        without=("s/mime", "pgp", "ende zu ende"),
    ),
    Rule(
        ("certificate-not-verified", "certificate-expired", "certificate-host-mismatch"),
        ("zertifikatsfehler", "zertifikatfehler", "zertifikatsproblem", "zertifikatsprüfung"),
        "Zertifikatsfehler beim Zielserver",
        pattern=Pattern(
            r"\bzertifikats?(?:fehler|probleme?)\b"
            rf"|\bzertifikats?(?:über)?prüfung\b[^.]{{0,40}}?{_FAILS}"
        ),
        strength=Strength.GENERAL,
        without=_OF_MESSAGES,
    ),
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        ("verbindung", "kanal", "verschlüsselungsaufbau"),
        "Eine sichere Verbindung konnte nicht hergestellt werden",
        pattern=Pattern(
            rf"\b{_SECURE} (?:smtp )?(?:verbindung|kanal|sitzung)\b[^.]{{0,40}}?"
            rf"(?:\bnicht (?:hergestellt|aufgebaut|aufbauen|herstellen|zustande)|{_FAILS})"
            rf"|\b(?:fehler|problem\w?) (?:bei|beim) (?:der |dem )?(?:aufbau|herstell\w{{1,3}})\b"
            rf"[^.]{{0,20}}\b{_SECURE} ?verbindung"
            rf"|\bverschlüsselungsaufbau\b[^.]{{0,30}}?{_FAILS}"
            rf"|\b(?:tls|ssl) (?:verbindungs)?aufbau\b[^.]{{0,30}}?{_FAILS}"
        ),
        strength=Strength.GENERAL,
        without=("zeitüberschreitung", "timeout", "port 587", "port 465", "website", "browser"),
    ),
    Rule(
        ("receiver-requires-tls", "tls-handshake-failed"),
        ("benutzen sie", "verwenden sie", "nutzen sie", "aktivieren sie"),
        "Bitte verwenden Sie STARTTLS",
        pattern=Pattern(
            r"\b(?:benutzen|verwenden|nutzen|aktivieren) sie (?:bitte )?(?:start)?tls\b"
            r"|\b(?:benutzen|verwenden|nutzen) sie (?:bitte )?eine verschlüsselte\b"
        ),
        strength=Strength.GENERAL,
        in_reply=True,
        without=(*_OF_THE_SENDER, "tls 1"),
    ),
)

ROUTING_IN_GERMAN = (
    Rule(
        ("dns-failure",),
        ("dns", "nameserver", "name server"),
        "Die Nameserver der Domain antworten nicht",
        pattern=Pattern(
            r"\b(?:dns(?: ?server)?|name ?server)\b[^.]{0,40}?(?:antworte\w? nicht"
            r"|nicht erreichbar|keine antwort|ausgefallen|reagier\w{1,2} nicht|nicht geantwortet)"
        ),
        without=_OF_THE_SENDER,
    ),
    Rule(
        ("domain-not-found",),
        ("domain", "domäne", "empfängerdomain", "empfängerdomäne", "zieldomain", "maildomain"),
        "Die Empfängerdomain gibt es nicht",
        pattern=Pattern(
            r"\b(?:empfänger|ziel|mail)?(?:domain|domäne)\b[^.]{0,40}?"
            r"(?:gibt es nicht|existiert nicht|existiert gar nicht"
            r"|nicht (?:gefunden|vorhanden|registriert|vergeben|auflösbar)|\bist unbekannt)"
        ),
        without=("absender", "benutzer", "postfach", "benutzerkonto"),
    ),
    Rule(
        ("connection-timeout",),
        ("nicht", "reagiert", "antwort"),
        "Der Server hat nicht rechtzeitig geantwortet",
        pattern=Pattern(
            rf"{_OTHER_SIDE}[^.]{{0,40}}?(?:\bnicht (?:rechtzeitig|innerhalb|in der)\b"
            r"[^.]{0,30}(?:geantwortet|antwort|reagiert)|\bhat nicht (?:geantwortet|reagiert)"
            r"|\breagiert nicht)"
            rf"|{_OTHER_SIDE}[^.]{{0,60}}\b(?:bekommt|erhält|kommt)\b[^.]{{0,60}}\bkeine antwort\b"
            rf"|\bantwortet\b[^.]{{0,40}}{_OTHER_SIDE}[^.]{{0,20}}\bnicht\b"
        ),
    ),
    Rule(
        ("connection-failed",),
        ("aufgelegt", "getrennt", "beendet", "abgebrochen"),
        "Die Gegenstelle hat aufgelegt",
        pattern=Pattern(
            rf"(?:{_OTHER_SIDE}|\bx{{4,255}})[^.]{{0,40}}?(?:\baufgelegt"
            r"|\bverbindung (?:\w{1,12} )?(?:getrennt|beendet|abgebrochen))"
        ),
        without=("tls", "ssl", "verschlüssel", "zertifikat"),
    ),
)
