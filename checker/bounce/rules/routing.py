"""The DNS, and the way to a mail server."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

# Only where it is called an error: of its own, such a number may be anybody's.
_ERROR = (
    r"(?:err(?:or|no)?|fehler|erreur|exception|socket|winsock|wsa)\w{0,20}\W{0,4}"
    r"(?:(?:code|number|no|nr|nummer)\W{0,3})?"
)


def _of_windows(
    problem: str, numbers: tuple[str, ...], example: str, strength: Strength = Strength.SPECIFIC
) -> Rule:
    """Errors of Windows Sockets by their numbers (winsock2.h)."""
    pattern = Pattern(rf"{_ERROR}(?:{'|'.join(numbers)})\b")
    return Rule((problem,), numbers, example, pattern=pattern, strength=strength)


_OF_ANOTHER_DOMAIN = (
    *("has no mx record for", "sender", "your domain", "ihre domain", "(invalidly)"),
    *("mta sts", "sts policy"),
)

_FOUND_NOTHING = ("nxdomain", "non existent domain", "does not exist", "name not found")

_ANOTHER_NAME = (
    "sender",
    "helo",
    "ehlo",
    "client host",
    "resolve your",
    "try again",
    "no data record",
    "no data known",
)

# Said of servers that there are.
_REACHABLE = (
    r"(?:certificate|in the|listed|match|support"
    r"|(?:(?:was|were|is|are|could be|can be|war|ist|konnte) )?"
    r"(?:accept|avail|contact|reach|respond|antwortet|erreich|verfügbar))"
)

ROUTING = (
    Rule(
        ("null-mx",),
        (
            "null mx",
            "nullmx",
            "domain does not accept mail",
            "domain does not accept email",
            "host does not accept mail: mx 0",
            "556 5.1.10",
            "an mx or srv record indicated no smtp service",
        ),
        "Domain example.org does not accept mail (nullMX)",
        # RFC 7505, section 4.2: such is said of the sender's domain.
        without=("5.7.27", "sender address"),
        in_reply=True,
    ),
    # Of the domain, or of nothing in particular: a server or a mailbox that takes no mail from
    # somebody, or for now, has another reason.
    Rule(
        ("null-mx",),
        ("does not", "doesn't", "nimmt keine", "empfängt keine"),
        "Domain example.org does not receive any e-mail",
        pattern=Pattern(
            r"(?:\b(?:domain|domäne)(?: \S{1,80})?|xxxx[)'\"]?|\d|:) "
            r"(?:nimmt keine (?:e )?mails? an|empfängt keine (?:e )?mails?"
            r"|(?:does not|doesn't) (?:accept|receive) (?:any )?(?:e ?)?mails?)\b"
            r"(?! (?:at (?!all)|for |from |larger|over|sent|that|to |unless|via|which|with))"
        ),
        without=("5.7.27", "sender address"),
        in_reply=True,
    ),
    Rule(
        ("no-mail-server",),
        (
            "no relevant answers",
            "no dns a data",
            "enodata",
            "infonorecords",
            "answer with no data",
            "responded with code noerror",
            "no data record of requested type",
            "no data known",
            "no route found to domain",
            "all host address lookups failed permanently",
            "no route to domain",
            "lookup failed to find",
        ),
        "No DNS A-data returned",
        without=_OF_ANOTHER_DOMAIN,
    ),
    Rule(
        ("no-mail-server",),
        (
            *("no", "find", "mx record", "mx hosts could", "missing mx", "kein", "aucun", "have"),
            "weder",
        ),
        "all relevant MX records point to non-existent hosts",
        pattern=Pattern(
            r"\bno (?:(?:valid|usable|suitable|known|dns) )?(?:(?:a|aaaa)(?: or |/))?"
            r"(?:mxs?\b|mail ?(?:exchange(?:rs?)?|servers?|hosts?)\b|address records?\b)"
            rf"(?!(?: \S{{1,80}})? {_REACHABLE})"
            r"|\bno valid hosts\b|\bmx records? not found|\bmissing mx\b"
            r"|(?:not|n't) have (?:an?|any) (?:valid )?(?:mx\b|mail ?(?:exchanger|server))"
            r"|\baucun (?:enregistrement mx|serveur de messagerie pour)\b"
            r"|\bfind (?:any |an? |the )?(?:valid )?(?:mx\b|mail ?(?:exchangers?|servers?)\b)"
            r"|\bmx records? points? to non ?existent|\bmx hosts could be found"
            r"|(?<!antwortet )(?<!antwortet gar )\bkeine?n? (?:gültige[nr]? )?(?:mailserver|mx)\b"
            r"|\bweder (?:einen? |ein )?mx\b"
            rf"(?!(?: \S{{1,80}})? {_REACHABLE})"
        ),
        without=_OF_ANOTHER_DOMAIN,
    ),
    Rule(
        ("mail-server-address-invalid",),
        (
            "address family mismatch",
            "numeric domain name in resource data",
            "lowest numbered mx record points to local host",
            "best preference mx",
            "illegal host/domain name",
            "malformed or unexpected name server reply",
            "(invalidly) to ip addresses",
            "remote host address is the local host",
            "loops back",
            "loop detected in dns",
            "mx loop",
            "mx record is an ip address",
            "illegal ip address",
        ),
        "mail for example.org loops back to myself",
        without=("hops", "hop count"),
    ),
    Rule(
        ("mail-server-address-invalid",),
        ("mx",),
        "unroutable MX for example.org",
        pattern=Pattern(
            r"\b(?:invalid|illegal|bad|bogus|unroute?able|ungültige[rn]?) mx\b"
            r"|\bmx (?:muss ein|must be an?) (?:host|server)"
        ),
        without=("sender",),
    ),
    Rule(
        ("dns-failure",),
        (
            "servfail",
            "server failure",
            "dns server returned general failure",
            "dns soft error",
            "dns query failed",
            "dns query has failed",
            "dns lookup failed",
            # qmail (#4.1.2), as against "couldn't find any host named" (#5.1.2)
            "couldn't find any host by that name",
            "mx record lookup failed",
            "server misbehaving",
            "eai_again",
            "wsatry_again",
            # glibc in other languages
            "temporärer fehler bei der namensauflösung",
            "échec temporaire dans la résolution du nom",
            "fallo temporal en la resolución del nombre",
            "temporaneo nella risoluzione del nome",
            # Node.js, in the names of c-ares.
            "etimeout",
            "eservfail",
            "erefused",
            "4.4.312",
            "5.4.312",
        ),
        "DNS lookup of example.org failed: SERVFAIL",
        without=_FOUND_NOTHING,
    ),
    Rule(
        ("dns-failure",),
        (
            *("temporary", "transient", "dns", "name server", "nameserver"),
            *("lookup", "resolution failure", "look up mx", "looking up mx"),
            *("namensauflösung", "namen auflösung"),
        ),
        "Temporary DNS failure",
        pattern=Pattern(
            r"\b(?:temporary|transient) (?:(?:failure|error|problem) (?:in )?)?"
            r"(?:dns|name ?server|(?:(?:host ?)?name|host|mx) lookup|(?:name )?resolution"
            r"|resolving)\b"
            r"|\b(?:dns|name ?server|lookup)(?: (?:query|request|server|lookup|resolution))?"
            r"(?: has)?:? time(?:d )?out"
            r"|\b(?:dns(?: lookup| resolution)?|name resolution) ?"
            r"(?:error|failure|fehler|problem)\b"
            r"|lookup (?:failed temporarily|deferred|did not complete)"
            r"|(?<!temporary )lookup failure"
            r"|\bdnslookup failed|\b(?:failed to look ?|error looking )up (?:the )?mx"
            r"|\b(?:dns|name ?)(?: ?server)? (?:did not|didn't|does not|doesn't) (?:respond|answer)"
            r"|\bno response from (?:the )?(?:dns|name ?server)"
            r"|\b(?:dns|namens?) ?(?:auflösung|abfrage|anfrage)[^.:]{0,60}?"
            r"\b(?:fehl|gescheitert|scheiter|schlug|nicht|unmöglich|timeout)"
            r"|\b(?:erreur|erro|error|errore) (?:de |del |di )?dns\b"
        ),
        without=_FOUND_NOTHING,
    ),
    Rule(
        ("dns-failure",),
        ("temporary lookup failure",),
        "Temporary lookup failure",
        # Postfix says so of its own tables.
        without=("4.3.0",),
    ),
    Rule(
        ("dns-failure",),
        ("servfail",),
        "Host or domain name not found. Name service error for name=mx.example.org type=AAAA: "
        "SERVFAIL",
        pattern=Pattern(r"\btype=\w{1,8}: servfail\b"),
    ),
    _of_windows("dns-failure", ("11002",), "getaddrinfo: WSA error 11002"),
    Rule(
        ("dns-failure",),
        ("host not found, try again",),
        "Host or domain name not found. Name service error for name=example.org type=A: "
        "Host not found, try again",
    ),
    Rule(
        ("domain-not-found",),
        (
            "nxdomain",
            "domain name not found",
            "domain not found",
            "domain does not exist",
            "unrouteable address",
            "unroutable address",
            "host unknown",
            "couldn't find any host",
            "unknown host",
            "host not found",
            "no such host",
            "name or service not known",
            "nodename nor servname",
            "no address associated with",
            "name service error",
            "invalid domain name",
            "bad destination system",
            "bad destination host",
            "enotfound",
            "dns domain",
            # What programs and systems say of a host: Java, Python, PHP, musl, Outlook, glibc
            "unknownhostexception",
            "getaddrinfo failed",
            "name does not resolve",
            "0x800ccc0d",
            "remote name could not be resolved",
            "host ist unbekannt",
            "kein solcher host bekannt",
            "name oder der dienst ist nicht bekannt",
            "nom distant n'a pas pu être résolu",
            "nom ou service inconnu",
            "resolver el nombre remoto",
            "nombre o servicio desconocido",
            "nome remoto não pôde ser resolvido",
            "risolvere il nome remoto",
            "host sconosciuto",
            "nome o servizio sconosciuto",
            "externe naam kan niet worden omgezet",
            "nieznany host",
            "nazwy zdalnej",
            "infodomainnonexistent",
            "wsahost_not_found",
            "onbekende host",
        ),
        "Host or domain name not found. Name service error for name=example.org type=A: "
        "Host not found",
        without=_ANOTHER_NAME,
    ),
    Rule(
        ("domain-not-found",),
        (
            *("resolve", "unknown", "unrouteable", "unroutable", "no such", "non existent"),
            *("nonexistent", "konnte nicht", "unbekannte", "résoudre", "hôte", "host"),
            "find",
        ),
        "Cannot resolve host name example.org",
        pattern=Pattern(
            r"\b(?:(?:cannot|can't|not|couldn't|unable to|failed to) resolve"
            r"|(?<!certificate: )(?:unknown|unroute?able|no such|non ?existent) "
            r"(?:(?:mail|recipient|destination) )?domain"
            r"|(?:host(?:name)?|server(?:name)?|remotename|rechnername)\b[^.:]{0,60}? "
            r"(?:(?:konnte|kann) )?nicht (?:aufgelöst|gefunden|auflösbar|aufzulösen)"
            r"|(?:domain|host|name)\b[^.:]{0,60}? (?:can't|cannot|couldn't|could not) be resolved"
            r"|(?:can't|cannot|couldn't|could not) find (?:the )?host"
            r"|unbekannte[rn]? (?:domain|domäne|host|rechner)"
            r"|impossible de résoudre|hôte (?:est )?inconnu|host (?:es )?desconocido)\b"
        ),
        without=_ANOTHER_NAME,
    ),
    _of_windows("domain-not-found", ("11001",), "SMTP error: socket error # 11001"),
)

_NO_SERVER = (
    r"(?:(?:an?|the|its|eine?n?|die|den) )?"
    r"(?:\d{1,3}\.\d|ip\b|localhost|local|loopback|private?|reserved|lokale|interne|itself|sich"
    r"|(?:the )?(?:sending|own) host|my(?:self)?\b)"
)

_DOMAIN = (
    "domain",
    "empfängerdomäne",
    "domäne",
    "dominio",
    "domínio",
    "ドメイン",
)

DOMAINS = (
    # Amazon SES, Gmail and others; "invalid domain" alone may be said of the sender's.
    Rule(
        ("domain-not-found",),
        ("invalid domain",),
        "550 5.4.4 Invalid domain",
        pattern=Pattern(r"\b5\.4\.4\b[^\n.]{0,40}?\binvalid domain"),
    ),
    Rule(
        ("domain-not-found",),
        _DOMAIN,
        "Die DNS-Domäne example.org ist nicht vorhanden.",
        pattern=Pattern(
            rf"\b(?:{'|'.join(_DOMAIN)}|domaine)\b[^.:]{{0,60}}?"
            r"\b(?:does not exist|doesn't exist|not found|wasn't found|be found|in dns\b"
            r"|existiert nicht|nicht vorhanden|nicht gefunden|n'existe pas|introuvable|no existe"
            r"|não existe|não foi encontrado|non esiste|non trovato)"
            r"|\bdomain(?: part of the address)?(?: xxx\S{1,80})? (?:is )?"
            r"(?:unknown|not (?:registered|valid))\b(?! (?:for|here|to|with)\b)"
            r"|\bdomain part of the address is (?:invalid|wrong|misspelled)\b"
            r"|\bno se (?:ha )?encontr(?:ó|ado) el dominio\b|ドメイン(?:名)?が見つか"
        ),
        without=("sender", "user", "recipient", "mailbox", "account", "helo", "ehlo", "benutzer"),
    ),
    Rule(
        ("mail-server-address-invalid",),
        ("points", "resolves to", "mx"),
        "MX record of example.org points to 127.0.0.1",
        pattern=Pattern(
            rf"\bmx\b[^.]{{0,60}}? (?:points (?:to|back)|(?:zeigt|verweist) auf) {_NO_SERVER}"
            rf"|\bmx\b[^.]{{0,80}}? auf {_NO_SERVER}[\w.]{{0,20}} (?:zeigt|verweist)\b"
            r"|\b(?:points|resolves) to (?:127\.|(?:an? |the )?(?:local|loopback|private|reserved))"
        ),
    ),
)

_SECURELY = r"(?:securely|(?:over|using|via|with) (?:an? )?(?:encrypt|secure|ssl|starttls|tls))"

REACHING = (
    Rule(
        ("not-smtp",),
        (
            "response longer than",
            "input too long",
            "remote host sent too much data",
            "reply code out of range",
            "malformed smtp",
            "http/1.",
            "ssh 2.0",
            "banner ssh",
        ),
        "Invalid greeting. response=HTTP/1.1 400 Bad Request",
    ),
    # An answer with a code is one of SMTP.
    Rule(
        ("not-smtp",),
        (
            *("not an", "speak", "invalid smtp", "invalid response", "invalid reply", "malformed"),
            *("unexpected", "bad", "non smtp", "smtp protocol error"),
        ),
        "example.org is not an SMTP server",
        pattern=Pattern(
            r"\b(?:not an? e?smtp (?:server|service)|(?:not|doesn't|didn't) speak e?smtp"
            r"|(?:invalid|malformed|unexpected|bad|non) smtp (?:greeting|banner|response|reply)"
            r"|non smtp (?:server|service)"
            r"|(?:unexpected|bad|malformed) (?:greeting|banner|(?:response|reply) from)"
            r"|malformed (?:response|reply)"
            r"|invalid (?:response|reply) to (?:the )?greeting"
            r"|smtp protocol error in the greeting)\b"
            r"(?![^\n]{0,80}?[:'= ][45]\d\d[ -])"
        ),
        without=("dns", "name server", "policy"),
    ),
    Rule(
        ("temporarily-refused",),
        (
            *("refused to talk to me", "initial connection", "greeting"),
            *("ehlo rejected", "banner rejected", "helo rejected", "after ehlo", "after helo"),
        ),
        "host mx.example.org[192.0.2.1] refused to talk to me: 421 4.3.2 Service not available",
        pattern=Pattern(
            r"(?:refused to talk to me|initial connection|greeting|(?:ehlo|helo|banner) rejected"
            r"|after (?:ehlo|helo))[^\n]{0,160}?[:'= ]4\d\d[ -]"
        ),
    ),
    Rule(
        ("greeting-refused",),
        (
            "refused to talk to me",
            "but my name was rejected",
            "invalid greeting",
            "not accepting messages",
            "after initial connection",
            *("after ehlo", "after helo"),
        ),
        "host mx.example.org[192.0.2.1] refused to talk to me: 554 5.3.2 No service for you",
        strength=Strength.GENERAL,
        without=("smtp timeout", "timed out"),
    ),
    Rule(
        ("greeting-refused",),
        ("greeting", "banner", "ehlo", "helo"),
        "mx.example.org rejected our greeting",
        pattern=Pattern(
            r"\b(?:(?:greeting|banner|ehlo|helo) (?:was )?(?:refused|rejected|failed|error)"
            r"|(?:refused|rejected) (?:our |the )?(?:greeting|banner|ehlo|helo))\b"
        ),
        strength=Strength.GENERAL,
        without=("smtp timeout", "timed out"),
    ),
    Rule(
        ("connection-timeout",),
        (
            "timeout waiting",
            "timeout while",
            "timeout after",
            "i/o timeout",
            "readtimeout",
            "opentimeout",
            "greeting never received",
            "conversation with",
            "execution expired",
            "etimedout",
            "did not properly respond after a period",
            "failed to respond",
            "not responding",
            ": timeout",
            ". timeout",
            "timed out",
            "timeout connecting",
            "keine antwort von",
            "aucune réponse",
            "zeitlimit",
            "(timeout",
            "zeitüberschreitung",
            "verbindungstimeout",
            "verbindungs timeout",
            "wartezeit",
            "nicht richtig reagiert",
            "expiration du délai",
            "délai d'attente",
            "temps limite",
            "tiempo de conexión",
            "tiempo de espera",
            "tempo limite",
            "tempo esgotado",
            "fuori tempo massimo",
            "タイムアウト",
        ),
        "delivery temporarily suspended: conversation with mx.example.org timed out",
        without=("retry timeout", "message timed out", "authentication", "verification"),
    ),
    Rule(
        ("connection-timeout",),
        (
            "connect",
            "operation",
            "read",
            "write",
            "session",
            "network",
            "socket",
            "smtp",
            "esocket",
        ),
        "connect to mx.example.org[192.0.2.1]:25: Connection timed out",
        pattern=Pattern(
            r"\b(?:connect|connection|operation|read|write|session|network|e?socket|smtp) ?"
            r"(?:has )?timed? ?out"
        ),
    ),
    Rule(
        ("connection-timeout",),
        (
            *(
                "did not",
                "didn't",
                "does not",
                "not answering",
                "no response from",
                "antwortet nicht",
                "ne répond pas",
            ),
            *("n'a pas répondu", "no responde", "não responde", "non risponde"),
            *("délai de connexion dépassé", "agotó el tiempo", "tempo scaduto"),
        ),
        "mx.example.org did not respond in time",
        pattern=Pattern(
            r"\b(?:(?:(?<!dns )(?<!name )(?:server|host|peer)(?: \S{1,80})?|x{4,255}) "
            r"(?:did not|didn't|does not|doesn't|is not|isn't) (?:respond|answer(?:ing)?)"
            r"|(?:did not|didn't) (?:respond|answer) (?:in time|within)"
            r"|no response from(?! (?:the )?(?:dns|name ?server|policy))|antwortet nicht"
            r"|ne répond pas|n'a pas répondu|no responde|não responde|non risponde"
            r"|délai de connexion dépassé|se agotó el tiempo|tempo scaduto)\b"
        ),
    ),
    _of_windows("connection-timeout", ("10060",), "Winsock error code 10060"),
    Rule(
        ("connection-failed",),
        (
            "connection could not be established",
            "connectionreset",
            "connectionrefused",
            "connectionclosed",
            "connectionaborted",
            "disconnected",
            "actively refused",
            "econnrefused",
            "econnreset",
            "epipe",
            "ehostunreach",
            "enetunreach",
            "broken pipe",
            "read error from",
            "host is unreachable",
            "host unreachable",
            "network is unreachable",
            "network unreachable",
            "network error",
            "no route to host",
            "connect error",
            "connect() failed",
            "not accept our requests to connect",
            "not accepting connections",
            "bad connection",
            "in the pull function",
            "socket error",
            "socketerror",
            "socket closed",
            "no smtp servers were available",
            "4.4.316",
            "5.4.316",
            "forcibly closed",
            "verbindung wurde",
            "verbindungsaufbau abgelehnt",
            "keine route",
            "keine verbindung",
            "nicht erreichbar",
            "have been failing",
            "no mail server was reachable",
            "all hosts unreachable",
            "hung up",
            "lost while",
            "connect failed",
            "connexion refusée",
            "échec de la connexion",
            "connexion impossible",
            "injoignable",
            "impossibile connettersi",
            "no se pudo establecer la conexión",
            "impossible d'établir",
            "conexión rechazada",
            "no se puede conectar",
            "error al conectar",
            "impossible de se connecter",
            "no se pudo conectar",
            "conexão recusada",
            "não foi possível conectar",
            "falha ao conectar",
            "接続できません",
            "接続に失敗",
            "接続が拒否",
        ),
        "connect to mx.example.org[192.0.2.1]:25: No route to host",
        strength=Strength.GENERAL,
        without=("tls connection reset",),
    ),
    Rule(
        ("connection-failed",),
        (
            *("connect", "open", "establish", "contact", "reach", "error talking"),
            *("error communicating", "server is down", "host is down", "network is down"),
            "verbindung",
        ),
        "connect to mx.example.org[192.0.2.1]:25: Connection refused",
        strength=Strength.GENERAL,
        pattern=Pattern(
            r"\bconnection (?:attempt )?(?:to [^.:\n]{1,60}? )?(?:got |has |have |was |is )?"
            r"(?:(?:been|abruptly|actively|prematurely|unexpectedly) ){0,2}"
            r"(?:refused|reset|failed|failure|error|problem|lost|closed|dropped|died|broken|aborted|interrupted"
            r"|terminated|went away|(?:rejected|denied)(?! (?:by (?!remote|peer)|due|because|for)))"
            r"|\b(?:closed|dropped|lost|refused|reset) (?:its |the )?connection"
            r"|\b(?:can't|could not|couldn't|unable to|failed to|(?:not|wasn't) able to) "
            rf"(?:connect\b(?! {_SECURELY})"
            r"|(?:contact|reach)\b(?! (?:(?:a|an|the) )?(?:agree|dns|name|policy|sts))"
            r"|(?:establish|open) (?:an? |the )?(?:(?:smtp|tcp) )?connection)"
            r"|\bcannot (?:contact|reach)\b(?! (?:(?:a|an|the) )?(?:agree|dns|name|policy|sts))"
            r"|\b(?:cannot|not) establish (?:an? )?(?:(?:smtp|tcp) )?connection"
            r"|\b(?:failed|error) (?:connecting|establishing (?:an? |the )?connection)\b"
            r"|\berror (?:talking to|communicating with)\b"
            r"|\b(?:server|host|network) is down\b|\bverbindungsfehler\b"
            r"|(?<!tls )(?<!ssl )(?<!verschlüsselte )(?<!sichere )\bverbindung(?:saufbau)? "
            r"(?:zu[mr]? [^.:\n]{1,60}? )?(?:wurde|konnte nicht(?! verschl)|abgebrochen|abgelehnt"
            r"|fehlgeschlagen|geschlossen|getrennt|unterbrochen|verweigert)\b"
        ),
        without=("tls connection reset",),
    ),
    # Systems in other languages, around a host's name or behind it
    Rule(
        ("connection-failed",),
        ("verbindung", "connexion", "conexión", "connessione", "verbinding", "połączeni"),
        "Verbindung zu mx.example.org verweigert",
        pattern=Pattern(
            r"\b(?:verbindung|connexion|conexión|verbinding)\b(?:[^.:]|:\d){0,80}?"
            r"\b(?:verweiger|abgelehnt|refusée|rehusada|denegó|geweigerd)"
            r"|\bconnessione\b[^:]{0,20}?\brifiut"
            r"|\bpołączeni[ae]\b[^.:]{0,60}?\b(?:odrzucone|odmawia)"
        ),
        strength=Strength.GENERAL,
        without=("tls", "ssl"),
    ),
    _of_windows(
        "connection-failed",
        ("10061", "10054", "10053", "10065", "10051"),
        "[Message=Socket error code 10061]",
        Strength.GENERAL,
    ),
    # Exchange 2003 says of any failure that the recipients could not be reached.
    Rule(
        ("connection-failed",),
        ("be reached",),
        "The recipient's server mx.example.org could not be reached",
        pattern=Pattern(
            r"(?:\b(?:server|host|mx)\b[^.:]{0,60}?|xxxx) "
            r"(?:could not|couldn't|cannot|can't) be reached"
        ),
        without=("user", "mailbox"),
        strength=Strength.GENERAL,
    ),
    # What Exchange puts around any cause, and what others say of any failure to connect.
    Rule(
        ("connection-failed",),
        (
            "cannot connect",
            "cannot establish session",
            "4.4.317",
            "5.4.317",
            "verbindung zum",
            "herstellen der verbindung",
        ),
        "450 4.4.317 Cannot establish session with remote server",
        strength=Strength.GENERAL,
    ),
    Rule(
        ("temporarily-refused",),
        (
            "service not available",
            "server busy",
            "too busy",
            "closing transmission channel",
            "closing connection",
            "service closing",
            "not accepting network messages",
            "vorübergehend nicht verfügbar",
        ),
        "421 4.3.2 mx.example.org Service not available, closing transmission channel",
        strength=Strength.GENERAL,
        pattern=Pattern(r"\b421\b|refused to talk|4\.3\.2"),
    ),
)
