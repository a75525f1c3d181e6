"""What the commands of a build leave of git clones: followed by name, without running any.

Sources: git-clone(1), git-checkout(1), git-switch(1), git-reset(1), git-fetch(1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from posixpath import basename, normpath

from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.service import Skipped
from resolvers.git.git_call import GitCall, git_call
from resolvers.git.quotation import quoted
from resolvers.git.reference import DEFAULT, UNTOLD, is_abbreviated, is_commit, is_name
from resolvers.git.repository_url import RepositoryUrlError, repository
from resolvers.shell.command import Command, Word

CLONES_LIMIT = 500
"""Clones of one build that are followed."""

_FETCHED = "FETCH_HEAD"
_REMOTE_PREFIXES = ("refs/heads/", "refs/tags/", "refs/remotes/", "remotes/", "heads/", "tags/", "origin/")
_SELF = ("^{commit}", "^{}", "^0", "~0")
_MOVES = frozenset({"merge", "rebase", "cherry-pick", "am", "commit", "pull", "revert", "bisect"})
_NOWHERE = Word("")


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone as it is at one point. ``package`` is None before anything says which repository it is;
    ``fetched`` is what was fetched last, ``untold`` how its directory was written where only a run tells it;
    the place is then the one that git chooses unasked."""

    package: Package | None
    name: str
    commit: str
    place: str
    origin: Origin
    perhaps: bool = False
    fetched: str = ""
    untold: str = ""


