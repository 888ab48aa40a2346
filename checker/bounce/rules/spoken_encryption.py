"""What people tell of TLS between two servers, of DANE and MTA-STS, in sentences of their own."""

from checker.bounce.rules.rule import Rule, Strength
from checker.bounce.rules.sentences import AnyOf, Together
from checker.bounce.rules.wording import OF_SOMETHING_ELSE

_OF_SOMETHING_ELSE = (
    *("s/mime", "smime", "pgp", "ende zu ende", "end to end", "passwor", "kennwort", "website"),
    *("webseite", "browser", "imap", "dkim"),
    *OF_SOMETHING_ELSE,
)
_TLS = (
    r"\b(?:start ?tls|tls|ssl|encryption|verschlüsselung|transportverschlüsselung|chiffrement"
    r"|cifrado|crittografia|criptografia|versleuteling|szyfrowani\w)\b"
)
_VERSION = (
    r"\b(?:tls(?: in)?(?: der)?(?: version(?:en|s)?)? ?v?1[ .][0-3]|tls ?v?1\b|ssl ?v?[23]\b)"
)
_OLD = r"\b(?:tls ?v?1(?:[ .][01])?\b(?![ .][23])|ssl ?v?[23]\b)"
_OLD_VERSIONS = (
    rf"(?:{_OLD}|\b(?:alte\w?|ältere\w?|veraltete\w?|old|older|outdated|legacy|obsolete) (?:tls"
    r"|ssl)(?: ?version\w{0,2}| protokolle?| protocols?)?\b)"
)
_NOT = (
    r"(?:\b(?:nicht|kein\w{0,2}|nie|weder|not?|never|cannot|without|ohne|lacks?|neither|stopped|ne"
    r"|pas|aucune?|non|sin|sem|não|niet|geen)\b|n't\b)"
)
_SUPPORTS = (
    r"\b(?:unterstütz|beherrsch|kann\b|kennt\b|sprich|spricht|biete|anbiet|angeboten|kündigt"
    r"|angekündigt|ankündig|hat\b|support|speak|speaks|know|offer|advertis|announc|provid|handle"
    r"|do\b|does\b|has\b|have\b|prend\b|propose|soport|ofrec|admite|supporta|offr|ondersteun|biedt"
    r"|suport|oferec|obsług|capable|able to|understand)"
)
_ME = (
    r"\b(?:ich|i|i'm|(?:mein\w{0,2}|my) (?:client|outlook|thunderbird|phone|handy|programm|pc"
    r"|computer|laptop|iphone|konto|account)|thunderbird|outlook|apple mail|iphone)\b"
)
_REFUSES = (
    r"(?:\b(?:refus|reject|lehnt|lehnen|abgelehnt|ablehn|verweiger|weist|weisen|verbiet|forbid"
    r"|n'accepte|n'acceptent|rechaza|rifiuta|weiger|bounce|blockt|drop)|\b(?:nicht|kein\w?|nothing"
    r"|no longer|not|never|won't|will not|anything)\b[^,]{0,60}?\b(?:an|angenommen|annehm|nimmt"
    r"|nehmen|akzeptier|accept|take|allow|zulass|zugelassen|erlaub|without|unless)|\b(?:akzeptier"
    r"|nimmt|nehmen|accept|take|allow|erlaub|acepta|accetta)\w{0,3}\b[^,]{0,60}?(?:\b(?:kein|nicht"
    r"|no\b|not|nothing|only|nur|plus)|n't\b))"
)
_UNENCRYPTED = (
    r"\b(?:unverschlüsselt\w{0,2}|ohne (?:tls|verschlüsselung)|klartext|unencrypted|not encrypted"
    r"|isn't encrypted|plain(?: ?text)?(?: connections?| smtp| mail)?|clear ?text|in the clear"
    r"|without (?:tls|encryption|starttls)|non chiffrée?s?|sin cifrar|non cifrat\w"
    r"|onversleuteld\w?)\b"
)
_ENCRYPTED = (
    r"\b(?:start ?tls|tls|verschlüsselt\w{0,2}|(?:transport)?verschlüsselung|encrypted|encryption"
    r"|cifrad[oa]s?|chiffrée?s?|versleutelde?)\b"
)
_DEMANDS = (
    r"\b(?:nur noch|nur|besteht|bestehen|verlangt|verlangen|fordert|erwartet|zwingend|pflicht"
    r"|erzwing|erzwungen|vorausgesetzt|insists?|requir|mandat|demand|must|only|enforc|exige|exigen"
    r"|obliga|richiede|vereist|eist)"
)

