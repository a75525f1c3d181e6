"""Procfiles (Heroku, "The Procfile")."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deployment.procfile import read_procfile
from tests.hostile import EXAMPLES
from tests.resolvers.deployment.tree_of import tree_of

TEXT = """# comment
release: python manage.py migrate
web: gunicorn app:app --bind https://user:secret@index.example

worker: celery -A app worker
not a process
web: again
"""


@pytest.mark.parametrize(("folder", "names"), [("", ["web", "worker"]), ("api", ["api/web", "api/worker"])])
def test_process_types_share_a_slug(tmp_path: Path, folder: str, names: list[str]) -> None:
    found = read_procfile(tree_of(tmp_path, {f"{folder}/Procfile".lstrip("/"): TEXT}), folder).deployed
    assert [(s.name, s.folder, s.origin.line) for s in found] == [(names[0], folder, 3), (names[1], folder, 5)]
    assert len({s.root for s in found}) == 1
    assert "secret" not in found[0].origin.text


def test_a_single_type_is_its_folder(tmp_path: Path) -> None:
    (found,) = read_procfile(tree_of(tmp_path, {"api/Procfile": "web: x\nrelease: y\n"}), "api").deployed
    assert (found.name, found.notes) == ("api", ())


@given(st.binary() | st.text("web: \nx", max_size=50).map(str.encode))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_bytes_are_read_or_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    root = tmp_path_factory.getbasetemp() / "any-procfile"
    root.mkdir(exist_ok=True)
    (root / "Procfile").write_bytes(content)
    read_procfile(tree_of(root, {}), "")
