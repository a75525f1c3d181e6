"""What the commands of a build or a script install with apt, and what stays installed.

Sources: apt-get(8), apt(8), aptitude(8), apt-mark(8), dpkg(1), gdebi(1), tasksel(8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.container.build import Build
from resolvers.deb.apt_call import AptCall, Argument, apt_call
from resolvers.deb.build_context import find_in_context
from resolvers.deb.deb_archive import read_deb
from resolvers.deb.declared import Context, Declared, join_declared
from resolvers.deb.dependencies import requirement
from resolvers.deb.installation import Installation, Installed
from resolvers.deb.network_script import fetched_script, installs_packages
from resolvers.deb.package_sources import package_source
from resolvers.deb.package_word import PackageWord, WordError, is_archive, literal_name, parse_word
from resolvers.deb.quotation import quoted
from resolvers.deb.relation import RelationError, parse
from resolvers.deb.wanted import wanted
from resolvers.shell.command import Command, Word

_INSTALL = frozenset({"install", "reinstall", "full-install"})
_REMOVE = frozenset({"remove", "purge", "autoremove", "auto-remove", "autopurge"})
_AUTOMATIC = frozenset({"autoremove", "auto-remove", "autopurge"})
_DPKG_INSTALL = frozenset({"-i", "--install", "--unpack"})
_DPKG_REMOVE = frozenset({"-r", "-P", "--remove", "--purge"})
_CONDITION = "is installed only under a condition"
_TASK = "is a task, whose packages only the index tells"


def read_install_lines(context: Context, build: Build, folder: str) -> Declared:
    """The packages that a build leaves in its root filesystem.

    ``folder`` is the build context, in which package files are looked for that the commands name.
    What only a run tells is in ``unknown``, with file and line.
    """
    root = _Root(context, folder)
    for before, command in pairwise((Command((), ()), *build.commands)):
        root.run(command)
        root.run_fetched(before, command)
    return join_declared([root.declared, Declared(skipped=tuple(_aside(build.aside))), *root.archives])


def installs(command: Command) -> bool:
    """Whether a command installs packages with apt."""
    call = apt_call(command)
    return call is not None and call.action.word.text in _INSTALL and not call.idle and bool(call.arguments)


def _aside(commands: Iterable[tuple[str, Command]]) -> Iterator[Skipped]:
    for stage, command in commands:
        call = apt_call(command)
        if call is not None and installs(command):
            names = quoted(" ".join(argument.word.text for argument in call.arguments))
            reason = f"is installed in the build stage {quoted(stage)}, not in the final image"
            yield Skipped(names, reason, call.action.origin, incomplete=False)


@dataclass
class _Root:
    """The root filesystem while it is built."""

    context: Context
    folder: str
    installation: Installation = field(default_factory=Installation)
    skipped: list[Skipped] = field(default_factory=list)
    archives: list[Declared] = field(default_factory=list)

    @property
    def declared(self) -> Declared:
        """What is there in the end."""
        there = self.installation
        return Declared(
            tuple(there.requirements), skipped=(*self.skipped, *there.removed), unknown=tuple(there.unknown)
        )

    def run(self, command: Command) -> None:
        """Do what a command does."""
        if note := package_source(command):
            self.skipped.append(note)
        call = apt_call(command)
        if call is not None:
            act = _ACTIONS.get(call.action.word.text)
            if act and not call.idle:
                act(self, call, command.conditional)
        elif command.words and (tool := _TOOLS.get(command.words[0].text.rpartition("/")[2])):
            tool(self, list(map(Argument, command.words[1:], command.origins[1:])), command.conditional)

    def run_fetched(self, fetch: Command, command: Command) -> None:
        """``curl https://… | sh``: what is known of it."""
        script = fetched_script(fetch, command)
        if script and installs_packages(script):
            self._open(Argument(Word(script), command.origins[0]), "installs packages that it does not name here")
        elif script:
            reason = "is a script from the network: if it installs packages, they are not counted"
            self.skipped.append(Skipped(script, reason, command.origins[0], incomplete=False))

    def install(self, call: AptCall, conditional: bool) -> None:
        """``apt-get install name=version name/suite ./file.deb``."""
        for argument in call.arguments:
            if conditional and self.installation.has(argument.word.text):
                continue
            if conditional:
                self._open(argument, _CONDITION)
            elif call.elsewhere:
                self._open(argument, "is installed into another root filesystem")
            elif not argument.word.known:
                self._half_known(argument)
            elif is_archive(argument.word.text):
                self._archive(argument)
            else:
                self._named(argument, call.suite)

    def remove(self, call: AptCall, conditional: bool) -> None:
        """``apt-get purge --auto-remove name``. Where it can't be told, packages stay."""
        if conditional:
            return
        for argument in call.arguments:
            self._remove(argument)
        if call.automatic or call.action.word.text in _AUTOMATIC:
            self.installation.remove_automatic(call.action.origin)

    def satisfy(self, call: AptCall, conditional: bool) -> None:
        """``apt-get satisfy "name (>= 1) | other"``."""
        for argument in call.arguments:
            if conditional or not argument.word.known:
                self._open(argument, _CONDITION)
                continue
            try:
                choices = parse(argument.word.text)
            except RelationError as error:
                self._open(argument, str(error))
                continue
            for choice in choices:
                wish = requirement(self.context, choice, argument.origin)
                self.installation.install(Installed(wish.package.name, argument.origin, wish))

    def build_dependencies(self, call: AptCall, _conditional: bool) -> None:
        """``apt-get build-dep name``."""
        what = quoted(" ".join(argument.word.text for argument in call.arguments))
        reason = "is to be built: what that needs is not needed to run"
        self.skipped.append(Skipped(what, reason, call.action.origin, incomplete=False))

    def selections(self, call: AptCall, _conditional: bool) -> None:
        """``apt-get dselect-upgrade``."""
        self._open(call.action, "installs a selection that only a run tells")

    def dpkg(self, arguments: Sequence[Argument], conditional: bool) -> None:
        """``dpkg -i file.deb``, ``dpkg --purge name``."""
        options = {argument.word.text for argument in arguments if _is_option(argument)}
        names = [argument for argument in arguments if not _is_option(argument)]
        if options & _DPKG_INSTALL:
            self._archives(names, conditional)
        elif options & _DPKG_REMOVE and not conditional:
            for name in names:
                self._remove(name)

    def gdebi(self, arguments: Sequence[Argument], conditional: bool) -> None:
        """``gdebi -n file.deb``."""
        self._archives([a for a in arguments if a.word.text.endswith(".deb") or not a.word.known], conditional)

    def apt_mark(self, arguments: Sequence[Argument], conditional: bool) -> None:
        """``apt-mark showmanual``, ``auto``, ``manual``: how official images find what to remove."""
        words = [argument.word for argument in arguments if not _is_option(argument)]
        action, names = (words[0].text, words[1:]) if words else ("", [])
        if action == "showmanual":
            self.installation.save_manual()
        elif action == "manual" and not (names and all(word.known for word in names)):
            self.installation.restore_manual()
        if action == "manual" or (action == "auto" and not conditional):
            for word in (word for word in names if word.known):
                self.installation.mark(word.text.partition(":")[0], automatic=action == "auto")

    def tasksel(self, arguments: Sequence[Argument], _conditional: bool) -> None:
        """``tasksel install name``."""
        for argument in arguments:
            if argument.word.text != "install" and not _is_option(argument):
                self._open(argument, _TASK)

    def _half_known(self, argument: Argument) -> None:
        if name := literal_name(argument.word.text):
            self._add(PackageWord(name), argument, "has a version that only a run tells")
        else:
            self._open(argument, "names packages that only a run tells")

    def _named(self, argument: Argument, suite: Word) -> None:
        try:
            word = parse_word(argument.word.text, suite.text if suite.known else "")
        except WordError as error:
            self._open(argument, str(error))
            return
        if word.removed:
            self.installation.remove(word.name, argument.origin)
        elif suite.known or word.constraint:
            self._add(word, argument)
        else:
            self._add(word, argument, f"comes from a suite that only a run tells ({quoted(suite.text)})")

    def _add(self, word: PackageWord, argument: Argument, reason: str = "") -> None:
        origin = Origin(argument.origin.file, argument.origin.line, argument.origin.text or quoted(argument.word.text))
        wish = wanted(self.context, word, origin)
        self.installation.install(Installed(word.name, origin, wish, reason and _reason(argument, reason)))

    def _open(self, argument: Argument, reason: str) -> None:
        self.installation.install(Installed(argument.word.text, argument.origin, None, _reason(argument, reason)))

    def _remove(self, argument: Argument) -> None:
        text = argument.word.text
        self.installation.remove(text.partition(":")[0], argument.origin, known=argument.word.known)

    def _archives(self, arguments: Sequence[Argument], conditional: bool) -> None:
        for argument in arguments:
            if conditional:
                self._open(argument, _CONDITION)
            else:
                self._archive(argument)

    def _archive(self, argument: Argument) -> None:
        text = argument.word.text
        place = find_in_context(self.context.tree, self.folder, text) if argument.word.known else ""
        if not place:
            self._open(argument, "is a package file that is not in the build context: what it needs is not known")
            return
        try:
            self.archives.append(read_deb(self.context, place))
        except ManifestError as error:
            self._open(argument, str(error))


def _reason(argument: Argument, text: str) -> str:
    return f"{argument.origin}: {quoted(argument.word.text)} {text}"


_ACTIONS: Mapping[str, Callable[[_Root, AptCall, bool], None]] = {
    **dict.fromkeys(_INSTALL, _Root.install),
    **dict.fromkeys(_REMOVE, _Root.remove),
    "satisfy": _Root.satisfy,
    "build-dep": _Root.build_dependencies,
    "dselect-upgrade": _Root.selections,
}
_TOOLS: Mapping[str, Callable[[_Root, Sequence[Argument], bool], None]] = {
    "dpkg": _Root.dpkg,
    "gdebi": _Root.gdebi,
    "apt-mark": _Root.apt_mark,
    "tasksel": _Root.tasksel,
}


def _is_option(argument: Argument) -> bool:
    return argument.word.text.startswith("-")
