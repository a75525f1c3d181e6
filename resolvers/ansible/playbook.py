"""Playbooks and roles as a sequence of tasks (docs.ansible.com, "Playbook Keywords", "Roles")."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.ansible.template import Variables, members, word
from resolvers.deployment.yaml_file import Tag, Yaml, read_yaml
from resolvers.tree import Tree, join

DEPTH_LIMIT = 20
"""How deep blocks, roles and included files may lie in one another."""
TASKS_LIMIT = 5_000
"""Tasks of one playbook, those of loops counted each time."""

SNIFFED_FILES = 200
"""YAML files of one folder that are looked into."""

_SNIFFED = 64 * 1024
_SECTIONS = ("pre_tasks", "roles", "tasks", "post_tasks", "handlers")
_BLOCK = ("block", "rescue", "always")
_LOOPS = ("loop", "with_items", "with_list", "with_flattened")
_TASKS = frozenset({"import_tasks", "include_tasks", "include"})
_ROLES = frozenset({"import_role", "include_role"})
_PLAYBOOK = "import_playbook"
_FIRST = ("main.yml", "main.yaml")


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a module, named without its collection. ``entry`` is the whole task, ``arguments`` what the
    module gets; ``variables`` are those that hold there. ``conditional``: only a run tells whether it is done."""

    module: str
    arguments: Yaml
    entry: Yaml
    variables: Variables
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class _Scope:
    folder: str
    variables: Variables = field(default_factory=dict)
    conditional: bool = False
    depth: int = 0

    def inside(self, entry: Yaml) -> _Scope:
        """What holds in a play, block or task of this scope."""
        own = entry.get("vars")
        variables = {**self.variables, **(own.entries if own.tag is Tag.MAP else {})}
        conditional = self.conditional or not entry.get("when").is_null
        return replace(self, variables=variables, conditional=conditional, depth=self.depth + 1)


