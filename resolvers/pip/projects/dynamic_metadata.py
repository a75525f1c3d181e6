"""Metadata that ``[project] dynamic`` leaves to the build backend (PEP 621), as far as it is written down."""

from __future__ import annotations

from analyzer.errors import ManifestError
from resolvers.pip.projects.collector import Collector, normal
from resolvers.pip.projects.setup_cfg import read_options
from resolvers.pip.projects.setuptools_project import OPTIONS, is_built_by_setuptools
from resolvers.pip.requirements.named_file import add_requirements_file
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.toml_file import TomlFile
from resolvers.tree import join

_SETUPTOOLS = ("tool", "setuptools", "dynamic")
_HATCH = ("tool", "hatch", "metadata", "hooks", "requirements_txt")


def add_dynamic(file: TomlFile, found: Collector) -> None:
    """Add the dynamic dependencies that are written down in files; a Skipped for all others.

    Known are setuptools' ``[tool.setuptools.dynamic]`` and the hook of hatch-requirements-txt. What
    Poetry's table, setup.cfg or setup.py declare is left to their readers. Raises ManifestError.
    """
    for number, key in enumerate(file.strings("project", "dynamic")):
        if key not in OPTIONS:
            continue
        origin = file.origin("project", "dynamic", number)
        with found.attempt(f"dynamic {key}"):
            if not (_add(file, found, key) or _is_read_elsewhere(file, found, key)):
                backend = file.string("build-system", "build-backend") or "setuptools"
                found.skip(
                    f"dynamic {key}", f"is computed by the build backend {excerpt(backend)}, which is not run", origin
                )


def _add(file: TomlFile, found: Collector, key: str) -> bool:
    """Whether the key's files are named, which are then added."""
    if key == "dependencies" and file.get(*_HATCH) is not None:
        _add_files(file, found, *_HATCH, "files")
    elif key == "dependencies" and file.get(*_SETUPTOOLS, key) is not None:
        _add_files(file, found, *_SETUPTOOLS, key, "file")
    elif key == "optional-dependencies" and file.get(*_SETUPTOOLS, key) is not None:
        found.offer(extras=file.table(*_SETUPTOOLS, key))
        for extra in file.table(*_SETUPTOOLS, key):
            if normal(extra) in found.extras:
                _add_files(file, found, *_SETUPTOOLS, key, extra, "file")
            else:
                found.leave_out("extra", extra, file.origin(*_SETUPTOOLS, key, extra))
    else:
        return False
    return True


def _add_files(file: TomlFile, found: Collector, *keys: str) -> None:
    names = [file.string(*keys)] if isinstance(file.get(*keys), str) else file.strings(*keys)
    if not names:
        raise ManifestError(file.origin(*keys), "names no file")
    for number, name in enumerate(names):
        origin = file.origin(*keys, number)
        with found.attempt(name):
            add_requirements_file(found, name, origin)


def _is_read_elsewhere(file: TomlFile, found: Collector, key: str) -> bool:
    folder, tree = file.path.rpartition("/")[0], found.context.tree
    if file.table("tool", "poetry"):
        return True
    if not is_built_by_setuptools(file):
        return False
    beside = join(folder, "setup.cfg")
    in_cfg = tree.exists(beside) and OPTIONS[key] in read_options(tree, beside)
    return in_cfg or tree.exists(join(folder, "setup.py"))
