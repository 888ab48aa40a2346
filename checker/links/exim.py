"""Exim: what puts the right link into its reports.

Of a mail that it gives up Exim says little more than "retry timeout exceeded". What went wrong
stands in the message's own log, which is still there while the report is written, and the report's
text is expanded (Exim's specification, chapter "Customizing bounce and warning messages"): so the
text reads that log, and names for each domain the cause and the link.
"""

from collections.abc import Iterable

from checker.links import notices
from checker.links.model import File
from checker.links.site import Site
from checker.links.statuses import EXIM
from checker.operators import Operator, TemporaryTlsFailure

_FOLDER = "/etc/exim4"

# The folder may be split by the sixth character of the message's id, and there may be no log.
_PATHS = (
    "$spool_directory/msglog/$message_exim_id",
    "$spool_directory/msglog/${substr{5}{1}{$message_exim_id}}/$message_exim_id",
)
_PATH = "${{if exists{{{0}}}{{{0}}}{{${{if exists{{{1}}}{{{1}}}{{/dev/null}}}}}}}}".format(*_PATHS)
_DOMAIN = "RECIPIENT"
_LOG = f"${{readfile{{{_PATH}}}}}"
_WHEN = r"^\S+ \S+ (?:[+-]\d{4} )?(?:\[\d+\] )?"
_TEXTS = (
    "a TLS session is",
    "TLS session:",
    "DANE",
    "Remote host closed connection in response to STARTTLS",
    # Other mail to the same place has failed before, and its log knows why.
    "retry time not reached",
)
_FAULT = rf"{_WHEN}\S*@([A-Za-z0-9.-]+) .*?\bdefer .*?((?:{'|'.join(_TEXTS)}).*)$"
_ARRIVED = rf"(?m){_WHEN}\S*@"

# What a server may retry that says nothing of TLS, in the words of a retry rule.
_RETRIED = (
    "refused",
    "timeout",
    "timeout_DNS",
    "lost_connection",
    "mail_4xx",
    "rcpt_4xx",
    "data_4xx",
    "quota",
)


def files(operator: Operator, site: Site) -> tuple[File, ...]:
    """The configuration of an operator's Exim.

    Args:
        operator: Whether it gives a mail one attempt or several.
        site: Where the links lead.
    """
    return (
        File(
            "zustellbar-main.conf",
            "its lines belong into the main section of Exim's configuration; Debian: "
            f"{_FOLDER}/conf.d/main/90_zustellbar",
            _MAIN,
        ),
        File(
            "zustellbar-retry.conf",
            'its lines take the place of those below "begin retry"; Debian: '
            f"{_FOLDER}/conf.d/retry/30_exim4-config",
            "".join(f"{line}\n" for line in _retries(operator)),
        ),
        _report("failure", "bounce", 3, site),
        _report("delay", "warning", 0, site),
    )


_MAIN = f"""\
# The text of reports, with the links.
bounce_message_file = {_FOLDER}/zustellbar-bounce.txt
warn_message_file = {_FOLDER}/zustellbar-warning.txt

# The text takes the cause from here.
message_logs = true
"""


def _retries(operator: Operator) -> Iterable[str]:
    delivery = operator.delivery
    if delivery.tries_once:
        yield "# Each mail is tried once: a rule without times gives up at once."
        yield "*  *"
        return
    times = _times(delivery.retry_for)
    if delivery.temporary_tls_failure is TemporaryTlsFailure.RETRY:
        yield "# Every mail is tried again for as long as the operator states."
        yield f"*  *  {times}"
        return
    yield "# What says nothing of TLS is tried again; a rule without times gives up at once."
    for error in _RETRIED:
        yield f"*  {error}  {times}"
    yield "*  *"


def _times(duration: str) -> str:
    """Exim's times for a delivery that is given up after an ISO 8601 duration."""
    until = duration.removeprefix("P").replace("T", "").lower()
    return f"F,2h,15m; G,16h,1h,1.5; F,{until},6h"


def _report(kind: str, name: str, empty_items: int, site: Site) -> File:
    """A text whose items stand between lines of four asterisks; Exim fills in empty ones."""
    name = f"zustellbar-{name}.txt"
    addresses = "\n".join(notices.sentence("addresses", language) for language in notices.LANGUAGES)
    items = (
        f"Subject: {notices.subject(kind)}",
        f"{notices.paragraphs(kind, site)}\n{_causes(site)}\n\n{addresses}",
        *[""] * empty_items,
    )
    text = "".join(f"{item}\n****\n" if item else "****\n" for item in items)
    return File(name, f"{_FOLDER}/{name}", text)


def _causes(site: Site) -> str:
    """What Exim expands to a cause and a link for each domain that nothing reached."""
    arrived = rf"match{{{_LOG}}}{{\N{_ARRIVED}\N$1\N: \S+ transport succeeded\N}}"
    # In what a nested match chooses the domain would be lost, so it is put in afterwards.
    link = f"${{sg{{{_link(site)}}}{{{_DOMAIN}}}{{$1}}}}"
    entry = f"${{if !{arrived}{{$1: $2\\t{link}}}}}"
    entries = f"${{map{{<\\n {_LOG}}}{{${{if match{{$item}}{{\\N{_FAULT}\\N}}{{{entry}}}}}}}}}"
    # Each attempt leaves the same lines again, and what tells no cause adds nothing to one. The
    # condition inlist would overwrite $value.
    again = "match{$value}{\\N(?m)^\\Q\\N$item\\N\\E$\\N}"
    known = "match{$value}{\\N(?m)^\\Q\\N${extract{1}{ }{$item}}\\N\\E \\N}"
    idle = f"and{{{{match{{$item}}{{/cause-not-stated/}}}}{{{known}}}}}"
    skipped = f"or{{{{eq{{$item}}{{}}}}{{{again}}}{{{idle}}}}}"
    once = f"${{if {skipped}{{$value}}{{$value\\n$item}}}}"
    return f"${{sg{{${{reduce{{<\\n {entries}}}{{}}{{{once}}}}}}}{{\\t}}{{\\n    }}}}"


def _link(site: Site) -> str:
    """What Exim expands to the link that a line of the log leads to."""
    *most, last = (
        (f"match{{$item}}{{\\N{status.pattern}\\N}}", site.permalink(status.id, _DOMAIN))
        for status in EXIM
    )
    expansion = last[1]
    for condition, link in reversed(most):
        expansion = f"${{if {condition}\n{{{link}}}\n{{{expansion}}}}}"
    return expansion
