"""What a receiving server minds that has nothing to do with TLS."""

from checker.bounce.model import Kind
from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

_NOT_TLS = ("not-tls",)

# What a server says of the sender's names, in words that elsewhere mean the recipient's.
OF_THE_SENDER = (
    Rule(
        _NOT_TLS,
        (
            "sender address rejected",
            "sender verify failed",
            "sender domain",
            "sender's domain",
            "sender rejected",
            "sender denied",
            "sender not",
            "invalid sender",
            "bad sender",
            "domain of sender",
            "envelope sender",
            "client host rejected",
            "cannot find your reverse",
            "your host",
            "your server",
            "your mail server",
            "reverse dns",
            "reverse lookup",
            "reverse hostname",
            "rdns",
            "ptr record",
            "no ptr",
            "helo command rejected",
            "helo/ehlo",
            "invalid helo",
            "bad helo",
            "access denied",
            "relaying denied",
            "relay denied",
            "relay not permitted",
            "relaying not",
            "not permitted to relay",
            "not allowed to relay",
            "unable to relay",
            "insecure mail relay",
            "through this server without auth",
            "authentication required",
            "authentication is required",
            "authentication unsuccessful",
            "authentication credentials",
            "authentication failure",
            "smtp auth",
            "requires authentication",
            "sasl authentication",
            "you are not allowed",
            "you are not authorized",
            "to send as this sender",
            "spf ",
            " spf",
            "dkim",
            "dmarc",
        ),
        "450 4.1.8 <anna@example.org>: Sender address rejected: Domain not found",
        kind=Kind.POLICY,
        without=(
            *("tls", "ssl routines", "certificate", "rejected: 421", "connection encryption type"),
            "duplicate header",
            "454 4.7.0 authentication failure",
        ),
        in_reply=True,
    ),
)

# A reply with the code of a mailbox and its words is about the mailbox, whatever else it mentions.
OF_THE_MAILBOX = (
    Rule(
        _NOT_TLS,
        ("unknown", "no such", "not exist", "not found", "disabled"),
        "550 5.1.1 User unknown, and a TLS error was noted",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            r"\b[45]\d\d[ -][45]\.(?:1\.1|2\.1)\b[^\n]{0,200}?"
            r"\b(?:unknown user|user unknown|no such|not exist|not found|disabled)"
        ),
        in_reply=True,
    ),
    # Exchange Online says so of addresses that its directory does not hold.
    Rule(
        _NOT_TLS,
        ("recipient address rejected: access denied",),
        "550 5.4.1 Recipient address rejected: Access denied. [AM0]",
        kind=Kind.UNKNOWN_USER,
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        ("full", "quota"),
        "552 5.2.2 Mailbox full, and a TLS error was noted",
        kind=Kind.MAILBOX_FULL,
        pattern=Pattern(r"\b[45]\d\d[ -][45]\.2\.2\b[^\n]{0,200}?\b(?:full|quota)"),
        in_reply=True,
    ),
)

# What a filter minds in the message may itself be about TLS.
OF_THE_CONTENT = (
    Rule(
        _NOT_TLS,
        ("spam", "content", "virus", "attachment"),
        'Message rejected due to content restrictions: subject "TLS certificate expired"',
        kind=Kind.SPAM,
        pattern=Pattern(
            r"\b(?:rejected|refused|blocked|denied)\b[^.:]{0,40}"
            r"\b(?:spam|content|virus|attachment)"
            r"|\bcontains? [^.:]{0,20}\b(?:spam|virus|encrypted attachment)"
        ),
        in_reply=True,
        without=("tls required", "tls is required"),
    ),
)

# How the session was secured may stand beside, as an aside.
BY_POLICY = (
    Rule(
        _NOT_TLS,
        ("policy",),
        "554 5.7.1 Refused by local policy (TLSv1.3, certificate not verified)",
        kind=Kind.POLICY,
        pattern=Pattern(
            r"\b5\d\d[ -]5\.7\.\d{1,3} [^.(]{0,60}\b(?:refused|rejected|denied|blocked)"
            r"[^.(]{0,20}\bby [^.(]{0,30}\bpolic(?:y|ies)\b"
        ),
        without=("mta sts", "tls policy", "encryption policy", "tls required", "tls is required"),
        in_reply=True,
    ),
)