@dataclass(slots=True)
class Clones:
    """The clones of a root filesystem while commands change it, by their places."""

    at: dict[str, Clone] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    pushed: list[tuple[str, str]] = field(default_factory=list)

    def run(self, command: Command) -> None:
        """Follow one command."""
        name = command.words[0].text.rpartition("/")[2] if command.words else ""
        if change := _SHELL.get(name):
            change(self, command)
        elif call := git_call(command):
            self._git(command, call)

    def _git(self, command: Command, call: GitCall) -> None:
        directory = self._directory(command)
        for word in call.directories:
            directory = _locate(directory, word.text) if word.known else ""
        if call.action == "clone":
            self._clone(command, call, directory)
        elif call.action == "init" and len(self.at) < CLONES_LIMIT:
            operand = call.operands[0] if call.operands and call.operands[0].known else Word(".")
            place = _locate(directory, operand.text)
            origin = _placed(call.origin, command)
            self.at[place] = Clone(None, UNTOLD, "", place, origin, command.conditional)
        elif (change := _GIT.get(call.action)) and (clone := self._around(directory)) is not None:
            self._changed(clone, change(clone, call), command, call.origin)

    def _clone(self, command: Command, call: GitCall, directory: str) -> None:
        url = call.operands[0] if call.operands else _NOWHERE
        shown = f"git clone {quoted(url.text)}"
        if not url.known:
            self._skip(shown, "depends on what only a run tells", call.origin)
            return
        if call.options.keys() & {"--bare", "--mirror"}:
            self._skip(shown, "has no working tree", call.origin, incomplete=False)
            return
        try:
            package = repository(url.text)
        except RepositoryUrlError as error:
            self._skip(shown, str(error), call.origin)
            return
        if len(self.at) >= CLONES_LIMIT:
            self._skip(shown, f"is beyond the first {CLONES_LIMIT} clones", call.origin)
            return
        target = call.operands[1] if len(call.operands) > 1 else _NOWHERE
        place = _locate(directory, (target.text if target.known else "") or package.name)
        revision = call.value("--revision")
        name, commit = _reference(revision) if revision else _branch(call.value("-b", "--branch"))
        origin = _placed(call.origin, command)
        untold = "" if target.known else target.text
        self.at[place] = Clone(package, name, commit, place, origin, command.conditional, untold=untold)

    def _changed(self, clone: Clone, changed: Clone, command: Command, origin: Origin) -> None:
        """Put a clone's new state in its place; where a condition decides, nobody knows which of the two."""
        if (changed.name, changed.commit) != (clone.name, clone.commit):
            changed = replace(changed, origin=_placed(origin, command))
            changed = replace(changed, name=UNTOLD, commit="") if command.conditional else changed
        self.at[clone.place] = changed

    def _around(self, directory: str) -> Clone | None:
        """The clone in which a directory lies, the innermost. Where the directory is not known it is the only
        clone, if its place is not known either; else it may be any, and of none is known what comes of it."""
        if directory:
            inside = [place for place in self.at if f"{directory}/".startswith(f"{place.rstrip('/')}/")]
            return self.at[max(inside, key=len)] if inside else None
        only = next(iter(self.at.values())) if len(self.at) == 1 else None
        if only is not None and (only.untold or not only.place.startswith("/")):
            return only
        self.at = {place: replace(clone, name=UNTOLD, commit="") for place, clone in self.at.items()}
        return None

    def _directory(self, command: Command) -> str:
        """Where a command is run; ``pushd`` is not the shell's matter here."""
        if not self.pushed:
            return command.directory
        before, directory = self.pushed[-1]
        return directory if before == command.directory else ""

    def push(self, command: Command) -> None:
        """``pushd directory``."""
        operand = next((word for word in command.words[1:] if not word.text.startswith("-")), None)
        known = operand is not None and operand.known
        directory = _locate(self._directory(command), operand.text) if operand is not None and known else ""
        self.pushed.append((command.directory, directory))

    def pop(self, command: Command) -> None:
        """``popd``."""
        if self.pushed:
            self.pushed.pop()

    def remove(self, command: Command) -> None:
        """``rm -r directory…``: what is removed is there no more."""
        flags = {word.text for word in command.words[1:] if word.text.startswith("-")}
        if not any(flag == "--recursive" or (flag[1:2] != "-" and "r" in flag.lower()) for flag in flags):
            return
        for word in (word for word in command.words[1:] if not word.text.startswith("-")):
            self._removed(self._directory(command), word, conditional=command.conditional)

    def _removed(self, directory: str, word: Word, *, conditional: bool) -> None:
        pattern = _locate(directory, word.text.rstrip("/") or "/")
        for place, clone in tuple(self.at.items()):
            same = word.text == clone.untold if clone.untold or not word.known else _covers(pattern, place)
            elsewhere = word.known and not pattern.startswith("/") and _covers(f"*/{pattern}", f"/{basename(place)}")
            if same and not conditional:
                del self.at[place]
            elif same or elsewhere:
                self.at[place] = replace(clone, perhaps=True)

    def move(self, command: Command) -> None:
        """``mv directory target``."""
        operands = [word for word in command.words[1:] if not word.text.startswith("-")]
        if len(operands) != 2 or not all(word.known for word in operands):
            return
        source, target = (_locate(self._directory(command), word.text.rstrip("/") or "/") for word in operands)
        if operands[1].text.endswith("/") or operands[1].text in (".", ".."):
            target = _locate(target, basename(source))
        for place in [p for p in self.at if f"{p}/".startswith(f"{source}/")]:
            clone = self.at.pop(place)
            moved = target + place[len(source) :]
            self.at[moved] = replace(clone, place=moved, perhaps=clone.perhaps or command.conditional)

    def _skip(self, what: str, reason: str, origin: Origin, *, incomplete: bool = True) -> None:
        self.skipped.append(Skipped(what, reason, origin, incomplete))


def clones_of(commands: Iterable[Command]) -> Clones:
    """The clones that commands leave."""
    clones = Clones()
    for command in commands:
        clones.run(command)
    return clones


def _placed(origin: Origin, command: Command) -> Origin:
    """The place of a command, which shows it as it came to be, unless the text that stands there is known."""
    return replace(origin, text=quoted(origin.text or " ".join(word.text for word in command.words)))


