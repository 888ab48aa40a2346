"""Whether words are spelled as Debian's dictionaries or our own lists have them."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from scripts.docs_checks.complaint import Complaint
from scripts.docs_checks.text import foreign, visible
from scripts.docs_checks.tree import Tree

DICTIONARIES = {"de": "de_DE", "en": "en_GB"}
"""Language -> the dictionary, from Debian's packages hunspell-de-de and hunspell-en-gb."""

Unknown = Callable[[str, AbstractSet[str]], AbstractSet[str]]
"""Language and words -> those that are in no dictionary."""

# Words beside a digit are names of things, such as IPv6; a word of capitals is an abbreviation.
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['\u2019][^\W\d_]+)*(?!\w)")
_ABBREVIATION = re.compile(r"[^\W\d_a-z]+s?")
_POSSESSIVE = re.compile(r"'s$|'$")


class NoDictionaryError(Exception):
    """The program or a dictionary is not installed; the message says what to do."""


def own_words(docs: Path, names: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    """Our lists, one word a line; what follows a # is a remark. Names are right as they are."""
    words = {}
    for language in DICTIONARIES:
        path = docs / f"words-{language}.txt"
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        listed = frozenset(line.partition("#")[0].strip() for line in lines) - {""}
        words[language] = listed.union(*(_words(name) for name in names))
    return words


def check(tree: Tree, own: Mapping[str, AbstractSet[str]], unknown: Unknown) -> Iterator[Complaint]:
    """Each word that is in no dictionary and on no list, where it first stands."""
    for language, pages in tree.pages.items():
        places: dict[str, list[tuple[str, int]]] = {}
        quoted: set[str] = set()
        for page in pages.values():
            for quotation in foreign(page):
                quoted.update(_words(quotation))
            for line in visible(page):
                for word in _words(line.text):
                    places.setdefault(word, []).append((page.path, line.number))
        known = own.get(language, frozenset())
        wrong = unknown(language, {word for word in places if not _is_own(word, known)})
        # A message is quoted, and a page named, in its own language.
        for other in set(tree.pages) - {language}:
            wrong = (wrong - quoted) | unknown(other, wrong & quoted)
        for word in sorted(wrong):
            path, number = places[word][0]
            more = len(places[word]) - 1
            message = (
                f'"{word}" is in no dictionary. Correct it; if it is right, '
                f"add it as a line of docs/words-{language}.txt."
                + (f" (It stands in {more} more places.)" if more else "")
            )
            yield Complaint(path, number, message)


def hunspell(language: str, words: AbstractSet[str]) -> AbstractSet[str]:
    """The words that hunspell does not know.

    Raises:
        NoDictionaryError: There is no hunspell here, or it lacks the dictionary.
    """
    program = shutil.which("hunspell")
    if program is None:
        raise NoDictionaryError(
            "spelling is not checked: install hunspell and its dictionaries "
            "(Debian: hunspell hunspell-de-de hunspell-en-gb)"
        )
    done = subprocess.run(  # noqa: S603 - the program the system has, and no shell
        [program, "-d", DICTIONARIES[language], "-i", "utf-8", "-l"],
        input="\n".join(sorted(words)),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    if done.returncode or "Can't open" in done.stderr:
        raise NoDictionaryError(
            f"spelling is not checked: hunspell has no dictionary {DICTIONARIES[language]} "
            f"(Debian: hunspell-de-de hunspell-en-gb)"
        )
    return set(done.stdout.splitlines()) & set(words)


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        word = match[0].replace("\u2019", "'")
        if len(word) > 1 and not _ABBREVIATION.fullmatch(word):
            yield word


def _is_own(word: str, own: AbstractSet[str]) -> bool:
    stem = _POSSESSIVE.sub("", word)
    # At the beginning of a sentence a word is written large.
    return bool({word, stem, word[0].lower() + word[1:], stem[0].lower() + stem[1:]} & own)