# Of its own addresses Exim says so when no way leads to the domain; a reply means the user.
UNROUTEABLE_USER = (
    Rule(
        _NOT_TLS,
        ("unrouteable address", "unroutable address"),
        "550 Unrouteable address",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(r"\b[45]\d\d[ -][^\n]{0,80}unroute?able address"),
        in_reply=True,
    ),
)

IN_OTHER_WORDS = (
    Rule(
        _NOT_TLS,
        (
            "postfach",
            "mailbox",
            "boîte",
            "boite",
            "buzón",
            "casella",
            "cassetta",
            "postvak",
            "skrzynka",
            "caixa",
            "speicher",
        ),
        "La casella di posta del destinatario è piena",
        kind=Kind.MAILBOX_FULL,
        pattern=Pattern(
            r"\b(?:postfach(?:e?s)?|mailbox|bo[iî]te|buzón|casella|cassetta|postvak|skrzynka"
            r"|caixa)\b[^.]{0,60}?\b(?:voll|überfüllt|erschöpft|größenbe(?:grenzung|schränkung)|pleine|saturée"
            r"|llen[oa]|pien[oa]|vol|pełna|chei[oa])\b"
            r"|\bspeicher(?:platz|volumen|limit|grenze)\b[^.]{0,40}?\b(?:überschritten|ueberschritten"
            r"|erreicht|erschöpft|voll)\b"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "adresse",
            "empfänger",
            "benutzer",
            "konto",
            "postfach",
            "adressat",
            "e mailadres",
            "utilisateur",
            "destinataire",
            "usuario",
            "dirección",
            "endereço",
            "indirizzo",
            "utente",
            "destinatario",
            "adresu",
        ),
        "Die E-Mail-Adresse anna@example.org ist unbekannt.",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            r"\b(?:adresse|empfänger(?! server)|benutzer|konto|postfach|adressat|e mailadres"
            r"|utilisateur|destinataire|usuario|destinatario|dirección"
            r"|endereço|utente|indirizzo)\b[^.]{0,60}?"
            r"\b(?:unbekannt|nicht (?:bekannt|vorhanden|gefunden|verfügbar)|existiert nicht"
            r"|ungültig|inconnue?|introuvable|invalide|inexistante?"
            r"|n'existe pas"
            r"|desconocid[oa]|no existe|no se (?:ha )?encontr|desconhecid[oa]|não existe"
            r"|não (?:foi )?encontrad[oa]|sconosciut[oa]|inesistente|non esiste|non trovat[oa]"
            r"|onbekend|bestaat niet|niet gevonden)"
            r"|\b(?:unbekannter|ungültiger) (?:benutzer|empfänger)"
            r"|\b(?:konto|postfach|mailbox)\b[^.]{0,20}?\b(?:gesperrt|deaktiviert|zablokowane)"
            r"|\bno existe (?:ese|el) usuario|\bno se (?:ha )?encontr(?:ó|ado) la dirección"
            r"|\bnessun utente|\bnie znaleziono\b[^.]{0,40}adresu"
        ),
        in_reply=True,
    ),
)

# A server has an address as well; "Address not available" is of a network.
_HOLDER = r"(?:(?:mail ?box|account|user|recipient|addressee|alias|local part)s?)"
_ADDRESS = r"(?:(?<!server )(?<!host )(?<!ip )address)"
_NAMED = r"(?: \(? ?<?x{5,64}>?(?: ?\))?| you entered| (?:that )?you tried to reach| or domain)?"
_BEING = r"(?:,? (?:is|are|was|were|has|would|been|be|currently|temporarily|now)){0,3}"

