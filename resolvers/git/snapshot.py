"""The files of one revision, written to a folder from the object store alone.

Nothing of git's is run: no hook, no filter, no configuration counts. The store is read in a process of its own with
bounds, since its packs may be made to hurt. Submodules stay empty, as in a plain clone, and files that Git LFS keeps
elsewhere are pointers to it; which these are is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from os import fsdecode, fsencode
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from dulwich.index import Index, IndexEntry
from dulwich.object_format import SHA1, SHA256
from dulwich.object_store import DiskObjectStore
from dulwich.objects import ObjectID, Tree

from analyzer.errors import CohabitError, ManifestError
from resolvers import tree as files
from resolvers.git.checkout import references
from resolvers.git.git_config import parse_git_config
from resolvers.git.revision import Revisions
from resolvers.tree import join
from resolvers.workers import Limits, Lost, Workers

GIT = ".git"
BYTES = 2 * 2**30
"""Of all files of a revision together."""
ENTRIES = 500_000
"""Files and folders of a revision."""
DEEPEST = 200
SECONDS = 300.0
MEMORY = 4 * 2**30
"""Address space, packs that are mapped into it apart."""

SUBMODULE = 0o160000
"""The mode of an entry that is a commit of another repository."""
_LINE = 4096
_PARTIAL = (
    "files of it were left out of this clone, which is a partial one; clone without --filter, or fetch them with "
    "git archive -o /dev/null and its name"
)
_POINTER = b"version https://git-lfs.github.com/spec/"
_POINTER_SIZE = 1024
"""A pointer is smaller, and begins so (Git LFS Specification, "The Pointer")."""


class RepositoryError(CohabitError):
    """A folder that is in no repository, or a repository or revision of it that cannot be read."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a checkout keeps what: ``work`` is its top folder, ``own`` holds HEAD and the index, ``common`` the
    objects and references (the same, but for worktrees)."""

    work: Path
    own: Path
    common: Path


@dataclass(frozen=True, slots=True)
class Wanted:
    """``folder`` of a repository (relative, ``""`` for all of it) at a revision, to be written into ``target``,
    which is empty."""

    repository: Repository
    revision: str
    folder: str
    target: Path


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the files of a commit (its full hash), but for what is not in the store: ``submodules`` stayed
    empty, ``pointers`` stand for files that Git LFS keeps. Paths are relative to the folder that was asked for."""

    commit: str
    submodules: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a revision was not written."""

    reason: str


def repository_of(folder: Path) -> Repository:
    """The repository whose checkout a folder lies in. Raises RepositoryError."""
    try:
        real = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise RepositoryError(f"{folder} cannot be followed") from error
    for place in (real, *real.parents):
        if (own := _own_folder(place)) is not None:
            return Repository(place, own, _common_folder(own))
    raise RepositoryError(f"{folder} is in no git checkout")


def _own_folder(place: Path) -> Path | None:
    git = place / GIT
    if git.is_dir():
        return git if (git / "HEAD").exists() else None
    if not git.is_file():
        return None
    text = _first_line(git)
    if not text.startswith("gitdir:"):
        raise RepositoryError(f"{git} does not say where the repository is")
    own = (place / text.removeprefix("gitdir:").strip()).resolve()
    if not (own / "HEAD").is_file():
        raise RepositoryError(f"{git} names a repository that is not there")
    return own


def _common_folder(own: Path) -> Path:
    """A worktree shares objects and references (git-worktree(1))."""
    named = _first_line(own / "commondir") if (own / "commondir").is_file() else ""
    common = (own / named).resolve() if named else own
    if not (common / "objects").is_dir():
        raise RepositoryError(f"{common} holds no objects")
    return common


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(_LINE).decode().strip().partition("\n")[0]
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise RepositoryError(f"{file} cannot be read") from error


def write_revision(wanted: Wanted) -> Written:
    """Write the files. Raises RepositoryError."""
    packs = (wanted.repository.common / "objects" / "pack").glob("*.*")
    limits = Limits(SECONDS, MEMORY + sum(pack.stat().st_size for pack in packs if pack.is_file()))
    with Workers[Wanted, Written | Refusal](_written, 1, limits, shun=[wanted.repository.work]) as workers:
        (result,) = workers.map([wanted])
    if isinstance(result, Lost | Refusal):
        raise RepositoryError(result.reason)
    return result


def _written(wanted: Wanted) -> Written | Refusal:
    try:
        return _write(wanted)
    except ManifestError as error:
        return Refusal(f"{error.origin}: {error.reason}")
    except CohabitError as error:
        return Refusal(str(error))
    except MemoryError:
        raise
    except Exception as error:  # what dulwich raises on a damaged object depends on the damage
        return Refusal(f"an object that it needs is missing or broken ({type(error).__name__})")


def _write(wanted: Wanted) -> Written:
    repository = wanted.repository
    common = files.Tree(repository.common)
    settings = tuple(parse_git_config(common.read_text("config") if common.exists("config") else "", "config"))
    named = {(s.section, s.key): s.value.lower() for s in settings}
    if named.get(("extensions", "refstorage"), "files") != "files":
        raise RepositoryError(f"references of the kind {named['extensions', 'refstorage']} cannot be read")
    wide = named.get(("extensions", "objectformat")) == "sha256"
    store = DiskObjectStore(str(repository.common / "objects"), object_format=SHA256 if wide else SHA1)
    shallow = common.exists("shallow")
    revisions = Revisions(files.Tree(repository.own), dict(references(common, "")), store, shallow)
    commit = revisions.commit(wanted.revision)
    writing = _Writing(store, wanted.target)
    try:
        writing.write(commit.tree.decode(), wanted.folder)
    except KeyError as error:
        if not any(s.key == "promisor" and s.value.lower() == "true" for s in settings):
            raise
        raise RepositoryError(_PARTIAL) from error
    sha = str(commit.id.decode())
    if not wanted.folder:
        _write_own_folder(wanted, sha, writing.submodules)
    return Written(sha, tuple(sorted(writing.submodules)), tuple(sorted(writing.pointers)))


@dataclass
class _Writing:
    """Trees of a store becoming files below ``target``."""

    store: DiskObjectStore
    target: Path
    size: int = 0
    entries: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)
    submodules: dict[str, str] = field(default_factory=dict)
    pointers: list[str] = field(default_factory=list)

    def write(self, tree: str, folder: str) -> None:
        """Write what a tree object holds in one of its folders. Links are made last: nothing is written through
        them, and those that lead out of the folder are left out."""
        for part in folder.split("/") if folder else ():
            tree = self._inner(tree, part, folder)
        pending = [(tree, "", 0)]
        while pending:
            sha, path, depth = pending.pop()
            pending += self._listed(sha, path, depth)
        for path, text in self.links:
            with suppress(OSError, ValueError):
                (self.target / path).symlink_to(text)

    def _inner(self, tree: str, part: str, folder: str) -> str:
        for name, mode, sha in self._items(tree):
            if name == part and S_ISDIR(mode):
                return sha
        raise RepositoryError(f"there is no folder {folder}")

    def _items(self, tree: str) -> Iterator[tuple[str, int, str]]:
        found = self.store[ObjectID(tree.encode())]
        if not isinstance(found, Tree):
            raise RepositoryError(f"{tree} is no tree")
        for entry in found.iteritems():
            yield fsdecode(entry.path), entry.mode, entry.sha.decode()

    def _listed(self, tree: str, path: str, depth: int) -> Iterator[tuple[str, str, int]]:
        """Write the files of one folder; the folders in it."""
        if depth > DEEPEST:
            raise RepositoryError(f"has folders more than {DEEPEST} deep")
        for name, mode, sha in self._items(tree):
            self.entries += 1
            if self.entries > ENTRIES:
                raise RepositoryError(f"has more than {ENTRIES} files")
            if not _is_name(name):
                raise RepositoryError(f"has a file called {name!r}")
            inner = f"{path}/{name}" if path else name
            if S_ISDIR(mode):
                (self.target / inner).mkdir()
                yield sha, inner, depth + 1
            else:
                self._file(inner, mode, sha)

    def _file(self, path: str, mode: int, sha: str) -> None:
        if mode == SUBMODULE:
            (self.target / path).mkdir()
            self.submodules[path] = sha
            return
        content = self.store[ObjectID(sha.encode())].as_raw_string()
        self.size += len(content)
        if self.size > BYTES:
            raise RepositoryError(f"has more than {BYTES // 2**30} GiB of files")
        if S_ISLNK(mode):
            self._link(path, content)
        else:
            if len(content) < _POINTER_SIZE and content.startswith(_POINTER):
                self.pointers.append(path)
            with (self.target / path).open("xb") as stream:
                stream.write(content)

    def _link(self, path: str, content: bytes) -> None:
        text = fsdecode(content)
        # One that leads out would show the machine's own files as those of the revision.
        with suppress(ManifestError):
            join(path.rpartition("/")[0], text)
            self.links.append((path, text))


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and name.lower() != GIT and not {"/", "\0"} & set(name) and len(name) < 256


def _write_own_folder(wanted: Wanted, commit: str, submodules: dict[str, str]) -> None:
    """What tells of the checkout itself: its commit, its remotes, and the commits of its submodules."""
    own = wanted.target / GIT
    own.mkdir()
    (own / "HEAD").write_text(f"{commit}\n")
    config = wanted.repository.common / "config"
    if config.is_file():
        (own / "config").write_bytes(files.Tree(wanted.repository.common).read_bytes("config"))
    index = Index(str(own / "index"), read=False)
    for path, sha in submodules.items():
        index[fsencode(path)] = IndexEntry(0, 0, 0, 0, SUBMODULE, 0, 0, 0, ObjectID(sha.encode()))
    index.write()