OF_POLICIES = (
    Rule(
        ("sts-webpki-invalid",),
        ("mta sts",),
        "The web host mta-sts.example.org shows an expired certificate",
        pattern=Together(
            r"\bmta sts\.\w|\b(?:web ?host|web ?server|https)\b",
            r"\bmta sts\b",
            r"(?:zertifikat|certificat|\bcert\b)",
            r"\b(?:expired|abgelaufen|invalid|ungültig|wrong|falsch\w?|self signed|selbst"
            r"|untrusted|broken|kaputt|expiré|caducad|not valid|nicht gültig|fehler|error|mismatch"
            r"|problem)",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("sts-policy-invalid", "sts-policy-fetch-error"),
        ("mta sts", "sts policy", "sts richtlinie"),
        "The new MX isn't in our MTA-STS policy",
        pattern=Together(
            r"\bmta sts|\bsts (?:policy|richtlinie|file|datei)",
            r"\b(?:typo|tippfehler|noch|still|alte[nrs]?|altem|veraltet\w?|previous|former|old"
            r"|outdated|stale|anderen? (?:mx|server)|umgezogen|moved|migrat\w{1,3}|switched"
            r"|gewechselt|ancien\w{0,2}|viejo|antiguo)\b"
            rf"|{_NOT}[^,]{{0,40}}?\b(?:listed|list|in\b|cover|includ|contain|match|erwähnt"
            r"|gelistet|enthalten|aufgeführt|updated|angepasst|aktualisiert|nachgezogen|drin)"
            r"|\b(?:steht|stehen|listet|enthält)\b[^,]{0,60}? nicht\b|\b(?:forgot|vergess)",
            without=r"\bnoch (?:nicht|kein)|\b(?:fetch|abruf|load|lade|geladen|download|40[34]"
            r"|unreachable|nicht erreichbar|down|gültig angezeigt)\b",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("sts-policy-fetch-error", "sts-webpki-invalid"),
        ("mta sts", "sts policy", "sts richtlinie"),
        "Nobody can fetch our MTA-STS policy",
        pattern=Together(
            r"\bmta sts|\bsts (?:policy|richtlinie|file|datei)",
            r"\b(?:não foi possível obter|no se pudo obtener|impossible de (?:récupérer|charger)"
            r"|40[34]|50[0-4]|down|offline|unreachable|nicht (?:\w{1,12} )?(?:abruf|geladen|laden"
            r"|erreich|gefunden|ladbar)|(?:not|n't|cannot|nobody can|unable to"
            r"|fail\w{0,3}(?: to)?) (?:be )?(?:fetch|load|download|retriev|found|reach(?! us)))",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
)

OF_ENCRYPTION = (
    Rule(
        ("sender-tls-fault",),
        ("unser", "our ", "eigene"),
        "Unser eigener Server kann seine Schlüsseldatei nicht lesen",
        pattern=Together(
            r"\b(?:unser\w{0,2}|our|eigene[nr]?) (?:\w{1,12} )?(?:mail ?)?(?:server|postfix|exim"
            r"|exchange|gateway|relay)\b",
            r"\b(?:schlüsseldatei|zertifikatsdatei|privater schlüssel|key ?file|private key"
            r"|certificate file|ca bundle|its (?:own )?(?:key|certificate))\b",
            rf"{_NOT}[^,]{{0,40}}?\b(?:lesen|laden|öffnen|finden|read|load|open|find|match"
            r"|passt)\b|\bnicht (?:gefunden|gelesen|geladen)\b|\bunable to (?:read|load|open"
            r"|find)\b|\bmissing\b",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("dane-required",),
        ("dane", "tlsa"),
        "We enforce DANE, and they have no TLSA record",
        pattern=AnyOf(
            Together(r"\bdane\b", r"\b(?:nur noch|only) (?:\w{1,12} )?(?:an|to|for|für|deliver)"),
            Together(
                r"\b(?:dane(?: only)?|tlsa)\b",
                r"\b(?:verlang|fordert|erzwing|erzwungen|pflicht|vorgeschrieben|enforc|requir"
                r"|insist|demand|mandat|should have|nur noch|only deliver|only to)",
                rf"{_NOT}[^,]{{0,40}}?\b(?:tlsa|dane|record|eintrag|support|publish|unterstütz)",
                clause=False,
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("dnssec-invalid", "dns-failure"),
        ("dnssec", "bogus"),
        "Their zone is bogus for everybody who validates",
        pattern=AnyOf(
            Together(
                r"\bdnssec\b",
                r"\b(?:kaputt|defekt|falsch|ungültig|abgelaufen|fehler|broken|bogus|expired"
                r"|invalid|fail|servfail|wrong|messed)",
                without=rf"{_NOT} (?:\w{{1,12}} )?(?:abgelaufen|expired|broken|kaputt)",
                clause=False,
            ),
            Together(
                r"\bbogus\b",
                r"\b(?:domain|zone|dane|resolver|dnsviz|unbound|validat)",
                clause=False,
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("tlsa-invalid",),
        ("tlsa", "dane", "hash", "prüfsumme", "fingerabdruck", "fingerprint"),
        "Their TLSA record was not updated with the key",
        pattern=AnyOf(
            Together(
                r"\b(?:tlsa|dane|hash|prüfsummen?|fingerabdruck|fingerprint)\b",
                r"\b(?:alte[nrs]?|old|stale|previous|outdated|veraltet|wrong|falsch\w?|differ"
                r"|mismatch|stimmt nicht|verkehrt|incorrect|not correct|broken|kaputt|obsolète)\b"
                rf"|{_NOT}[^,]{{0,40}}?\b(?:pass\w{{1,2}}|match|fit|correspond|update[ds]?"
                r"|angepasst|geändert|aktualisiert|nachgezogen|renewed|changed|coincid|überein"
                r"|gezogen|overeen|corrispond|klopp)|\b(?:passt|passen|stimmt"
                r"|stimmen)\b[^,]{0,60}? nicht\b",
                without=r"\bpasswor|\bhashtag",
            ),
            Together(
                r"\b(?:tlsa|dane|hash|prüfsummen?|fingerabdruck|fingerprint)\b",
                r"\b(?:vergess|vergaß|verpenn|forg[eo]t|missed|neglect|oubli|olvid)",
                clause=False,
            ),
        ),
        beside=("dane", "tlsa", "dns"),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("tls-client-certificate-required",),
        ("client zertifikat", "client cert"),
        "Their server wants a client certificate of us",
        pattern=Together(
            r"\bclient (?:zertifikat|cert)",
            r"\b(?:ausweis|verlang|besteht|forder|will\b|braucht|insist|wants?|asks?|demand|requir"
            r"|needs?)",
            without=r"\bno client certificate|\bkein client zertifikat",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("tls-weak-key",),
        ("diffie hellman", "dh ", "dhparam", "rsa", "schlüssel", "key"),
        "Their key has 1024 bits alone",
        pattern=AnyOf(
            Together(
                r"\b(?:diffie hellman|dh|dhparams?|rsa|schlüssel|keys?)\b",
                r"\b(?:zu (?:kurz|schwach|klein)\w{0,3}|too (?:short|weak|small)|(?:only|nur|just"
                r"|mere) (?:\w{1,6} )?(?:512|768|1024)|(?:512|768|1024) ?bits?)\b",
                without=r"\b(?:dkim|domainkey|passwor|selector)",
                clause=False,
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=("dkim", "domainkey", "passwor"),
    ),
    Rule(
        ("tls-version",),
        ("tls", "ssl"),
        "Their Exchange can do TLS 1.0 at most",
        pattern=AnyOf(
            Together(
                _OLD,
                r"\b(?:nur|höchstens|maximal|max|noch immer|immer noch|only|just|still|at most"
                r"|max(?:es|ed)? out|tops out|stuck|at best|nothing (?:better|newer|above)"
                r"|seulement|que|solo|sólo|soltanto|apenas|alleen|slechts|tylko|bestenfalls|uralt"
                r"|ancient|end of life)\b",
                without=rf"\b(?:we|wir) (?:still|only|just|nur|noch) |{_NOT} (?:nur|only|just)\b",
            ),
            Together(
                _VERSION,
                r"\b(?:alles (?:außer|unter)|(?:every|any)thing (?:but|except|below|older"
                r"|under))\b|\bkann\w{0,2} (?:aber )?(?:nur|höchstens"
                r"|maximal)(?: bis)?(?: zu)? (?:tls )?1[ .][0-2]",
                clause=False,
            ),
            Together(
                rf"{_VERSION}|\b(?:neue(?:re)?\w?|aktuelle\w?|moderne\w?|newer|modern"
                r"|current) (?:tls|ssl)\b",
                rf"(?:{_NOT}|\bweder\b)[^,]{{0,60}}?{_SUPPORTS}"
                rf"|{_SUPPORTS}\w{{0,4}}[^,]{{0,60}}?{_NOT}",
                without=rf"{_ME}|\b(?:dane|mta sts|arriv|kommen|komm[te])\b",
            ),
            Together(
                rf"{_VERSION}|\btls\b",
                r"\b(?:nichts (?:neueres|besseres|höheres|moderneres)|nothing (?:newer|better"
                r"|higher|more recent))\b",
                whole=True,
            ),
            Together(
                _VERSION,
                r"\b(?:min(?:imum|dest\w{0,6})?|at least|schluss mit|hardening|härtung|lower"
                r"|untergrenze)\b",
                r"\b(?:ancient|prehistoric|antique|old|older|alte\w?|uralt\w{0,2}|steinalt\w{0,2}"
                r"|legacy|veraltete?\w?|vintage|museum)\b",
                without=_ME,
                whole=True,
            ),
            Together(r"\b(?:never heard of|noch nie (?:was |etwas )?von) tls"),
            Together(
                r"\b(?:insecure|unsicher\w{0,2}|unsupported|deprecated|veraltet\w{0,2}|outdated"
                r"|obsolete) (?:tls|ssl)(?: |-)?version"
            ),
            Together(
                _VERSION, rf"(?:\bkein\w?|\bno|\bweder|\bneither|\bgeen|\bsans|\bsin) {_VERSION}"
            ),
            Together(
                _VERSION,
                r"\b(?:unterstützt|kann|können|beherrscht|supports?|does|do|speaks?|hat|haben|has"
                r"|have) (?:\w{1,12} )?(?:diese|das|dies|es|sie|die|them|those|that|it"
                r"|this)?\b[^,.]{0,20}? nicht\b|(?:n't|not) (?:do|support|know|have|speak) (?:it"
                r"|that|those|them|this|these)\b",
                without=rf"{_ME}|\b(?:arriv|kommen|komm[te])\b",
                clause=False,
            ),
            Together(
                _OLD_VERSIONS,
                r"(?:abgeschaltet|ausgeschaltet|deaktiviert|abgekündigt|entfernt|disabled?"
                r"|turned (?:\w{1,4} )?off|switched (?:\w{1,4} )?off|dropped|removed|banned"
                r"|deprecated|killed|nicht mehr|no longer|refus|reject|verweiger|lehnt|akzeptier"
                r"|désactiv|desactiv|disattiv|uitgeschakeld|uitgezet)",
                r"\b(?:seit\w{0,3}|since|after|nachdem|weil|because|now|jetzt|deshalb|daher|darum"
                r"|depuis|desde|sinds|refus|reject|lehnt|ihr|ihre[nmrs]?|deren|their|ancient"
                r"|uralt\w{0,3}|which|das)\b",
                without=r"\b(?:passwor|kennwort)\b",
                clause=False,
            ),
            Together(
                r"\b(?:overlap|gemeinsame\w?|common|shared)\b",
                r"\b(?:tls|ssl|protokoll|protocol)\w{0,3} ?(?:version)?",
                rf"{_NOT}",
                without=r"\b(?:cipher|chiff|algorithm|suite|verschlüsselung)",
                clause=False,
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=("with cipher", *_OF_SOMETHING_ELSE),
    ),
    Rule(
        ("tls-cipher",),
        (
            "cipher",
            "chiff",
            "verschlüsselungsverfahren",
            "rc4",
            "3des",
            "cbc",
            "ecdsa",
            "chacha20",
            "gemeinsame verschlüsselung",
        ),
        "The two servers have no cipher in common",
        pattern=Together(
            r"\b(?:cipher|chiff|rc4|3des|cbc|ecdsa|chacha20|verschlüsselungsverfahren"
            r"|verschlüsselung\b)",
            r"\b(?:kein\w{0,2} (?:\w{1,12} )?gemeinsam|(?:no|not|any"
            r"|share no) (?:\w{1,12} )?(?:common|shared|mutual|matching|overlap|cipher|match)"
            r"|mismatch|incompatib|nothing (?:\w{1,10} ){0,4}(?:both|common|shared)|schnittmenge"
            r"|passen (?:\w{1,12} )?nicht|share no|in common|overlap|agree|einigen|(?:bietet"
            r"|offers|allows?|accepts?|akzeptiert|hat|has) (?:\w{1,12} )?(?:nur|only)|(?:nur"
            r"|only) (?:\w{1,6} )?(?:noch )?(?:offers?|allows?|accepts?|has|rc4|3des|cbc|ecdsa"
            r"|chacha20)|nicht (?:mehr )?(?:zu\b|erlaubt|unterstützt|zugelassen)|disabled"
            r"|abgeschaltet|deaktiviert)",
            without=r"\b(?:with cipher|using|established|received)\b|\bdkim",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("starttls-failed",),
        ("starttls",),
        "Their server announces STARTTLS and then hangs up",
        pattern=Together(
            r"\bstarttls\b",
            r"\b(?:legt [^,]{0,40}\bauf|hängt [^,]{0,30}\bauf|bricht [^,]{0,30}\bab|abgebrochen"
            r"|verbindungsabbruch|trenn|getrennt|schließt|dropped|drops|closes?|closed|hangs? up"
            r"|hung up|resets?|disconnect|kappt|(?:antwortet|answers|replies"
            r"|responds)[^,]{0,30}\b(?:fehler|error|4\d\d|5\d\d|nothing|nichts)"
            r"|currently unavailable|stays in plain|wonky|fehler danach|fails right)",
            without=r"\b(?:telnet|firewall)\b",
            whole=True,
        ),
        strength=Strength.GENERAL,
        spoken=True,
    ),
    Rule(
        ("starttls-not-supported", "receiver-requires-tls"),
        (
            *("tls", "starttls", "ssl", "encryption", "verschlüsselung", "chiffrement", "cifrado"),
            *("crittografia", "versleuteling"),
        ),
        "Their server offers no TLS at all",
        pattern=AnyOf(
            Together(
                _TLS,
                rf"{_NOT} (?:\w{{1,12}} ){{0,3}}?{_SUPPORTS}\w{{0,6}} (?:\w{{1,12}} ){{0,4}}?{_TLS}"
                r"|\b(?:bietet|unterstützt|kann|hat|kennt|spricht|beherrscht|offers|has|supports"
                r"|speaks|biedt|ondersteunt|heeft|offre|ofrece) (?:\w{1,16} ){0,6}?(?:kein\w?"
                rf"|no|gar kein\w?|geen|nessuna?|ningún) (?:\w{{1,12}} )?{_TLS}"
                rf"|{_TLS} (?:\w{{1,12}} ){{0,4}}?(?:nicht|not|n't"
                rf"|never) (?:\w{{1,12}} ){{0,2}}?{_SUPPORTS}|\b(?:bietet|unterstützt|kann|kennt"
                rf"|kündigt) (?:\w{{1,12}} ){{0,3}}?{_TLS} (?:\w{{1,12}} )"
                r"{0,3}?(?:nicht|gar nicht)\b"
                rf"|\bkein\w? {_TLS} (?:dabei|drin|vorhanden|zu sehen|aufgeführt|gelistet"
                rf"|in de[rm]|im)\b|\bno {_TLS} (?:listed|there|in (?:the|their|its)|line|offer)"
                rf"|{_TLS} (?:\w{{1,12}} ){{0,3}}?(?:gone|weg|verschwunden|disappeared|vanished)\b"
                rf"|\bstopped (?:offering|advertising|announcing|supporting) {_TLS}"
                rf"|{_TLS} (?:\w{{1,12}} ){{0,2}}?(?:is |ist )?(?:missing|fehlt|disabled"
                r"|abgeschaltet|ausgeschaltet|deaktiviert"
                r"|nicht aktiv\w{0,3})|\b(?:missing"
                rf"|fehlendes?) {_TLS}|\b(?:filter|strip|entfern|remov|block"
                r"|mask)\w{0,4} (?:\w{1,12} ){0,3}?\bstarttls"
                r"|\bstarttls (?:\w{1,12} ){0,3}?(?:filter|strip|entfern|remov|heraus|block)"
                rf"|\b(?:no|kein\w?) {_TLS}(?: at all| überhaupt)?\Z",
                without=rf"{_VERSION}|\b(?:version|dane|mta sts|cipher|port 465)\b|{_ME}",
            ),
            Together(
                r"\bonly (?:\w{1,12} ){0,4}?(?:plain ?text|unencrypted|clear ?text)\b"
                r"|\bnur (?:\w{1,12} ){0,2}?(?:unverschlüsselt\w{0,2}|klartext)\b",
                r"\b(?:server|host|mx|gegenstelle|they|die|able|kann|can|offers?|bietet|accepts?"
                r"|speaks?|spricht)\b",
                without=_ME,
            ),
            Together(
                _TLS,
                r"\b(?:kündigt|bietet|unterstützt|kann|macht)\b (?:es|das|dies|sie"
                r"|diese) (?:\w{1,12} )?nicht\b|\b(?:not|n't) (?:offer|do|support|advertise"
                r"|announce|have|provide) (?:it|that|any)\b",
                without=rf"{_VERSION}|\b(?:version|cipher|ours?|unser\w{{0,2}}|we|wir|nous"
                rf"|nuestro)\b [^,]{{0,30}}(?:not|n't|nicht)|{_ME}",
                clause=False,
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("receiver-requires-tls", "tls-handshake-failed"),
        (
            *(
                "tls",
                "starttls",
                "encrypted",
                "encryption",
                "verschlüssel",
                "unverschlüssel",
                "plain",
            ),
            *(
                "klartext",
                "unencrypted",
                "cleartext",
                "clear text",
                "in the clear",
                "chiffr",
                "cifrad",
            ),
            *("sin cifrar", "versleuteld", "transportverschlüsselung"),
        ),
        "Their server takes nothing that arrives unencrypted",
        pattern=AnyOf(
            Together(
                r"\b(?:start ?tls|tls|verschlüssel\w{0,4}|encrypt\w{0,4})\b",
                r"\b(?:zuerst|first)\b",
                without=rf"{_ME}|{_VERSION}|\bfirst (?:attempt|try|time|record|mail)",
            ),
            Together(_UNENCRYPTED, _REFUSES, without=rf"{_ME}|\b(?:starttls after|version)\b"),
            Together(
                r"\b(?:besteht darauf|bestehen darauf|insists? (?:on|that)|verlangt\b|zwingend)\b",
                _ENCRYPTED,
                without=rf"{_VERSION}|{_ME}|\b(?:wir (?:erzwing|verlang|besteh)|we (?:insist"
                rf"|require)|dane)\b",
                clause=False,
            ),
            Together(
                _ENCRYPTED,
                r"\b(?:nur(?: noch)?|only|ausschließlich|exclusively|mandatory|solo|sólo"
                r"|uniquement|alleen)\b",
                r"\b(?:lässt|lassen|nimmt|nehmen|akzeptier|accept|takes?|lets?|allow|annehm"
                r"|angenommen|rein|zulass|inbound|incoming|eingehend|acept|accett|accepte)",
                without=rf"{_VERSION}|{_ME}|\b(?:wir|we)\b",
                clause=False,
            ),
            Together(
                r"\b(?:switched|moved|umgestellt|changed) (?:\w{1,12} )?(?:to|auf) (?:\w{1,12} )?"
                r"(?:mandatory|enforced|forced|erzwungene[sn]?|zwingende[sn]?|pflicht) ?(?:tls"
                r"|starttls)?",
                without=r"\b(?:wir|we)\b",
            ),
            Together(
                _ENCRYPTED,
                r"\b(?:empfänger|gegenstelle|gegenseite|zielserver|server|gateway|bank|they|their"
                r"|theirs|remote|receiv\w{2,6}|recipient|ministry|behörde|leur|destinataire"
                r"|servidor|banco|other)\b",
                _DEMANDS,
                without=rf"{_VERSION}|{_ME}|\b(?:dane|mta sts|wir erzwingen|we (?:require|enforce"
                r"|demand)|our (?:policy|gateway|side)"
                r"|unser\w{0,2} (?:system|gateway|server|richtlinie|policy) (?:verlangt|verschickt"
                r"|sendet|erzwingt))\b|\b(?:only|nur) (?:use|nutz|verwend)",
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=("port 587", *_OF_SOMETHING_ELSE),
    ),
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        (
            *("handshake", "verschlüsselung", "tls", "ssl", "verschlüsselte", "secure connection"),
            *("encrypted connection", "sichere verbindung", "encrypted session", "secure session"),
        ),
        "Their server and ours get stuck in the handshake",
        pattern=Together(
            r"\b(?:handshake|(?:tls|ssl)(?: ?(?:aus|ver)handlung| negotiation| connection"
            r"| verbindung| sitzung| session)?|verschlüsselung"
            r"|verschlüsselte[nr]? (?:verbindung(?:saufbau)?|übertragung|sitzung)|(?:secure"
            r"|encrypted) (?:connection|session|channel)|sichere (?:verbindung)|négociation"
            r"|negociaci[óo]n|negociação)\b",
            r"(?:\b(?:bricht|abbruch|scheiter|gescheitert|klappt nicht|fehlschl|fehlgeschl"
            r"|schlägt fehl|schlug|schief|fehler|error|errors|fail|falla\b|falló|fallo|échou|échec"
            r"|falha|abort|break|breaks|stuck|dies\b|mislukt|negotat|einigen|misslingt|misslang"
            r"|kommt nicht zustande|kam nicht zustande|geht nicht|funktioniert nicht|problem)"
            r"|(?:can't|cannot|could not|couldn't|unable to|konnte\w? (?:nicht|keine?)"
            r"|kann (?:nicht|keine?))[^,]{0,60}?(?:set up|establish|negot|complete|start|aufbau"
            r"|aufgebaut|herstell|hergestellt|einig))",
            without=r"\b(?:no|without|kein\w?|ohne|keinerlei|any) (?:\w{1,12} )?(?:problem|fehler"
            r"|error)|\bpasswor|\bauthenti|\blogin\b|\bnot (?:a|an|the) (?:tls|ssl)",
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=("zeitüberschreitung", *_OF_SOMETHING_ELSE),
    ),
)
