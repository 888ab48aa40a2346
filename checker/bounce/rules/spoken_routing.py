"""What people tell of names and connections in sentences of their own."""

from checker.bounce.model import Kind
from checker.bounce.rules.rule import Rule, Strength
from checker.bounce.rules.sentences import AnyOf, Together

_SERVER = (
    r"\b(?:mta|box|maschine|kiste|mail ?servers?|smtp ?servers?|zielservers?|servers?|serveur"
    r"|servidor|host|mx|exchange|relay|gegenstelle|gegenseite|remote (?:side|end)|port 25)\b"
)
_DOWN = (
    r"\b(?:down|offline|ausgefallen|abgestürzt|steht still|unreachable"
    r"|nicht (?:mehr )?(?:zu )?erreich\w{2,4}|not reachable|can't be reached|hors service|caído"
    r"|cannot reach|can't reach|not responding|powered (?:off|down)|switched off|nothing listens"
    r"|abgeschaltet|dead|tot)\b"
)
_BLOCKS = (
    r"\b(?:block(?:s|t|ed|iert|ieren)?|gesperrt|sperrt|sperren|geblockt|filter\w{0,3}|zu|dicht"
    r"|closed|geschlossen|firewalled|firewall|nicht offen|not open|bloqu\w{1,5})\b"
)
_OF_SOMETHING_ELSE = ("blacklist", "blocklist", "spam", "passwor", "website", "webseite", "imap")

