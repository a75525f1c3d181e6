"""Gathers one service's git clones: from what builds it, from submodules, and as they lie in its folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Skipped
from resolvers.ansible.installer import YAML, read_installer
from resolvers.ansible.playbook import is_playbook, playbooks
from resolvers.container.build import Build
from resolvers.container.containerfile import read_recipe
from resolvers.container.places import containerfiles, recipe
from resolvers.discovery import INSTALL_SCRIPT, SUBMODULES
from resolvers.git.added import added_repository
from resolvers.git.checkout import GIT, read_checkout
from resolvers.git.clone_command import Clone, clones_of
from resolvers.git.ecosystem import ECOSYSTEM
from resolvers.git.gitmodules import GITMODULES, submodules
from resolvers.git.known_tags import KnownTags, checkouts
from resolvers.git.quotation import quoted
from resolvers.git.reference import DEFAULT, UNTOLD, Reference
from resolvers.seam import Gathered, Manifest, Recipe, Wish
from resolvers.shell.command import Command
from resolvers.tree import Tree, join

SCRIPTS_SNIFFED = 50
"""How many scripts of one folder are looked into to see whether they clone."""

_SNIFFED = 64 * 1024
_SCRIPT = re.compile(r"[^.].*\.(?:sh|bash)", re.IGNORECASE)
_DEVELOPMENT = re.compile(r"(?:^|[-_.])(?:dev|devel|test|tests|ci|lint|build|bench|docs?)(?:[-_.]|$)", re.IGNORECASE)


class GitGatherer:
    """Gathers repositories at the commits, tags or branches at which a service has them.

    Dockerfiles are read for what they clone; that they make a service is for the gatherer of images to
    say, as is what cannot be read of them.
    """

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """``.gitmodules``, and where no Dockerfile tells which are used, scripts that clone."""
        if directory and not tree.is_folder(directory):
            script = _SCRIPT.fullmatch(posixpath.basename(directory)) and _clones(tree, directory)
            script = script or (directory.endswith(YAML) and is_playbook(tree, directory))
            return (Manifest(directory, INSTALL_SCRIPT),) if script else ()
        found = [Manifest(path, INSTALL_SCRIPT) for path in _scripts(tree, directory)]
        modules = join(directory, GITMODULES)
        return (*([Manifest(modules, SUBMODULES)] if tree.exists(modules) else ()), *found)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """Read them all. A tag becomes a commit where a checkout in the audited folder knows it."""
        reading = _Reading(tree, directory if tree.is_folder(directory) else posixpath.dirname(directory))
        if meant := recipe(tree, directory, wish):
            reading.dockerfile(meant)
        for manifest in self.manifests(tree, directory):
            if manifest.role == INSTALL_SCRIPT and wish.recipe is None:
                reading.script(manifest.path)
        if tree.is_folder(directory):
            reading.submodules()
            reading.checkouts()
        requirements = tuple(dict.fromkeys(reading.requirements()))
        sets = (DependencySet(ECOSYSTEM, requirements),) if requirements else ()
        return Gathered(sets, skipped=tuple(dict.fromkeys(reading.skipped)))


@dataclass(slots=True)
class _Reading:
    """What is found for the service in ``folder``; what lies in it has its place as seen from there."""

    tree: Tree
    folder: str
    clones: list[Clone] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def requirements(self) -> Iterator[Requirement]:
        """The clones as Requirements."""
        tags = KnownTags(self.tree)
        for clone in self.clones:
            if clone.package is None:
                if clone.fetched or clone.commit:
                    reason = "is of a repository that only a run tells"
                    self.skipped.append(Skipped(clone.origin.text or clone.place, reason, clone.origin))
                continue
            commit = clone.commit
            if not commit and clone.name not in (DEFAULT, UNTOLD):
                commit = tags.commit(clone.package, clone.name)
            reference = Reference(clone.name, commit, _tidy(clone.place), clone.perhaps)
            yield Requirement(clone.package, str(reference), clone.origin)

    def dockerfile(self, meant: Recipe) -> None:
        """What an image holds in the end. That a file cannot be read is told elsewhere."""
        try:
            build = read_recipe(self.tree, meant)
        except ManifestError:
            return
        found = clones_of(build.commands)
        self.skipped += found.skipped
        self.clones += found.at.values()
        self._aside(build)
        for clone in (made for added in build.added if (made := added_repository(added)) is not None):
            if isinstance(clone, Skipped):
                self.skipped.append(clone)
            else:
                self.clones.append(clone)

    def script(self, path: str) -> None:
        """What a script leaves, its own folder taken for where the service runs."""
        try:
            build = read_installer(self.tree, path)
        except ManifestError as error:
            self.skipped.append(Skipped(path, error.reason, error.origin))
            return
        found = clones_of(build.commands)
        self.skipped += (*build.skipped, *found.skipped)
        own = f"/{posixpath.dirname(path)}".rstrip("/")
        for clone in found.at.values():
            inside = clone.place.startswith(f"{own}/")
            self.clones.append(replace(clone, place=clone.place.removeprefix(f"{own}/")) if inside else clone)

    def submodules(self) -> None:
        """Those of the folder's ``.gitmodules``, and of the folders' that it lies in, as far as they lie in it."""
        for folder in _upwards(self.folder):
            if not self.tree.exists(join(folder, GITMODULES)):
                continue
            try:
                found = submodules(self.tree, folder)
            except ManifestError as error:
                self.skipped.append(Skipped(GITMODULES, error.reason, error.origin))
                continue
            for module in found:
                place = self._inside(module.path)
                if not place or module.path in self.seen:
                    continue
                self.seen.add(module.path)
                if module.package is None:
                    self.skipped.append(Skipped(f"submodule {quoted(place)}", module.trouble, module.origin))
                else:
                    name = "" if module.commit else module.branch
                    self.clones.append(Clone(module.package, name, module.commit, place, module.origin))

    def checkouts(self) -> None:
        """The checkouts that lie in the folder. The folder itself, if it is one, is the service's own source."""
        try:
            for path in checkouts(self.tree, self.folder):
                if (place := self._inside(path)) and path not in self.seen:
                    self._checkout(path, place)
        except ManifestError as error:
            self.skipped.append(Skipped("checkouts", error.reason, error.origin, incomplete=False))

    def _checkout(self, path: str, place: str) -> None:
        what = f"checkout {quoted(place)}"
        try:
            found = read_checkout(self.tree, path)
        except ManifestError as error:
            self.skipped.append(Skipped(what, error.reason, error.origin))
            return
        if found.repository is None:
            reason = "has no remote that tells which repository it is"
            self.skipped.append(Skipped(what, reason, Origin(join(path, GIT)), incomplete=False))
        elif not found.commit:
            self.skipped.append(Skipped(what, "names no commit", Origin(join(path, GIT))))
        else:
            self.clones.append(Clone(found.repository, "", found.commit, place, found.origin))

    def _aside(self, build: Build) -> None:
        """Clones of other build stages: those that are copied into the final image, and the rest."""
        stages: dict[str, list[Command]] = {}
        for stage, command in build.aside:
            stages.setdefault(stage, []).append(command)
        for stage, commands in stages.items():
            for clone in clones_of(commands).at.values():
                places = [t.target + clone.place[len(t.path.rstrip("/")) :]
                          for t in build.taken if t.stage == stage and _holds(t.path, clone.place)]  # fmt: skip
                self.clones += [replace(clone, place=place) for place in places]
                if not places:
                    reason = f"is cloned in the build stage {quoted(stage)}, not in the final image"
                    what = clone.origin.text or clone.place
                    self.skipped.append(Skipped(what, reason, clone.origin, incomplete=False))

    def _inside(self, path: str) -> str:
        """A path of the tree as seen from the service's folder; empty where it does not lie in it."""
        if not self.folder:
            return path
        return path.removeprefix(f"{self.folder}/") if path.startswith(f"{self.folder}/") else ""


def _holds(path: str, place: str) -> bool:
    return f"{place}/".startswith(f"{path.rstrip('/')}/")


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those that it lies in, innermost first."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _scripts(tree: Tree, directory: str) -> Iterator[str]:
    if containerfiles(tree, directory):
        return
    named: Iterable[str] = (name for name in tree.names(directory) if _SCRIPT.fullmatch(name))
    used: Sequence[str] = [name for name in named if not _DEVELOPMENT.search(name.rpartition(".")[0])]
    yield from (path for name in used[:SCRIPTS_SNIFFED] if _clones(tree, path := join(directory, name)))
    yield from playbooks(tree, directory)


def _clones(tree: Tree, path: str) -> bool:
    """Whether a line of a script has the words ``git`` and ``clone``, in this order and in no comment."""
    try:
        lines = tree.read_head(path, _SNIFFED).splitlines()
    except ManifestError:
        return False
    words = (line.partition(b"#")[0].split() for line in lines)
    return any(b"git" in line and b"clone" in line[line.index(b"git") :] for line in words)


def _tidy(place: str) -> str:
    """A place as it may stand in a report."""
    return "".join(char if char.isprintable() else "?" for char in place)[:500]
