"""What a receiving server minds that has nothing to do with TLS."""

from checker.bounce.model import Kind
from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

_NOT_TLS = ("not-tls",)

# What a server says of the sender's names, in words that elsewhere mean the recipient's.
OF_THE_SENDER = (
    # RFC 3463, section 3.2: X.1.8, whatever the sender's connection to its own provider needs.
    Rule(
        _NOT_TLS,
        ("outbound sender", "sender address"),
        "550 5.1.8 Access denied, bad outbound sender",
        kind=Kind.POLICY,
        pattern=Pattern(r"\b[45]\.1\.8\b[^\n]{0,120}?\bsender\b"),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "sender address rejected",
            "sender verif",
            "sender unknown",
            "sender is not",
            "from domain",
            "unverified client",
            "resolve your",
            "reverse host lookup",
            "ptr lookup",
            "fcrdns",
            "helo name",
            "authentication needed",
            "must be authenticated",
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
            "discourages use of this host",
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
    # A whole server that takes no mail says so as well.
    Rule(
        _NOT_TLS,
        ("not accepting", "not receiving"),
        "550 5.2.1 The mailbox is not accepting messages",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            r"\b(?:account|mail ?box|recipient|user)(?: <?x{5,64}>?)? is(?: currently)?"
            r" not (?:accepting|receiving)\b"
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

# A crossed-out name may be a host's as well as an address.
_NO_HOST = r"(?<!host )(?<!server )(?<!name )(?<!domain )\b"

IN_OTHER_WORDS = (
    Rule(
        _NOT_TLS,
        (
            *(
                "postfach",
                "posteingang",
                "mailbox",
                "postvak",
                "skrzynka",
                "speicher",
                "kontingent",
            ),
            *("boîte", "boite", "buzón", "bandeja", "casella", "cassetta", "caixa", "stockage"),
            *("ящик", "переполнен"),
        ),
        "La casella di posta del destinatario è piena",
        kind=Kind.MAILBOX_FULL,
        pattern=Pattern(
            r"\b(?:postfach(?:e?s)?|posteingang|mailbox|bo[iî]te|buzón|bandeja|casella|cassetta"
            r"|postvak|skrzynka|caixa)\b[^.]{0,60}?\b(?:(?:rand|über)?voll|läuft über|überfüllt"
            r"|erschöpft"
            r"|größenbe(?:grenzung|schränkung)|pleine|saturée|llen[oa]|pien[oa]|vol|pełna"
            r"|przepełniona|chei[oa])\b"
            r"|\bpostfach(?:e?s)?\b[^.]{0,60}?(?:limit|grenze|größe) (?:erreicht|überschritten)\b"
            r"|\b(?:speicher(?:platz|volumen|limit|grenze)?|(?:postfach|speicher)?kontingent)\b"
            r"[^.]{0,40}?\b(?:überschritten|ueberschritten|erreicht|erschöpft|ausgeschöpft|voll"
            r"|aufgebraucht)\b"
            r"|\b(?:kein|nicht (?:genügend|genug)|zu wenig)(?:en)? (?:freien? )?speicher"
            r"|\bespace de stockage (?:insuffisant|saturé)"
            r"|ящик[^.]{0,40}переполнен|переполнен[^.]{0,20}ящик"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            *(
                "adress",
                "empfänger",
                "benutzer",
                "nutzer",
                "teilnehmer",
                "mitarbeiter",
                "mailadresse",
            ),
            *("konto", "postfach", "mailbox", "existiert", "nicht gefunden", "nicht mehr"),
        ),
        "Die E-Mail-Adresse anna@example.org ist unbekannt.",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            r"\b(?:(?<!ip )(?<!absender )(?:empfänger|e?mail)?adresse(?! (?:des|du) serve)"
            r"|empfänger(?! server)|benutzer|nutzer|teilnehmer|adressat|(?:benutzer"
            r"|nutzer|mail)?konto|postfach|mailbox)\b"
            r"[^.]{0,60}?\b(?:unbekannt|ungültig|falsch|existiert (?:[a-zäöü]{1,8} ){0,3}?nicht"
            r"|nicht (?:mehr )?(?:aktiv|bekannt|gefunden|gültig|in gebrauch|verfügbar|vorhanden)"
            r"|nicht mehr (?:benutzt|genutzt|verwendet)|gibt es (?:[a-z]{1,8} ){0,2}?nicht)"
            r"|\b(?:unbekannte|ungültige)[rs]?(?: e mail)? ?"
            r"(?:adressat|benutzer|empfänger(?:adresse)?|adresse)\b"
            r"|\bkein(?:en)? (?:solche[nrs]? )?(?:benutzer|empfänger|postfach|konto)\b"
            r"|\b(?:adresse|benutzer|nutzer|(?:benutzer|nutzer|mail)?konto|postfach"
            r"|mailbox)\b[^.]{0,20}?"
            r"\b(?:abgeschaltet|deaktiviert|gelöscht|gesperrt|stillgelegt)"
            rf"|{_NO_HOST}x{{5,64}}>? (?:existiert (?:[a-zäöü]{{1,8}} ){{0,3}}?nicht"
            r"|(?:wurde|konnte) nicht gefunden)\b"
            r"|\bnicht mehr (?:beschäftigt|bei uns|hier|im unternehmen|in unserem unternehmen)\b"
            r"|\bmitarbeiter\b[^.]{0,40}?\bverlassen\b"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            *("adresse", "utilisateur", "destinataire", "compte", "boîte", "usuario", "usuário"),
            *("destinatario", "destinatário", "dirección", "buzón", "cuenta", "endereço", "caixa"),
            *("conta", "indirizzo", "utente", "casella", "account"),
            *("n'existe", "no existe", "não existe", "non esiste"),
        ),
        "El usuario no existe",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            r"\b(?:adresse(?! du serve)|utilisateur|destinataire|compte|boîte|usuario|destinatario"
            r"|dirección|buzón|cuenta|usuário|destinatário|endereço|caixa|conta|utente|indirizzo"
            r"|casella|account)\b[^.]{0,60}?"
            r"\b(?:inconnue?|introuvable|(?:in|non )valide|inexistante?|désactivée?|supprimée?"
            r"|n'(?:existe (?:pas|plus)|est plus (?:utilisée?|valide))|a quitté"
            r"|desconocid[oa]|ya no existe|no (?:existe|(?:fue )?encontrad[oa]|es válid[oa])"
            r"|no se (?:ha )?encontr|(?:suspendid|desactivad|eliminad)[oa]"
            r"|desconhecid[oa]|não existe|não (?:foi )?encontrad[oa]|desativad[oa]|inexistente"
            r"|sconosciut[oa]|inesistente|non (?:esiste|è stato trovato|trovat[oa]|valid[oa])"
            r"|disattivat[oa])"
            rf"|{_NO_HOST}x{{5,64}}>? (?:n'existe (?:pas|plus)|n[oã]o? existe|non esiste)\b"
            r"|\bno existe (?:ese|el) usuario|\baucun utilisateur|\bnessun utente"
            r"|\bno se (?:ha )?encontr(?:ó|ado) (?:al?|la|el)"
            r" (?:dirección|usuario|destinatario|cuenta|buzón)"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            *("adres", "e mailadres", "account", "mailbox", "gebruiker", "ontvanger"),
            *("użytkowni", "konto", "skrzynka", "odbiorca"),
            *("адресат", "пользовател", "получател", "ящик"),
            *("用户", "收件人", "邮箱"),
        ),
        "De gebruiker bestaat niet",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            r"\b(?:(?:e mail)?adres|account|mailbox|gebruiker|ontvanger|użytkownik"
            r"|konto|skrzynka)\b"
            r"[^.]{0,60}?\b(?:onbekend|bestaat niet|niet (?:gevonden|meer in gebruik)"
            r"|nie istnieje|zablokowane)"
            r"|\bonbekende (?:gebruiker|ontvanger)"
            r"|\b(?:nieznany (?:użytkownik|odbiorca)|odbiorca nieznany)"
            r"|\bnie ma takiego użytkownika"
            r"|\bnie znaleziono\b[^.]{0,40}adresu"
            r"|(?:адресат|пользовател|получател|ящик)[^.]{0,40}"
            r"(?:не (?:зарегистрирован|найден|существует)|заблокирован)"
            r"|неизвестный (?:пользовател|получател)"
            r"|(?:用户|收件人|邮箱)[^。]{0,10}(?:不存在|未找到)"
        ),
        in_reply=True,
    ),
)