OF_ROUTING = (
    Rule(
        ("no-mail-server", "domain-not-found"),
        ("mx",),
        "They deleted their MX entry",
        pattern=Together(
            r"\bmx(?: (?:record|entry|eintrag))?\b",
            r"\b(?:kein\w?|no|without|ohne|fehlt|missing|gelöscht|deleted|removed|entfernt|forgot"
            r"|vergessen) (?:\w{1,12} ){0,2}mx\b|\bmx (?:\w{1,12} ){0,4}(?:fehlt|missing|gelöscht"
            r"|deleted|removed|entfernt|eingetragen|vorhanden|gone)|\bdeleted (?:\w{1,12} )mx\b",
            without=r"\b(?:mta sts|richtlinie|policy|tls|starttls)\b",
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=("certificate", "zertifikat", "cert "),
    ),
    Rule(
        ("dns-failure", "domain-not-found"),
        ("nameserver", "name server", "dns", "resolver", "servfail", "mx"),
        "The name servers of their domain are offline",
        pattern=AnyOf(
            Together(
                r"\b(?:name ?servers?|dns(?: ?servers?)?)\b",
                rf"{_DOWN}|\bantworte\w? (?:\w{{1,16}} ){{0,4}}?nicht\b|\bkeine antwort|\b(?:do"
                r"|does|did)(?:n't| not) (?:answer|respond|reply)|\bnot answering|\btime[sd]? out"
                r"|\btimeouts?\b|\bkaputt\b|\bfail",
            ),
            Together(
                r"\b(?:mx|domain|domäne|dns|name|resolver|host)\b",
                r"\b(?:niemand|nobody|no one|keiner)\b[^,]{0,30} (?:find|auflös|resolv)"
                r"|\bfindet (?:niemand|keiner)\b|\bservfail\b|\bnicht (?:\w{1,12} )?(?:auflösen"
                r"|aufgelöst|auflösbar)\b|(?:can't|cannot|can not|unable to|not|n't"
                r"|fails? to) (?:\w{1,12} )?(?:resolve|look ?up)\b",
            ),
            Together(
                r"\b(?:dns|mx) (?:lookup|query|abfrage)\b",
                r"\btime[sd]? out|\bfail|\btimeout|\bfehl",
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=("certificate", "zertifikat", "dnsbl", "reverse", "ptr", "dkim", "spf"),
    ),
    Rule(
        ("domain-not-found",),
        ("domain", "domäne", "domein", "dominio", "domínio", "domena"),
        "I mistyped the domain",
        pattern=Together(
            r"\b(?:domain|domäne|domein|dominio|domínio|domena|domaine)\b",
            r"\b(?:vertippt|verschrieben|tippfehler|mistyped|misspel\w{1,4}|typo|gelöscht"
            r"|gekündigt|abgelaufen|expired|no longer (?:resolves|exists)|isn't registered"
            r"|not registered|unregistered|gibt es (?:\w{1,12} )?nicht|die es nicht (?:mehr )?gibt"
            r"|existiert (?:\w{1,12} )?nicht|doesn't exist|does not exist|n'existe|no existe"
            r"|non esiste|não existe|bestaat (?:\w{1,12} ){0,3}niet|gibt es\b[^,]{1,80} nicht"
            r"|nie istnieje)\b",
            clause=False,
            without=r"\b(?:zertifikat|certificate|cert|absender|benutzer|postfach|user|mailbox"
            r"|dkim|spf|mta sts|dnssec|policy)\b",
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("connection-failed",),
        ("port 25",),
        "Our provider blocks port 25",
        pattern=Together(r"\bport 25\b", _BLOCKS, clause=False),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("connection-timeout", "connection-failed"),
        ("timeout", "times out", "time out", "hangs", "hängt", "answer", "antwort", "wait"),
        "The connection to their server times out",
        pattern=Together(
            rf"{_SERVER}|\b(?:connection|verbindung|telnet)\b",
            r"\b(?:times? out|timeouts?|antwortet nicht|hangs? (?:there|until|forever)|hängt"
            r"|bleibt hängen|(?:does|do|did)(?:n't| not) answer|wartet? (?:ewig|vergeb\w{1,4}"
            r"|lange)|waits? (?:forever|in vain)|(?:waiting for|wartet auf) (?:the |das "
            r"|die )?(?:greeting|banner|begrüßung)|never answers?|keine antwort)\b",
            without=r"\b(?:dns|name ?server|tls|ssl|starttls|handshake|policy|resolver"
            r"|certificate|retry timeout)\b",
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("connection-failed", "connection-timeout"),
        (
            "down",
            "offline",
            "ausgefallen",
            "lehnt die verbindung",
            "nicht erreichbar",
            "reach",
            "powered",
            "switched off",
            "nothing listens",
            "abgeschaltet",
        ),
        "Their mail server is down",
        pattern=Together(
            _SERVER,
            rf"{_DOWN}|\b(?:lehnt|weist|verweigert) (?:\w{{1,12}} ){{0,2}}verbindung",
            without=r"\b(?:web ?server|dns|name ?server|website|mta sts|policy|unser|our|my"
            r"|mein)\b",
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("not-tls",),
        ("adress", "address", "mitarbeiter", "kollege", "konto", "account"),
        "Ich habe mich bei der Adresse vertippt",
        kind=Kind.UNKNOWN_USER,
        pattern=Together(
            r"\b(?:e ?mail ?)?(?:adresse|address|mitarbeiter|kolleg\w{1,2}|konto|account)\b",
            r"\b(?:vertippt|verschrieben|tippfehler|falsch geschrieben|mistyped|misspel\w{1,4}"
            r"|typo|gibt es (?:\w{1,12} ){0,2}nicht|arbeitet (?:\w{1,12} ){0,3}nicht mehr|gelöscht"
            r"|doesn't exist|does not exist|no longer exists)\b",
            without=r"\b(?:zertifikat|certificate|cert|ip adresse|absender)",
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("not-tls",),
        ("anhang", "attachment", "datei", "file", "mb", "megabyte"),
        "Der Anhang hat 32 MB, deren Limit ist 25",
        kind=Kind.SIZE,
        pattern=Together(
            r"\b(?:anhang|attachment|datei|file|pdf|fotos|photos)\b|\b\d{1,3} ?(?:mb|megabyte)\b",
            r"\b(?:limit|höchstens|maximal|max|zu groß|zu gross|too (?:big|large)|grenze"
            r"|erlaubt sind|allowed)\b",
            r"\b\d{1,3} ?(?:mb|megabyte)\b|\bzu gro(?:ß|ss)\b|\btoo (?:big|large)\b",
            without=r"\b(?:key|schlüsseldatei|certificate|zertifikat|log)",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
)
