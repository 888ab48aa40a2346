"""Whether the tests notice when what decides is changed: mutation tests.

mutmut makes the mutants, and its own command is not used: it changes all or what a pattern names,
where a sample is wanted that is the same for two commits; it numbers a function's mutants anew with
each change of the function; and it runs every mutant through a detour in the module, which
functions with decorators do not survive. What tries them here is ``trial.py``.
"""
