"""What test clients and mail servers say of every connection, good or bad.

Taken from their sources and from what they printed when they were run against servers with and
without faults; each group names its program and where its words stand in its source. What says
that something failed is never among them.
"""

from checker.bounce.asides.headers import SESSION

_DATE = r"[a-z]{3} {0,2}\d{1,2} \d\d:\d\d:\d\d \d{4} gmt"
_CIPHER = r"[\w+-]{4,60}"
_VERSION = r"(?:tls|ssl)v?\d[\d.]{0,3}"
# Of a message of TLS 1.3 and before (RFC 8446, section 4; RFC 5246, section 7.4)
_MESSAGE = (
    r"(?:client hello|server hello|encrypted extensions|(?:server |client )?certificate"
    r"(?: request| verify| status)?|finished|change cipher spec|server done"
    r"|(?:server |client )?key exchange|(?:server |new )?session ticket)"
)

_OPENSSL = (
    # s_client of 1.0.2 to 3.5: apps/s_client.c, apps/lib/s_cb.c, ssl/ssl_txt.c
    r"connecting to [\w.:-]{1,253}(?= ?\nconnected\()",
    r"no client certificate ca names sent",
    (
        r"client certificate types: (?:(?:rsa|dsa|ecdsa|gost\w{0,9})(?: (?:fixed (?:ec)?dh|sign))?"
        r"(?:, )?){1,8}"
    ),
    r"peer certificate: cn ?= ?[^\s]{1,253}",
    r"acceptable client certificate ca names",
    r"requested signature algorithms: [\w+:-]{1,900}",
    r"peer signing digest: [\w-]{1,20}",
    r"peer signature type: [\w-]{1,40}",
    *(rf"{side} temp key: [\w, -]{{1,40}}?,? ?\d{{2,5}} bits" for side in ("server", "peer")),
    r"negotiated tls1\.3 group: [\w-]{1,40}",
    r"ssl handshake has read \d{1,9} bytes and written \d{1,9} bytes",
    *(rf"{word}, {_VERSION}(?:/sslv3)?, cipher is {_CIPHER}" for word in ("new", "reused")),
    r"protocol {2}: (?:tls|ssl)v?\d[\d.]{0,3}",
    r"cipher(?:suite)? {0,4}: (?=[\w-]{0,60}\d)[\w-]{4,60}",
    r"secure renegotiation is (?:not )?supported",
    r"this tls version forbids renegotiation",
    r"no alpn negotiated",
    r"early data was not sent",
    r"no peer certificate available",
    r"post-handshake new session ticket arrived",
    r"ssl-session",
    r"tls session ticket lifetime hint: \d{1,9} \(seconds\)",
    r"tls session ticket",
    r"timeout {1,3}: \d{1,6} \(sec\)",
    rf"v:notbefore: {_DATE}; notafter: {_DATE}",
    rf"v:not(?:before|after) ?: {_DATE}",
    rf"not valid (?:before|after) ?: {_DATE}",
    r"-----begin certificate-----[^-]{1,20000}-----end certificate-----",
    r"certificate chain(?=[ \n]{1,4}\d s:)",
    r"server certificate(?=[ \n]{1,4}(?:-----begin|subject=))",
    r"verification: ok",
    r"\bopenssl s_client(?: -[a-z0-9_]{1,30}(?:[ ][\w.:/\[\]-]{1,100})?){0,20}",
    r"verify return code: 0 \(ok\)",
    r"depth=\d{1,2} [^\n]{1,300}(?=\n {0,4}verify return:1)",
    r"verify return:1",
    r"dane tlsa \d \d \d [\w.]{1,200} matched [\w \n-]{1,40}? at depth \d",
    r"can't use ssl_get_servername",
)

_SWAKS = (
    # Its own remarks; failures begin with *** and refusals with <** or <~*
    r"=== tls started with cipher [\w.:-]{1,100}",
    r"=== tls no (?:client|local) certificate(?: chain)? set",
    r"=== tls client certificate (?:not )?requested and (?:not )?sent",
    r"=== tls (?:local|peer) dn=\"[^\"\n]{0,300}\"",
    r"=== tls (?:client|peer)\[\d{1,2}\] subject=\[[^\]\n]{0,300}\]",
    r"commonname=\[[^\]\n]{0,255}\], subjectaltname=\[[^\]]{0,2000}\] notafter=\[[\w:.+-]{1,40}\]",
    (
        r"=== tls peer certificate passed ca verification, passed host verification"
        r"(?: \(using host [^\s()]{1,253} to verify\))?"
    ),
    r"=== tls (?!peer certificate failed)[^\n=]{1,200}(?=\n {0,4}(?:===|[~-]>|<[~*-]|\*\*\*) )",
    r"=== connection closed with remote host\.?",
)

_GNUTLS = (
    # gnutls-cli: src/cli.c, src/common.c
    r"processed \d{1,4} ca certificate\(s\)\.?",
    r"- certificate type: [\w.]{1,12}",
    r"- got a certificate list of \d{1,2} certificates?\.?",
    r"- certificate\[\d{1,2}\] info:",
    r"- subject `[^\n]{0,900}?pin-sha256=\"[^\"]{0,60}\"",
    r"- successfully sent \d certificate\(s\) to server\.?",
    r"- server has requested a certificate\.?",
    r"- status: the certificate is trusted\.?",
    (
        r"- options:(?: ?,? ?(?:extended master secret|safe renegotiation|etm|false start"
        r"|ocsp status request(?:\[ignored\])?)){0,6},?"
    ),
    r"- handshake was completed",
    r"- peer has closed the gnutls connection",
    r"\*\*\* starting tls handshake",
)

