"""pyproject.toml: the ``[project]`` table (PEP 621), and what tools and PEP 735 add to it."""

from __future__ import annotations

from resolvers.pip.declared import Context, Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.projects.collector import Collector
from resolvers.pip.projects.dependency_groups import add_dependency_groups
from resolvers.pip.projects.dynamic_metadata import add_dynamic
from resolvers.pip.projects.pdm_project import add_pdm
from resolvers.pip.projects.poetry_project import add_poetry, poetry_refinement
from resolvers.pip.projects.requirement_array import declare_array
from resolvers.pip.projects.uv_project import add_uv, uv_refinement
from resolvers.toml_file import TomlFile, read_toml

_SECTIONS = (
    ("[project]", lambda file, found: add_project(file, found)),
    ("[dependency-groups]", add_dependency_groups),
    ("[tool.poetry]", add_poetry),
    ("[tool.pdm]", add_pdm),
    ("[tool.uv]", add_uv),
    ("[project.optional-dependencies]", lambda file, found: add_extras(file, found)),
)


def read_pyproject(context: Context, path: str) -> Declared:
    """What the pyproject.toml at ``path`` declares.

    Extras and groups count if ``context.choice`` names them; each other one is a Skipped. Raises
    ManifestError where the file is no TOML.
    """
    file = read_toml(context.tree, path)
    found = Collector(context)
    with found.attempt("[tool.uv.sources]"):
        found.refine = uv_refinement(file, found)
    with found.attempt("[tool.poetry.dependencies]"):
        found.refine = poetry_refinement(file, found)
    for name, add in _SECTIONS:
        with found.attempt(name):
            add(file, found)
    return found.declared()


def add_project(file: TomlFile, found: Collector) -> None:
    """Add what ``[project]`` says, but for its extras (PEP 621). Raises ManifestError where it is no table."""
    if not file.table("project"):
        return
    with found.attempt("project.name"):
        if name := file.string("project", "name"):
            found.name_project(name, file.origin("project", "name"))
    with found.attempt("project.requires-python"):
        if requires := file.string("project", "requires-python"):
            found.add_interpreter(read_interpreter(requires, file.origin("project", "requires-python")))
    with found.attempt("project.dependencies"):
        declare_array(file, found, "project", "dependencies")
    with found.attempt("project.dynamic"):
        add_dynamic(file, found)


def add_extras(file: TomlFile, found: Collector) -> None:
    """Add the extras that are wanted, and those that these ask for in turn. Raises ManifestError."""
    section = ("project", "optional-dependencies")

    def add(extra: str) -> None:
        with found.attempt(f"extra {extra!r}"):
            declare_array(file, found, *section, extra)

    found.add_extras({extra: file.origin(*section, extra) for extra in file.table(*section)}, add)
