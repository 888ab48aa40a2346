"""Which modules of the standard library are needed: what is imported, and what that imports.

Pyodide's message for a module that is not there points the wrong way, so ``tests/runtime``
imports every one of them in a browser.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping

_STARTED_WITH = (
    "_pyodide._base",
    "_pyodide._core_docs",
    "_pyodide._future_helper",
    "_pyodide._importhook",
    "_pyodide.docs_argspec",
    "_pyodide.docstring",
    "_pyodide.jsbind",
    "pyodide._package_loader",
    "pyodide._state",
    "pyodide.code",
    "pyodide.common",
    "pyodide.ffi",
    "pyodide.webloop",
)
"""What Pyodide imports from JavaScript when it starts."""

_LATER = ("linecache", "traceback")
"""What is imported only when there is an error to tell."""

_ELSEWHERE = frozenset(
    {
        *("asyncio.proactor_events", "asyncio.windows_events", "asyncio.windows_utils"),
        # Where Python was built without _datetime
        "_pydatetime",
    }
)
"""What is imported on other systems only."""


def name_of(path: str) -> str:
    """The module that a file in an archive holds: ``a/b/__init__.py`` is ``a.b``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def needed(sources: Mapping[str, bytes], own: Mapping[str, bytes]) -> set[str]:
    """Choose what to keep.

    Args:
        sources: The standard library: path in its archive -> content.
        own: The modules that are to run: path -> content.

    Returns:
        The paths in the archive that are needed.
    """
    library = {name_of(path): path for path in sources if path.endswith(".py")}
    kept: set[str] = set()
    waiting = [*_STARTED_WITH, *_LATER]
    # A report may name any charset.
    waiting += [name for name in library if name.partition(".")[0] == "encodings"]
    for path, content in own.items():
        waiting += imports(path, content, later=True)
    while waiting:
        name = waiting.pop()
        if name in library and name not in kept and name not in _ELSEWHERE:
            kept.add(name)
            waiting.append(name.rpartition(".")[0])
            waiting += imports(library[name], sources[library[name]])
    return {library[name] for name in kept}


def imports(path: str, source: bytes, *, later: bool = False) -> Iterator[str]:
    """What a module imports as it is imported; some are not modules but what is in one.

    Args:
        path: In its archive.
        source: Its content.
        later: Whether with what its functions import.
    """
    name = name_of(path)
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    tree = ast.parse(source)
    for statement in ast.walk(tree) if later else _statements(tree.body):
        match statement:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = module or ""
                if level:
                    parts = package.split(".")[: len(package.split(".")) - level + 1]
                    base = ".".join([*parts, base]).rstrip(".")
                yield base
                yield from (f"{base}.{alias.name}" for alias in names)


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What runs on import: not a function's body, nor what is for type checkers or for scripts."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                pass
            case ast.If(
                test=ast.Name(id="TYPE_CHECKING")
                | ast.Attribute(attr="TYPE_CHECKING")
                | ast.Compare(left=ast.Name(id="__name__"))
            ):
                yield from _statements(node.orelse)
            case _:
                yield node
                yield from _statements(ast.iter_child_nodes(node))
