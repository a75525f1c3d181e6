from __future__ import annotations

from pathlib import Path

import pytest

from resolvers.maven.repository_places import own_places


def test_only_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_places({}) == ()
    (tmp_path / ".m2" / "repository").mkdir(parents=True)
    (tmp_path / ".gradle" / "caches" / "modules-2").mkdir(parents=True)
    assert own_places({}) == (str(tmp_path / ".m2" / "repository"), str(tmp_path / ".gradle"))
    assert own_places({"GRADLE_USER_HOME": str(tmp_path / "elsewhere")}) == (str(tmp_path / ".m2" / "repository"),)
