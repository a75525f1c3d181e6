"""What the name of a revision stands for, without running git. Source: gitrevisions(7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Commit, ObjectID, ShaFile, Tag

from analyzer.errors import CohabitError
from resolvers.git.checkout import loose_line
from resolvers.tree import Tree

SHORTEST = 4
"""Letters of the shortest hash that names a commit."""
FARTHEST = 100_000
"""Steps back through history."""
CHAIN = 10
"""How many references and tags may stand for one another."""

_EXPRESSION = re.compile(r"(?P<name>[^~^\x00-\x20\x7f]{1,500})(?P<steps>(?:[~^][0-9]{0,6}){0,100})")
_STEP = re.compile(r"([~^])([0-9]*)")
_HASH = re.compile(r"[0-9a-f]{4,64}")
_OWN = re.compile(r"[A-Z][A-Z_]{0,60}")
_RULES = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD", "{}")
_REMOTE = re.compile(r"(?P<remote>[\w][\w.-]*)/(?P<branch>[\w][\w./-]*)", re.ASCII)
_HOSTS = "fetch-depth: 0 (GitHub) or GIT_DEPTH: 0 (GitLab)"


class RevisionError(CohabitError):
    """A revision that the object store does not hold; the text says what would help."""


@dataclass(frozen=True)
class Revisions:
    """The references and objects of one repository.

    ``own`` is the folder of the checkout's own (``HEAD``), ``references`` are those that all its checkouts share.
    ``shallow`` says whether history was cut off when it was cloned.
    """

    own: Tree
    references: Mapping[str, str]
    store: DiskObjectStore
    shallow: bool

    def commit(self, expression: str) -> Commit:
        """The commit that an expression such as ``main``, ``v1.2``, ``HEAD~1``, ``3fa1b2c`` stands for.

        Raises RevisionError.
        """
        found = _EXPRESSION.fullmatch(expression)
        if found is None or "@{" in expression:
            raise RevisionError(f"{expression!r} is no branch, tag, hash, or one of these with ~N or ^N behind it")
        commit = self._peeled(self._named(found["name"]), found["name"])
        for sign, number in _STEP.findall(found["steps"]):
            commit = self._stepped(commit, sign, int(number or "1"), expression)
        return commit

    def _named(self, name: str) -> str:
        name = "HEAD" if name == "@" else name
        if _OWN.fullmatch(name) and (target := self._followed(self._line(name))):
            return target
        for rule in _RULES:
            if target := self._followed(self.references.get(rule.format(name), "")):
                return target
        if _HASH.fullmatch(name):
            return self._abbreviated(name)
        raise RevisionError(f"there is no branch, tag or commit {name!r} here{self._fetching(name)}")

    def _line(self, name: str) -> str:
        # FETCH_HEAD has more behind the hash.
        line = loose_line(self.own, name)
        return line if line.startswith("ref:") else line.partition("\t")[0].partition(" ")[0]

    def _followed(self, text: str) -> str:
        for _ in range(CHAIN):
            if not text.startswith("ref:"):
                break
            text = self.references.get(text.removeprefix("ref:").strip(), "")
        return text if _HASH.fullmatch(text) and len(text) >= 40 else ""

    def _abbreviated(self, name: str) -> str:
        found = sorted({sha.decode() for sha in self.store.iter_prefix(name.encode())})
        commits = [sha for sha in found if len(found) == 1 or isinstance(self._get(sha), Commit | Tag)]
        if not commits:
            raise RevisionError(f"there is no commit {name} here{self._help()}")
        if len(commits) > 1:
            raise RevisionError(f"{name} may be {' or '.join(commits[:3])}")
        return commits[0]

    def _get(self, sha: str) -> ShaFile | None:
        try:
            return self.store[ObjectID(sha.encode())]
        except KeyError:
            return None

    def _peeled(self, sha: str, name: str) -> Commit:
        for _ in range(CHAIN):
            found = self._get(sha)
            if isinstance(found, Commit):
                return found
            if not isinstance(found, Tag):
                break
            sha = found.object[1].decode()
        else:
            found = None
        if found is None:
            raise RevisionError(f"the commit of {name} ({sha}) is not here{self._help()}")
        raise RevisionError(f"{name} is no commit but a {found.type_name.decode()}")

    def _stepped(self, commit: Commit, sign: str, number: int, expression: str) -> Commit:
        if number > FARTHEST:
            raise RevisionError(f"{expression} is more than {FARTHEST} commits back")
        if sign == "^":
            return commit if number == 0 else self._parent(commit, number, expression)
        for _ in range(number):
            commit = self._parent(commit, 1, expression)
        return commit

    def _parent(self, commit: Commit, number: int, expression: str) -> Commit:
        parents = commit.parents
        if len(parents) < number:
            raise RevisionError(f"{expression} is before the first commit" if number == 1 else f"no {expression} here")
        parent = self._get(parents[number - 1].decode())
        if not isinstance(parent, Commit):
            raise RevisionError(f"the commit of {expression} is not here{self._help()}")
        return parent

    def _fetching(self, name: str) -> str:
        """What brings a reference. A clone of one branch, as each shallow one is, has no other of its remote, which
        neither a plain fetch nor a deeper one changes."""
        found = _REMOTE.fullmatch(name)
        if found is None or not self._is_remote(found["remote"]):
            return self._help()
        remote, branch = found.groups()
        depth, hosts = ("--depth=1 ", f", or {_HOSTS}") if self.shallow else ("", "")
        return f"; git fetch {depth}{remote} {branch}:refs/remotes/{name}{hosts} may bring it"

    def _is_remote(self, name: str) -> bool:
        return name == "origin" or any(known.startswith(f"refs/remotes/{name}/") for known in self.references)

    def _help(self) -> str:
        if self.shallow:
            how = f"deepen it (git fetch --unshallow, or {_HOSTS})"
            return f": this clone is a shallow one, which holds its last commits only; {how}"
        return "; git fetch may bring it"
