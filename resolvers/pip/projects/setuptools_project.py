"""Which of its files setuptools takes a project's metadata from.

pyproject.toml's ``[project]`` decides on every field that it does not call ``dynamic``; only then do
setup.py and setup.cfg count (setuptools, "Configuring setuptools using pyproject.toml files").
"""

from __future__ import annotations

from resolvers.toml_file import TomlFile, read_toml
from resolvers.tree import Tree, join

OPTIONS = {
    "dependencies": "install_requires",
    "optional-dependencies": "extras_require",
    "requires-python": "python_requires",
}
"""Fields of ``[project]`` and what setup.cfg and setup.py call them."""


def is_built_by_setuptools(file: TomlFile) -> bool:
    """Whether the pyproject.toml leaves the build to setuptools, the default. Raises ManifestError."""
    backend = file.string("build-system", "build-backend")
    return backend.startswith("setuptools") or (not backend and not file.table("tool", "poetry"))


def open_options(tree: Tree, folder: str) -> frozenset[str]:
    """The ``OPTIONS`` that setup.cfg and setup.py of a folder may set. Raises ManifestError."""
    path = join(folder, "pyproject.toml")
    if not tree.exists(path):
        return frozenset(OPTIONS.values())
    file = read_toml(tree, path)
    if not is_built_by_setuptools(file):
        return frozenset()
    dynamic = file.strings("project", "dynamic") if file.table("project") else OPTIONS.keys()
    # What [tool.setuptools.dynamic] names is read from there.
    return frozenset(
        OPTIONS[key] for key in OPTIONS.keys() & set(dynamic) if not file.get("tool", "setuptools", "dynamic", key)
    )
