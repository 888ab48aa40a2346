"""STARTTLS and the TLS handshake: the words of mail servers and of TLS libraries."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength
from checker.bounce.rules.wording import OF_SOMETHING_ELSE

SENDER = (
    Rule(
        ("sender-tls-fault",),
        (
            "client tls configuration problem",
            "no protocols available",
            "no supported versions enabled",
            "no supported versions satisfy minversion and maxversion",
            "tls error on connection (cert/key setup",
            "nocredentials",
            "unknowncredentials",
            "sec_e_no_credentials",
            "sec_e_unknown_credentials",
            "0x8009030e",
            "0x8009030d",
            "error loading private key",
            "tlscertificatename",
            "key values mismatch",
            "cannot get rsa certificate",
            "disabling tls support",
            "tls found no client cert",
            "invalid security level",
            "ssl_ctx_use",
            "starttls=client, init=",
            "insufficient priorities",
        ),
        "client TLS configuration problem",
    ),
    Rule(
        ("sender-tls-fault",),
        ("tls",),
        "TLS is required, but our TLS engine is unavailable",
        pattern=Pattern(
            r"\btls engine (?:is )?(?:currently )?(?:unavailable|not available)"
            r"|\b(?:unable to|fail\w{0,3} to|cannot|can't|could not) initiali[sz]e (?:the )?tls\b"
            r"|\btls (?:was |is )?unable to (?:load|set|initiali[sz]e)\b"
        ),
    ),
)

# Of SMTP, which Postfix says "was not offered" of as well.
_OTHER_EXTENSIONS = ("smtputf8", "8bitmime", "chunking")

NOT_OFFERED = (
    Rule(
        ("starttls-not-supported",),
        (
            "but was not offered by host",
            "did not offer tls",
            "doesn't support starttls",
            "not support starttls",
            "does not support tls",
            "not support secure connection",
            "starttls not supported",
            "starttls is not supported",
            "starttls extension not supported",
            "tls not supported",
            "starttls not offered",
            "starttls not advertised",
            "not advertise starttls",
            "tls is required but unavailable",
            "tls it not available",
            "no tls achieved while",
            "encryption too weak 0 less",
            "keine sicheren verbindungen",
            # Outlook (0x800CCC1A), .NET in other languages
            "0x800ccc1a",
            "not support the connection encryption type",
            "charge les connexions sécurisées",
            "no admite conexiones seguras",
            "non supporta connessioni protette",
            "suporte a conexões seguras",
            "ondersteuning voor beveiligde verbindingen",
            "nie obsługuje bezpiecznych połączeń",
            "не поддерживает безопасные соединения",
            "verbindungsverschlüsselungstyp nicht",
            "charge le type de chiffrement de connexion",
            "no admite el tipo de cifrado",
            "non supporta il tipo di crittografia",
            "sender requested requiretls",
            "requiretls support required",
            # openssl s_client, which goes on nevertheless
            "find starttls in server response",
            "found starttls in server response",
            "4.7.321",
            "5.7.321",
            "pas de connexion chiffrée",
        ),
        "TLS is required, but was not offered by host mx.example.org[192.0.2.1]",
        without=(
            *("sts policy", "support tls 1", "support tlsv1", "support tls v1", "mta sts)"),
            *_OTHER_EXTENSIONS,
        ),
        in_reply=True,
    ),
    Rule(
        ("starttls-not-supported",),
        ("tls", "starttls", "requiretls"),
        "The server of example.org has no STARTTLS support",
        pattern=Pattern(
            r"\b(?:no|without|lacks) (?:start)?tls (?:support|extension|capability)"
            r"|\b(?:has no|lacks) (?:start)?tls\b"
            r"|\bstarttls (?:is )?(?:unsupported|missing|unavailable|not available"
            r"|not accepted from)"
            r"|\b(?:start|require)?tls (?:is )?required,? but"
            r" (?:not(?! used| issued| sent)|remote|unavailable|missing)"
            r"|\b(?:tls (?:is )?required|mandatory tls),? but\b[^.:]{0,40}?(?:n't|\bnot)"
            r" (?:speak|see|seen|find|found|support|provid)"
            r"|\b(?:cannot|can't) (?:do|speak) (?:start)?tls\b"
            r"|\bbeherrscht kein (?:start)?tls\b"
            r"|\brequiretls,? but\b|\btls is not available or unauthenticated"
            r"|\b(?:ne (?:supporte|gère|prend) pas(?: en charge)?"
            r"|no (?:soporta|admite|es compatible con)"
            r"|não (?:suporta|oferece suporte a)|non supporta|ondersteunt geen|nie obsługuje"
            r"|не поддерживает) (?:start)?tls\b(?! ?v?1)"
            r"|\bunterstützt (?:start)?tls nicht\b|\bstarttls ?をサポート"
        ),
        without=("sts policy", "mta sts)", *_OTHER_EXTENSIONS),
        in_reply=True,
    ),
    # As a reply to STARTTLS it may be for now.
    Rule(
        ("starttls-not-supported", "starttls-failed"),
        ("tls",),
        "TLS is unavailable",
        pattern=Pattern(r"\btls (?:is )?unavailable"),
        without=("454", "421", "451", "4.7.", "4.3.", "refused"),
        in_reply=True,
    ),
    # Exchange says it of itself when it needed TLS and got none; what broke the certificate hides
    # behind the same words.
    Rule(
        ("starttls-not-supported", "certificate-not-verified"),
        ("starttls is required to send mail",),
        "450 4.4.317 Cannot establish session with remote server "
        "[Message=451 5.7.3 STARTTLS is required to send mail]",
    ),
)

REQUIRED = (
    Rule(
        ("tls-version",),
        (
            "tls minimum version",
            "mismatch in tls versions",
            "tls version 1.2 or greater",
            "tls 1.0 and 1.1 are not",
        ),
        "421 4.7.0 TLS minimum version not met",
        in_reply=True,
    ),
    Rule(
        ("tls-cipher",),
        ("cipher strength too weak", "high strength ciphers"),
        "553 This route requires high-strength ciphers",
        in_reply=True,
    ),
    Rule(
        # Some senders go on in clear text after a handshake that failed, and hear this then.
        ("receiver-requires-tls", "tls-handshake-failed"),
        (
            "issue a starttls",
            "issue starttls",
            "starttls first",
            "starttls command first",
            "starttls required",
            "starttls is required",
            "requires starttls",
            "tls required",
            "tls connection is required",
            "encryption required",
            "encryption is required",
            "encryption needed",
            "requires encryption",
            "unencrypted connection",
            "sent over a tls",
            "non encrypted",
            "unverschlüsselt",
        ),
        "530 5.7.0 Must issue a STARTTLS command first",
        without=(
            "but host",
            "a tls session is required, but",
            "starttls required but",
            "to send mail",
            "tls is required, but",
            "tls error",
        ),
        in_reply=True,
    ),
)

# As a form asks it, or a program reports of itself, it is no demand.
USE = (
    Rule(
        ("receiver-requires-tls",),
        ("use starttls", "use tls"),
        "550 5.7.1 Please use TLS",
        pattern=Pattern(
            r"(?<!able to )(?<!file to )(?<!force to )(?<!forced to )(?<!like to )(?<!want to )"
            r"(?<!how to )(?<!trying to )(?<!possible to )(?<!\bi )(?<!\bwe )"
            r"\buse (?:start)?tls\b(?! ?[:=?]| ?v?\d| ?/)"
        ),
        without=(
            "relay",
            "authenticat",
            "but host",
            "a tls session is required, but",
            "to send mail",
            "tls is required, but",
            "tls error",
        ),
        in_reply=True,
    ),
)

VERSION = (
    Rule(
        ("tls-version",),
        (
            "unsupported protocol",
            "version too low",
            "version too high",
            "bad protocol version",
            "alert number 70",
            "inappropriate fallback",
            "inappropriatefallback",
            "illegal or unsupported version",
            "error in protocol version",
            "record layer version error",
            "unsupported version packet",
            "sec_e_unsupported_function",
            "0x80090302",
            "sec_e_downgrade_detected",
            "protocol version not supported",
            "unsupported versions",
            "suitable tls version",
            "serverdoesnotsupporttls12or13",
            "servertlsversionisdisabledbyourconfig",
            "tls12notoffered",
            "supportedversionsextensionrequired",
            "no appropriate protocol",
            "the server selected protocol version",
            "not support tls v1",
            "errsslpeerprotocolversion",
            "9836)",
            "alert code is 70",
            "definierten code: 70",
            "unsupportedfunction",
            "protocol is disabled",
            "client requested protocol ",
            "server chose tlsv1",
            "err_ssl_version_or_cipher_mismatch",
            "ssl_error_unsupported_version",
            "0x6e80",
        ),
        "SSL_connect failed: error:0A000102:SSL routines::unsupported protocol",
        without=("wrong version number",),
    ),
    Rule(
        ("tls-version",),
        ("tls", "ssl", "protocol", "alert", "bad legacy version"),
        "The two sides have no TLS protocols in common",
        pattern=Pattern(
            r"\b(?:bad|wrong|unsupported|unrecognized|unknown|incompatible|invalid|mismatched)"
            r" (?:or [a-z]{1,14} )?(?:ssl|tls)(?:/ssl|/tls)? (?:protocol|version)"
            r"|\bno (?:(?:mutually|commonly) )?(?:supported|common|shared|compatible|suitable)"
            r" (?:protocols?\b|(?:ssl|tls) (?:protocol|version))"
            r"|\bkeine gemeinsame (?:ssl|tls) (?:protokoll)?version"
            r"|\bno (?:(?:ssl|tls) )?(?:protocols|protocol versions) in common"
            r"|\balert:? protocol ?version|\bprotocol ?version alert|\bbad legacy version"
            r"|\bprotocol version mismatch"
            r"|(?:\b(?:not|no longer)|n't) (?:support|accept|allow) (?:ssl|tls) ?v?[123](?! ?v?\d)"
        ),
        without=("wrong version number", "authentication failed,"),
        in_reply=True,
    ),
    # OpenSSL 3 of a server that speaks at most TLS 1.1, whose signatures need SHA-1.
    Rule(
        ("tls-version", "tls-cipher"),
        ("legacy sigalg",),
        "TLS connect failed: error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported",
    ),
    # OpenSSL 1.0 said so of an old version and of clear text alike.
    Rule(
        ("tls-version", "starttls-failed"),
        ("unknown protocol",),
        "SSL23_GET_SERVER_HELLO:unknown protocol",
        without=("x unknown protocol",),
    ),
)

STARTTLS_REFUSED = (
    # Who does not know the command does not support it, whatever EHLO said.
    Rule(
        ("starttls-not-supported", "starttls-failed"),
        ("starttls", "start tls"),
        "TLS is required, but host mx.example.org[192.0.2.1] refused to start TLS: "
        "502 5.5.1 Command not implemented",
        pattern=Pattern(
            r"(?:start ?tls|starttls)[^\n]{0,80}?\b50[0-4][ -][^\n]{0,60}"
            r"(?:not implemented|unrecogni|unknown|not recogni|unsupported|not supported|syntax)"
            r"|\b50[0-4][ -][^\n]{0,80}(?:in reply to|in response to) starttls"
            r"|\b50[0-4]\b[^\n]{0,40}\b(?:not implemented|unrecogni[sz]ed|unknown|not recogni[sz]ed"
            r"|unsupported)(?: command)?[:\"' \\]{1,4}start ?tls"
            r"|\b50[0-4] (?:5\.\d\.\d )?start ?tls\b[^\n]{0,20}"
            r"(?:not implemented|unrecogni|unknown|not recogni|unsupported)"
        ),
    ),
    # No code tells whether for now.
    Rule(
        ("starttls-not-supported", "starttls-failed"),
        ("refused to start tls", "tls is required, but host", "starttls rejected"),
        "STARTTLS rejected: go away",
        pattern=Pattern(
            r"(?:refused to start tls|tls is required, but host|starttls rejected)[^\n]{0,200}"
        ),
        without=("454", "421", "451", "4.7.", "4.3.", "temporar", "local problem"),
        strength=Strength.GENERAL,
    ),
    Rule(
        ("starttls-failed",),
        (
            "refused to start tls",
            "tls is required, but host",
            "starttls rejected",
            "after receiving the starttls",
            "in reply to starttls",
            "response to starttls",
            "the starttls response",
            "starttls: 4",
            "454 4.7.0 authentication failure",
            "an attempt to start tls failed",
        ),
        "TLS is required, but host mx.example.org[192.0.2.1] refused to start TLS: "
        "454 4.7.0 TLS not available due to local problem",
        strength=Strength.GENERAL,
    ),
    # What a server says later on is about something else.
    Rule(
        ("starttls-failed",),
        ("after starttls",),
        "Connection closed by mx.example.org after STARTTLS",
        strength=Strength.GENERAL,
        pattern=Pattern(r"\bafter starttls\b(?! \((?:tls|ssl) ?v?\d)"),
        without=("greylist", "mailbox", "unknown user", "user unknown"),
    ),
    Rule(
        ("starttls-failed",),
        ("tls", "starttls"),
        "mx.example.org rejected the STARTTLS command",
        pattern=Pattern(
            r"\b(?:reject|refus|fail|declin|error|unable|could not|can't|couldn't)\w{0,3}"
            r"(?: (?:to|in|the|our|with|during|on)){0,2} start ?tls\b"
            r"|\bstarttls (?:command )?(?:was |has |is )?"
            r"(?:refus|reject|fail|unsuccess|declin|abort)"
            r"|\bstarttls: 5\d{0,2}\b"
            r"|\bstarttls (?:was )?attempted\b[^.]{0,60}(?:closed|dropped|refus|fail|abort)"
            r"|\btls (?:ist )?(?:gerade|derzeit|zurzeit|momentan|vorübergehend) nicht "
            r"(?:verfügbar|möglich)"
            r"|\btls (?:is )?(?:currently |temporarily |now )?(?:not available|unavailable)"
        ),
        strength=Strength.GENERAL,
        without=("handshake", *OF_SOMETHING_ELSE),
    ),
    # An error may be of the next sentence.
    Rule(
        ("starttls-failed",),
        ("starttls error",),
        "TLS Negotiation failed: FAILED_PRECONDITION: starttls error (0): protocol error",
        strength=Strength.GENERAL,
        without=OF_SOMETHING_ELSE,
    ),
)

# A first byte that is no TLS: the other side went on in clear text.
CLEAR_TEXT = (
    Rule(
        ("starttls-failed",),
        (
            "wrong version number",
            "http request",
            "https proxy request",
            "does not look like a tls handshake",
            "unrecognized ssl message",
            "plaintext connection?",
            "invalidcontenttype",
            "unexpected packet format",
            "unerwarteten paketformats",
            "unexpected tls packet",
            "tls packet with unexpected length",
            "decoding the received tls packet",
            "unexpected packet length",
            "packet length too long",
            "encrypted length too long",
            "bad record type",
            "not an ssl/tls record",
            "sec_e_invalid_token",
            "0x80090308",
            "invalidtoken",
            "err_ssl_wrong_version",
            "ssl_error_rx_record_too_long",
            "0x7200",
            "oversized record received",
            "cannot determine the frame size",
        ),
        "error:0A00010B:SSL routines::wrong version number",
    ),
)

PARAMETERS = (
    Rule(
        ("tls-weak-key",),
        (
            "unknown security bits",
            "key too small",
            "md too weak",
            "bad dh value",
            "bad dh p length",
            "dh prime",
            "dh param size",
            "on keysize limits",
            "dh parameter",
            "dh p value",
            "logjam",
            "dh public value length",
            "weak ephemeral",
            "weak server ephemeral",
            "diffie hellman prime",
            "dh keypair",
            "dhpublickey",
            "prime size must be",
        ),
        "error:0A00018A:SSL routines::dh key too small",
    ),
    Rule(
        ("tls-cipher",),
        (
            "any of the certificate's signature algorithms",
            "no ciphers available",
            "no cipher match",
            "nociphersuitesincommon",
            "no cipher suite",
            "required cipher missing",
            "cipher returned",
            "supported cipher suite",
            "match cipher suite",
            "unconfigured cipher suite",
            "cypher overlap",
            "insufficient security",
            "insufficientsecurity",
            "wrong curve",
            "unsupported elliptic curve",
            "ecc curve",
            "no suitable groups",
            "no shared group",
            "nokxgroupsincommon",
            "unsupported curve",
            "no suitable key share",
            "nosignatureschemesincommon",
            "wrong signature type",
            "ecpointsextensionrequired",
            "common key share",
            "encryption too weak",
        ),
        "error:0A0000B5:SSL routines::no ciphers available",
        without=("invalid peer certificate",),
    ),
    Rule(
        ("tls-cipher",),
        (
            "cipher",
            "curve",
            "signature algorithm",
            "key share",
            "key exchange",
        ),
        "error:0A0000C1:SSL routines::no shared cipher",
        pattern=Pattern(
            r"\bno (?:suitable|usable|acceptable|compatible|mutual|mutually supported|common|shared"
            r"|supported|matching|overlapping|ecdhe)(?: (?:ecdhe|elliptic|tls|ssl))?"
            r" (?:cipher|curve|signature algorithm|key share|key exchange)"
            r"|\bno signature algorithm"
            r"|\bno (?:cipher|curve|signature algorithm)s?(?: suites?)? in common"
            r"|\b(?:inappropriate|unsupported|incompatible) (?:cipher|signature algorithms)"
            r"|\bciphers?(?: suites?)? (?:are |is )?(?:inappropriate|unavailable)"
            r"|\bhandshake(?: messages)?: no cipher"
            r"|\bnone of the (?:signature algorithm|cipher|curve)"
            r"|\bnot select a supported cipher"
        ),
        without=("invalid peer certificate",),
        in_reply=True,
    ),
    Rule(
        ("tls-client-certificate-required",),
        (
            "certificate required",
            "certificate is required",
            "certificaterequired",
            "did not return a certificate",
            "client didn't provide a certificate",
            "peer sent no certificates",
            "nocertificatespresented",
            "incomplete credentials",
            "incompletecredentials",
            "0x80090320",
        ),
        "error:0A00045C:SSL routines::tlsv13 alert certificate required",
        in_reply=True,
    ),
    # A server that asks for none says so as well.
    Rule(
        ("tls-client-certificate-required",),
        ("client certificate", "client zertifikat", "zertifikat des clients"),
        "550 5.7.1 You must present a client certificate",
        pattern=Pattern(
            r"\b(?:no|need|requires?|missing|presents?|provide) (?:a )?(?:valid |trusted )?"
            r"client certificate\b(?! (?:was )?requested)"
            r"|\b(?:requests|requested|wants) a client certificate\b"
            r"|\bclient certificate (?:is |was )?(?:needed|missing|not\b(?! requested))"
            r"|\b(?:client zertifikat|zertifikat des clients)\b[^.:]{0,30}"
            r"\b(?:fehlt|erforderlich|benötigt|verlangt|vorlegen|nicht|ungültig|abgelehnt)"
        ),
        in_reply=True,
    ),
)

HANDSHAKE = (
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        (
            "algorithmmismatch",
            "algorithm mismatch",
            "0x80090331",
            "do not possess a common algorithm",
            "alert handshake failure",
            "handshakefailure",
            "alert: handshake failure",
            "handshake failure on client hello",
            "ssl handshake failure",
            "tls: handshake failure",
            "alert: handshake failed",
            "tls alert, handshake failure",
            "0x6e00",
            "ssl_error_handshake_failure_alert",
            "a call to sspi failed",
            "alert number 40",
            "closed the transport stream",
            "authentication failed, see inner",
            "unexpected or badly formatted",
            "unerwartet oder fehlerhaft formatiert",
            "den transportstream geschlossen",
            "alert code is 40",
            "definierten code: 40",
            "gemeinsamen algorithmus",
            "algorithme commun",
            "algoritmo común",
            "algoritmo comune",
            "algoritmo comum",
            "gemeenschappelijk algoritme",
            "wspólnego algorytmu",
            "общего алгоритма",
        ),
        "Cannot start TLS: handshake failure",
        strength=Strength.GENERAL,
    ),
    Rule(
        ("tls-handshake-failed",),
        (
            "unexpected eof while reading",
            "record layer failure",
            "eof occurred in violation of protocol",
            "unsafe legacy renegotiation",
            "unsafe renegotiation",
            "safe renegotiation",
            "renegotiation mismatch",
            "renegotiation error",
            "alert illegal parameter",
            "alert: illegal parameter",
            "illegalparameter",
            "alert unexpected message",
            "unexpectedmessage",
            "alert internal error",
            "alert: internal error",
            "tls: internal error",
            "gnutls internal error",
            "alert decode error",
            "alert: decode error",
            "decodeerror",
            "alert decrypt error",
            "alert: decrypt error",
            "decrypterror",
            "bad record mac",
            "badrecordmac",
            "alert access denied",
            "alert: access was denied",
            "no application protocol",
            "noapplicationprotocol",
            "supported application protocol",
            "application protocol mismatch",
            "alert fatal error",
            "tls: unexpected message",
            "unexpected handshake message",
            "pr_end_of_file_error",
            "errsslclosed",
            "errsslprotocol",
            "errsslnegotiation",
            "während des tls handshake",
            "in the push function",
            "signature verification has failed",
            "non properly terminated",
            "session has been invalidated",
            "closed underlying transport",
            "peer misbehaved",
            "peer is incompatible",
            "handshake eof",
            "received corrupt message",
            "cannot decrypt peer's message",
            "remote host terminated the handshake",
            "before secure tls connection was established",
            "sec_e_illegal_message",
            "0x80090326",
            "illegalmessage",
            "sec_e_internal_error",
            "0x80090304",
            "sec_e_message_altered",
            "mbedtls_err_ssl_conn_eof",
            "mbedtls_err_ssl_fatal_alert",
            "0x7280",
            "0x7780",
            "negotiation failed with error socketerror",
            "negotiation failed with error connectionaborted",
            "during tls handshake",
            "during handshake",
        ),
        "error:0A000126:SSL routines::unexpected eof while reading",
    ),
)

HANDSHAKE_IN_GENERAL = (
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        (
            "fatal alert",
            "convert socket to tls",
            "sslhandshakeexception",
            "tls connect failed",
            "tlsnegotiationfailed",
            "failed to establish a tls",
            "cannot start tls",
            "tls negotiation",
            "tls error on connection",
            "tls error from",
            "tls session: ",
            "ssl_connect error",
            "ssl_accept error",
            "ssl_connect returned",
            "(ssl_connect)",
            "gnutls_handshake",
            "openssl error messages",
            "ssl operation failed",
            "tls library problem",
            "validation failure",
            # openssl s_client of a handshake that did not end
            "cipher is (none)",
            "starttls: write error",
            "starttls: read error",
            "starttls=client, error",
            "starttls=server, error",
            "ssl routines",
            "échec de la négociation tls",
            "échec de la négociation ssl",
        ),
        "403 4.7.0 TLS negotiation failed.",
        strength=Strength.GENERAL,
        without=("tls failed validation",),
    ),
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        ("handshake", "alert", "tls aushandlung", "tls verhandlung"),
        "403 4.7.0 TLS handshake failed.",
        pattern=Pattern(
            r"(?<!smtp )\bhandshake[^.:,;]{0,60}? (?:fail|error|abort|timed out|timeout|gescheitert"
            r"|fehlgeschlagen|schlug fehl"
            r"|incomplete|complete(?<=not complete)|interrupted|terminated|unsuccessful|rejected)"
            r"|\bperforming the (?:start)?tls handshake"
            r"|\b(?:tls|ssl) ?(?:aus|ver)handlung[^.:,;]{0,40}?"
            r" (?:schlug|fehl|gescheitert|scheiter|abgebrochen|nicht)"
            r"|\b(?:internal ?error|access ?denied|illegal ?parameter|decrypt ?error) alert\b"
        ),
        strength=Strength.GENERAL,
        without=("tls failed validation",),
    ),
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        ("tls error", "ssl error"),
        "An SSL error occurred",
        strength=Strength.GENERAL,
        without=OF_SOMETHING_ELSE,
    ),
)
