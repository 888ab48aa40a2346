"""What people tell of a server's certificate in sentences of their own."""

from checker.bounce.rules.rule import Rule, Strength
from checker.bounce.rules.sentences import AnyOf, Together

_WORDS = ("zertifikat", "serverzertifikat", "cert")
_CERTIFICATE = r"(?:zertifikat|certificat|certyfikat|certificad|certificaat|\bcerts?\b)"
# Nobody speaks of the way of a mail who names these.
_OF_SOMETHING_ELSE = (
    *("s/mime", "smime", "dkim", "dmarc", "pgp", "signatur der", "verify return:1", "website"),
    "webseite",
)

_NOT = (
    r"(?:\b(?:nicht|kein\w{0,2}|nie|niemand|niemals|nirgends|nirgendwo|nowhere|not?|never|cannot"
    r"|nobody|none|without|ohne|lacks?|isn|ne|pas|aucune?|non|sin|sem|não|niet|geen|nie)\b|n't\b"
    r"|n'(?=[a-z])|\bfehl(?:t|en|te)\b|\bmissing\b|\bmanque\b|\bfalta\b|\bmanca\b|\bontbreekt\b)"
)
_FORGOT = (
    r"(?:liegen ?geblieben|verschleppt|vergess|vergaß|verpenn|verschlaf|versäum|verpass|verschlamp"
    r"|verschwitz|forg[eo]t|neglect|missed|oubli|olvid|dimentic|vergeten|\bnobody\b|\bniemand\b"
    r"|\bno one\b)"
)
_RENEW = (
    r"(?:erneuer|verläng|tausch|gewechselt|renew|rollover|renouvel|renov|rinnov|verleng|vernieuw)"
)

