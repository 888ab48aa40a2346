"""DANE and MTA-STS."""

from checker.bounce.patterns import Pattern
from checker.bounce.rules.rule import Rule

DANE = (
    Rule(
        ("dane-required",),
        (
            "non dnssec destination",
            "no tlsa record",
            "no tlsa dnssec record",
            "dane required",
            "dane is required",
            "lookup not dnssec",
        ),
        "TLSA lookup error for mx.example.org:25: no TLSA records found",
        without=("record matches", "records match", "record matched", "records matched"),
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
            "bogus dnssec",
            "bogus tlsa",
            "tlsa lookup",
            "dane lookup",
            "tlsa query failed",
            "failed to lookup tlsa",
            "fetching tlsa",
            "4.7.324",
            "5.7.324",
        ),
        "TLSA lookup error for mx.example.org:25",
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
            "tlsa record",
            "dane attempt failed",
            "dane failed",
            "dane error",
            "dane validation",
            "dane verification",
            "dane authentication",
            "dane check failed",
            "dane tlsa",
            "dane policy",
            "4.7.323",
            "5.7.323",
            "certificate differs",
            "constrains were violated",
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
            "invalid mta sts policy",
            "malformed mta sts",
            "parse mta sts",
            "not in mta sts policy",
            "(not in policy)",
            "not match sts mx pattern",
            "not authorized by mta sts",
            "not authorized by policy",
            "violates mta sts",
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
        (
            "sts webpki invalid",
            "mta sts validation",
            "mta sts failed",
            "mta sts auth failed",
            "(mta sts)",
            "due to mta sts",
            "required by mta sts",
            "mta sts policy",
            "mta sts:",
        ),
        "TLS is required but unavailable or failed (MTA-STS)",
    ),
)
