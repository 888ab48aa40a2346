"""A site for one sender alone: ``OPERATOR=name mkdocs build``.

It has that sender's name, colour and pages. The form offers the sender, chosen beforehand, and
"any careful sender" for mail from elsewhere; no other sender is on it.
"""

import os
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import Files

from checker import operators
from checker.operators import Audience, Operator, OperatorFileError, UnknownOperatorError
from scripts.hooks import own

VARIABLE = "OPERATOR"

EXAMPLE = "[[operator]]"
"""On a page: the name of a sender, for an example of an address or a command."""

FOLDER = Path(__file__).resolve().parents[2] / "sites"
"""Where senders have what is of their own, each in a folder of its name."""

_STYLE = "assets/operator.css"
_PICTURE = "assets/operator-{}"


def chosen() -> Operator | None:
    """The sender whose site it is; nothing for a site of all senders.

    Raises:
        BuildError: There is no such sender, or its file cannot be used.
    """
    name = os.environ.get(VARIABLE, "")
    if not name:
        return None
    try:
        return operators.load(name)
    except UnknownOperatorError as error:
        known = ", ".join(operators.names())
        raise BuildError(f"{VARIABLE}={name}: there is no such sender; known: {known}") from error
    except OperatorFileError as error:
        raise BuildError(str(error)) from error


@cache
def everybody() -> Mapping[str, Operator]:
    """All senders by name, any careful sender last, as they were when a build first asked."""
    return MappingProxyType(operators.load_all())


def known() -> Mapping[str, Operator]:
    """The senders that the site knows, by name, any careful sender last."""
    operator = chosen()
    if operator is None:
        return everybody()
    wanted = {operator.name, operators.DEFAULT}
    return {name: one for name, one in everybody().items() if name in wanted}


def preset() -> str:
    """The sender that the form names first."""
    operator = chosen()
    return operators.DEFAULT if operator is None else operator.name


def folder() -> Path | None:
    """Where the sender whose site it is has what is of its own, if it has anything."""
    operator = chosen()
    found = operator and FOLDER / operator.name
    return found if found and found.is_dir() else None


def pages(docs: Path) -> dict[str, Path]:
    """The sender's own pages; see :func:`scripts.hooks.own.pages`."""
    found = folder()
    return own.pages(found, docs) if found else {}


def pictures() -> dict[str, str]:
    """The addresses of the sender's own pictures below the site's: what for -> address."""
    found = folder()
    files = own.pictures(found).values() if found else ()
    return {file.stem: _PICTURE.format(file.name) for file in files}


def configure(config: MkDocsConfig) -> None:
    """Put the sender's name and logo at the top, and its colours into every page."""
    operator = chosen()
    if operator is None:
        return
    if (found := folder()) and str(found) not in config.watch:
        config.watch.append(str(found))
    for name, address in pictures().items():
        config.theme[name] = address
    config.site_name = operator.site.name or operator.title
    if operator.site.colour and _STYLE not in config.extra_css:
        config.extra_css.append(_STYLE)


def without_others(files: Files) -> Files:
    """Leave the other senders' pages out."""
    left_out = {f"senders/{name}.md" for name in operators.names()} - {
        f"senders/{name}.md" for name in known()
    }
    for file in list(files):
        if file.src_uri.partition("/")[2] in left_out:
            files.remove(file)
    return files


def mentions_another(text: str) -> bool:
    """Whether a text holds the name of a sender that the site does not know."""
    others = (one for name, one in everybody().items() if name not in known())
    names = (re.escape(word) for one in others for word in (one.name, one.title))
    return any(re.search(rf"(?<!\w){name}(?!\w)", text, re.IGNORECASE) for name in names)


def example(markdown: str) -> str:
    """Fill in the sender of examples: the site's own, else one whose customers get reports."""
    if EXAMPLE not in markdown:
        return markdown
    operator = chosen() or next(
        (one for one in known().values() if one.audience is Audience.SENDERS),
        operators.load(operators.DEFAULT),
    )
    return markdown.replace(EXAMPLE, operator.name)


def style(operator: Operator | None) -> str:
    """The sender's colour as a style sheet, empty where there is none."""
    if operator is None or operator.site.colour is None:
        return ""
    colour = operator.site.colour
    return f"""\
:root {{ --head: {colour}; }}
[data-md-color-primary="custom"] {{
  --md-primary-fg-color: {colour};
  --md-primary-fg-color--light: {colour};
  --md-primary-fg-color--dark: {colour};
}}
[data-md-color-scheme="default"] {{
  --md-accent-fg-color: {colour};
  --md-accent-fg-color--transparent: {colour}1a;
  --md-typeset-a-color: {colour};
}}
@media (prefers-color-scheme: light) {{ :root {{ --link: {colour}; }} }}
"""


def write(site: Path) -> str | None:
    """Write the style sheet and the pictures.

    Args:
        site: Where the site is built.

    Returns:
        The style sheet's address below the site's, or nothing where there is none.
    """
    assets = site / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    if found := folder():
        for file in own.pictures(found).values():
            shutil.copyfile(file, site / _PICTURE.format(file.name))
    text = style(chosen())
    if not text:
        return None
    (site / _STYLE).write_text(text, encoding="utf-8")
    return _STYLE
