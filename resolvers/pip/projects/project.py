"""The static metadata of a project folder, with that of the projects in the tree that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Force
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.projects.collector import Collector, under
from resolvers.pip.projects.pyproject import read_pyproject
from resolvers.pip.projects.setup_cfg import read_setup_cfg
from resolvers.pip.projects.setup_py import read_setup_py
from resolvers.tree import join

READERS: dict[str, Callable[[Context, str], Declared]] = {
    "pyproject.toml": read_pyproject,
    "setup.cfg": read_setup_cfg,
    "setup.py": read_setup_py,
}
"""The files of a project, the one whose name for the project counts first."""


def read_project(context: Context, directory: str, extras: tuple[str, ...]) -> Declared:
    """What the project in ``directory`` declares with ``extras``, and what the projects of the tree
    declare that it depends on, each folder once.

    Where ``context.trail`` is empty this is the service itself; else it is something that another
    manifest depends on, whose groups, overrides and constraints do not count, nor what it offers. A file that cannot be
    read is a Skipped; nothing is raised.
    """
    reading = _Reading(context)
    reading.later(context, directory, extras)
    found = Collector(context)
    for step in reading.steps:
        for part in _files(reading, step, is_service=not context.trail and step is reading.steps[0]):
            found.include(under(step.marker(context), part))
            if step is reading.steps[0]:
                found.distribution = found.distribution or part.distribution
    return found.declared()


@dataclass(frozen=True, slots=True)
class _Step:
    """A folder to read, with the extras wanted of it and the Python versions for which it is."""

    directory: str
    extras: tuple[str, ...]
    pythons: tuple[str, ...]

    def marker(self, context: Context) -> str:
        """When the folder is wanted; ``""`` for always."""
        if self.pythons == context.pythons:
            return ""
        return " or ".join(f'python_version == "{python}"' for python in self.pythons)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The folders met so far; ``later`` stands in for ``context.project`` while they are read, so that
    cycles and projects met twice cost nothing."""

    context: Context
    steps: list[_Step] = field(default_factory=list)

    def later(self, context: Context, directory: str, extras: tuple[str, ...]) -> Declared:
        """Remember a folder; what it declares is added in its turn."""
        step = _Step(directory, tuple(sorted(extras)), context.pythons)
        if step not in self.steps:
            self.steps.append(step)
        return Declared()

    def inside(self, step: _Step, path: str, groups: tuple[str, ...]) -> Context:
        """The context for reading a file of a step's folder."""
        return replace(
            self.context,
            pythons=step.pythons,
            choice=Choice(step.extras, groups),
            trail=(*self.context.trail, path),
            project=self.later,
        )


def _files(reading: _Reading, step: _Step, *, is_service: bool) -> Iterator[Declared]:
    tree = reading.context.tree
    paths = {join(step.directory, name): read for name, read in READERS.items()}
    present = [path for path in paths if tree.exists(path)]
    groups = reading.context.choice.groups if is_service else ()
    for path in present:
        try:
            declared = paths[path](reading.inside(step, path, groups), path)
        except ManifestError as error:
            yield _skipped(reading.context, path, error.reason, error.origin)
        else:
            yield declared if is_service else _as_dependency(declared)
    if not present:
        reason = f"holds no project: none of {', '.join(READERS)}"
        yield _skipped(reading.context, step.directory or ".", reason, Origin(step.directory or "."))


def _as_dependency(declared: Declared) -> Declared:
    required = tuple(r for r in declared.requirements if r.force is Force.REQUIRES)
    return replace(declared, requirements=required, offers=Choice())


def _skipped(context: Context, what: str, reason: str, origin: Origin) -> Declared:
    found = Collector(context)
    found.skip(what, reason, origin)
    return found.declared()
