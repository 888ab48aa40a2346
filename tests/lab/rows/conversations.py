"""What is said before, around and inside TLS."""

from datetime import timedelta

from tests.lab.expectations import (
    DELIVERS,
    HEALTHY,
    NO_STARTTLS,
    each,
    fails,
    scripted,
    unknown,
    warns,
)
from tests.lab.model import Certificate, LabDomain

ROWS = [
    LabDomain(
        "greeting-masked.test",
        "a firewall has put asterisks in the place of the greeting's text",
        {
            **each(
                "starttls-not-supported",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        scripted("greeting_masked"),
    ),
    LabDomain(
        "greeting-masked-digits.test",
        "a firewall has left of the greeting's text but twos and zeros among asterisks",
        {
            **each(
                "starttls-not-supported",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        scripted("greeting_masked_digits"),
    ),
    LabDomain(
        "greeting-masked-after-text.test",
        "asterisks at the end of the greeting",
        HEALTHY,
        scripted("greeting_masked_after_text"),
    ),
    LabDomain(
        "greeting-masked-reversed.test",
        "asterisks at the beginning of the greeting, and a text behind them",
        HEALTHY,
        scripted("greeting_masked_reversed"),
    ),
    LabDomain(
        "greeting-masked-lines.test",
        "a greeting of two lines, and a firewall has put asterisks in both",
        HEALTHY,
        scripted("greeting_in_lines_masked"),
    ),
    LabDomain(
        "greeting-bare.test",
        "the greeting is the code 220 and nothing else",
        {
            **each(
                "starttls-not-supported",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        scripted("greeting_bare"),
    ),
    LabDomain(
        "greeting-after-blank-line.test",
        "a blank line stands before the greeting",
        {
            **each("not-smtp", mediafinanz="delivers", profihost="unknown", careful="delivers"),
            "exim": ("unknown", "not-smtp"),
        },
        scripted("greeting_after_blank_line"),
    ),
    LabDomain(
        "greeting-after-foreign-line.test",
        "a line without a code stands before the greeting",
        {
            **each("not-smtp", mediafinanz="delivers", profihost="unknown", careful="delivers"),
            "exim": ("unknown", "not-smtp"),
        },
        scripted("greeting_after_foreign_line"),
    ),
    LabDomain(
        "greeting-15-seconds.test",
        "the greeting comes after fifteen seconds",
        HEALTHY,
        scripted("greeting_15_seconds"),
    ),
    LabDomain(
        "greeting-35-seconds.test",
        "the greeting comes after thirty-five seconds, for which senders wait",
        unknown("connection-timeout"),
        scripted("greeting_35_seconds"),
    ),
    LabDomain(
        "offer-after-blank.test",
        "a blank stands before STARTTLS in the reply to EHLO",
        {**HEALTHY, "exim": ("fails", "starttls-not-supported")},
        scripted("offer_after_blank"),
    ),
    LabDomain(
        "offer-before-tab.test",
        "a tab stands behind STARTTLS in the reply to EHLO",
        {
            **each(
                "starttls-not-supported",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        scripted("offer_before_tab"),
    ),
    LabDomain(
        "offer-before-blank.test",
        "a blank stands behind STARTTLS in the reply to EHLO",
        HEALTHY,
        scripted("offer_before_blank"),
    ),
    LabDomain(
        "offer-lower-case.test",
        "starttls stands in lower case in the reply to EHLO",
        {**HEALTHY, "exim": ("fails", "starttls-not-supported")},
        scripted("offer_lower_case"),
    ),
    LabDomain(
        "offer-with-parameter.test",
        "a further word stands behind STARTTLS in the reply to EHLO",
        HEALTHY,
        scripted("offer_with_parameter"),
    ),
    LabDomain(
        "offer-after-other-word.test",
        "STARTTLS stands behind another word in the reply to EHLO",
        NO_STARTTLS,
        scripted("offer_after_equals_sign"),
    ),
    LabDomain(
        "offer-after-long-line.test",
        "a line of more than 2048 bytes stands before STARTTLS in the reply to EHLO",
        {
            **each(
                "starttls-not-supported",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        scripted("offer_after_long_line"),
    ),
    LabDomain(
        "offer-before-long-line.test",
        "a line of more than 2048 bytes stands after STARTTLS in the reply to EHLO",
        HEALTHY,
        scripted("offer_before_long_line"),
    ),
    LabDomain(
        "offer-after-line-without-code.test",
        "a line without a code stands before STARTTLS in the reply to EHLO",
        {**HEALTHY, "exim": ("unknown", "not-smtp")},
        scripted("offer_after_line_without_code"),
    ),
    LabDomain(
        "offer-after-blank-line.test",
        "a blank line stands before STARTTLS in the reply to EHLO",
        {**HEALTHY, "exim": ("unknown", "not-smtp")},
        scripted("offer_after_blank_line"),
    ),
    LabDomain(
        "offer-after-other-code.test",
        "a line with another code stands before STARTTLS in the reply to EHLO",
        HEALTHY,
        scripted("offer_after_other_code"),
    ),
    LabDomain(
        "greeting-masked-tab.test",
        "a tab stands among the asterisks that a firewall has left of the greeting",
        HEALTHY,
        scripted("greeting_masked_tab"),
    ),
    LabDomain(
        "offer-after-tab.test",
        "a tab stands before STARTTLS in the reply to EHLO",
        {
            **each(
                "starttls-not-supported", mediafinanz="fails", profihost="delivers", careful="fails"
            ),
            "exim": ("fails", "starttls-not-supported"),
        },
        scripted("offer_after_tab"),
    ),
    LabDomain(
        "offer-with-equals-sign.test",
        "an equals sign stands behind STARTTLS in the reply to EHLO",
        {
            **each(
                "starttls-not-supported",
                mediafinanz="delivers",
                profihost="unknown",
                careful="delivers",
            ),
            "exim": ("fails", "starttls-not-supported"),
        },
        scripted("offer_with_equals_sign"),
    ),
    LabDomain(
        "offer-of-other-code.test",
        "the line that offers STARTTLS has another code than 250",
        {**HEALTHY, "exim": ("fails", "starttls-not-supported")},
        scripted("offer_of_other_code"),
    ),
    LabDomain(
        "offer-after-many-lines.test",
        "lines of more than 2048 bytes in all stand before STARTTLS in the reply to EHLO",
        {
            **each(
                "starttls-not-supported",
                mediafinanz="unknown",
                profihost="delivers",
                careful="fails",
            ),
            "exim": DELIVERS,
        },
        scripted("offer_after_many_lines"),
    ),
    LabDomain(
        "offer-before-many-lines.test",
        "the reply to EHLO has more than 4096 bytes, and STARTTLS stands at its beginning",
        {**HEALTHY, "exim": ("unknown", "not-smtp")},
        scripted("offer_before_many_lines"),
    ),
    LabDomain(
        "starttls-after-foreign-line.test",
        "a line without a code stands before the answer to STARTTLS",
        {**HEALTHY, "exim": ("unknown", "not-smtp")},
        scripted("starttls_after_foreign_line"),
    ),
    LabDomain(
        "ehlo-inside-tls-foreign-line.test",
        "a line without a code stands before the answer to EHLO inside TLS",
        {**HEALTHY, "exim": ("unknown", "not-smtp")},
        scripted("encrypted_hello_after_foreign_line"),
    ),
    LabDomain(
        "nul-bytes.test",
        "NUL bytes in the greeting and in the reply to EHLO",
        {**HEALTHY, "exim": ("fails", "starttls-not-supported")},
        scripted("nul_bytes"),
    ),
    LabDomain(
        "starttls-354.test",
        "answers STARTTLS with 354, and waits for a handshake",
        {
            **fails("starttls-failed"),
            "may": ("unknown", "starttls-failed"),
        },
        scripted("starttls_354"),
    ),
    LabDomain(
        "starttls-in-lines.test",
        "the answer to STARTTLS has two lines",
        HEALTHY,
        scripted("starttls_in_lines"),
    ),
    LabDomain(
        "ehlo-inside-tls-550.test",
        "refuses EHLO and HELO inside TLS",
        unknown("greeting-refused"),
        scripted("encrypted_hello_550"),
    ),
    LabDomain(
        "ehlo-inside-tls-20-seconds.test",
        "takes twenty seconds to answer EHLO inside TLS",
        HEALTHY,
        scripted("encrypted_20_seconds"),
    ),
    LabDomain(
        "ehlo-inside-tls-220.test",
        "answers EHLO inside TLS with 220, as if it greeted; its certificate expires soon",
        warns("certificate-expires-soon"),
        scripted(
            "encrypted_hello_220", Certificate(begins=timedelta(days=-60), ends=timedelta(days=5))
        ),
    ),
    LabDomain(
        "greeting-inside-tls.test",
        "greets again inside TLS",
        fails("not-smtp"),
        scripted("greeting_inside_tls"),
    ),
    LabDomain(
        "client-certificate-close.test",
        "asks for a certificate of the sending server, takes none for an answer, and then closes",
        unknown("connection-failed"),
        scripted("client_certificate_close"),
    ),
    LabDomain(
        "client-certificate-530.test",
        "asks for a certificate of the sending server, and demands it in words inside TLS",
        {
            **each(
                "tls-client-certificate-required",
                mediafinanz="unknown",
                profihost="unknown",
                careful="fails",
            ),
            "exim": ("delivers-with-warnings", "tls-client-certificate-required"),
        },
        scripted("client_certificate_530"),
    ),
    LabDomain(
        "client-certificate-421.test",
        "asks for a certificate of the sending server, and misses it in words inside TLS",
        {
            **each(
                "tls-client-certificate-required",
                mediafinanz="unknown",
                profihost="unknown",
                careful="fails",
            ),
            "exim": ("delivers-with-warnings", "tls-client-certificate-required"),
        },
        scripted("client_certificate_421"),
    ),
]
