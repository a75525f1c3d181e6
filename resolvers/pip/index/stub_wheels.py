"""Wheels that hold nothing but metadata, for releases that only a build would make installable.

A resolver that may not build passes over a release without a usable wheel. A stub beside the index
(``--find-links``) tells it what the release requires.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from packaging.version import Version

from analyzer.service import Platform
from resolvers.answer_cache import AnswerCache
from resolvers.credentials import without_credentials
from resolvers.download import DownloadError
from resolvers.pip.index.release import Release, admits, cutoff, usable, wheelless_releases
from resolvers.pip.index.release_metadata import Learned, learn
from resolvers.pip.index.simple_index import SimpleIndex

NEWEST = 30
"""Releases of a package whose metadata is looked for."""

_RELEASES = 5000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WHEEL = "Wheel-Version: 1.0\nGenerator: cohabit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_UNSEEN = "its metadata was not looked at, since other versions come first"


@dataclass(frozen=True, slots=True)
class Stubs:
    """Stub wheels of one package for one target, as two folders for ``--find-links``.

    ``folder`` holds one for each of the ``known`` versions, with its true requirements; ``optimistic``
    one for each of the ``opaque`` versions (each with the reason), which requires nothing. Together
    they have every version that could be installed if it were built. Both folders are named after
    their content, and None where they would be empty.
    """

    known: frozenset[str] = frozenset()
    folder: Path | None = None
    opaque: Mapping[str, str] = field(default_factory=dict)
    optimistic: Path | None = None


@dataclass
class StubWheels:
    """Makes stub wheels in ``folder``; what was learned as of a day that is over is kept in ``cache``.

    ``content`` tells apart the states of a local index. Several processes may share both folders.
    """

    index: SimpleIndex
    folder: Path
    cache: AnswerCache
    content: str = ""
    _learned: dict[tuple[str, Release], Learned] = field(default_factory=dict)
    _made: dict[tuple[str, Platform, str], Stubs | None] = field(default_factory=dict)

    def of(self, package: str, target: Platform, constraint: str = "") -> Stubs | None:
        """The stubs of ``package`` (normalised name) for ``target``, whose ``python`` is given.

        Versions that ``constraint`` (PEP 440) admits are the ones to learn about. None where not
        every release can be told: the index or the folder cannot be used, or there are too many.
        """
        key = (package, target, constraint)
        if key not in self._made:
            try:
                self._made[key] = self._make(*key)
            except (DownloadError, OSError, ValueError):
                self._made[key] = None
        return self._made[key]

    def _make(self, package: str, target: Platform, constraint: str) -> Stubs:
        before = cutoff(self.index.index.exclude_newer)
        question = self._question(package, target, constraint, before)
        facts = _kept(self.cache.get(question))
        if facts is None:
            facts = self._find(package, self._releases(package, target, constraint, before), constraint)
            if facts.lasting and before is not None and before <= datetime.now(UTC):
                self.cache.put(question, {"known": facts.known, "opaque": facts.opaque})
        bare = {version: _bare(package, version) for version in facts.opaque}
        return Stubs(
            frozenset(facts.known), self._write(package, facts.known), facts.opaque, self._write(package, bare)
        )

    def _question(self, package: str, target: Platform, constraint: str, before: datetime | None) -> dict[str, Any]:
        return {
            "stubs of": package,
            "index": self.index.index.public_url,
            "find_links": [without_credentials(place) for place in self.index.index.find_links],
            "content": self.content,
            "before": before.isoformat() if before else "",
            "target": [target.python, target.os, target.arch],
            "constraint": constraint,
        }

    def _releases(
        self, package: str, target: Platform, constraint: str, before: datetime | None
    ) -> tuple[Release, ...]:
        listed, flat = self.index.files(package)
        files = [file for file in listed if usable(file, target.python, before, constraint)]
        # uv holds the files of flat places for old, for want of a date.
        files += [file for file in flat if usable(file, target.python, None, constraint)]
        releases = wheelless_releases(files, target)
        if len(releases) > _RELEASES:
            raise DownloadError(f"it has more than {_RELEASES} releases", lasting=True)
        return releases

    def _find(self, package: str, releases: Sequence[Release], constraint: str) -> _Facts:
        chosen = _chosen(releases, constraint)
        new = [release for release in chosen if (package, release) not in self._learned]
        for release, learned in zip(new, learn(self.index, new), strict=True):
            self._learned[package, release] = learned
        facts = _Facts({}, {release.version: _UNSEEN for release in releases})
        for release in chosen:
            learned = self._learned[package, release]
            if learned.metadata is not None:
                facts.known[release.version] = learned.metadata
                del facts.opaque[release.version]
            else:
                facts.opaque[release.version] = learned.reason
        return replace(facts, lasting=all(self._learned[package, release].lasting for release in chosen))

    def _write(self, package: str, metadata: Mapping[str, str]) -> Path | None:
        """The folder with a stub of each version; processes that race leave one complete folder."""
        if not metadata:
            return None
        digest = hashlib.sha256(json.dumps([package, metadata], sort_keys=True).encode()).hexdigest()
        folder = self.folder / digest[:2] / digest[2:]
        if folder.is_dir():
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder.parent))
        try:
            for version, text in metadata.items():
                name, content = stub_wheel(package, version, text)
                (draft / name).write_bytes(content)
            draft.rename(folder)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            if not folder.is_dir():
                raise
        return folder


@dataclass(frozen=True, slots=True)
class _Facts:
    known: dict[str, str]
    opaque: dict[str, str]
    lasting: bool = True


def _kept(answer: Any) -> _Facts | None:
    """The facts in a cached answer; None where it is none or was tampered with."""
    try:
        facts = msgspec.convert(answer, _Facts)
        sound = all(str(Version(version)) == version for version in (*facts.known, *facts.opaque))
    except ValueError:
        return None
    return facts if sound else None


def _chosen(releases: Sequence[Release], constraint: str) -> list[Release]:
    """The releases to learn about: the newest of those without any wheel that fits, and of these only
    what the constraint admits if it admits some."""
    plain = [release for release in releases if not release.doubtful]
    wanted = [release for release in plain if admits(constraint, release.version)]
    return sorted(wanted or plain, key=lambda release: Version(release.version), reverse=True)[:NEWEST]


def stub_wheel(package: str, version: str, metadata: str) -> tuple[str, bytes]:
    """File name and content of the wheel (PEP 427) of a release that holds ``metadata`` and no code.

    ``package`` and ``version`` are normalised.
    """
    stem = f"{package.replace('-', '_')}-{version}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in (("METADATA", metadata), ("WHEEL", _WHEEL), ("RECORD", "")):
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/{name}", _EPOCH), text)
    return f"{stem}-py3-none-any.whl", buffer.getvalue()


def _bare(package: str, version: str) -> str:
    return f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
