"""A package index on disk: a PEP 503 folder of stub wheels that any installer can resolve against.

``frozen()`` reads what ``fixtures/freeze.py`` kept of a registry; random universes for property
tests are made of the same ``Distribution`` values.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import json
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path

import msgspec
from packaging.utils import canonicalize_name
from packaging.version import Version

FROZEN = Path(__file__).parent.parent / "fixtures" / "pypi" / "index"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Distribution:
    """One version of a distribution: its core metadata and the kinds of files that exist.

    ``tags`` are the wheels' compatibility tags (PEP 425), empty for a source distribution only.
    ``dynamic``: only a build of the source distribution tells its requirements (PEP 643).
    """

    name: str
    version: str
    requires_dist: tuple[str, ...] = ()
    requires_python: str = ""
    tags: tuple[str, ...] = ("py3-none-any",)
    sdist: bool = False
    dynamic: bool = False
    yanked: bool = False

    @property
    def project(self) -> str:
        """The normalised name (PEP 503)."""
        return str(canonicalize_name(self.name))

    @property
    def stem(self) -> str:
        """Name and version as file names begin (PEP 427, PEP 625)."""
        return f"{self.project.replace('-', '_')}-{Version(self.version)}"

    @property
    def metadata(self) -> str:
        """Core metadata, with every extra that a marker mentions; static (2.2 and later) unless dynamic."""
        fields = [("Metadata-Version", "2.1" if self.dynamic else "2.4")]
        fields += [("Name", self.name), ("Version", self.version)]
        fields += [("Requires-Python", self.requires_python)] if self.requires_python else []
        fields += [("Provides-Extra", extra) for extra in sorted(set(_extras(self.requires_dist)))]
        fields += [("Requires-Dist", requirement) for requirement in self.requires_dist]
        return "".join(f"{key}: {value}\n" for key, value in fields)

    def files(self) -> dict[str, bytes]:
        """The stub files by name."""
        wheels = {f"{self.stem}-{tag}.whl": self._wheel(tag) for tag in self.tags}
        return wheels | ({f"{self.stem}.tar.gz": self._source()} if self.sdist else {})

    def _wheel(self, tag: str) -> bytes:
        wheel = f"Wheel-Version: 1.0\nGenerator: fixtures\nRoot-Is-Purelib: true\nTag: {tag}\n"
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in (("METADATA", self.metadata), ("WHEEL", wheel), ("RECORD", "")):
                archive.writestr(zipfile.ZipInfo(f"{self.stem}.dist-info/{name}", _EPOCH), text)
        return buffer.getvalue()

    def _source(self) -> bytes:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            content = self.metadata.encode()
            member = tarfile.TarInfo(f"{self.stem}/PKG-INFO")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        return gzip.compress(buffer.getvalue(), mtime=0)


def _extras(requirements: Iterable[str]) -> Iterable[str]:
    for requirement in requirements:
        _, *mentions = requirement.replace('"', "'").split("extra == '")
        yield from (mention.partition("'")[0] for mention in mentions)


def build_index(target: Path, distributions: Iterable[Distribution]) -> Path:
    """Write an index under ``target`` and return its PEP 503 root.

    The folder is named after the content, so the same distributions are written once; processes
    that race leave one complete folder.
    """
    ordered = _ordered(distributions)
    root = target / _digest(ordered) / "simple"
    if root.exists():
        return root
    target.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=target))
    for project, versions in groupby(ordered, key=lambda d: d.project):
        _write_project(draft / "simple" / project, versions)
    try:
        draft.rename(root.parent)
    except OSError:
        # Another process was first; its folder has the same content.
        shutil.rmtree(draft)
    return root


def _write_project(folder: Path, versions: Iterable[Distribution]) -> None:
    folder.mkdir(parents=True)
    links = []
    for distribution in versions:
        attributes = f' data-requires-python="{html.escape(distribution.requires_python)}"'
        attributes += ' data-yanked=""' if distribution.yanked else ""
        for name, content in distribution.files().items():
            (folder / name).write_bytes(content)
            links.append(f'<a href="{name}"{attributes}>{name}</a><br/>\n')
    (folder / "index.html").write_text(f"<!DOCTYPE html>\n<html><body>\n{''.join(links)}</body></html>\n")


def _ordered(distributions: Iterable[Distribution]) -> list[Distribution]:
    return sorted(set(distributions), key=lambda d: (d.project, Version(d.version)))


def _digest(ordered: list[Distribution]) -> str:
    own = hashlib.sha256(Path(__file__).read_bytes())
    own.update(repr(ordered).encode())
    return own.hexdigest()[:20]


def load_distributions(file: Path) -> tuple[Distribution, ...]:
    """Distributions of a JSON-lines file, one version a line, fields at their default left out."""
    decoder = msgspec.json.Decoder(Distribution)
    return tuple(decoder.decode(line) for line in file.read_text().splitlines())


def save_distributions(file: Path, distributions: Iterable[Distribution]) -> None:
    """The inverse of ``load_distributions``, sorted by name and version."""
    file.write_text("".join(json.dumps(_record(d), ensure_ascii=False) + "\n" for d in _ordered(distributions)))


def _record(distribution: Distribution) -> dict[str, object]:
    blank = asdict(Distribution(distribution.name, distribution.version))
    given = asdict(distribution)
    return {k: v for k, v in given.items() if k in ("name", "version") or v != blank[k]}


@cache
def frozen() -> tuple[Distribution, ...]:
    """The versions that the fixture fleets can see: a registry's, kept by ``fixtures/freeze.py``, and
    the invented ones of ``fixtures/invent.py``."""
    return tuple(d for file in sorted(FROZEN.glob("*.jsonl")) for d in load_distributions(file))


@cache
def frozen_index(built: bool = False) -> Path:
    """``frozen()`` as a folder, shared by all processes of this user.

    ``built``: as if every source distribution had been built, so that all metadata is static.
    """
    target = Path(tempfile.gettempdir()) / f"cohabit-fixtures-{os.getuid()}"
    return build_index(target, (replace(d, dynamic=False) for d in frozen()) if built else frozen())