REFUSALS = (
    Rule(
        _NOT_TLS,
        (
            "greylist",
            "graylist",
        ),
        "450 4.2.0 <anna@example.org>: Recipient address rejected: Greylisted",
        kind=Kind.GREYLISTING,
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        ("mailbox", "mail box", "inbox", "mailfolder", "account", "quota", "storage", "space"),
        "552 5.2.2 Mailbox full, the user is over quota",
        kind=Kind.MAILBOX_FULL,
        pattern=Pattern(
            rf"\b(?:mail ?box|inbox|mail ?folder|account)(?: for user| of)?{_NAMED}{_BEING}"
            r" (?:full\b|overquota"
            r"|exceed(?:s|ed)?(?: (?:the|its|local|maximum|allowed)){1,3} (?:limit|size|storage))"
            r"|\b(?:over|out of|exceed(?:s|ed|ing)?|(?:not|not have) enough|insufficient)"
            r"(?: (?:the|its|their|his|allowed|hard|user|email|mailbox|disk|storage|account)){0,3}"
            r" (?:quota(?! for sending)|storage\b|space\b|diskspace)"
            r"|(?<!message )(?<!sending )(?<!transfer )(?<!\w)quota(?: (?:usage|limit|is)){0,2}"
            r" (?:exceed|full\b|reached|violation|überschritten)"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "overquota",
            "mailbox size limit",
            "mailbox limit",
            "quotaexceeded",
            "exhausted allowed storage",
            "storage limit",
            "storage full",
            "no space left",
            "too much mail data",
            "too many messages on the server",
            "zuviele mails",
            "メールボックスがいっぱい",
        ),
        "552 5.2.2 anna@example.org: recipient storage full, try again later",
        kind=Kind.MAILBOX_FULL,
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        ("exceed",),
        "552 5.3.4 Your message exceeded the mail system's size limits",
        kind=Kind.SIZE,
        pattern=Pattern(r"\bexceed(?:s|ed|ing)? (?:[a-z']{1,13} ){0,4}?size\b"),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "message exceeds",
            "message is larger",
            "message size limit",
            "message header size",
            "message length exceeds",
            "maximum message size",
            "maximum size",
            "max message size",
            "size exceed",
            "size limit exceeded",
            "exceeds maximum",
            "exceeds fixed",
            "exceeds limit",
            "too big",
            "too large",
            "mail size limit",
            "line too long",
            "zu groß",
            "nachrichtengröße",
            "trop volumineux",
            "demasiado grande",
        ),
        "552 5.3.4 Message size exceeds fixed limit",
        kind=Kind.SIZE,
        in_reply=True,
        without=("header too large",),
    ),
    Rule(
        _NOT_TLS,
        ("too many",),
        "421 4.7.0 Too many connections from your address",
        kind=Kind.RATE,
        pattern=Pattern(
            r"\btoo many (?:(?!unwanted)[a-z]{1,12} ){0,3}?"
            r"(?:connections|sessions|messages|e ?mails?|mails?|recipients"
            r"|rcpts?|errors|commands|users|attempts|requests|deliveries)\b"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "rate limit",
            "limit exceeded for",
            "throttl",
            "too much mail from",
            "thread limit",
            "has exceeded a limit",
            "too quickly",
            "connection limit",
            "connection frequency",
            "connection rate",
            "maximum number of",
            "messages per",
            "emails per",
            "daily limit",
            "daily sending",
            "sending limit",
            "sending rate",
            # SendGrid
            "exceeded your messaging limits",
            "quota for sending",
            "slow down",
            "receiving mail at a rate",
            "unusual rate",
            "resources temporarily",
            # Exchange Online
            "server busy. please try again later from",
            "try again slower",
            "frequency limited",
            "trop de connexions",
            "zu viele",
        ),
        "421 4.7.0 Too many connections from your address, slow down",
        kind=Kind.RATE,
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "mailbox",
            "mail box",
            "account",
            "user",
            "recipient",
            "address",
            "alias",
            "local part",
            "person",
            "customer",
        ),
        "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in virtual table",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            rf"\b(?:{_HOLDER}|{_ADDRESS}(?:es)?)(?: rejected\b(?!: (?:server config|try again))"
            rf"|{_NAMED}{_BEING} (?:unknown|invalid|inactive|disabled|no longer|wasn't found"
            r"|(?:could not|couldn't|cannot|can't) be found"
            r"|not (?:activated|active|exists?|found|known|listed|ok|present|valid))\b)"
            rf"|\b{_HOLDER}{_NAMED}{_BEING} (?:suspended|locked|closed|terminated|deactivated"
            r"|frozen|expired|unavailable|not (?:available|local))\b"
            r"|\bmailbox(?: (?:is|has been))? blocked\b"
            r"|\b(?:no|not an?|not our|unknown|invalid|bad|illegal|inactive|undeliverable"
            r"|unroutable)(?: (?:such|valid|active|local|known|virtual|final|delivery|destination"
            rf"|email|e mail|or illegal)){{0,3}} (?:{_HOLDER}|{_ADDRESS}|person|customer)"
            r"(?:e?s|id)?\b(?! (?:record|associated|family))"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            ") unknown",
            "no longer valid",
            "no longer in use",
            "not listed in",
            "not exist",
            "doesn't exist",
            "does not have an account",
            "recipient cannot be verified",
            "recipient verify fail",
            "user doesn't have",
            "user has moved",
            "deactivated mailbox",
            "resolver.adr",
            "wasn't found at",
            "見つかりません",
            "存在しません",
        ),
        "550 5.1.1 <anna@example.org> User doesn't exist: anna@example.org",
        kind=Kind.UNKNOWN_USER,
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "spam",
            "junk mail",
            "bulk mail",
            "bulk email",
            "unsolicited",
            "phish",
            "virus",
            "malware",
            "malicious",
            "infected",
            "trojan",
            "blacklist",
            "black list",
            "blocklist",
            "block list",
            "dnsbl",
            "rbl",
            "uribl",
            "surbl",
            "barracuda",
            "sorbs",
            "abusix",
            "uceprotect",
            "cloudmark",
            "reputation",
            "blocked",
            "banned",
            "complaint",
            "(bl)",
            "listed in",
            "listed at",
            "listed by",
            "listed on",
            "abuse",
            "suspicious",
            "suspected",
            "unacceptable content",
            "content rejected",
            "content filter",
            "content denied",
            "message content",
            "rejected due to content",
            "rejected for policy",
            "bloquee",
        ),
        "554 5.7.1 Message rejected as spam",
        kind=Kind.SPAM,
        in_reply=True,
        without=("port 25 is blocked", "/spam/"),
    ),
)