def _branch(asked: Word | None) -> tuple[str, str]:
    """What ``--branch`` names: a branch or a tag, and never a commit."""
    if asked is None:
        return DEFAULT, ""
    return (asked.text if asked.known and is_name(asked.text) else UNTOLD), ""


def _reference(word: Word) -> tuple[str, str]:
    """A revision as a name or a commit."""
    text = word.text
    for ending in _SELF:
        text = text.removesuffix(ending)
    for prefix in _REMOTE_PREFIXES:
        text = text.removeprefix(prefix)
    if word.known and (is_commit(text.lower()) or is_abbreviated(text.lower())):
        return "", text.lower()
    return (text if word.known and is_name(text) else UNTOLD), ""


def _onto(clone: Clone, word: Word) -> Clone:
    """A clone after its checkout of a revision."""
    text = word.text
    if word.known and text in ("HEAD", "@"):
        return clone
    if word.known and text == _FETCHED:
        name, commit = _reference(Word(clone.fetched)) if clone.fetched else (UNTOLD, "")
    else:
        name, commit = _reference(word)
    return replace(clone, name=name, commit=commit)


def _checkout(clone: Clone, call: GitCall) -> Clone:
    """``git checkout REVISION``; with paths behind it only files change."""
    if "--orphan" in call.options:
        return replace(clone, name=UNTOLD, commit="")
    if call.paths or len(call.operands) != 1 or call.operands[0].text == ".":
        return clone
    return _onto(clone, call.operands[0])


def _reset(clone: Clone, call: GitCall) -> Clone:
    """``git reset [--hard] [REVISION]``: HEAD moves in every case."""
    return _onto(clone, call.operands[0]) if len(call.operands) == 1 and not call.paths else clone


def _fetch(clone: Clone, call: GitCall) -> Clone:
    """``git fetch REMOTE REVISION``: nothing moves but FETCH_HEAD."""
    package = clone.package
    if package is None and call.operands:
        package = _package(call.operands[0])
    revision = call.operands[1] if len(call.operands) == 2 else _NOWHERE
    fetched = revision.text.removeprefix("+").partition(":")[0] if revision.known else ""
    return replace(clone, package=package, fetched=fetched)


def _remote(clone: Clone, call: GitCall) -> Clone:
    """``git remote add origin URL`` and ``set-url``."""
    words = call.operands
    if len(words) != 3 or words[0].text not in ("add", "set-url") or words[1].text != "origin":
        return clone
    return replace(clone, package=_package(words[2]))


def _package(word: Word) -> Package | None:
    try:
        return repository(word.text) if word.known else None
    except RepositoryUrlError:
        return None


def _moved(clone: Clone, call: GitCall) -> Clone:
    """Commits of its own, or of another branch."""
    return replace(clone, name=UNTOLD, commit="")


def _locate(directory: str, path: str) -> str:
    """A path as seen from a directory, which may not be known."""
    if path.startswith("/"):
        return "/" + normpath(path).lstrip("/")
    if path.startswith("~"):
        return path
    return "/" + normpath(f"{directory}/{path}").lstrip("/") if directory else normpath(path)


def _covers(pattern: str, place: str) -> bool:
    """Whether removing what matches a pattern removes a place."""
    parts, depth = place.split("/"), pattern.count("/") + 1
    return len(parts) >= depth and (fnmatchcase("/".join(parts[:depth]), pattern) or pattern == "/")


_GIT: Mapping[str, Callable[[Clone, GitCall], Clone]] = {
    "checkout": _checkout,
    "switch": _checkout,
    "reset": _reset,
    "fetch": _fetch,
    "remote": _remote,
    **dict.fromkeys(_MOVES, _moved),
}
_SHELL: Mapping[str, Callable[[Clones, Command], None]] = {
    "pushd": Clones.push,
    "popd": Clones.pop,
    "rm": Clones.remove,
    "mv": Clones.move,
}
