"""Builds what reads bounces in a visitor's browser: Pyodide, slimmed, with ``checker.bounce``.

    pinned npm package -> the modules that are needed -> compiled archives -> side files

``python -m scripts.runtime`` builds it alone; ``mkdocs build`` does so as well, and finds what
did not change in ``.cache/runtime``.
"""