# A server has an address as well; "Address not available" is of a network.
_HOLDER = r"(?:(?:mail ?box|account|user|recipient|addressee|alias|local part)s?)"
_ADDRESS = r"(?:(?<!server )(?<!host )(?<!ip )address)"
_NAMED = (
    r"(?: \(? ?<?x{5,64}>?(?: ?\))?| you (?:entered|wrote to)| (?:that )?you tried to reach"
    r"| or domain)?"
)
_BEING = r"(?:,? (?:is|are|was|were|has|would|been|be|currently|temporarily|now)){0,3}"

REFUSALS = (
    Rule(
        _NOT_TLS,
        (
            "greylist",
            "graylist",
            "grey list",
            "gray list",
            "postgrey",
            "unknown sender network",
        ),
        "450 4.2.0 <anna@example.org>: Recipient address rejected: Greylisted",
        kind=Kind.GREYLISTING,
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            *("mailbox", "mail box", "inbox", "mailfolder", "account", "quota", "storage", "space"),
            *("over its limit", "cuota", "cota "),
        ),
        "552 5.2.2 Mailbox full, the user is over quota",
        kind=Kind.MAILBOX_FULL,
        pattern=Pattern(
            rf"\b(?:mail ?box|inbox|mail ?folder|account)(?: for user"
            rf"| of(?: [a-z]{{1,20}})?)?{_NAMED}{_BEING}"
            r" (?:full\b|overquota|(?:at|over|reached)(?: (?:its|the|his))? (?:[a-z]{1,12} )?limit"
            r"|reached (?:its|the) max(?:imum)? size"
            r"|exceed(?:s|ed)?(?: (?:the|its|local|maximum|allowed)){1,3} (?:limit|size|storage))"
            r"|\b(?:over|out of|exceed(?:s|ed|ing)?|(?:not|not have) enough|insufficient)"
            r"(?: (?:the|its|their|his|allowed|hard|user|email|mailbox|disk|storage|account)){0,3}"
            r" (?:quota(?! for sending)|storage\b|space\b|diskspace)"
            r"|(?<!message )(?<!sending )(?<!transfer )(?<!daily )(?<!relay )(?<!connection )"
            r"\bquota(?! for sending)\b"
            r"|\b(?:is|are) over (?:its|his|their|the) limit\b|\b(?:cuota|cota)\b(?! de env)"
            r"|\bmail ?box has no (?:more |free )?(?:room|space)\b|\b(?:enough"
            r"|out of) room\b|\b(?:mail ?box|dis[ck]|storage) space\b"
            r"|\bstorage allocation\b"
            r"|\btoo many (?:messages|mails) in (?:[a-z]{1,9} )?(?:mail ?box|inbox|account)\b"
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
            "受信トレイがいっぱい",
            "容量が",
            "容量を",
            "メールボックスが一杯",
            "邮箱已满",
            "信箱已满",
            "空间不足",
            "limit miejsca",
            "квот",
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
        pattern=Pattern(
            r"\bexceed(?:s|ed|ing)? (?:[a-z']{1,13} ){0,4}?size\b|\bsize (?:of )?\d{4,12} exceeds\b"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "message exceeds",
            "message is larger",
            "larger than",
            "too heavy",
            "message too long",
            "message is too long",
            "line length exceeded",
            "max size",
            "exceeds server limit",
            "message size limit",
            "message header size",
            "message length exceeds",
            "maximum message size",
            "maximum size",
            "max message size",
            "size exceed",
            "größe der nachricht",
            "taille maximale",
            "size limit exceeded",
            "exceeds maximum",
            "exceeds fixed",
            "exceeds limit",
            "too big",
            "too large",
            "mail size limit",
            "line too long",
            "zu groß",
            "zu gross",
            "größer als",
            "zulässige größe",
            "nachrichtengröße",
            "maximale größe",
            "trop volumineu",
            "trop grand",
            "demasiado grande",
            "muito grande",
            "troppo grande",
            "サイズが大き",
            "taille du message",
            "tamaño",
            "tamanho",
            "dimensione massima",
            "te groot",
            "za duża",
            "过大",
            "слишком больш",
            "размер сообщения",
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
            *("connections", "exceeded", "limit", "quota", "rate", "unusual"),
            *("per second", "per minute", "per hour", "per day"),
        ),
        "450 4.7.1 You have exceeded the number of messages that you may send per hour",
        kind=Kind.RATE,
        pattern=Pattern(
            r"\bconnections(?: [a-z]{1,12}){0,4}? (?:limit|exceed|reached)"
            r"|\b(?:concurrent|max(?:imum)?|parallel|simultaneous)"
            r"(?: [a-z]{1,12}){0,2}? connections\b"
            r"|\bexceed(?:s|ed|ing)? (?:the|its|their|your)(?: [a-z]{1,12}){0,3}?"
            r" (?:allowance|frequency|number|rate|volume)\b"
            r"|\bexceeded your\b|\b(?:has|have) (?:hit|reached) (?:its|their|the|your)"
            r"(?: [a-z]{1,12}){0,2}? limit\b"
            r"|\b(?:concurrency|daily|hourly|mail|message|recipient|sending|submission)"
            r" (?:limit|quota|rate)\b"
            r"|\b(?:limit(?: of \d{1,7})?|e ?mails?|mails?|messages|number|recipients)"
            r"(?: [a-z]{1,12}){0,3}? per (?:second|minute|hour|day)\b"
            r"|\bunusual (?:amount|number|rate|volume)\b"
        ),
        in_reply=True,
        without=("size", "storage limit"),
    ),
    Rule(
        _NOT_TLS,
        (
            "rate limit",
            "ratelimit",
            "limit exceeded for",
            "throttl",
            "too much mail",
            "thread limit",
            "has exceeded a limit",
            "too quickly",
            "too fast",
            "too frequent",
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
            "trop de",
            "zu viele",
            "tageslimit",
            "sendelimit",
            "versandlimit",
            "maximale anzahl an e mails",
            "limite d'envoi",
            "demasiad",
            "muitas conexões",
            "muitos destinatários",
            "troppe connessioni",
            "troppi",
            "te veel",
            "zbyt wiele",
            "слишком много",
            "多すぎます",
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
            "member",
            "by that name",
            "with that name",
        ),
        "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in virtual table",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            rf"\b(?:{_HOLDER}|{_ADDRESS}(?:es)?)(?: rejected\b(?!: (?:server config|try again))"
            rf"|{_NAMED}{_BEING} (?:unknown|invalid|inactive|disabled|no longer|wasn't found"
            r"|(?:could not|couldn't|cannot|can't) be found|suspended|closed|terminated|deactivated"
            r"|deleted|removed|retired"
            r"|(?:been )?changed)\b"
            rf"|{_NAMED}{_BEING}(?: not|n't)(?: an?)? (?:activated|active|exists?|found|known"
            r"|listed|ok|present|recogni[sz]ed|registered|valid)\b)"
            rf"|\b{_HOLDER}{_NAMED}{_BEING} (?:locked|frozen|expired|unavailable|busy)\b"
            rf"|\b{_HOLDER}{_NAMED}{_BEING}(?: not|n't) (?:accepted|available|here"
            rf"|hosted|local|on this)\b"
            r"|\b(?:anyone|no ?body|no one)(?: here)? (?:by|with) (?:that|this) name\b"
            r"|\bmailbox(?: (?:is|has been))? blocked\b"
            r"|\b(?:no|not an?|not our|unknown|invalid|bad|illegal|inactive|undeliverable"
            r"|unroutable)(?: (?:such|valid|active|local|known|virtual|final|delivery|destination"
            rf"|email|e mail|or illegal)){{0,3}} (?:{_HOLDER}|{_ADDRESS}|person|customer"
            r")(?:e?s|id)?\b(?! (?:record|associated|family))"
            r"|\b(?:no such|unknown) (?:employee|member)\b"
            r"|\b(?:do|does)(?: not|n't) have (?:an?|any|such an?|this)(?: [a-z]{1,64}){0,2}?"
            rf" {_HOLDER}\b"
            r"|\b(?:cannot|can't|can not|could not|couldn't|unable to) (?:find|locate|recogni[sz]e)"
            rf"(?: (?:an?|any|that|the|this)){{0,1}} (?:{_HOLDER}|(?:e ?mail|recipient) address)\b"
            r"|\b(?:cannot|can't|can not|could not|couldn't) find this address\b"
            r"|\bdeliver to mail ?box\b"
        ),
        in_reply=True,
    ),
    # Of people, and of addresses whatever they are called.
    Rule(
        _NOT_TLS,
        (
            "no longer",
            "left the",
            "has left",
            "not known",
            "is disabled",
            "not active",
            "not in use",
        ),
        "550 Anna is no longer with the company",
        kind=Kind.UNKNOWN_USER,
        pattern=Pattern(
            r"\bno longer (?:accept(?:s|ing)? (?:any )?(?:e ?)?(?:mails?|messages)|employed|has an?"
            r"|in use|on (?:this |our )?server|part of|valid|with (?:our|the|this|us)"
            r"|work(?:s|ing)? (?:at|for|here|with))\b"
            r"|\bhas left (?:our|us)\b|\bleft the (?:company|firm|organi[sz]ation"
            r"|school|university)\b"
            r"|\bnot (?:active|in use) any ?(?:longer|more)\b"
            rf"|{_NO_HOST}x{{5,64}}>?,?(?: (?:is|has been|was))? (?:deactivated|disabled"
            r"|suspended|unknown"
            r"|no longer (?:active|available|exists|here)|not (?:active|known))\b"
            r"|\bnot known (?:at|here|to us)\b"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            ") unknown",
            "no such id",
            "not found in directory",
            "not found in the directory",
            "not found by smtp address lookup",
            "couldn't be found at",
            "could not be found at",
            "not listed in",
            "not exist",
            "doesn't exist",
            "don't exist",
            "recipient cannot be verified",
            "recipient verif",
            "user has moved",
            "deactivated mailbox",
            "resolver.adr",
            "im domino verzeichnis",
            "unternehmen verlassen",
            "wasn't found at",
            "見つかりません",
            "存在しません",
            "ユーザーが見つか",
            "ユーザが見つか",
            "宛先不明",
            "該当するユーザ",
            "нет такого",
            "не существует",
        ),
        "550 5.1.1 <anna@example.org> User doesn't exist: anna@example.org",
        kind=Kind.UNKNOWN_USER,
        in_reply=True,
        without=("recipient domain", "recipient's domain"),
    ),
    Rule(
        _NOT_TLS,
        ("attachment", "anhang"),
        "554 5.7.1 The attachment type is not allowed",
        kind=Kind.SPAM,
        pattern=Pattern(
            r"\b(?:forbidden|prohibited|unallowed) attachment"
            r"|\banhang\b[^.]{0,60}?(?:nicht erlaubt|unzulässig|verboten|gefährlich|schädlich)\b"
            r"|\battachments?(?: types?)?(?: is| are)?"
            r" (?:banned|blocked|forbidden|prohibited|not (?:accepted|allowed|permitted))\b"
        ),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        ("blockiert", "gesperrt"),
        "554 5.7.1 Ihre IP-Adresse ist gesperrt",
        kind=Kind.SPAM,
        pattern=Pattern(
            r"\b(?:absender|(?:ip )?adresse|domain|ihre?|mail ?server|server)\b"
            r"[^.]{0,60}?\b(?:blockiert|gesperrt)"
        ),
        without=("zertifikat",),
        in_reply=True,
    ),
    Rule(
        _NOT_TLS,
        (
            "spam",
            "junk",
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
            "denylist",
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
            "senderbase",
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
            "objectionable",
            "content not accepted",
            "content restriction",
            "content rejected",
            "content filter",
            "content denied",
            "message content",
            "rejected due to content",
            "rejected for policy",
            "bloquee",
            "bloqué",
            "bloquead",
            "bloccat",
            "deny list",
            "sperrliste",
            "schwarzen liste",
            "geblockt",
            "письмо заблок",
            "スパム",
            "垃圾邮件",
            "unerwünscht",
            "no deseado",
            "indésirable",
            "lista negra",
            "lista nera",
            "liste noire",
            "liste de blocage",
            "迷惑メール",
            "спам",
        ),
        "554 5.7.1 Message rejected as spam",
        kind=Kind.SPAM,
        in_reply=True,
        without=("port 25 is blocked", "/spam/"),
    ),
)

