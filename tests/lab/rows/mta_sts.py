"""What MTA-STS makes of a domain (RFC 8461)."""

from dataclasses import replace

from tests.lab.expectations import (
    policy,
    policy_text,
    sts_delivers,
    sts_fails,
    sts_warns,
)
from tests.lab.model import LabDomain, MtaSts

_ELSEWHERE = MtaSts(policy_text("enforce", "mail.somebody-else.test"))
"""Who heeds it does not deliver."""

ROWS = [
    LabDomain(
        "sts-dot.test",
        "a dot stands at the end of the mail server's name in the MTA-STS policy",
        sts_fails("sts-policy-invalid"),
        sts=MtaSts(policy_text("enforce", "mx.sts-dot.test.")),
    ),
    LabDomain(
        "sts-blank-before-colon.test",
        "a blank stands before a colon in the MTA-STS policy",
        sts_warns("sts-policy-invalid"),
        sts=MtaSts(_ELSEWHERE.policy.replace("mode:", "mode :")),
    ),
    LabDomain(
        "sts-blank-before-key.test",
        "a blank stands before a key in the MTA-STS policy",
        sts_warns("sts-policy-invalid"),
        sts=MtaSts(_ELSEWHERE.policy.replace("mode:", " mode:")),
    ),
    LabDomain(
        "sts-foreign-record.test",
        "another TXT record stands beside that of MTA-STS",
        sts_delivers(),
        sts=replace(
            policy("sts-foreign-record.test"), records=("v=STSv1; id=1;", "v=STSv12; id=2;")
        ),
    ),
    LabDomain(
        "sts-two-addresses.test",
        "nothing listens at one of the two addresses with an MTA-STS policy of other servers",
        sts_fails("sts-policy-invalid"),
        records=("mta-sts.sts-two-addresses A 127.25.0.5",),
        sts=_ELSEWHERE,
    ),
    LabDomain(
        "sts-vertical-tab.test",
        "a vertical tab, which ends no line, stands in the MTA-STS policy",
        sts_warns("sts-policy-invalid"),
        sts=MtaSts(_ELSEWHERE.policy.replace("mode:", "note: a\vmode:")),
    ),
    LabDomain(
        "sts-line-separator.test",
        "a line separator of Unicode, which ends no line, stands in the MTA-STS policy",
        sts_warns("sts-policy-invalid"),
        sts=MtaSts(_ELSEWHERE.policy.replace("mode:", "note: a\u2028mode:")),
    ),
    LabDomain(
        "sts-unknown-key.test",
        "a key that nobody knows yet stands in an MTA-STS policy of other servers",
        sts_fails("sts-policy-invalid"),
        sts=MtaSts(_ELSEWHERE.policy + "flavour: vanilla\r\n"),
    ),
    LabDomain(
        "sts-upper-case.test",
        "the MTA-STS policy names the mail server in capital letters",
        sts_delivers(),
        sts=MtaSts(policy_text("enforce", "MX.STS-UPPER-CASE.TEST")),
    ),
]
