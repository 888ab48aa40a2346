"""Puts the pages whose languages may no longer say the same onto the page for editors."""

from html import escape
from pathlib import Path

from scripts.docs_checks import revisions
from scripts.docs_checks.revisions import MovedOn, Old
from scripts.docs_checks.tree import Page, load
from scripts.hooks import single, words

MARK = "<!-- revisions -->"


def render(markdown: str, docs: Path, language: str) -> str:
    """Replace the mark by the list."""
    if MARK not in markdown:
        return markdown
    tree, _ = load(docs)
    path = docs.parent / revisions.RECORD
    record, _ = revisions.read(path.read_text(encoding="utf-8") if path.is_file() else "")
    old = revisions.old_from_git(docs.parent)
    blocks = (_block(moved, old, language) for moved in revisions.moved_on(tree, record))
    # What has changed may have been about a sender that is not on this site.
    shown = [block for block in blocks if not single.mentions_another(block)]
    return markdown.replace(MARK, "\n".join(shown) or _text(language, "none"))


def _block(moved: MovedOn, old: Old, language: str) -> str:
    kind = "one" if moved.waiting else "both"
    sentence = _text(language, kind).format(
        changed=_paths(moved.changed), waiting=_paths(moved.waiting)
    )
    command = f"{revisions.COMMAND} {moved.changed[0].path}"
    parts = [
        f"<p>{sentence} {_text(language, 'unchanged')}</p>",
        f"<pre><code>{_code(command)}</code></pre>",
    ]
    for page in moved.changed:
        before = old(moved.before[page.language]) if page.language in moved.before else None
        if before is not None:
            lines = "\n".join(revisions.difference(before, page))
            summary = _text(language, "difference").format(page=page.path)
            parts.append(
                f"<details><summary>{summary}</summary>"
                f"<pre><code>{_code(lines)}</code></pre></details>"
            )
    return f"<div>{''.join(parts)}</div>\n"


def _paths(pages: tuple[Page, ...]) -> str:
    return ", ".join(f"<code>{page.path}</code>" for page in pages)


def _text(language: str, key: str) -> str:
    return words.look_up(language, "revisions", key)


def _code(text: str) -> str:
    # Nothing in it may be taken for a mark of our own.
    return escape(text).replace("[[", "&#91;[")
