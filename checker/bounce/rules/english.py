"""What providers and people write in English, in words of their own."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule, Strength

_CERTIFICATE = r"\bcert(?:ificate)?s?\b"
_NOT = r"(?:\bnot\b|n't\b|\bcannot\b|\bnever\b|\bunable to\b|\bfail(?:s|ed)? to\b)"
_OTHER_SIDE = (
    r"(?:server|host|\bmx|remote(?: (?:side|end|party))?|other (?:side|end)|receiving (?:side|end)"
    r"|recipient(?:'s)? side)\b"
)
_OF_MESSAGES = ("s/mime", "smime", "dkim", "dmarc", "pgp")
_OF_NOTHING_THAT_FAILED = ("verified ok", "verify return:1")

TLS_IN_ENGLISH = (
    Rule(
        ("sender-tls-fault",),
        ("our own", "our certificate", "our private key"),
        "Our own certificate file cannot be read",
        pattern=Pattern(
            r"\bour (?:own )?(?:certificate|private key|key)\b[^.]{0,40}?"
            rf"(?:{_NOT}[^.]{{0,20}}?(?:read|load|open|found)|\bmissing\b|\bunreadable\b)"
            r"|\bour own (?:mail ?)?(?:server|postfix|exim|exchange|relay|gateway)\b[^.]{0,20}?"
            rf"{_NOT} (?:read|load|open|find)\b"
        ),
    ),
    Rule(
        ("certificate-not-yet-valid",),
        ("certificate", "cert "),
        "The certificate is not valid until next month",
        pattern=Pattern(
            rf"{_CERTIFICATE}[^.]{{0,60}}?(?:not (?:yet )?valid (?:until|before)|valid only from"
            r"|(?:starts?|start date|begins?|validity)[^.]{0,30}in the future)"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-expired",),
        ("certificate", "cert "),
        "Their certificate ran out last week",
        pattern=Pattern(
            rf"{_CERTIFICATE}[^.]{{0,60}}?(?:\bran out\b|\bhas run out\b|\bout of validity\b"
            r"|\bpast its (?:validity|expiry|expiration|end)|\bnot (?:been )?renewed\b)"
        ),
        without=("crl", *_OF_MESSAGES),
    ),
    Rule(
        ("certificate-host-mismatch",),
        ("certificate", "cert "),
        "The name on the certificate is wrong",
        pattern=Pattern(
            r"\bname (?:on|in) the certificate (?:is|was) (?:wrong|different|another)"
            r"|\b(?:name|host|mx)\b[^.]{0,30}not (?:covered|named|listed|contained|included)"
            rf" (?:by|in|on) [^.]{{0,30}}{_CERTIFICATE}"
            rf"|{_CERTIFICATE}[^.]{{0,60}}?\b(?:belongs to|is for|issued (?:to|for)) "
            r"(?:an?other|a different|some other|the wrong)"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-self-signed",),
        ("self made", "self issued", "self generated", "own certificate"),
        "The server uses a self-made certificate",
        pattern=Pattern(
            rf"\bself (?:made|issued|generated)\b[^.]{{0,20}}{_CERTIFICATE}"
            r"|\b(?:its|their) own certificate\b[^.]{0,40}(?:instead of|not from|without)"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("certificate-not-trusted", "certificate-chain-incomplete"),
        ("ca of", "issuer of", "authority of", "authority behind"),
        "The authority behind the certificate is not known to us",
        pattern=Pattern(
            rf"\b(?:ca|issuer|authority) (?:of|behind) [^.]{{0,40}}{_CERTIFICATE}[^.]{{0,40}}?"
            r"(?:\bunknown|\buntrusted|\bnot (?:known|trusted|recogni[sz]ed))"
        ),
        without=_OF_MESSAGES,
    ),
    Rule(
        ("tls-version",),
        ("tls", "ssl"),
        "Their server is stuck on TLS 1.1",
        pattern=Pattern(
            r"\bstuck (?:on|at|with) (?:tls|ssl)"
            r"|\bno (?:tls|ssl)(?: protocol)? version (?:in common|match)"
            r"|\bno (?:common|shared|mutual) (?:tls|ssl)(?: protocol)? version"
            r"|\b(?:tls|ssl)\b(?: version| protocol)?(?: \S{1,20}){0,3} (?:is|are) (?:far |way )?"
            r"(?:too old|outdated|obsolete|ancient)"
        ),
        without=("mail client", "browser", "your client"),
    ),
    Rule(
        ("tls-cipher",),
        ("cipher", "algorithm"),
        "We could not find a cipher that both sides support",
        pattern=Pattern(
            rf"{_NOT}[^.]{{0,30}}\b(?:find|agree|share)\b[^.]{{0,20}}\b(?:ciphers?|algorithms?)\b"
            r"|\bciphers?\b[^.]{0,30}\bboth (?:sides|servers|ends)\b"
        ),
        without=("dkim",),
    ),
    Rule(
        ("starttls-not-supported",),
        ("encryption",),
        "Their server does not do encryption",
        pattern=Pattern(
            rf"{_OTHER_SIDE}[^.]{{0,30}}?{_NOT} (?:do|have|know|support|speak|use) "
            r"(?:any )?encryption\b"
            rf"|\bencryption (?:is|was) (?:not available|unavailable) (?:on|at) [^.]{{0,20}}"
            rf"{_OTHER_SIDE}"
        ),
        without=("s/mime", "pgp", "end to end"),
    ),
)

TROUBLE_IN_ENGLISH = (
    Rule(
        ("certificate-not-verified", "certificate-expired", "certificate-host-mismatch"),
        ("certificate", "cert "),
        "We could not check the certificate",
        pattern=Pattern(
            rf"(?:could|can|did|was|were|is){_NOT}[^.]{{0,10}}(?:check|validate|verify)\b"
            rf"[^.]{{0,40}}{_CERTIFICATE}"
            rf"|(?:could not|cannot|unable to|failed to) (?:check|validate|verify)\b"
            rf"[^.]{{0,20}}{_CERTIFICATE}"
        ),
        strength=Strength.GENERAL,
        without=(*_OF_MESSAGES, *_OF_NOTHING_THAT_FAILED),
    ),
    Rule(
        ("tls-handshake-failed", "tls-version", "tls-cipher"),
        ("handshake", "encrypted session", "encrypted connection", "secure session"),
        "The TLS handshake did not complete",
        pattern=Pattern(
            rf"\bhandshake\b {_NOT}|\bhandshake (?:did|could|was|has|does|would)(?: not|n't)"
            r" (?:complet|finish|succe|work)"
            rf"|{_NOT} (?:be )?(?:establish|set ?up|open|negotiat|creat|start)\w{{0,3}} "
            r"(?:an? )?(?:encrypted|secure) (?:session|connection)"
        ),
        strength=Strength.GENERAL,
        without=("timed out", "refused", "unreachable"),
    ),
)

ROUTING_IN_ENGLISH = (
    Rule(
        ("dns-failure",),
        ("name server", "dns server", "nameserver"),
        "The name servers of the domain are unreachable",
        pattern=Pattern(
            r"\b(?:name ?servers?|dns servers?)\b[^.]{0,40}?"
            r"(?:\b(?:is|are|was|were) (?:unreachable|down|not (?:reachable|responding|answering))"
            r"|\bunreachable\b|\b(?:do|does|did)(?: not|n't) (?:answer|respond|reply))"
        ),
    ),
    Rule(
        ("domain-not-found",),
        ("domain",),
        "That domain is not registered",
        pattern=Pattern(
            r"\bdomain\b(?: \S{1,80})? (?:is|was)(?: not|n't)(?: even)? (?:registered|real)\b"
            r"|\bdomain\b(?: \S{1,80})? (?:is|has been) (?:unregistered|deleted)\b"
            r"|\brecipient(?:'s)? domain\b(?: \S{1,80})? (?:does not|doesn't) exist\b"
        ),
        without=("sender", "your domain"),
    ),
    Rule(
        ("no-mail-server",),
        ("set up", "mx"),
        "Nobody ever set up an MX record for it",
        pattern=Pattern(
            r"\b(?:nobody|no one|never|not|n't)\b[^.]{0,30}\b(?:set up|created|added|entered) "
            r"(?:an? |any )?mx\b"
        ),
    ),
    Rule(
        ("connection-timeout",),
        ("too long", "no answer from", "no reply from"),
        "The server took too long to respond",
        pattern=Pattern(
            rf"{_OTHER_SIDE}[^.]{{0,20}}? (?:took|takes|is taking) (?:far |much )?too long to "
            r"(?:respond|answer|reply)"
            r"|\bno (?:answer|reply) from (?:the |their |its |your )?(?:\w{1,12}'?s? )?(?:mail )?"
            r"(?:server|host)"
        ),
    ),
    Rule(
        ("connection-failed",),
        ("unreachable", "port 25"),
        "The mail server is unreachable",
        pattern=Pattern(
            r"(?<!dns )(?<!name )\b(?:server|host|mx)\b(?: \S{1,80})? "
            r"(?:is|was|remains?) (?:currently |still )?unreachable"
            r"|\bport 25\b[^.]{0,20}\b(?:closed|blocked|firewalled|not open|filtered)\b"
        ),
        without=("policy", "mta sts"),
    ),
)