@dataclass(slots=True)
class Playbook:
    """Reads tasks from files of a tree. What cannot be followed is in ``skipped``."""

    tree: Tree
    skipped: list[Skipped] = field(default_factory=list)
    left: int = TASKS_LIMIT
    open: set[str] = field(default_factory=set)

    def tasks(self, path: str) -> Iterator[Task]:
        """The tasks of a playbook, or of a file of tasks. Raises ManifestError where it cannot be read."""
        yield from self._file(path, _Scope(posixpath.dirname(path), self._role_variables(path)))

    def _file(self, path: str, scope: _Scope) -> Iterator[Task]:
        if path in self.open or scope.depth > DEPTH_LIMIT:
            return
        self.open.add(path)
        for entry in read_yaml(self.tree, path).list():
            if entry.tag is Tag.MAP:
                is_play = "hosts" in entry.entries or "ansible.builtin.import_playbook" in entry.entries
                yield from (
                    self._play(entry, scope) if is_play or _PLAYBOOK in entry.entries else self._task(entry, scope)
                )
        self.open.discard(path)

    def _play(self, play: Yaml, scope: _Scope) -> Iterator[Task]:
        scope = scope.inside(play)
        for key in (_PLAYBOOK, f"ansible.builtin.{_PLAYBOOK}"):
            if key in play.entries:
                yield from self._included(play.entries[key], scope, play)
        for section in _SECTIONS:
            for entry in play.get(section).members:
                yield from self._role(entry, scope) if section == "roles" else self._task(entry, scope)

    def _task(self, entry: Yaml, scope: _Scope) -> Iterator[Task]:
        if entry.tag is not Tag.MAP or scope.depth > DEPTH_LIMIT:
            return
        scope = scope.inside(entry)
        if _BLOCK[0] in entry.entries:
            for part in _BLOCK:
                inner = replace(scope, conditional=scope.conditional or part == "rescue")
                for task in entry.get(part).members:
                    yield from self._task(task, inner)
            return
        for key, arguments in entry.entries.items():
            module = key.rpartition(".")[2] if key.startswith(("ansible.", "community.")) else key
            if module in _TASKS:
                yield from self._included(_argument(arguments, "file"), scope, entry)
            elif module in _ROLES:
                yield from self._role(arguments, scope)
            else:
                yield from self._each(Task(module, arguments, entry, scope.variables, scope.conditional))

    def _each(self, task: Task) -> Iterator[Task]:
        loop = next((task.entry.entries[key] for key in _LOOPS if key in task.entry.entries), None)
        items = [{}] if loop is None else [{"item": item} for item in members(loop, task.variables)]
        for item in items:
            self.left -= 1
            if self.left < 0:
                return
            yield replace(task, variables={**task.variables, **item})

    def _included(self, named: Yaml, scope: _Scope, entry: Yaml) -> Iterator[Task]:
        file = word(named, scope.variables)
        if not file.known:
            self._skip(file.text, "is a file of tasks that only a run tells", entry.origin)
            return
        for folder in (scope.folder, posixpath.join(posixpath.dirname(scope.folder), "tasks")):
            if path := self._path(folder, file.text):
                yield from self._attempt(path, replace(scope, folder=posixpath.dirname(path)))
                return
        self._skip(file.text, "is a file of tasks that is not there", entry.origin)

    def _role(self, named: Yaml, scope: _Scope) -> Iterator[Task]:
        inner = scope.inside(named) if named.tag is Tag.MAP else scope
        chosen = word(_argument(named, "role" if "role" in named.entries else "name"), inner.variables)
        for folder in ("roles", "../roles", "../..", ".."):
            for first in _FIRST if chosen.known else ():
                if path := self._path(scope.folder, f"{folder}/{chosen.text}/tasks/{first}"):
                    variables = {**self._role_variables(path), **inner.variables}
                    here = replace(inner, folder=posixpath.dirname(path), variables=variables, depth=inner.depth + 1)
                    yield from self._attempt(path, here)
                    return
        self._skip(f"role {chosen.text}", "is not in the audited folder", named.origin)

    def _attempt(self, path: str, scope: _Scope) -> Iterator[Task]:
        try:
            yield from self._file(path, scope)
        except ManifestError as error:
            self._skip(path, error.reason, error.origin)

    def _role_variables(self, tasks: str) -> Variables:
        """The defaults of the role that a file of tasks belongs to, and over them its variables."""
        role = posixpath.dirname(posixpath.dirname(tasks))
        found: dict[str, Yaml] = {}
        for folder in ("defaults", "vars") if posixpath.dirname(tasks).endswith("tasks") else ():
            for first in _FIRST:
                found.update(self._mapping(join(role, f"{folder}/{first}")))
        return found

    def _mapping(self, path: str) -> Mapping[str, Yaml]:
        try:
            return read_yaml(self.tree, path).mapping() if self.tree.exists(path) else {}
        except ManifestError as error:
            self._skip(path, error.reason, error.origin)
            return {}

    def _path(self, folder: str, name: str) -> str:
        """A file as seen from a folder; empty where none is there."""
        try:
            path = join(folder, name)
        except ManifestError:
            return ""
        return path if self.tree.exists(path) and not self.tree.is_folder(path) else ""

    def _skip(self, what: str, reason: str, origin: Origin) -> None:
        self.skipped.append(Skipped(what[:200], reason, origin))


def _argument(value: Yaml, name: str) -> Yaml:
    """The argument of a module that takes one thing: the text itself, or an entry of a mapping."""
    return value.entries.get(name, Yaml(Tag.NULL, value.origin)) if value.tag is Tag.MAP else value


def playbooks(tree: Tree, directory: str, folders: Sequence[str] = ("", "ansible", "playbooks")) -> Iterator[str]:
    """The playbooks of a service's folder, and the tasks of the role that it is."""
    for folder in folders:
        place = join(directory, folder)
        for name in list(tree.names(place))[:SNIFFED_FILES] if tree.is_folder(place) else ():
            if name.endswith((".yml", ".yaml")) and is_playbook(tree, path := join(place, name)):
                yield path
    yield from (path for name in _FIRST if tree.exists(path := join(directory, f"tasks/{name}")))


def is_playbook(tree: Tree, path: str) -> bool:
    """Whether a YAML file has plays, by how its lines begin."""
    try:
        head = tree.read_head(path, _SNIFFED)
    except ManifestError:
        return False
    lines = head.splitlines()
    return any(line.startswith((b"- hosts:", b"  hosts:", b"- import_playbook:")) for line in lines)