REFUSALS_IN_GENERAL = (
    Rule(
        _NOT_TLS,
        (
            "policy",
            "policies",
            "accessdenied",
            "not authorized",
            "unauthorized",
            "unauthenticated",
            "authentication",
            # PHPMailer, Symfony, Roundcube and Outlook in German
            "could not authenticate",
            "failed to authenticate",
            "authentifizierung fehlgeschlagen",
            "benutzernamen und das kennwort",
            "not permitted",
            "not allowed",
            "not accepted",
            "permission",
            "prohibited",
            "restricted",
            "restriction",
            "administrative prohibition",
            "message refused",
            "rejected",
            "denied",
            "relaying",
            "to relay",
            "open relay",
            "security",
            "header error",
            "spf",
            "resolver.rst",
            "rcpthosts",
            "loop",
            "too many hops",
            "hop count",
            "moderat",
            "abgelehnt",
            "verweigert",
            "refusé",
            "rechazado",
            "rejeitad",
            "rifiutat",
        ),
        "550 5.7.1 Delivery not authorized, message refused",
        kind=Kind.POLICY,
        strength=Strength.GENERAL,
        in_reply=True,
        without=(
            "loops back",
            "mx loop",
            "dns loop",
            "connection rejected",
            "connection denied",
            "remote host address is the local host",
            "server configuration error",
            "verbindung verweigert",
            "verbindung abgelehnt",
        ),
    ),
)

OTHERS = (
    Rule(
        _NOT_TLS,
        (
            "utf8 support required",
            "smtputf8",
            "unable to run qmail remote",
            "service currently unavailable",
            "service unavailable",
            "service not available",
            "system resources",
            "insufficient system",
            "local error",
            "error in processing",
            "internal error",
            "internal server error",
            "syntax error",
            "command not",
            "bad sequence",
            "protocol error",
            "transaction failed",
            "requested action",
            "conversion required",
            "malformed",
            "duplicate header",
            "rfc 2822",
            "can't create output",
            "configuration error",
            "temporary failure",
            "temporary problem",
            "temporary local",
            "temporarily unavailable",
            "please try again",
            "try again later",
            "filter",
            "vacation",
            "bounce",
        ),
        "451 4.3.0 Requested action aborted: local error in processing",
        kind=Kind.OTHER,
        strength=Strength.WEAK,
        in_reply=True,
    ),
)
