"""RPM packages made for a test by Debian's rpmbuild."""

from __future__ import annotations

import subprocess
from pathlib import Path


def run(*command: str | Path) -> str:
    """What a tool prints; its errors fail the test."""
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


def rpmbuild(folder: Path, spec: str) -> list[Path]:
    """The packages that a spec builds, sorted by name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "made.spec"
    path.write_text(spec)
    top = folder / "top"
    run("rpmbuild", "-bb", "--define", f"_topdir {top}", "--define", "_build_id_links none", path)
    return sorted(top.rglob("*.rpm"), key=lambda rpm: rpm.name)
