"""Writes headers down for web servers, in lines that their own configuration includes."""

import re
from collections.abc import Mapping

Headers = Mapping[str, str]


def nginx(everywhere: Headers, single: Mapping[str, Headers], start: str) -> str:
    """For nginx, in a ``server`` or a ``location``.

    Args:
        everywhere: The headers of all addresses.
        single: Those of single addresses, in the place of the same ones of all addresses.
        start: Path of the site's start page.
    """
    # To add a header in an inner block would take away those of the outer ones, so what differs is
    # a variable; a header without a value is not sent.
    names = {name for own in single.values() for name in own}
    variables = {name: f"$zustellbar_{name.lower().replace('-', '_')}" for name in sorted(names)}
    lines = [f'set {variables[name]} "{everywhere.get(name, "")}";' for name in variables]
    for path, own in single.items():
        lines.append(f'if ($uri ~ "{_pattern(start, path)}") {{')
        lines += [f'    set {variables[name]} "{value}";' for name, value in own.items()]
        lines.append("}")
    sent = {**dict.fromkeys(variables, ""), **everywhere}
    for name, value in sent.items():
        lines.append(f'add_header {name} "{variables.get(name, value)}" always;')
    return "".join(f"{line}\n" for line in lines)


def apache(everywhere: Headers, single: Mapping[str, Headers], start: str) -> str:
    """For Apache with mod_headers, anywhere in its configuration; arguments as above."""
    lines = [f'Header always set {name} "{value}"' for name, value in everywhere.items()]
    for path, own in single.items():
        lines.append(f'<If "%{{REQUEST_URI}} =~ m#{_pattern(start, path)}#">')
        lines += [f'    Header always set {name} "{value}"' for name, value in own.items()]
        lines.append("</If>")
    return "".join(f"{line}\n" for line in lines)


def _pattern(start: str, path: str) -> str:
    """Matches an address and, of a folder, the file that answers for it."""
    inside = re.escape(start.rstrip("/") + path)
    return f"^{inside}(?:index\\.html)?$" if path.endswith("/") else f"^{inside}$"
