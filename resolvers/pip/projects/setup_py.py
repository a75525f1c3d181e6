"""setup.py: a program that declares a project when it is run, which never happens here."""

from __future__ import annotations

import ast

from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.pip.declared import Context, Declared
from resolvers.pip.projects.setuptools_project import open_options


def read_setup_py(context: Context, path: str) -> Declared:
    """A Skipped that says that setup.py may require more than is known.

    None where it cannot: pyproject.toml decides on all that matters, or the program plainly passes
    nothing that matters to ``setup()`` (most such files exist for old tools' sake). Raises
    ManifestError where a file cannot be read.
    """
    text = context.tree.read_text(path)
    at_stake = open_options(context.tree, path.rpartition("/")[0])
    line = _deciding_line(text, at_stake)
    if not at_stake or line is None:
        return Declared()
    reason = "is a program and is not run; what it declares is unknown"
    return Declared(skipped=(Skipped(path.rpartition("/")[2], reason, Origin(path, line)),))


def _deciding_line(text: str, options: frozenset[str]) -> int | None:
    """The line that may set one of the options, 0 if that is anybody's guess, None if there is none."""
    try:
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and _is_setup(node.func)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    if not calls:
        return 0
    # A keyword without a name is **keywords: it may hold anything.
    return next((call.lineno for call in calls for keyword in call.keywords if keyword.arg in {None, *options}), None)


def _is_setup(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "setup"
