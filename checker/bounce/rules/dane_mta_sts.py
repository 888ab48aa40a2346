"""DANE and MTA-STS."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule

DANE = (
    Rule(
        ("dane-required",),
        (
            "non dnssec destination",
            "no tlsa record",
            "no tlsa found",
            "no tlsa dnssec record",
            "lookup not dnssec",
            "non dane destination",
            "tlsa records not found",
            "not offer dane",
        ),
        "TLSA lookup error for mx.example.org:25: no TLSA records found",
        without=("record matches", "records match", "record matched", "records matched"),
    ),
    Rule(
        ("dane-required",),
        ("dane",),
        "mx.example.org is refused: its domain requires DANE",
        pattern=Pattern(
            r"\b(?:require|enforce|demand|mandate)\w{0,3} dane\b"
            r"|\bdane (?:(?:is|was) )?(?:required|enforced|mandatory)\b"
        ),
    ),
    Rule(
        ("dane-required",),
        ("not dnssec",),
        "DANE error: TLSA lookup for mx.example.org not DNSSEC",
        pattern=Pattern(r"lookup (?:for|of) \S{1,260} not dnssec"),
    ),
    Rule(
        ("dnssec-invalid",),
        (
            "dnssec invalid",
            "dnssec validation",
            "dnssec verification",
            "bogus dnssec",
            "bogus tlsa",
            "dane lookup",
            "4.7.324",
            "5.7.324",
        ),
        "DNSSEC validation failed",
    ),
    Rule(
        ("dnssec-invalid",),
        # Unbound's words for an answer whose signatures do not hold
        ("validation failure <",),
        "validation failure <example.org. MX IN>: signature expired",
    ),
    Rule(
        ("dnssec-invalid",),
        ("tlsa",),
        "TLSA lookup error for mx.example.org:25",
        pattern=Pattern(
            r"\btlsa (?:(?:resource )?records? )?(?:lookup|query|resolution)\b"
            r"(?! (?:(?:was|is) )?(?:ok|done|succe|skipped|not (?:needed|required|done|tried)))"
            r"|\b(?:look ?up|query|fetch|resolv|retriev|obtain)\w{0,3} (?:\w{1,10} ){0,2}tlsa\b"
        ),
    ),
    Rule(
        ("tlsa-invalid",),
        (
            "tlsa invalid",
            "no matching dane",
            "matching tlsa",
            "tlsa mismatch",
            "unusable tlsa",
            "invalid tlsa",
            "match any tlsa",
            "dane attempt failed",
            "dane failed",
            "dane error",
            "dane validation",
            "dane verification",
            "dane verify",
            "dane authentication",
            "dane tls authentication",
            "dane check failed",
            "failed dane",
            "dane tlsa",
            "dane policy",
            "enforced by dane",
            "4.7.323",
            "5.7.323",
            "certificate differs",
            "constrains were violated",
            "constraints were violated",
            "verify error:num=65:",
        ),
        "certificate verification failed for mx.example.org: num=65:no matching DANE TLSA records",
        without=("not trusted by local or tlsa policy",),
    ),
)

STS = (
    Rule(
        ("sts-policy-fetch-error",),
        (
            "sts policy fetch",
            "mta sts error",
            "mta sts check failed",
            "could not reach policy host",
            "policy not found",
            "no policy was found",
        ),
        "WARNING STS policy fetch for domain 'example.org' failed with error: timeout",
        beside=("sts",),
    ),
    Rule(
        ("sts-policy-invalid",),
        (
            "sts policy invalid",
            "malformed mta sts",
            "parse mta sts",
            "(not in policy)",
            "not match sts mx pattern",
            "not authorized by mta sts",
            "not authorized by policy",
            "violates mta sts",
            "no mx record matched",
            "not match any mx",
            "mx record authenticity",
            "permits none of its mx hosts",
        ),
        "MTA-STS failed to authenticate 'mx.example.org': MX \"mx\" not authorized by policy.",
        beside=("sts",),
    ),
    Rule(
        ("sts-policy-invalid",),
        ('attribute "match" has empty value',),
        'smtp_tls_policy_maps, next-hop destination "example.org": '
        'attribute "match" has empty value',
    ),
    Rule(
        ("sts-policy-invalid",),
        ("mx hosts of",),
        "MX hosts of example.org failed MTA-STS validation",
        pattern=Pattern(r"mx hosts of \S{1,260} failed mta sts"),
    ),
    Rule(
        ("sts-webpki-invalid",),
        ("sts webpki invalid",),
        "failure_type=sts-webpki-invalid",
    ),
)

# After what is wrong with a certificate: this only says who asked for a good one.
STS_IN_GENERAL = (
    Rule(
        ("sts-webpki-invalid",),
        (
            "mta sts validation",
            "mta sts verification",
            "mta sts fail",
            "failed mta sts",
            "mta sts enforce",
            "mta sts requires",
            "mta sts auth failed",
            "(mta sts)",
            "due to mta sts",
            "required by mta sts",
            "mta sts:",
        ),
        "TLS is required but unavailable or failed (MTA-STS)",
    ),
    Rule(
        ("sts-webpki-invalid",),
        ("mta sts policy",),
        "Delivery blocked by the MTA-STS policy of example.org",
        pattern=Pattern(
            r"\b(?:block|reject|refus|fail|permit|prevent|requir|enforc|violat|den(?:y|ied)|error)"
            r"[^?]{0,80}?\bmta sts policy"
            r"|\bmta sts policy\b[^?]{0,80}?\b(?:block|reject|refus|fail|prevent|requir|error"
            r"|enforc(?!e ))"
        ),
    ),
)
