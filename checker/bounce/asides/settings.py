"""How a program is set: a name that speaks of TLS, and a value that is a choice and no reason.

``EMAIL_USE_TLS = True``, ``"tls":true``, ``Secure (SSL): Ja``, ``smtp_tls_security_level = may``.
How something was set does not say what went wrong. A name that tells of a fault is no setting.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from checker.bounce.patterns import Pattern

_MAXIMUM_NAME = 80
_MAXIMUM_WORDS = 4
# How far from the sign a value names TLS that its name does not.
_MAXIMUM_VALUE = 20
_MAXIMUM_TRIED = 5_000

WORDS_OF_TLS = (
    *("tls", "ssl", "smtps", "secur", "crypt", "cipher", "cert", "verify_peer", "verifypeer"),
    *("verify_host", "verify_mode", "verify_depth", "self_signed", "selfsigned"),
    *("rejectunauthorized", "sicher", "verschlüssel", "sécur", "chiffr", "segur", "cifrad"),
    *("sicurezza", "protett", "crittograf", "criptograf", "beveilig", "versleut", "säker"),
    *("sikker", "zabezpiecz", "szyfrow", "шифр", "безопас", "защит", "セキュリティ", "暗号"),
    *("加密", "安全"),
)
"""Parts of names, in the languages in which programs and forms put them."""

_OF_TLS = Pattern("|".join(WORDS_OF_TLS))
# These may be of anything; they are of TLS where their value is.
_OF_ANYTHING = Pattern(
    r"(?<![a-z])(?:protocol|protokoll|protocole|protocolo|version|method|methode|mode|modus|type"
    r"|typ|connection|verbindung|transport|scheme|option|socket)[ \"']{0,2}\Z"
)
_OF_A_FAULT = Pattern(
    r"fail|error|err(?![a-z])|expired|invalid|mismatch|untrust|refus|reject(?!unauthorized)|denied"
    r"|alert|time[d ]?out|abort|\blost|can't|cannot|could|unable|\bno[t ]|\btoo[ _]|self.?signed"
    r"|fehl|abgelaufen|ungültig|nicht|reason|cause|status|message|\bmsg|result|said|response"
    r"|reply|wrong|\bbad\b|échec|erreur|handshake|negotiat"
    r"|command"
)
# Where the answer is no, something is missing.
_OF_A_VIRTUE = Pattern(
    r"support|unterstütz|offer|avail|verfügbar|announc|advertis|valid|gültig|trusted|match"
)
# Where a version or a way follows, it is what was asked for.
_OF_A_DEMAND = Pattern(
    r"requir|minim|mindest|erforder|need|must|support|unterstütz|deprecat|obsolet|outdated|veraltet"
)
_OF_A_PERMISSION = Pattern(r"allow|accept|ignor|skip|permit|tolerat|disable|force")
# What follows the code of a reply is what a server says.
_REPLY = Pattern(r"(?<![\w.:])(?!465|587)[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} )?\Z")

_VERSION = r"[!<>=~^+-]{0,2}(?:tls|ssl)(?:_?v)?[ _]?\d?(?:[._]\d){0,2}"
_WAY = (
    r"starttls|start_tls|ssl/tls|tls/ssl|ssl_tls|smtps|implicit|explicit"
    r"|(?:implicit|explicit|mandatory|opportunistic|no)[ _]?(?:start)?tls"
)
_CIPHER = (
    r"(?=[\w-]{0,40}(?:aes|chacha20|camellia|3des|rc4))[a-z][\w-]{3,60}(?::\d{2,3}(?:/\d{2,3})?)?"
    r"|(?:high|medium|default|all|kecdh|!?anull|normal|secure\d{0,3})[:!+@][\w:!+@=.-]{0,300}"
)
# With these nobody begins a reason.
_PLAIN = (
    rf"{_CIPHER}|true|false|yes|ja|oui|sí|sì|sim|tak|nein|não|null|nil|undefined|да|нет|はい|いいえ"
    r"|是|否"
)
_NAMES = r"(?:(?:hostname|nexthop|dot-nexthop)(?:, )?){1,3}"
_SHORT = (
    r"on|off|no|non|not|none|si|nie|nee|nej|nei|ei|ein|aus|なし|あり|enabled?|disabled?|aktiviert"
    r"|deaktiviert|activée?|désactivée?|activado|desactivado|attivat[oa]|ativado"
    r"|auto(?:matic|matisch)?|never|always|immer|may|must|encrypt(?:ed)?|dane(?:-only)?|verify"
    r"|secure|fingerprint|strict|peer|full|plain|normal|optional|opportunistic|mandatory"
    rf"|required?|prefer(?:red)?|{_NAMES}|keine?|aucune?|ninguno|nessun[oa]|geen|brak|ok|\*"
    r"|(?:un)?checked|ticked|angehakt|coché|[✓✔☑☐✗]"
)
_PLACE = (
    r"(?:(?:hash|texthash|lmdb|btree|file|static|inline|cdb|regexp|pcre):)?"
    r"(?:/(?!/)|~/|\./|\$\{?|[a-z]:\\)[^\s\"',;:]{1,200}"
    r"|(?:os\.)?(?:get)?env(?:iron\.get)?\([^()\n]{0,80}\)"
)
_CONSTANT = (
    r"(?:[a-z_\\]{1,40}(?:::|->)){1,3}[a-z_]\w{0,40}"
    r"|(?:ssl|tlsversion|securesocketoptions|securityprotocoltype)\.[a-z_]\w{0,40}"
)
_VALUE = (
    rf"(?P<plain>{_PLAIN})|(?P<of_tls>{_WAY}|{_VERSION}(?:[,:; \n]{{1,3}}{_VERSION}){{0,8}})"
    rf"|(?P<constant>{_CONSTANT})|{_SHORT}|(?P<number>-?\d{{1,6}}(?:\.\d)?)|{_PLACE}"
    # A list or a group of settings, or nothing
    r"|(?:array)?[(\[{]|(?<=[\"'])(?=[\"'])"
)
# Its line ends, its clause, or the next setting begins.
_ENDED = (
    r"\.?(?: {0,4}(?:\n|\Z|[\"'`\]),;}|<&#])|  | //| --"
    r"| (?!err|alert|fail|handshake|not|session|routines|library|negotiat|connection|verif)"
    r"[\w.$\"'-]{1,40} ?[=:])"
)
_COLONS = ":\N{FULLWIDTH COLON}"
_SIGN = Pattern(rf"[{_COLONS}=](?<!\d.)[=>]?")
_ASSIGNMENT = Pattern(
    rf"(?P<sign>{_SIGN.pattern})(?P<apart>[ \n]{{0,4}}[\"'`\[(]{{0,2}})(?P<value>{_VALUE})"
    r"(?: ?\((?:auto|port|default|standard|accept|alle|tou)[\w ]{0,24}\)| auto)?"
    rf"(?:(?P<ended>(?={_ENDED}))|(?=\.? ))[\"'`]?"
)
_NO = Pattern(
    r"false|no[nt]?|none|nein|não|nie|nee|nej|nei|ei|нет|いいえ|なし|否|0|off|aus|null|nil|"
)
_AN_ERROR = Pattern(r"exception|error|fail|alert")
_CLAUSE_ENDS = Pattern(rf"[\n,;={_COLONS}{{}}|&<>?!]|\. ")
_WORD = Pattern(r"[^\s]{1,80}")
_AN_IDENTIFIER = Pattern(r"\w[_.-]\w")
_NO_LABEL = Pattern(r"[\d\[\]@]|\w\.\w")
_IN_PARENTHESES = Pattern(r"\((?:ssl|tls|ssl/tls)\) ?\Z")
_A_CONNECTION = Pattern(r"connection|verbindung|connexion|conexión|connessione|conexão|verbinding")

_ENDS = r"(?= ?(?:\n|\Z|[,;)]))"
UNSIGNED = (
    # Command lines, mailx and mutt, PowerShell
    r"set \w{1,20}[_-][\w-]{0,40}(?:tls|ssl)[\w-]{0,20}",
    *(
        rf"-(?<=[\s]-){dash}[a-z-]{{0,30}}{word}[a-z-]{{0,30}}{end}"
        for dash, end in (("-", ""), ("", _ENDS))
        for word in ("tls", "ssl")
    ),
    *(
        rf"-(?<=[\s]-){name} {{1,3}}\$?[\w.]{{2,60}}"
        for name in ("requiretls", "ignorestarttls", "usessl", "tlsauthlevel", "tlsdomain")
    ),
    # msmtp, ssmtp, Postfix's policy tables
    *(
        rf"{name}(?:_\w{{1,30}})? (?:on|off|auto|yes|no|enabled|disabled){_ENDS}"
        for name in ("tls", "ssl", "starttls", "usetls", "use_tls", "usestarttls", "use_starttls")
    ),
    r"dane-only(?=\n|\Z)",
    # Source and stack traces
    r"line \d{1,6}, in \w{0,40}(?:tls|ssl)\w{0,40}",
    r"\.start_?tls\([^()\n]{0,60}(?:\([^()\n]{0,60}\))?[^()\n]{0,20}\)",
    r"ssl\.create_default_context\(\)",
    r"smtplib\.smtp_ssl\(",
    r"tls::\w{2,20}",
    r"securesocketoptions\.\w{2,20}",
    r"securityprotocoltype\.\w{2,20}",
    # What Get-SendConnector lists
    r"tlscertificatename ?[:=] ?<i>[^<\n]{0,300}<s>[^\s]{0,300}",
    # Instructions that name a port, and boxes that are ticked or not
    *(
        rf"{port}[ :/,]{{0,3}}\(?(?:(?:mit|with|using|über|via|avec|con|com) )?"
        rf"(?:starttls|ssl/tls|tls/ssl|tls|ssl)\b\)?{_ENDS}"
        for port in ("465", "587", "2525")
    ),
    *(
        rf"\[[x ]\] [^\n]{{0,80}}{word}(?:[ /-][a-z]{{1,15}}){{0,2}}(?=\n|\Z)"
        for word in ("tls", "ssl")
    ),
)
"""Wordings of settings without a sign between name and value."""


def settings_in(text: str) -> Iterator[tuple[int, int]]:
    """Where settings with a sign between name and value stand.

    Args:
        text: In lower case, with its line ends.
    """
    if not _SIGN.search(text):
        return
    words = [word.end() for word in _OF_TLS.finditer(text)]
    last = tried = 0
    for sign in _SIGN.finditer(text):
        begin, end = max(last, sign.start() - _MAXIMUM_NAME), sign.end()
        nearest = bisect_left(words, begin)
        if nearest == len(words) or words[nearest] > end + _MAXIMUM_VALUE:
            continue
        tried += 1
        if tried > _MAXIMUM_TRIED:
            return
        found = _ASSIGNMENT.match(text, sign.start())
        if found:
            clause = _CLAUSE_ENDS.split(text[begin : sign.start()])[-1]
            name = _name_in(clause, found)
            if name:
                yield found.start() - len(name), found.end()
            last = found.end()


def _name_in(clause: str, found: re.Match[str]) -> str:
    """The name at the end of the words before a sign; nothing if they are no setting's."""
    words = list(_WORD.finditer(clause))[-_MAXIMUM_WORDS:]
    if not words or not _is_value(clause, found):
        return ""
    if found["of_tls"] and _OF_A_DEMAND.search(clause):
        return ""
    if found["of_tls"] and found["ended"] is not None and _OF_ANYTHING.search(clause):
        begin = next(filter(_is_of_tls, words), words[-1]).start()
    else:
        # A program's name of a setting is one word, a form's may be several.
        if not _is_labelled(found) or clause[-1:] in {'"', "'"}:
            del words[:-1]
        at = next(filter(lambda at: _is_of_tls(words[at]), reversed(range(len(words)))), None)
        if at is None:
            return ""
        begin = words[_first(words, at)].start()
    name = clause[begin:]
    if len(name.split()) > 1 and _NO_LABEL.search(name):
        return ""
    is_said = _REPLY.search(clause[:begin]) or _tells(name, clause, found["value"])
    return "" if is_said else name


