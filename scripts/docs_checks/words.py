"""Whether the words of the form and the frame fit in both languages, and the names their pages."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import yaml

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.tree import LANGUAGES, Tree

FOLDER = "overrides/words"


def check(root: Path) -> Iterator[Complaint]:
    """Compare the files of words below the project's folder."""
    texts = {}
    for language in LANGUAGES:
        path = f"{FOLDER}/{language}.yml"
        try:
            node = yaml.compose((root / path).read_text(encoding="utf-8"), yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            message = f"this file cannot be read: {error.problem}. Put texts in quotation marks."
            yield Complaint(path, line, message)
            return
        texts[language] = {key: (line, text) for key, line, text in _leaves(node)}
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        yield from _compare(language, texts[language], other, texts[other])


def check_names(root: Path, tree: Tree) -> Iterator[Complaint]:
    """Compare the short name of each problem, as results show it, with the title of its page.

    Whoever follows a result to its page is to recognise it: the title has every word of the name.

    Args:
        root: The project's folder.
        tree: The pages.
    """
    for language, pages in tree.pages.items():
        path = f"{FOLDER}/{language}.yml"
        node = yaml.compose((root / path).read_text(encoding="utf-8"), yaml.SafeLoader)
        names = {key: (line, text) for key, line, text in _leaves(node)}
        for page in pages.values():
            line, name = names.get(f"problem > {page.about.get('problem')}", (0, ""))
            title = str(page.about.get("title", ""))
            in_title = _WORD.findall(title.lower())
            strange = [word for word in _WORD.findall(name.lower()) if not _stands(word, in_title)]
            if strange:
                message = (
                    f'"{name}" has what the title of {page.path} has not: {", ".join(strange)}. '
                    "Call the problem by the same words in both."
                )
                yield Complaint(path, line, message)


def _stands(word: str, words: list[str]) -> bool:
    """Whether the word is among the others; a longer one may have another ending."""
    return word in words or any(
        other.startswith(word) or word.startswith(other) for other in words if len(other) > _ENDING
    )


_Texts = Mapping[str, tuple[int, str]]

_WORD = re.compile(r"[\w-]+")

_ENDING = 3
"""Letters; what is no longer than an ending is no beginning of another word."""


def _compare(language: str, here: _Texts, other: str, there: _Texts) -> Iterator[Complaint]:
    path = f"{FOLDER}/{language}.yml"
    for key, (line, text) in here.items():
        if key not in there:
            message = f"{FOLDER}/{other}.yml has no {key}. Add it there, or remove it here."
            yield Complaint(path, line, message)
        elif missing := _places(there[key][1]) - _places(text):
            names = ", ".join(f"{{{name}}}" for name in sorted(missing))
            message = f"{key} lacks {names}, which stands in {FOLDER}/{other}.yml."
            yield Complaint(path, line, message)


def _leaves(node: yaml.Node | None, path: str = "") -> Iterator[tuple[str, int, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            yield from _leaves(child, f"{path} > {key.value}".removeprefix(" > "))
    elif isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value, 1):
            yield from _leaves(child, f"{path} > {number}")
    elif node is not None:
        yield path, node.start_mark.line + 1, str(node.value)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
