"""Writes the short, lasting addresses that bounces and letters link to: /p/<id>/ and /o/<sender>/.

Each is one page in both languages: who follows a link in a bounce has not chosen one.
"""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment

from scripts.hooks import front, single, words

_KINDS = {"p": ("problems", "problem"), "o": ("senders", "operator")}
"""Short folder -> where the pages are, and what their front matter says they are about."""


def write(  # noqa: PLR0913, PLR0917 - what a page is made of
    docs: Path,
    site: Path,
    env: Environment,
    name: str,
    style: str | None,
    pictures: Mapping[str, str],
) -> None:
    """Write a page for every problem and every sender.

    Args:
        docs: The folder of the sources, with a folder for each language.
        site: Where the site is built.
        env: The theme's templates.
        name: The site's.
        style: Address of a further style sheet below the site's.
        pictures: Addresses of the logo and the icon below the site's, where they are not its own.
    """
    template = env.get_template("permalink.html")
    for short, (folder, key) in _KINDS.items():
        for about, texts in _pages(docs, folder, key).items():
            target = site / short / about / "index.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            html = template.render(
                page=f"{folder}/{about}/",
                texts=texts,
                site_name=name,
                style=style,
                pictures=pictures,
            )
            target.write_text(html, encoding="utf-8")


def _pages(docs: Path, folder: str, key: str) -> dict[str, dict[str, dict[str, str]]]:
    """Name -> language -> what stands at the top of that page, the default language first."""
    pages: dict[str, dict[str, dict[str, str]]] = {}
    known = single.known()
    for language in words.languages():
        for path in sorted((docs / language / folder).glob("*.md")):
            about = front.read(path.read_text(encoding="utf-8"))
            if key in about and (key != "operator" or about[key] in known):
                pages.setdefault(about[key], {})[language] = {
                    "title": about["title"],
                    "description": about["description"],
                    "start": "" if language == "de" else f"{language}/",
                    "more": words.look_up(language, "site", "permalink_more"),
                    "check": words.look_up(language, "site", "permalink_check"),
                    "check_domain": words.look_up(language, "site", "permalink_check_domain"),
                }
    return pages