OF_CERTIFICATES = (
    Rule(
        ("certificate-not-yet-valid",),
        _WORDS,
        "Their certificate starts to be valid tomorrow only",
        pattern=Together(
            _CERTIFICATE,
            r"\b(?:erst (?:ab|am|in|nächste|morgen|übermorgen)|noch nicht gültig|gilt noch nicht"
            r"|in der zukunft|not before|not valid yet|not yet valid|start date|in the future"
            r"|becomes? valid|starts? (?:to be valid|tomorrow|next))\b",
            without=r"\b(?:abgelaufen|expired)\b",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("certificate-expired",),
        (*_WORDS, "let's encrypt", "ausweis"),
        "They forgot to renew their certificate",
        pattern=AnyOf(
            Together(
                rf"{_CERTIFICATE}|\blet's encrypt\b|\bausweis\b",
                r"\b(?:abgelaufen|ausgelaufen|verfallen|verstrichen|nicht mehr gültig|(?:nur"
                r"|war) bis|ablaufdatum|stale|notafter (?:was|ist|war|is)|lapsed|expired|ran out"
                r"|run out|past its|end date|out of date|no longer valid|(?:was|only) (?:valid"
                r"|good) (?:until|till)|until \w{1,12} only|tot seit|expir(?:é|ó|ado|ada|ou)"
                r"|périmée?|plus valable|caduc(?:ó|ado|ada)|vencid[oa]|venci[óo]|scadut[oi]"
                r"|verlopen|wygasł)",
                without=r"\b(?:not|nicht|n't|never|noch nicht|nie) (?:\w{1,12} )?(?:abgelaufen"
                r"|ausgelaufen|expired?|lapsed?)\b|\bnot been expired\b|\bdomain\b",
            ),
            Together(
                _CERTIFICATE,
                r"\b(?:it|they|es|das|dieses?|which|apparently|angeblich|wohl)\b[^.]{0,30}?"
                r"\b(?:abgelaufen|ausgelaufen|expired)\b",
                without=r"\b(?:not|nicht|n't|never|session|password|passwort|konto|account|domain"
                r"|expired in)\b",
                whole=True,
            ),
            Together(
                rf"{_CERTIFICATE}|\blet's encrypt\b|\bausweis\b",
                _FORGOT,
                _RENEW,
                clause=False,
            ),
            Together(
                rf"{_CERTIFICATE}|\blet's encrypt\b|\bausweis\b",
                rf"{_NOT} (?:\w{{1,16}} ){{0,3}}?{_RENEW}|(?:renewal|erneuerung"
                r"|verlängerung)\b[^,]{0,60}?\b(?:broke|fail|did ?n|did not|stopped|fehlgeschlagen"
                r"|schlug|scheiter|gescheitert|kaputt|hängt)",
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("certificate-chain-incomplete", "certificate-not-trusted"),
        (
            *("intermedi", "zwischenzertifikat", "zertifikatskette", "chain", "kette", "fullchain"),
            *("leaf", "certificat intermédiaire"),
        ),
        "The server sends its leaf alone, without the intermediate",
        pattern=AnyOf(
            Together(
                r"\b(?:intermedi(?:ate|ario|ário|o)|intermédiaire|zwischenzertifikat"
                r"|zertifikatskette|(?:cert\w{0,8} )?chain|kette|fullchain)",
                rf"{_NOT}|{_FORGOT}|\b(?:unvollständig|unterbrochen|lücke|glied|incomplete|broken"
                r"|left out|weggelassen|instead of|incomplet|incompleta|only)",
                without=r"\b(?:blockchain|supply chain|food chain|self signed)",
            ),
            Together(r"\b(?:intermediate|zwischenzertifikat|fullchain)", _FORGOT, clause=False),
            Together(r"\b(?:only|nur) (?:\w{1,8} ){0,3}leaf\b"),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("certificate-self-signed",),
        (*_WORDS, "self signed", "selbstsigniert", "auto signé", "snake oil", "snakeoil"),
        "They signed their certificate themselves",
        pattern=Together(
            rf"{_CERTIFICATE}|\b(?:mail|smtp|mx|server|exchange|postfix)",
            r"\b(?:selbst ?(?:signiert|erstellt|ausgestellt|gebastelt|gemacht|erzeugt|generiert"
            r"|unterschrieben)|selber (?:gebastelt|gemacht|ausgestellt|signiert|erstellt)"
            r"|self ?(?:signed|made|issued|generated)|signed (?:by )?(?:itself|(?:its|their) own)"
            r"|generated (?:for |by )?itself|signed (?:\w{1,12} ){0,3}themselves|snake ?oil"
            r"|home ?made|default (?:one|cert)|standardzertifikat|(?:nie|never|kein\w{0,2}|no"
            r"|not) (?:\w{1,10} ){0,2}(?:richtig|echt|offiziell|ordentlich|real|proper|official"
            r"|public)\w{0,3} (?:cert|zertifikat)|auto ?(?:signé|firmad|assinad|firmat)"
            r"|zelf ?(?:ondertekend|gemaakt)|zelfondertekend)",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        _WORDS,
        "Our server does not know the authority that issued their certificate",
        pattern=AnyOf(
            Together(
                r"\b(?:aussteller|zertifizierungsstelle|(?:root )?ca\b|issuer|authority"
                r"|authorities|autorité|autoridad|urząd|stammzertifikat|wurzelzertifikat"
                r"|trust ?stores?|(?:ca )?bundle|root cert|who signed|that signed|stelle\b)",
                rf"{_NOT}[^,]{{0,60}}?\b(?:kenn\w{{0,3}}|bekannt|anerkannt|akzeptiert"
                r"|vertrau\w{0,3}|truststore|trust ?(?:store|s|ed)?|bundle|know[ns]?"
                r"|recogni[sz]e[sd]?|accept(?:s|ed)?|reconna[iî]t|connaît|reconoc\w{1,3}|conoce"
                r"|riconosc\w{1,3}|kent|vertrouw\w{0,2}|heard)|\b(?:kenn\w{0,3}|vertrau\w{1,3}"
                r"|traut|trauen|know|trust|accept)\b[^,]{0,60}? (?:nicht|not|no)\b|\b(?:unbekannt"
                r"|unknown|untrusted|misstrau|distrust|removed|entfernt|inconnu|desconocid"
                r"|onbekend|nieznan|internal|in house|hauseigen|private|obscure)|\b(?:intern"
                r"|eigen)e[nrs]? (?:\w{1,12} )?(?:ca|zertifizierungsstelle)\b",
                without=r"\b(?:bis|until|renew|erneuer)\b",
            ),
            Together(
                _CERTIFICATE,
                r"\b(?:(?:own|internal|private|company|in house|eigene[nrs]?|interne[nrs]?"
                r"|firmeneigene[nrs]?) (?:\w{1,12} )?(?:pki|ca|certificate authority"
                r"|zertifizierungsstelle)|hauseigen)\b",
                clause=False,
            ),
            Together(
                _CERTIFICATE,
                rf"{_NOT}[^,]{{0,40}}?(?:vertrau|trust|reconna|reconoc|riconosc|vertrouw|zaufan"
                r"|anerkannt|recogni[sz]ed)",
            ),
        ),
        beside=("zertifikat", "cert"),
        strength=Strength.GENERAL,
        spoken=True,
        without=("tlsa", *_OF_SOMETHING_ELSE),
    ),
    Rule(
        ("certificate-host-mismatch",),
        (*_WORDS, "sicherheitszertifikat", "beveiligingscertificaat", "cn is", "san "),
        "The certificate covers the web host alone, and not the MX",
        pattern=AnyOf(
            Together(
                rf"{_CERTIFICATE}|\b(?:san|subject alt\w{{0,20}}) list",
                rf"{_NOT}[^,]{{0,80}}?\b(?:match|agree|cover|includ|contain|list|fit|correspond"
                r"|coincid|überein|enthalten|enthält|aufgeführt|gelistet|drin\b|mention"
                r"|have the (?:mail|mx|right)|corrispond|overeen|pasuje|for (?:the|this|that|our"
                r"|their) (?:mx|mail|host|name))|\b(?:passt|passen|stimmt|stimmen|steht|gilt"
                r"|gehört|lautet|taucht)\b[^,]{0,60}? (?:nicht|nirgend\w{1,3})\b|\b(?:nicht"
                r"|kein\w?)\b[^,]{0,40}?\b(?:passt|passen|passend\w{0,2}|stimmt|steht|gilt|gehört"
                r"|zum namen)\b",
                without=r"\b(?:bis|until|erneuer|renew|expire|abgelaufen|vertrau|trust|tlsa"
                r"|mta sts|key|hash|schlüssel|chain|kette|intermediate|stimmt (?:et)?was)",
            ),
            Together(
                _CERTIFICATE,
                r"\b(?:ander[ens]{1,2}|falsche[nrs]?|fremde[nrs]?|alte[nrs]?|wrong|different"
                r"|another|other|old|autre|otro|altro|andere) (?:\w{1,12} )?(?:host ?|server ?"
                r"|domain ?)?(?:name|nom|nombre|nome|naam)|\b(?:wrong|different|another) (?:host"
                r"|server|domain)|\b(?:für|auf) (?:eine[nr]? )?(?:ander|falsch"
                r"|fremd)\w{1,2} (?:host|server|domain)",
                without=r"\b(?:bis|until|erneuer|renew|expire|abgelaufen|mta sts|tlsa)\b",
            ),
            Together(
                _CERTIFICATE,
                r"\b(?:nam(?:e|en|es)|nom|nombre) (?:der|des|of the|of our|of their|de l'|del?) "
                r"(?:alten|anderen|früheren|vorherigen|ehemaligen|old|previous|former|other"
                r"|ancien)",
            ),
            Together(
                _CERTIFICATE,
                r"\b(?:steht|stehen|lautet|says|name (?:on|in) the cert\w{0,8}|shows|contains)\b",
                r"\b(?:mx|host|server|hostname)\b[^.]{0,40}?\b(?:heißt|is called|points|is named"
                r"|lautet)\b|\b(?:aber|but)\b[^.]{0,40}?\b(?:mx|heißt|host|hostname|server)\b",
                clause=False,
            ),
            Together(
                _CERTIFICATE,
                r"\b(?:vom|des|von (?:unserem|ihrem|deren)|of the|for the|belongs to|from the)"
                r" (?:\w{1,12} )?(?:hosters?|hosting|providers?|web ?servers?|web ?(?:site|host"
                r"|seite)|plesk|cpanel)|\bweb ?(?:server|host)'s\b|\bonly (?:good |valid "
                r"|issued )?for\b|\b(?:gilt|lautet|läuft|ausgestellt"
                r"|gültig) (?:\w{1,12} )?nur (?:auf|für)\b|\bnur (?:auf"
                r"|für) [^,]{1,60} (?:ausgestellt|gültig)\b",
                without=r"\b(?:bis|until|erneuer|renew|expired|abgelaufen|sign|tage?n?|days?"
                r"|monate?)\b",
            ),
            Together(
                _CERTIFICATE,
                r"\b(?:covers?|lists?|includes?|contains?|names?|is|gilt|enthält)\b[^;]{1,120}?"
                r"\b(?:but|and|aber|und) (?:not|nicht)\b (?:\w{1,10} )?(?:x{4}|mx|mail|the|den|die"
                r"|für|for)",
                clause=False,
            ),
            Together(
                r"\b(?:handed|gets?|got|presents?|presented|shows?|serves?|hands|bekomm\w{0,2}"
                r"|bekam|zeigt|liefert|präsentiert|weist sich mit|meldet sich mit)\b[^.]{0,40}?"
                r"\b(?:certificate|cert|zertifikat)\b (?:\w{1,12} )?(?:for|of|für|von|auf) x{4}",
                without=r"\b(?:until|bis)\b",
            ),
            Together(
                _CERTIFICATE,
                r"\bnam(?:e|es|en) (?:do(?:es)? not|don't|doesn't|stimm\w{0,2} (?:\w{1,12} )?nicht"
                r"|pass\w{0,2} (?:\w{1,12} )?nicht) ?(?:match|agree|fit|zusammen|überein)?\b"
                r"|\b(?:issued|ausgestellt)\b[^.]{0,160}?\b(?:but|aber|erwartet|expected)\b"
                r"|\b(?:has|contains|lists|covers|includes|enthält|hat|deckt|nennt) (?:only|nur)\b"
                r"|\b(?:only|nur) (?:has|contains|lists|covers|includes)\b"
                r"|\bsame cert\w{0,10}\b[^.]{0,60}?\bweb ?(?:site|server|host)?\b",
                clause=False,
            ),
            Together(
                r"\b(?:cn|common name) (?:is|ist|lautet|steht|says)\b",
                r"\b(?:but|not|n't|aber|nicht|instead|statt)\b",
                clause=False,
            ),
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("certificate-invalid",),
        _WORDS,
        "Their certificate was revoked",
        pattern=Together(
            _CERTIFICATE,
            r"\b(?:revoked|widerrufen|zurückgezogen|révoqué|revocad|sha ?1|md5)",
            clause=False,
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=_OF_SOMETHING_ELSE,
    ),
    Rule(
        ("certificate-not-verified", "certificate-expired", "certificate-host-mismatch"),
        _WORDS,
        "Something is wrong with their certificate",
        pattern=Together(
            _CERTIFICATE,
            r"\b(?:stimmt (?:et)?was nicht|nicht in ordnung|nicht (?:mehr )?ok\b|kaputt|defekt"
            r"|meckert|beschwert|mag\b|fehlerhaft|broken|wrong with|something wrong|doesn't like"
            r"|complain|does not like|messed|trouble|(?<!no )issue|schlecht|nicht akzeptiert"
            r"|lehnt)",
        ),
        strength=Strength.GENERAL,
        spoken=True,
        without=("tlsa", *_OF_SOMETHING_ELSE),
    ),
)
