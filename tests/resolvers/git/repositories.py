"""Repositories made by git itself, which is the judge of what is read of them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "someone",
    "GIT_AUTHOR_EMAIL": "someone@git.example",
    "GIT_COMMITTER_NAME": "someone",
    "GIT_COMMITTER_EMAIL": "someone@git.example",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
}


@dataclass(frozen=True)
class Made:
    """A checkout at ``path``."""

    path: Path

    def git(self, *arguments: str) -> str:
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = ["git", "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main", *arguments]
        done = subprocess.run(command, cwd=self.path, env=own | QUIET, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, message: str = "change", **files: str) -> str:
        """Write files (``__`` stands for ``/``), commit everything; its hash."""
        for name, content in files.items():
            file = self.path / name.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def made(path: Path, *options: str) -> Made:
    path.mkdir(parents=True, exist_ok=True)
    repository = Made(path)
    repository.git("init", "-q", *options)
    return repository
