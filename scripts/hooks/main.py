"""What mkdocs calls while it builds the site; each job has its module beside this one.

mkdocs loads this file from its own folder and takes back every change to ``sys.path``, so the
project's root is put there before the first import, and again for imports at build time.
"""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    # Only a preview has a server, and to load it takes as long as a page or two.
    from mkdocs.livereload import LiveReloadServer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from jinja2 import Environment  # noqa: E402 - the path above comes first
from mkdocs import plugins  # noqa: E402
from mkdocs.config.defaults import MkDocsConfig  # noqa: E402
from mkdocs.structure.files import Files, InclusionLevel  # noqa: E402
from mkdocs.structure.pages import Page  # noqa: E402

from checker.function import framing  # noqa: E402
from checker.function.interface import RESULT_LIFETIME  # noqa: E402
from scripts.hooks import (  # noqa: E402
    bundle,
    changed,
    configurations,
    embed,
    facts,
    fill_in,
    front,
    headings,
    interface,
    lab,
    letters,
    lists,
    modules,
    notices,
    parts,
    permalinks,
    preview,
    providers,
    quoted,
    revisions,
    runtime,
    safety,
    search,
    single,
    spaces,
    styles,
    theme,
    tickets,
    widget,
    words,
)

_PREPARED: dict[str, runtime.Prepared | None] = {}
"""What the first language has made for all."""

_OWN: dict[str, Path] = {}
"""The pages that the sender whose site it is has in place of the project's."""

_COMMAND: dict[str, str] = {}
"""What mkdocs was called for."""


def on_startup(command: str, dirty: bool) -> None:  # noqa: ARG001, FBT001 - as mkdocs calls it
    """Remember whether the site is built or shown to somebody who edits it."""
    _COMMAND["name"] = command
    if command == "build":
        # To look for what is left over takes time, and all of it is a few megabytes until the end.
        gc.disable()


def on_serve(
    server: "LiveReloadServer", config: MkDocsConfig, builder: Callable[[], None]
) -> "LiveReloadServer":
    """Let an editor see a changed page at once."""
    server.builder = preview.Preview(config, builder).build
    return server


def on_config(config: MkDocsConfig) -> None:
    """Let modules of the project be imported while the site is built; whose site is it?"""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    # In a running preview it may have been edited.
    changed.sources.cache_clear()
    i18n: Any = config.plugins["i18n"]
    if not i18n.building:
        for read in (front.read, single.everybody, tickets.snippets, words.load):
            read.cache_clear()
    theme.quicken(config.theme, ROOT / ".cache" / "templates")
    single.configure(config)
    _OWN.clear()
    _OWN.update(single.pages(Path(config.docs_dir)))
    config.extra["checker"] = config.extra["checker"].rstrip("/")
    # Below a path of somebody's site, the checker is below that as well.
    config.extra["below"] = urlsplit(config.site_url or "").path.strip("/") != ""


def on_pre_build(config: MkDocsConfig) -> None:
    """Name what is still to be filled in; build the paste box's runtime, or find it built."""
    first = widget.language(config) == "de"
    if first:
        fill_in.demand(Path(config.docs_dir), _OWN)
    if first or "runtime" not in _PREPARED:
        _PREPARED["runtime"] = runtime.prepare()
    # Each language starts from the configuration as it is written.
    prepared = _PREPARED["runtime"]
    config.extra["runtime"] = prepared.variables if prepared else None


@plugins.event_priority(100)
def on_files(files: Files, config: MkDocsConfig) -> Files:  # noqa: ARG001 - mkdocs names it
    """Keep out of the built site what is read at build time only.

    This comes first: else the plugin i18n would look through what is excluded, for each language.
    """
    for file in list(files):
        if (
            file.inclusion is InclusionLevel.EXCLUDED
            or file.src_uri.startswith("words/")
            or file.src_uri == runtime.SOURCE
        ):
            files.remove(file)
    return single.without_others(files)