def _first(words: Sequence[re.Match[str]], at: int) -> int:
    """Which word a name begins with of which one is known: "encrypted connection (SSL)", too."""
    first = at
    if at > 1 and words[at][0].startswith("(") and _A_CONNECTION.fullmatch(words[at - 1][0]):
        first -= 2
    elif at and not _AN_IDENTIFIER.search(words[at][0]):
        first -= 1
    return first if _is_of_tls(words[first]) else at


def _is_of_tls(word: re.Match[str]) -> bool:
    return _OF_TLS.search(word[0]) is not None


def _is_labelled(found: re.Match[str]) -> bool:
    """As forms do it, JSON and YAML."""
    return found["sign"] in _COLONS


def _is_value(clause: str, found: re.Match[str]) -> bool:
    if found["constant"] and _AN_ERROR.search(found["constant"]):
        return False
    is_ended = found["ended"] is not None
    is_long = found["number"] and found["value"] not in {"0", "1"}
    if not _is_labelled(found):
        return is_ended or not is_long
    is_quoted = clause[-1:] in {'"', "'"}
    # "(_ssl.c:1129)" is none, and the fields of an OpenSSL error are apart by colons alone.
    if is_long and not is_quoted:
        return False
    if found["plain"]:
        return True
    is_apart = found["apart"] or is_quoted or clause[-1:] == ")"
    is_clear = is_ended or found["constant"] or _IN_PARENTHESES.search(clause)
    return bool(is_apart and is_clear)


def _tells(name: str, clause: str, value: str) -> bool:
    """Whether it says that something is wrong."""
    if _OF_A_PERMISSION.search(clause):
        return False
    is_no = _NO.fullmatch(value) is not None
    if is_no and _OF_A_VIRTUE.search(name):
        return True
    # That there was no error is none; "certificate has expired" stands before another setting.
    return _OF_A_FAULT.search(name) is not None and not (is_no and " " not in name.strip())
