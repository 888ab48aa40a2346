"""Prints what mutmut would change in some modules; for the Python that has mutmut.

    generate.py FILE...

Each line of the output is a JSON object: one mutant, as :class:`Mutant` in ``mutant.py`` has it.
Only what functions do is changed: neither tables, nor default arguments, nor annotations.
"""

import importlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

cst = importlib.import_module("libcst")
metadata = importlib.import_module("libcst.metadata")
file_mutation = importlib.import_module("mutmut.mutation.file_mutation")
mutators = importlib.import_module("mutmut.mutation.mutators")
pragmas = importlib.import_module("mutmut.mutation.pragma_handling")


def mutants(path: Path) -> Iterator[dict[str, object]]:
    """Everything that mutmut would change in a module."""
    code = path.read_text(encoding="utf-8")
    # Its nodes are those that have metadata; what is parsed is copied once.
    wrapper = metadata.MetadataWrapper(cst.parse_module(code))
    positions = wrapper.resolve(metadata.PositionProvider)
    names = dict(_functions(wrapper.module))
    starts = _starts(code)
    count = Counter[tuple[str, str]]()
    for kind, operator in mutators.mutation_operators:
        nothing = pragmas.IgnoredCode(set(), set(), set())
        visitor = file_mutation.MutationVisitor([(kind, operator)], nothing)
        wrapper.visit(visitor)
        word = operator.__name__.removeprefix("operator_")
        for mutation in visitor.mutations:
            function = names.get(mutation.contained_by_top_level_function)
            position = positions.get(mutation.original_node)
            if function is None or position is None:
                continue
            count[function, word] += 1
            begin = starts[position.start.line - 1] + position.start.column
            end = starts[position.end.line - 1] + position.end.column
            # A block is printed as if it stood at the left edge.
            line = code[starts[position.start.line - 1] : begin]
            indentation = line[: len(line) - len(line.lstrip())]
            after = wrapper.module.code_for_node(mutation.mutated_node).strip()
            yield {
                "path": str(path),
                "function": function,
                "operator": word,
                "occurrence": count[function, word],
                "begin": begin,
                "before": code[begin:end],
                "after": after.replace("\n", f"\n{indentation}"),
            }


def _functions(module: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - mutmut's own
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            yield statement, statement.name.value
        elif isinstance(statement, cst.ClassDef):
            for inner in statement.body.body:
                if isinstance(inner, cst.FunctionDef):
                    yield inner, f"{statement.name.value}.{inner.name.value}"


def _starts(code: str) -> list[int]:
    """Where each line begins."""
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for mutant in mutants(Path(name)):
            sys.stdout.write(json.dumps(mutant) + "\n")
