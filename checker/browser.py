"""What the paste box's worker calls, in Pyodide."""

import json

from checker import bounce

MAXIMUM_INPUT = bounce.MAXIMUM_INPUT


def read(report: str | bytes | memoryview) -> str:
    """Read the report of a failed delivery.

    Args:
        report: What was pasted, or the content of a file.

    Returns:
        The answer as JSON, as ``python -m checker bounce --json`` prints it.
    """
    text = report if isinstance(report, str) else bytes(report)
    return json.dumps(bounce.to_json(bounce.read(text)))
