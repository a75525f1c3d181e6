"""Answers of oracles, kept by the content of the question in the user's cache folder.

Several processes may share the folder: an entry is written to a file of its own and renamed into
place, so that a reader sees a whole entry or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIMIT = 8 * 2**20


@dataclass(frozen=True, slots=True)
class AnswerCache:
    """A folder of answers; ``folder`` None keeps nothing."""

    folder: Path | None

    def get(self, question: Any) -> Any | None:
        """The answer kept for a JSON-like question; None if there is none that can be read."""
        path = self._path(question)
        try:
            if path is None or path.stat().st_size > _LIMIT:
                return None
            entry = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        # The question is kept beside the answer: a collision or a foreign file is no answer.
        return entry.get("answer") if isinstance(entry, dict) and entry.get("question") == question else None

    def put(self, question: Any, answer: Any) -> None:
        """Keep an answer. A folder that cannot be written costs time later, and nothing else."""
        path = self._path(question)
        if path is None:
            return
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump({"question": question, "answer": answer}, stream)
                Path(draft).replace(path)
            except OSError:
                Path(draft).unlink(missing_ok=True)

    def _path(self, question: Any) -> Path | None:
        if self.folder is None:
            return None
        digest = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()
        return self.folder / digest[:2] / f"{digest[2:]}.json"
