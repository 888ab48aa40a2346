"""Exchange: the commands that put a link into its reports.

``New-SystemMessage`` replaces what a report says of a status code; the text may hold HTML, and 512
characters at most (Microsoft's "Procedures for DSNs and NDRs in Exchange Server"). It knows no
recipient. Exchange Online has no such command.
"""

from collections.abc import Iterable

from checker.links import notices
from checker.links.model import File
from checker.links.site import Site
from checker.links.statuses import EXCHANGE
from checker.operators import Operator

MAXIMUM_TEXT = 512


def files(_operator: Operator, site: Site) -> tuple[File, ...]:
    """The commands for an operator's Exchange.

    Args:
        _operator: Exchange has no setting that depends on it.
        site: Where the links lead.
    """
    text = "".join(f"{line}\n" for line in _lines(site))
    place = "run it in the Exchange Management Shell; not for Exchange Online"
    return (File("zustellbar-messages.ps1", place, text),)


def _lines(site: Site) -> Iterable[str]:
    yield "# Links in the reports that your own people get (internal) and others (external). Where"
    yield "# a message for a code exists already, use"
    yield "# Set-SystemMessage -Identity 'de\\Internal\\4.4.7' -Text '...' instead."
    yield "# Get-SystemMessage lists those that exist."
    for status in EXCHANGE:
        yield ""
        yield f"# {status.code}: {status.meaning}"
        for language in notices.LANGUAGES:
            text = _text(status.id, language, site)
            yield (
                "foreach ($internal in $true, $false) { "
                f"New-SystemMessage -DsnCode {status.code} -Language {language} "
                f"-Internal $internal -Text '{text}' }}"
            )


def _text(problem: str, language: str, site: Site) -> str:
    # Where a report is plain text, tags are left out: the address must be seen as well.
    link = site.permalink(problem)
    return f'{notices.sentence("code", language)} <A HREF="{link}">{link}</A>'
