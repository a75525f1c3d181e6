from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import ManifestError
from analyzer.service import Service
from resolvers.container.containerfile import read_recipe
from resolvers.container.reading_once import reading_once
from resolvers.gathering import Job, gather_one
from resolvers.registry import gatherers
from resolvers.seam import Recipe, Wish
from resolvers.tree import Tree


class Counting(Tree):
    """Counts how often each file is read."""

    read: dict[str, int]

    def read_text(self, path: str) -> str:
        self.read[path] = self.read.get(path, 0) + 1
        return super().read_text(path)


def counting(root: Path) -> Counting:
    tree = Counting(root)
    object.__setattr__(tree, "read", {})
    return tree


@pytest.mark.parametrize("text", ["FROM debian:12\nRUN apt-get install -y curl\n", "no Dockerfile"])
def test_a_recipe_is_read_once(tmp_path: Path, text: str) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    tree, recipe = counting(tmp_path), Recipe("Dockerfile", "")

    def outcome() -> object:
        try:
            return read_recipe(tree, recipe)
        except ManifestError as error:
            return str(error)

    with reading_once():
        assert outcome() == outcome()
    assert tree.read == {"Dockerfile": 1}
    assert outcome() == outcome()
    assert tree.read == {"Dockerfile": 3}


def test_what_is_kept_ends_with_the_service(tmp_path: Path) -> None:
    def names() -> set[str]:
        found = gather_one(gatherers(), Job(tmp_path, Service("a", ""), Wish()))
        return {r.package.name for s in found.sets for r in s.requirements}

    (tmp_path / "Dockerfile").write_text("FROM debian:12\nRUN apt-get install -y curl\n")
    assert names() == {"curl"}
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nRUN apt-get install -y wget\n")
    assert names() == {"wget"}