_CURL = (
    # -v: lib/vtls/openssl.c, lib/vtls/schannel.c
    (
        r"tlsv1[.\d]{0,2} \((?:in|out)\), tls (?:handshake|change cipher|header|app data)"
        r"(?:, [\w \[\]]{1,40})? \(\d{1,4}\):?"
    ),
    r"tlsv1[.\d]{0,2} \((?:in|out)\), tls alert, close notify \(256\):?",
    rf"ssl connection using {_VERSION} / {_CIPHER}(?: / [\w/-]{{1,40}}){{0,2}}",
    r"alpn[:,] server did not agree (?:on|to) a protocol\.?(?: uses default\.?)?",
    r"cafile: [^\s,;]{1,200}",
    r"capath: [^\s,;]{1,200}",
    rf"start date: {_DATE}",
    rf"expire date: {_DATE}",
    r"subjectaltname: (?:host )?\"[^\"\n]{0,253}\" match(?:ed|es) cert's \"[^\"\n]{0,253}\"",
    r"ssl certificate verify ok\.?",
    r"ssl certificate verified via \w{1,20}\.?",
    r"openssl verify result: 0\b",
    r"ssl certificate verify result: [^\n]{1,100}?, continuing anyway\.?",
    r"[{}] \[\d{1,6} bytes data\]",
    r"old ssl session id is stale, removing",
    r"successfully set certificate (?:verify locations|trust anchors):?",
    r"ssl trust (?:anchors|verify):?",
    r"server certificate:",
    r"certificate level \d: public key type [^\n]{1,60}?, signed using [\w-]{1,40}",
    r"closing connection(?: #?\d{1,3})?",
    r"connection #?\d{1,3} to host [^\s]{1,253} left intact",
    r"schannel: disabled automatic use of client certificate",
    r"schannel: checking server certificate revocation",
    (
        r"schannel: (?:using|sending|sent|received|ssl/tls|added|stored|shutting down)"
        r" [^\n]{1,120}(?=\n[*<>] )"
    ),
)

_POSTFIX = (
    # smtp(8), smtpd(8), posttls-finger(1): src/tls/tls_client.c, tls_misc.c, tls_bio_ops.c
    *(
        rf"{trust} tls connection (?:established|reused) (?:to|from) "
        rf"[^\s]{{1,300}}: {SESSION}"
        for trust in ("untrusted", "trusted", "verified", "anonymous")
    ),
    # smtpd(8) of whoever sends to it, also a client that hung up: no mail of ours
    r"(?:lost connection|timeout) after [\w-]{1,12}(?: \([^()\n]{1,60}\))? from [^\s]{1,300}",
    # Dovecot of whoever reads mail there
    r"(?:imap|pop3|managesieve)-login: [^\n]{1,400}",
    r"setting up tls connection (?:to|from) [^\s]{1,300}",
    r"initializing the (?:client|server)-side tls engine",
    r"tls cipher list \"[^\"\n]{0,300}\"",
    (
        r"ssl_(?:connect|accept):(?:before ssl initialization|ssl negotiation finished successfully"
        rf"|(?:error in )?(?:sslv3/tls|sslv3|tlsv1[.\d]{{0,2}}) (?:read|write) {_MESSAGE})"
    ),
    r"using dane rr: _\d{1,5}\._tcp\.[\w.-]{1,253} in tlsa \d \d \d [\da-f:]{1,400}",
)

_SENDMAIL = (
    # sendmail/tls.c: of each session, whatever its end
    (
        rf"starttls=(?:client|server), relay=[^,\n]{{1,300}}, version={_VERSION}, "
        rf"verify=(?!fail)\w{{2,12}}, cipher={_CIPHER}, bits=\d{{1,4}}/\d{{1,4}}"
    ),
)

_MSMTP = (
    # msmtp --debug, --serverinfo: src/msmtp.c
    r"tls session parameters:?",
    r"tls certificate information:?",
    *(
        rf"{word} time: \w{{3}} \w{{3}} {{1,2}}\d{{1,2}} \d\d:\d\d:\d\d \d{{4}}"
        for word in ("activation", "expiration")
    ),
)

# RFC 5321, section 4.1.1.1: what a server offers; RFC 3207, section 4: the reply that accepts.
_SMTP = (
    (
        r"250[ -](?:starttls|requiretls|smtputf8|8bitmime|binarymime|chunking|pipelining|dsn|vrfy"
        r"|etrn|help|expn|enhancedstatuscodes|size(?: \d{1,12})?"
        r"|auth[ =][\w-]{3,16}(?: [\w-]{3,16}){0,7})\b"
    ),
    r"starttls(?:\\r\\n)?'?(?=[^\n]{0,4}\n[^\n]{0,60}?\b220[ -])",
    r"starttls(?:\\r\\n)?'?(?= (?:[<~=-]{1,3}|reply: b|s:|server -> client:) ?'?220[ -])",
    (
        r"220[ -](?:\d\.\d\.\d )?(?:ok,? )?"
        r"(?:ready|go ahead|begin|proceed|start|continue|please)(?: to)?(?: with| for| start)? ?"
        r"(?:the )?(?:start ?)?(?:tls|ssl)(?: negotiation| handshake| session)?(?: now)?"
    ),
    r"220[ -](?:\d\.\d\.\d )?(?:start)?tls (?:go ahead|ready|ok|negotiation)",
    r"msg: b'(?:2\.\d\.\d )?ready to start tls",
    r"connection upgraded with starttls",
    r"found extension \"starttls\"(?:, arg \"\")?",
)

TRANSCRIPTS = (
    *_OPENSSL,
    *_SWAKS,
    *_GNUTLS,
    *_CURL,
    *_POSTFIX,
    *_SENDMAIL,
    *_MSMTP,
    *_SMTP,
)
"""By program."""
