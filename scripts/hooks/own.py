"""What a sender's own site has of its own: ``sites/<sender>/``, read where ``OPERATOR`` names it.

``logo.svg`` and ``favicon.svg`` (or ``.png``) take the place of the project's; pages below ``de``
and ``en``, such as ``de/legal/imprint.md``, that of the project's pages of the same name. So there
is nothing to be merged when a clone is brought up to date.
"""

from pathlib import Path

from mkdocs.exceptions import BuildError

PICTURES = ("logo", "favicon")
_KINDS = (".png", ".svg")

_PAGES = ("de", "en")
_ITS_OWN = {"problems", "senders", "snippets"}
"""Folders of docs whose pages are read for more than themselves: lists, letters, short links."""


def pictures(folder: Path) -> dict[str, Path]:
    """The pictures in a sender's folder: what for -> file; a drawing rather than pixels."""
    files = [folder / f"{name}{kind}" for kind in _KINDS for name in PICTURES]
    return {file.stem: file for file in files if file.is_file()}


def pages(folder: Path, docs: Path) -> dict[str, Path]:
    """The pages in a sender's folder, by the path below ``docs`` of those that they replace.

    Args:
        folder: The sender's.
        docs: The project's pages.

    Raises:
        BuildError: One replaces nothing, or a page that cannot be replaced, or stands in one
            language alone.
    """
    found = {
        path.relative_to(folder).as_posix(): path
        for language in _PAGES
        for path in sorted((folder / language).rglob("*.md"))
    }
    for name, path in found.items():
        _, _, page = name.partition("/")
        if not (docs / name).is_file():
            raise BuildError(f"{path}: there is no page docs/{name} that it could replace")
        if page.partition("/")[0] in _ITS_OWN:
            raise BuildError(f"{path}: docs/{name} cannot be replaced")
        for other in _PAGES:
            if f"{other}/{page}" not in found:
                raise BuildError(f"{path}: the page {folder.name}/{other}/{page} is missing")
    return found
