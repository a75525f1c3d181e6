"""What a Dockerfile's or a script's commands install with dnf, yum, microdnf, tdnf, zypper and rpm."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.container.build import Build
from resolvers.credentials import without_credentials
from resolvers.rpm.declared import Declared, Target, unique
from resolvers.rpm.invocation import (
    ADD_REPOSITORY,
    BUILD_DEPENDENCIES,
    GROUP,
    INSTALL,
    MODULE,
    REMOVE,
    RPM,
    SWAP,
    Invocation,
    invocation,
)
from resolvers.rpm.package_word import is_file, opaque, required
from resolvers.shell.command import Command, Word

LocalPackage = Callable[[str], Declared | None]
"""Reads the ``.rpm`` file that a path names inside the image; None where the tree has no such file."""

_ROOT_OPTIONS = ("--installroot", "--root", "-R", "-r")
_REPOSITORY_PACKAGE = re.compile(
    r"(?:epel|epel-next|oracle-epel|remi|elrepo|ius|rpmfusion-(?:non)?free)-release(?:-.*)?|centos-release-.+"
)
"""Packages that bring nothing but the address of another repository."""

_REPOSITORY_FILE = re.compile(r".*[-_](?:release|repo|repos)\b.*|packages-microsoft-prod.*")
_NEXT_VERBS = ("install", "in", "enable", "switch-to")
"""Verbs behind ``group`` and ``module`` that choose packages."""

_NOT_INSTALLED = ("remove", "list", "info", "summary", "mark", "upgrade", "update")


def read_commands(build: Build, final: Origin, target: Target, local: LocalPackage) -> Declared:
    """What the commands of a build leave installed.

    ``final`` is where the Dockerfile's last stage begins. What a command before it installs into a folder
    of its own (``--installroot``) is in ``build.commands`` because the last stage takes that folder.
    """
    reading = _Reading(target, local, final)
    for stage, command in build.aside:
        reading.take(command, f"is installed in the stage {stage!r} only")
    for command in build.commands:
        reading.take(command)
    return reading.declared()


@dataclass
class _Reading:
    """Takes commands in their order. ``wanted`` holds what is installed, by the word that asked for it."""

    target: Target
    local: LocalPackage
    final: Origin
    wanted: dict[str, tuple[Requirement, ...]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    provides: set[str] = field(default_factory=set)

    def declared(self) -> Declared:
        """What was taken."""
        return Declared(
            unique(r for group in self.wanted.values() for r in group),
            None,
            unique(self.skipped),
            unique(self.unknown),
            frozenset(self.provides),
        )

    def take(self, command: Command, aside: str = "") -> None:
        """One command. ``aside`` says why the root filesystem that it works on is not the final one."""
        run = invocation(command)
        if run is None:
            return
        if reason := aside or self._elsewhere(run, command.origins[0]):
            if run.verb == INSTALL:
                self._leave(" ".join(word.text for word, _ in run.operands), reason, command.origins[0])
        elif command.conditional:
            self._conditional(run)
        else:
            self._run(run)

    def _elsewhere(self, run: Invocation, origin: Origin) -> str:
        root = (run.option(*_ROOT_OPTIONS) or "/").rstrip("/")
        taken = origin.file == self.final.file and origin.line < self.final.line
        return f"is installed into {_shown(root)}, another root filesystem" if root and not taken else ""

    def _conditional(self, run: Invocation) -> None:
        """Nobody knows whether it is run: what it adds may be there, what it takes away may not."""
        if run.verb == ADD_REPOSITORY:
            self._run(run)
            return
        for word, origin in run.operands:
            shown = _shown(word.text)
            if run.verb != REMOVE or shown in self.wanted:
                done = "removed" if run.verb == REMOVE else "installed"
                self._doubt(f"{shown} is {done} only under a condition", origin)

    def _run(self, run: Invocation) -> None:
        actions: dict[str, Callable[[Invocation], None]] = {
            INSTALL: self._install_all,
            REMOVE: self._remove_all,
            GROUP: self._groups,
            MODULE: self._modules,
            SWAP: self._swap,
            BUILD_DEPENDENCIES: self._build_dependencies,
            ADD_REPOSITORY: self._repositories,
        }
        actions[run.verb](run)

    def _install_all(self, run: Invocation) -> None:
        kind = run.option("--type", "-t") if run.tool == "zypper" else None
        for word, origin in run.operands:
            if kind and kind != "package":
                self._doubt(f"the {kind} {_shown(word.text)} installs packages that only the repository knows", origin)
            else:
                self._operand(word, origin, run)

    def _operand(self, word: Word, origin: Origin, run: Invocation) -> None:
        text = word.text.removeprefix("package:")
        if run.tool == "zypper" and text[:1] in "+-!~" and len(text) > 1:
            if text[0] != "+":
                self._remove(text[1:], origin)
                return
            text = text[1:]
        if reason := opaque(text) if word.known else "stands for what only a run can tell":
            self._doubt(f"{_shown(text)} {reason}", origin)
        elif is_file(text) or run.tool == RPM:
            self._file(text, origin, run)
        elif _REPOSITORY_PACKAGE.fullmatch(text):
            self._leave(text, "adds a repository; what comes from it is decided where the universe has it", origin)
        elif text:
            self.wanted.setdefault(_shown(text), (required(text, origin, self.target),))

    def _file(self, text: str, origin: Origin, run: Invocation) -> None:
        """A package that no repository offers: what it requires counts in its place."""
        shown = _shown(text)
        name = shown.rpartition("/")[2]
        found = None if "://" in text else self.local(text)
        if found is not None:
            self.wanted.setdefault(shown, () if run.option("--nodeps") is not None else found.requirements)
            self.provides |= found.provides
            self.skipped += found.skipped
        elif _REPOSITORY_FILE.fullmatch(name):
            self._leave(shown, "adds a repository; what comes from it is decided where the universe has it", origin)
        else:
            self._doubt(f"what {shown} requires cannot be read here", origin)

    def _remove_all(self, run: Invocation) -> None:
        for word, origin in run.operands:
            if word.known:
                self._remove(word.text, origin)
            elif self.wanted:
                self._doubt(f"which packages {_shown(word.text)} removes is not known", origin)

    def _remove(self, text: str, origin: Origin) -> None:
        for name in [name for name in self.wanted if fnmatchcase(name, _shown(text))]:
            where = next((f" in {r.origin}" for r in self.wanted.pop(name)), "")
            self._leave(name, f"is removed again, after it was installed{where}", origin)

    def _groups(self, run: Invocation) -> None:
        """``dnf group install NAME…`` and ``yum groupinstall NAME…``."""
        if run.operands and run.operands[0][0].text in _NOT_INSTALLED:
            return
        for word, origin in run.operands:
            if word.text not in _NEXT_VERBS:
                self._doubt(f"the group {_shown(word.text)} installs packages that only the repository knows", origin)

    def _modules(self, run: Invocation) -> None:
        verb = run.operands[0][0].text if run.operands else ""
        for word, origin in run.operands[1:]:
            if verb in _NEXT_VERBS:
                self._doubt(f"the module {_shown(word.text)} chooses packages that only the repository knows", origin)

    def _swap(self, run: Invocation) -> None:
        """``dnf swap OLD NEW``."""
        for word, origin in run.operands[:1]:
            self._remove(word.text, origin)
        for word, origin in run.operands[1:2]:
            self._operand(word, origin, run)

    def _build_dependencies(self, run: Invocation) -> None:
        for word, origin in run.operands:
            self._doubt(f"what {_shown(word.text)} needs to be built is installed as well", origin)

    def _repositories(self, run: Invocation) -> None:
        added = run.option("--add-repo") or " ".join(word.text for word, _ in run.operands)
        if run.operands and run.option("--set-enabled", "--enable", "--set-disabled", "--disable") is None:
            self._leave(
                added,
                "is another repository; what comes from it is decided where the universe has it",
                run.operands[0][1],
            )

    def _leave(self, what: str, reason: str, origin: Origin) -> None:
        self.skipped.append(Skipped(_shown(what), reason, origin, incomplete=False))

    def _doubt(self, reason: str, origin: Origin) -> None:
        self.unknown.append(f"{reason} ({origin})")


def _shown(text: str) -> str:
    return without_credentials(text[:1000])[:200]


_FROM = re.compile(r"^[ \t]*FROM[ \t]+\S", re.I | re.M)


def final_stage(text: str, path: str) -> Origin:
    """Where the last stage of a Dockerfile begins."""
    start = max((match.start() for match in _FROM.finditer(text)), default=0)
    return Origin(path, text.count("\n", 0, start) + 1)
