"""Ways of putting it: what servers that no other rule knows say in words of their own."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

_FAILS = (
    r"(?:fail|error|abort|unable|(?:could not|couldn't|cannot|can't)(?! be delivered)|problem"
    r"|not possible|mismatch|interrupted|fehler|gescheitert|abgebrochen"
    r"|fehlgeschlagen|nicht m|timed out|(?<!retry )timeout)"
)
_TLS = r"\b(?:tls|ssl|starttls)\b"
_CERTIFICATE = (
    r"(?:certificate|\bcert\b|zertifikat|certificat\b|certificado|certificato|certificaat"
    r"|certyfikat)"
)
_CERTIFICATES = (
    *("certificat", "zertifikat", "certificado", "certificaat", "certyfikat"),
    *("sicherheitszertifikat", "serverzertifikat"),
)
_MATCHES_NOT = (
    r"(?:not match|n't match|ne correspond pas|stimmt nicht|passt nicht|nicht überein|no coincide"
    r"|gehört nicht|einen anderen namen"
    r"|non corrisponde|não corresponde|niet overeen|nie pasuje)"
)

_SNI = r"(?:sni|server name indication)\b"

# What a system or a server says plainly; talk of TLS beside it tells nothing.
_UNREACHED = (
    *("actively refused", "econnrefused", "errno 111", "10061", "verbindung verweigert"),
    *("connection timed out", "connect timed out", "etimedout", "errno 110", "10060"),
    *("i/o timeout", "zeitüberschreitung", "couldn't connect to host", "no route to host"),
    *("network is unreachable", "host is unreachable", "ehostunreach", "enetunreach"),
)
_UNAUTHENTICATED = (
    *("authentication failed", "authentication unsuccessful", "authentication required"),
    *("authentication data", "anmeldung fehlgeschlagen", "login failed"),
    *("authenticationerror", "username and password", "535 5.7."),
)
OF_SOMETHING_ELSE = ("connection refused", *_UNREACHED, *_UNAUTHENTICATED)

OWN_FILES = (
    Rule(
        ("sender-tls-fault",),
        ("certificate", "private key", "key file"),
        "error loading certificate file /etc/exim4/exim.crt: No such file or directory",
        pattern=Pattern(
            r"\b(?:fail|unable|cannot|can't|could not|couldn't|error)\w{0,3}(?: to)? "
            r"(?:load|read|open|us)\w{0,3} [^.:]{0,30}(?:certificate|private key|key file)"
            r"|\b(?:our|own) [^.:]{0,20}(?:certificate|key) (?:cannot|could not) be (?:load|read)"
            r"|\b(?:error|problem) (?:with|in) (?:the |our )?(?:certificate|key) file"
        ),
        # What a server says of its own files in a reply is not the sender's.
        without=(
            "remote certificate",
            "peer certificate",
            "server certificate",
            "tls not available",
        ),
    ),
)

# Certificates and keys of messages, not of servers.
_OF_MESSAGES = ("dkim", "dmarc")

VERSIONS = (
    Rule(
        ("tls-version",),
        ("tls", "ssl"),
        "451 4.7.1 Please use TLS 1.2 or better",
        pattern=Pattern(
            r"(?:tls ?v?1(?:[ .][0-3])?|tls versions?|ssl version|sslv[23]"
            r"|tls protokollversion|tls protocol version)\b"
            r"(?:[^.]|\.\d){0,40}?"
            r"\b(?:better|newer|higher|greater|later|above|too low|not met"
            r"|(?<!authentication )required|minimum|mismatch"
            r"|old|outdated|deprecated|not supported|no longer|unsupported|upgrade|disabled"
            r"|not allow|not enabled|oder höher|oder neuer"
            r"|erforderlich|zu alt|zu niedrig|veraltet|nicht mehr|nicht unterstützt)"
            r"|\b(?:only|nur|at least|mindestens|minimum|deprecated|outdated|veraltet\w{0,2})\b"
            r"[^.]{0,30}\b(?:tls ?v?1|sslv[23])\b"
            r"|\b(?:deprecated|obsolete|outdated|veraltet\w{0,2})\b[^.]{0,20}\btls version"
            r"|\btls ?v?1[ .][01](?: (?:connection|session|client)s?)?"
            r" (?:is|are) (?:rejected|refused)"
            r"|\b(?:outdated|old|obsolete|deprecated|unsupported) versions? of (?:ssl|tls)\b"
            r"|\boverlap in (?:ssl|tls) versions"
            r"|\b(?:outdated|obsolete|deprecated|legacy|veraltete\w?)"
            r" (?:tls\b(?! (?:renegotiation|extension))|tlsv?1|sslv?[23]|ssl (?:version|protocol))"
            r"|\b(?:minimum|unsupported) (?:ssl|tls) (?:protocol |protokoll)?version"
            r"|\btls ?v?1[ .]0 (?:and|or|und|oder) (?:tls ?v?)?1[ .]1\b"
        ),
        without=(
            *("alert handshake failure", "alert bad certificate", "alert certificate"),
            "with cipher",
        ),
        in_reply=True,
    ),
)

WEAK = (
    Rule(
        ("tls-weak-key",),
        ("dh", "diffie hellman", "rsa", "schlüssel", "key", "modulus"),
        "The Diffie-Hellman key of mx.example.org is too short",
        pattern=Pattern(
            r"\b(?:diffie hellman|dh|rsa|schlüssel|key|modulus)\b[^.]{0,50}?"
            r"\b(?:too short|too small|too weak|zu kurz|zu schwach|zu klein)"
            r"|\bzu schwachen\b[^.]{0,30}\bschlüssel"
            r"|\b(?:weak|insufficient|short|small) (?:dh|diffie hellman)\b"
            r"|\bkey (?:length|size|strength)\b[^.]{0,30}?"
            r"\b(?:below|less than|lower than|smaller than|insufficient)\b"
        ),
        without=("dkim", "domainkey"),
    ),
    Rule(
        ("tls-cipher",),
        ("cipher",),
        "We could not agree on a cipher with mx.example.org",
        pattern=Pattern(
            r"\bciphers?\b[^.]{0,40}?\b(?:weak|agree|in common|negotiat|mismatch"
            r"|disabled|nicht|keine)"
            r"|\b(?:common|weak) ciphers?\b"
            r"|\b(?:agree|negotiat\w{0,4}|in common|keine?|no common)\b[^.]{0,50}?\bcipher"
        ),
        without=("cipher strength",),
    ),
)

_OFFERS = r"(?:not|n't|never|\bno|nicht) (?:advertis|offer|announc|angeboten)\w{0,4}"

NOT_ANNOUNCED = (
    Rule(
        ("starttls-not-supported",),
        ("tls", "starttls"),
        "TLS is required for this domain, but the server does not announce it",
        pattern=Pattern(
            rf"\b(?:tls|starttls)\b[^.]{{0,80}}?{_OFFERS}|{_OFFERS}[^.]{{0,20}}?\b(?:start)?tls"
            r"|\boffers no (?:start)?tls|\bbietet (?:start)?tls nicht an\b"
            r"|\b(?:start)?tls (?:is |was )?required\b[^.]{0,60}\bbut\b[^.]{0,120}?"
            r"(?:\bnot|n't) (?:support|offer|advertis|announc|provid)"
            r"|\bstarttls\b[^.]{0,120}?\b(?:nicht (?:anbietet|unterstützt|kennt|beherrscht)"
            r"|(?:not|n't) advertise that feature)"
            r"|\b(?:start)?tls\b[^.]{0,60}?\bnot available at\b"
        ),
        without=(
            *("your server", "your client", "your mail server", "your host", "you do", "you did"),
            *("you must", "smtputf8", "tls 1", "tlsv1"),
        ),
    ),
)

MISSING = (
    Rule(
        ("starttls-not-supported",),
        ("tls", "starttls", "verschlüssel", "transportverschlüssel", "encrypt"),
        "the peer is not able to support STARTTLS",
        pattern=Pattern(
            r"(?:\bnot?\b|n't\b|\bkeine?\b|\bwithout\b|\black)[^.:]{0,30}"
            r"\b(?:support|provid|understand|offer|advertis|announc|anbiet|unterstütz)[^.:]{0,20}"
            r"\b(?:tls|starttls|encrypt|verschlüssel)"
            r"|\bkeine?\b[^.:]{0,40}(?:verschlüssel|tls)[^.:]{0,30}"
            r"(?:anbiet|angeboten|unterstütz|verfügbar)"
            r"|\b(?:bietet|unterstützt|kann|hat|spricht|beherrscht)[^.:]{0,20}"
            r"\bkeine? [^.:]{0,20}(?:tls\b|verschlüssel)"
            r"|\bnie obsługuje[^.:]{0,20}(?:tls|szyfrow)"
            r"|\b(?:tls|starttls|encryption)\b[^.:]{0,25}"
            r"(?:\bnot\b|n't\b)[^.:]{0,15}\b(?:support|offer|advertis|announc)"
        ),
        without=("tls 1", "tlsv1", "tls1", "version", "modern tls", "gemeinsame"),
    ),
)

_NO_DEMANDS = (
    *("but host", "but the server", "but was not", "but our", "but verify", "but certificate"),
    *("auth", "it would be"),
)

_IN_THE_CLEAR = (
    r"(?:\bunencrypted (?:session|mail|e ?mail|smtp|delivery|transport|transmission)"
    r"|(?<!accept )\b(?:plain ?text|clear ?text|insecure) (?:smtp )?(?:connection|session)"
    r"|\b(?:insecure channel|unsecured connection|in clear ?text"
    r"|(?<!prevents )(?<!prevent )clear ?text delivery))"
)
_REFUSED = (
    r"(?:\b(?:reject|refus|deny|disallow|block(?:s|ed)?\b|forbid|prohibit|denied|not?\b|cannot"
    r"|never|abgelehnt|[45]\d\d\b)|n't\b)"
)

DEMANDS = (
    Rule(
        ("receiver-requires-tls",),
        ("tls", "starttls", "encrypt", "verschlüssel", "secure"),
        "550 5.7.1 We demand that all mail arrives encrypted",
        pattern=Pattern(
            r"\b(?:requir|must|need|demand|mandat|insists? on|enforc(?=e[sd]\b|ing\b)"
            r"|(?:we|they|configured to) enforc|only accept|erforder|verlang)\w{0,9}\b"
            r"(?! to (?:forbid|disable|avoid|prevent)\b)[^.:]{0,40}"
            r"\b(?:tls(?!a)|starttls|encrypt|verschlüssel|secure (?:connection|transport))"
            r"|\b(?:tls|starttls|encryption|encrypted|verschlüssel\w{0,4}|secure connection)\b"
            r"[^.:]{0,25}\b(?:required|mandatory|needed|enforced|erforderlich|obligatory"
            r"|obligatoire|must be used)\b"
        ),
        without=_NO_DEMANDS,
        strength=Strength.GENERAL,
        in_reply=True,
    ),
    Rule(
        ("receiver-requires-tls",),
        (
            *("tls", "starttls", "encrypt", "unencrypted", "verschlüssel", "chiffrement"),
            *("cifrado", "crittografia", "criptografia", "conexiones cifradas"),
            *("connexions chiffrées", "connessioni cifrate"),
            *("plaintext", "plain text", "cleartext", "clear text", "insecure", "unsecured"),
        ),
        "550 5.7.1 Unencrypted mail is not accepted",
        pattern=Pattern(
            rf"{_REFUSED}[^.]{{0,60}}?{_IN_THE_CLEAR}|{_IN_THE_CLEAR}[^.]{{0,60}}?{_REFUSED}"
            r"|\bencrypt your (?:connection|session)"
            r"|\bverschlüsseln sie (?:die|ihre) (?:verbindung|übertragung)"
            r"|\b(?:connection|session)\b[^.:]{0,10} not (?:been )?encrypted\b"
            r"|\b(?:tls|starttls|encryption) (?:is |was )?not used\b"
            r"|\bencrypted connections only\b|\bonly encrypted (?:connection|session)"
            r"|\bonly (?:over|via|with|through|using) (?:tls|starttls|an encrypted)\b"
            r"|\bno tls,? no mail|(?<!\bi )(?<!\bwe )\bsend starttls\b"
            r"|\bnur (?:noch )?(?:(?:über|mit|per) )?(?:tls\b|starttls\b|verschlüsselt\b)"
            r"|\bnur (?:noch )?verschlüsselte\w? (?:smtp )?"
            r"(?:verbindung|übertragung|sitzung|zustellung|nachricht|e ?mail|mail)"
            r"|\b(?:requiere|requer|richiede|exige) (?:start)?tls\b"
            r"|\b(?:s[oó]lo aceptan?|n'accepte(?:nt)? que|accetta(?:no)? solo) [^.:]{0,30}"
            r"(?:cifrad|chiffr|cifrat|crittograf)"
            r"|\b(?:chiffrement|cifrado|crittografia|criptografia) "
            r"(?:requis|obligatoire|obligatorio|requerido|richiesta|obbligatoria|obrigatória)"
        ),
        without=(*_NO_DEMANDS, *OF_SOMETHING_ELSE),
        strength=Strength.GENERAL,
        in_reply=True,
    ),
)

# That there was no TLS is a reason only where nobody gives another.
WITHOUT_TLS = (
    Rule(
        ("receiver-requires-tls",),
        (
            "tls",
            "without encryption",
            "an encrypted",
            "a secure",
            "ohne verschlüsselung",
            "connexion chiffrée",
        ),
        "550 5.7.1 We take no mail without TLS",
        pattern=Pattern(
            r"\bwithout (?:tls|starttls|encryption)\b(?! of\b)"
            r"|\bohne (?:tls|verschlüsselung)\b(?! de[rs]\b)"
            r"|\bnot (?:(?:sent|received|delivered|encrypted) )?(?:over|via|with|using)"
            r" (?:tls|an encrypted|a secure)\b"
            r"|\btls only\b|\bconnexion chiffrée"
        ),
        without=(*_NO_DEMANDS, "retry", *OF_SOMETHING_ELSE),
        strength=Strength.GENERAL,
        in_reply=True,
    ),
)

CERTIFICATES = (
    Rule(
        ("certificate-expired",),
        (*_CERTIFICATES, "cert ", "gültigkeit"),
        "the certificate of the peer seems to have expired",
        pattern=Pattern(
            _CERTIFICATE
            + r"(?:[^.]|(?<=\d)\.){0,60}?\b(?:expired|lapsed|no longer valid|outdated|out of date"
            r"|abgelaufen|nicht mehr gültig|expiré|caducad|expirad|expirou|scadut|verlopen"
            r"|wygas(?!a za))"
            r"|\bexpired[^.]{0,20} certificate"
            r"|\bzertifikat\b[^.]{0,30} nicht im gültigkeitszeitraum"
            r"|\bgültigkeit\w{0,9}\b[^.]{0,30}zertifikat[^.]{0,30}(?:überschritten|abgelaufen)"
        ),
        without=("crl", "sts", *_OF_MESSAGES),
    ),
    Rule(
        ("certificate-host-mismatch",),
        (*_CERTIFICATES, "cert "),
        "certificate presented for another name: mismatch",
        pattern=Pattern(
            rf"{_CERTIFICATE}[^.]{{0,140}}?nicht zu[mr]? (?:\S{{1,40}} ){{0,3}}(?:passt|gehört)"
            rf"|{_CERTIFICATE}[^.]{{0,60}}?(?:mismatch|wrong (?:host ?)?name|another name"
            r"|other name|unexpected name|anderen (?:host|rechner|server)?namen|is for x{4}"
            r"|different name"
            r"|\b(?:for|to) (?:another|a different) (?:host|domain|server)|not cover"
            rf"|not issued (?:for|to) x{{4}}|nicht für x{{4}}|{_MATCHES_NOT})"
            r"|(?:name|nom|nombre|nome|naam|nazwa|host|hôte)\b[^.]{0,60}?"
            rf"{_MATCHES_NOT}[^.]{{0,40}}?{_CERTIFICATE}"
            rf"|\b(?:mismatch|wrong (?:host ?)?name)\b[^.\n]{{0,40}}{_CERTIFICATE}"
        ),
        without=("fingerprint does not match", *_OF_MESSAGES),
    ),
    Rule(
        ("certificate-needs-sni", "certificate-host-mismatch"),
        ("sni", "server name indication"),
        "without SNI mx.example.org shows another certificate",
        pattern=Pattern(
            rf"\b(?:without|ohne|sans|sin|senza|zonder|bez) (?:sending )?{_SNI}"
            rf"[^.]{{0,80}}{_CERTIFICATE}"
            rf"|{_CERTIFICATE}[^.]{{0,80}}?\b(?:only|nur|if you send)\b[^.]{{0,80}}\b{_SNI}"
            rf"|{_CERTIFICATE}[^.]{{0,40}}?\bif you send {_SNI}"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        (*_CERTIFICATES, "issuer", "aussteller"),
        "the peer's certificate is from no authority that we trust",
        pattern=Pattern(
            _CERTIFICATE + r"[^.]{0,60}?(?:\b(?:untrusted|not signed by|pas signé par)"
            r"|(?:n't|\b(?:not?|never|nicht|keine?r?|non|pas|não|niet|geen|nie))\b[^.]{0,30}"
            r"\b(?:trust|vertrau|de confianza|approuvé|confiável|attendibile|vertrouw|zaufan)"
            r"|niezaufan)"
            r"|\bissuer\b[^.]{0,60}certificate[^.]{0,40}\b(?:unknown|not known|not found)"
            r"|\baussteller\b[^.]{0,40}unbekannt"
            r"|\b(?:no trusted|untrusted|not trusted|unknown issuer)\b[^.]{0,40}certificate"
        ),
        without=("sts", *_OF_MESSAGES),
    ),
)

_INVALID = (
    r"(?:invalid|not valid|not standards|not conform|ungültig|nicht gültig|inválid|válido"
    r"|pas valide|non è valid|ongeldig|nieprawidłow)"
)
_ANY_FAULT = (
    "certificate-expired",
    "certificate-host-mismatch",
    "certificate-not-trusted",
    "certificate-self-signed",
    "certificate-chain-incomplete",
)
_OF_NO_CERTIFICATE = (*_OF_MESSAGES, *_UNREACHED, *_UNAUTHENTICATED)

CERTIFICATE_ENDS = (
    # A warning: nothing has failed yet.
    Rule(
        ("certificate-expires-soon",),
        (*_CERTIFICATES, "cert "),
        "the certificate of mx.example.org expires in 6 days",
        pattern=Pattern(
            _CERTIFICATE
            + r"[^.]{0,80}?\b(?:(?:expires|will expire|is about to expire|expiring|ends|runs out)"
            r" (?:in (?:\d|\w{2,8} (?:day|week|month))|within|soon|on)"
            r"|läuft (?:in \d|bald|demnächst|am)"
            r"|gilt nur noch|expir[ae] (?:dans|em)|caduca en|scade tra|verloopt over|wygasa za)"
            r"|\bexpiring[^.]{0,20} certificate|\bbald ablaufend\w{0,2} zertifikat"
        ),
        strength=Strength.GENERAL,
        without=("has expired", "is expired", "already expired", "abgelaufen", *_OF_MESSAGES),
    ),
)

CERTIFICATE_TROUBLE = (
    Rule(
        ("certificate-invalid", *_ANY_FAULT),
        (*_CERTIFICATES, "remotezertifikat"),
        "the certificate of mx.example.org is not valid",
        pattern=Pattern(
            rf"{_CERTIFICATE}[^.]{{0,60}}?{_INVALID}|{_INVALID}[^.]{{0,40}}?{_CERTIFICATE}"
        ),
        strength=Strength.GENERAL,
        without=_OF_NO_CERTIFICATE,
    ),
    Rule(
        ("certificate-not-verified", *_ANY_FAULT, "certificate-invalid"),
        ("certificat", "zertifikat", "sicherheitszertifikat", "identity of"),
        "there was a problem with the certificate of mx.example.org",
        pattern=Pattern(
            _CERTIFICATE + r"[^.]{0,60}?(?:fail|error|reject|problem|unable"
            r"|not be verified|not be validated|nicht (?:\w{1,12} )?(?:validier|überprüf|geprüft)"
            r"|être vérifié)"
            r"|(?:fail|error|reject|problem|unable|\bbad|verify fail)[^.]{0,40}?"
            + _CERTIFICATE
            + r"|\bidentity of [^.]{0,40}(?:not|n't) (?:be )?verified"
        ),
        strength=Strength.GENERAL,
        without=_OF_NO_CERTIFICATE,
    ),
)

STS_WORDING = (
    Rule(
        ("sts-policy-fetch-error",),
        ("mta sts", "sts policy", "fetching sts"),
        "mta-sts: the policy could not be loaded, fetch failed",
        pattern=Pattern(
            r"\b(?:mta sts|sts policy)\b[^.]{0,80}?\b(?:fetch|retriev|download|look ?up|load)"
            r"|\b(?:fetch|retriev|download|load)\w{0,3}\b[^.]{0,60}\b(?:mta sts|sts policy)"
            r"|\bfetching sts\b|\b(?:get|obtain)(?:t?ing)? (?:the |an? )?(?:mta )?sts policy"
            r"|\bsts policy(?: file)? (?:is |was )?"
            r"(?:not reachable|unreachable|unavailable|not available)"
            r"|\bsts (?:richtlinie|policy)[^.]{0,40}\bnicht "
            r"(?:geladen|abgerufen|gefunden|erreichbar)"
            r"|\bsts policy (?:could not|cannot|can't) be\b"
            r"(?! (?:met|fulfil|satisf|enforc|appl|valid|verif|pars|match|honou?red))"
        ),
    ),
    Rule(
        ("sts-policy-invalid",),
        ("mta sts", "sts policy"),
        "the MTA-STS policy of example.org does not allow mx.example.net",
        pattern=Pattern(
            r"\binvalid (?:mta )?sts policy|\bnot in (?:the |its )?(?:mta )?sts policy"
            r"|\bnicht in der (?:mta )?sts (?:richtlinie|policy)"
            r"|\bmta sts\b[^.\n]{0,80}? not in policy|"
            r"mta sts[^\n]{0,80}?\b"
            r"(?:not allow|not list|not match|not permit|malformed|pars|syntax|invalid)"
            r"|not (?:allow|list|match|permit)[^.]{0,60}mta sts"
            r"|mta sts[^.]{0,60}\b(?:verbietet|verletzt|erlaubt [^.]{0,40}nicht)"
            # maddy and Exchange Online, of a host that the policy does not list
            r"|\bmx (?:record|hosts)\b[^.\n]{0,60}(?:\(mta sts\)|failed mta sts)"
        ),
    ),
)

STS_TROUBLE = (
    Rule(
        ("sts-policy-invalid", "sts-policy-fetch-error", "sts-webpki-invalid"),
        ("mta sts",),
        "Unable to validate MTA-STS of example.org",
        pattern=Pattern(
            r"\b(?:unable|fail\w{0,3}|could not|cannot|error)\b[^.]{0,60}mta sts"
            r"|\bmta sts\b[^.]{0,60}\b(?:verletzt|nicht (?:erfüllt|eingehalten)|verstoß|verstößt)"
        ),
        strength=Strength.GENERAL,
    ),
)

DANE_WORDING = (
    Rule(
        ("dnssec-invalid",),
        ("dnssec",),
        "DNSSEC did not validate: bogus",
        pattern=Pattern(
            r"\bdnssec\b[^.]{0,80}?(?:fail|fehlg|invalid|bogus|expired|broken|ungültig|error"
            r"|abgelaufen|defekt|kaputt)|\b(?:broken|invalid|expired|bad) dnssec\b"
            r"|\bbogus\b[^.]{0,40}\bdnssec\b"
        ),
    ),
    Rule(
        ("tlsa-invalid",),
        ("tlsa", "dane"),
        "DANE: no usable TLSA",
        pattern=Pattern(
            r"\btlsa records?\b[^\n]{0,80}? (?:not|n't) match"
            r"|\btlsa\b[^.]{0,40}(?:mismatch|invalid|unusable|wrong|fail|(?<!\bto )match|valid"
            r"|error)"
            r"|(?:mismatch|match|invalid|unusable|usable|valid|unsupported|fail\w{0,3}"
            r"|niet overeen|correspond"
            r"|no coincide|non corrisponde|passt nicht|stimmt nicht)[^.]{0,40}"
            r"\btlsa\b"
            r"|\bdane\b[^.]{0,40}(?:fail|fehl|error|invalid|mismatch|reject|not pass|unsuccessful)"
            r"|\btlsa\b[^.]{0,40}\b(?:passt|stimmt) nicht"
        ),
        without=OF_SOMETHING_ELSE,
    ),
)

_SECURED = (
    r"\b(?:secure|encrypted|sicherer?|verschlüsselter?) (?:connection|channel|verbindung|kanal)\b"
)

TROUBLE = (
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        ("tls", "ssl", "starttls", "secure", "sicherer kanal"),
        "it was not possible to go on with TLS",
        pattern=Pattern(
            f"{_TLS}[^.]{{0,60}}?{_FAILS}|{_FAILS}[^.]{{0,60}}?{_TLS}"
            f"|{_SECURED}[^.]{{0,40}}?{_FAILS}|{_FAILS}[^.]{{0,30}}?{_SECURED}"
            f"|{_SECURED} konnte nicht|konnte keine?r? {_SECURED}"
        ),
        strength=Strength.GENERAL,
        without=(
            *("/ssl", "ssl.", "x=tls", "using tls", "version=tls", "not an smtp server"),
            *OF_SOMETHING_ELSE,
        ),
    ),
)

NAMES = (
    Rule(
        ("dns-failure",),
        ("dns", "mx lookup"),
        "unable to look into the DNS for example.org, DNS trouble: error",
        pattern=Pattern(
            r"\b(?:dns|mx lookup|host lookup|name resolution|nameserver)\b[^.]{0,40}?"
            r"(?:fail|fehl|error|timeout|timed out|unable|problem|unavailable)"
            r"|(?:fail|unable|could not|cannot|error)[^.]{0,30}?\b(?:dns|mx lookup)\b"
        ),
        without=("dnsbl", "reverse", "ptr", "nxdomain", "dns name does not exist"),
    ),
)