REFUSALS_IN_GENERAL = (
    # Whoever asks for another try within minutes mostly does so of all new senders.
    Rule(
        _NOT_TLS,
        ("come back", "try again", "retry"),
        "451 4.7.1 Please try again in 5 minutes",
        kind=Kind.GREYLISTING,
        pattern=Pattern(
            r"\b(?:come back|try again|retry)(?: later)? (?:after"
            r"|in) \d{1,4} (?:minutes?|seconds?)\b"
        ),
        in_reply=True,
    ),
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
            "benutzernamen und das kennwort",
            "benutzername und kennwort",
            "anmeldeversuch",
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
            "your ip",
            "your domain",
            "refused by local",
            "refused by the recipient",
            "not authorised",
            "lockout",
            "local user",
            "abgelehnt",
            "verweigert",
            "zurückgewiesen",
            "berechtigt",
            "autorisiert",
            "nicht zugelassen",
            "nicht angenommen",
            "nicht erlaubt",
            "dürfen nicht",
            "nicht befugt",
            "isn't allowed",
            "aren't allowed",
            "can't send to",
            "not a member",
            "permiso",
            "permissão",
            "permesso",
            "anmeldung erforderlich",
            "authentifizierung",
            "authentification",
            "autenticación",
            "autoriz",
            "autorisé",
            "niet toegestaan",
            "richtlinie",
            "refusé",
            "rejeté",
            "interdit",
            "politique",
            "rechazado",
            "denegado",
            "política",
            "rejeitad",
            "recusad",
            "negado",
            "rifiutat",
            "respint",
            "geweigerd",
            "odrzucon",
            "拒否",
            "ポリシー",
            "запрещ",
            "отклонен",
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
            "verbindung zurückgewiesen",
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
