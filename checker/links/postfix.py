"""Postfix: what puts the right link into its reports.

The delivery agent's filter sees a status and a text, never the recipient (``postconf(5)``,
``default_delivery_status_filter``). The recipient's domain stands only in the report itself, in the
line that begins with the address; so a cleanup service for reports alone, with body checks, writes
a link with the domain above that line. Postfix wraps the line at 79 characters, and a body check
sees one line: where a long address leaves too little of the text, the link stays without domain.

Once mail has failed and waits, further mail to the same place is put off without an attempt, by
``error(8)``, which repeats the text and knows no filter: only the body checks see that.
"""

from collections.abc import Iterable

from checker.links import notices
from checker.links.model import File
from checker.links.site import Site
from checker.links.statuses import POSTFIX
from checker.operators import Operator, TemporaryTlsFailure

_FOLDER = "/etc/postfix"
_CODE = r"[0-9]+\.[0-9]+"
_SUSPENDED = "delivery temporarily suspended: "


def files(operator: Operator, site: Site) -> tuple[File, ...]:
    """The configuration of an operator's Postfix.

    Args:
        operator: Whether it gives a mail one attempt or several.
        site: Where the links lead.
    """
    texts = {
        "zustellbar-status.pcre": _statuses(operator, site),
        "zustellbar-domain.pcre": _domains(site),
        "zustellbar-bounce.cf": _templates(site),
    }
    return (
        *(File(name, f"{_FOLDER}/{name}", text) for name, text in texts.items()),
        File(
            "zustellbar-setup.sh", "run it once as root, when the other files are in place", _SETUP
        ),
        File("zustellbar-remove.sh", "run it as root to take everything back", _REMOVE),
    )


def _statuses(operator: Operator, site: Site) -> str:
    return "".join(f"{line}\n" for line in _status_lines(operator, site))


def _status_lines(operator: Operator, site: Site) -> Iterable[str]:
    delivery = operator.delivery
    once = delivery.tries_once or delivery.temporary_tls_failure is TemporaryTlsFailure.BOUNCE
    yield "# What Postfix says of a TLS fault, with the link that explains it."
    if once:
        yield "# A fault of TLS is final: this operator does not try again."
    for status in POSTFIX:
        text = f"{_CODE} {status.beginning}{status.rest}"
        link = site.permalink(status.id)
        if once:
            yield f"/^[45](\\.{text})$/ 5${{1}}. See {link}"
        else:
            yield f"/^([45]\\.{text})$/ ${{1}}. See {link}"
    if delivery.tries_once:
        yield "# Nothing else is tried again either."
        yield f"/^4(\\.{_CODE} .*)$/ 5${{1}}"


def _domains(site: Site) -> str:
    beginnings = {
        f"({_SUSPENDED})?{status.beginning}": status.id for status in POSTFIX if status.beginning
    }
    # Where the line ends too early for the cause.
    beginnings[_SUSPENDED.strip()] = "cause-not-stated"
    lines = (
        rf"/^<[^<>]*@([A-Za-z0-9.-]+)>(: | \(expanded from <[^<>]*>\): ){beginning}/"
        f" PREPEND ${{1}}: {site.permalink(problem, '${1}')}"
        for beginning, problem in beginnings.items()
    )
    return "\n".join(
        ["# The same links with the recipient's domain, for reports alone.", *lines, ""]
    )


def _templates(site: Site) -> str:
    return f"""\
# What reports begin with. "postconf -b {_FOLDER}/zustellbar-bounce.cf" shows the result.

failure_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Mail Delivery System)
Subject: {notices.subject("failure")}
Postmaster-Subject: Postmaster Copy: Undelivered Mail

{notices.paragraphs("failure", site)}
EOF

delay_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Mail Delivery System)
Subject: {notices.subject("delay")}
Postmaster-Subject: Postmaster Warning: Delayed Mail

{notices.paragraphs("delay", site)}
EOF
"""


_SETUP = f"""\
#!/bin/sh
# Turns the links on, in {_FOLDER}/main.cf and master.cf; zustellbar-remove.sh takes them out again.
# Debian's pcre tables are in the package postfix-pcre.
set -eu

filter="smtp_delivery_status_filter = pcre:{_FOLDER}/zustellbar-status.pcre"
template="bounce_template_file = {_FOLDER}/zustellbar-bounce.cf"

# What is set already and is not from here stays, and nothing is changed.
free() {{
    case $1 in
        "" | "$2") ;;
        *) echo "This is set already: $1. Nothing was changed." >&2; exit 1 ;;
    esac
}}
free "$(postconf -n smtp_delivery_status_filter)" "$filter"
free "$(postconf -n default_delivery_status_filter)" ""
free "$(postconf -n bounce_template_file)" "$template"
for service in bounce defer; do
    name="$service/unix/cleanup_service_name"
    free "$(postconf -P "$name" 2> /dev/null)" "$name = zustellbar"
    name="$service/unix/internal_mail_filter_classes"
    free "$(postconf -P "$name" 2> /dev/null)" "$name = bounce"
done

# A link behind what Postfix says of a TLS fault: in reports, in the log and in the queue's list.
postconf -e "$filter"

# What reports begin with.
postconf -e "$template"

# A link with the recipient's domain: reports pass through a cleanup service of their own. Leave
# the rest of this file out if your reports already pass through filters of yours.
postconf -M "zustellbar/unix=zustellbar unix n - n - 0 cleanup"
for setting in "body_checks=pcre:{_FOLDER}/zustellbar-domain.pcre" \\
    header_checks= mime_header_checks= nested_header_checks= non_smtpd_milters= content_filter=; do
    postconf -P "zustellbar/unix/$setting"
done
for service in bounce defer; do
    postconf -P "$service/unix/cleanup_service_name=zustellbar" \\
        "$service/unix/internal_mail_filter_classes=bounce"
done

# A sender who is told soon that a mail is late need not wait for its end: 0h, Postfix's default,
# sends no such notice.
# postconf -e "delay_warning_time = 4h"

postfix reload
"""


_REMOVE = f"""\
#!/bin/sh
# Takes back what zustellbar-setup.sh has changed, and removes the files, this one as well.
set -eu

# What is not from there stays.
for setting in "smtp_delivery_status_filter = pcre:{_FOLDER}/zustellbar-status.pcre" \\
    "bounce_template_file = {_FOLDER}/zustellbar-bounce.cf"; do
    if [ "$(postconf -n "${{setting%% =*}}")" = "$setting" ]; then
        postconf -X "${{setting%% =*}}"
    fi
done
for service in bounce defer; do
    name="$service/unix/cleanup_service_name"
    if [ "$(postconf -P "$name" 2> /dev/null)" = "$name = zustellbar" ]; then
        postconf -PX "$name" "$service/unix/internal_mail_filter_classes"
    fi
done
postconf -MX zustellbar/unix
postfix reload

cd {_FOLDER}
rm -f zustellbar-status.pcre zustellbar-domain.pcre zustellbar-bounce.cf
rm -f zustellbar-setup.sh zustellbar-remove.sh
"""
