"""Tasks as the commands that would do the same, so that they are read as those of a script are.

Sources: docs.ansible.com, the modules of ``ansible.builtin``: apt, command, dnf, git, shell, yum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.ansible.playbook import Playbook, Task
from resolvers.ansible.template import members, resolved, word
from resolvers.container.build import Build
from resolvers.deployment.yaml_file import Tag, Yaml
from resolvers.shell.command import Command, Word
from resolvers.shell.script import commands as followed
from resolvers.tree import Tree

_PAIR = re.compile(r"([a-z_]+)=(\"[^\"]*\"|'[^']*'|\{\{[^{}]*\}\}[^\s]*|\S*)")
_FALSE = frozenset({"no", "false", "off", "0", "n", "f"})
_ABSENT = frozenset({"absent", "removed"})
_UNKNOWN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_HEAD = "HEAD"


def read_playbook(tree: Tree, path: str) -> Build:
    """What a playbook does. Raises ManifestError where it cannot be read."""
    playbook = Playbook(tree)
    commands = tuple(command for task in playbook.tasks(path) for command in _commands(task))
    return Build(commands=commands, skipped=tuple(playbook.skipped))


@dataclass(frozen=True, slots=True)
class _Call:
    """A task with its arguments by name; ``free`` is the text of a module that takes one."""

    task: Task
    arguments: Mapping[str, Yaml]
    free: Yaml

    def get(self, *names: str) -> Yaml | None:
        """The first of these arguments that is given."""
        return next((self.arguments[name] for name in names if name in self.arguments), None)

    def word(self, *names: str) -> tuple[Word, Origin] | None:
        """An argument as a word, and where it stands."""
        value = self.get(*names)
        return None if value is None or value.is_null else (word(value, self.task.variables), value.origin)

    def says(self, name: str) -> str:
        """A plain argument in small letters; empty where it is not given or not known."""
        found = self.word(name)
        return found[0].text.lower() if found and found[0].known else ""

    def command(self, *words: tuple[Word, Origin]) -> Command:
        """A command that is run as the task is."""
        texts, origins = zip(*words, strict=True)
        return Command(texts, origins, self.task.conditional, "/")

    def plain(self, *texts: str) -> list[tuple[Word, Origin]]:
        """Words that the task does not spell out."""
        return [(Word(text), self.free.origin) for text in texts]


def _commands(task: Task) -> Iterator[Command]:
    made = _MODULES.get(task.module)
    if made is None:
        return
    try:
        yield from made(_call(task))
    except ManifestError:
        return


def _call(task: Task) -> _Call:
    given = task.arguments
    own = task.entry.entries.get("args")
    more = own.entries if own is not None and own.tag is Tag.MAP else {}
    if given.tag is Tag.MAP:
        return _Call(task, {**more, **given.entries}, given)
    pairs = {
        found[1]: replace(given, tag=Tag.STR, text=found[2].strip("\"'")) for found in _PAIR.finditer(given.text[:4000])
    }
    return _Call(task, {**more, **pairs}, given)


def _git(call: _Call) -> Iterator[Command]:
    repository, place, version = call.word("repo", "name"), call.word("dest"), call.word("version")
    if repository is None or place is None or call.says("clone") in _FALSE:
        return
    place_told = version[1] if version is not None else repository[1]
    words = [(Word("git"), place_told), (Word("clone"), place_told)]
    words += call.plain("--bare") if call.says("bare") in ("yes", "true", "1", "on") else []
    if version is not None and version[0].text != _HEAD:
        words += [*call.plain("--revision"), version]
    yield call.command(*words, *call.plain("--"), repository, place)


def _installing(tool: str) -> Callable[[_Call], Iterator[Command]]:
    def read(call: _Call) -> Iterator[Command]:
        names = call.get("name", "pkg", "package", "deb")
        if names is None:
            return
        packages = [(word(name, call.task.variables), name.origin) for name in members(names, call.task.variables)]
        packages = [found for found in packages if found[0].text != "*" and not found[0].text.startswith("-")]
        if packages:
            action = "remove" if call.says("state") in _ABSENT else "install"
            yield call.command(*call.plain(tool, action, "-y"), *packages)

    return read


def _shell(call: _Call) -> Iterator[Command]:
    text = call.get("cmd") or (call.free if call.free.is_scalar else None)
    if text is None or not text.is_scalar:
        return
    found = resolved(text, call.task.variables)
    script = found.text if found is not None and found.is_scalar else _UNKNOWN.sub("$unknown", text.text)
    for command in followed(script, text.origin.file, max(text.origin.line, 1)).commands:
        yield replace(
            command,
            origins=(text.origin,) * len(command.words),
            conditional=command.conditional or call.task.conditional,
        )


_MODULES: Mapping[str, Callable[[_Call], Iterator[Command]]] = {
    "git": _git,
    "apt": _installing("apt-get"),
    "dnf": _installing("dnf"),
    "dnf5": _installing("dnf"),
    "yum": _installing("yum"),
    "shell": _shell,
    "command": _shell,
}
