"""Values made from large files, kept under a name that tells the content, in the user's cache folder.

Several processes may share the folder: a value is written to a file of its own and renamed into place.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

_Value = TypeVar("_Value")
_DIGEST = hashlib.sha256().digest_size
_SUFFIX = ".msgpack"


@dataclass(frozen=True, slots=True)
class ContentCache:
    """A folder of values of one kind; ``folder`` None keeps nothing. Of more than ``most`` the oldest go."""

    folder: Path | None
    most: int = 32

    def get(self, name: str, kind: type[_Value]) -> _Value | None:
        """The value kept under a name; None where there is none, or something else than was written."""
        if self.folder is None:
            return None
        try:
            stored = memoryview((self.folder / f"{name}{_SUFFIX}").read_bytes())
            if hashlib.sha256(stored[_DIGEST:]).digest() != stored[:_DIGEST]:
                return None
            return msgspec.msgpack.decode(stored[_DIGEST:], type=kind)
        except (OSError, msgspec.MsgspecError, RecursionError):
            return None

    def put(self, name: str, value: object) -> None:
        """Keep a value. A folder that cannot be written costs time later, and nothing else."""
        if self.folder is None:
            return
        content = msgspec.msgpack.encode(value)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.folder, suffix=".draft")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(hashlib.sha256(content).digest())
                    stream.write(content)
                Path(draft).replace(self.folder / f"{name}{_SUFFIX}")
                self._forget(self.folder)
            except OSError:
                Path(draft).unlink(missing_ok=True)

    def _forget(self, folder: Path) -> None:
        kept = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[self.most :]:
            path.unlink(missing_ok=True)
