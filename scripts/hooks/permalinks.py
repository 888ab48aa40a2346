"""Writes the short, lasting addresses that bounces and letters link to: /p/<id>/ and /o/<sender>/.

Each is one page in both languages: who follows a link in a bounce has not chosen one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markdown import markdown
from mkdocs.config.defaults import MkDocsConfig

from checker.operators import Operator
from scripts.hooks import facts, front, single, words

_KINDS = {"p": ("problems", "problem"), "o": ("senders", "operator")}
"""Short folder -> where the pages are, and what their front matter says they are about."""


_FIRST_TOPICS = ("resend", "contact")


def write(config: MkDocsConfig, style: str | None, pictures: Mapping[str, str]) -> None:
    """Write a page for every problem and every sender.

    Args:
        config: Where the sources are and where the site is built, its name and its address.
        style: Address of a further style sheet below the site's.
        pictures: Addresses of the logo and the icon below the site's, where they are not its own.
    """
    template = config.theme.get_env().get_template("permalink.html")
    for short, (folder, key) in _KINDS.items():
        for about, texts in _pages(Path(config.docs_dir), folder, key).items():
            target = Path(config.site_dir) / short / about / "index.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            html = template.render(
                page=f"{folder}/{about}/",
                short=dictated(config.site_url or "", f"{short}/{about}"),
                texts=texts,
                site_name=config.site_name,
                style=style,
                pictures=pictures,
            )
            target.write_text(html, encoding="utf-8")


def dictated(address: str, path: str) -> str:
    """An address as somebody says it on the telephone, and types it.

    Args:
        address: The site's; empty for a preview that has none.
        path: Below it.
    """
    return f"{address.partition('://')[2].rstrip('/')}/{path}"


def _pages(docs: Path, folder: str, key: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Name -> language -> what stands at the top of that page, the default language first."""
    pages: dict[str, dict[str, dict[str, Any]]] = {}
    known = single.known()
    for language in words.languages():
        for path in sorted((docs / language / folder).glob("*.md")):
            about = front.read(path)
            if key in about and (key != "operator" or about[key] in known):
                pages.setdefault(about[key], {})[language] = {
                    "title": about["title"],
                    "description": about["description"],
                    "start": "" if language == "de" else f"{language}/",
                    "more": words.look_up(language, "site", "permalink_more"),
                    "check": words.look_up(language, "site", "permalink_check"),
                    "check_domain": words.look_up(language, "site", "permalink_check_domain"),
                    "dictate": words.look_up(language, "site", "short_address"),
                    **(first_answer(known[about[key]], language) if key == "operator" else {}),
                }
    return pages


def first_answer(operator: Operator, language: str) -> dict[str, list[str]]:
    """What customer service would say first: what to do now, and what its support states of it."""
    steps = words.load(language)["site"]["first_steps"][operator.audience]
    stated = operator.support.get(language, {})
    return {
        "steps": [step.format(**facts.cases(operator, language)) for step in steps],
        "said": [
            markdown(facts.support(operator, topic, language))
            for topic in _FIRST_TOPICS
            if topic in stated
        ],
    }