def on_page_read_source(page: Page, config: MkDocsConfig) -> str | None:  # noqa: ARG001 - as above
    """Read the sender's own page where it has one; else mkdocs reads the project's."""
    own = _OWN.get(page.file.src_uri)
    return own.read_text(encoding="utf-8-sig") if own else None


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill in what comes from elsewhere, and note when the page was last changed."""
    language = widget.language(config)
    own = _OWN.get(page.file.src_uri)
    changed.note(page, ROOT, own)
    markdown = single.example(markdown)
    markdown = facts.render(markdown, page, language)
    markdown = revisions.render(markdown, Path(config.docs_dir), language)
    markdown = providers.render(markdown, Path(config.docs_dir), language)
    markdown = tickets.render(markdown, page, files, Path(config.docs_dir), language)
    address = config.extra["checker"] or config.site_url or ""
    markdown = interface.render(markdown, language, address)
    return lists.render(markdown, page, files, Path(config.docs_dir), language)


def on_page_content(
    html: str,
    page: Page,
    config: MkDocsConfig,
    files: Files,  # noqa: ARG001 - mkdocs names its arguments
) -> str:
    """Complete the letters; show what is still to be filled in; keep words and numbers whole."""
    language = widget.language(config)
    html = quoted.mark(html, language)
    html = spaces.unbroken(headings.unbroken(fill_in.highlight(letters.complete(html, page))))
    # Last: in a file every character stays as it is.
    return configurations.fill(html, page.url, language, config.site_url or "")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Write beside a problem's page what a result shows of it."""
    parts.write(page, Path(config.docs_dir), widget.language(config))
    return output


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG001
    """Hand the templates their words, the senders and the lab's domains."""
    language = widget.language(config)
    env.globals.update(
        words=words.load(language),
        all_words={name: words.load(name) for name in words.languages()},
        senders=widget.senders(language),
        notices=notices.notices(language),
        lab_domains=lab.domains(),
        lifetime=RESULT_LIFETIME,
        dictated=permalinks.dictated,
    )
    return env


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Finish what belongs to no page.

    One page for what is not found speaks both languages, in the default's frame; the sitemap holds
    only days that are known.
    """
    if template_name == "404.html" and widget.language(config) != "de":
        return ""
    return changed.only_known(output_content) if template_name == "sitemap.xml" else output_content


def _write(config: MkDocsConfig) -> None:
    """Write the words that the widget reads on first use, and the pages that bounces link to."""
    widget.write(Path(config.docs_dir), Path(config.site_dir), widget.language(config))
    if widget.language(config) == "de":
        configurations.write(Path(config.site_dir), config.site_url or "")
        permalinks.write(config, single.write(Path(config.site_dir)), single.pictures())
        providers.write(Path(config.docs_dir), Path(config.site_dir))
        if prepared := _PREPARED["runtime"]:
            prepared.write(Path(config.site_dir))


@plugins.event_priority(-200)
def _finish(config: MkDocsConfig) -> None:
    """Finish, after the plugin i18n has built all languages and put them into one.

    Then nothing changes any more, and what the pages do can be written down.
    """
    i18n: Any = config.plugins["i18n"]
    if i18n.building:
        return
    site = Path(config.site_dir)
    bundle.mend(site)
    embed.write(ROOT / "overrides", site)
    styles.finish(site)
    modules.put_together(site)
    search.write(
        Path(config.docs_dir), site, "de", [name for name in words.languages() if name != "de"]
    )
    safety.write(
        site,
        config.extra["checker"],
        # For an editor mkdocs puts a script of its own into each page as it is sent.
        pages=_COMMAND.get("name") != "serve",
        framed_by=os.environ.get(framing.VARIABLE, ""),
        start=urlsplit(config.site_url or "/").path,
    )
    if _COMMAND.get("name") == "build":
        # Nor is it looked through once more at the end.
        gc.freeze()


on_post_build = plugins.CombinedEvent(_write, _finish)
